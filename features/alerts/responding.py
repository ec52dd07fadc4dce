"""What somebody does about an alert, whichever way it reaches us: seen, or put off until a day. The one door for it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from core.db import Connection
from core.errors import BadInput, Forbidden
from core.periods import WEEKDAYS, day_label
from core.tenancy import Permission, Scope
from features.alerts import planning
from features.alerts.quiet import morning_of
from features.alerts.rules import rules
from features.alerts.told import acknowledge, alert, snooze
from features.alerts.types import Alert, Kept

MOST_DAYS = 180


@dataclass(frozen=True, slots=True)
class Wish:
    """Put off until `until`; seen, where there is no such day."""

    until: date | None = None


def may_answer(meant: Alert, kept: Kept | None, scope: Scope, connection: Connection) -> bool:
    """Whether it is theirs to answer: who plans, whom the rule names, who was told of it."""
    if scope.may(Permission.plan):
        return True
    if scope.user_id is None or scope.allowed is not None:
        return False  # narrowed: a key, or a mail that nobody vouches for
    if kept is not None and scope.user_id in (kept.rule.recipient, kept.rule.second):
        return True
    row = connection.execute(
        "SELECT EXISTS (SELECT FROM alert_deliveries WHERE company_id = %s AND alert_id = %s AND user_id = %s "
        "AND state IN ('sent', 'unsure'))",
        [scope.company_id, meant.id, scope.user_id],
    ).fetchone()
    return bool(row and row[0])


def respond(alert_id: UUID, wish: Wish, scope: Scope, connection: Connection, now: datetime) -> str:
    """Do it, and what is said of it. NotFound for another company's; Forbidden for who may not; BadInput for a day that
    is not ahead; Conflict to put off what was seen. The same again changes nothing."""
    meant = alert(alert_id, scope, connection)
    kept = next((k for k in rules(scope, connection) if k.id == meant.rule_id), None)
    if not may_answer(meant, kept, scope, connection):
        raise Forbidden(
            "role", "Esa alerta no te llegó a ti.", "La responde quien la recibe o quien administra la empresa."
        )
    if wish.until is None:
        was_open = meant.acknowledged_at is None
        seen = acknowledge(alert_id, scope, connection, now)
        planning.cancel(alert_id, scope, connection)
        if was_open or not seen.acknowledged_by:
            return "Anotada como vista. No te la repito ni le escribo a nadie más por ella."
        return f"Ya estaba marcada como vista por {seen.acknowledged_by}."
    snooze(alert_id, wish.until, scope, connection, now)
    planning.cancel(alert_id, scope, connection)
    if kept is not None:
        at = morning_of(wish.until, kept.rule.quiet, scope.company.tz)
        planning.remind(alert_id, kept.rule, at, scope, connection)
    return f"Pospuesta. Te la recuerdo el {WEEKDAYS[wish.until.weekday()]} {day_label(wish.until)}."


def days_ahead(days: int, scope: Scope, now: datetime) -> Wish:
    """Put off by so many days of the company's calendar."""
    if not 1 <= days <= MOST_DAYS:
        raise BadInput("snooze", "Elige entre un día y seis meses.")
    return Wish(scope.company.day_of(now) + timedelta(days=days))


def alerts_of(keys: Iterable[str]) -> list[UUID]:
    """The alerts that messages with these keys told of, each once, in their order."""
    found = (re.fullmatch(r"alert-([0-9a-f-]{36})-.+", key) for key in keys)
    return list(dict.fromkeys(UUID(one[1]) for one in found if one))
