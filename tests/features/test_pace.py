"""A target is due as the company's own week brings it in; without a past, in equal parts by day."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from core.periods import Period
from features.pace import due_part, week_shape

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
