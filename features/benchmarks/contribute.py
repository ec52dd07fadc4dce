"""A company's own part: its measures by month, computed under its own scope, from which cohorts are made."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal

from psycopg.sql import SQL

from core.db import Connection
from core.periods import Grain, Period, add_months
from core.tenancy import Scope
from features import macro
from features.benchmarks.measures import MEASURES, SIZE
from features.catalog.registry import dimension, metric
from features.coverage import coverage
from features.engine import run
from features.lines import mine, table_of
from features.materialize import by_day
from features.profiled import reserved
from features.query import Filter, Query

OPEN_HOURS = """
SELECT date_trunc('month', sold_on::timestamp)::date, count(*), sum(total)
FROM (SELECT f.sold_on, f.sold_hour, sum(f.total) AS total FROM {table}
      WHERE {mine} AND f.sold_hour IS NOT NULL AND f.sold_on BETWEEN %(start)s AND %(end)s GROUP BY 1, 2) x
GROUP BY 1
"""


def contribute(scope: Scope, connection: Connection, months: Iterable[date] | None = None) -> int:
    """Write the measures of `months` (first days; None: every full month there is); the count of values.

    A month counts once it is full: a half month's growth would be compared with others' whole ones.
    """
    known = coverage(scope, connection).period
    if known is None:
        return 0
    full = [s.start for s in known.spans(Grain.month) if s == Period.of(Grain.month, s.start)]
    wanted = sorted(set(full) if months is None else set(full).intersection(months))
    if not wanted:
        return 0
    values = _measured(Period(wanted[0], known.end), set(wanted), scope, connection)
    connection.execute(
        "DELETE FROM benchmark_inputs WHERE company_id = %s AND month = ANY(%s)", [scope.company_id, wanted]
    )
    rows = [(month, measure, value) for (month, measure), value in sorted(values.items())]
    connection.execute(
        """INSERT INTO benchmark_inputs (company_id, month, measure, value)
           SELECT %s, * FROM unnest(%s::date[], %s::text[], %s::numeric[])""",
        [scope.company_id, [r[0] for r in rows], [r[1] for r in rows], [r[2] for r in rows]],
    )
    return len(rows)


def _measured(
    period: Period, wanted: set[date], scope: Scope, connection: Connection
) -> dict[tuple[date, str], Decimal]:
    out: dict[tuple[date, str], Decimal] = {}
    for query in _queries(period, scope, connection):
        for row in run(query, scope, connection).rows:
            if row.value is not None and row.lines:
                out[row.period.start, row.metric] = row.value
    sales = _sales(Period(add_months(period.start, -24), period.end), scope, connection)
    out |= {(month, "real_growth"): v for month, v in _real_growth(sales, scope, connection).items()}
    out |= {(month, SIZE): v for month, v in _size(sales, scope, connection).items()}
    out |= {(month, "concentration"): v for month, v in _concentration(period, scope, connection).items()}
    shape = by_day(frozenset({"hour"}), period, scope, connection)
    opened = connection.execute(
        SQL(OPEN_HOURS).format(table=table_of(shape), mine=mine(shape)),
        {"company": scope.company_id, "start": period.start, "end": period.end},
    )
    for month, hours, total in opened:
        out[month, "sales_per_hour"] = total / hours
    return {key: value for key, value in out.items() if key[0] in wanted}


def _queries(period: Period, scope: Scope, connection: Connection) -> Iterable[Query]:
    """What the business did as a whole; and what its customers did, without those who objected to being profiled: what
    is told beside other businesses is no longer the business's own book."""
    metrics = [m.metric for m in MEASURES if m.metric]
    of_people = [m for m in metrics if "customer_id" in metric(m).needs] if reserved(scope, connection) else []
    yield Query(tuple(m for m in metrics if m not in of_people), period, grain=Grain.month)
    if of_people:
        named = Filter("customer", (dimension("customer").unknown,), exclude=True)
        yield Query(tuple(of_people), period, grain=Grain.month, filters=(named,))


def _sales(period: Period, scope: Scope, connection: Connection) -> dict[date, Decimal]:
    rows = run(Query(("sales",), period, grain=Grain.month), scope, connection).rows
    return {r.period.start: r.value for r in rows if r.value is not None and r.lines}


def _real_growth(sales: Mapping[date, Decimal], scope: Scope, connection: Connection) -> dict[date, Decimal]:
    """Against the same month a year before, less the year's inflation; months not yet deflatable are left out."""
    changes = macro.load(scope.company.country, "cpi", connection)
    if changes is None or not changes.days:
        return {}
    index = macro.price_index(changes)
    out = {}
    for month, amount in sales.items():
        before, rise = sales.get(add_months(month, -12)), index.ratio(add_months(month, -12), month)
        if before is not None and before > 0 and rise is not None:
            out[month] = macro.real_change(amount / before - 1, rise - 1)
    return out


def _size(sales: Mapping[date, Decimal], scope: Scope, connection: Connection) -> dict[date, Decimal]:
    """Sales of twelve months in UF; with fewer months of data, those there are taken for the year."""
    out = {}
    for month in sales:
        year = [sales[m] for m in sales if add_months(month, -12) < m <= month]
        rate = _uf(month, scope.company.country, connection)
        if rate:
            out[month] = sum(year, Decimal(0)) / len(year) * 12 / rate
    return out


def _uf(month: date, country: str, connection: Connection) -> Decimal | None:
    """One UF in the country's money at the month's end: by way of the dollar, outside Chile."""
    day = add_months(month, 1) - timedelta(days=1)
    uf = macro.load("CL", "uf", connection)
    chilean = uf.at(day) if uf else None
    if chilean is None or country == "CL":
        return chilean
    here, there = macro.load(country, "usd", connection), macro.load("CL", "usd", connection)
    local, pesos = here.at(day) if here else None, there.at(day) if there else None
    return chilean / pesos * local if local is not None and pesos else None


def _concentration(period: Period, scope: Scope, connection: Connection) -> dict[date, Decimal]:
    """The biggest product's share of the month's sales."""
    query = Query(("sales",), period, grain=Grain.month, dimension="product")
    result = run(query, scope, connection)
    if result.missing:
        return {}
    top: dict[date, Decimal] = {}
    whole: dict[date, Decimal] = {}
    for row in result.rows:
        if row.value is not None and row.value > 0:
            month = row.period.start
            top[month] = max(top.get(month, Decimal(0)), row.value)
            whole[month] = whole.get(month, Decimal(0)) + row.value
    return {month: value / whole[month] for month, value in top.items()}
