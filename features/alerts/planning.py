"""What came of a company's rules, and the messages that are due for it: to whom, by which channel, when."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from core.db import Connection
from core.tenancy import Role, Scope
from features.alerts.quiet import after_quiet
from features.alerts.told import Fired, evaluate_all
from features.alerts.types import Rule

FIRST, SECOND = "first", "second"


def evaluate(scope: Scope, connection: Connection, now: datetime) -> int:
    """Read every rule of the company and plan the messages of what fired; how many alerts that was."""
    fired = evaluate_all(scope, connection, now)
    for one in fired:
        _plan(one, scope, connection, now)
    return len(fired)


def remind(alert_id: UUID, rule: Rule, at: datetime, scope: Scope, connection: Connection) -> None:
    """Tell the rule's people once more at `at`: a snooze that ends. What was still to be said waits no longer."""
    cancel(alert_id, scope, connection)
    reason = f"again-{scope.company.day_of(at)}"
    for user_id in recipients(rule, scope, connection):
        _add(alert_id, user_id, outside(rule), reason, at, scope, connection)


def cancel(alert_id: UUID, scope: Scope, connection: Connection) -> None:
    """Nothing more of this alert is delivered: somebody has seen it."""
    connection.execute(
        "UPDATE alert_deliveries SET state = 'cancelled', settled_at = now() "
        "WHERE company_id = %s AND alert_id = %s AND state = 'waiting'",
        [scope.company_id, alert_id],
    )


def recipients(rule: Rule, scope: Scope, connection: Connection) -> list[UUID]:
    """Whom a rule tells first: its person while they belong to the company, else the owners."""
    people = connection.execute(
        "SELECT user_id, role FROM memberships WHERE company_id = %s ORDER BY created_at, user_id", [scope.company_id]
    ).fetchall()
    if rule.recipient in {user_id for user_id, _ in people}:
        return [rule.recipient] if rule.recipient else []
    return [user_id for user_id, role in people if role == Role.owner]


def outside(rule: Rule) -> tuple[str, ...]:
    """The rule's channels besides the pages themselves, which show every alert."""
    return tuple(c for c in rule.channels if c != "app")


def _plan(fired: Fired, scope: Scope, connection: Connection, now: datetime) -> None:
    rule, alert_id = fired.kept.rule, fired.alert.id
    due = after_quiet(now, rule.quiet, scope.company.tz)
    first = recipients(rule, scope, connection)
    for user_id in first:
        _add(alert_id, user_id, outside(rule), FIRST, due, scope, connection)
    if rule.second is not None and rule.second not in first:
        late = after_quiet(due + timedelta(hours=rule.escalate_hours), rule.quiet, scope.company.tz)
        _add(alert_id, rule.second, outside(rule) or ("email",), SECOND, late, scope, connection)


def _add(
    alert_id: UUID,
    user_id: UUID,
    channels: Iterable[str],
    reason: str,
    due: datetime,
    scope: Scope,
    connection: Connection,
) -> None:
    rows: Sequence[Sequence[object]] = [[scope.company_id, alert_id, user_id, c, reason, due] for c in channels]
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO alert_deliveries (company_id, alert_id, user_id, channel, reason, due_at) "
            "VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (company_id, alert_id, user_id, channel, reason) "
            # Put off to the same day twice: what the second time called off is due all the same.
            "DO UPDATE SET state = 'waiting', due_at = excluded.due_at, settled_at = NULL "
            "WHERE alert_deliveries.state = 'cancelled'",
            rows,
        )
