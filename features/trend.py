"""Whether a month's change is more than its usual coming and going. Pure.

The changes of the twelve months before it say what is usual: their median, and their spread as 1.4826 × the median
absolute deviation, which single odd months do not widen (the robust z of Hampel's identifier; Iglewicz and Hoaglin
1993). Beyond 2.5 such spreads a change is told as out of the ordinary: one month in about eighty by chance alone.
Changes of amounts and counts are differences of logarithms, those of ratios differences in points. Months do not know
their season here: a December is unusual every year, which the comparison with last year beside it shows.
"""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from features.catalog.types import Unit

Direction = Literal["up", "down", "flat"]

PAST = 12
FEWEST = 6
"""Changes needed before one can be called unusual."""
LIMIT = 2.5
TO_DEVIATION = 1.4826
LEAST_SPREAD = 1e-9


@dataclass(frozen=True, slots=True)
class Trend:
    """`z` is the change's distance from the usual one in spreads; None where the past is too short to tell."""

    direction: Direction
    z: float | None

    @property
    def unusual(self) -> bool | None:
        return None if self.z is None else abs(self.z) > LIMIT


def trend(values: Sequence[Decimal | None], unit: Unit) -> Trend | None:
    """The last change of a monthly series, oldest first; None where it is undefined."""
    changes = [_change(before, now, unit) for before, now in pairwise(values)][-PAST - 1 :]
    if not changes or changes[-1] is None:
        return None
    last = changes[-1]
    direction: Direction = "flat" if abs(last) < LEAST_SPREAD else "up" if last > 0 else "down"
    past = [c for c in changes[:-1] if c is not None]
    return Trend(direction, _distance(last, past) if len(past) >= FEWEST else None)


def _change(before: Decimal | None, now: Decimal | None, unit: Unit) -> float | None:
    if before is None or now is None:
        return None
    if unit is Unit.ratio:
        return float(now - before)
    return math.log(now / before) if before > 0 and now > 0 else None


def _distance(last: float, past: Sequence[float]) -> float:
    usual = statistics.median(past)
    spread = TO_DEVIATION * statistics.median(abs(c - usual) for c in past)
    if spread < LEAST_SPREAD:  # more than half of the changes are equal: the mean deviation still tells of the others
        spread = math.sqrt(math.pi / 2) * statistics.fmean(abs(c - usual) for c in past)
    return (last - usual) / max(spread, LEAST_SPREAD)
