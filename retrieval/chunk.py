"""What is indexed and what is found: text with the key of the fact that it states."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Chunk:
    """`kind` and `key` identify it within a company; indexing the same key again replaces the text.

    Kinds: metric, insight, definition, quality, benchmark, macro. `href` opens the fact in the pages.
    """

    kind: str
    key: str
    title: str
    text: str
    href: str = ""
    period_start: date | None = None
    period_end: date | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk found, best first; `score` is the fused rank score, comparable within one search only."""

    chunk: Chunk
    score: float
