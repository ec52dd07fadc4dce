"""How good a search is: the share of questions whose chunk is among the first, and how far up it stands."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.db import Connection
from core.tenancy import Scope
from retrieval.find import Way, search

WAYS: dict[str, frozenset[Way]] = {
    "full_text": frozenset({"words"}),
    "vectors": frozenset({"vectors"}),
    "fused": frozenset({"words", "vectors"}),
}


@dataclass(frozen=True, slots=True)
class Quality:
    """`recall` at the depth asked, and the mean reciprocal rank within it, over `questions`."""

    recall: float
    mrr: float
    questions: int


def quality(places: Sequence[int | None]) -> Quality:
    """From the place (1 = first) at which each question's chunk was found, None where it was not."""
    found = [place for place in places if place is not None]
    count = len(places)
    return Quality(len(found) / count, sum(1 / place for place in found) / count, count) if count else Quality(0, 0, 0)


def measure(
    cases: Sequence[tuple[str, str]],
    scope: Scope,
    connection: Connection,
    depth: int = 5,
    kinds: Sequence[str] = (),
) -> dict[str, Quality]:
    """The quality of full text alone, of vectors alone and of both fused, over (question, expected chunk's key)."""
    return {
        name: quality([_place(text, key, scope, connection, depth, kinds, ways) for text, key in cases])
        for name, ways in WAYS.items()
    }


def _place(
    text: str,
    key: str,
    scope: Scope,
    connection: Connection,
    depth: int,
    kinds: Sequence[str],
    ways: frozenset[Way],
) -> int | None:
    hits = search(text, scope, connection, limit=depth, kinds=kinds, ways=ways)
    return next((place for place, hit in enumerate(hits, start=1) if hit.chunk.key == key), None)
