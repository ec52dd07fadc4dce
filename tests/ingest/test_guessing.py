"""What a column holds is told by what is in it."""

import polars as pl
import pytest

from ingest.guessing import costs_whole_lines

PRODUCTS = ("Té", "Café", "Torta", "Jugo")
UNIT = {"Té": 350, "Café": 500, "Torta": 1900, "Jugo": 1000}


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("raised", [1.0, 1.05])
def test_a_cost_that_grows_with_the_pieces_is_the_lines(whole: bool, raised: float) -> None:
    lines = [(p, q, n) for n in range(6) for p in PRODUCTS for q in (1, 2, 3, -1)]
    cost = [round(UNIT[p] * (raised if n > 2 else 1) * (q if whole else 1)) for p, q, n in lines]
    columns = [
        pl.Series([str(v) for v in values]) for values in ([p for p, _, _ in lines], [q for _, q, _ in lines], cost)
    ]
    assert costs_whole_lines(*columns) is whole


def test_lines_of_one_piece_tell_nothing() -> None:
    one = pl.Series(["1"] * 12)
    assert not costs_whole_lines(pl.Series([*PRODUCTS] * 3), one, pl.Series(["350", "500", "1900", "1000"] * 3))
