"""Mail that comes in: a reader's reply becomes a question that will be answered once; a mail that bounced is noted.

No loop can start: what a machine wrote is never answered (server/channels/inbound.py), an answer goes to the reader's
own address and to no other, says of itself that it is automatic, and a reader gets at most `MOST_A_DAY`. A mail that
is proven to be of somebody else is not answered; one that isn't proven to be its reader's may ask and change nothing.
"""

import logging
from uuid import UUID

from prometheus_client import Counter

from core import db
from core.auth.audit import note_in
from core.settings import settings
from core.tenancy import Scope
from server import addresses, bounces, jobs, outbox
from server.channels import authenticity, inbound
from server.envelope import members

logger = logging.getLogger(__name__)

MOST_A_DAY = 40
FORGED = "ignored: not from its sender"
TAKEN = Counter("ayni_mail_in_total", "Mails that came in, by what became of them", ["outcome"])


def take(raw: bytes) -> str:
    """What a mail that came in was: 'question' (it will be answered), 'bounce', or why nothing comes of it. The same
    mail again changes nothing."""
    outcome = _taken(raw)
    TAKEN.labels("forged" if outcome == FORGED else outcome.partition(":")[0]).inc()
    return outcome


def _taken(raw: bytes) -> str:
    mail = inbound.read(raw)
    named = addresses.bounced(mail.recipients)
    if mail.bounce is not None:
        id = mail.bounce.message_id
        known = bounces.record(id or _our_id(named), mail.bounce.reason, mail.bounce.hard)
        return "bounce" if known else "ignored: a bounce of no mail of ours"
    outcome = "ignored: an answer to a bounce address" if named else _question(mail)
    logger.info("Mail %s: %s", mail.message_id, outcome)
    return outcome


def _question(mail: inbound.Received) -> str:
    """Keep a reader's question and have it answered; or why not."""
    if mail.machine:
        return f"ignored: {mail.machine}"
    scope = addresses.replied_to(mail.recipients)
    if scope is None or scope.user_id is None:
        return "ignored: no address of ours"
    with db.tenant(scope) as connection:
        reader = next((m for m in members(scope, connection) if m.user_id == scope.user_id), None)
        if reader is None or mail.sender != reader.email.lower():
            return "ignored: not from the reader"
        if not mail.text:
            return "ignored: nothing new in it"
        verdict = authenticity.verdict(mail.results, settings().mail_authserv, mail.sender)
        if verdict == "failed":
            logger.warning("Mail %s is not from %s, says the server that received it", mail.message_id, mail.sender)
            _forged(mail.sender, scope, connection)
            return FORGED
        job = _kept(mail, verdict == "proven", scope.user_id, scope, connection)
    if job is None:
        return "ignored: had it already, or too many"
    jobs.send(job)
    return "question"


def _forged(address: str, scope: Scope, connection: db.Connection) -> None:
    """Note in the company's log that somebody wrote in a member's name, once a day: whoever does may do it often."""
    noted = connection.execute(
        "SELECT 1 FROM audit_log WHERE company_id = %s AND action = 'mail_forged' AND subject = %s "
        "AND at > now() - interval '1 day' LIMIT 1",
        [scope.company_id, address],
    ).fetchone()
    if noted is None:
        note_in(scope.company_id, None, "mail_forged", address, connection)


def _kept(
    mail: inbound.Received, proven: bool, user_id: UUID, scope: Scope, connection: db.Connection
) -> jobs.Job | None:
    """The row and its job in one transaction; None where it is there already, or the day's answers are used up."""
    today = connection.execute(
        "SELECT count(*) FROM inbound_mails WHERE company_id = %s AND user_id = %s "
        "AND received_at > now() - interval '1 day'",
        [scope.company_id, user_id],
    ).fetchone()
    if today and today[0] >= MOST_A_DAY:
        return None
    new = connection.execute(
        "INSERT INTO inbound_mails (company_id, message_id, user_id, thread, subject, question, proven) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING RETURNING 1",
        [scope.company_id, mail.message_id, user_id, mail.thread, mail.subject, mail.text, proven],
    ).fetchone()
    return jobs.enqueue(scope, "reply", {"message": mail.message_id}, connection) if new else None


def _our_id(named: str) -> str:
    """The Message-ID whose bounce address carries this name."""
    return f"<ayni.{named}@{outbox.host()}>" if named else ""
