"""A mail's row while somebody sends it: claimed with a lease, marked right before it leaves, settled after."""

import hmac
import logging
import os
from dataclasses import dataclass
from email.utils import parseaddr
from uuid import uuid4

from core import db
from core.settings import settings
from core.tenancy import Scope
from server.envelope import Reader

logger = logging.getLogger(__name__)

CLAIM_SECONDS = 120
SENDING_SECONDS = 600
"""How long the server may take to answer before the mail counts as unsure."""
BACKOFF_MINUTES = (2, 10, 30, 120, 360)
UNSURE = "the worker ended while it was being sent"


class ClaimLost(Exception):
    """Somebody else has it now: nothing of this mail has left."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One mail that this process may send."""

    scope: Scope
    reader: Reader
    key: str
    message_id: str
    holder: str
    attempts: int


def take(key: str, reader: Reader, scope: Scope) -> Claim | None:
    """The mail under this key, to be sent by who asks; None where it was sent, is being sent, or isn't due again."""
    holder = f"{os.uname().nodename}:{os.getpid()}:{uuid4().hex[:8]}"
    with db.tenant(scope) as connection:
        row = connection.execute(
            "INSERT INTO mails "
            "(company_id, user_id, key, state, message_id, recipient, holder, claimed_until, attempts) "
            "VALUES (%(company)s, %(user)s, %(key)s, 'claimed', %(id)s, %(to)s, %(holder)s, "
            "clock_timestamp() + make_interval(secs => %(secs)s), 1) "
            "ON CONFLICT (company_id, user_id, key) DO UPDATE SET state = 'claimed', holder = excluded.holder, "
            "recipient = excluded.recipient, claimed_until = excluded.claimed_until, attempts = mails.attempts + 1 "
            "WHERE (mails.state IN ('waiting', 'held') AND mails.run_after <= clock_timestamp()) "
            "OR (mails.state = 'claimed' AND mails.claimed_until < clock_timestamp()) "
            "RETURNING message_id, attempts",
            {
                "company": scope.company_id,
                "user": reader.user_id,
                "key": key,
                "id": message_id(scope, reader, key),
                "to": reader.email,
                "holder": holder,
                "secs": CLAIM_SECONDS,
            },
        ).fetchone()
    return Claim(scope, reader, key, row[0], holder, row[1]) if row else None


def mark_sending(claim: Claim) -> None:
    """The last moment at which the claim decides; committed before the mail becomes final."""
    changed = _update(
        claim,
        "state = 'sending', claimed_until = clock_timestamp() + make_interval(secs => %(secs)s)",
        "state = 'claimed' AND claimed_until > clock_timestamp()",
        secs=SENDING_SECONDS,
    )
    if not changed:
        raise ClaimLost


def title(claim: Claim, subject: str) -> None:
    """What the mail is about, for who looks at the row."""
    _update(claim, "subject = %(subject)s", "true", subject=subject[:300])


def settle(claim: Claim, state: str, error: str = "") -> str:
    """How it ended."""
    sent = ", sent_at = now()" if state == "sent" else ""
    _update(claim, f"state = %(state)s, error = %(error)s{sent}", "true", state=state, error=error[:500])
    return state


def later(claim: Claim, error: str) -> str:
    """Try again after a pause, as often as there are pauses."""
    if claim.attempts > len(BACKOFF_MINUTES):
        return settle(claim, "failed", error)
    return postpone(claim, "waiting", error, BACKOFF_MINUTES[claim.attempts - 1])


def postpone(claim: Claim, state: str, reason: str, minutes: int) -> str:
    """Not before so many minutes."""
    # Waiting for data is no attempt: its own mail has all of them before it.
    _update(
        claim,
        "state = %(state)s, error = %(error)s, run_after = now() + make_interval(mins => %(mins)s), "
        "attempts = CASE WHEN %(state)s = 'held' THEN 0 ELSE attempts END",
        "true",
        state=state,
        error=reason[:500],
        mins=minutes,
    )
    return state


def give_up_waiting(scope: Scope) -> None:
    """What was on its way when its worker died, and has been for too long: nobody knows."""
    with db.tenant(scope) as connection:
        rows = connection.execute(
            "UPDATE mails SET state = 'unsure', error = %s "
            "WHERE company_id = %s AND state = 'sending' AND claimed_until < clock_timestamp() RETURNING message_id",
            [UNSURE, scope.company_id],
        ).fetchall()
    for (id,) in rows:
        logger.error("Nobody knows whether mail %s left: its worker ended while sending it", id)


def message_id(scope: Scope, reader: Reader, key: str) -> str:
    """The same for the same mail whenever it is written, so that whatever sees it twice can tell; not to be guessed,
    since a bounce names it."""
    said = f"mail {scope.company_id}/{reader.user_id}/{key}".encode()
    named = hmac.digest(settings().secret().encode(), said, "sha256").hex()[:32]
    return f"<ayni.{named}@{host()}>"


def host() -> str:
    """The right side of our Message-IDs."""
    return parseaddr(settings().mail_from)[1].partition("@")[2] or "ayni.local"


def _update(claim: Claim, what: str, where: str, **values: object) -> int:
    with db.tenant(claim.scope) as connection:
        return connection.execute(
            f"UPDATE mails SET {what} WHERE company_id = %(company)s AND user_id = %(user)s AND key = %(key)s "  # noqa: S608
            f"AND holder = %(holder)s AND {where}",
            {
                "company": claim.scope.company_id,
                "user": claim.reader.user_id,
                "key": claim.key,
                "holder": claim.holder,
                **values,
            },
        ).rowcount
