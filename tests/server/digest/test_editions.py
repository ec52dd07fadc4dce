from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInput
from server.digest.editions import due, latest, leaves_on, parse

SANTIAGO, BUENOS_AIRES = ZoneInfo("America/Santiago"), ZoneInfo("America/Argentina/Buenos_Aires")
INSTANTS = st.integers(1_577_836_800, 2_051_222_400).map(lambda second: datetime.fromtimestamp(second, UTC))


@pytest.mark.parametrize(
    ("local", "frequency", "edition"),
    [
        ((2026, 11, 2, 7, 59), "weekly", None),
        ((2026, 11, 2, 8, 0), "weekly", "2026-W44"),
        ((2026, 11, 5, 7, 59), "weekly", "2026-W44"),
        ((2026, 11, 5, 8, 0), "weekly", None),
        ((2026, 11, 2, 8, 0), "off", None),
        ((2026, 11, 2, 8, 0), "monthly", "2026-10"),
        ((2026, 11, 9, 8, 0), "monthly", None),
        ((2026, 11, 2, 8, 0), "closing", "2026-10-cierre"),
        ((2026, 11, 4, 8, 0), "daily", "2026-11-03"),
        ((2026, 11, 4, 7, 59), "daily", None),
        ((2026, 11, 4, 23, 59), "daily", "2026-11-03"),
        ((2027, 1, 4, 8, 0), "weekly", "2026-W53"),
        ((2027, 1, 4, 8, 0), "monthly", "2026-12"),
        ((2027, 2, 1, 8, 0), "monthly", "2027-01"),  # the first Monday is the 1st
        ((2027, 2, 8, 8, 0), "monthly", None),
        ((2027, 1, 11, 8, 0), "weekly", "2027-W01"),
    ],
)
def test_a_summary_leaves_on_monday_at_eight(local, frequency, edition):
    found = due(frequency, datetime(*local, tzinfo=SANTIAGO), SANTIAGO)
    assert (found.id if found else None) == edition


@pytest.mark.parametrize(
    ("edition", "day"),
    [
        ("2026-W53", (2027, 1, 4)),
        ("2026-W44", (2026, 11, 2)),
        ("2027-01", (2027, 2, 1)),
        ("2026-12-cierre", (2027, 1, 4)),
        ("2026-12-31", (2027, 1, 1)),
    ],
)
def test_an_edition_leaves_on_one_day(edition, day):
    assert leaves_on(parse(edition)) == date(*day)
    frequency = parse(edition).template
    for zone in (
        SANTIAGO,
        BUENOS_AIRES,
        *map(ZoneInfo, ("America/Bogota", "America/Sao_Paulo", "America/Mexico_City")),
    ):
        assert due(frequency, datetime(*day, 8, tzinfo=zone), zone) == parse(edition)


def test_eight_is_by_the_companys_clock():
    eight_in_santiago = datetime(2026, 7, 6, 8, 0, tzinfo=SANTIAGO)  # nine in Buenos Aires, in winter
    assert due("weekly", eight_in_santiago - timedelta(minutes=30), SANTIAGO) is None
    assert due("weekly", eight_in_santiago - timedelta(minutes=30), BUENOS_AIRES) is not None


@given(INSTANTS)
def test_what_is_due_has_ended_and_is_the_latest(now):
    found = due("weekly", now, SANTIAGO)
    if found is not None:
        today = now.astimezone(SANTIAGO).date()
        assert 1 <= (today - found.period.end).days <= 4
        assert found == latest("weekly", today)
        assert parse(found.id) == found


@given(INSTANTS)
def test_each_week_is_due_once_in_a_row_of_days(now):
    week = [due("weekly", now + timedelta(hours=h), SANTIAGO) for h in range(7 * 24)]
    assert len({e.id for e in week if e}) in (1, 2)
    assert 70 <= sum(e is not None for e in week) <= 74


@pytest.mark.parametrize("wrong", ["", "2026", "2026-W60", "2026-13", "W44", "2026-W4"])
def test_what_is_no_edition_is_refused(wrong):
    with pytest.raises(BadInput):
        parse(wrong)
