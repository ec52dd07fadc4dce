"""What the owner set out to reach, and how much of it was reached."""

from dataclasses import dataclass
from decimal import Decimal

from core.db import Connection
from core.periods import Grain, Period
from core.tenancy import Scope
from features.catalog.registry import metric as declared
from features.catalog.types import Good
from features.query import Filter, Query


@dataclass(frozen=True, slots=True)
class Attainment:
    """`ratio` is the part reached, None for a target of 0 or less; `reached` by the metric's good direction."""

    target: Decimal
    current: Decimal
    ratio: Decimal | None
    reached: bool


def target(query: Query, scope: Scope, connection: Connection) -> Decimal | None:
    """The target for the first metric of `query` over its period, None where there is none.

    Targets are set for a span of a grain, for the whole company or for one member of one dimension. Over several
    months, an additive metric's target is the sum of theirs, where each of them has one.
    """
    dimension, member = "", ""
    if query.filters:
        only = query.filters[0]
        if len(query.filters) > 1 or only.exclude or len(only.members) != 1:
            return None
        dimension, member = only.dimension, only.members[0]
    rows = connection.execute(
        "SELECT grain, period_start, value FROM targets WHERE company_id = %s AND metric = %s AND dimension = %s"
        " AND member = %s AND period_start BETWEEN %s AND %s",
        [scope.company_id, query.metrics[0], dimension, member, query.period.start, query.period.end],
    ).fetchall()
    by_span = {Period.of(Grain(grain), start): value for grain, start, value in rows}
    if query.period in by_span:
        return Decimal(by_span[query.period])
    months = list(query.period.spans(Grain.month))
    if declared(query.metrics[0]).additive and all(m in by_span for m in months):
        return sum((Decimal(by_span[m]) for m in months), Decimal(0))
    return None


@dataclass(frozen=True, slots=True)
class Target:
    """One target as it was set: `member` of `dimension`, both '' for the whole company."""

    metric: str
    period: Period
    grain: Grain
    dimension: str
    member: str
    value: Decimal

    @property
    def query(self) -> Query:
        """What is set against it."""
        only = (Filter(self.dimension, (self.member,)),) if self.dimension else ()
        return Query((self.metric,), self.period, filters=only)


def targets(scope: Scope, connection: Connection, metric: str | None = None) -> tuple[Target, ...]:
    """All targets, or a metric's: the latest span first, the whole company before its parts."""
    rows = connection.execute(
        "SELECT metric, grain, period_start, dimension, member, value FROM targets "
        "WHERE company_id = %s AND (%s::text IS NULL OR metric = %s) ORDER BY period_start DESC, grain, metric, "
        "dimension, member",
        [scope.company_id, metric, metric],
    ).fetchall()
    return tuple(
        Target(id, Period.of(Grain(grain), start), Grain(grain), dimension, member, Decimal(value))
        for id, grain, start, dimension, member, value in rows
    )


def set_target(wanted: Target, scope: Scope, connection: Connection) -> Decimal | None:
    """Keep it in the place of an earlier one for the same; the earlier one's value."""
    place = _place(wanted, scope)
    row = connection.execute(
        "SELECT value FROM targets WHERE company_id = %s AND metric = %s AND grain = %s AND period_start = %s "
        "AND dimension = %s AND member = %s FOR UPDATE",
        place,
    ).fetchone()
    connection.execute(
        "INSERT INTO targets (company_id, metric, grain, period_start, dimension, member, value) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s) "
        "ON CONFLICT (company_id, metric, grain, period_start, dimension, member) DO UPDATE SET value = excluded.value",
        [*place, wanted.value],
    )
    return Decimal(row[0]) if row else None


def remove_target(gone: Target, scope: Scope, connection: Connection) -> bool:
    """Take it away; whether it was there."""
    return (
        connection.execute(
            "DELETE FROM targets WHERE company_id = %s AND metric = %s AND grain = %s AND period_start = %s "
            "AND dimension = %s AND member = %s",
            _place(gone, scope),
        ).rowcount
        > 0
    )


def _place(one: Target, scope: Scope) -> list[object]:
    return [scope.company_id, one.metric, one.grain.value, one.period.start, one.dimension, one.member]


def attainment(current: Decimal | None, wanted: Decimal | None, good: Good) -> Attainment | None:
    """How much of the target was reached; None where either is missing. Pure."""
    if current is None or wanted is None:
        return None
    reached = current <= wanted if good is Good.down else current >= wanted
    return Attainment(wanted, current, current / wanted if wanted > 0 else None, reached)
