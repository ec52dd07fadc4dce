"""Each summary leaves once for each reader: claim, write, hand over, mark.

A row of `mails` (company, reader, edition) goes

    (none) | waiting -> claimed -> sending -> sent
                           |          |-----> waiting, failed   the server said no: try again later, or never
                           |          '-----> unsure            nobody knows; looked at, not sent again by itself
                           '-> waiting, skipped

What is guaranteed, and what is not. `claimed` is committed before the mail is written, with a lease: one worker at a
time has it, and if it dies the next one takes it when the lease is over. `sending` is committed when the whole mail
lies at the server except the line that makes it final, and only by who still holds the claim. So a worker that dies
before `sending` has sent nothing that a server may deliver: the mail is tried again, and arrives once. A worker that
dies after it, before `sent`, may or may not have sent that line: SMTP has no way of asking afterwards. Such a mail is
never sent a second time by itself: **no reader gets an edition twice**. It is lost only where the process ends between
that commit and the five bytes that follow it; it then stays `unsure`, which the operator sees in the log and the reader
on /resumen, where the summary itself can be read anyhow. In development the mail is a file named by its Message-ID.
"""

import logging
import os
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.headerregistry import Address
from email.utils import parseaddr
from hashlib import sha256
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from core import db
from core.settings import settings
from core.tenancy import Scope
from server.channels import email
from server.digest.choices import Reader, leave_url, readers
from server.digest.editions import Edition, due
from server.digest.gather import compose
from server.digest.letter import Envelope, message, render
from server.digest.types import Digest

logger = logging.getLogger(__name__)

CLAIM_SECONDS = 120
SENDING_SECONDS = 600
"""How long the server may take to answer before the mail counts as unsure."""
BACKOFF_MINUTES = (2, 10, 30, 120, 360)


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

    edition: str
    state: str
    error: str
    at: datetime


def send_due(scope: Scope, now: datetime) -> list[str]:
    """Send what is due for the members of a company; how each one's mail stands then. For the queue."""
    with db.tenant(scope) as connection:
        found = [(r, due(r.frequency, now, scope.company.tz)) for r in readers(scope, connection)]
    today = now.astimezone(scope.company.tz).date()
    return [send(e, r, today, scope) for r, e in found if e is not None]


def send(edition: Edition, reader: Reader, today: date, scope: Scope) -> str:
    """Send one edition to one reader unless that happened, or is happening. How its row stands then."""
    _give_up_waiting(scope)
    claim = _claim(edition.id, reader, scope)
    if claim is None:
        return _state(edition.id, reader, scope)
    try:
        with db.tenant(scope) as connection:
            digest = compose(edition, today, scope, connection)
        if digest.kind == "empty":
            return _settle(claim, "skipped", "no data yet")
        if digest.kind == "stale":
            # One silence is told once, however many Mondays it lasts: its row is its last day's.
            own = _claim(digest.key, reader, scope)
            if own is not None:
                _hand_over(digest, own)
            told = _state(digest.key, reader, scope)
            return _settle(claim, "waiting" if told in ("waiting", "claimed") else "skipped", f"told by {digest.key}")
        return _hand_over(digest, claim)
    except ClaimLost:
        logger.warning("Lost the claim of mail %s; it was not sent here", claim.message_id)
        return _state(edition.id, reader, scope)
    except Exception as problem:
        logger.exception("Could not write mail %s", claim.message_id)
        return _later(claim, repr(problem))


def history(scope: Scope, user_id: UUID, most: int = 6) -> list[Mail]:
    """What became of a reader's latest mails, the last first."""
    with db.tenant(scope) as connection:
        rows = connection.execute(
            "SELECT edition, state, error, coalesce(sent_at, created_at) FROM mails "
            "WHERE company_id = %s AND user_id = %s ORDER BY created_at DESC, edition LIMIT %s",
            [scope.company_id, user_id, most],
        ).fetchall()
    return [Mail(*row) for row in rows]


def companies_due(now: datetime) -> list[UUID]:
    """The companies where somebody's summary should be on its way and is not. One query for all of them."""
    with db.identity() as connection:
        rows = connection.execute("SELECT company_id, timezone, frequency, settled FROM digest_readers()").fetchall()
    found: dict[UUID, None] = {}
    for company_id, timezone, frequency, settled in rows:
        edition = due(frequency, now, ZoneInfo(timezone))
        if edition is not None and edition.id not in settled:
            found[company_id] = None
    return list(found)


def message_id(scope: Scope, reader: Reader, key: str) -> str:
    """The same for the same mail whenever it is written, so that whatever sees it twice can tell. Pure."""
    named = sha256(f"{scope.company_id}/{reader.user_id}/{key}".encode()).hexdigest()[:32]
    host = parseaddr(settings().mail_from)[1].partition("@")[2] or "ayni.local"
    return f"<resumen.{named}@{host}>"


def _hand_over(digest: Digest, claim: Claim) -> str:
    mail = message(
        render(digest, settings().url, leave_url(claim.scope.company_id, claim.reader.user_id)), _envelope(claim)
    )
    try:
        email.deliver(mail, lambda: _mark_sending(claim))
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
        reply_to=settings().mail_reply_to or address,
        message_id=claim.message_id,
        leave=leave_url(claim.scope.company_id, claim.reader.user_id),
        at=datetime.now(UTC),
    )


def _claim(key: str, reader: Reader, scope: Scope) -> Claim | None:
    holder = f"{os.uname().nodename}:{os.getpid()}:{uuid4().hex[:8]}"
    with db.tenant(scope) as connection:
        row = connection.execute(
            "INSERT INTO mails (company_id, user_id, edition, state, message_id, holder, claimed_until, attempts) "
            "VALUES (%(company)s, %(user)s, %(key)s, 'claimed', %(id)s, %(holder)s, "
            "clock_timestamp() + make_interval(secs => %(secs)s), 1) "
            "ON CONFLICT (company_id, user_id, edition) DO UPDATE SET state = 'claimed', holder = excluded.holder, "
            "claimed_until = excluded.claimed_until, attempts = mails.attempts + 1 "
            "WHERE (mails.state = 'waiting' AND mails.run_after <= clock_timestamp()) "
            "OR (mails.state = 'claimed' AND mails.claimed_until < clock_timestamp()) "
            "RETURNING message_id, attempts",
            {
                "company": scope.company_id,
                "user": reader.user_id,
                "key": key,
                "id": message_id(scope, reader, key),
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
    if state == "waiting":
        return _later(claim, error)
    sent = ", sent_at = now()" if state == "sent" else ""
    _update(claim, f"state = %(state)s, error = %(error)s{sent}", "true", state=state, error=error[:500])
    return state


def _later(claim: Claim, error: str) -> str:
    if claim.attempts > len(BACKOFF_MINUTES):
        return _settle(claim, "failed", error)
    _update(
        claim,
        "state = 'waiting', error = %(error)s, run_after = now() + make_interval(mins => %(mins)s)",
        "true",
        error=error[:500],
        mins=BACKOFF_MINUTES[claim.attempts - 1],
    )
    return "waiting"


def _update(claim: Claim, what: str, where: str, **values: object) -> int:
    with db.tenant(claim.scope) as connection:
        return connection.execute(
            f"UPDATE mails SET {what} WHERE company_id = %(company)s AND user_id = %(user)s AND edition = %(key)s "  # noqa: S608
            f"AND holder = %(holder)s AND {where}",
            {
                "company": claim.scope.company_id,
                "user": claim.reader.user_id,
                "key": claim.key,
                "holder": claim.holder,
                **values,
            },
        ).rowcount


def _give_up_waiting(scope: Scope) -> None:
    """What was on its way when its worker died, and has been for too long: nobody knows."""
    with db.tenant(scope) as connection:
        rows = connection.execute(
            "UPDATE mails SET state = 'unsure', error = 'the worker ended while it was being sent' "
            "WHERE company_id = %s AND state = 'sending' AND claimed_until < clock_timestamp() RETURNING message_id",
            [scope.company_id],
        ).fetchall()
    for (id,) in rows:
        logger.error("Nobody knows whether mail %s left: its worker ended while sending it", id)


def _state(key: str, reader: Reader, scope: Scope) -> str:
    with db.tenant(scope) as connection:
        row = connection.execute(
            "SELECT state FROM mails WHERE company_id = %s AND user_id = %s AND edition = %s",
            [scope.company_id, reader.user_id, key],
        ).fetchone()
    return str(row[0]) if row else "waiting"
