"""Files -> facts: receive, process, undo; what came of it, and the owner's corrections."""

from ingest.books import KINDS as BOOKS
from ingest.books.months import month_of
from ingest.cells import cells
from ingest.erasing import Erased, erase
from ingest.merging import readings, row_of, spoken
from ingest.processing import process, reclassify, remap, undo
from ingest.storing import receive
from ingest.types import Outcome, Progress, RejectedRow, Upload
from ingest.uploads import rejected_rows, upload, uploads
from ingest.uploads import tabs_of as tabs

__all__ = [
    "BOOKS",
    "Erased",
    "Outcome",
    "Progress",
    "RejectedRow",
    "Upload",
    "cells",
    "erase",
    "month_of",
    "process",
    "readings",
    "receive",
    "reclassify",
    "rejected_rows",
    "remap",
    "row_of",
    "spoken",
    "tabs",
    "undo",
    "upload",
    "uploads",
]
