"""Rules as they are kept: made, changed, ended, inside one scope."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from psycopg.types.json import Jsonb

from core.db import Connection
from core.errors import BadInput, Conflict, NotFound
from core.periods import Grain
from core.tenancy import Scope
from features.alerts.collect import points
from features.alerts.evaluate import primed
from features.alerts.kinds import KIND, KINDS, STOCK, Kind
from features.alerts.types import Kept, Quiet, Rule, State
from features.catalog.books import STOCK as STOCK_BOOK
from features.catalog.registry import dimension
from features.catalog.types import Metric
from features.coverage import coverage
from features.own import metrics
from features.query import Filter

MOST_RULES = 50
_RULE = (
    "kind, metric, side, amount, grain, filters, versus, channels, recipient, second, escalate_hours, quiet_from, "
    "quiet_until, cooldown_hours, paused_until"
)
_KEPT = f"id, {_RULE}, armed, seen_until, fired_at, low, created_at, created_by, ended_at"


def kinds(scope: Scope, connection: Connection) -> list[Kind]:
    """The kinds that the company's data can feed; stock only where a metric tells it."""
    shelf = STOCK_BOOK in coverage(scope, connection).columns
    return [kind for kind in KINDS if kind.id != "stock" or shelf]


def watched(scope: Scope, connection: Connection) -> list[Metric]:
    """What rules may watch: the catalog's figures, the company's own and the shelf, where there is data."""
    columns = coverage(scope, connection).columns
    return [m for m in (*metrics(scope, connection), *STOCK.values()) if all(c in columns for c in m.needs)]


def create(rule: Rule, scope: Scope, connection: Connection, now: datetime) -> Kept:
    """Keep a new rule; one that says the same is there already is returned as it is. `now` is aware.

    BadInput where it can't be, Conflict where there are too many. What is crossed already fires only after a return.
    """
    _check(rule, scope, connection)
    there = rules(scope, connection)
    same = next((k for k in there if meaning(k.rule) == meaning(rule)), None)
    if same is not None:
        return same
    if len(there) >= MOST_RULES:
        raise Conflict("too_many_rules", f"Ya tienes {MOST_RULES} avisos.", "Quita alguno que no te sirva.")
    state = primed(rule, points(rule, today_of(now, scope), scope, connection))
    id = uuid4()
    values = _values(rule, scope)
    connection.execute(
        f"INSERT INTO alert_rules (company_id, id, {_RULE}, armed, seen_until, low, created_by, created_at) "  # noqa: S608
        f"VALUES ({', '.join(['%s'] * (len(values) + 7))})",
        [scope.company_id, id, *values, state.armed, state.seen_until, list(state.low), scope.user_id, now],
    )
    return Kept(id, rule, state, now, scope.user_id)


def update(id: UUID, rule: Rule, scope: Scope, connection: Connection, now: datetime) -> Kept:
    """Change a rule. Where what it watches changed, it starts anew, as a new one does."""
    before = kept(id, scope, connection)
    _check(rule, scope, connection)
    state = before.state
    if meaning(before.rule) != meaning(rule):
        state = primed(rule, points(rule, today_of(now, scope), scope, connection))
    names = [name.strip() for name in _RULE.split(",")]
    assigned = ", ".join(f"{name} = %s" for name in (*names, "armed", "seen_until", "fired_at", "low"))
    connection.execute(
        f"UPDATE alert_rules SET {assigned} WHERE company_id = %s AND id = %s",  # noqa: S608
        [
            *_values(rule, scope), state.armed, state.seen_until, state.fired_at, list(state.low), scope.company_id, id,
        ],
    )  # fmt: skip
    return replace(before, rule=rule, state=state)


def end(id: UUID, scope: Scope, connection: Connection, now: datetime) -> Kept:
    """Stop a rule for good; its history stays, its alerts are no longer open, nothing of it is delivered any more."""
    found = kept(id, scope, connection)
    connection.execute(
        "UPDATE alert_rules SET ended_at = %s WHERE company_id = %s AND id = %s", [now, scope.company_id, id]
    )
    connection.execute(
        "UPDATE alerts SET acknowledged_at = %s, acknowledged_by = %s WHERE company_id = %s AND rule_id = %s "
        "AND acknowledged_at IS NULL",
        [now, scope.user_id, scope.company_id, id],
    )
    return replace(found, ended_at=now)


def rules(scope: Scope, connection: Connection) -> list[Kept]:
    """The rules in force, oldest first."""
    known = {*STOCK, *(m.id for m in metrics(scope, connection))}
    rows = connection.execute(
        f"SELECT {_KEPT} FROM alert_rules WHERE company_id = %s AND ended_at IS NULL ORDER BY created_at, id",  # noqa: S608
        [scope.company_id],
    ).fetchall()
    return [k for k in map(_kept, rows) if k.rule.kind in KIND and k.rule.metric in known]


def any_rules(scope: Scope, connection: Connection) -> bool:
    """Whether there is anything to evaluate."""
    row = connection.execute(
        "SELECT 1 FROM alert_rules WHERE company_id = %s AND ended_at IS NULL LIMIT 1", [scope.company_id]
    ).fetchone()
    return row is not None


def kept(id: UUID, scope: Scope, connection: Connection) -> Kept:
    """One rule in force. NotFound where there is none, or it is another company's."""
    found = next((k for k in rules(scope, connection) if k.id == id), None)
    if found is None:
        raise NotFound("rule", "Ese aviso no existe.", "Mira los que tienes en Avisos.")
    return found


def _values(rule: Rule, scope: Scope) -> list[Any]:
    filters = stored_filters(rule.filters)
    return [
        rule.kind, rule.metric, rule.side, rule.amount, rule.grain.value, Jsonb(filters), rule.versus,
        list(rule.channels), rule.recipient, rule.second, rule.escalate_hours, rule.quiet.start, rule.quiet.end,
        rule.cooldown_hours, rule.paused_until,
    ]  # fmt: skip


def _kept(row: tuple[Any, ...]) -> Kept:
    (id, kind, metric, side, amount, grain, filters, versus, channels, recipient, second, hours, quiet_from,
     quiet_until, cooldown, paused, armed, seen, fired, low, created, author, ended) = row  # fmt: skip
    rule = Rule(
        kind, metric, side, Decimal(amount), Grain(grain), filters_of(filters), versus, tuple(channels), recipient,
        second, hours, Quiet(quiet_from, quiet_until), cooldown, paused,
    )  # fmt: skip
    return Kept(id, rule, State(armed, seen, fired, frozenset(low)), created, author, ended)


def stored_filters(filters: tuple[Filter, ...]) -> list[dict[str, Any]]:
    """The filters as a row keeps them."""
    return [{"dimension": f.dimension, "members": list(f.members), "exclude": f.exclude} for f in filters]


def filters_of(stored: Sequence[dict[str, Any]]) -> tuple[Filter, ...]:
    """The filters as they lie in a row."""
    return tuple(Filter(f["dimension"], tuple(f["members"]), f["exclude"]) for f in stored)


def meaning(rule: Rule) -> tuple[object, ...]:
    """What a rule watches, whoever is told of it."""
    return (rule.kind, rule.metric, rule.side, rule.amount, rule.grain, rule.filters, rule.versus)


def _check(rule: Rule, scope: Scope, connection: Connection) -> None:
    """BadInput for what no kind allows. People who are told must belong to the company."""
    kind = KIND.get(rule.kind)
    if kind is None or kind not in kinds(scope, connection):
        raise BadInput("kind", "No conozco esa clase de aviso.", "Elige una de la lista.")
    if rule.side not in kind.sides or rule.grain not in kind.grains:
        raise BadInput("kind", f"«{kind.name}» no admite esa combinación.", "Elige otra de la lista.")
    if kind.has_metric and rule.metric not in {m.id for m in watched(scope, connection)}:
        raise BadInput("metric", "De eso no hay datos todavía.", "Elige otra cifra de la lista.")
    if (rule.metric in STOCK) != (rule.kind == "stock"):
        raise BadInput("metric", "Esa cifra no va con esa clase de aviso.", "Elige otra de la lista.")
    if not kind.least <= rule.amount <= kind.most:
        raise BadInput("amount", "Ese número no sirve para este aviso.", "Revisa la cantidad.")
    for one in rule.filters:
        dimension(one.dimension)
    people = [id for id in (rule.recipient, rule.second) if id is not None]
    found = connection.execute(
        "SELECT count(DISTINCT user_id) FROM memberships WHERE company_id = %s AND user_id = ANY(%s)",
        [scope.company_id, people],
    ).fetchone()
    if found is None or found[0] != len(set(people)):
        raise BadInput("recipient", "Esa persona no es de tu empresa.", "Elige a alguien de la lista.")
    if rule.second is not None and rule.second == rule.recipient:
        raise BadInput("second", "La segunda persona tiene que ser otra.", "Elige a alguien más.")


def today_of(now: datetime, scope: Scope) -> date:
    """The company's day at an instant."""
    return scope.company.day_of(now)
