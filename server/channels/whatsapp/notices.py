"""What Ayni writes by itself: to members who asked for it, once a key, as text within the day and as a template after.

A row of `whatsapp_sent` goes as one of `mails` does (server/outbox): claimed with a lease before it is made,
`sending` committed right before it leaves, never sent again from there. Whoever dies before has sent nothing, and the
next one tries; whoever dies after leaves it `unsure`, which the member sees on /whatsapp until Meta tells of it
(`tracking`).
"""

import json
import logging
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Literal, cast
from uuid import UUID, uuid4

from core import db
from core.tenancy import Scope
from server.channels.whatsapp import graph, reply, tracking
from server.channels.whatsapp.account import account, required
from server.channels.whatsapp.links import Link, scope_of
from server.channels.whatsapp.picture import draw, without_chart
from server.channels.whatsapp.reply import Reply, Template

logger = logging.getLogger(__name__)

State = Literal["sent", "waiting", "failed", "unsure", "no_phone", "off"]
"""`no_phone`: no linked phone that wants it; `off`: there is no WhatsApp here."""

WINDOW = timedelta(hours=24) - timedelta(minutes=5)
"""From a phone's last message on, anything may be sent; a little less than Meta's day, for the clocks."""
CLAIM_SECONDS = 120
BACKOFF_SECONDS = (5, 30, 120, 600, 1800)
IN_HAND = "state IN ('claimed', 'sending')"
"""A row that its worker may still change: a status of Meta's may have settled it meanwhile."""
TEMPLATES = {"resumen_listo": 2, "aviso": 2, "archivo_leido": 2}
"""The approved templates and how many values each takes (docs/whatsapp.md holds their words)."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One message. `key` names it for good: the same key again sends nothing. `template` is what goes outside the
    day, to who wants to be written to; without one nothing does. Without `needs_opt_in` it goes within the day to who
    did not ask for it, too: the end of what they began."""

    key: str
    reply: Reply
    template: Template | None = None
    needs_opt_in: bool = True


@dataclass(frozen=True, slots=True)
class Claim:
    scope: Scope
    key: str
    sender: str
    wanted: bool
    holder: str
    attempts: int
    form: str
    tracker: UUID


class ClaimLost(Exception):
    """Somebody else has it now: nothing of it has left."""


def template(name: str, *values: str) -> Template:
    """One of `TEMPLATES` with its values as Meta takes them: one line each, at most 300 characters."""
    if TEMPLATES[name] != len(values):
        raise ValueError(f"{name} takes {TEMPLATES[name]} values")
    return Template(name, tuple(reply.cut(" ".join(v.split()) or "-", 300) for v in values))


def notify(notice: Notice, user_id: UUID, scope: Scope) -> State:
    """Send it to the member's phone of this company, unless that happened; how it stands then. Opens its own
    transactions, so that what has left is known whatever happens to the caller's."""
    if account() is None:
        return "off"
    member = scope_of(Link(scope.company_id, user_id, datetime.now(UTC)))
    phone = _phone(notice.needs_opt_in, member) if member else None
    if member is None or phone is None:
        return "no_phone"
    claim = _claim(notice, *phone, member)
    return _send(notice, claim) if claim else _state(member, notice.key)


def send_waiting(scope: Scope) -> int:
    """Try again what waits in a company, and send as a template what came too late as text; how many were tried."""
    with db.tenant(scope) as connection:
        lost = connection.execute(
            "UPDATE whatsapp_sent SET state = 'unsure', error = 'the worker ended while it was being sent' "
            "WHERE company_id = %s AND state = 'sending' AND claimed_until < clock_timestamp() RETURNING key",
            [scope.company_id],
        ).fetchall()
        connection.execute(
            "UPDATE whatsapp_sent SET state = 'waiting', form = 'template', run_after = now() "
            "WHERE company_id = %s AND state = 'sent' AND form = 'text' AND sent_at > now() - interval '2 days' "
            "AND whatsapp_told_late(wamid)",
            [scope.company_id],
        )
        rows = connection.execute(
            "SELECT user_id, body FROM whatsapp_sent WHERE company_id = %s AND ((state = 'waiting' "
            "AND run_after <= now()) OR (state = 'claimed' AND claimed_until < clock_timestamp())) ORDER BY created_at",
            [scope.company_id],
        ).fetchall()
    for (key,) in lost:
        logger.error("Nobody knows whether notice %s left: its worker ended while sending it", key)
    for user_id, body in rows:
        notice = _from_json(body)
        if notify(notice, user_id, scope) == "no_phone":  # unlinked or opted out meanwhile
            with db.tenant(scope) as connection:
                connection.execute(
                    "UPDATE whatsapp_sent SET state = 'failed', error = 'no linked phone that wants it' "
                    "WHERE company_id = %s AND user_id = %s AND key = %s AND state = 'waiting'",
                    [scope.company_id, user_id, notice.key],
                )
    return len(rows)


def told_shortly(scope: Scope) -> Reply | None:
    """The whole of what the member was last told by a template, now that the phone wrote and it may go."""
    with db.tenant(scope) as connection:
        row = connection.execute(
            "SELECT body FROM whatsapp_sent WHERE company_id = %s AND user_id = %s AND state = 'sent' "
            "AND form = 'template' AND sent_at > now() - interval '8 days' ORDER BY sent_at DESC LIMIT 1",
            [scope.company_id, scope.user_id],
        ).fetchone()
    return _from_json(row[0]).reply if row else None


def was_sent(wamid: str, scope: Scope) -> bool:
    """Whether a message is one that Ayni wrote by itself to this member."""
    with db.tenant(scope) as connection:
        row = connection.execute(
            "SELECT EXISTS (SELECT FROM whatsapp_sent WHERE company_id = %s AND user_id = %s AND wamid = %s)",
            [scope.company_id, scope.user_id, wamid],
        ).fetchone()
    return bool(row and row[0])


def companies_due() -> Sequence[UUID]:
    """The companies with something of their own to send. One query for all of them."""
    with db.identity() as connection:
        return [row[0] for row in connection.execute("SELECT whatsapp_companies_due()").fetchall()]


def troubles(scope: Scope, most: int = 5) -> list[tuple[datetime, str, str]]:
    """What did not reach the member's phones: when, 'answer' or 'notice', and why."""
    with db.tenant(scope) as connection:
        return connection.execute("SELECT at, what, error FROM whatsapp_troubles(%s)", [most]).fetchall()


def _send(notice: Notice, claim: Claim) -> State:
    form = claim.form or ("text" if _open(claim) else "template")
    for _ in range(2):
        message: Reply | Template | None = notice.reply if form == "text" else notice.template
        if message is None:
            return _settle(claim, "failed", error="outside the day, and no template says this")
        if form == "template" and not claim.wanted:
            return _settle(claim, "failed", error="outside the day, and this phone wants no messages by Ayni itself")
        picture = draw(message) if isinstance(message, Reply) else None
        if isinstance(message, Reply) and message.chart and not picture:
            message = without_chart(message)
        try:
            tracker = tracking.of_notice(claim.tracker, form)
            wamid = graph.send(message, claim.sender, picture, tracker, required(), partial(_mark, claim, form))
        except ClaimLost:
            logger.warning("Lost the claim of notice %s; it was not sent here", claim.key)
            return _state(claim.scope, claim.key)
        except graph.Unknown as problem:
            logger.error("Nobody knows whether notice %s left: %s", claim.key, problem)
            return _settle(claim, "unsure", error=str(problem))
        except graph.NotSent as problem:
            if problem.code == graph.TOO_LATE and form == "text":
                form = "template"
                continue
            return _later(claim, form, problem)
        return _settle(claim, "sent", wamid)
    return _settle(claim, "failed", error="neither text nor template was taken")


def _phone(needs_opt_in: bool, member: Scope) -> tuple[str, bool] | None:
    """The member's phone that wrote last, and whether it wants what Ayni writes by itself."""
    with db.tenant(member) as connection:
        row = connection.execute(
            "SELECT sender, opted_in_at IS NOT NULL AND opted_out_at IS NULL AS wanted FROM whatsapp_links "
            "WHERE company_id = %s AND user_id = %s "
            "AND (NOT %s OR (opted_in_at IS NOT NULL AND opted_out_at IS NULL)) "
            "ORDER BY whatsapp_last_message(sender) DESC NULLS LAST, sender LIMIT 1",
            [member.company_id, member.user_id, needs_opt_in],
        ).fetchone()
    return (row[0], row[1]) if row else None


def _open(claim: Claim) -> bool:
    with db.tenant(claim.scope) as connection:
        row = connection.execute("SELECT whatsapp_last_message(%s)", [claim.sender]).fetchone()
    return bool(row and row[0] and datetime.now(UTC) - row[0] < WINDOW)


def _claim(notice: Notice, sender: str, wanted: bool, member: Scope) -> Claim | None:
    holder = f"{os.uname().nodename}:{os.getpid()}:{uuid4().hex[:8]}"
    with db.tenant(member) as connection:
        row = connection.execute(
            "INSERT INTO whatsapp_sent "
            "(company_id, user_id, key, sender, body, state, holder, claimed_until, attempts) VALUES "
            "(%(company)s, %(user)s, %(key)s, %(sender)s, %(body)s, 'claimed', %(holder)s, "
            "clock_timestamp() + make_interval(secs => %(secs)s), 1) "
            "ON CONFLICT (company_id, user_id, key) DO UPDATE SET state = 'claimed', holder = excluded.holder, "
            "sender = excluded.sender, claimed_until = excluded.claimed_until, attempts = whatsapp_sent.attempts + 1 "
            "WHERE (whatsapp_sent.state = 'waiting' AND whatsapp_sent.run_after <= clock_timestamp()) "
            "OR (whatsapp_sent.state = 'claimed' AND whatsapp_sent.claimed_until < clock_timestamp()) "
            "RETURNING attempts, form, tracker",
            {
                "company": member.company_id,
                "user": member.user_id,
                "key": notice.key,
                "sender": sender,
                "body": json.dumps(_json(notice), ensure_ascii=False),
                "holder": holder,
                "secs": CLAIM_SECONDS,
            },
        ).fetchone()
    return Claim(member, notice.key, sender, wanted, holder, *row) if row else None


def _mark(claim: Claim, form: str) -> None:
    """The last moment at which the claim decides; committed before the message leaves."""
    # 'sending' too: a text refused outright goes on as a template under the same claim.
    changed = _update(
        claim,
        "state = 'sending', form = %(form)s, claimed_until = clock_timestamp() + make_interval(secs => %(secs)s)",
        f"{IN_HAND} AND claimed_until > clock_timestamp()",
        form=form,
        secs=CLAIM_SECONDS,
    )
    if not changed:
        raise ClaimLost


def _settle(claim: Claim, state: State, wamid: str = "", error: str = "") -> State:
    if state == "failed":
        logger.error("Notice %s was not sent: %s", claim.key, error)
    sent = ", sent_at = now()" if state == "sent" else ""
    changed = _update(
        claim,
        f"state = %(state)s, wamid = nullif(%(wamid)s, ''), error = %(error)s{sent}",
        IN_HAND,
        state=state,
        wamid=wamid,
        error=error[:500],
    )
    return state if changed else _state(claim.scope, claim.key)


def _later(claim: Claim, form: str, problem: graph.NotSent) -> State:
    if not problem.again or claim.attempts > len(BACKOFF_SECONDS):
        return _settle(claim, "failed", error=str(problem))
    _update(
        claim,
        "state = 'waiting', form = %(form)s, error = %(error)s, run_after = now() + make_interval(secs => %(secs)s)",
        IN_HAND,
        form="template" if form == "template" and claim.form == "template" else "",
        error=str(problem)[:500],
        secs=BACKOFF_SECONDS[claim.attempts - 1],
    )
    return "waiting"


def _update(claim: Claim, what: str, where: str, **values: object) -> int:
    with db.tenant(claim.scope) as connection:
        return connection.execute(
            f"UPDATE whatsapp_sent SET {what} WHERE company_id = %(company)s AND user_id = %(user)s "  # noqa: S608
            f"AND key = %(key)s AND holder = %(holder)s AND {where}",
            {
                "company": claim.scope.company_id,
                "user": claim.scope.user_id,
                "key": claim.key,
                "holder": claim.holder,
                **values,
            },
        ).rowcount


def _state(member: Scope, key: str) -> State:
    with db.tenant(member) as connection:
        row = connection.execute(
            "SELECT state FROM whatsapp_sent WHERE company_id = %s AND user_id = %s AND key = %s",
            [member.company_id, member.user_id, key],
        ).fetchone()
    found = row[0] if row else "waiting"
    return "waiting" if found in ("claimed", "sending") else cast(State, found)


def _json(notice: Notice) -> dict[str, Any]:
    return {
        "key": notice.key,
        "reply": notice.reply.json(),
        "template": asdict(notice.template) if notice.template else None,
        "needs_opt_in": notice.needs_opt_in,
    }


def _from_json(kept: dict[str, Any]) -> Notice:
    made = kept["template"]
    return Notice(
        kept["key"],
        reply.from_json(kept["reply"]),
        Template(made["name"], tuple(made["values"]), made["language"]) if made else None,
        kept["needs_opt_in"],
    )
