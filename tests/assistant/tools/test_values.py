"""Spans side by side where the data hold one of them in part only."""

import asyncio
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest

import assistant
from assistant.parts import Answer, Question
from core import db
from core.tenancy import Scope
from tests.features.sample import Line, load

FIRST, LAST = date(2025, 3, 1), date(2026, 11, 19)
# A hundred a day in the first year, 110 from March 2026 on.
SOLD = [Line(FIRST + timedelta(n), Decimal(100 if n < 365 else 110)) for n in range((LAST - FIRST).days + 1)]


@pytest.fixture(scope="module")
def shop(new_scope: Callable[..., Scope]) -> Scope:
    scope = new_scope()
    with db.tenant(scope) as connection:
        load(SOLD, scope, connection)
    return scope


def asked(shop: Scope, text: str) -> Answer:
    return asyncio.run(assistant.answer(Question(text, None, "test", date(2026, 11, 20)), shop))


@pytest.mark.parametrize(
    "text",
    [
        "¿cuánto vendí en el primer semestre de 2026 comparado con el mismo del año pasado?",
        "compara mis ventas del primer semestre de 2026 con el primer semestre de 2025",
        "¿por qué subieron mis ventas en el primer semestre de 2026 comparado con el primer semestre de 2025?",
        "¿qué días de la semana explican el cambio del primer semestre de 2026 contra el primero de 2025?",
    ],
)
def test_a_span_that_the_data_begin_in_is_held_against_the_same_days_only(shop: Scope, text: str) -> None:
    told = asked(shop, text)
    assert {Decimal(122 * 110), Decimal(122 * 100)} <= {f.value for f in told.figures}  # March to June
    assert "1-mar-2025" in told.text
    apart = (Decimal(59 * 100 + 122 * 110) - 122 * 100) / (122 * 100)  # six months against four
    assert apart not in {f.value for f in told.figures}


def test_a_course_is_measured_between_whole_months(shop: Scope) -> None:
    told = asked(shop, "¿cómo vienen mis ventas por mes este año?")
    assert "de **$3.100** (enero 2026) a **$3.410** (octubre 2026) (+10 % de punta a punta)" in told.text
    assert "queda un tramo incompleto, del 1-nov-2026 al 19-nov-2026: $2.090" in told.text


def test_margins_lie_points_apart(new_scope: Callable[..., Scope]) -> None:
    scope = new_scope()
    made = [("Pan", 50), ("Torta", 80)]
    sold = [Line(date(2026, 10, 5), Decimal(100), product=p, quantity=Decimal(1), cost=Decimal(c)) for p, c in made]
    with db.tenant(scope) as connection:
        load(sold, scope, connection)
    assert "Pan tiene 30 puntos más que Torta." in asked(scope, "margen de pan contra torta en octubre").text
