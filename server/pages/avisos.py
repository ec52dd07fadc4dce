"""Avisos: what is open, what the company asked to be told of, and what was told; a form a kind of rule."""

from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form
from starlette.responses import HTMLResponse, RedirectResponse, Response

from assistant.citations import encode
from core import auth, db
from core.db import Connection
from core.errors import AyniError, NotFound
from core.tenancy import Permission, Scope
from features import alerts
from features.alerts import KIND, Alert, Kept
from server.alerts import planning
from server.alerts.form import AHEAD, Typed, choices, read, typed_of
from server.channels import email
from server.identity import CurrentVisitor, Visitor, permitted, require
from server.pages.shared import page

router = APIRouter(prefix="/avisos")
Planner = Annotated[Visitor, permitted(Permission.plan)]
Filled = Annotated[Typed, Form()]


@router.get("")
def overview(visitor: CurrentVisitor, hecho: str = "") -> HTMLResponse:
    scope, now = visitor.scope, _now()
    with db.tenant(scope) as connection:
        rules = alerts.rules(scope, connection)
        found = alerts.history(scope, connection, now)
        unseen = {a.id for a in alerts.open_alerts(scope, connection, now)}
        offered = alerts.kinds(scope, connection)
    by_id = {k.id: k for k in rules}
    return page(
        "avisos.html", visitor, "avisos", open=[_told(a, by_id, scope) for a in found if a.id in unseen],
        past=[_told(a, by_id, scope) for a in found if a.id not in unseen],
        rules=[_shown(k, scope, now) for k in rules], kinds=offered, may=scope.may(Permission.plan),
        said=SAID.get(hecho, ""), ahead=AHEAD, able=email.able(),
    )  # fmt: skip


@router.get("/nuevo")
def blank(visitor: Planner, clase: str = "threshold") -> HTMLResponse:
    if clase not in KIND:
        raise NotFound("kind", "No conozco esa clase de aviso.", "Elige una en Avisos.")
    return _form(visitor, Typed(kind=clase, channels=["email"]), None)


@router.post("/nuevo")
def create(visitor: Planner, typed: Filled) -> Response:
    scope = visitor.scope
    try:
        with db.tenant(scope) as connection:
            kept = alerts.create(read(typed, scope, connection), scope, connection, _now())
            auth.note(scope, "alert_rule_made", alerts.sentence(kept.rule, scope.company), connection)
    except AyniError as problem:
        return _form(visitor, typed, None, problem)
    return RedirectResponse("/avisos?hecho=creado", 303)


@router.get("/{rule_id}")
def one(rule_id: UUID, visitor: CurrentVisitor) -> HTMLResponse:
    with db.tenant(visitor.scope) as connection:
        kept = alerts.kept(rule_id, visitor.scope, connection)
    return _form(visitor, typed_of(kept.rule), kept)


@router.post("/{rule_id}")
def change(rule_id: UUID, visitor: Planner, typed: Filled) -> Response:
    scope = visitor.scope
    with db.tenant(scope) as connection:
        kept = alerts.kept(rule_id, scope, connection)
    try:
        with db.tenant(scope) as connection:
            kept = alerts.update(rule_id, read(typed, scope, connection), scope, connection, _now())
            auth.note(scope, "alert_rule_changed", alerts.sentence(kept.rule, scope.company), connection)
    except AyniError as problem:
        return _form(visitor, typed, kept, problem)
    return RedirectResponse("/avisos?hecho=guardado", 303)


@router.post("/{rule_id}/quitar")
def remove(rule_id: UUID, visitor: Planner) -> Response:
    scope = visitor.scope
    with db.tenant(scope) as connection:
        kept = alerts.end(rule_id, scope, connection, _now())
        auth.note(scope, "alert_rule_ended", alerts.sentence(kept.rule, scope.company), connection)
    return RedirectResponse("/avisos?hecho=quitado", 303)


@router.post("/alerta/{alert_id}/vista")
def seen(alert_id: UUID, visitor: CurrentVisitor) -> Response:
    scope = visitor.scope
    with db.tenant(scope) as connection:
        _may_answer(alert_id, scope, connection)
        alerts.acknowledge(alert_id, scope, connection, _now())
        planning.cancel(alert_id, scope, connection)
    return RedirectResponse("/avisos?hecho=vista", 303)


@router.post("/alerta/{alert_id}/posponer")
def put_off(alert_id: UUID, visitor: CurrentVisitor, days: Annotated[int, Form(ge=1, le=180)]) -> Response:
    scope, now = visitor.scope, _now()
    with db.tenant(scope) as connection:
        kept = _may_answer(alert_id, scope, connection)
        until = _today(scope, now) + timedelta(days=days)
        alerts.snooze(alert_id, until, scope, connection, now)
        planning.cancel(alert_id, scope, connection)
        if kept is not None:
            at = alerts.morning_of(until, kept.rule.quiet, scope.company.tz)
            planning.remind(alert_id, kept.rule, at, scope, connection)
    return RedirectResponse("/avisos?hecho=pospuesta", 303)


SAID = {
    "creado": "Listo: te aviso cuando pase.",
    "guardado": "Guardado.",
    "quitado": "Quitado. Ya no te aviso de eso.",
    "vista": "Anotada como vista.",
    "pospuesta": "Pospuesta. Ese día te la recuerdo.",
}


def _may_answer(alert_id: UUID, scope: Scope, connection: Connection) -> Kept | None:
    """The alert's rule, None where it ended; Forbidden for who neither plans nor is told of it."""
    found = alerts.alert(alert_id, scope, connection)
    kept = next((k for k in alerts.rules(scope, connection) if k.id == found.rule_id), None)
    if not _is_told(kept, scope):
        require(scope, Permission.plan)
    return kept


def _is_told(kept: Kept | None, scope: Scope) -> bool:
    """Whether a rule names the visitor."""
    return kept is not None and scope.user_id is not None and scope.user_id in (kept.rule.recipient, kept.rule.second)


def _form(visitor: Visitor, typed: Typed, kept: Kept | None, problem: AyniError | None = None) -> HTMLResponse:
    scope = visitor.scope
    with db.tenant(scope) as connection:
        offered = choices(typed, scope, connection)
    return page(
        "aviso.html", visitor, "avisos", 400 if problem else 200, typed=typed, kind=KIND[typed.kind], kept=kept,
        sentence=alerts.sentence(kept.rule, scope.company) if kept else "", problem=problem,
        may=scope.may(Permission.plan), **offered,
    )  # fmt: skip


def _told(alert: Alert, rules: dict[UUID, Kept], scope: Scope) -> dict[str, Any]:
    """An alert with what the page links it to."""
    kept = rules.get(alert.rule_id)
    return {
        "alert": alert,
        "on": scope.company.day_of(alert.fired_at),
        "source": encode(alert.query),
        "rule": kept,
        "ask": alerts.question(kept.rule, alert.query.period) if kept else "",
        "may": scope.may(Permission.plan) or _is_told(kept, scope),
    }


def _shown(kept: Kept, scope: Scope, now: datetime) -> dict[str, Any]:
    rule = kept.rule
    ways = {"email": "por correo", "whatsapp": "por WhatsApp"}
    paused = rule.paused_until if rule.paused_until and rule.paused_until > _today(scope, now) else None
    return {
        "id": kept.id,
        "sentence": alerts.sentence(rule, scope.company),
        "how": ", ".join(["aquí", *(ways[c] for c in rule.channels if c in ways)]),
        "waiting": not kept.state.armed,
        "paused": paused,
    }


def _now() -> datetime:
    return datetime.now(UTC)


def _today(scope: Scope, now: datetime) -> date:
    return scope.company.day_of(now)
