"""Resumen: what comes, how often and by which way; how the last ones fared, what the next looks like; how to end it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import HTMLResponse, RedirectResponse, Response

import features
from core import db
from core.errors import BadInput, NotFound
from core.settings import settings
from core.tenancy import Permission, Scope
from server import addresses, bounces, jobs, outbox
from server.channels import email
from server.digest import choices, sending
from server.digest.editions import FREQUENCIES, TEMPLATES, Edition, Template, latest, parse
from server.digest.gather import compose
from server.digest.letter import Rendered, render
from server.identity import CurrentVisitor
from server.pages.shared import page
from server.templates import render as shown

router = APIRouter()
STATES = {
    "waiting": "Espera otro intento",
    "held": "Espera tus ventas",
    "claimed": "Saliendo",
    "sending": "Saliendo",
    "sent": "Enviado",
    "skipped": "No hacía falta",
    "failed": "No se pudo enviar",
    "unsure": "No sabemos si llegó",
    "bounced": "Rebotó: el correo no lo aceptó",
}
TROUBLE = ("failed", "unsure", "bounced")
NEXT: dict[str, Template] = {"daily": "daily", "weekly": "weekly", "monthly": "monthly", "closing": "closing"}


@dataclass(frozen=True, slots=True)
class Told:
    """A mail as the page tells it; `again` is its key where it can be sent once more."""

    name: str
    to: str
    state: str
    error: str
    at: date
    bad: bool
    again: str


@router.get("/resumen")
def overview(visitor: CurrentVisitor, formato: str = "", hecho: str = "") -> HTMLResponse:
    return _overview(visitor, formato, hecho)


@router.post("/resumen")
def choose(
    visitor: CurrentVisitor,
    frequency: Annotated[str, Form(max_length=20)],
    by: Annotated[str, Form(max_length=20)] = "email",
    section: Annotated[list[str] | None, Form()] = None,
) -> Response:
    chosen = choices.checked(frequency, by, section or ())
    with db.tenant(visitor.scope) as connection:
        choices.choose(chosen, visitor.scope, connection)
    return RedirectResponse("/resumen?hecho=guardado", 303)


@router.post("/resumen/otra-vez")
def again(visitor: CurrentVisitor, key: Annotated[str, Form(max_length=40)]) -> Response:
    """Send one of the visitor's own once more, of which nobody knows or which failed."""
    scope = visitor.scope
    parse(key)  # only summaries can be written again from here
    if scope.user_id is None:
        raise BadInput("again", "Cada persona pide el suyo.", "Entra con tu cuenta.")
    with db.tenant(scope) as connection:
        if not outbox.again(key, scope.user_id, scope, connection):
            raise NotFound("mail", "Ese resumen no espera otro envío.", "Mira en la lista cómo quedó.")
        bounces.resume(scope.user_id, scope, connection)
        job = jobs.enqueue(scope, "digest", {"key": key, "user": str(scope.user_id)}, connection)
    jobs.send(job)
    return RedirectResponse("/resumen?hecho=otra-vez", 303)


@router.post("/resumen/reanudar")
def resume(visitor: CurrentVisitor) -> Response:
    """Write to the visitor again after their address refused a mail."""
    if visitor.scope.user_id is not None:
        with db.tenant(visitor.scope) as connection:
            bounces.resume(visitor.scope.user_id, visitor.scope, connection)
    return RedirectResponse("/resumen?hecho=reanudado", 303)


@router.get("/resumen/correo")
def preview(visitor: CurrentVisitor, edicion: str = "") -> HTMLResponse:
    """The mail as it would be now, in the browser."""
    return HTMLResponse(_rendered(visitor.scope, edicion).page)


@router.get("/resumen/resumen.pdf")
def paper(visitor: CurrentVisitor, edicion: str = "") -> Response:
    rendered = _rendered(visitor.scope, edicion)
    if rendered.pdf is None:
        raise NotFound("summary", "De ese período no hay nada que imprimir.")
    disposition = f'inline; filename="{rendered.filename}"'
    return Response(rendered.pdf, media_type="application/pdf", headers={"Content-Disposition": disposition})


@router.get("/resumen/baja/{token}")
def leave(token: str) -> HTMLResponse:
    """Asks first: mail scanners open every link they find."""
    scope = choices.leaving(token)
    return shown("resumen_baja.html", {"company": scope.company, "done": False, "action": f"{choices.PATH}{token}"})


@router.post("/resumen/baja/{token}")
def left(token: str) -> HTMLResponse:
    """The reader's own yes, or their mail program's one click (RFC 8058)."""
    scope = choices.leaving(token)
    with db.tenant(scope) as connection:
        choices.stop(scope, connection)
    return shown("resumen_baja.html", {"company": scope.company, "done": True, "action": ""})


def _overview(visitor: CurrentVisitor, format: str, done: str) -> HTMLResponse:
    scope = visitor.scope
    with db.tenant(scope) as connection:
        chosen = choices.choice(scope, connection)
        paused = bounces.pauses(scope, connection)
        template = NEXT.get(format) or NEXT.get(chosen.frequency) or "weekly"
        edition = latest(template, _today(scope))
        digest = choices.kept(compose(edition, _today(scope), scope, connection), chosen.without)
        until = features.coverage(scope, connection).last
    silent = digest.kind in ("stale", "empty") and until is not None and until < edition.period.start
    owner = scope.may(Permission.manage)
    mine = outbox.history(scope, scope.user_id) if scope.user_id else []
    others = [m for m in outbox.history(scope, most=60) if m.user_id != scope.user_id and m.state in TROUBLE]
    return page(
        "resumen.html", visitor, "resumen", digest=digest, edition=edition, template=template, templates=TEMPLATES,
        last=Edition.of(template, until) if silent and until else None,
        chosen=chosen, frequencies=FREQUENCIES, ways=choices.WAYS, sections=choices.SECTIONS, done=done,
        mails=[_told(m, scope, own=True) for m in mine], able=email.able(), answered=addresses.answered(),
        others=[_told(m, scope, own=False) for m in others[:8]] if owner else [],
        pause=paused.get(scope.user_id) if scope.user_id else None,
        paused=[p for user_id, p in paused.items() if user_id != scope.user_id] if owner else [],
    )  # fmt: skip


def _told(mail: outbox.Mail, scope: Scope, own: bool) -> Told:
    edition = _edition(mail.key)
    bad = mail.state in TROUBLE
    name = edition.name.capitalize() if edition else mail.subject or "Aviso de datos al día"
    return Told(
        f"{name} ({TEMPLATES[edition.template]})" if edition else name,
        mail.reader,
        _state(mail),
        mail.error if bad else "",
        scope.company.day_of(mail.at),
        bad,
        mail.key if own and bad and edition else "",
    )


def _state(mail: outbox.Mail) -> str:
    if mail.error == sending.ORDINARY:
        return "Nada fuera de lo normal, así que no te escribimos"
    return "Por WhatsApp" if mail.error.startswith(sending.BY_WHATSAPP) else STATES[mail.state]


def _edition(key: str) -> Edition | None:
    try:
        return parse(key)
    except BadInput:
        return None  # an alert's, a report's


def _rendered(scope: Scope, edition: str) -> Rendered:
    with db.tenant(scope) as connection:
        asked = parse(edition) if edition else latest("weekly", _today(scope))
        digest = compose(asked, _today(scope), scope, connection)
        without = choices.choice(scope, connection).without
    if digest.kind == "empty":
        raise NotFound("summary", "De ese período no hay ventas que resumir.", "Súbelas en Mis datos.")
    return render(choices.kept(digest, without), settings().url, f"{settings().url}/resumen", addresses.answered())


def _today(scope: Scope) -> date:
    return scope.company.day_of(datetime.now(UTC))
