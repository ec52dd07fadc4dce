"""What a business keeps besides its sales: expenses and counts of stock. Told apart from sales by their headers, or by
the owner's word."""

from ingest.books.kinds import EXPENSES as _EXPENSES
from ingest.books.kinds import KINDS, MONTHLY, SEVERAL, Kind, recognise, says_day
from ingest.books.months import names_month
from ingest.books.saving import Shelf, remove, save
from ingest.books.sheet import kind_of

EXPENSES = _EXPENSES.id

__all__ = [
    "EXPENSES",
    "KINDS",
    "MONTHLY",
    "SEVERAL",
    "Kind",
    "Shelf",
    "kind_of",
    "names_month",
    "recognise",
    "remove",
    "save",
    "says_day",
]
