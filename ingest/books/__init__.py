"""What a business keeps besides its sales: expenses and counts of stock. Told apart from sales by their headers, or by
the owner's word."""

from ingest.books.kinds import KINDS, Kind, recognise
from ingest.books.saving import remove, save

__all__ = ["KINDS", "Kind", "recognise", "remove", "save"]
