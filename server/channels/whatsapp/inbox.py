"""What phones wrote, kept by its id and worked through phone by phone, in the order in which it was written.

A message goes

    waiting -> sending -> done
       |          '-----> unsure    nobody knows whether the reply left; it is not sent again, and done once Meta
       |                            tells something of it (`tracking`)
       '-> done, failed             no reply was due, or there can be none

One worker at a time holds a phone, by a lease on `whatsapp_senders`. `sending` is committed right before the reply
leaves and only by who still holds the lease, so that whoever finds a message in it leaves it alone: **each reply leaves
at most once**. Everything before it may be done again after a worker's death.
"""

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg

from core import db
from server.channels.whatsapp import tracking
from server.channels.whatsapp.parse import RANKS, Message, Status

LEASE_SECONDS = 60
"""Longer than a call to Meta may take; kept alive while a message is worked on."""
MOST_ATTEMPTS = 6
KEPT_DAYS = 30


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message to be answered. `reply`: what was composed for it before and has not left."""

    wamid: str
    sender: str
    sent_at: datetime
    raw: dict[str, Any]
    attempts: int
    reply: dict[str, Any] | None


class LeaseLost(Exception):
    """Somebody else has this phone now; nothing of this message has left."""


def store(messages: Sequence[Message], statuses: Sequence[Status]) -> list[str]:
    """Keep what came, each message and each status once; the phones that wrote something new and have no worker (one
    that has the phone looks again after letting it go)."""
    for _ in range(3):
        # Two deliveries of the same messages in another order may wait for each other; the second finds them there.
        with suppress(psycopg.errors.DeadlockDetected):
            return _stored(messages, statuses)
    return _stored(messages, statuses)


def _stored(messages: Sequence[Message], statuses: Sequence[Status]) -> list[str]:
    with db.channel() as connection:
        rows = connection.execute(
            "WITH came AS (SELECT * FROM jsonb_to_recordset(%s) AS m (wamid text, sender text, sent_at timestamptz, "
            "raw jsonb, place int)), "
            "new AS (INSERT INTO whatsapp_inbox (wamid, sender, sent_at, message) "
            "SELECT wamid, sender, sent_at, raw FROM came ORDER BY place ON CONFLICT (wamid) DO NOTHING "
            "RETURNING sender, sent_at) "
            "INSERT INTO whatsapp_senders (sender, last_message_at) "
            # In one order always, so that two deliveries with the same phones never wait for each other.
            "SELECT sender, max(sent_at) FROM new GROUP BY sender ORDER BY sender "
            "ON CONFLICT (sender) DO UPDATE SET nudged_at = now(), "
            "last_message_at = greatest(whatsapp_senders.last_message_at, excluded.last_message_at) "
                "RETURNING sender, coalesce(lease_until > clock_timestamp(), false)",
            [json.dumps([{**asdict(m), "place": i} for i, m in enumerate(messages)], default=str, ensure_ascii=False)],
        ).fetchall() if messages else []  # fmt: skip
        for one in sorted(statuses, key=lambda s: s.wamid):
            connection.execute(
                "INSERT INTO whatsapp_statuses (wamid, status, rank, code, error, at) VALUES (%s, %s, %s, %s, %s, %s) "
                "ON CONFLICT (wamid) DO UPDATE SET status = excluded.status, rank = excluded.rank, "
                "code = excluded.code, error = excluded.error, at = excluded.at "
                "WHERE whatsapp_statuses.rank < excluded.rank",
                [one.wamid, one.status, RANKS[one.status], one.code, one.error, one.at],
            )
            tracking.settle(one, connection)
    return [sender for sender, held in rows if not held]


def lease(sender: str, holder: str) -> bool:
    """Whether this worker has the phone now; whatever another was sending when it died is nobody's to repeat."""
    with db.channel() as connection:
        held = connection.execute(
            "UPDATE whatsapp_senders SET leased_by = %s, "
            "lease_until = clock_timestamp() + make_interval(secs => %s) "
            "WHERE sender = %s AND (lease_until IS NULL OR lease_until < clock_timestamp())",
            [holder, LEASE_SECONDS, sender],
        ).rowcount
        if held:
            connection.execute(
                "UPDATE whatsapp_inbox SET state = 'unsure', finished_at = now(), reply = NULL, "
                "error = 'the worker ended while the reply was leaving' WHERE sender = %s AND state = 'sending'",
                [sender],
            )
    return held == 1


def keep(sender: str, holder: str) -> bool:
    """Keep the phone for another while; whether it is still this worker's."""
    with db.channel() as connection:
        return bool(
            connection.execute(
                "UPDATE whatsapp_senders SET lease_until = clock_timestamp() + make_interval(secs => %s) "
                "WHERE sender = %s AND leased_by = %s",
                [LEASE_SECONDS, sender, holder],
            ).rowcount
        )


def release(sender: str, holder: str) -> bool:
    """Let the phone go; whether something came meanwhile that is due, and whose worker found it taken."""
    with db.channel() as connection:
        connection.execute(
            "UPDATE whatsapp_senders SET leased_by = NULL, lease_until = NULL WHERE sender = %s AND leased_by = %s",
            [sender, holder],
        )
    return upcoming(sender) is not None


def upcoming(sender: str) -> Waiting | None:
    """The phone's first message that waits, where it is due."""
    with db.channel() as connection:
        row = connection.execute(
            "SELECT wamid, sender, sent_at, message, attempts, reply, run_after <= now() FROM whatsapp_inbox "
            "WHERE sender = %s AND state = 'waiting' ORDER BY sent_at, arrived LIMIT 1",
            [sender],
        ).fetchone()
    return Waiting(*row[:6]) if row and row[6] else None


def compose(
    message: Waiting, holder: str, reply: dict[str, Any], company_id: UUID | None, user_id: UUID | None
) -> None:
    """Keep what will be sent, so that a second try sends the same. LeaseLost."""
    _held(
        message, holder,
        "UPDATE whatsapp_inbox i SET reply = %s, answered_for = %s, answered_user = %s",
        [json.dumps(reply, ensure_ascii=False), company_id, user_id],
    )  # fmt: skip


def mark_sending(message: Waiting, holder: str) -> None:
    """The last moment at which the lease decides. LeaseLost."""
    _held(message, holder, "UPDATE whatsapp_inbox i SET state = 'sending'", [])
    keep(message.sender, holder)


def settle(wamid: str, state: str, reply_wamid: str = "", error: str = "") -> None:
    """How it ended. What was kept to be sent goes."""
    with db.channel() as connection:
        connection.execute(
            "UPDATE whatsapp_inbox SET state = %s, reply_wamid = nullif(%s, ''), error = %s, reply = NULL, "
            "finished_at = now() WHERE wamid = %s AND state IN ('waiting', 'sending')",
            [state, reply_wamid, error[:500], wamid],
        )


def later(message: Waiting, error: str, seconds: float) -> None:
    """Try again, before anything newer of the same phone."""
    with db.channel() as connection:
        connection.execute(
            "UPDATE whatsapp_inbox SET state = 'waiting', attempts = attempts + 1, error = %s, "
            "run_after = now() + make_interval(secs => %s) WHERE wamid = %s AND state IN ('waiting', 'sending')",
            [error[:500], seconds, message.wamid],
        )


def just_before(message: Waiting, seconds: int = 60) -> bool:
    """Whether the phone sent another of the same type right before."""
    with db.channel() as connection:
        row = connection.execute(
            "SELECT EXISTS (SELECT FROM whatsapp_inbox i JOIN whatsapp_inbox m ON m.wamid = %s "
            "WHERE i.sender = m.sender AND i.message->>'type' IS NOT DISTINCT FROM m.message->>'type' "
            "AND (i.sent_at, i.arrived) < (m.sent_at, m.arrived) "
            "AND i.sent_at > m.sent_at - make_interval(secs => %s))",
            [message.wamid, seconds],
        ).fetchone()
    return bool(row and row[0])


def answered_for(reply_wamid: str, sender: str) -> UUID | None:
    """The company that a reply of ours to this phone was about."""
    with db.channel() as connection:
        row = connection.execute(
            "SELECT answered_for FROM whatsapp_inbox WHERE reply_wamid = %s AND sender = %s", [reply_wamid, sender]
        ).fetchone()
    return row[0] if row else None


def raw_of(wamid: str) -> dict[str, Any] | None:
    """A message seen before, as it came."""
    with db.channel() as connection:
        row = connection.execute("SELECT message FROM whatsapp_inbox WHERE wamid = %s", [wamid]).fetchone()
    return dict(row[0]) if row else None


def due(most: int = 200) -> list[str]:
    """Phones with something to do that nobody does, and that no worker was told of lately."""
    with db.channel() as connection:
        rows = connection.execute(
            "UPDATE whatsapp_senders SET nudged_at = now() WHERE sender IN ("
            "SELECT s.sender FROM whatsapp_senders s "
            "WHERE (s.lease_until IS NULL OR s.lease_until < clock_timestamp()) "
            "AND s.nudged_at < now() - interval '10 seconds' "
            "AND EXISTS (SELECT FROM whatsapp_inbox i WHERE i.sender = s.sender AND i.state IN ('waiting', 'sending') "
            "AND i.run_after <= now()) ORDER BY s.nudged_at LIMIT %s FOR UPDATE SKIP LOCKED) RETURNING sender",
            [most],
        ).fetchall()
    return [row[0] for row in rows]


def hint_due(sender: str, hours: float) -> bool:
    """Whether the phone may be told what it was told last `hours` ago or earlier; if so, that counts as told."""
    with db.channel() as connection:
        return bool(
            connection.execute(
                "UPDATE whatsapp_senders SET hinted_at = now() WHERE sender = %s "
                "AND (hinted_at IS NULL OR hinted_at < now() - make_interval(secs => %s))",
                [sender, hours * 3600],
            ).rowcount
        )


def forget_old() -> int:
    """Take out what is settled and older than any delivery may be; how many messages that was."""
    with db.channel() as connection:
        connection.execute("DELETE FROM whatsapp_codes WHERE expires_at < now() - interval '1 day'")
        connection.execute("DELETE FROM whatsapp_statuses WHERE at < now() - make_interval(days => %s)", [KEPT_DAYS])
        return connection.execute(
            "DELETE FROM whatsapp_inbox WHERE state NOT IN ('waiting', 'sending') "
            "AND finished_at < now() - make_interval(days => %s)",
            [KEPT_DAYS],
        ).rowcount


def forget_person(pattern: str, company_id: UUID) -> int:
    """Empty what phones wrote about somebody to a company and was answered; how many messages. Their ids stay, so that
    a second delivery still finds them."""
    with db.channel() as connection:
        return connection.execute(
            "UPDATE whatsapp_inbox SET message = '{}', reply = NULL, error = '' WHERE answered_for = %s "
            "AND state NOT IN ('waiting', 'sending') AND (message::text ~* %s OR error ~* %s)",
            [company_id, pattern, pattern],
        ).rowcount


def _held(message: Waiting, holder: str, update: str, values: list[Any]) -> None:
    with db.channel() as connection:
        changed = connection.execute(
            f"{update} FROM whatsapp_senders s WHERE i.wamid = %s AND i.state = 'waiting' AND s.sender = i.sender "
            "AND s.leased_by = %s AND s.lease_until > clock_timestamp()",
            [*values, message.wamid, holder],
        ).rowcount
    if not changed:
        raise LeaseLost
