"""What the rest of the house sees of a file's way: the upload, its progress, its outcome, the rows set aside."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from core.periods import Period

State = Literal["received", "working", "ready", "failed", "undone"]
Stage = Literal["reading", "mapping", "cleaning", "saving"]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was received and what became of it. `reading` says how it was understood (see `ingest.reading`);
    `known`: these very bytes were there already, so that there is nothing to do."""

    id: UUID
    filename: str
    size_bytes: int
    state: State
    stage: str
    rows_read: int
    accepted: int
    set_aside: int
    already_known: int
    possible_duplicates: int
    first_day: date | None
    last_day: date | None
    layout: str
    reading: dict[str, Any] = field(repr=False)
    error_code: str
    message: str
    created_at: datetime
    finished_at: datetime | None
    known: bool = False

    @property
    def period(self) -> Period | None:
        return Period(self.first_day, self.last_day) if self.first_day and self.last_day else None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the reading of an upload is; whoever asked for it shows or stores it."""

    stage: Stage
    rows_read: int = 0
    accepted: int = 0
    set_aside: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What processing did: the upload as it now stands (`ready`, or `failed` with its message), and the months whose
    facts changed."""

    upload: Upload
    touched: tuple[Period, ...]


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that could not be used: its line in the file, why (a code, and a Spanish sentence), and its text."""

    line: int
    code: str
    reason: str
    raw: str


Report = Callable[[Progress], None]


def silent(progress: Progress) -> None:
    """For callers that show no progress."""
