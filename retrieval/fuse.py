"""Several rankings into one, by reciprocal rank fusion."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)
_DAMPING = 60
"""How little the very first places count over the next ones; 60 is the value of the method's authors."""


def ranks(scores: Mapping[Key, float]) -> dict[Key, int]:
    """Places from 1, highest score first; equal scores share the first of their places."""
    places: dict[Key, int] = {}
    place, last = 0, None
    for count, key in enumerate(sorted(scores, key=lambda k: -scores[k]), start=1):
        if scores[key] != last:
            place, last = count, scores[key]
        places[key] = place
    return places


def fuse(rankings: Iterable[Mapping[Key, int]]) -> dict[Key, float]:
    """Each key's fused score over `rankings` (key to place); a key absent from a ranking gets nothing from it."""
    fused: defaultdict[Key, float] = defaultdict(float)
    for ranking in rankings:
        for key, place in ranking.items():
            fused[key] += 1 / (_DAMPING + place)
    return dict(fused)
