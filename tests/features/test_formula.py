"""Formulas: what they mean by Python's own arithmetic, and what they refuse."""

from contextlib import suppress
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInput
from features.catalog.formula import MOST, Formula, compute, parse, written

WORDS = {"ventas": "sales", "unidades": "units", "ticket promedio": "average_ticket", "costo": "cost"}
NAMES = {v: k for k, v in WORDS.items()}
VALUES = {
    "sales": Decimal("1234567.89"),
    "units": Decimal("321.5"),
    "average_ticket": Decimal("8400"),
    "cost": Decimal("-17.25"),
}


def value(text: str) -> Decimal | None:
    return compute(parse(text, WORDS), VALUES)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ventas / unidades", VALUES["sales"] / VALUES["units"]),
        ("ventas − costo × 2", VALUES["sales"] - VALUES["cost"] * 2),
        ("(ventas - costo) * 0,19", (VALUES["sales"] - VALUES["cost"]) * Decimal("0.19")),
        ("Ticket_Promedio ÷ 1.000", VALUES["average_ticket"] / 1000),
        ("-ventas + 1.5", -VALUES["sales"] + Decimal("1.5")),
        ("ventas / unidades / 2", VALUES["sales"] / VALUES["units"] / 2),
        ("ticket promedio", VALUES["average_ticket"]),
    ],
)
def test_it_means_what_arithmetic_means(text: str, expected: Decimal):
    found = value(text)
    assert found is not None
    assert abs(found - expected) < Decimal("1e-20")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "falta algo"),
        ("ventas /", "falta algo"),
        ("(ventas", "cerrar un paréntesis"),
        ("ventas) + 1", "desde «)»"),
        ("2 + 2", "no usa ninguna métrica"),
        ("ventas ** 2", "No esperaba «*»"),
        ("__import__('os')", "No conozco la métrica «__import__"),
        ("ventas @ 2", "No entiendo «@ 2»"),
        ("ventas; DROP TABLE fact_sales", "No entiendo"),
        ("ventass / unidades", "¿Quisiste decir «ventas»?"),
        ("ventas unidades", "No conozco la métrica"),
        ("ventas * 1.50.2", "número"),
        ("ventas" + " + 1" * 80, "larga"),
        ("(" * 14 + "ventas" + ")" * 14, "demasiados paréntesis"),
        ("(" * 30 + "ventas" + ")" * 30, "larga"),
        ("ventas + 1 2", "desde"),
    ],
)
def test_what_it_does_not_understand_it_says(text: str, said: str):
    with pytest.raises(BadInput) as refused:
        parse(text, WORDS)
    assert said in refused.value.spanish


def test_nothing_is_divided_by_nothing():
    assert compute(parse("ventas / (unidades - 321,5)", WORDS), VALUES) is None
    assert compute(parse("ventas / costo", WORDS), {**VALUES, "cost": None}) is None
    assert compute(parse("0 * ventas / 0", WORDS), VALUES) is None


_PYTHON = {"sales": "s", "units": "u", "average_ticket": "t", "cost": "c"}
_LEAF = st.one_of(
    st.sampled_from(sorted(WORDS)).map(lambda w: (w, _PYTHON[WORDS[w]])),
    st.integers(0, 999).map(lambda n: (str(n), f"F({n})")),
)
_TREE = st.recursive(
    _LEAF,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(
            lambda x: (f"({x[0][0]} {x[1]} {x[2][0]})", f"({x[0][1]} {x[1]} {x[2][1]})")
        ),
        inner.map(lambda x: (f"(-{x[0]})", f"(-{x[1]})")),
    ),
    max_leaves=8,
)


@given(_TREE)
def test_it_agrees_with_exact_fractions_and_reads_back_what_it_writes(pair: tuple[str, str]):
    text, python = pair
    if not any(w in text for w in WORDS) or len(text) > 200:
        return
    formula = parse(text, WORDS)
    numbers = {_PYTHON[k]: Fraction(v) for k, v in VALUES.items()}
    try:
        expected: Fraction | None = eval(python, {"F": Fraction}, numbers)
    except ZeroDivisionError:
        expected = None
    found = compute(formula, VALUES)
    if expected is None or abs(expected) >= MOST:
        assert found is None
    else:
        assert found is not None
        assert abs(Fraction(found) - expected) <= abs(expected) * Fraction(1, 10**25)
    again = written(formula, lambda m: NAMES[m])
    if len(again) <= 200:
        back = compute(parse(again, WORDS), VALUES)
        assert back == found or (back and found and abs(back - found) <= abs(found) * Decimal("1e-25"))


@pytest.mark.parametrize("text", [f"ventas * {'9' * 60}", "−".join(["ventas * ventas * ventas * ventas"] * 3)])
def test_what_nobody_could_write_is_no_figure(text: str):
    assert compute(parse(text, WORDS), dict.fromkeys(WORDS.values(), Decimal("8412350"))) is None


@given(st.text(max_size=120))
def test_any_text_is_a_formula_or_a_message(text: str):
    with suppress(BadInput):
        assert isinstance(parse(text, WORDS), Formula)
