"""Avisos: made, changed, seen, put off and taken away on the page; closed to other roles and other companies."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from core import db
from core.periods import Grain
from core.tenancy import Role
from features import alerts
from features.alerts import Rule, planning
from features.query import Filter
from server.alerts.form import typed_of
from tests.server.conftest import Person

Shop = Callable[..., Person]
FORM = {
    "kind": "threshold", "metric": "gross_margin", "side": "below", "amount": "30", "grain": "week",
    "only": "branch:Talca", "channels": ["email"],
}  # fmt: skip


def rules(owner: Person) -> list[alerts.Kept]:
    with db.tenant(owner.scope) as connection:
        return alerts.rules(owner.scope, connection)


def an_alert(owner: Person, second: UUID | None = None) -> UUID:
    """An open alert of a rule about stale data."""
    rule = Rule("stale", "sales", "above", Decimal(1), Grain.day, second=second)
    with db.tenant(owner.scope) as connection:
        kept = alerts.create(rule, owner.scope, connection, datetime(2026, 11, 1, 15, tzinfo=UTC))
        assert kept.state.armed
        planning.evaluate(owner.scope, connection, datetime.now(UTC))
        return alerts.history(owner.scope, connection, datetime.now(UTC))[0].id


def test_a_rule_is_made_changed_and_taken_away(shop: Shop) -> None:
    owner = shop()
    assert "Todavía no vigilo nada" in owner.browser.get("/avisos").text
    for kind in ("threshold", "change", "anomaly", "pace", "stale"):
        assert owner.browser.get(f"/avisos/nuevo?clase={kind}").status_code == 200
    made = owner.browser.post("/avisos/nuevo", data=FORM)
    assert made.headers["location"] == "/avisos?hecho=creado"
    (kept,) = rules(owner)
    assert kept.rule.amount == Decimal("0.3")
    assert kept.rule.channels == ("app", "email")
    said = "si el margen bruto de una semana en Talca baja de 30 %"
    assert said in owner.browser.get("/avisos").text
    assert said in owner.browser.get(f"/avisos/{kept.id}").text
    changed = owner.browser.post(f"/avisos/{kept.id}", data={**FORM, "amount": "25,5 %", "channels": []})
    assert changed.status_code == 303
    (kept,) = rules(owner)
    assert (kept.rule.amount, kept.rule.channels) == (Decimal("0.255"), ("app",))
    assert owner.browser.post(f"/avisos/{kept.id}/quitar").status_code == 303
    assert rules(owner) == []
    assert owner.browser.get(f"/avisos/{kept.id}").status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": "mucho"}, {"metric": "nada"}, {"side": "both"}, {"only": "branch:Marte"}, {"grain": "year"},
        {"channels": ["fax"]}, {"second": "yo"}, {"escalate_hours": "-1"}, {"quiet_from": "25"}, {"pause": "siempre"},
        {"second": str(UUID(int=7))}, {"kind": "stock"},
    ],
    ids=str,
)  # fmt: skip
def test_a_mistake_says_so_and_keeps_what_was_typed(shop: Shop, wrong: dict[str, object]) -> None:
    owner = shop()
    answer = owner.browser.post("/avisos/nuevo", data={**FORM, "cooldown_hours": "36", **wrong})
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    if wrong.get("kind") is None:
        assert 'value="36"' in answer.text
    assert rules(owner) == []


def test_what_a_rule_says_is_what_its_form_says(shop: Shop) -> None:
    owner = shop()
    assert owner.browser.post("/avisos/nuevo", data={**FORM, "kind": "change", "amount": "20", "side": "both"})
    (kept,) = rules(owner)
    typed = typed_of(kept.rule).model_dump()
    assert owner.browser.post(f"/avisos/{kept.id}", data=typed).status_code == 303
    assert rules(owner)[0].rule == kept.rule


def test_an_open_alert_shows_on_every_page_until_it_is_seen(shop: Shop) -> None:
    owner = shop()
    assert 'class="bell"' not in owner.browser.get("/empresa").text
    id = an_alert(owner)
    assert 'aria-label="1 aviso por ver"' in owner.browser.get("/empresa").text
    shown = owner.browser.get("/avisos").text
    assert f'id="alerta-{id}"' in shown
    assert "/fuentes?metric=sales" in shown
    assert owner.browser.post(f"/avisos/alerta/{id}/vista").status_code == 303
    after = owner.browser.get("/avisos").text
    assert 'class="bell"' not in after
    assert "vista por Rosa" in after


def test_put_off_it_is_gone_and_a_reminder_is_due(shop: Shop) -> None:
    owner = shop()
    id = an_alert(owner)
    assert owner.browser.post(f"/avisos/alerta/{id}/posponer", data={"days": "7"}).status_code == 303
    assert f'id="alerta-{id}"' not in owner.browser.get("/avisos").text
    with db.tenant(owner.scope) as connection:
        rows = connection.execute(
            "SELECT reason, state, due_at FROM alert_deliveries WHERE alert_id = %s ORDER BY due_at", [id]
        ).fetchall()
    assert [(reason[:5], state) for reason, state, _ in rows] == [("first", "cancelled"), ("again", "waiting")]
    assert rows[1][2] > datetime.now(UTC) + timedelta(days=6)
    assert owner.browser.post(f"/avisos/alerta/{id}/posponer", data={"days": "900"}).status_code in (400, 422)


def test_roles_that_plan_change_and_the_others_look(shop: Shop, person: Shop) -> None:
    owner = shop()
    viewer, analyst = person(Role.viewer, owner.scope), person(Role.analyst, owner.scope)
    assert "Los avisos los pone quien administra" in viewer.browser.get("/avisos").text
    assert "pedírmelo" not in viewer.browser.get("/avisos").text
    assert analyst.browser.post("/avisos/nuevo", data=FORM).status_code == 303
    (kept,) = rules(owner)
    looked = viewer.browser.get("/avisos")
    assert looked.status_code == 200
    assert "/quitar" not in looked.text
    assert viewer.browser.get(f"/avisos/{kept.id}").status_code == 200
    assert viewer.browser.get("/avisos/nuevo").status_code == 403
    for path in ("/avisos/nuevo", f"/avisos/{kept.id}", f"/avisos/{kept.id}/quitar"):
        assert viewer.browser.post(path, data=FORM).status_code == 403
    id = an_alert(owner)
    assert viewer.browser.post(f"/avisos/alerta/{id}/vista").status_code == 403
    assert viewer.browser.post(f"/avisos/alerta/{id}/posponer", data={"days": "1"}).status_code == 403
    assert len(rules(owner)) == 2


def test_whoever_is_told_may_answer(shop: Shop, person: Shop) -> None:
    owner = shop()
    viewer = person(Role.viewer, owner.scope)
    id = an_alert(owner, second=viewer.user.id)
    assert viewer.browser.post(f"/avisos/alerta/{id}/vista").status_code == 303


def test_another_companys_things_are_not_there(shop: Shop, person: Shop, browser: object) -> None:
    owner, stranger = shop(), person()
    id = an_alert(owner)
    (kept,) = rules(owner)
    assert stranger.browser.get(f"/avisos/{kept.id}").status_code == 404
    for path in (
        f"/avisos/{kept.id}", f"/avisos/{kept.id}/quitar", f"/avisos/alerta/{id}/vista",
        f"/avisos/alerta/{id}/posponer",
    ):  # fmt: skip
        assert stranger.browser.post(path, data={**FORM, "days": "1"}).status_code == 404
    assert str(kept.id) not in stranger.browser.get("/avisos").text
    assert rules(owner) == [kept]
    assert browser.get("/avisos").status_code == 401  # type: ignore[attr-defined]


def test_names_are_text_and_never_markup(shop: Shop, tmp_path: object) -> None:
    owner = shop()
    rule = Rule("threshold", "sales", "below", Decimal(10), Grain.week)
    with db.tenant(owner.scope) as connection:
        alerts.create(
            replace(rule, filters=(Filter("product", ("<script>alert(1)</script>",)),)),
            owner.scope, connection, datetime.now(UTC),
        )  # fmt: skip
    page = owner.browser.get("/avisos").text
    assert "<script>alert(1)" not in page
    assert re.search(r"&lt;script&gt;alert\(1\)", page)
