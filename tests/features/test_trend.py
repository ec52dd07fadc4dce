"""What is a usual change from month to month and what isn't."""

import math
from decimal import Decimal

import numpy as np
import pytest

from features.catalog.types import Unit
from features.trend import trend


def series(*values: float) -> list[Decimal]:
    return [Decimal(str(v)) for v in values]


STEADY = series(100, 104, 99, 103, 98, 105, 101, 97, 104, 100, 103, 99, 102)


def test_a_change_like_the_others_is_usual() -> None:
    found = trend([*STEADY, Decimal(98)], Unit.money)
    assert found is not None
    assert (found.direction, found.unusual) == ("down", False)


def test_a_change_beyond_them_is_not() -> None:
    found = trend([*STEADY, Decimal(140)], Unit.money)
    assert found is not None
    assert (found.direction, found.unusual) == ("up", True)


def test_the_distance_is_that_of_the_median_and_its_deviation() -> None:
    values = [*STEADY, Decimal(120)]
    changes = np.diff(np.log([float(v) for v in values]))
    past = changes[:-1]
    spread = 1.4826 * np.median(np.abs(past - np.median(past)))
    found = trend(values, Unit.money)
    assert found is not None
    assert found.z == pytest.approx((changes[-1] - np.median(past)) / spread)


def test_ratios_change_in_points() -> None:
    values = series(0.30, 0.31, 0.30, 0.32, 0.31, 0.30, 0.31, 0.30, 0.10)
    found = trend(values, Unit.ratio)
    assert found is not None
    assert (found.direction, found.unusual) == ("down", True)


def test_one_odd_month_does_not_widen_what_is_usual() -> None:
    odd = [*STEADY[:6], Decimal(500), *STEADY[6:], Decimal(140)]
    found = trend(odd, Unit.money)
    assert found is not None
    assert found.unusual


def test_a_short_past_tells_nothing() -> None:
    found = trend(series(100, 110, 90, 120), Unit.money)
    assert found is not None
    assert found.unusual is None


def test_what_is_undefined_has_no_trend() -> None:
    assert trend([Decimal(5)], Unit.money) is None
    assert trend([*STEADY, None], Unit.money) is None
    assert trend(series(0, 5), Unit.money) is None


def test_a_series_that_never_moved() -> None:
    still = trend(series(*[100.0] * 14), Unit.money)
    assert still is not None
    assert (still.direction, still.unusual) == ("flat", False)
    moved = trend(series(*[100.0] * 13, 101.0), Unit.money)
    assert moved is not None
    assert moved.unusual
    assert moved.z is not None
    assert math.isfinite(moved.z)
