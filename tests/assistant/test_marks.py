"""Amounts that bound what is asked for."""

from decimal import Decimal

import pytest

from assistant.marks import take
from assistant.words.canonical import canonical, words


@pytest.mark.parametrize(
    ("text", "amount", "over", "percent"),
    [
        ("productos sobre 500.000", "500000", True, False),
        ("más de medio millón", "500000", True, False),
        ("que no llegaron a 200 lucas", "200000", False, False),
        ("pasaron las 500 lucas", "500000", True, False),
        ("más de 3 palos", "3000000", True, False),
        ("margen bajo 55 %", "0.55", False, True),
        ("menor al 55,5 por ciento", "0.555", False, True),
        ("por debajo de $200.000", "200000", False, False),
        ("sobre mil unidades", "1000", True, False),
    ],
)
def test_a_bound_is_read(text: str, amount: str, over: bool, percent: bool) -> None:
    _, (mark,) = take(canonical(words(text)))
    assert (mark.amount, mark.over, mark.percent) == (Decimal(amount), over, percent)


@pytest.mark.parametrize("text", ["más de 3 meses", "menos de 10 días", "más que ayer", "top 5", "sobre todo en 2026"])
def test_spans_of_time_and_plain_comparisons_are_no_bounds(text: str) -> None:
    assert take(canonical(words(text)))[1] == ()


def test_a_bound_is_strict() -> None:
    _, (mark,) = take("sobre 500")
    assert not mark.holds(Decimal(500))
    assert mark.holds(Decimal("500.01"))
