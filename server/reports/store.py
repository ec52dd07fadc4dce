"""Reports in the database. One that the visitor may not see is not found, be it another's or another company's."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from pydantic import ValidationError

from core import auth
from core.db import Connection
from core.errors import BadInput, Conflict, NotFound
from core.tenancy import Permission, Scope
from server.reports import sharing
from server.reports.sharing import Share
from server.reports.spec import LONGEST_TITLE, Draft, Spec

MOST_REPORTS = 500
KEPT_DAYS = 30
"""How long a deleted report can be brought back."""
OVERTAKEN = "report_overtaken"
_SELECT = """
SELECT r.id, r.title, r.spec, r.owner_id, coalesce(u.name, ''), r.shared, r.updated_at, r.deleted_at,
       EXISTS (SELECT FROM report_schedules s WHERE s.company_id = r.company_id AND s.report_id = r.id),
       ARRAY(SELECT p.user_id FROM report_recipients p WHERE p.company_id = r.company_id AND p.report_id = r.id)
FROM reports r LEFT JOIN users u ON u.id = r.owner_id
WHERE r.company_id = %s
"""


@dataclass(frozen=True, slots=True)
class Report:
    """`owner_id` is None once its owner has left the company; `shared` is with everybody in it, `shares` with some."""

    id: UUID
    title: str
    spec: Spec
    owner_id: UUID | None
    owner: str
    shared: bool
    updated_at: datetime
    deleted_at: datetime | None
    scheduled: bool
    recipients: tuple[UUID, ...]
    shares: tuple[Share, ...] = ()

    @property
    def draft(self) -> Draft:
        return Draft(title=self.title, spec=self.spec)

    @property
    def version(self) -> str:
        """Another one after each save."""
        return self.updated_at.astimezone(UTC).isoformat()

    def mine(self, scope: Scope) -> bool:
        return self.owner_id is not None and self.owner_id == scope.user_id

    def seen_by(self, scope: Scope) -> bool:
        """By its owner, by everybody once shared with the company, by whom it was shared with, by who gets it by mail;
        one that nobody owns by who manages the company."""
        return (
            self.shared
            or self.mine(scope)
            or any(s.holds_for(scope) for s in self.shares)
            or scope.user_id in self.recipients
            or (self.owner_id is None and scope.may(Permission.manage))
        )

    def run_by(self, scope: Scope) -> bool:
        """Who shares, sends and deletes it: its owner, and who manages the company where they see it; the role must let
        one build reports."""
        return scope.may(Permission.report) and (
            self.mine(scope) or (scope.may(Permission.manage) and self.seen_by(scope))
        )

    def changed_by(self, scope: Scope) -> bool:
        """Who changes what is in it: also whom it was given to for that."""
        given = any(s.may_edit and s.holds_for(scope) for s in self.shares)
        return self.run_by(scope) or (given and scope.may(Permission.report))


def create(draft: Draft, scope: Scope, connection: Connection) -> UUID:
    """Keep a new private report of the scope's user."""
    row = connection.execute(
        "SELECT count(*) FROM reports WHERE company_id = %s AND deleted_at IS NULL", [scope.company_id]
    ).fetchone()
    if row and row[0] >= MOST_REPORTS:
        raise Conflict("reports", f"Ya hay {MOST_REPORTS} informes.", "Borra los que no uses.")
    id = uuid4()
    connection.execute(
        "INSERT INTO reports (company_id, id, owner_id, title, spec) VALUES (%s, %s, %s, %s, %s)",
        [scope.company_id, id, scope.user_id, draft.title, draft.spec.model_dump_json()],
    )
    return id


def listed(scope: Scope, connection: Connection) -> list[Report]:
    """Those the visitor may see, the latest changed first."""
    rows = connection.execute(_SELECT + "AND r.deleted_at IS NULL ORDER BY r.updated_at DESC, r.id", [scope.company_id])
    return [r for r in _reports(rows, scope, connection) if r.seen_by(scope)]


def deleted(scope: Scope, connection: Connection) -> list[Report]:
    """Those the visitor may bring back, the latest deleted first."""
    rows = connection.execute(
        _SELECT + "AND r.deleted_at > now() - make_interval(days => %s) ORDER BY r.deleted_at DESC, r.id",
        [scope.company_id, KEPT_DAYS],
    )
    return [r for r in _reports(rows, scope, connection) if r.run_by(scope)]


def one(id: UUID, scope: Scope, connection: Connection) -> Report:
    """The report, where the visitor may see it. NotFound else."""
    found = _found(id, scope, connection)
    if found is None or found.deleted_at is not None or not found.seen_by(scope):
        raise _nothing()
    return found


def changeable(id: UUID, scope: Scope, connection: Connection) -> Report:
    """The same, where they may change it. Whoever may only look is told so by the page, and gets NotFound here."""
    found = one(id, scope, connection)
    if not found.changed_by(scope):
        raise NotFound("report", "Ese informe lo cambia quien lo hizo.", "Duplícalo y cambia tu copia.")
    return found


def run(id: UUID, scope: Scope, connection: Connection) -> Report:
    """The same, where they may share, send and delete it."""
    found = one(id, scope, connection)
    if not found.run_by(scope):
        raise NotFound("report", "Eso lo decide quien hizo el informe.", "Pídeselo, o duplícalo.")
    return found


def for_queue(id: UUID, scope: Scope, connection: Connection) -> Report | None:
    """The report for a mail that its owner ordered; None where it has gone."""
    found = _found(id, scope, connection)
    return found if found and found.deleted_at is None else None


def save(id: UUID, draft: Draft, scope: Scope, connection: Connection, version: str = "") -> None:
    """Conflict where it was saved after `version`, the one that the draft was made of ('': whatever is kept)."""
    changeable(id, scope, connection)
    # Who saves at the same time waits here, and then reads what the other one kept.
    connection.execute("SELECT FROM reports WHERE company_id = %s AND id = %s FOR UPDATE", [scope.company_id, id])
    found = changeable(id, scope, connection)
    if found.draft == draft:
        return
    if version and version != found.version:
        raise Conflict(OVERTAKEN, "Este informe cambió mientras lo editabas.", "Elige con qué versión te quedas.")
    connection.execute(
        "UPDATE reports SET title = %s, spec = %s, updated_at = clock_timestamp() WHERE company_id = %s AND id = %s",
        [draft.title, draft.spec.model_dump_json(), scope.company_id, id],
    )


def rename(id: UUID, title: str, scope: Scope, connection: Connection) -> None:
    """BadInput where nothing is left of the title."""
    changeable(id, scope, connection)
    named = " ".join(title.replace("\0", "").split())[:LONGEST_TITLE]
    if not named:
        raise BadInput("title", "El informe necesita un nombre.", "Escribe uno.")
    connection.execute(
        "UPDATE reports SET title = %s, updated_at = clock_timestamp() WHERE company_id = %s AND id = %s",
        [named, scope.company_id, id],
    )


def share(id: UUID, shared: bool, scope: Scope, connection: Connection, shares: Sequence[Share] = ()) -> None:
    """With everybody in the company or not, and with those in `shares` besides. NotFound for one who is no member."""
    found = run(id, scope, connection)
    connection.execute(
        "UPDATE reports SET shared = %s WHERE company_id = %s AND id = %s", [shared, scope.company_id, id]
    )
    sharing.keep(id, shares, scope, connection)
    auth.note(scope, "report_shared", found.title, connection)


def duplicate(id: UUID, scope: Scope, connection: Connection) -> UUID:
    """A private copy that is the visitor's own."""
    found = one(id, scope, connection)
    tail = " (copia)"
    title = found.title[: LONGEST_TITLE - len(tail)] + tail
    return create(Draft(title=title, spec=found.spec), scope, connection)


def delete(id: UUID, scope: Scope, connection: Connection) -> None:
    """It can be brought back for `KEPT_DAYS`; what was deleted before then goes for good. Its sending stops."""
    found = run(id, scope, connection)
    auth.note(scope, "report_deleted", found.title, connection)
    connection.execute(
        "UPDATE reports SET deleted_at = now() WHERE company_id = %s AND id = %s", [scope.company_id, id]
    )
    connection.execute(
        "DELETE FROM reports WHERE company_id = %s AND deleted_at < now() - make_interval(days => %s)",
        [scope.company_id, KEPT_DAYS],
    )


def restore(id: UUID, scope: Scope, connection: Connection) -> None:
    """Bring a deleted one back, with its sending from now on."""
    found = _found(id, scope, connection)
    if found is None or not found.run_by(scope):
        raise _nothing()
    connection.execute("UPDATE reports SET deleted_at = NULL WHERE company_id = %s AND id = %s", [scope.company_id, id])
    connection.execute(
        "UPDATE report_schedules SET since = now() WHERE company_id = %s AND report_id = %s", [scope.company_id, id]
    )


def _found(id: UUID, scope: Scope, connection: Connection) -> Report | None:
    rows = connection.execute(_SELECT + "AND r.id = %s", [scope.company_id, id])
    return next(iter(_reports(rows, scope, connection)), None)


def _reports(rows: Iterable[tuple[Any, ...]], scope: Scope, connection: Connection) -> list[Report]:
    shares = sharing.of_company(scope, connection)
    return [
        Report(id, title, _spec(spec), owner_id, owner, shared, at, gone, planned, tuple(to), shares.get(id, ()))
        for id, title, spec, owner_id, owner, shared, at, gone, planned, to in rows
    ]


def _spec(kept: object) -> Spec:
    """What was kept; by an older or newer hand, what of it can be read."""
    try:
        return Spec.model_validate_json(json.dumps(kept))
    except ValidationError:
        return Spec()


def _nothing() -> NotFound:
    return NotFound("report", "No encuentro ese informe.", "Mira los que hay en Informes.")
