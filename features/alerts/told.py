"""Alerts as they are kept: born of a rule, open, acknowledged, put off, inside one scope."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from psycopg.types.json import Jsonb

from core.db import Connection
from core.errors import AyniError, BadInput, Conflict, NotFound
from core.periods import Period
from core.tenancy import Scope
from features.alerts.collect import points
from features.alerts.evaluate import Outcome, evaluate
from features.alerts.kinds import STOCK, measured
from features.alerts.rules import filters_of, rules, stored_filters, today_of
from features.alerts.types import Alert, Item, Kept
from features.alerts.words import said
from features.format import shown
from features.query import Filter, Query

logger = logging.getLogger(__name__)

_ALERT = (
    "a.id, a.rule_id, a.fired_at, a.metric, a.filters, a.period_start, a.period_end, a.value, a.title, a.body, "
    "a.recovered_at, a.acknowledged_at, coalesce(u.name, ''), a.snoozed_until, a.items "
    "FROM alerts a LEFT JOIN users u ON u.id = a.acknowledged_by"
)
_OPEN = "a.acknowledged_at IS NULL AND (a.snoozed_until IS NULL OR a.snoozed_until <= %(today)s)"
MOST_ITEMS = 200
"""So many members' figures an alert keeps."""
KEEP_OPEN_DAYS = 30
"""An alert nobody acknowledged leaves the notices after so many days; the history keeps it."""


@dataclass(frozen=True, slots=True)
class Fired:
    """An alert just born, and the rule that it came of."""

    alert: Alert
    kept: Kept


def evaluate_all(scope: Scope, connection: Connection, now: datetime) -> list[Fired]:
    """Read every rule's figures and keep what comes of it. `now` is aware."""
    connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"alerts {scope.company_id}"])
    local = now.astimezone(scope.company.tz)
    fired = []
    for one in rules(scope, connection):
        try:
            found = points(one.rule, local.date(), scope, connection)
        except AyniError as problem:  # a figure that can't be had any more stops no other rule
            logger.warning("Rule %s of %s can't be read: %s", one.id, scope.company.slug, problem)
            continue
        outcome = evaluate(one.rule, found, one.state, local)
        if outcome.state != one.state:
            connection.execute(
                "UPDATE alert_rules SET armed = %s, seen_until = %s, fired_at = %s, low = %s "
                "WHERE company_id = %s AND id = %s",
                [
                    outcome.state.armed, outcome.state.seen_until, outcome.state.fired_at, list(outcome.state.low),
                    scope.company_id, one.id,
                ],
            )  # fmt: skip
        if outcome.fired is not None:
            fired.append(Fired(_keep(one, outcome, scope, connection, now), one))
        if outcome.recovered:
            connection.execute(  # of several members, all of them must be back
                "UPDATE alerts SET recovered_at = %s WHERE company_id = %s AND rule_id = %s AND recovered_at IS NULL "
                "AND NOT EXISTS (SELECT FROM jsonb_array_elements(items) i WHERE i ->> 'member' = ANY(%s))",
                [now, scope.company_id, one.id, list(outcome.state.low)],
            )
    return fired


def open_alerts(scope: Scope, connection: Connection, now: datetime, most: int = 20) -> list[Alert]:
    """What nobody acknowledged yet and is not snoozed, the latest first."""
    return _alerts(f"{_OPEN} AND a.fired_at > %(since)s", scope, connection, now, most)


def count_open(scope: Scope, connection: Connection, now: datetime) -> int:
    """How many those are: for the frame of every page, one look at a small index."""
    row = connection.execute(
        f"SELECT count(*) FROM alerts a WHERE a.company_id = %(company)s AND {_OPEN} AND a.fired_at > %(since)s",  # noqa: S608
        _at(scope, now),
    ).fetchone()
    return int(row[0]) if row else 0


def history(scope: Scope, connection: Connection, now: datetime, most: int = 50) -> list[Alert]:
    """Everything that was told, the latest first."""
    return _alerts("true", scope, connection, now, most)


def alert(id: UUID, scope: Scope, connection: Connection) -> Alert:
    """One of the company's. NotFound where there is none, or it is another company's."""
    row = connection.execute(
        f"SELECT {_ALERT} WHERE a.company_id = %s AND a.id = %s",
        [scope.company_id, id],
    ).fetchone()
    if row is None:
        raise NotFound("alert", "Esa alerta no existe.", "Mira las que tienes en Avisos.")
    return _alert(row)


def acknowledge(id: UUID, scope: Scope, connection: Connection, now: datetime) -> Alert:
    """Somebody has seen it: nobody else is told. The first one's name stays."""
    alert(id, scope, connection)
    connection.execute(
        "UPDATE alerts SET acknowledged_at = %s, acknowledged_by = %s, snoozed_until = NULL "
        "WHERE company_id = %s AND id = %s AND acknowledged_at IS NULL",
        [now, scope.user_id, scope.company_id, id],
    )
    return alert(id, scope, connection)


def snooze(id: UUID, until: date, scope: Scope, connection: Connection, now: datetime) -> Alert:
    """Out of sight until a day, when it is told once more. BadInput for a day that is not ahead, or too far."""
    today = today_of(now, scope)
    if not today < until <= today + timedelta(days=180):
        raise BadInput("snooze", "Elige un día entre mañana y seis meses más.")
    if alert(id, scope, connection).acknowledged_at is not None:
        raise Conflict("snooze", "Esa alerta ya está vista.")
    connection.execute(
        "UPDATE alerts SET snoozed_until = %s WHERE company_id = %s AND id = %s", [until, scope.company_id, id]
    )
    return alert(id, scope, connection)


def _keep(one: Kept, outcome: Outcome, scope: Scope, connection: Connection, now: datetime) -> Alert:
    point, metric = outcome.fired, one.rule.metric
    assert point is not None  # called for what fired
    words = said(one.rule, point, scope.company, outcome.group)
    filters = _filters(point.member) or one.rule.filters
    items = [
        {"member": p.member, "value": str(p.value), "told": shown(measured(metric), p.value, scope.company),
         "note": p.note, "upload": str(p.upload_id or ""), "start": f"{p.period.start}" if p.since else "",
         "end": f"{p.period.end}"} for p in outcome.group[:MOST_ITEMS]
    ]  # fmt: skip
    id = uuid4()
    connection.execute(
        "INSERT INTO alerts (company_id, id, rule_id, fired_at, period_start, period_end, value, compared, wanted, "
        "title, body, metric, filters, items) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [
            scope.company_id, id, one.id, now, point.period.start, point.period.end, point.value, point.compared,
            point.whole if point.whole is not None else one.rule.amount, words.title, words.body,
            metric, Jsonb(stored_filters(filters)), Jsonb(items),
        ],
    )  # fmt: skip
    return Alert(id, one.id, now, _query(metric, point.period, filters), point.value, words.title, words.body,
                 items=_items(metric, items))  # fmt: skip


def _alerts(where: str, scope: Scope, connection: Connection, now: datetime, most: int) -> list[Alert]:
    rows = connection.execute(
        f"SELECT {_ALERT} WHERE a.company_id = %(company)s AND {where} ORDER BY a.fired_at DESC, a.id LIMIT %(most)s",
        {**_at(scope, now), "most": most},
    ).fetchall()
    return [_alert(row) for row in rows]


def _at(scope: Scope, now: datetime) -> dict[str, Any]:
    return {
        "company": scope.company_id,
        "today": today_of(now, scope),
        "since": now - timedelta(days=KEEP_OPEN_DAYS),
    }


def _alert(row: tuple[Any, ...]) -> Alert:
    (id, rule_id, fired_at, metric, filters, start, end_, value, title, body, recovered, acknowledged, by, snoozed,
     items) = row  # fmt: skip
    query = _query(metric, Period(start, end_), filters_of(filters))
    return Alert(id, rule_id, fired_at, query, Decimal(value), title, body, recovered, acknowledged, by, snoozed,
                 _items(metric, items))  # fmt: skip


def _items(metric: str, stored: Sequence[dict[str, str]]) -> tuple[Item, ...]:
    """Each member with what is behind it."""
    return tuple(
        Item(i["member"], Decimal(i["value"]), i["told"], i["note"],
             UUID(i["upload"]) if i["upload"] else None,
             _query(metric, Period(date.fromisoformat(i["start"]), date.fromisoformat(i["end"])),
                    _filters(i["member"])) if i["start"] else None)
        for i in stored
    )  # fmt: skip


def _filters(member: str) -> tuple[Filter, ...]:
    return (Filter("product", (member,)),) if member else ()


def _query(metric: str, period: Period, filters: tuple[Filter, ...]) -> Query:
    """What the page behind the alert shows: of a product's stock, what was sold since the count."""
    return Query(("units" if metric in STOCK else metric,), period, filters=filters)
