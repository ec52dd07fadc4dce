"""A company's own metric in the chat: by its name, compared, split, ranked, defined, and unknown to others."""

import asyncio
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

import assistant
from assistant.parts import Answer, Question
from core import db
from core.periods import Period
from core.tenancy import Scope
from features import own
from features.catalog.types import Good, Unit
from tests.features.gold import MEMBER, gold
from tests.features.sample import Line, draw, load

LINES = draw(5, 900, date(2026, 1, 1), 300)
NAME = "Venta por hora atendida"


@pytest.fixture
def company(scope: Scope) -> Scope:
    with db.tenant(scope) as connection:
        load(LINES, scope, connection)
        own.define(NAME, "ventas / 200", Unit.money, Good.up, scope, connection)
        own.define("Costo por pieza", "(ventas - utilidad) / unidades", Unit.money, Good.down, scope, connection)
    return scope


def ask(scope: Scope, text: str) -> Answer:
    return asyncio.run(assistant.answer(Question(text, as_of=date(2026, 10, 31)), scope))


def sales(month: int, lines: list[Line] = LINES) -> Decimal:
    value = gold("sales", Period.month(2026, month), lines, LINES)
    assert value is not None
    return value


@pytest.mark.parametrize(
    "text",
    [
        "¿cuál fue mi venta por hora atendida en septiembre?",
        "venta por hora atendida de septiembre",
        "dime la VENTA POR HORA ATENDIDA en septiembre de 2026",
        "cuanto fue la venta por hora atendda en septiembre",
    ],
)
def test_its_value_by_its_name(company: Scope, text: str):
    told = ask(company, text)
    assert told.status == "answered"
    first = told.figures[0]
    assert first.metric.startswith("own_")
    assert first.value == sales(9) / 200
    assert told.verified
    assert "venta por hora atendida" in told.text
    assert told.citations[0].href.startswith(f"/fuentes?metric={first.metric}")


def test_it_ranks_and_compares(company: Scope):
    told = ask(company, "¿qué sucursal tiene mejor venta por hora atendida en septiembre?")
    by_branch = {
        b: sales(9, [x for x in LINES if MEMBER["branch"](x) == b]) for b in {MEMBER["branch"](x) for x in LINES}
    }
    named = {b: v for b, v in by_branch.items() if not b.startswith("(")}
    assert told.figures[0].slice["branch"] == max(named, key=lambda b: named[b])
    assert told.figures[0].value == max(named.values()) / 200
    two = ask(company, "compara la venta por hora atendida de agosto con la de septiembre")
    assert {f.value for f in two.figures} >= {sales(8) / 200, sales(9) / 200}


def test_by_month_and_definition(company: Scope):
    told = ask(company, "¿cómo ha evolucionado la venta por hora atendida por mes?")
    assert told.status == "answered"
    assert sales(9) / 200 in [f.value for f in told.figures]
    defined = ask(company, "¿qué es la venta por hora atendida?")
    assert "ventas ÷ 200" in defined.text


def test_others_do_not_know_it_and_taken_away_it_is_gone(company: Scope, new_scope: Callable[..., Scope]):
    other = new_scope()
    with db.tenant(other) as connection:
        load(LINES, other, connection)
    told = ask(other, "¿cuál fue mi venta por hora atendida en septiembre?")
    assert all(not f.metric.startswith("own_") for f in told.figures)
    with db.tenant(company) as connection:
        (mine,) = [m for m in own.own_metrics(company, connection) if m.name == "venta por hora atendida"]
        own.remove(mine.id, company, connection)
    gone = ask(company, "¿cuál fue mi venta por hora atendida en septiembre?")
    assert all(not f.metric.startswith("own_") for f in gone.figures)
