"""Actividad: who did what, and when. The log of a company, by person, by kind and by day; also as CSV."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter
from fastapi import Query as Parameter
from starlette.responses import HTMLResponse, Response, StreamingResponse

from core import db
from core.db import Connection
from core.tenancy import Permission, Scope
from server import uploads
from server.activity import GROUPS, detail, said
from server.identity import Visitor, permitted
from server.pages.shared import page

router = APIRouter(prefix="/actividad")
Auditor = Annotated[Visitor, permitted(Permission.audit)]
PAGE = 50
BLOCK = 2_000
SYSTEM = "Ayni"


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the log."""

    at: datetime
    who: str
    action: str
    subject: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines: of a person ('' everybody, 'ayni' the service itself), of a group of actions."""

    person: str = ""
    kind: str = ""

    def address(self) -> str:
        return urlencode({k: v for k, v in (("persona", self.person), ("tipo", self.kind)) if v})


@router.get("")
def log(
    visitor: Auditor,
    persona: Annotated[str, Parameter(max_length=40)] = "",
    tipo: Annotated[str, Parameter(max_length=40)] = "",
    pagina: Annotated[int, Parameter(ge=1, le=100_000)] = 1,
) -> HTMLResponse:
    wanted = Wanted(persona, tipo if tipo in GROUPS else "")
    with db.tenant(visitor.scope) as connection:
        found = events(wanted, visitor.scope, connection, PAGE + 1, (pagina - 1) * PAGE)
        people = _people(visitor.scope, connection)
    return page(
        "actividad.html", visitor, "actividad", events=found[:PAGE], people=people, groups=GROUPS, wanted=wanted,
        number=pagina, older=len(found) > PAGE, address=wanted.address(), said=said,
    )  # fmt: skip


@router.get(".csv")
def as_csv(
    visitor: Auditor,
    persona: Annotated[str, Parameter(max_length=40)] = "",
    tipo: Annotated[str, Parameter(max_length=40)] = "",
) -> Response:
    lines = _lines(Wanted(persona, tipo if tipo in GROUPS else ""), visitor.scope)
    return StreamingResponse(
        uploads.csv_lines(lines),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="actividad.csv"'},
    )


def events(wanted: Wanted, scope: Scope, connection: Connection, limit: int, offset: int) -> list[Event]:
    """The log's lines, the latest first."""
    person = _uuid(wanted.person)
    known = GROUPS.get(wanted.kind)
    rows = connection.execute(
        "SELECT a.at, coalesce(nullif(u.name, ''), u.email, CASE WHEN a.user_id IS NULL THEN %(system)s "
        "ELSE 'Alguien que ya no está' END), a.action, a.subject "
        "FROM audit_log a LEFT JOIN users u ON u.id = a.user_id "
        "WHERE a.company_id = %(company)s AND (%(person)s::uuid IS NULL OR a.user_id = %(person)s) "
        "AND (NOT %(service)s OR a.user_id IS NULL) AND (%(actions)s::text[] IS NULL OR a.action = ANY(%(actions)s)) "
        "ORDER BY a.at DESC, a.id DESC LIMIT %(limit)s OFFSET %(offset)s",
        {
            "company": scope.company_id, "system": SYSTEM, "person": person, "service": wanted.person == "ayni",
            "actions": list(known[1]) if known else None, "limit": limit, "offset": offset,
        },
    )  # fmt: skip
    return [Event(at, who, action, detail(action, subject)) for at, who, action, subject in rows]


def _lines(wanted: Wanted, scope: Scope) -> Iterator[list[object]]:
    yield ["cuándo", "quién", "qué", "detalle"]
    offset = 0
    while True:
        with db.tenant(scope) as connection:
            found = events(wanted, scope, connection, BLOCK, offset)
        for e in found:
            local = e.at.astimezone(scope.company.tz)
            yield [f"{local:%Y-%m-%d %H:%M:%S}", e.who, said(e.action), e.subject]
        if len(found) < BLOCK:
            return
        offset += BLOCK


def _people(scope: Scope, connection: Connection) -> list[Any]:
    return connection.execute(
        "SELECT DISTINCT u.id::text, coalesce(nullif(u.name, ''), u.email) FROM audit_log a "
        "JOIN users u ON u.id = a.user_id WHERE a.company_id = %s ORDER BY 2 LIMIT 200",
        [scope.company_id],
    ).fetchall()


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
