"""Own metrics inside a query: asked as their parts, computed row by row, then ordered. Pure but for `ask`."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal

from core.periods import Period
from features.catalog.formula import compute
from features.catalog.metrics import METRICS
from features.catalog.own import OwnMetric
from features.query import Filter, Query, Result, Row, ranked

_OF_SALES = frozenset(m.id for m in METRICS)
Key = tuple[Period, str, str]
"""A row's span, member and second member."""


def derived(query: Query, own: Mapping[str, OwnMetric], ask: Callable[[Query], Result]) -> Result:
    """`query` with each metric of `own` computed from its parts, which `ask` gives for the catalog's metrics."""
    parts = tuple(dict.fromkeys(p for m in query.metrics for p in (own[m].formula.metrics if m in own else (m,))))
    reorder = query.metrics[0] in own and query.dimension is not None and (query.order or query.limit) is not None
    if reorder and query.grain is not None and query.limit is not None:
        query = _narrowed(query, own, ask)
        reorder = False
    asked = replace(query, metrics=parts, order=None, limit=None) if reorder else replace(query, metrics=parts)
    found = ask(asked)
    by_metric: dict[str, dict[Key, Row]] = {}
    for row in found.rows:
        by_metric.setdefault(row.metric, {})[(row.period, row.member, row.across)] = row
    missing = {m: lack for m in query.metrics if (lack := _lacking(m, own, found.missing))}
    keys = list(dict.fromkeys((r.period, r.member, r.across) for r in found.rows))
    rows = {m: _rows(m, own, keys, by_metric) for m in query.metrics if m not in missing}
    if reorder and query.metrics[0] in rows and query.grain is None:
        first = ranked(rows[query.metrics[0]], query.order or "desc", lambda r: r.value, lambda r: r.member)
        place = {row.member: i for i, row in enumerate(first[: query.limit])}
        rows = {
            m: sorted((r for r in some if r.member in place), key=lambda r: place[r.member]) for m, some in rows.items()
        }
    return Result(query, tuple(row for m in query.metrics for row in rows.get(m, ())), missing)


def _narrowed(query: Query, own: Mapping[str, OwnMetric], ask: Callable[[Query], Result]) -> Query:
    """The same question about the members that rank first over the whole period."""
    assert query.dimension is not None
    first = derived(replace(query, metrics=query.metrics[:1], grain=None, order=query.order or "desc"), own, ask)
    only = Filter(query.dimension, tuple(r.member for r in first.rows))
    return replace(query, filters=(*query.filters, only), order=None, limit=None)


def _rows(
    metric: str,
    own: Mapping[str, OwnMetric],
    keys: list[Key],
    found: Mapping[str, Mapping[Key, Row]],
) -> list[Row]:
    if metric not in own:
        return list(found.get(metric, {}).values())
    formula = own[metric].formula
    made: list[Row] = []
    for key in keys:
        parts = {p: found.get(p, {}).get(key) for p in formula.metrics}
        there = [row for row in parts.values() if row is not None]
        # Of a sum, sales that a member does not have are nothing: expenses without branch, where all sales have one. Of
        # what somebody writes down, nothing written is not nothing.
        absent = Decimal(0) if there and own[metric].additive and key[1] else None
        values = {p: row.value if row else absent if p in _OF_SALES else None for p, row in parts.items()}
        made.append(
            Row(
                metric,
                key[0],
                key[1],
                compute(formula, values),
                min((row.lines for row in there), default=0),
                max((row.all_lines for row in there), default=0),
                key[2],
            )
        )
    return made


def _lacking(metric: str, own: Mapping[str, OwnMetric], missing: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    parts = own[metric].formula.metrics if metric in own else (metric,)
    return tuple(dict.fromkeys(column for p in parts for column in missing.get(p, ())))
