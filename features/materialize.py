"""What is kept in `metric_values`, how it is computed again after a change, and how a query that fits reads it.

Everything in `kept` stands for every span of a company's coverage, as of `feature_state`; where facts changed since (a
row in `fact_changes`) or the catalog did, nothing is read from it. Days and single members are quick on the facts
themselves: kept is what spans months, and the series.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from hashlib import sha256
from typing import Any

from psycopg.sql import SQL, Identifier, Literal

from core.db import Connection
from core.periods import Grain, Period
from core.tenancy import Scope
from features.catalog.metrics import METRICS
from features.catalog.registry import DIMENSION_BY_ID
from features.catalog.types import Dimension, Metric, Over
from features.coverage import measure
from features.lines import Shape
from features.mart import LINES, MARTS, Mart, copy_lines, daily_mart, fill, mart_for, reach_beyond, whole_columns
from features.query import Coverage, Query
from features.statement import build

Progress = Callable[[str], None]
"""Called with the name of each stage, in Spanish."""

MOST_MEMBERS = 400
"""A dimension with more members than this is computed when asked."""

_SPLIT = ("branch", "channel", "category", "product", "seller", "payment_method", "city", "country", "weekday", "hour")
_COARSE = (Grain.month, Grain.quarter, Grain.year)


BESIDE = ("cohorts", "rfm")
"""What the refresh keeps besides values of metrics, in tables of their own."""

_CORE = frozenset(
    {"sales", "transactions", "units", "average_ticket", "average_price", "cost", "gross_profit", "gross_margin",
     "discount", "discount_rate", "returns", "return_rate"}
)  # fmt: skip
"""What is kept beyond the whole company's months. Counting distinct customers in every cell would double the work."""


def kept(grain: Grain, dimension: str, metric: Metric) -> bool:
    """Whether values of `metric` are materialized for `grain` and `dimension` ('' is the whole company)."""
    if not dimension and metric.over is not Over.lines:
        return grain in (Grain.month, Grain.year)
    if not dimension:
        return metric.id in _CORE or grain in _COARSE
    return dimension in _SPLIT and grain in (Grain.month, Grain.year) and metric.id in _CORE


@dataclass(frozen=True, slots=True)
class State:
    """What the last refresh left: the coverage then, and the dimensions that are kept."""

    coverage: Coverage
    dimensions: frozenset[str]
    whole: frozenset[str]
    """The columns by which no order is split (features/mart.py)."""


@cache
def catalog_version() -> str:
    """Changes with any declaration, so that values of an older definition are never read."""
    declared = (METRICS, tuple(DIMENSION_BY_ID.values()), MARTS, BESIDE)
    return sha256(repr(declared).encode()).hexdigest()[:16]


def state(scope: Scope, connection: Connection) -> State | None:
    """What may be read, or None where nothing may."""
    row = connection.execute(
        "SELECT first_day, last_day, columns, lines, dimensions, whole FROM feature_state"
        " WHERE company_id = %(c)s AND catalog = %(v)s"
        " AND NOT EXISTS (SELECT FROM fact_changes WHERE company_id = %(c)s)",
        {"c": scope.company_id, "v": catalog_version()},
    ).fetchone()
    if row is None:
        return None
    return State(Coverage(row[0], row[1], frozenset(row[2]), row[3]), frozenset(row[4]), frozenset(row[5]))


def by_day(dimensions: frozenset[str], period: Period, scope: Scope, connection: Connection) -> Shape:
    """Where single days of `period` are read with the least effort, told apart by `dimensions`."""
    mart = daily_mart(dimensions) if state(scope, connection) else None
    return Shape(scope.company_id, period, source=mart or "fact_sales")


@dataclass(frozen=True, slots=True)
class Reading:
    """How a query reads what is kept: under which grain, dimension and members (None: all of them)."""

    grain: Grain
    dimension: str
    members: tuple[str, ...] | None
    exclude: bool
    starts: tuple[tuple[date, date], ...]
    """The kept span's first day, and the first day of the span that was asked for."""


def reading(query: Query, metrics: Sequence[Metric], known: State) -> Reading | None:
    """How to read `query`, None where it doesn't fit."""
    split = _split(query)
    if split is None:
        return None
    dimension, members, exclude = split
    if dimension and dimension not in known.dimensions:
        return None
    covered = known.coverage.period
    exact = any(m.over is not Over.lines for m in metrics)
    for grain in [query.grain] if query.grain else list(Grain):
        spans = list(query.period.spans(grain)) if query.grain else [query.period]
        if not all(kept(grain, dimension, m) for m in metrics):
            continue
        wholes = [Period.of(grain, span.start) for span in spans]
        if all(_as_good_as(s, w, None if exact else covered) for s, w in zip(spans, wholes, strict=True)):
            starts = tuple((w.start, s.start) for s, w in zip(spans, wholes, strict=True))
            return Reading(grain, dimension, members, exclude, starts)
    return None


def read(
    how: Reading, query: Query, metrics: Sequence[Metric], scope: Scope, connection: Connection
) -> list[tuple[Any, ...]]:
    """Cells as the statement yields them: span, member, all lines, then value and lines per metric."""
    asked = dict(how.starts)
    rows = connection.execute(
        "SELECT period_start, member, metric, value, lines, all_lines FROM metric_values WHERE company_id = %(c)s"
        " AND metric = ANY(%(metrics)s) AND grain = %(grain)s AND dimension = %(dimension)s"
        " AND period_start = ANY(%(starts)s) AND (%(every)s OR (member = ANY(%(members)s)) <> %(exclude)s)",
        {
            "c": scope.company_id,
            "metrics": [m.id for m in metrics],
            "grain": how.grain.value,
            "dimension": how.dimension,
            "starts": list(asked),
            "every": how.members is None,
            "members": list(how.members or ()),
            "exclude": how.exclude,
        },
    )
    place = {m.id: 3 + 2 * i for i, m in enumerate(metrics)}
    # A month without sales may still tell of customers who left.
    empty = [x for m in metrics for x in (Decimal(0) if m.empty_is_zero else None, 0)]
    cells: dict[tuple[date, str], list[Any]] = {}
    for start, member, metric, value, lines, all_lines in rows:
        key = (asked[start], member if query.dimension else "")
        cell = cells.setdefault(key, [*key, all_lines, *empty])
        cell[place[metric]], cell[place[metric] + 1] = value, lines
    return [tuple(c) for c in cells.values()]


def materialize(
    scope: Scope, connection: Connection, touched: Iterable[Period] | None, progress: Progress
) -> tuple[Period, ...]:
    """Compute again what `touched` (None: everything) and the changes noted since the last time reach.

    Returns the touched periods, as whole months. A first purchase reaches every later span, so figures of customers'
    histories are computed anew from the first touched month on; all others only where lines changed.
    """
    company = scope.company_id
    connection.execute("SELECT pg_advisory_xact_lock(hashtext('refresh ' || %s::text))", [str(company)])
    # A million lines are sorted and merged in memory, not in files.
    connection.execute("SET LOCAL work_mem = '256MB'")
    before = connection.execute(
        "SELECT columns, dimensions, catalog, whole, last_day FROM feature_state WHERE company_id = %s", [company]
    ).fetchone()
    noted = connection.execute("DELETE FROM fact_changes WHERE company_id = %s RETURNING month", [company]).fetchall()
    connection.execute("SELECT analyze_facts()")
    covered = measure(scope, connection)
    dimensions = _dimensions(covered, scope, connection)
    as_before = before is not None and before[:3] == (sorted(covered.columns), sorted(dimensions), catalog_version())
    months: set[date] | None = None
    if touched is not None and as_before:
        months = {m.start for p in touched for m in _months(p)} | {row[0] for row in noted}
    was_whole = frozenset(before[3]) if before else frozenset()
    reached = before[4] if before else None
    whole = _compute(covered, dimensions, months, was_whole, reached, scope, connection, progress)
    connection.execute(
        "INSERT INTO feature_state (company_id, first_day, last_day, lines, columns, dimensions, catalog,"
        " whole) VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (company_id) DO UPDATE SET"
        " first_day = excluded.first_day, last_day = excluded.last_day, lines = excluded.lines,"
        " columns = excluded.columns,"
        " dimensions = excluded.dimensions, catalog = excluded.catalog, whole = excluded.whole, refreshed_at = now()",
        [company, covered.first, covered.last, covered.lines, sorted(covered.columns), sorted(dimensions),
         catalog_version(), sorted(whole)],
    )  # fmt: skip
    if months is None:
        return (covered.period,) if covered.period else ()
    return tuple(Period.of(Grain.month, m) for m in sorted(months))


def _compute(
    covered: Coverage,
    dimensions: frozenset[str],
    months: set[date] | None,
    whole: frozenset[str],
    reached: date | None,
    scope: Scope,
    connection: Connection,
    progress: Progress,
) -> frozenset[str]:
    """Marts first, then all that is kept; returns by which columns no order is split, given by which none was. What was
    kept before told of days until `reached`."""
    if months is None:
        connection.execute("DELETE FROM metric_values WHERE company_id = %s", [scope.company_id])
        connection.execute("DELETE FROM sales_mart WHERE company_id = %s", [scope.company_id])
        if covered.period is None:
            return frozenset()
        changed = {m.start for m in _months(covered.period)}
    else:
        changed = months
    if not changed:
        return whole
    progress("resumiendo tus ventas")
    periods = _reached(Grain.month, changed)
    copy_lines(periods, scope, connection)
    here = whole_columns(connection, scope)
    if months is not None:
        here = frozenset() if reach_beyond(periods, scope, connection) else whole & here
    whole = here
    fill(periods, scope, connection)
    lines = LINES if months is None else "fact_sales"
    metrics = [m for m in METRICS if set(m.needs) <= covered.columns]
    work = [(g, d) for g in Grain for d in ("", *sorted(dimensions)) if any(kept(g, d, m) for m in metrics)]
    last = max(covered.last or min(changed), max(changed))
    for done, (grain, dimension) in enumerate(work):
        progress(f"calculando tus métricas ({done + 1} de {len(work)})")
        # Also the spans without sales between the last one kept and the first one touched: no customer stayed in them.
        since = min(min(changed), grain.after(grain.first_day(reached))) if reached else min(changed)
        later = Period(grain.first_day(since), Period.of(grain, last).end)
        for (mart, history), some in _by_source(metrics, grain, dimension, later, whole).items():
            for period in [later] if history else _reached(grain, changed):
                _store(some, grain, dimension, period, mart or lines, scope, connection)
    connection.execute("DROP TABLE refresh_lines")
    return whole


_DAY = date(2000, 1, 2) - date(2000, 1, 1)


def _by_source(
    metrics: Sequence[Metric], grain: Grain, dimension: str, period: Period, whole: frozenset[str]
) -> dict[tuple[Mart | None, bool], list[Metric]]:
    """What is kept, by where it is read and by whether it tells of customers' histories."""
    query = Query((), period, grain, dimension or None)
    found: dict[tuple[Mart | None, bool], list[Metric]] = {}
    for metric in metrics:
        if kept(grain, dimension, metric):
            mart = mart_for(query, [metric], whole, None)
            found.setdefault((mart, metric.over is not Over.lines), []).append(metric)
    return found


def _store(
    metrics: Sequence[Metric],
    grain: Grain,
    dimension: str,
    period: Period,
    source: str | Mart,
    scope: Scope,
    connection: Connection,
) -> None:
    """Replace the values of `metrics` in the whole spans of `period`."""
    connection.execute(
        "DELETE FROM metric_values WHERE company_id = %s AND metric = ANY(%s) AND grain = %s AND dimension = %s"
        " AND period_start BETWEEN %s AND %s",
        [scope.company_id, [m.id for m in metrics], grain.value, dimension, period.start, period.end],
    )
    split = DIMENSION_BY_ID.get(dimension)
    statement = build(metrics, Shape(scope.company_id, period, grain, split, (), source))
    values = SQL(", ").join(
        SQL("({id}, {m}, {n})").format(id=Literal(m.id), m=Identifier(f"m{i}"), n=Identifier(f"n{i}"))
        for i, m in enumerate(metrics)
    )
    connection.execute(
        SQL(
            "INSERT INTO metric_values (company_id, metric, grain, dimension, period_start, member, value, lines,"
            " all_lines) SELECT %(company)s, x.metric, %(grain)s, %(dimension)s, cell.span, cell.member, x.value,"
            " x.lines, cell.n FROM ({cells}) cell CROSS JOIN LATERAL (VALUES {values}) x (metric, value, lines)"
        ).format(cells=statement.text, values=values),
        statement.parameters | {"grain": grain.value, "dimension": dimension},
    )


def _dimensions(covered: Coverage, scope: Scope, connection: Connection) -> frozenset[str]:
    """The dimensions that are kept: those the data has, with not too many members."""
    found = set()
    for name in _SPLIT:
        split = DIMENSION_BY_ID[name]
        if not set(split.needs) <= covered.columns:
            continue
        if split.order or count_members(split, scope, connection) <= MOST_MEMBERS:
            found.add(name)
    return frozenset(found)


def count_members(split: Dimension, scope: Scope, connection: Connection) -> int:
    """How many names the dimension has, without the one of lines that have none."""
    column, table = (split.sql.removeprefix("d."), split.table) if split.table else (split.needs[0], "fact_sales")
    row = connection.execute(
        SQL("SELECT count(DISTINCT {column}) FROM {table} WHERE company_id = %s").format(
            column=Identifier(column), table=Identifier(table)
        ),
        [scope.company_id],
    ).fetchone()
    return int(row[0]) if row else 0


def _reached(grain: Grain, months: Iterable[date]) -> list[Period]:
    """The whole spans of `grain` that the months touch, neighbours joined."""
    starts = sorted({s for m in months for s in _starts(grain, Period.of(Grain.month, m))})
    runs: list[Period] = []
    for start in starts:
        end = grain.after(start) - _DAY
        if runs and runs[-1].end + _DAY == start:
            runs[-1] = Period(runs[-1].start, end)
        else:
            runs.append(Period(start, end))
    return runs


def _starts(grain: Grain, period: Period) -> Iterable[date]:
    return (grain.first_day(s.start) for s in period.spans(grain))


def _months(period: Period) -> Iterable[Period]:
    return (Period.of(Grain.month, s.start) for s in period.spans(Grain.month))


def _split(query: Query) -> tuple[str, tuple[str, ...] | None, bool] | None:
    """Dimension, members and whether they are left out; None where filters or pairs need the lines themselves."""
    if query.across:
        return None
    if not query.filters:
        return query.dimension or "", None, False
    if len(query.filters) > 1:
        return None
    only = query.filters[0]
    if query.dimension == only.dimension:
        return only.dimension, only.members, only.exclude
    if query.dimension is None and len(only.members) == 1 and not only.exclude:
        return only.dimension, only.members, False
    return None


def _as_good_as(span: Period, whole: Period, covered: Period | None) -> bool:
    """Whether `span` holds all lines of `whole`: it is whole, or what it lacks lies outside the coverage."""
    if span == whole:
        return True
    return covered is not None and whole.overlap(covered) == span.overlap(covered)
