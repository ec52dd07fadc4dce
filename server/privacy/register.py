"""The register of requests: what a person asked for, when, until when it must be answered, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, LiteralString
from uuid import UUID

from psycopg.types.json import Jsonb

from core import auth
from core.db import Connection
from core.errors import BadInput, NotFound
from core.tenancy import Scope
from ingest import persons

DAYS = 30
"""Ley 21.719, art. 11: the responsible answers within thirty days, which it may extend once by another thirty."""

KINDS = {
    "access": "Acceso",
    "rectification": "Rectificación",
    "deletion": "Supresión",
    "opposition": "Oposición",
    "portability": "Portabilidad",
}
STATES = {"open": "Pendiente", "working": "En curso", "done": "Cumplida", "failed": "No se pudo"}
COLUMNS: LiteralString = (
    "id, kind, state, subject, person, received_on, due_on, result, message, created_by, created_at, finished_at"
)


@dataclass(frozen=True, slots=True)
class Request:
    """One request. `person` is empty once that person was erased; then `subject` is what they are called now."""

    id: UUID
    kind: str
    state: str
    subject: str
    person: dict[str, list[str]]
    received_on: date
    due_on: date
    result: dict[str, Any]
    message: str
    created_by: UUID | None
    created_at: datetime
    finished_at: datetime | None

    @property
    def open(self) -> bool:
        return self.state in ("open", "working", "failed")


def add(kind: str, who: persons.Person, received: date, scope: Scope, connection: Connection) -> Request:
    """Write a request down, with its day and its deadline. BadInput for a day that can't be."""
    today = scope.company.day_of(datetime.now(UTC))
    if kind not in KINDS:
        raise BadInput("kind", "No conozco ese derecho.")
    if not today - timedelta(days=365) <= received <= today:
        raise BadInput("received", "La fecha en que la persona lo pidió no puede ser.", "Usa una del último año.")
    row = connection.execute(
        f"INSERT INTO privacy_requests (company_id, kind, subject, person, received_on, due_on, created_by) "  # noqa: S608
        f"VALUES (%s, %s, %s, %s, %s, %s, %s) RETURNING {COLUMNS}",
        [
            scope.company_id, kind, persons.masked(who), Jsonb(who.as_json()), received,
            received + timedelta(days=DAYS), scope.user_id,
        ],
    ).fetchone()  # fmt: skip
    assert row is not None
    made = Request(*row)
    auth.note(scope, f"privacy_{kind}", str(made.id)[:8], connection)
    return made


def one(request_id: UUID, scope: Scope, connection: Connection) -> Request:
    row = connection.execute(
        f"SELECT {COLUMNS} FROM privacy_requests WHERE company_id = %s AND id = %s",  # noqa: S608
        [scope.company_id, request_id],
    ).fetchone()
    if row is None:
        raise NotFound("privacy_request", "No encuentro esa solicitud.", "Mírala en Datos personales.")
    return Request(*row)


def all_of(scope: Scope, connection: Connection, limit: int = 500) -> list[Request]:
    """The register, the latest first."""
    rows = connection.execute(
        f"SELECT {COLUMNS} FROM privacy_requests WHERE company_id = %s ORDER BY created_at DESC, id LIMIT %s",  # noqa: S608
        [scope.company_id, limit],
    )
    return [Request(*row) for row in rows]


def settle(
    request_id: UUID, state: str, result: dict[str, Any], message: str, scope: Scope, connection: Connection
) -> None:
    """What came of it."""
    connection.execute(
        "UPDATE privacy_requests SET state = %s, result = %s, message = %s, "
        "finished_at = CASE WHEN %s IN ('done', 'failed') THEN now() END WHERE company_id = %s AND id = %s",
        [state, Jsonb(result), message, state, scope.company_id, request_id],
    )


def forget(same: Sequence[UUID], label: str, scope: Scope, connection: Connection) -> None:
    """Have requests of a person who was erased no longer say who."""
    connection.execute(
        "UPDATE privacy_requests SET subject = %s, person = '{}' WHERE company_id = %s AND id = ANY(%s)",
        [label, scope.company_id, list(same)],
    )


def same_person(who: persons.Person, scope: Scope, connection: Connection) -> list[UUID]:
    """The requests that share a name, an id or an address with this person."""
    mine = {value.lower() for values in who.as_json().values() for value in values}
    return [
        r.id for r in all_of(scope, connection, 100_000)
        if mine & {value.lower() for values in r.person.values() for value in values}
    ]  # fmt: skip
