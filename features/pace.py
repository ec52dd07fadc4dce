"""What each day of a span is worth to the company: by its weekday and, on a holiday, by what its holidays were worth so
far. A month's target is due by it, and months of other days are compared by it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from core.db import Connection
from core.periods import Grain, Period
from core.tenancy import Scope
from features.engine import run
from features.feasts import feast_names
from features.query import Filter, Query

WEEKS = 12
FEWEST = 8
"""A week's shape is taken from so many weeks before the month, and from no fewer than these."""
FEWEST_FEASTS = 3
"""So many holidays it opened on tell what one is worth; with fewer, an open one counts as its weekday."""
YEAR = timedelta(days=400)
"""Far enough back for every holiday to have been once."""
MOST_WORTH = Decimal(3)

Weights = tuple[Decimal, ...]
"""What each weekday brought in, Monday first."""


@dataclass(frozen=True, slots=True)
class Shape:
    """`week` is what each weekday brings in where it is no holiday, Monday first; `feasts` the holidays by name,
    `closed` the names of those on which nothing was ever sold, `open` what an open one brings in of its weekday (None
    where too few are known)."""

    week: Weights
    feasts: Mapping[date, str]
    closed: frozenset[str] = frozenset()
    open: Decimal | None = None

    def worth(self, period: Period) -> Decimal:
        """What the days of `period` usually bring in together."""
        return sum((self._of(day) for day in _days(period)), Decimal(0))

    @property
    def knows_feasts(self) -> bool:
        return bool(self.closed) or self.open is not None

    def _of(self, day: date) -> Decimal:
        usual, name = self.week[day.weekday()], self.feasts.get(day)
        if name is None:
            return usual
        return Decimal(0) if name in self.closed else usual * (1 if self.open is None else self.open)


def due_part(so_far: Period, whole: Period, shape: Shape | None = None) -> Decimal:
    """The part of `whole` (0 to 1) that lies in `so_far`: by what its days are worth, else each day alike. Pure."""
    worth = shape.worth(whole) if shape else Decimal(0)
    if shape is None or not worth:
        return Decimal(so_far.days) / whole.days
    return shape.worth(so_far) / worth


def week_shape(
    days: Mapping[date, Decimal], known: Period, before: date, feasts: Mapping[date, str] | None = None
) -> Shape | None:
    """What the days are worth, by the last whole weeks before a day and the holidays of the year before it; a day that
    is not in `days` brought nothing. None where `known` reaches back too few weeks, or nothing was brought. Pure."""
    named = feasts or {}
    weeks = min(WEEKS, (before - known.start).days // 7)
    if weeks < FEWEST:
        return None
    past = [before - timedelta(days=back) for back in range(1, weeks * 7 + 1)]
    by_weekday = [[days.get(d, Decimal(0)) for d in past if d.weekday() == n and d not in named] for n in range(7)]
    week = tuple(max(sum(found, Decimal(0)) / len(found), Decimal(0)) if found else Decimal(0) for found in by_weekday)
    if not any(week):
        return None
    closed, worth = _feasts(days, Period(known.start, before - timedelta(days=1)), named)
    return Shape(week, named, closed, worth)


def week_of(
    metric: str, filters: tuple[Filter, ...], whole: Period, known: Period, scope: Scope, connection: Connection
) -> Shape | None:
    """The shape before `whole` of one metric that adds up, as the company's days tell it."""
    first = max(known.start, whole.start - YEAR)
    if first >= whole.start:
        return None
    before = Period(first, whole.start - timedelta(days=1))
    rows = run(Query((metric,), before, Grain.day, filters=filters), scope, connection).rows
    days = {r.period.start: r.value for r in rows if r.value is not None}
    return week_shape(days, known, whole.start, feast_names(scope.company.country, Period(known.start, whole.end)))


def _feasts(
    days: Mapping[date, Decimal], past: Period, named: Mapping[date, str]
) -> tuple[frozenset[str], Decimal | None]:
    """The holidays on which nothing was sold, of those whose weekday sells; and what the others brought of the same
    weekday in the weeks around them."""
    sold: dict[str, list[Decimal]] = {}
    brought = usual = Decimal(0)
    count = 0
    for day, name in named.items():
        if not past.holds(day):
            continue
        around = [day + timedelta(weeks=n) for n in (-2, -1, 1, 2)]
        ordinary = [days.get(d, Decimal(0)) for d in around if past.holds(d) and d not in named]
        if not ordinary or sum(ordinary) <= 0:
            continue  # closed on that weekday anyway, or nothing to hold it against
        value = max(days.get(day, Decimal(0)), Decimal(0))
        sold.setdefault(name, []).append(value)
        if value > 0:
            brought, usual, count = brought + value, usual + sum(ordinary, Decimal(0)) / len(ordinary), count + 1
    closed = frozenset(name for name, values in sold.items() if not any(values))
    return closed, min(brought / usual, MOST_WORTH) if count >= FEWEST_FEASTS else None


def _days(period: Period) -> Iterable[date]:
    return (period.start + timedelta(days=i) for i in range(period.days))
