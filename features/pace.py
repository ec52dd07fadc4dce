"""How much of a month's target is due by a day: as the company's own week brings it in, else in equal parts by day."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from core.db import Connection
from core.periods import Grain, Period
from core.tenancy import Scope
from features.engine import run
from features.query import Filter, Query

WEEKS = 12
FEWEST = 8
"""A week's shape is taken from so many weeks before the month, and from no fewer than these."""

Weights = tuple[Decimal, ...]
"""What each weekday brought in, Monday first."""


def due_part(so_far: Period, whole: Period, weights: Weights | None = None) -> Decimal:
    """The part of `whole` (0 to 1) that lies in `so_far`: by the weekdays' weights, else each day alike. Pure."""
    if weights is None:
        return Decimal(so_far.days) / whole.days
    return _weight(so_far, weights) / _weight(whole, weights)


def week_shape(days: Mapping[date, Decimal], known: Period, before: date) -> Weights | None:
    """What each weekday brought in over the last whole weeks before a day; a day that is not in `days` brought
    nothing. None where `known` reaches back too few weeks, or nothing was brought. Pure."""
    weeks = min(WEEKS, (before - known.start).days // 7)
    if weeks < FEWEST:
        return None
    found = [Decimal(0)] * 7
    for back in range(1, weeks * 7 + 1):
        day = before - timedelta(days=back)
        found[day.weekday()] += days.get(day, Decimal(0))
    shape = tuple(max(one, Decimal(0)) for one in found)
    return shape if sum(shape) > 0 else None


def week_of(
    metric: str, filters: tuple[Filter, ...], whole: Period, known: Period, scope: Scope, connection: Connection
) -> Weights | None:
    """The shape of the weeks before `whole` in one metric that adds up, as the company's days tell it."""
    first = max(known.start, whole.start - timedelta(weeks=WEEKS))
    if first >= whole.start:
        return None
    before = Period(first, whole.start - timedelta(days=1))
    rows = run(Query((metric,), before, Grain.day, filters=filters), scope, connection).rows
    return week_shape({r.period.start: r.value for r in rows if r.value is not None}, known, whole.start)


def _weight(period: Period, weights: Weights) -> Decimal:
    days = (period.start + timedelta(days=i) for i in range(period.days))
    return sum((weights[day.weekday()] for day in days), Decimal(0))
