"""How mails stand: for schedules, for pages, and for a reader who asks for one again."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core import db
from core.db import Connection
from core.tenancy import Scope
from server.envelope import Reader, members
from server.outbox.claims import give_up_waiting


@dataclass(frozen=True, slots=True)
class Mail:
    """What became of one, for the page and the operator."""

    key: str
    user_id: UUID
    reader: str
    subject: str
    state: str
    error: str
    at: datetime


def state(key: str, reader: Reader, scope: Scope) -> str:
    """How the row stands; 'waiting' where there is none."""
    with db.tenant(scope) as connection:
        row = connection.execute(
            "SELECT state FROM mails WHERE company_id = %s AND user_id = %s AND key = %s",
            [scope.company_id, reader.user_id, key],
        ).fetchone()
    return str(row[0]) if row else "waiting"


def again(key: str, user_id: UUID, scope: Scope, connection: Connection) -> bool:
    """Let a mail leave once more that failed, bounced or of which nobody knows: its reader asked for it. Whether there
    is such a one. It keeps its Message-ID, so that a mail program that did get it shows it once."""
    return bool(
        connection.execute(
            "UPDATE mails SET state = 'waiting', attempts = 0, error = '', run_after = now() "
            "WHERE company_id = %s AND user_id = %s AND key = %s AND state IN ('failed', 'unsure', 'bounced')",
            [scope.company_id, user_id, key],
        ).rowcount
    )


def wake(scope: Scope, connection: Connection) -> None:
    """New data came: what waits for it may be tried at once."""
    connection.execute(
        "UPDATE mails SET run_after = now() WHERE company_id = %s AND state = 'held'", [scope.company_id]
    )


def history(scope: Scope, user_id: UUID | None = None, most: int = 6) -> list[Mail]:
    """What became of a reader's latest mails (of everybody's: None), the last first."""
    with db.tenant(scope) as connection:
        rows = connection.execute(
            "SELECT e.key, e.user_id, u.email, e.subject, e.state, e.error, coalesce(e.sent_at, e.created_at) "
            "FROM mails e JOIN users u ON u.id = e.user_id "
            "WHERE e.company_id = %s AND (%s::uuid IS NULL OR e.user_id = %s) "
            "ORDER BY e.created_at DESC, e.key, u.email LIMIT %s",
            [scope.company_id, user_id, user_id, most],
        ).fetchall()
    return [Mail(*row) for row in rows]


def companies_waiting(prefix: str) -> list[UUID]:
    """Where a mail whose key starts with `prefix` should be tried again now. One query for all companies."""
    with db.identity() as connection:
        return [row[0] for row in connection.execute("SELECT * FROM companies_with_mail_waiting(%s)", [prefix])]


def waiting(prefix: str, scope: Scope) -> list[tuple[str, Reader]]:
    """Key and reader of those mails of one company."""
    give_up_waiting(scope)
    with db.tenant(scope) as connection:
        rows = connection.execute(
            "SELECT key, user_id FROM mails WHERE company_id = %s AND starts_with(key, %s) "
            "AND ((state IN ('waiting', 'held') AND run_after <= now()) "
            "OR (state = 'claimed' AND claimed_until < now())) ORDER BY run_after, key",
            [scope.company_id, prefix],
        ).fetchall()
        people = {m.user_id: m for m in members(scope, connection)}
    return [(key, people[user_id]) for key, user_id in rows if user_id in people]


def paused(reader: Reader, scope: Scope) -> bool:
    """Whether mails to this address come back: none goes there until its reader says so."""
    with db.tenant(scope) as connection:
        row = connection.execute(
            "SELECT 1 FROM mail_pauses WHERE company_id = %s AND user_id = %s AND address = %s",
            [scope.company_id, reader.user_id, reader.email],
        ).fetchone()
    return row is not None
