"""One mail's way out: claimed, written by who wants it sent, handed to the server, settled."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parseaddr

from core.settings import settings
from core.tenancy import Scope
from server import addresses
from server.channels import email
from server.envelope import Envelope, Reader
from server.outbox import claims
from server.outbox.claims import Claim, ClaimLost
from server.outbox.standing import paused, state

logger = logging.getLogger(__name__)

Write = Callable[[Envelope], EmailMessage]


class NotNeeded(Exception):
    """Raised by a `write` that finds nothing worth a mail: the row is `skipped`, for good."""


class NotYet(Exception):
    """Raised by a `write` that lacks data: the row is `held` until `wake` or until somebody calls after `minutes`."""

    def __init__(self, reason: str, minutes: int = 7 * 24 * 60) -> None:
        super().__init__(reason)
        self.minutes = minutes


def send_once(key: str, reader: Reader, write: Write, scope: Scope, even_paused: bool = False) -> str:
    """Send the mail that `write` makes to a member of the company, unless that happened or is happening under this
    key. How its row stands then; 'paused' without one where the reader's address bounces (with `even_paused`, `write`
    sees to that). `write` opens its own transactions, and is only called by who will send."""
    claims.give_up_waiting(scope)
    if not even_paused and paused(reader, scope):
        return "paused"
    claim = claims.take(key, reader, scope)
    if claim is None:
        return state(key, reader, scope)
    try:
        return _hand_over(write(_envelope(claim)), claim)
    except NotNeeded as reason:
        return claims.settle(claim, "skipped", str(reason))
    except NotYet as reason:
        return claims.postpone(claim, "held", str(reason), reason.minutes)
    except ClaimLost:
        logger.warning("Lost the claim of mail %s; it was not sent here", claim.message_id)
        return state(key, reader, scope)
    except Exception as problem:
        logger.exception("Could not write mail %s", claim.message_id)
        return claims.later(claim, repr(problem))


def _hand_over(mail: EmailMessage, claim: Claim) -> str:
    claims.title(claim, str(mail["Subject"]))
    try:
        email.deliver(mail, lambda: claims.mark_sending(claim), addresses.bounces_to(claim.message_id))
    except email.NotDelivered as problem:
        logger.warning("Mail %s was not taken: %s", claim.message_id, problem)
        return claims.settle(claim, "failed", str(problem)) if problem.permanent else claims.later(claim, str(problem))
    except email.Unknown as problem:
        logger.error("Nobody knows whether mail %s left: %s", claim.message_id, problem)
        return claims.settle(claim, "unsure", str(problem))
    return claims.settle(claim, "sent")


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
