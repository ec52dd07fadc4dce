"""A view of the figures: what it shows is said by an address (`View`), computed by `features.run` alone (`Table`),
drawn as Vega-Lite and written as CSV, XLSX, PDF or PNG. The panel, exploring and reports are all made of views."""
