"""The table of a view, by `features.run` alone: what it shows is what the chat would answer for the same cells.

Rows and columns are each a dimension or a grain. What a view is set against, and how a period that the data doesn't
fill is cut, is decided as for the chat (assistant.horizon), so that "este mes" means the same days everywhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

import features
from assistant import horizon
from assistant.plan import Stop
from assistant.time import When
from core.db import Connection
from core.errors import BadInput
from core.periods import Grain, Period, add_months, day_label, label
from core.tenancy import Scope
from features.catalog.types import Metric, Unit
from features.query import Coverage, Filter, Query
from server import slices
from server.views.calendar import Crossing, clash, crossing
from server.views.places import MOST_SPANS_ACROSS, Asked, Cells, Member, Places, Run, find
from server.views.view import Cell, Column, Compare, Table, View
from server.views.words import is_grain, split_name, title


def table(
    view: View,
    scope: Scope,
    connection: Connection,
    across: Sequence[Member] | None = None,
    runner: Run | None = None,
) -> Table:
    """The table of `view`. BadInput where rows and columns don't go together, NotFound for an unknown metric. Without
    data, or without the columns it takes, it has no rows and its notes say so. `across` are the columns' members where
    a wider table has them already; `runner` answers in the place of `features.run`."""
    metrics = _metrics(view, scope, connection)
    _check(view)
    coverage = features.coverage(scope, connection)
    name = title(metrics, view.rows, view.columns, label(view.period), view.filters)
    span = shown_span(view.period, coverage)
    if isinstance(span, Stop):
        return Table(name, (), (), None, (span.text,))
    have = coverage.period
    assert have is not None  # a span is only told of what there is
    answerable, lacking = _answerable(view, metrics, coverage)
    if not answerable:
        return Table(name, (), (), None, lacking)
    name = title(answerable, view.rows, view.columns, span.label, view.filters)
    before, unlike = compared_with(view, span, have) if not crossing(view) else (None, "")
    asked = Asked(view, answerable, span.period, before, have, scope, connection, across, runner)
    filled, notes = _fill(asked)
    told = tuple(n for n in (span.note, unlike, *lacking, *notes) if n)
    return replace(filled, title=name, notes=told)


def shown_span(period: Period, coverage: Coverage) -> horizon.Span | Stop:
    """The days of `period` that there is data of, and what must be said about it; as the chat would answer."""
    return horizon.fit(When(period, label(period), grain=period.grain), coverage)


def compared_with(view: View, span: horizon.Span, have: Period) -> tuple[Period | None, str]:
    """The days that the span is set against (None without), and why not where it was asked for. Pure."""
    if view.compare is Compare.none:
        return None, ""
    asked, weekly = span.period, Grain.week.value in (view.rows, view.columns)
    if weekly:  # whole weeks apart: weekdays stand beside the same weekdays
        weeks = 52 if view.compare is Compare.year else -(-asked.days // 7)
        found = Period(asked.start - timedelta(weeks=weeks), asked.end - timedelta(weeks=weeks))
        before = found if found.start >= have.start else None
    else:
        before = (horizon.before if view.compare is Compare.previous else horizon.year_before)(span, have)
    if before is None:
        return None, "No tengo datos del período anterior completo: no hay con qué comparar."
    return before, ""


def _metrics(view: View, scope: Scope, connection: Connection) -> tuple[Metric, ...]:
    return tuple(features.metric_of(id, scope, connection) for id in dict.fromkeys(view.metrics))


def _check(view: View) -> None:
    if not view.metrics:
        raise BadInput("metric", "Falta elegir qué cifra mostrar.", "Elige al menos una.")
    for split in (view.rows, view.columns):
        if split and not is_grain(split):
            features.dimension(split)
    if view.columns and view.rows == view.columns:
        raise BadInput("columns", "Filas y columnas no pueden ser lo mismo.", "Cambia una de las dos.")
    if why := clash(view):
        raise BadInput("columns", why, "Cambia una de las dos.")
    grains = [Grain(s) for s in (view.rows, view.columns) if is_grain(s)]
    slices.period_of(view.period.start, view.period.end, grains[0] if grains else None)


def _answerable(
    view: View, metrics: Sequence[Metric], coverage: Coverage
) -> tuple[tuple[Metric, ...], tuple[str, ...]]:
    """The metrics that can be told so, and why the others can't, in the owner's words. Pure."""
    names = [s for s in (view.rows, view.columns) if s and not is_grain(s)] + [f.dimension for f in view.filters]
    for name in names:
        dimension = features.dimension(name)
        lacks = [c for c in dimension.needs if c not in coverage.columns]
        if lacks:
            return (), (features.need(dimension, lacks),)
    absent = {m: [c for c in m.needs if c not in coverage.columns] for m in metrics}
    why = {m: features.need(m, c) if c else features.unsplit(m, names) for m, c in absent.items()}
    return tuple(m for m in metrics if not why[m]), tuple(dict.fromkeys(said for said in why.values() if said))


def _fill(asked: Asked) -> tuple[Table, list[str]]:
    if crossed := crossing(asked.view):
        return _crossed(asked, crossed)
    places = find(asked)
    rows, across = places.rows, places.across
    now = _cells(asked, asked.period, places, places.told)
    was: Cells = {}
    if asked.before:
        was = _moved(_cells(asked, asked.before, places, {}), asked)
    columns = _columns(asked, across, with_total=bool(across) and bool(asked.view.rows))
    both = _Both(now, was, frozenset(m for key in was for m in key[:2] if isinstance(m, Period)))
    lines = tuple((asked.whole(row) or "Total", *(_cell(c, row, both, asked) for c in columns[1:])) for row in rows)
    total = ("Total", *(_cell(c, "", both, asked) for c in columns[1:])) if asked.view.rows else None
    columns = tuple(replace(c, member=asked.whole(c.member)) for c in columns)
    return Table("", columns, lines, total), places.notes


def _crossed(asked: Asked, crossed: Crossing) -> tuple[Table, list[str]]:
    """Time by time: each cell a span, beside the whole of each bigger span."""
    spans = [s for s in asked.period.spans(crossed.coarse) if s.overlap(asked.coverage)][-MOST_SPANS_ACROSS:]
    fine = asked.run(asked.query(asked.period, grain=crossed.fine)).rows
    found = {(crossed.place(r.period), crossed.whole(r.period), r.metric): r.value for r in fine}
    wholes = asked.run(asked.query(asked.period, grain=crossed.coarse)).rows
    found |= {("", crossed.whole(r.period), r.metric): r.value for r in wholes}
    bigger = [crossed.whole(s) for s in spans]
    there = {place for place, *_ in found}
    smaller: list[Member] = [place for place in crossed.places if place in there]

    def value(row: Member, column: Column) -> Cell:
        place, whole = (row, column.member) if crossed.down else (column.member, row)
        return found.get((str(place), whole, column.metric)) if isinstance(whole, Period) else None

    if crossed.down:
        columns = _with_changes(_columns(asked, [*bigger], with_total=False), asked)
        whole_ones = frozenset(crossed.whole(s) for s in spans if s == crossed.whole(s))

        def cell(row: Member, column: Column) -> Cell:
            now = value(row, column)
            if column.kind != "change":
                return now
            before = bigger[bigger.index(column.member) - 1] if isinstance(column.member, Period) else None
            if row == "" and not {before, column.member} <= whole_ones:
                return None  # ten months beside twelve
            metric = next(m for m in asked.metrics if m.id == column.metric)
            return _change(now, value(row, replace(column, member=before or "")), metric)

        lines = tuple((row, *(cell(row, c) for c in columns[1:])) for row in smaller)
        total = ("Total", *(cell("", c) for c in columns[1:]))
    else:
        columns = _columns(asked, smaller, with_total=True)
        lines = tuple((row, *(value(row, c) for c in columns[1:])) for row in bigger)
        whole = asked.run(asked.query(asked.period))
        total = ("Total", *(whole.value(c.metric) if c.member == "" else None for c in columns[1:]))
    cut = next((s for s in spans[-1:] if s.end < crossed.whole(s).end), None)
    note = f"{label(crossed.whole(cut))} llega hasta el {day_label(cut.end)}." if cut else ""
    return Table("", columns, lines, total), [note] if note else []


def _with_changes(columns: tuple[Column, ...], asked: Asked) -> tuple[Column, ...]:
    """The columns of spans that lie side by side, each but the first with its change where that is asked for."""
    first = columns[1].member
    found = [replace(columns[0], kind="text")]
    for column in columns[1:]:
        found.append(column)
        if asked.view.compare is not Compare.none and column.member != first:
            unit = Unit.ratio if column.unit is Unit.ratio else None
            name = f"{column.name}, cambio{' en puntos' if unit else ''}"
            found.append(replace(column, key=f"{column.key}.change", name=name, kind="change", unit=unit))
    return tuple(found)


def _cells(asked: Asked, period: Period, places: Places, told: Cells) -> Cells:
    """All values over `period`: of each row and column, and the totals of both, each by its own definition; `told` are
    those known already."""
    view, cells, rows, across = asked.view, dict(told), places.rows, places.across
    grain, names = asked.grain, [s for s in (view.rows, view.columns) if s and not is_grain(s)]
    cells |= {("", "", r.metric): r.value for r in asked.run(asked.query(period)).rows}
    if view.rows and not any(key[0] != "" for key in told):
        found = asked.run(_split(asked, period, view.rows, rows))
        cells |= {(_member(r, view.rows), "", r.metric): r.value for r in found.rows}
    if not view.columns:
        return cells
    if not any(key[1] != "" for key in told):
        found = asked.run(_split(asked, period, view.columns, across))
        cells |= {("", _member(r, view.columns), r.metric): r.value for r in found.rows}
    if not view.rows:
        return cells
    if grain is not None:
        kept = rows if view.rows == names[0] else across
        found = asked.run(_only(asked.query(period, names[0], grain), names[0], kept))
        by_time = is_grain(view.rows)
        for r in found.rows:
            key: tuple[Member, Member] = (r.period, r.member) if by_time else (r.member, r.period)
            cells[(*key, r.metric)] = r.value
        return cells
    pairs = _only(asked.query(period, view.rows), view.rows, rows)
    pairs = _only(replace(pairs, across=view.columns), view.columns, across)
    cells |= {(r.member, r.across, r.metric): r.value for r in asked.run(pairs).rows}
    return cells


def _split(asked: Asked, period: Period, by: str, members: Sequence[Member]) -> Query:
    if is_grain(by):
        return asked.query(period, grain=Grain(by))
    return _only(asked.query(period, by), by, members)


def _only(query: Query, dimension: str, members: Sequence[Member]) -> Query:
    """The same question about these members alone, which passed the filters: reading a hundred thousand customers for
    ten takes its time."""
    others = tuple(f for f in query.filters if f.dimension != dimension)
    return replace(query, filters=(*others, Filter(dimension, tuple(str(m) for m in members))))


def _member(row: features.Row, by: str) -> Member:
    return row.period if is_grain(by) else row.member


def _moved(cells: Cells, asked: Asked) -> Cells:
    """The cells of the days compared with, under the spans that they stand beside."""
    grain = asked.grain
    if grain is None:
        return cells
    assert asked.before is not None
    spans, earlier = list(asked.period.spans(grain)), list(asked.before.spans(grain))
    if asked.view.compare is Compare.year and grain is Grain.day:
        at = {e.start: e for e in earlier}
        beside = {at[day]: s for s in spans if (day := add_months(s.start, -12)) in at}
    else:
        beside = dict(zip(earlier, spans, strict=False))
    place = 0 if is_grain(asked.view.rows) else 1
    moved = Cells()
    for key, value in cells.items():
        span = key[place]
        if not isinstance(span, Period):
            moved[key] = value
        elif span in beside:
            moved[(beside[span], key[1], key[2]) if place == 0 else (key[0], beside[span], key[2])] = value
    return moved


def _columns(asked: Asked, across: Sequence[Member], with_total: bool) -> tuple[Column, ...]:
    view = asked.view
    first = Column("row", split_name(view.rows) if view.rows else "", "period" if is_grain(view.rows) else "text")
    columns = [replace(first, name=first.name[:1].upper() + first.name[1:])]
    for i, member in enumerate([*across, *([""] if with_total or not across else [])]):
        for metric in asked.metrics:
            columns += _of_metric(asked, metric, member, f"{i}.", split=bool(across))
    return tuple(columns)


def _of_metric(asked: Asked, metric: Metric, member: Member, key: str, split: bool) -> list[Column]:
    name = metric.name[:1].upper() + metric.name[1:]
    if split:
        called = asked.whole(member)
        shown = "Total" if called == "" else label(called) if isinstance(called, Period) else called
        name = f"{shown}, {metric.name}" if len(asked.metrics) > 1 else shown
    found = [Column(f"{key}{metric.id}", name, "value", metric.unit, metric.id, member=member)]
    if asked.before:
        earlier = label(asked.before) if member == "" or not isinstance(member, Period) else "antes"
        found.append(
            Column(f"{key}{metric.id}.before", f"{name}, {earlier}", "value", metric.unit, metric.id, True, member)
        )
        unit = Unit.ratio if metric.unit is Unit.ratio else None
        change = f"{name}, cambio{' en puntos' if unit else ''}"
        found.append(Column(f"{key}{metric.id}.change", change, "change", unit, metric.id, member=member))
    return found


@dataclass(frozen=True, slots=True)
class _Both:
    """The cells, those they are compared with, and the spans that have one: a month of 30 days has no 31st."""

    now: Cells
    was: Cells
    beside: frozenset[Period]


def _cell(column: Column, row: Member, both: _Both, asked: Asked) -> Cell:
    metric = next(m for m in asked.metrics if m.id == column.metric)
    value = _value(both.now, row, column.member, metric)
    if column.kind == "value" and not column.before:
        return value
    alone = any(isinstance(m, Period) and m not in both.beside for m in (row, column.member))
    earlier = None if alone else _value(both.was, row, column.member, metric)
    if column.before:
        return earlier
    return _change(value, earlier, metric)


def _change(value: Cell, earlier: Cell, metric: Metric) -> Decimal | None:
    if not isinstance(value, Decimal) or not isinstance(earlier, Decimal):
        return None
    found = features.change(value, earlier, metric)
    return None if found is None else found.difference if metric.unit is Unit.ratio else found.ratio


def _value(cells: Cells, row: Member, member: Member, metric: Metric) -> Decimal | None:
    """A cell without any line is 0 for what adds up, where the whole that it is a part of is told; else it is not told:
    what the books don't cover is not nothing."""
    found = cells.get((row, member, metric.id))
    if found is not None or not metric.empty_is_zero or (row, member, metric.id) in cells:
        return found
    wholes = [(row, "")] * isinstance(row, Period) + [("", member)] * isinstance(member, Period)
    told = all(cells.get((*whole, metric.id)) is not None for whole in wholes or [("", "")])
    return Decimal(0) if told else None
