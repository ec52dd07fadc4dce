"""Resumen: how often the mail comes, how the last ones fared, what the next one looks like; and how to end it.

/dev/mails shows in development what landed in the folder instead of leaving, to whom it was written alone.
"""

from datetime import UTC, date, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import getaddresses
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import HTMLResponse, RedirectResponse, Response

from core import db
from core.errors import NotFound
from core.periods import label
from core.settings import settings
from core.tenancy import Scope
from server import outbox
from server.channels import email
from server.digest import choices
from server.digest.editions import FREQUENCIES, Edition, latest, parse
from server.digest.gather import compose
from server.digest.letter import Rendered, as_page, render
from server.identity import CurrentVisitor
from server.pages.shared import page
from server.templates import render as shown

router = APIRouter()
STATES = {
    "waiting": "Espera otro intento",
    "claimed": "Saliendo",
    "sending": "Saliendo",
    "sent": "Enviado",
    "held": "Espera tus ventas",
    "skipped": "No hacía falta",
    "failed": "No se pudo enviar",
    "unsure": "No sabemos si llegó",
    "bounced": "Rebotó: tu correo no lo aceptó",
}


@router.get("/resumen")
def overview(visitor: CurrentVisitor, guardado: bool = False) -> HTMLResponse:
    scope = visitor.scope
    edition = _next(scope)
    with db.tenant(scope) as connection:
        chosen = choices.choice(scope, connection)
        digest = compose(edition, _today(scope), scope, connection)
    mails = [
        (
            _named(m.key),
            STATES[m.state],
            m.state in ("failed", "unsure", "bounced"),
            m.at.astimezone(scope.company.tz).date(),
        )
        for m in (outbox.history(scope, scope.user_id) if scope.user_id else ())
    ]
    return page(
        "resumen.html", visitor, "resumen", digest=digest, edition=label(edition.period), chosen=chosen,
        frequencies=FREQUENCIES, mails=mails, saved=guardado, able=email.able(),
    )  # fmt: skip


@router.post("/resumen")
def choose(visitor: CurrentVisitor, frequency: Annotated[str, Form(max_length=20)]) -> Response:
    with db.tenant(visitor.scope) as connection:
        choices.choose(frequency, visitor.scope, connection)
    return RedirectResponse("/resumen?guardado=true", 303)


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
        choices.choose("off", scope, connection)
    return shown("resumen_baja.html", {"company": scope.company, "done": True, "action": ""})


@router.get("/dev/mails")
def landed(visitor: CurrentVisitor) -> HTMLResponse:
    """Only in development: the visitor's mails in the folder, the newest first."""
    found = [(path.stem, mail) for path, mail in _landed(visitor.scope)]
    rows = [(name, str(m["To"]), str(m["Subject"]), str(m["Date"])) for name, m in found]
    return shown("dev_mails.html", {"mails": rows, "folder": str(email.folder())})


@router.get("/dev/mails/{name}")
def landed_one(name: str, visitor: CurrentVisitor) -> HTMLResponse:
    mail = next((m for p, m in _landed(visitor.scope) if p.stem == name), None)
    if mail is None:
        raise NotFound("mail", "Aquí no hay nada.")
    return HTMLResponse(as_page(mail))


def _landed(scope: Scope) -> list[tuple[Path, EmailMessage]]:
    """The folder holds the mails of all companies: each reader sees their own."""
    if not settings().development:
        raise NotFound("not_found", "Aquí no hay nada.")
    with db.identity(scope.user_id) as connection:
        row = connection.execute("SELECT email FROM users WHERE id = %s", [scope.user_id]).fetchone()
    paths = sorted(email.folder().glob("*.eml"), key=lambda p: p.stat().st_mtime, reverse=True)
    mails = [(path, _read(path)) for path in paths]
    return [(p, m) for p, m in mails if row and [a for _, a in getaddresses([str(m["To"])])] == [row[0]]]


def _read(path: Path) -> EmailMessage:
    read = BytesParser(policy=policy.default).parsebytes(path.read_bytes())
    assert isinstance(read, EmailMessage)
    return read


def _rendered(scope: Scope, edition: str) -> Rendered:
    with db.tenant(scope) as connection:
        digest = compose(parse(edition) if edition else _next(scope), _today(scope), scope, connection)
    if digest.kind == "empty":
        raise NotFound("summary", "Todavía no hay ventas que resumir.", "Súbelas en Mis datos.")
    return render(digest, settings().url, f"{settings().url}/resumen")


def _next(scope: Scope) -> Edition:
    """The latest week, by the company's calendar."""
    return latest("weekly", _today(scope))


def _named(key: str) -> str:
    return "Aviso de datos al día" if key.startswith("stale-") else label(parse(key).period).capitalize()


def _today(scope: Scope) -> date:
    return datetime.now(UTC).astimezone(scope.company.tz).date()
