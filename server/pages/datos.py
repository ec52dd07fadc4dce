"""Mis datos: send files, watch them being read, correct the columns, mend what was set aside, take a file back."""

import asyncio
import time
from collections.abc import AsyncIterator, Collection, Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request, UploadFile
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

import ingest
from core import db
from core.errors import AyniError
from core.tenancy import Permission, Scope
from server import jobs, uploads
from server.api.uploads import rejected_csv
from server.identity import CurrentVisitor, Visitor, permitted
from server.pages.reading import stage_text, steps, tables_of
from server.pages.shared import page
from server.templates import html, render

router = APIRouter(prefix="/datos")
MOST_SHOWN = 100
STREAM_SECONDS = 300
"""After this the browser asks again, and is looked up anew: whoever was removed sees no more."""
BUSY_SECONDS, IDLE_SECONDS = 0.4, 2.0
Sender = Annotated[Visitor, permitted(Permission.upload)]


@router.get("")
def overview(visitor: CurrentVisitor) -> HTMLResponse:
    return page("datos.html", visitor, "datos", **_history(visitor.scope))


@router.post("")
def send(request: Request, visitor: Sender, files: list[UploadFile]) -> Response:
    """One or several files; one that can't be taken says why beside the others, one that was there already says so."""
    problems: list[tuple[str, AyniError]] = []
    repeated: list[str] = []
    for file in files:
        name = file.filename or "archivo"
        try:
            _, job = uploads.receive(visitor.scope, name, file.file)
        except AyniError as problem:
            problems.append((name, problem))
            continue
        if job is None:
            repeated.append(name)
        else:
            jobs.send(job)
    shown = {**_history(visitor.scope), "problems": problems, "repeated": repeated}
    if request.headers.get("hx-request"):
        return render("datos_lista.html", {**shown, "beside": True})
    if problems or repeated:
        return page("datos.html", visitor, "datos", 400 if problems else 200, **shown)
    return RedirectResponse("/datos", 303)


@router.get("/lista")
def listing(visitor: CurrentVisitor) -> HTMLResponse:
    return render("datos_lista.html", _history(visitor.scope))


@router.get("/eventos", response_class=EventSourceResponse)
async def events(
    visitor: CurrentVisitor, carga: UUID | None = None, espera: Annotated[tuple[UUID, ...], Query()] = ()
) -> AsyncIterator[ServerSentEvent]:
    """What becomes of the company's files, as it happens: one stream a page, which the browser opens again by itself
    after it ends. With `carga`, that one's own page too; `espera` are those that the page shows as under way. Without
    it the pages ask every second."""
    scope, known = visitor.scope, None
    deadline = time.monotonic() + STREAM_SECONDS
    while time.monotonic() < deadline:
        found = await run_in_threadpool(_uploads, scope)
        for upload in changed(known, found, espera):
            yield ServerSentEvent(event="upload", data=await run_in_threadpool(_told, scope, upload, carga))
        known = {u.id: mark(u) for u in found}
        await asyncio.sleep(BUSY_SECONDS if any(working(u) for u in found) else IDLE_SECONDS)


@router.get("/{upload_id}")
def one(upload_id: UUID, visitor: CurrentVisitor) -> HTMLResponse:
    return page("carga.html", visitor, "datos", **_one(visitor.scope, upload_id))


@router.get("/{upload_id}/avance")
def advance(upload_id: UUID, visitor: CurrentVisitor) -> HTMLResponse:
    return render("carga_cuerpo.html", {**_one(visitor.scope, upload_id), "company": visitor.scope.company})


@router.get("/{upload_id}/apartadas.csv")
def rejected(upload_id: UUID, visitor: CurrentVisitor) -> Response:
    return rejected_csv(visitor.scope, upload_id)


@router.post("/{upload_id}/columnas")
async def correct(upload_id: UUID, request: Request, visitor: Sender) -> Response:
    form = await request.form()
    mapping = {name.removeprefix("col."): str(value) for name, value in form.items() if name.startswith("col.")}
    part = str(form.get("parte", "0"))
    await run_in_threadpool(
        uploads.remap, visitor.scope, upload_id, mapping, int(part) if part.isdecimal() and len(part) < 4 else 0
    )
    return RedirectResponse(f"/datos/{upload_id}", 303)


@router.post("/{upload_id}/deshacer")
def undo(upload_id: UUID, visitor: Sender, confirmed: Annotated[bool, Form()] = False) -> Response:
    if confirmed:
        uploads.undo(visitor.scope, upload_id)
    return RedirectResponse(f"/datos/{upload_id}", 303)


def _history(scope: Scope) -> dict[str, Any]:
    with db.tenant(scope) as connection:
        found = ingest.uploads(scope, connection)
    return {
        "uploads": found,
        "busy": any(working(u) for u in found),
        "stage_text": stage_text,
        "may_upload": scope.may(Permission.upload),
        "problems": [],
        "repeated": [],
        "beside": False,
    }


def _one(scope: Scope, upload_id: UUID) -> dict[str, Any]:
    with db.tenant(scope) as connection:
        upload = ingest.upload(scope, upload_id, connection)
        rows = ingest.rejected_rows(scope, upload_id, connection, limit=MOST_SHOWN)
        tabs = ingest.tabs(scope, upload_id, connection)
    return {
        "upload": upload,
        "rows": [(ingest.row_of(upload, row.line), row) for row in rows],
        "busy": working(upload),
        "steps": steps(upload) if working(upload) and upload.stage != "undoing" else [],
        "tables": tables_of(upload),
        "tabs": tabs,
        "stage_text": stage_text,
        "may_upload": scope.may(Permission.upload),
    }


def changed(
    known: dict[UUID, object] | None, found: Sequence[ingest.Upload], awaited: Collection[UUID] = ()
) -> list[ingest.Upload]:
    """Those that are not as they were told; at first, those under way and those awaited, which may have ended between
    the page and its stream. Pure."""
    if known is None:
        return [u for u in found if working(u) or u.id in awaited]
    return [u for u in reversed(found) if known.get(u.id) != mark(u)]


def mark(upload: ingest.Upload) -> object:
    """What of an upload is worth telling when it changes."""
    return (upload.state, upload.stage, upload.rows_read, upload.accepted, upload.set_aside)


def _uploads(scope: Scope) -> tuple[ingest.Upload, ...]:
    with db.tenant(scope) as connection:
        return ingest.uploads(scope, connection)


def _told(scope: Scope, upload: ingest.Upload, page_of: UUID | None) -> dict[str, object]:
    """The file's line in the list, and its page's inside where that is what is being looked at."""
    told = {"id": str(upload.id), "row": html("datos_fila.html", {"upload": upload, "stage_text": stage_text})}
    if upload.id == page_of:
        told["body"] = html("carga_cuerpo.html", {**_one(scope, upload.id), "company": scope.company})
    return {**told, "busy": working(upload)}


def working(upload: ingest.Upload) -> bool:
    """Whether it changes by itself, so that the page should look again."""
    return upload.state in ("received", "working") or upload.stage == "undoing"
