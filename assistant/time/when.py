"""A stretch of time found in a question, and how the plain ones are made."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from core.periods import MONTHS, Grain, Period, label

Anchor = Literal["named", "today", "all"]
Hours = tuple[int, int]


@dataclass(frozen=True, slots=True)
class When:
    """One stretch of time found in a question.

    `anchor`: 'today' moves with the day of asking (este mes, ayer) and may fall back to the latest full period with
    data, whose size is `grain`; 'named' is a date of its own; 'all' is everything there is. `hours` limits the day.
    """

    period: Period
    label: str
    anchor: Anchor = "named"
    grain: Grain | None = None
    hours: Hours | None = None
    to_date: bool = False
    months: int = 0
    """How long it is when it is over, where that is a number of months and no `grain` tells it: a semester."""


@dataclass(frozen=True, slots=True)
class Found:
    """A stretch of time and where in the canonical text it stands."""

    start: int
    end: int
    when: When | None
    problem: str = ""


def named(period: Period, text: str = "") -> When:
    """A date of its own."""
    return When(period, text or label(period), "named", period.grain)


def span(grain: Grain, day: date) -> Period:
    return Period.of(grain, day)


def to_date(grain: Grain, today: date) -> When:
    """The span of `grain` that holds today, until today."""
    whole = span(grain, today)
    return When(Period(whole.start, today), so_far(whole, today), "today", grain, to_date=whole.end != today)


def so_far(whole: Period, today: date, name: str = "") -> str:
    """What a span under way is called: 'octubre 2026 hasta el 22-oct'."""
    name = name or label(whole)
    return name if whole.end == today else f"{name} hasta el {today.day}-{MONTHS[today.month - 1][:3]}"


def past(grain: Grain, today: date, steps: int = 1) -> When:
    """The whole span of `grain` that many before the one that holds today."""
    period = span(grain, grain.after(grain.first_day(today), -steps))
    return When(period, label(period), "today", grain)
