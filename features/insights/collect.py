"""From the facts to the signals of one month: the only rule-side code that reads the database."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from psycopg.sql import SQL

from core.db import Connection
from core.periods import Grain, Period, add_months
from core.tenancy import Scope
from features import macro
from features.benchmarks import standing
from features.catalog.registry import dimension as declared
from features.coverage import coverage
from features.engine import run
from features.feasts import feasts
from features.insights.types import Customer, Member, Monthly, Signals, Standing, Wind
from features.lines import mine, table_of
from features.materialize import by_day
from features.query import Query

DIMENSIONS = ("branch", "category", "product", "channel")
METRICS = ("sales", "transactions", "units", "cost", "discount", "returns")
WHOLE = ("sales", "transactions", "units", "average_ticket", "gross_profit", "cost", "discount", "returns")
BACK = 27

CUSTOMERS = """
SELECT coalesce(c.corrected_name, c.name), v.days, v.yearly
FROM (SELECT f.customer_id, array_agg(DISTINCT f.sold_on ORDER BY f.sold_on) FILTER (WHERE f.kind = 'sale') AS days,
             coalesce(sum(f.total) FILTER (WHERE f.sold_on > %(year_ago)s), 0) AS yearly
      FROM {table} WHERE {mine} AND f.customer_id IS NOT NULL AND f.sold_on BETWEEN %(first)s AND %(last)s
      GROUP BY 1) v
JOIN dim_customers c ON c.company_id = %(company)s AND c.id = v.customer_id
WHERE cardinality(v.days) >= 6 AND NOT c.reserved ORDER BY c.id
"""
TARGETS = "SELECT metric, value FROM targets WHERE grain = 'month' AND period_start = %s AND dimension = ''"


def collect(month: Period, scope: Scope, connection: Connection) -> Signals:
    """All that the rules may know of `month`, a full one, and of the 26 before it."""
    past = Period(add_months(month.start, -BACK + 1), month.end)
    days = _days(Period(add_months(month.start, -14), month.end), scope, connection)
    years = range(month.start.year - 2, month.start.year + 1)
    return Signals(
        month=month,
        currency=scope.company.currency,
        metrics=_whole(past, scope, connection),
        members=tuple(m for d in DIMENSIONS for m in _members(d, past, scope, connection)),
        days=days,
        hours=_hours(month, scope, connection),
        holidays=frozenset(day for year in years for day in feasts(scope.company.country, year)),
        customers=_customers(past, scope, connection),
        targets=dict(connection.execute(TARGETS, [month.start]).fetchall()),
        standings=_standings(month.start, scope, connection),
        winds=_winds(month.start, scope, connection),
    )


def full_months(scope: Scope, connection: Connection) -> list[Period]:
    """The months that the data covers to their last day, oldest first. The first may begin late; it counts as full
    from its first day of sales on only where that is the month's first week."""
    known = coverage(scope, connection).period
    if known is None:
        return []
    months = [Period.of(Grain.month, s.start) for s in known.spans(Grain.month)]
    return [m for m in months if m.end <= known.end and (known.start - m.start).days < 7]


def _whole(period: Period, scope: Scope, connection: Connection) -> dict[str, Monthly]:
    out: dict[str, dict[date, Decimal]] = defaultdict(dict)
    for row in run(Query(WHOLE, period, grain=Grain.month), scope, connection).rows:
        if row.value is not None and row.all_lines:
            out[row.metric][row.period.start] = row.value
    return dict(out)


def _members(dimension: str, period: Period, scope: Scope, connection: Connection) -> list[Member]:
    found: dict[str, dict[str, dict[date, Decimal]]] = defaultdict(lambda: defaultdict(dict))
    result = run(Query(METRICS, period, grain=Grain.month, dimension=dimension), scope, connection)
    for row in result.rows:
        if row.value is not None:
            found[row.member][row.metric][row.period.start] = row.value
    return [Member(dimension, name, {k: dict(v) for k, v in series.items()}) for name, series in sorted(found.items())]


def _days(period: Period, scope: Scope, connection: Connection) -> Mapping[date, Decimal]:
    rows = run(Query(("sales",), period, grain=Grain.day), scope, connection).rows
    return {r.period.start: r.value for r in rows if r.value is not None and r.all_lines}


def _hours(month: Period, scope: Scope, connection: Connection) -> dict[str, Decimal]:
    rows = run(Query(("sales",), month, dimension="hour"), scope, connection).rows
    known = declared("hour").order
    return {r.member.removesuffix(" h"): r.value for r in rows if r.value is not None and r.member in known}


def _customers(period: Period, scope: Scope, connection: Connection) -> tuple[Customer, ...]:
    parameters = {
        "company": scope.company_id,
        "first": period.start,
        "last": period.end,
        "year_ago": add_months(period.end, -12),
    }
    shape = by_day(frozenset({"customer"}), period, scope, connection)
    rows = connection.execute(SQL(CUSTOMERS).format(table=table_of(shape), mine=mine(shape)), parameters)
    return tuple(Customer(name, tuple(days), yearly) for name, days, yearly in rows)


def _standings(month: date, scope: Scope, connection: Connection) -> tuple[Standing, ...]:
    out = []
    for parse in standing.parses(scope, connection, month):
        earlier = dict(standing.history(parse.measure.id, scope, connection)).get(add_months(month, -3))
        out.append(
            Standing(
                parse.measure.name, parse.rank.percentile, earlier, parse.who, parse.rank.peers, parse.measure.good
            )
        )
    return tuple(out)


def _winds(month: date, scope: Scope, connection: Connection) -> tuple[Wind, ...]:
    out = []
    for indicator in macro.of_country(scope.company.country):
        series = macro.load(indicator.country, indicator.id, connection)
        found = macro.move(series, month) if series else None
        for gust in macro.gusts(found, month) if found else ():
            side = None if gust.wind == "calm" else gust.wind == "for"
            out.append(Wind(gust.text, side, gust.move.score))
    return tuple(out)
