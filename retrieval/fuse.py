"""Several rankings into one, by reciprocal rank fusion."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)
_DAMPING = 10
"""How little the very first places count over the next ones. The method's authors take 60, for lists of thousands;
among a few dozen candidates 10 put the right text higher (see docs/decisions/0013-light-vectors.md)."""


def ranks(scores: Mapping[Key, float]) -> dict[Key, float]:
    """Places from 1, highest score first; equal scores share the mean of their places, so that a tie of many, which
    tells them from nothing, counts for little."""
    groups: defaultdict[float, list[Key]] = defaultdict(list)
    for key, score in scores.items():
        groups[score].append(key)
    places: dict[Key, float] = {}
    above = 0
    for score in sorted(groups, reverse=True):
        tied = groups[score]
        places |= dict.fromkeys(tied, above + (len(tied) + 1) / 2)
        above += len(tied)
    return places


def fuse(rankings: Iterable[tuple[Mapping[Key, float], float]]) -> dict[Key, float]:
    """Each key's fused score over `rankings` (key to place) and the weight of each; a key that is absent from a
    ranking gets nothing from it."""
    fused: defaultdict[Key, float] = defaultdict(float)
    for ranking, weight in rankings:
        for key, place in ranking.items():
            fused[key] += weight / (_DAMPING + place)
    return dict(fused)
