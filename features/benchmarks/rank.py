"""A company's percentile among its peers: leave-one-out, interpolated, with its band and its colour. Pure."""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from features.catalog.types import Good

BAND = 0.75
"""Half the band in standard errors of a proportion: ±10 points with 14 peers in the middle of the field."""
COLOURS = ((25, "gris"), (50, "verde"), (75, "azul"), (95, "morado"), (99, "naranjo"), (100, "rosado"))


@dataclass(frozen=True, slots=True)
class Rank:
    """`percentile` of 100, higher is better for the business; `low` to `high` is where it may really be."""

    percentile: int
    low: int
    high: int
    peers: int

    @property
    def colour(self) -> str:
        """WarcraftLogs' scale: below 25 grey, 50 green, 75 blue, 95 purple, 99 orange, then pink, and gold for 100."""
        return next((name for bound, name in COLOURS if self.percentile < bound), "dorado")


def rank(value: Decimal, peers: Sequence[Decimal], good: Good) -> Rank:
    """Where `value` stands among `peers` (its own owner left out): the share below, a tie counting half, linear
    between two neighbours. `good` down turns the scale; ValueError without peers."""
    if not peers:
        raise ValueError("a rank needs peers")
    ordered = sorted(peers)
    count = len(ordered)
    below, upto = bisect_left(ordered, value), bisect_right(ordered, value)
    if below != upto:
        share = (below + upto) / 2 / count
    elif below in (0, count):
        share = below / count
    else:
        gap = ordered[below] - ordered[below - 1]
        share = (below - 0.5 + float((value - ordered[below - 1]) / gap)) / count
    if good is Good.down:
        share = 1 - share
    percentile = round(100 * share)
    inner = min(max(share, 0.5 / count), 1 - 0.5 / count)  # an end of the field is not known exactly either
    half = 100 * BAND * math.sqrt(inner * (1 - inner) / count)
    return Rank(percentile, max(0, round(100 * share - half)), min(100, round(100 * share + half)), count)
