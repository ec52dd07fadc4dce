"""Quiet hours put a message off, by the company's clock, and never lose it."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.alerts import Quiet, after_quiet, morning_of

SANTIAGO = ZoneInfo("America/Santiago")


@pytest.mark.parametrize(
    ("at", "delivered"),
    [
        ("2026-11-09T20:59", "2026-11-09T20:59"),
        ("2026-11-09T21:00", "2026-11-10T08:00"),
        ("2026-11-10T03:30", "2026-11-10T08:00"),
        ("2026-11-10T08:00", "2026-11-10T08:00"),
    ],
)
def test_the_night_ends_at_eight(at: str, delivered: str) -> None:
    local = datetime.fromisoformat(at).replace(tzinfo=SANTIAGO)
    assert after_quiet(local.astimezone(UTC), Quiet(), SANTIAGO) == datetime.fromisoformat(delivered).replace(
        tzinfo=SANTIAGO
    )


def test_quiet_hours_may_lie_in_the_day_or_not_be() -> None:
    noon = datetime(2026, 11, 9, 13, tzinfo=SANTIAGO)
    assert after_quiet(noon, Quiet(12, 15), SANTIAGO).astimezone(SANTIAGO).hour == 15
    assert after_quiet(noon, Quiet(8, 8), SANTIAGO) == noon
    assert morning_of(date(2026, 11, 9), Quiet(21, 10), SANTIAGO).astimezone(SANTIAGO).hour == 10
    assert morning_of(date(2026, 11, 9), Quiet(), SANTIAGO).astimezone(SANTIAGO).hour == 8


@given(
    st.integers(0, 3 * 366 * 24 * 60),
    st.integers(0, 23),
    st.integers(0, 23),
    st.sampled_from(["America/Santiago", "America/Argentina/Buenos_Aires", "America/Sao_Paulo", "UTC"]),
)
def test_it_is_delivered_within_a_day_and_outside_of_them(minutes: int, start: int, end: int, zone: str) -> None:
    tz, quiet = ZoneInfo(zone), Quiet(start, end)
    asked = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    due = after_quiet(asked, quiet, tz)
    assert asked <= due <= asked + timedelta(hours=25)  # an hour more where the clocks are set back
    assert after_quiet(due, quiet, tz) == due
