"""Rules by chat: made with the figure as it is, told back, ended; only for who may plan, and for one company alone."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

import assistant
import features
from assistant.citations import decode
from assistant.parts import Answer, Question
from core import db
from core.periods import Grain
from core.tenancy import Role, Scope
from features import alerts
from features.alerts import planning
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


def joined(scope: Scope, name: str, role: Role = Role.viewer) -> UUID:
    """Somebody of that name joins the company of `scope`."""
    with db.owner() as connection:
        row = connection.execute(
            "WITH made AS (INSERT INTO users (email, name, password_hash) VALUES (%s, %s, '') RETURNING id) "
            "INSERT INTO memberships (company_id, user_id, role) SELECT %s, id, %s FROM made RETURNING user_id",
            [f"{uuid4().hex[:10]}@example.com", name, scope.company_id, role.value],
        ).fetchone()
    assert row is not None
    return row[0]


def test_whom_it_tells_is_a_member_and_said_back(shop: Scope, new_scope: Callable[..., Scope]) -> None:
    marta, rosa = joined(shop, "Marta Soto"), joined(shop, "Rosa Díaz", Role.owner)
    joined(new_scope(), "Pedro Rojas")
    ask(shop, "avísame si el margen baja de 30 %")
    told = ask(shop, "avísale también a Marta si no respondo en 6 horas")
    assert told.status == "answered"
    assert "si en 6 horas nadie lo marca como visto, también a **Marta Soto**" in told.text
    (kept,) = rules(shop)
    assert (kept.rule.recipient, kept.rule.second, kept.rule.escalate_hours) == (None, marta, 6)
    for stranger in ("Pedro", "pedro@example.com", "mi contador"):  # another company's is nobody here
        refused = ask(shop, f"avísale también a {stranger}")
        assert "Solo puedo avisar a quienes están en tu empresa" in refused.text
        assert "Rojas" not in refused.text
    assert "ya le llega a Rosa Díaz" in ask(shop, "avísale también a Rosa").text  # as an owner
    assert rules(shop) == [kept]
    ask(shop, "ya no le avises a Marta")
    assert rules(shop)[0].rule.second is None
    ask(shop, "avísale a Rosa en vez de a mí")
    assert rules(shop)[0].rule.recipient == rosa


def test_a_rule_made_for_somebody_else(shop: Scope) -> None:
    marta = joined(shop, "Marta Soto")
    assert "Solo puedo avisar" in ask(shop, "avísale a Berta si el margen baja de 30 %").text
    assert rules(shop) == []
    answer = ask(shop, "avísale a Marta si el margen baja de 30 %")
    assert answer.verified
    assert "Vigilo **si el margen bruto de una semana baja de 30 %**" in answer.text
    assert "Le llega a **Marta Soto**" in answer.text
    joined(shop, "Marta Rivas")
    assert "Marta Rivas o Marta Soto" in ask(shop, "avísale a Marta si las ventas caen más de 20 %").text.replace(
        "Marta Soto o Marta Rivas", "Marta Rivas o Marta Soto"
    )
    assert [k.rule.recipient for k in rules(shop)] == [marta]


def test_when_it_is_silent(shop: Scope) -> None:
    ask(shop, "avísame si el margen baja de 30 %")
    ask(shop, "avísame si las ventas de Talca caen más de 20 %")
    told = ask(shop, "no me avises entre 23 y 7")
    assert told.verified
    assert "Entre las **23:00** y las **7:00** no escribo" in told.text
    assert {(k.rule.quiet.start, k.rule.quiet.end) for k in rules(shop)} == {(23, 7)}
    ask(shop, "avísame a cualquier hora")
    assert {(k.rule.quiet.start, k.rule.quiet.end) for k in rules(shop)} == {(0, 0)}
    assert ask(replace(shop, role=Role.viewer), "no me avises de noche").status == "refused"


@pytest.fixture
def alarmed(new_scope: Callable[..., Scope]) -> Scope:
    """Two rules over data that went stale ten days ago, fired just now."""
    shop, now = new_scope(), datetime.now(UTC)
    with db.tenant(shop) as connection:
        load([Line(now.date() - timedelta(days=10), Decimal(1000), order="1")], shop, connection)
        features.refresh(shop, connection)
        for days in (Decimal(2), Decimal(3)):
            rule = alerts.Rule("stale", "sales", "above", days, Grain.day)
            alerts.create(rule, shop, connection, now - timedelta(days=9))
        assert planning.evaluate(shop, connection, now) == 2
    return shop


def waiting(scope: Scope) -> list[alerts.Alert]:
    with db.tenant(scope) as connection:
        return alerts.open_alerts(scope, connection, datetime.now(UTC))


def test_an_alert_is_answered_in_the_chat(alarmed: Scope, new_scope: Callable[..., Scope]) -> None:
    assert ask(new_scope(), "visto").text == "No tienes avisos por ver."
    joined(alarmed, "Rosa", Role.owner)
    which = ask(alarmed, "visto")
    assert (which.status, len(waiting(alarmed))) == ("clarify", 2)
    stranger = replace(alarmed, role=Role.viewer, user_id=joined(alarmed, "Ana"))
    assert ask(stranger, "vistos todos").text == "No tienes avisos por ver."  # none that are theirs to answer
    done = ask(alarmed, which.follow_ups[0])
    assert "Anotada como vista" in done.text
    assert done.verified
    (left,) = waiting(alarmed)
    for channel in ("whatsapp", "email"):  # there it answers the message before, which was no alert
        heard = asyncio.run(assistant.answer(Question("recibido", None, channel, date(2026, 11, 2)), alarmed))
        assert (heard.status, waiting(alarmed)) == ("clarify", [left])
    later = ask(alarmed, "pospón 3 días")
    assert "Pospuesta" in later.text
    assert left.title in later.text
    assert waiting(alarmed) == []
    with db.tenant(alarmed) as connection:
        reminders = connection.execute(
            "SELECT count(*) FROM alert_deliveries WHERE alert_id = %s AND starts_with(reason, 'again-')", [left.id]
        ).fetchone()
    assert reminders == (1,)
