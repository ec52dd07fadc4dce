from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.periods import Grain, Period, add_months, label

DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))


@pytest.mark.parametrize(
    ("period", "previous", "year_before"),
    [
        (Period.month(2026, 3), Period.month(2026, 2), Period.month(2025, 3)),
        (Period.month(2024, 2), Period.month(2024, 1), Period.month(2023, 2)),
        (Period.of(Grain.quarter, date(2026, 1, 5)), Period.of(Grain.quarter, date(2025, 12, 1)), None),
        (Period.of(Grain.week, date(2026, 11, 4)), Period.of(Grain.week, date(2026, 10, 30)), None),
        (Period(date(2026, 1, 1), date(2026, 10, 31)), Period(date(2025, 3, 1), date(2025, 12, 31)), None),
        (
            Period(date(2026, 11, 14), date(2026, 11, 15)),
            Period(date(2026, 11, 7), date(2026, 11, 8)),
            Period(date(2025, 11, 15), date(2025, 11, 16)),
        ),
        (Period(date(2026, 10, 3), date(2026, 10, 18)), Period(date(2026, 9, 17), date(2026, 10, 2)), None),
    ],
)
def test_previous_and_year_before(period: Period, previous: Period, year_before: Period | None):
    assert period.previous() == previous
    if year_before:
        assert period.year_before() == year_before


@given(DAYS, st.sampled_from(Grain))
def test_a_span_holds_its_day_and_follows_the_one_before(day: date, grain: Grain):
    span = Period.of(grain, day)
    assert span.holds(day)
    assert (span.start - span.previous().end).days == 1
    assert span.grain == grain


@given(DAYS, st.integers(0, 900), st.sampled_from(Grain))
def test_spans_tile_a_period(day: date, length: int, grain: Grain):
    period = Period(day, date.fromordinal(min(day.toordinal() + length, date(2061, 1, 1).toordinal())))
    spans = list(period.spans(grain))
    assert spans[0].start == period.start
    assert spans[-1].end == period.end
    assert sum(s.days for s in spans) == period.days


def test_labels():
    assert label(Period.month(2026, 10)) == "octubre 2026"
    assert label(Period.of(Grain.quarter, date(2026, 8, 1))) == "3.er trimestre 2026"
    assert label(Period(date(2026, 11, 3), date(2026, 11, 3))) == "3-nov-2026"
    assert label(Period(date(2026, 10, 3), date(2026, 10, 18))) == "del 3-oct-2026 al 18-oct-2026"


def test_add_months_keeps_to_the_month():
    assert add_months(date(2024, 3, 31), -1) == date(2024, 2, 29)
