"""Reports that people put together from figures, texts and charts: kept, shared, printed and sent on their day.

spec -> (form, templates) -> store -> blocks (by features.run alone) -> files -> schedule -> letter -> sending
"""
