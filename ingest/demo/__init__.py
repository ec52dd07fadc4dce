"""Generated businesses: the demo and its peers.

lines = demo.generate(demo.LA_ESPIGA, today)
demo.write_csv(lines, path)          # what a till would export
demo.write_expenses(demo.LA_ESPIGA, lines, path)   # and write_stock: the books beside the sales
demo.targets(lines)                  # the owner's monthly targets
demo.planted(demo.LA_ESPIGA.stories, today)   # what was hidden in it, and when
"""

from ingest.demo.bakery import LA_ESPIGA, peers
from ingest.demo.books import write_expenses, write_stock
from ingest.demo.export import HEADERS, Target, targets, write_csv
from ingest.demo.generate import generate
from ingest.demo.profile import Account, Branch, Product, Profile
from ingest.demo.stories import Planted, Story, planted

__all__ = [
    "HEADERS", "LA_ESPIGA", "Account", "Branch", "Planted", "Product", "Profile", "Story", "Target",
    "generate", "peers", "planted", "targets", "write_csv",
    "write_expenses", "write_stock",
]  # fmt: skip
