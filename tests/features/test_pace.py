"""A target is due as the company's own week brings it in; without a past, in equal parts by day."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from core.periods import Grain, Period
from features.feasts import feast_names
from features.pace import Shape, due_part, week_shape

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))  # begins on a Sunday
KNOWN = Period(date(2026, 8, 1), date(2026, 11, 10))


def week(*by_day: int) -> dict[date, Decimal]:
    """The same week over and over until the month, Monday first."""
    first = date(2026, 7, 27)
    return {first + timedelta(days=i): Decimal(by_day[i % 7]) for i in range(100)}


def test_a_shop_that_closes_on_sundays_owes_nothing_for_them() -> None:
    shape = week_shape(week(10, 10, 10, 10, 10, 10, 0), KNOWN, NOVEMBER.start)
    assert shape is not None
    assert due_part(Period(date(2026, 11, 1), date(2026, 11, 1)), NOVEMBER, shape) == 0
    # Until Saturday the 7th: six of the 25 days that sell.
    assert due_part(Period(date(2026, 11, 1), date(2026, 11, 7)), NOVEMBER, shape) == Decimal(6) / 25
    assert due_part(Period(date(2026, 11, 1), date(2026, 11, 7)), NOVEMBER) == Decimal(7) / 30


def test_a_short_or_empty_past_has_no_shape() -> None:
    assert week_shape(week(1, 1, 1, 1, 1, 1, 1), Period(date(2026, 9, 7), KNOWN.end), NOVEMBER.start) is None
    assert week_shape({}, KNOWN, NOVEMBER.start) is None
    assert week_shape(week(1, 1, 1, 1, 1, -5, 2), KNOWN, NOVEMBER.start) is not None


@given(st.lists(st.integers(0, 10**7), min_size=7, max_size=7).filter(any), st.integers(1, 29))
def test_what_is_due_grows_to_the_whole(by_day: list[int], day: int) -> None:
    shape = week_shape(week(*by_day), KNOWN, NOVEMBER.start)
    part = due_part(Period(NOVEMBER.start, NOVEMBER.start + timedelta(days=day - 1)), NOVEMBER, shape)
    assert 0 <= part <= due_part(Period(NOVEMBER.start, NOVEMBER.start + timedelta(days=day)), NOVEMBER, shape) <= 1
    assert due_part(NOVEMBER, NOVEMBER, shape) == 1


SINCE = Period(date(2025, 9, 1), date(2026, 9, 10))
SEPTEMBER = Period(date(2026, 9, 1), date(2026, 9, 30))
CALENDAR = feast_names("CL", Period(SINCE.start, SEPTEMBER.end))


def year(closed: frozenset[str], holiday: int) -> Shape:
    """Even days of 100, but for the holidays: nothing on those that are closed, `holiday` on the others."""
    days = {p.start: Decimal(100) for p in Period(SINCE.start, date(2026, 8, 31)).spans(Grain.day)}
    for day, name in CALENDAR.items():
        if day in days:
            days[day] = Decimal(0 if name in closed else holiday)
    shape = week_shape({d: v for d, v in days.items() if v}, SINCE, SEPTEMBER.start, CALENDAR)
    assert shape is not None
    return shape


def test_a_holiday_is_due_as_holidays_were() -> None:
    patrias = frozenset({"Día de la Independencia", "Día de las Glorias del Ejército"})  # the 18th and the 19th
    shape = year(patrias, 50)
    assert shape.closed == patrias
    assert shape.open == Decimal("0.5")
    ten = Period(SEPTEMBER.start, date(2026, 9, 10))
    assert due_part(ten, SEPTEMBER, shape) == Decimal(10) / 28
    assert due_part(Period(SEPTEMBER.start, date(2026, 9, 20)), SEPTEMBER, shape) == Decimal(18) / 28
    assert shape.worth(Period(date(2026, 5, 21), date(2026, 5, 21))) == 50


def test_holidays_that_are_days_like_any_other_change_nothing() -> None:
    shape = year(frozenset(), 100)
    assert shape.open == 1
    assert due_part(Period(SEPTEMBER.start, date(2026, 9, 18)), SEPTEMBER, shape) == Decimal(18) / 30


def test_with_few_holidays_known_an_open_one_counts_as_its_weekday() -> None:
    days = {p.start: Decimal(100) for p in Period(date(2026, 6, 1), date(2026, 8, 31)).spans(Grain.day)}
    days |= {date(2026, 7, 16): Decimal(10)}
    shape = week_shape(days, Period(date(2026, 7, 1), SINCE.end), SEPTEMBER.start, CALENDAR)
    assert shape is not None
    assert (shape.open, shape.knows_feasts) == (None, False)
    assert due_part(Period(SEPTEMBER.start, date(2026, 9, 18)), SEPTEMBER, shape) == Decimal(18) / 30
