"""Persons in a company's data: found in facts and files, corrected, kept out of analyses; and known again once erased.

Erasing itself is `ingest.erase`. Text that others keep (chunks, chats) is theirs to clear.
"""

from ingest.persons.files import redact
from ingest.persons.person import Known, Person, masked, of_json, pattern, person, without
from ingest.persons.records import (
    COLUMNS,
    Correction,
    Customer,
    InFile,
    ambiguous,
    as_goods,
    correct,
    customers,
    hold_corrections,
    lines,
    months,
    object_to,
    stored_files,
    widened,
)
from ingest.persons.suppression import finder, label_of

__all__ = [
    "COLUMNS",
    "Correction",
    "Customer",
    "InFile",
    "Known",
    "Person",
    "ambiguous",
    "as_goods",
    "correct",
    "customers",
    "finder",
    "hold_corrections",
    "label_of",
    "lines",
    "masked",
    "months",
    "object_to",
    "of_json",
    "pattern",
    "person",
    "redact",
    "stored_files",
    "widened",
    "without",
]
