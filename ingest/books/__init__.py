"""What a business keeps besides its sales: expenses and counts of stock. Told apart from sales by their headers, or by
the owner's word."""

from ingest.books.kinds import KINDS, MONTHLY, Kind, recognise
from ingest.books.months import names_month
from ingest.books.saving import remove, save
from ingest.books.sheet import kind_of

__all__ = ["KINDS", "MONTHLY", "Kind", "kind_of", "names_month", "recognise", "remove", "save"]
