"""The data sets that a company may take away, each declared once, written as CSV or Parquet by the database's COPY."""
