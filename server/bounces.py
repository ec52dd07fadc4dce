"""Mails that came back: the row says so, and an address that is refused for good gets no more until its reader says."""

import logging
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core import auth, db
from core.db import Connection
from core.tenancy import Scope

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pause:
    """Since when a reader's mails come back, and what the server said."""

    address: str
    reason: str
    since: datetime


def record(message_id: str, reason: str, hard: bool) -> bool:
    """Note that the mail with this Message-ID came back; `hard`: its address will not do later either. Whether there
    is such a mail. A second bounce of one mail changes nothing."""
    with db.identity() as connection:
        row = connection.execute("SELECT * FROM mail_by_message_id(%s)", [message_id]).fetchone()
    if row is None:
        return False
    company_id, user_id, key = row
    scope = auth.company_scope(company_id)
    with db.tenant(scope) as connection:
        noted = connection.execute(
            "UPDATE mails SET state = 'bounced', error = %s WHERE company_id = %s AND user_id = %s AND key = %s "
            "AND state IN ('sent', 'sending', 'unsure') RETURNING recipient",
            [reason[:500], company_id, user_id, key],
        ).fetchone()
        if noted and hard:
            connection.execute(
                "INSERT INTO mail_pauses (company_id, user_id, address, reason) VALUES (%s, %s, %s, %s) "
                "ON CONFLICT (company_id, user_id) DO UPDATE SET address = excluded.address, "
                "reason = excluded.reason, since = now()",
                [company_id, user_id, noted[0], reason[:500]],
            )
    if noted:
        logger.warning("Mail %s came back (%s): %s", message_id, "for good" if hard else "this time", reason)
    return noted is not None


def pauses(scope: Scope, connection: Connection) -> dict[UUID, Pause]:
    """The members of the company whose present address gets no mail."""
    rows = connection.execute(
        "SELECT p.user_id, p.address, p.reason, p.since FROM mail_pauses p JOIN users u ON u.id = p.user_id "
        "WHERE p.company_id = %s AND p.address = u.email",
        [scope.company_id],
    )
    return {user_id: Pause(*rest) for user_id, *rest in rows}


def resume(user_id: UUID, scope: Scope, connection: Connection) -> None:
    """Write to this reader again."""
    connection.execute("DELETE FROM mail_pauses WHERE company_id = %s AND user_id = %s", [scope.company_id, user_id])
