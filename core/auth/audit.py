"""The company's log: who did what, and when."""

from collections.abc import Iterator
from uuid import UUID

from core import db
from core.tenancy import Scope


def note(scope: Scope, action: str, subject: str, connection: db.Connection) -> None:
    """Write to the company's log who did what."""
    note_in(scope.company_id, scope.user_id, action, subject, connection)


def note_everywhere(user_id: UUID, action: str, subject: str = "") -> None:
    """Write to the log of each of a person's companies what they changed about their own account."""
    with db.identity(user_id) as connection:
        for company_id in in_each_company(user_id, connection):
            note_in(company_id, user_id, action, subject, connection)


def note_in(company_id: UUID, user_id: UUID | None, action: str, subject: str, connection: db.Connection) -> None:
    """The same, in the company that the connection sees."""
    connection.execute(
        "INSERT INTO audit_log (company_id, user_id, action, subject) VALUES (%s, %s, %s, %s)",
        [company_id, user_id, action, subject],
    )


def in_each_company(user_id: UUID, connection: db.Connection) -> Iterator[UUID]:
    """A person's companies one by one; until the next, the connection (of `db.identity`) sees what that one has."""
    rows = connection.execute("SELECT company_id FROM memberships WHERE user_id = %s", [user_id]).fetchall()
    for (company_id,) in rows:
        connection.execute("SELECT set_config('app.company_id', %s, true)", [str(company_id)])
        yield company_id
    connection.execute("SELECT set_config('app.company_id', '', true)")
