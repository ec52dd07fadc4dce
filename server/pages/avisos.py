"""Avisos: what is open, what the company asked to be told of, and what was told; a form a kind of rule."""

from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Form
from starlette.responses import HTMLResponse, RedirectResponse, Response

import features
from assistant.citations import encode
from core import auth, db
from core.errors import AyniError, NotFound
from core.language import join
from core.periods import Period
from core.tenancy import Permission, Scope
from features import alerts
from features.alerts import KIND, MOST_DAYS, Alert, Kept, Wish, days_ahead, may_answer, respond
from server.alerts import letter, tickets
from server.alerts.form import AHEAD, Typed, choices, read, typed_of
from server.channels import email
from server.channels.whatsapp.reply import cut
from server.identity import CurrentVisitor, Visitor, permitted
from server.pages.shared import page
from server.templates import render

router = APIRouter(prefix="/avisos")
MOST_NAMED = 5
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
        known = features.coverage(scope, connection).period
        by_id = {k.id: k for k in rules}
        mine = {
            a.id for a in found if a.id in unseen and may_answer(a, by_id.get(a.rule_id), scope, connection)
        }  # fmt: skip
    return page(
        "avisos.html", visitor, "avisos",
        open=[{**_told(a, by_id, scope), "may": a.id in mine} for a in found if a.id in unseen],
        past=[_told(a, by_id, scope) for a in found if a.id not in unseen],
        rules=[_shown(k, scope, now, known) for k in rules], kinds=offered, may=scope.may(Permission.plan),
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
    with db.tenant(visitor.scope) as connection:
        respond(alert_id, Wish(), visitor.scope, connection, _now())
    return RedirectResponse("/avisos?hecho=vista", 303)


@router.post("/alerta/{alert_id}/posponer")
def put_off(alert_id: UUID, visitor: CurrentVisitor, days: Annotated[int, Form(ge=1, le=MOST_DAYS)]) -> Response:
    scope, now = visitor.scope, _now()
    with db.tenant(scope) as connection:
        respond(alert_id, days_ahead(days, scope, now), scope, connection, now)
    return RedirectResponse("/avisos?hecho=pospuesta", 303)


@router.get("/correo/{ticket}")
def from_mail(ticket: str, hacer: str = "vista") -> HTMLResponse:
    """Asks first, and changes nothing: mail scanners open every link they find."""
    return _answering(ticket, hacer)


@router.post("/correo/{ticket}")
def answered(
    ticket: str,
    hacer: Annotated[Literal["vista", "posponer"], Form()],
    days: Annotated[int, Form(ge=1, le=MOST_DAYS)] = 1,
) -> HTMLResponse:
    """The reader's own yes, as the member that the link was written to."""
    alert_id, scope = tickets.opened(ticket)
    now = _now()
    wish = Wish() if hacer == "vista" else days_ahead(days, scope, now)
    try:
        with db.tenant(scope) as connection:
            said = respond(alert_id, wish, scope, connection, now)
    except AyniError as problem:
        return _answering(ticket, hacer, problem)
    return _answering(ticket, hacer, said=said)


SAID = {
    "creado": "Listo: te aviso cuando pase.",
    "guardado": "Guardado.",
    "quitado": "Quitado. Ya no te aviso de eso.",
    "vista": "Anotada como vista.",
    "pospuesta": "Pospuesta. Ese día te la recuerdo.",
}


def _answering(ticket: str, hacer: str, problem: AyniError | None = None, said: str = "") -> HTMLResponse:
    alert_id, scope = tickets.opened(ticket)
    with db.tenant(scope) as connection:
        alert = alerts.alert(alert_id, scope, connection)
    return render(
        "aviso_responder.html",
        {
            "company": scope.company, "alert": alert, "said": said, "problem": problem, "ahead": AHEAD,
            "first": "posponer" if hacer == "posponer" else "vista", "action": f"{tickets.PATH}{ticket}",
        },
        problem.http_status if problem else 200,
    )  # fmt: skip


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
        "several": [(item, letter.sources(item)) for item in alert.items],
        "rule": kept,
        "ask": alerts.question(kept.rule, alert.query.period) if kept else "",
    }


def _shown(kept: Kept, scope: Scope, now: datetime, known: Period | None) -> dict[str, Any]:
    """A rule with how it is told, and why it is silent where it is."""
    rule, low = kept.rule, sorted(kept.state.low)
    ways = {"email": "por correo", "whatsapp": "por WhatsApp"}
    paused = rule.paused_until if rule.paused_until and rule.paused_until > _today(scope, now) else None
    return {
        "id": kept.id,
        "sentence": alerts.sentence(rule, scope.company),
        "how": ", ".join(["aquí", *(ways[c] for c in rule.channels if c in ways)]),
        "waiting": not kept.state.armed,
        "low": cut(join(low[:MOST_NAMED] + ([f"{len(low) - MOST_NAMED} más"] if len(low) > MOST_NAMED else [])), 200)
        if not rule.filters
        else "",
        "lacking": alerts.lacking(rule, known) if known else "",
        "paused": paused,
    }


def _now() -> datetime:
    return datetime.now(UTC)


def _today(scope: Scope, now: datetime) -> date:
    return scope.company.day_of(now)
