"""Messages that are due leave here, each once; what is moot by then is cancelled, what falls into quiet hours waits."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from core import db
from core.db import Connection
from core.tenancy import Scope
from features import alerts
from features.alerts import SECOND, Alert, Kept, planning
from server import outbox
from server.alerts import by_phone, letter
from server.channels.whatsapp import Notice, notify, template
from server.envelope import Reader, members

logger = logging.getLogger(__name__)

AGAIN = timedelta(minutes=5)
"""How soon a message is looked at again that could not leave now; the outbox keeps its own pauses."""
FINAL = {"sent": "sent", "skipped": "sent", "failed": "failed", "bounced": "failed", "unsure": "unsure"}


@dataclass(frozen=True, slots=True)
class Due:
    """One message to one person by one channel."""

    alert_id: UUID
    user_id: UUID
    channel: str
    reason: str


@dataclass(frozen=True, slots=True)
class Message:
    """The same with all that is said, and to whom."""

    due: Due
    alert: Alert
    kept: Kept
    reader: Reader

    @property
    def key(self) -> str:
        """What leaves once."""
        return f"alert-{self.due.alert_id}-{self.due.reason}"


def deliver_due(scope: Scope, now: datetime) -> list[str]:
    """Deliver what is due; how each message stands then. Each in transactions of its own. For the queue."""
    with db.tenant(scope) as connection:
        messages = _messages(scope, connection, now)
    states = []
    for message in messages:
        state, error = _CHANNELS[message.due.channel](message, scope)
        states.append(state)
        with db.tenant(scope) as connection:
            _settle(message.due, FINAL.get(state, "waiting"), error, scope, connection, now)
    return states


def companies_due(now: datetime) -> list[UUID]:
    """Where something is due. One query for all companies."""
    with db.identity() as connection:
        return [row[0] for row in connection.execute("SELECT company_id FROM alerts_due(%s)", [now])]


def _messages(scope: Scope, connection: Connection, now: datetime) -> list[Message]:
    rows = connection.execute(
        "SELECT alert_id, user_id, channel, reason FROM alert_deliveries "
        "WHERE company_id = %s AND state = 'waiting' AND due_at <= %s ORDER BY due_at, alert_id, user_id FOR UPDATE",
        [scope.company_id, now],
    ).fetchall()
    people = {m.user_id: m for m in members(scope, connection)}
    rules = {k.id: k for k in alerts.rules(scope, connection)}
    found = []
    for due in (Due(*row) for row in rows):
        alert = alerts.alert(due.alert_id, scope, connection)
        kept, reader = rules.get(alert.rule_id), people.get(due.user_id)
        if kept is None or reader is None or _moot(alert, due) or not _theirs(due, kept, scope, connection):
            _settle(due, "cancelled", "", scope, connection, now)
            continue
        later = alerts.after_quiet(now, kept.rule.quiet, scope.company.tz)
        if later > now:
            _move(due, later, scope, connection)
            continue
        found.append(Message(due, alert, kept, reader))
    return found


def _theirs(due: Due, kept: Kept, scope: Scope, connection: Connection) -> bool:
    """Whether the rule still tells this person: it may have been changed since the message was planned."""
    if due.reason == SECOND:
        return due.user_id == kept.rule.second
    return due.user_id in planning.recipients(kept.rule, scope, connection)


def _moot(alert: Alert, due: Due) -> bool:
    """Whether there is nothing left to say: seen, or, for the second person, back to normal or put off."""
    if alert.acknowledged_at is not None:
        return True
    return due.reason == SECOND and (alert.recovered_at is not None or alert.snoozed_until is not None)


def _by_mail(message: Message, scope: Scope) -> tuple[str, str]:
    state = outbox.send_once(
        message.key,
        message.reader,
        lambda envelope: letter.write(
            message.alert, message.kept, message.due.reason, envelope, scope.company, message.reader.user_id
        ),
        scope,
    )
    if state == "paused":
        return "failed", "paused"
    return state, ""


def _by_whatsapp(message: Message, scope: Scope) -> tuple[str, str]:
    told = by_phone.message(message.alert, message.kept, message.due.reason, scope)
    form = template("aviso", scope.company.name, message.alert.title)
    state = notify(Notice(message.key, told, form), message.reader.user_id, scope)
    if state in ("no_phone", "off"):
        # Whoever has no phone linked (any more) gets it by mail rather than not at all.
        return _by_mail(message, scope)
    return state, ""


_CHANNELS: dict[str, Callable[[Message, Scope], tuple[str, str]]] = {"email": _by_mail, "whatsapp": _by_whatsapp}


def _settle(due: Due, state: str, error: str, scope: Scope, connection: Connection, now: datetime) -> None:
    if state == "waiting":
        _move(due, now + AGAIN, scope, connection)
        return
    connection.execute(
        "UPDATE alert_deliveries SET state = %s, error = %s, settled_at = %s WHERE company_id = %s AND alert_id = %s "
        "AND user_id = %s AND channel = %s AND reason = %s",
        [state, error, now, scope.company_id, due.alert_id, due.user_id, due.channel, due.reason],
    )


def _move(due: Due, at: datetime, scope: Scope, connection: Connection) -> None:
    connection.execute(
        "UPDATE alert_deliveries SET due_at = %s WHERE company_id = %s AND alert_id = %s AND user_id = %s "
        "AND channel = %s AND reason = %s",
        [at, scope.company_id, due.alert_id, due.user_id, due.channel, due.reason],
    )
