"""Rules by chat: made with the figure as it is, told back, ended; only for who may plan, and for one company alone."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

import assistant
import features
from assistant.citations import decode
from assistant.parts import Answer, Question
from core import db
from core.tenancy import Role, Scope
from features import alerts
from tests.features.sample import Line, load

FIRST = date(2026, 8, 3)


@pytest.fixture
def shop(new_scope: Callable[..., Scope]) -> Scope:
    """Thirteen even weeks with a margin of 40 %."""
    scope = new_scope()
    lines = [
        Line(FIRST + timedelta(days=d), Decimal(1000), order=f"{b}{d}", branch=b, product="Pan", cost=Decimal(600))
        for d in range(91) for b in ("Talca", "Centro")
    ]  # fmt: skip
    with db.tenant(scope) as connection:
        load(lines, scope, connection)
        features.refresh(scope, connection)
    return scope


def ask(scope: Scope, text: str, conversation: str | None = None) -> Answer:
    return asyncio.run(assistant.answer(Question(text, conversation, "test", date(2026, 11, 2)), scope))


def rules(scope: Scope) -> list[alerts.Kept]:
    with db.tenant(scope) as connection:
        return alerts.rules(scope, connection)


def test_a_rule_is_made_and_says_how_it_stands_and_how_to_undo_it(shop: Scope) -> None:
    answer = ask(shop, "avísame si el margen baja de 30 %")
    (kept,) = rules(shop)
    assert answer.status == "answered"
    assert answer.verified
    assert "**si el margen bruto de una semana baja de 30 %**" in answer.text
    assert f"/avisos/{kept.id}" in answer.text
    (figure,) = answer.figures
    assert figure.value == Decimal("0.4")
    with db.tenant(shop) as connection:
        assert features.run(decode(answer.citations[0].href), shop, connection).value() == figure.value
    again = ask(shop, "avísame si el margen baja de 30 %")
    assert again.text == answer.text
    assert len(rules(shop)) == 1
    with db.tenant(shop) as connection:
        noted = connection.execute("SELECT count(*) FROM audit_log WHERE action = 'alert_rule_made'").fetchone()
    assert noted == (1,)


def test_what_is_crossed_already_is_said_at_once(shop: Scope) -> None:
    assert "Ya está así" in ask(shop, "avísame si el margen baja de 50 %").text
    (kept,) = rules(shop)
    assert not kept.state.armed


def test_rules_are_told_back_and_ended(shop: Scope) -> None:
    assert "Todavía no vigilo nada" in ask(shop, "¿qué avisos tengo?").text
    ask(shop, "avísame si el margen baja de 30 %")
    ask(shop, "avísame si las ventas de Talca caen más de 20 %")
    told = ask(shop, "¿qué avisos tengo?")
    assert told.verified
    assert "2 cosas" in told.text
    assert "ventas de un mes en Talca caen más de 20 %" in told.text
    assert "¿Cuál dejo?" in ask(shop, "deja de avisarme").text
    ended = ask(shop, "deja de avisarme del margen")
    assert "ya no te aviso si el margen bruto de una semana baja de 30 %" in ended.text
    assert [k.rule.metric for k in rules(shop)] == ["sales"]
    ask(shop, ended.follow_ups[0])  # and back again
    assert len(rules(shop)) == 2
    ask(shop, "quita todos los avisos")
    assert rules(shop) == []
    assert "nada" in ask(shop, "deja de avisarme del margen").text


def test_only_who_may_plan_changes_rules(shop: Scope) -> None:
    viewer = replace(shop, role=Role.viewer)
    assert ask(viewer, "avísame si el margen baja de 30 %").status == "refused"
    assert rules(shop) == []
    ask(shop, "avísame si el margen baja de 30 %")
    assert ask(viewer, "deja de avisarme del margen").status == "refused"
    assert "1 cosa" in ask(viewer, "¿qué avisos tengo?").text
    assert len(rules(shop)) == 1


def test_another_company_hears_nothing_of_it(shop: Scope, new_scope: Callable[..., Scope]) -> None:
    ask(shop, "avísame si el margen baja de 30 %")
    other = new_scope()
    assert "Todavía no vigilo nada" in ask(other, "¿qué avisos tengo?").text
    ask(other, "quita todos los avisos")
    assert len(rules(shop)) == 1


def test_the_next_question_does_not_lean_on_a_wish(shop: Scope) -> None:
    ask(shop, "¿cuánto vendí en octubre?", "hilo")
    ask(shop, "avísame si el margen baja de 30 %", "hilo")
    follow = ask(shop, "¿y en septiembre?", "hilo")
    assert follow.figures[0].metric == "sales"
    assert len(rules(shop)) == 1


def test_without_the_column_it_says_what_is_missing(shop: Scope) -> None:
    answer = ask(shop, "avísame si los descuentos pasan de 50.000")
    assert answer.status == "no_data"
    assert rules(shop) == []


def test_a_target_that_is_not_there_is_asked_for(shop: Scope) -> None:
    answer = ask(shop, "avísame si voy bajo la meta")
    assert "/metas" in answer.text
    assert len(rules(shop)) == 1


def test_a_rule_is_changed_where_it_is_asked_for(shop: Scope) -> None:
    assert "Todavía no vigilo nada" in ask(shop, "cámbialo a 25 %").text
    ask(shop, "avísame si el margen baja de 30 %")
    changed = ask(shop, "cámbialo a 25 %")
    assert "**si el margen bruto de una semana baja de 25 %**" in changed.text
    assert "antes: si el margen bruto de una semana baja de 30 %" in changed.text
    assert changed.verified
    assert changed.figures[0].value == Decimal("0.4")
    ask(shop, "avísame si las ventas de Talca caen más de 20 %")
    ask(shop, "avísame si no subo ventas en 10 días")
    ask(shop, "cambia el aviso de las ventas de Talca a 15 %")
    ask(shop, "haz que el aviso del margen sea por whatsapp")
    ask(shop, "silencia el aviso de las ventas de Talca por una semana")
    margin, talca, stale = rules(shop)
    assert (margin.rule.amount, margin.rule.channels) == (Decimal("0.25"), ("app", "whatsapp"))
    assert talca.rule.amount == Decimal("0.15")
    assert talca.rule.paused_until is not None
    assert "ese límite no le sirve" in ask(shop, "cambia el aviso del margen a 5 días").text
    assert "¿Cuál cambio?" in ask(shop, "cambia el aviso a 12 %").text
    assert ask(replace(shop, role=Role.viewer), "cambia el aviso del margen a 10 %").status == "refused"
    assert rules(shop) == [margin, talca, stale]


def test_no_other_rule_goes_for_one_that_is_not_there(shop: Scope) -> None:
    ask(shop, "avísame si el margen baja de 30 %")
    for said in ("quita el aviso de la merma", "elimina la alerta de stock", "deja de avisarme de la meta"):
        ask(shop, said)
        assert len(rules(shop)) == 1, said
    ask(shop, "avísame si el margen baja de 20 %")
    which = ask(shop, "quita el aviso del margen")
    assert "¿Cuál dejo?" in which.text
    ask(shop, which.follow_ups[0])
    assert [k.rule.amount for k in rules(shop)] == [Decimal("0.2")]
