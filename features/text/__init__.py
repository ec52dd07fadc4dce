"""What is found by searching: metric values, notable changes, definitions and notes on the data, in Spanish."""

from features.text import around
from features.text.write import chunks, replace, write

__all__ = ["around", "chunks", "replace", "write"]
