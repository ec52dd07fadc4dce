"""Days as people write them."""

from datetime import date, time

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.dates import evidence, parse

DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))


@given(st.lists(DAYS, min_size=1), st.sampled_from(["dmy", "mdy"]))
def test_the_order_is_found_from_the_days_that_tell(days: list[date], order: str) -> None:
    days = [*days, date(2025, 10, 25)]
    texts = pl.Series([d.strftime("%d/%m/%Y" if order == "dmy" else "%m/%d/%Y") for d in days])
    found = evidence(texts).order
    assert found == order
    assert parse(texts, found)["day"].to_list() == days


@pytest.mark.parametrize(
    ("text", "day", "clock"),
    [
        ("1 de octubre de 2025 14:30 hs.", date(2025, 10, 1), time(14, 30)),
        ("3/10/2025 2:05 p. m.", date(2025, 10, 3), time(14, 5)),
        ("03-10-2025 12:00 AM", date(2025, 10, 3), time(0, 0)),
        ("45200", date(2023, 10, 1), None),
        ("\x0145200.5", date(2023, 10, 1), time(12, 0)),
        ("1 out 2025", date(2025, 10, 1), None),
        ("Oct 1, 2025", date(2025, 10, 1), None),
        ("2025-10-03T22:20:19.000-04:00", date(2025, 10, 3), time(22, 20, 19)),
        ("31/02/2025", None, None),
    ],
)
def test_single_days(text: str, day: date | None, clock: time | None) -> None:
    assert parse(pl.Series([text]), "dmy").select("day", "clock").row(0) == (day, clock)
