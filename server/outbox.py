"""Each mail leaves once for each reader and key: claim, write, hand over, mark.

`send_once(key, reader, write, scope)` is the one way out: the summary's ('2026-W44'), an alert's, a report's with its
attachment. A row of `mails` (company, reader, key) goes

    (none) | waiting | held -> claimed -> sending -> sent -> bounced   a server further on said no, in a mail of its own
                                  |          |-----> waiting, failed   the server said no: try again later, or never
                                  |          '-----> unsure            nobody knows; not sent again by itself
                                  '-> waiting, held, skipped           not written yet, waits for data, not needed

What is guaranteed, and what is not. `claimed` is committed before the mail is written, with a lease: one worker at a
time has it, and if it dies the next one takes it when the lease is over. `sending` is committed when the whole mail
lies at the server except the line that makes it final, and only by who still holds the claim. So a worker that dies
before `sending` has sent nothing that a server may deliver: the mail is tried again, and arrives once. A worker that
dies after it, before `sent`, may or may not have sent that line: SMTP has no way of asking afterwards. Such a mail is
never sent a second time by itself: **no reader gets one key twice**. It is lost only where the process ends between
that commit and the five bytes that follow it; it then stays `unsure`, which the operator sees in the log and in
`ayni mail list` and the reader on /resumen, where it can be sent again by hand. In development the mail is a file
named by its Message-ID.

Who calls calls again: a mail that is `waiting` leaves with the next `send_once` of the same key after its pause.
`companies_waiting(prefix)` and `waiting(prefix, scope)` tell a schedule which those are.
"""

import hmac
import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parseaddr
from uuid import UUID, uuid4

from core import db
from core.db import Connection
from core.settings import settings
from core.tenancy import Scope
from server import addresses
from server.channels import email
from server.envelope import Envelope, Reader, members

logger = logging.getLogger(__name__)

CLAIM_SECONDS = 120
SENDING_SECONDS = 600
"""How long the server may take to answer before the mail counts as unsure."""
BACKOFF_MINUTES = (2, 10, 30, 120, 360)
UNSURE = "the worker ended while it was being sent"

Write = Callable[[Envelope], EmailMessage]


class NotNeeded(Exception):
    """Raised by a `write` that finds nothing worth a mail: the row is `skipped`, for good."""


class NotYet(Exception):
    """Raised by a `write` that lacks data: the row is `held` until `wake` or until somebody calls after `minutes`."""

    def __init__(self, reason: str, minutes: int = 7 * 24 * 60) -> None:
        super().__init__(reason)
        self.minutes = minutes


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


def send_once(key: str, reader: Reader, write: Write, scope: Scope, even_paused: bool = False) -> str:
    """Send the mail that `write` makes to a member of the company, unless that happened or is happening under this
    key. How its row stands then; 'paused' without one where the reader's address bounces (with `even_paused`, `write`
    sees to that). `write` opens its own transactions, and is only called by who will send."""
    give_up_waiting(scope)
    if not even_paused and paused(reader, scope):
        return "paused"
    claim = _claim(key, reader, scope)
    if claim is None:
        return state(key, reader, scope)
    try:
        return _hand_over(write(_envelope(claim)), claim)
    except NotNeeded as reason:
        return _settle(claim, "skipped", str(reason))
    except NotYet as reason:
        return _postpone(claim, "held", str(reason), reason.minutes)
    except ClaimLost:
        logger.warning("Lost the claim of mail %s; it was not sent here", claim.message_id)
        return state(key, reader, scope)
    except Exception as problem:
        logger.exception("Could not write mail %s", claim.message_id)
        return _later(claim, repr(problem))


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


def message_id(scope: Scope, reader: Reader, key: str) -> str:
    """The same for the same mail whenever it is written, so that whatever sees it twice can tell; not to be guessed,
    since a bounce names it."""
    said = f"mail {scope.company_id}/{reader.user_id}/{key}".encode()
    named = hmac.digest(settings().secret().encode(), said, "sha256").hex()[:32]
    return f"<ayni.{named}@{host()}>"


def host() -> str:
    """The right side of our Message-IDs."""
    return parseaddr(settings().mail_from)[1].partition("@")[2] or "ayni.local"


def _hand_over(mail: EmailMessage, claim: Claim) -> str:
    _update(claim, "subject = %(subject)s", "true", subject=str(mail["Subject"])[:300])
    try:
        email.deliver(mail, lambda: _mark_sending(claim), addresses.bounces_to(claim.message_id))
    except email.NotDelivered as problem:
        logger.warning("Mail %s was not taken: %s", claim.message_id, problem)
        return _settle(claim, "failed", str(problem)) if problem.permanent else _later(claim, str(problem))
    except email.Unknown as problem:
        logger.error("Nobody knows whether mail %s left: %s", claim.message_id, problem)
        return _settle(claim, "unsure", str(problem))
    return _settle(claim, "sent")


def _envelope(claim: Claim) -> Envelope:
    name, address = parseaddr(email.sender())
    return Envelope(
        sender=Address(name, addr_spec=address),
        recipient=Address(" ".join(claim.reader.name.split()), addr_spec=claim.reader.email),
        reply_to=addresses.reply_to(claim.reader.user_id, claim.scope.company_id)
        if addresses.answered()
        else settings().mail_reply_to or address,
        message_id=claim.message_id,
        at=datetime.now(UTC),
    )


def _claim(key: str, reader: Reader, scope: Scope) -> Claim | None:
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


def _mark_sending(claim: Claim) -> None:
    """The last moment at which the claim decides; committed before the mail becomes final."""
    changed = _update(
        claim,
        "state = 'sending', claimed_until = clock_timestamp() + make_interval(secs => %(secs)s)",
        "state = 'claimed' AND claimed_until > clock_timestamp()",
        secs=SENDING_SECONDS,
    )
    if not changed:
        raise ClaimLost


def _settle(claim: Claim, state: str, error: str = "") -> str:
    sent = ", sent_at = now()" if state == "sent" else ""
    _update(claim, f"state = %(state)s, error = %(error)s{sent}", "true", state=state, error=error[:500])
    return state


def _later(claim: Claim, error: str) -> str:
    if claim.attempts > len(BACKOFF_MINUTES):
        return _settle(claim, "failed", error)
    return _postpone(claim, "waiting", error, BACKOFF_MINUTES[claim.attempts - 1])


def _postpone(claim: Claim, state: str, reason: str, minutes: int) -> str:
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
