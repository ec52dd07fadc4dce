"""What is found by searching: metric values, notable changes, definitions and notes on the data, in Spanish."""

from features.text.write import chunks, write

__all__ = ["chunks", "write"]
