"""`run`: the one way to a value. Reads what is materialized, else computes it by the same declaration, on merged lines
where these tell it and on the facts else."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from core.db import Connection
from core.periods import Period
from core.tenancy import Scope
from features.catalog.books import BOOK_DIMENSIONS, BOOK_METRICS, EXPENSES, NOT_OF_SALES
from features.catalog.own import OwnMetric
from features.catalog.registry import dimension as declared_dimension
from features.catalog.registry import metric as declared_metric
from features.catalog.types import Dimension, Metric, Over
from features.coverage import coverage
from features.derived import derived
from features.expenses import run_expenses
from features.lines import MOST_BITS, Shape
from features.mart import Mart, mart_for
from features.materialize import State, count_members, read, reading, state
from features.measures import is_measure, run_measure
from features.own import load
from features.query import Coverage, Filter, Query, Result, Row, ranked
from features.statement import CUSTOMERS, build, counts_customers


def run(query: Query, scope: Scope, connection: Connection) -> Result:
    """The values of `query`. NotFound where it names a metric or dimension that the catalog lacks.

    With `grain`, `dimension` and `limit` the members are ranked over the whole period, then cut into spans. The
    company's own metrics are computed from their parts, with the same way of asking.
    """
    own = {
        **{m.id: m for m in BOOK_METRICS if isinstance(m, OwnMetric) and m.id in query.metrics},
        **load(query.metrics, scope, connection),
    }
    if own:
        return derived(query, own, lambda parts: run(parts, scope, connection))
    if any(is_measure(m) for m in query.metrics):
        return _with_measures(query, scope, connection)
    if EXPENSES.id in query.metrics:
        return _with_expenses(query, scope, connection)
    metrics = tuple(declared_metric(m) for m in query.metrics)
    known = state(scope, connection)
    present = known.coverage if known else coverage(scope, connection)
    missing = _missing(metrics, query, present)
    answerable = tuple(m for m in metrics if m.id not in missing)
    if not answerable:
        return Result(query, (), missing)
    asked = replace(query, metrics=tuple(m.id for m in answerable), limit=query.limit if query.dimension else None)
    if asked.limit is not None:
        asked = replace(asked, order=asked.order or "desc")
    if query.grain and query.dimension and query.limit is not None:
        asked = _narrowed(asked, scope, connection)
    return Result(query, _rows(asked, answerable, known, scope, connection), missing)


def _with_measures(query: Query, scope: Scope, connection: Connection) -> Result:
    """What the company writes down by itself, beside what its files tell."""
    rows: list[Row] = []
    missing: dict[str, tuple[str, ...]] = {}
    others = tuple(m for m in query.metrics if not is_measure(m))
    if others:
        found = run(replace(query, metrics=others), scope, connection)
        rows += found.rows
        missing |= found.missing
    for id in (m for m in query.metrics if is_measure(m)):
        found = run_measure(replace(query, metrics=(id,)), scope, connection)
        rows += found.rows
        missing |= found.missing
    place = {id: i for i, id in enumerate(query.metrics)}
    return Result(query, tuple(sorted(rows, key=lambda r: place[r.metric])), missing)


def _with_expenses(query: Query, scope: Scope, connection: Connection) -> Result:
    """Expenses come from books of their own; beside sales they take the members that the sales have."""
    others = tuple(m for m in query.metrics if m != EXPENSES.id)
    spent = run_expenses(replace(query, metrics=(EXPENSES.id,)), scope, connection)
    if not others:
        return spent
    sold = run(replace(query, metrics=others), scope, connection)
    rows = [*sold.rows, *spent.rows]
    place = {id: i for i, id in enumerate(query.metrics)}
    return Result(query, tuple(sorted(rows, key=lambda r: place[r.metric])), {**sold.missing, **spent.missing})


def compute(
    query: Query,
    scope: Scope,
    connection: Connection,
    mart: Mart | None = None,
    lines: Mart | None = None,
    few: bool = False,
) -> tuple[Row, ...]:
    """The values on the facts, whatever is materialized; or on lines merged to `mart`, and to `lines` where it doesn't
    matter who bought. `few`: the dimension's members are few enough for `Shape.few`."""
    metrics = tuple(declared_metric(m) for m in query.metrics)
    split = declared_dimension(query.dimension) if query.dimension else None
    across = declared_dimension(query.across) if query.across else None
    shape = Shape(
        scope.company_id, query.period, query.grain, split, query.filters, mart or "fact_sales", across, lines, few
    )
    ranked = query.order if query.grain is None else None
    statement = build(metrics, shape, ranked, query.limit if query.grain is None else None)
    return rows_of(connection.execute(statement.text, statement.parameters), metrics, query, split)


def rows_of(
    cells: Iterable[tuple[Any, ...]], metrics: Sequence[Metric], query: Query, split: Dimension | None
) -> tuple[Row, ...]:
    """Rows of a result, metric by metric, from cells (span, member, all lines, value, lines, value, lines …,
    and where there are pairs the second member)."""
    spans = {p.start: p for p in (query.period.spans(query.grain) if query.grain else [query.period])}
    found, across = list(cells), query.across is not None
    if split is None:
        found = _every_span(found, spans, metrics)
    elif query.order is None or query.grain is not None:
        found.sort(key=_natural(split))
    return tuple(
        Row(metric.id, spans[cell[0]], cell[1], cell[3 + 2 * i], cell[4 + 2 * i], cell[2], cell[-1] if across else "")
        for i, metric in enumerate(metrics)
        for cell in found
    )


def _rows(
    query: Query, metrics: Sequence[Metric], known: State | None, scope: Scope, connection: Connection
) -> tuple[Row, ...]:
    how = reading(query, metrics, known) if known else None
    if how is None:
        if known is None:
            return compute(query, scope, connection)
        mart = mart_for(query, metrics, known.whole, known.coverage.period)
        few = _few(query, metrics, known, scope, connection)
        return compute(query, scope, connection, mart, _of_lines(query, metrics, known, mart), few)
    split = declared_dimension(query.dimension) if query.dimension else None
    cells = read(how, query, metrics, scope, connection)
    if query.order and query.grain is None and split:
        cells = ranked(cells, query.order, lambda c: c[3], lambda c: c[1])[: query.limit]
    return rows_of(cells, metrics, query, split)


def _of_lines(query: Query, metrics: Sequence[Metric], known: State, mart: Mart | None) -> Mart | None:
    """The mart to count lines in, where it is narrower than the one that tells who bought. Pure."""
    of_lines = [m for m in metrics if m.over is Over.lines and m.sql != CUSTOMERS]
    if len(of_lines) == len(metrics):
        return None
    found = mart_for(query, of_lines, known.whole, known.coverage.period)
    return found if found != mart else None


def _few(query: Query, metrics: Sequence[Metric], known: State, scope: Scope, connection: Connection) -> bool:
    """Whether customers are counted by so few members that these fit as bits into one number."""
    if query.dimension not in known.dimensions or query.across or not counts_customers(metrics):
        return False
    split = declared_dimension(query.dimension)
    return bool(split.table) and count_members(split, scope, connection) < MOST_BITS


def _narrowed(query: Query, scope: Scope, connection: Connection) -> Query:
    """The same question about the members that rank first over the whole period."""
    assert query.dimension is not None
    order = query.order or "desc"
    whole = run(replace(query, metrics=query.metrics[:1], grain=None, order=order), scope, connection)
    only = Filter(query.dimension, tuple(r.member for r in whole.rows))
    return replace(query, filters=(*query.filters, only), order=None, limit=None)


def _missing(metrics: Sequence[Metric], query: Query, present: Coverage) -> dict[str, tuple[str, ...]]:
    names = [*(f.dimension for f in query.filters), *(d for d in (query.dimension, query.across) if d)]
    used = [declared_dimension(name) for name in names]
    if any(d in BOOK_DIMENSIONS for d in used):
        return {m.id: (NOT_OF_SALES,) for m in metrics}
    needs = {m.id: (*m.needs, *(c for d in used for c in d.needs)) for m in metrics}
    if not present.lines:
        return {}  # nothing was sent yet: that is told by the coverage, not by a column
    absent = {m: tuple(dict.fromkeys(c for c in columns if c not in present.columns)) for m, columns in needs.items()}
    return {m: columns for m, columns in absent.items() if columns}


def _every_span(
    cells: list[tuple[Any, ...]], spans: dict[Any, Period], metrics: Sequence[Metric]
) -> list[tuple[Any, ...]]:
    found = {cell[0]: cell for cell in cells}
    empty = [x for m in metrics for x in (Decimal(0) if m.empty_is_zero else None, 0)]
    return [found.get(start, (start, "", 0, *empty)) for start in spans]


def _natural(split: Dimension) -> Any:
    place = {member: i for i, member in enumerate(split.order)}
    least = Decimal("-Infinity")

    def key(cell: tuple[Any, ...]) -> Any:
        value = least if cell[3] is None else cell[3]
        return cell[0], place.get(cell[1], len(place)), -value, cell[1], str(cell[-1])

    return key
