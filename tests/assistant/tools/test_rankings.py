"""Members in order, and what an order by sums does not show."""

import asyncio
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import assistant
from assistant.parts import Answer, Question
from core import db
from core.tenancy import Scope
from tests.features.sample import Line, load


def asked(scope: Scope, sold: list[Line], text: str) -> Answer:
    with db.tenant(scope) as connection:
        load(sold, scope, connection)
    return asyncio.run(assistant.answer(Question(text, None, "test", date(2026, 9, 30)), scope))


def test_five_wednesdays_outsell_four_better_thursdays_and_it_is_said(new_scope: Callable[..., Scope]) -> None:
    usual = {
        1: 900,
        2: 1000,
        3: 1200,
        4: 700,
        5: 700,
        6: 600,
        0: 500,
    }  # September 2026 has five Tuesdays and Wednesdays
    days = [date(2026, 9, d) for d in range(1, 31)]
    sold = [Line(day, Decimal(usual[day.weekday()])) for day in days]
    told = asked(new_scope(), sold, "¿qué día de la semana vendo más en septiembre?")
    assert told.figures[0].value == 5 * 1000
    assert "hubo 5 miércoles y 4 jueves: en promedio por día, el que más deja es el **jueves**, $1.200." in told.text


def test_the_best_weekday_says_what_one_leaves(new_scope: Callable[..., Scope]) -> None:
    sold = [Line(date(2026, 9, d), Decimal(2000 if date(2026, 9, d).weekday() == 5 else 500)) for d in range(1, 31)]
    told = asked(new_scope(), sold, "¿qué día de la semana vendo más en septiembre?")
    assert "Cada sábado deja en promedio $2.000." in told.text
