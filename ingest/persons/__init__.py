"""Persons in a company's data: found in facts and files, corrected, kept out of analyses; and known again once erased.

Erasing itself is `ingest.erase`. Text that others keep (chunks, chats) is theirs to clear.
"""

from ingest.persons.files import redact
from ingest.persons.person import Known, Person, masked, of_json, pattern, person, without
from ingest.persons.records import (
    COLUMNS,
    Customer,
    InFile,
    as_goods,
    customers,
    lines,
    object_to,
    rectify,
    stored_files,
)
from ingest.persons.suppression import finder, label_of

__all__ = [
    "COLUMNS",
    "Customer",
    "InFile",
    "Known",
    "Person",
    "as_goods",
    "customers",
    "finder",
    "label_of",
    "lines",
    "masked",
    "object_to",
    "of_json",
    "pattern",
    "person",
    "rectify",
    "redact",
    "stored_files",
    "without",
]
