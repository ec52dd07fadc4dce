"""Each day's sending comes once, at its hour by the company's clock, whatever the clocks do."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInput
from core.periods import Period
from server.reports import schedule, spans
from server.reports.schedule import Schedule, due, next_day
from server.reports.spans import Kind

ZONES = st.sampled_from(
    ["America/Santiago", "America/Punta_Arenas", "America/Argentina/Buenos_Aires", "America/Sao_Paulo",
     "America/Asuncion", "America/New_York", "Pacific/Easter", "UTC"]
).map(ZoneInfo)  # fmt: skip
SCHEDULES = st.builds(
    Schedule,
    cadence=st.sampled_from(["daily", "weekly", "monthly"]),
    hour=st.integers(0, 23),
    weekday=st.integers(0, 6),
    month_day=st.sampled_from([1, 2, 28, 29, 30, 31]),
)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
TICK = timedelta(minutes=5)


@given(SCHEDULES, ZONES, st.datetimes(datetime(2018, 1, 1), datetime(2032, 1, 1)), st.integers(1, 5))  # noqa: DTZ001
def test_ticking_through_a_week_sends_each_day_once(
    wanted: Schedule, tz: ZoneInfo, start: datetime, minutes: int
) -> None:
    now = since = start.replace(tzinfo=UTC)
    done: date | None = None
    sent: list[tuple[date, datetime]] = []
    while now < since + timedelta(days=9):
        day = due(wanted, since, done, now, tz)
        if day is not None:
            sent.append((day, now))
            done = day
        now += TICK + timedelta(minutes=minutes)
    days = [day for day, _ in sent]
    assert days == sorted(set(days))
    for day, at in sent:
        local = at.astimezone(tz)
        assert wanted.falls_on(day)
        assert local.date() == day
        # At its hour, up to a tick later; an hour that the clocks skip is told by the one after it.
        asked = datetime(day.year, day.month, day.day, wanted.hour, tzinfo=tz).astimezone(UTC)
        assert timedelta(0) <= at - asked < TICK + timedelta(minutes=minutes)
        assert local.hour in (wanted.hour, wanted.hour + 1)
    # No day in between is left out.
    first = since.astimezone(tz).date()
    every = [first + timedelta(days=n) for n in range(11)]
    ends = since + timedelta(days=9) - TICK - timedelta(minutes=minutes)
    expected = [d for d in every if wanted.falls_on(d) and since <= wanted.leaves(d, tz) <= ends]
    assert days[: len(expected)] == expected


@given(SCHEDULES, ZONES, st.datetimes(datetime(2018, 1, 1), datetime(2032, 1, 1)))  # noqa: DTZ001
def test_the_next_day_is_the_one_that_comes_due(wanted: Schedule, tz: ZoneInfo, start: datetime) -> None:
    now = start.replace(tzinfo=UTC)
    day = next_day(wanted, now, tz)
    leaves = wanted.leaves(day, tz)
    assert leaves > now
    assert due(wanted, LONG_AGO, None, leaves, tz) == day
    before = due(wanted, LONG_AGO, None, leaves - timedelta(seconds=1), tz)
    assert before is None or before < day


def test_a_daylight_saving_night_has_one_sending() -> None:
    # In Chile the clocks go from 24:00 on 5 September 2026 to 01:00: that Sunday has no midnight.
    tz, wanted = ZoneInfo("America/Santiago"), Schedule("daily", 0)
    at = wanted.leaves(date(2026, 9, 6), tz)
    assert at.astimezone(tz).isoformat() == "2026-09-06T01:00:00-03:00"
    # On 4 April 2026 they go back at 24:00: there are two 23:30s, and the first one counts.
    late = Schedule("daily", 23).leaves(date(2026, 4, 4), tz)
    assert late.astimezone(tz).isoformat() == "2026-04-04T23:00:00-03:00"
    assert due(Schedule("daily", 23), LONG_AGO, date(2026, 4, 4), late + timedelta(hours=1), tz) is None


def test_what_could_not_leave_in_time_is_left_out() -> None:
    tz, wanted = ZoneInfo("America/Santiago"), Schedule("weekly", 8, weekday=0)
    monday = wanted.leaves(date(2026, 11, 2), tz)
    assert due(wanted, LONG_AGO, None, monday + schedule.LATEST - timedelta(seconds=1), tz) == date(2026, 11, 2)
    assert due(wanted, LONG_AGO, None, monday + schedule.LATEST, tz) is None
    assert due(wanted, monday + timedelta(seconds=1), None, monday + timedelta(hours=1), tz) is None


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (Schedule("daily", 1), "cada día a la 1:00"),
        (Schedule("weekly", 8, weekday=2), "cada miércoles a las 8:00"),
        (Schedule("monthly", 18, month_day=5), "el día 5 de cada mes a las 18:00"),
        (Schedule("monthly", 18, month_day=31), "el último día de cada mes a las 18:00"),
    ],
)
def test_a_schedule_in_words(wanted: Schedule, said: str) -> None:
    assert wanted.words() == said


TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("kind", "start", "end"),
    [
        ("yesterday", (2026, 11, 20), (2026, 11, 20)),
        ("last_7_days", (2026, 11, 14), (2026, 11, 20)),
        ("last_week", (2026, 11, 9), (2026, 11, 15)),
        ("last_30_days", (2026, 10, 22), (2026, 11, 20)),
        ("this_month", (2026, 11, 1), (2026, 11, 30)),
        ("last_month", (2026, 10, 1), (2026, 10, 31)),
        ("last_3_months", (2026, 8, 1), (2026, 10, 31)),
        ("last_6_months", (2026, 5, 1), (2026, 10, 31)),
        ("last_12_months", (2025, 11, 1), (2026, 10, 31)),
        ("last_quarter", (2026, 7, 1), (2026, 9, 30)),
        ("this_year", (2026, 1, 1), (2026, 12, 31)),
        ("last_year", (2025, 1, 1), (2025, 12, 31)),
    ],
)
def test_a_period_is_told_from_the_day(kind: str, start: tuple[int, int, int], end: tuple[int, int, int]) -> None:
    assert spans.resolve(Kind(kind), TODAY) == Period(date(*start), date(*end))


@given(st.sampled_from([k for k in Kind if k is not Kind.range]), st.dates(date(1950, 1, 1), date(2100, 1, 1)))
def test_every_period_has_days(kind: Kind, today: date) -> None:
    period = spans.resolve(kind, today)
    assert period.start <= period.end
    assert period.start <= today


def test_a_range_needs_both_its_days() -> None:
    assert spans.resolve(Kind.range, TODAY, date(2026, 1, 1), date(2026, 2, 1)).days == 32
    for start, end in ((None, TODAY), (TODAY, None), (TODAY, date(2026, 1, 1)), (date(1200, 1, 1), TODAY)):
        with pytest.raises(BadInput):
            spans.resolve(Kind.range, TODAY, start, end)
