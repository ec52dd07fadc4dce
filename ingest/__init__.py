"""Files -> facts: receive, process, undo; what came of it, and the owner's corrections."""

from ingest.books import KINDS as BOOKS
from ingest.books.months import month_of
from ingest.erasing import Erased, erase
from ingest.processing import process, reclassify, remap, undo
from ingest.storing import receive
from ingest.types import Outcome, Progress, RejectedRow, Upload
from ingest.uploads import rejected_rows, upload, uploads

__all__ = [
    "BOOKS",
    "Erased",
    "Outcome",
    "Progress",
    "RejectedRow",
    "Upload",
    "erase",
    "month_of",
    "process",
    "receive",
    "reclassify",
    "rejected_rows",
    "remap",
    "undo",
    "upload",
    "uploads",
]
