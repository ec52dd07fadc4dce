"""A file that came by WhatsApp has been read, or can't be: its sender is told, with a first look at it."""

from calendar import monthrange
from datetime import UTC, datetime
from uuid import UUID

import ingest
from core.db import Connection
from core.language import plural
from core.periods import MONTHS, Period, day_label
from core.tenancy import Scope
from ingest.types import Upload
from server.channels.whatsapp import asking, render, words
from server.channels.whatsapp.links import Link, scope_of
from server.channels.whatsapp.notices import Notice, notify, template
from server.channels.whatsapp.reply import Reply


def tell(scope: Scope, upload_id: UUID, connection: Connection) -> None:
    """Tell everyone who sent these bytes, once each. For a job of the company, after the figures are ready."""
    upload = ingest.upload(scope, upload_id, connection)
    rows = connection.execute(
        "SELECT f.sender, f.user_id FROM whatsapp_files f JOIN whatsapp_links l ON l.company_id = f.company_id "
        "AND l.sender = f.sender AND l.user_id = f.user_id WHERE f.company_id = %s AND f.upload_id = %s "
        "ORDER BY f.created_at",
        [scope.company_id, upload_id],
    ).fetchall()
    for sender, user_id in rows:
        member = scope_of(Link(scope.company_id, user_id, datetime.now(UTC)))
        told = connection.execute(
            "SELECT 1 FROM whatsapp_sent WHERE company_id = %s AND user_id = %s AND key = %s",
            [scope.company_id, user_id, _key(upload)],
        ).fetchone()
        if member and not told and upload.state in ("ready", "failed"):
            shortly = template("archivo_leido", render.safe(upload.filename), short(upload))
            notice = Notice(_key(upload), _first_look(upload, sender, member), shortly, needs_opt_in=False)
            notify(notice, user_id, scope)


def _first_look(upload: Upload, sender: str, member: Scope) -> Reply:
    name = render.safe(upload.filename)
    if upload.state == "failed":
        return Reply(words.failed(name, upload.message or "Prueba con otra planilla.", member))
    if upload.period is None:
        return Reply(f"Listo, leí *{name}*.")
    month = last_full_month(upload.period)
    question = f"¿Cómo me fue en {MONTHS[month.start.month - 1]} de {month.start.year}?"
    return asking.ask(question, asking.conversation(sender), member, before=summary(upload))


def summary(upload: Upload) -> str:
    """'Listo, leí 2.356 líneas del 1-oct-2026 al 31-oct-2026; 3 quedaron apartadas.' Not bold: the figure that follows
    is. Pure."""
    assert upload.period is not None
    new = plural(upload.accepted, "línea", "líneas")
    aside = plural(upload.set_aside, "quedó apartada", "quedaron apartadas")
    what = f" de {ingest.spoken(upload)}" if upload.reading.get("parts") else ""
    told = f"Listo, leí {new}{what} del {day_label(upload.period.start)} al {day_label(upload.period.end)}"
    return f"{told}; {aside}." if upload.set_aside else f"{told}."


def short(upload: Upload) -> str:
    """The same for a template, which tells the file's name itself. Pure."""
    if upload.state == "failed":
        return "no lo pude leer"
    return summary(upload).rstrip(".").replace("Listo", "listo", 1) if upload.period else "listo"


def last_full_month(data: Period) -> Period:
    """The last month that the data covers to its end; the last one begun, if none is whole. Pure."""
    end = data.end
    last = Period.month(end.year, end.month)
    if end.day == monthrange(end.year, end.month)[1] or last.start <= data.start:
        return last
    year, month = (end.year - 1, 12) if end.month == 1 else (end.year, end.month - 1)
    return Period.month(year, month)


def _key(upload: Upload) -> str:
    return f"file:{upload.id}"
