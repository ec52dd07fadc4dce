"""The company's log: who did what, and when."""

from uuid import UUID

from core import db
from core.tenancy import Scope


def note(scope: Scope, action: str, subject: str, connection: db.Connection) -> None:
    """Write to the company's log who did what."""
    connection.execute(
        "INSERT INTO audit_log (company_id, user_id, action, subject) VALUES (%s, %s, %s, %s)",
        [scope.company_id, scope.user_id, action, subject],
    )


def note_everywhere(user_id: UUID, action: str, subject: str = "") -> None:
    """Write to the log of each of a person's companies what they changed about their own account."""
    with db.identity(user_id) as connection:
        rows = connection.execute("SELECT company_id FROM memberships WHERE user_id = %s", [user_id]).fetchall()
        for (company_id,) in rows:
            connection.execute("SELECT set_config('app.company_id', %s, true)", [str(company_id)])
            connection.execute(
                "INSERT INTO audit_log (company_id, user_id, action, subject) VALUES (%s, %s, %s, %s)",
                [company_id, user_id, action, subject],
            )
