"""Figures in every costume come out the same."""

from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.numbers import Mark, evidence, parse

AMOUNTS = st.decimals(min_value=-(10**9), max_value=10**9, places=2, allow_nan=False)


@given(
    st.lists(AMOUNTS, min_size=1, max_size=20), st.sampled_from(["comma", "point"]), st.sampled_from(["", "$ ", "CLP "])
)
def test_a_written_amount_is_read_back(amounts: list[Decimal], style: str, sign: str) -> None:
    written = [sign + f"{a:,.2f}" for a in amounts]
    mark: Mark = "."
    if style == "comma":
        written, mark = [w.translate(str.maketrans(",.", ".,")) for w in written], ","
    texts = pl.Series(written)
    assert evidence(texts).mark == mark
    assert parse(texts, mark).to_list() == amounts


@pytest.mark.parametrize(
    ("text", "value"),
    [("(1.200)", -1200), ("5-", -5), ("−5", -5), ("1.234.567", 1234567), ("0.500", "0.5"), ("R$ 12,30", "12.3"),
     ("1,234.5", "1234.5"), ("-$ 3.000", -3000), ("\x011234.5", "1234.5"), ("1.2.3", None), ("17%", None), ("x", None)],
)  # fmt: skip
def test_single_figures(text: str, value: int | str | None) -> None:
    assert parse(pl.Series([text]), ",").to_list() == [None if value is None else Decimal(value)]
