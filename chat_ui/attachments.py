"""A file dropped on the chat: handed over, followed to its end on a card, and answered with a first look at it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO, Protocol
from uuid import UUID

import ingest
from chat_ui.starters import last_full_month, month_name
from core import db
from core.language import plural
from core.periods import day_label
from core.tenancy import Scope
from ingest.types import Upload

UPLOAD = "AyniUpload"
"""The custom element that draws an upload's progress and what became of it."""

PLAIN = str.maketrans("", "", "[]()*_`<>!\\")
"""Takes Markdown's signs out of a file's name."""
ENDED = ("ready", "failed", "undone")
LOOK_EVERY = 0.4


class Attach(Protocol):
    """How a chat attachment becomes an upload with its job; the upload's id. Raises AyniError."""

    def __call__(self, scope: Scope, filename: str, stream: BinaryIO) -> UUID: ...


async def follow(scope: Scope, upload_id: UUID) -> AsyncIterator[dict[str, Any]]:
    """The card's properties, each time they have changed, until the upload has ended."""
    shown: dict[str, Any] = {}
    while True:
        now = card(await asyncio.to_thread(read, scope, upload_id))
        if now != shown:
            shown = now
            yield now
        if now["state"] in ENDED:
            return
        await asyncio.sleep(LOOK_EVERY)


def read(scope: Scope, upload_id: UUID) -> Upload:
    with db.tenant(scope) as connection:
        return ingest.upload(scope, upload_id, connection)


def open_file(path: str) -> BinaryIO:
    return Path(path).open("rb")


def card(upload: Upload) -> dict[str, Any]:
    """What `AyniUpload` draws. Pure."""
    return {
        "uploadId": str(upload.id),
        "filename": upload.filename,
        "state": upload.state,
        "stage": upload.stage,
        "read": upload.rows_read,
        "accepted": upload.accepted,
        "setAside": upload.set_aside,
        "alreadyKnown": upload.already_known,
        "duplicates": upload.possible_duplicates,
        "period": span(upload.first_day, upload.last_day),
        "mapping": [
            {"header": column["column"], "field": column["name"]} for column in upload.reading.get("mapping", [])
        ],
        "message": upload.message,
        "page": f"/datos/{upload.id}",
        "rejectedHref": f"/datos/{upload.id}/apartadas.csv",
    }


def summary(upload: Upload) -> str:
    """'**Listo.** Ya puedes preguntar por tus ventas del 1-oct-2026 al 31-oct-2026.' Pure."""
    new = upload.accepted - upload.already_known
    what = f"{_yours(upload)} del {span(upload.first_day, upload.last_day)}" if upload.period else "este archivo"
    said = [f"**Listo.** Ya puedes preguntar por {what}."]
    if upload.already_known:
        said.append(f"{plural(max(new, 0), 'línea era nueva', 'líneas eran nuevas')}; las demás ya las tenía.")
    if upload.set_aside:
        count = plural(upload.set_aside, "línea quedó apartada", "líneas quedaron apartadas")
        said.append(f"{count}: puedes descargarlas, arreglarlas y volver a subirlas.")
    if upload.reading.get("parts") or upload.reading.get("skipped_sheets"):
        said.append(upload.message.translate(PLAIN))
    return " ".join(said)


def known(upload: Upload) -> str:
    """For a file that is there already. Pure."""
    return (
        f"Ya tenía este archivo («{upload.filename.translate(PLAIN)}», {ingest.spoken(upload)} del "
        f"{span(upload.first_day, upload.last_day)}), así que no cambié nada. [Ver la carga](/datos/{upload.id})"
    )


def _yours(upload: Upload) -> str:
    """'tus ventas y gastos', 'tu inventario'. Pure."""
    said = ingest.spoken(upload)
    return f"{'tu' if said == 'inventario' else 'tus'} {said}"


def first_question(upload: Upload, scope: Scope) -> str:
    """The question whose answer is the first look at a file: its last full month, or what a book is asked first. Pure
    but for today's date."""
    book = upload.reading.get("book")
    if upload.period is None or book == "stock":
        return "¿Cuánto stock me queda?" if upload.period else ""
    today = datetime.now(scope.company.tz).date()
    month = month_name(last_full_month(upload.period, today), today)
    return f"¿En qué gasté más en {month}?" if book == "expenses" else f"¿Cómo me fue en {month}?"


def span(first: date | None, last: date | None) -> str:
    """'1-oct-2026 al 31-oct-2026'."""
    return f"{day_label(first)} al {day_label(last)}" if first and last else ""
