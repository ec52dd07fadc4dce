"""A value beside another one: what changed and whether that is good. Pure."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from features.catalog.types import Good, Metric

Verdict = Literal["good", "bad", "neutral"]


@dataclass(frozen=True, slots=True)
class Change:
    """`difference` is in the metric's unit (a ratio's, in points: 0.05 is five). `ratio` is relative to the value
    before, None where that was 0."""

    current: Decimal
    before: Decimal
    difference: Decimal
    ratio: Decimal | None
    verdict: Verdict


def change(current: Decimal | None, before: Decimal | None, metric: Metric) -> Change | None:
    """What changed from `before` to `current`; None where either is undefined."""
    if current is None or before is None:
        return None
    difference = current - before
    ratio = difference / abs(before) if before else None
    return Change(current, before, difference, ratio, verdict(difference, metric.good))


def verdict(difference: Decimal, good: Good) -> Verdict:
    """Whether a move in this direction is good for the business."""
    if not difference or good is Good.neither:
        return "neutral"
    return "good" if (difference > 0) is (good is Good.up) else "bad"
