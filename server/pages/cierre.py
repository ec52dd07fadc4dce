"""Llevarse todo, o cerrar la empresa: the whole copy made by a job, and the end with its thirty days of grace."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form
from starlette.responses import HTMLResponse, RedirectResponse, Response

from core import db
from core.errors import AyniError
from core.tenancy import Permission, Scope
from server import jobs, leaving
from server.downloads import company_zip
from server.downloads.sending import sent, weight
from server.identity import Visitor, permitted
from server.pages.shared import page
from server.templates import render

router = APIRouter(prefix="/cierre")
Keeper = Annotated[Visitor, permitted(Permission.privacy)]
STATES = {
    "queued": "En espera",
    "working": "Preparando",
    "ready": "Lista",
    "failed": "No se pudo",
    "expired": "Vencida",
}


@router.get("")
def overview(visitor: Keeper) -> HTMLResponse:
    return _page(visitor)


@router.get("/copias")
def copies(visitor: Keeper) -> HTMLResponse:
    """The list alone, which renews itself while one is being made."""
    return render("cierre_copias.html", {**_copies(visitor.scope), "company": visitor.scope.company})


@router.post("/copias")
def ask_copy(visitor: Keeper) -> Response:
    scope = visitor.scope
    with db.tenant(scope) as connection:
        export = company_zip.ask(scope, connection)
        job = jobs.enqueue(scope, "export", {"export": str(export)}, connection)
    jobs.send(job)
    return RedirectResponse("/cierre", 303)


@router.get("/copias/{export_id}.zip")
def copy(export_id: UUID, visitor: Keeper) -> Response:
    with db.tenant(visitor.scope) as connection:
        file = company_zip.open_file(export_id, visitor.scope, connection)
    day = visitor.scope.company.day_of(datetime.now(UTC))
    return sent(file, f"ayni-{visitor.scope.company.slug}-{day.isoformat()}.zip", "application/zip")


@router.post("")
def leave(visitor: Keeper, typed: Annotated[str, Form(max_length=300)] = "") -> Response:
    scope, now = visitor.scope, datetime.now(UTC)
    try:
        with db.tenant(scope) as connection:
            day = leaving.ask(typed, scope, connection, now)
            payload = {"at": day.isoformat(), "who": visitor.name, "stays": False}
            job = jobs.enqueue(scope, "leaving", payload, connection)
    except AyniError as problem:
        return _page(visitor, problem, typed, problem.http_status)
    jobs.send(job)
    return RedirectResponse("/cierre", 303)


@router.post("/cancelar")
def stay(visitor: Keeper) -> Response:
    scope = visitor.scope
    with db.tenant(scope) as connection:
        if leaving.leaves_at(scope, connection) is None:
            return RedirectResponse("/cierre", 303)
        leaving.stay(scope, connection)
        payload = {"at": datetime.now(UTC).isoformat(), "who": visitor.name, "stays": True}
        job = jobs.enqueue(scope, "leaving", payload, connection)
    jobs.send(job)
    return RedirectResponse("/cierre", 303)


def _page(visitor: Visitor, problem: AyniError | None = None, typed: str = "", status: int = 200) -> HTMLResponse:
    scope = visitor.scope
    with db.tenant(scope) as connection:
        leaves = leaving.leaves_at(scope, connection)
    return page(
        "cierre.html", visitor, "cierre", status, problem=problem, typed=typed, grace=leaving.GRACE_DAYS,
        leaves=scope.company.day_of(leaves) if leaves else None, **_copies(scope),
    )  # fmt: skip


def _copies(scope: Scope) -> dict[str, object]:
    with db.tenant(scope) as connection:
        found = company_zip.exports(scope, connection)
    return {
        "copies": found, "busy": any(e.under_way for e in found), "states": STATES, "weight": weight,
        "days": company_zip.DAYS, "me": scope.user_id,
    }  # fmt: skip
