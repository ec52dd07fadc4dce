"""What the explorer shows of a view: its table with links, the chart, where one can go, and what it can be cut by."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import features
from assistant.citations import encode as source
from core.db import Connection
from core.language import fold, join
from core.periods import Grain, Period, day_label, label
from core.tenancy import Scope
from features.catalog.types import Over
from features.query import Coverage, Filter, Query
from server import slices
from server.views import address, calendar, charts, paper, steps
from server.views.tables import table
from server.views.view import Cell, Chart, Column, Compare, Table, View
from server.views.words import GRAINS, is_grain, split_name

PATH = "/explorar"
CHARTS = {
    Chart.line: "Línea", Chart.bar: "Barras", Chart.pie: "Torta", Chart.scatter: "Puntos",
    Chart.heatmap: "Mapa de calor", Chart.kpi: "Cifra", Chart.table: "Solo tabla",
}  # fmt: skip
COMPARES = {
    Compare.none: "Sin comparar",
    Compare.previous: "Con el período anterior",
    Compare.year: "Con un año antes",
}
MOST_LISTED = 40
MOST_BESIDE = 5
BESIDE = ("branch", "category", "channel", "product", "seller", "payment_method", "expense_kind", "supplier")
"""What a view is cut by beside it, the first three that the data has."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table as it is shown: its name, where it leads, and its cells with the value they sort by."""

    name: str
    href: str
    cells: tuple[tuple[str, str, str, str], ...]
    """Text, number to sort by, tone of a change, where the figure comes from."""
    sort: str


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that holds, a preset or a step back: its name, and the address without it."""

    name: str
    href: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A member of another dimension, its value and its share; a click keeps only it."""

    name: str
    shown: str
    share: int
    href: str
    kept: bool


@dataclass(frozen=True, slots=True)
class Picker:
    """Choosing members of one dimension."""

    dimension: str
    name: str
    search: str
    exclude: bool
    options: tuple[tuple[str, bool], ...]
    more: int
    hidden: tuple[tuple[str, str], ...]
    back: str


def href(view: View) -> str:
    return f"{PATH}?{address.encode(view)}"


def mended(view: View, known: Period, today: date) -> View:
    """The nearest view that can be shown where this one was refused."""
    first = steps.first_view(known, today)
    catalog = tuple(m for m in view.metrics if m in features.METRIC_BY_ID) or first.metrics
    return replace(first, metrics=catalog, filters=view.filters)


def gather(asked: View, coverage: Coverage, today: date, scope: Scope, connection: Connection) -> dict[str, Any]:
    """All that the page shows of the view asked for, or of the nearest one that its parts allow."""
    known = coverage.period
    assert known is not None  # the page says what to do where there is nothing
    view = steps.fitted(asked)
    found = table(view, scope, connection)
    there = steps.available(coverage.columns, view.metrics)
    nexts = [steps.into(view, _at(row[0]), there) for row in found.rows]
    links = [href(n) if n else None for n in nexts]
    spec = charts.spec(found, view, scope.company, links)
    return {
        "view": view,
        "title": found.title,
        "notes": found.notes,
        "remedies": _remedies(asked, view, there, known),
        "spec": spec,
        "chart_note": charts.note(found, view) if spec else "",
        "over_time": (is_grain(view.rows) or charts.fitting(view) is Chart.line) and not calendar.crossing(view),
        "columns": found.columns,
        "lines": [_line(row, link, found, view, scope) for row, link in zip(found.rows, links, strict=True)],
        "total": _line(found.total, None, found, view, scope) if found.total else None,
        "crumbs": [(s.name, href(s.view) if s.view else "") for s in steps.crumbs(view, known)],
        "presets": [
            Chip(name, href(_over(view, p)), view.period == p) for name, p in steps.presets(today, known)
        ],
        "chips": _chips(view),
        "dimensions": [(d, features.dimension(d).name) for d in there],
        "splits": [(d, features.dimension(d).name) for d in dict.fromkeys((*there, *_by_name(view)))],
        "grains": [(g.value, name) for g, name in GRAINS.items()],
        "charts": [(c.value, name) for c, name in CHARTS.items()],
        "compares": [(c.value, name) for c, name in COMPARES.items()],
        "beside": _beside(view, there, coverage, scope, connection),
        "address": address.encode(view),
        "hidden": slices.pairs_of(view.filters),
        "brush": urlencode([(k, v) for k, v in address.pairs(view) if k not in ("start", "end")]),
        "question": question(view),
        "limits": sorted({10, 20, 50, 100, 500} | ({view.limit} if view.limit else set())),
        "unfiltered": href(replace(view, filters=())),
        "everything": href(_over(view, known)),
    }  # fmt: skip


def _remedies(asked: View, view: View, there: Sequence[str], known: Period) -> list[tuple[str, list[Chip]]]:
    """What could not be shown as asked, or says more otherwise, and the views that a click gives instead."""
    found: list[tuple[str, list[Chip]]] = []
    if why := calendar.clash(asked):
        found.append((why, [Chip(f"Ver {_by(v)}", href(v)) for v in calendar.instead(asked)]))
    crossed = calendar.crossing(view)
    if crossed and crossed.coarse is Grain.year:
        years = Period(Grain.year.first_day(max(view.period.start, known.start)), view.period.end)
        last = Period(Grain.year.first_day(years.start - timedelta(days=1)), years.end)
        wider = last if len(list(years.spans(Grain.year))) < 2 else years
        if wider.start < view.period.start and wider.overlap(known) != view.period.overlap(known):
            told = "Así un año no trae todos sus meses."
            found.append((told, [Chip(f"Ver desde el {day_label(wider.start)}", href(replace(view, period=wider)))]))
    if crossed and crossed.down and view.compare is Compare.none:
        name = "Ver cuánto cambió"
        found.append(("", [Chip(name, href(replace(view, compare=Compare.previous)))]))
    odd = [s for s in (view.rows, view.columns) if s and not is_grain(s) and s not in there]
    odd += [f.dimension for f in view.filters if f.dimension not in there]
    if odd:
        kept = tuple(f for f in view.filters if f.dimension in there)
        plain = replace(view, filters=kept, columns=view.columns if view.columns not in odd else "", order="")
        if view.rows in odd:
            ways = [d for d in ("expense_kind", "branch", "category") if d in there and d != plain.columns][:1]
            options = [replace(plain, rows=r) for r in (*ways, steps.grain_for(view.period).value)]
        else:
            options = [plain]
        found.append(("", [Chip(f"Ver {_by(steps.fitted(v))}", href(steps.fitted(v))) for v in options]))
    return found


def _by_name(view: View) -> list[str]:
    """The dimensions that the view has, though its figure may not."""
    return [s for s in (view.rows, view.columns) if s and not is_grain(s)]


def _by(view: View) -> str:
    """'por mes y año', 'todo junto'."""
    by = [split_name(s) for s in (view.rows, view.columns) if s]
    return f"por {join(by)}" if by else "todo junto"


def _at(cell: Cell) -> str | Period:
    assert isinstance(cell, str | Period)  # the first column names the row
    return cell


def _over(view: View, period: Period) -> View:
    """The view over another period, cut as finely as that one bears."""
    rows = view.rows
    if is_grain(rows) and (len(list(period.spans(Grain(rows)))) < 2 or (period.days > 400 and rows == "day")):
        rows = steps.grain_for(period).value
    return steps.fitted(replace(view, period=period, rows=rows))


def _line(row: Sequence[Cell], link: str | None, found: Table, view: View, scope: Scope) -> Line:
    at = row[0]
    cells = []
    for cell, column in zip(row[1:], found.columns[1:], strict=True):
        number = f"{cell:f}" if isinstance(cell, Decimal) else ""
        cells.append((paper.shown(cell, column, scope.company), number, _tone(cell, column), _source(at, column, view)))
    name = label(at) if isinstance(at, Period) else str(at)
    order = at.start.isoformat() if isinstance(at, Period) else fold(name)
    if (crossed := calendar.crossing(view)) and name in crossed.places:
        order = f"{crossed.places.index(name):02}"
    return Line(name, link or "", tuple(cells), order)


def _tone(cell: Cell, column: Column) -> str:
    if column.kind != "change" or not isinstance(cell, Decimal):
        return ""
    return features.change(cell, Decimal(0), features.metric(column.metric)).verdict  # type: ignore[union-attr]


def _source(at: Cell, column: Column, view: View) -> str:
    """The page behind a figure: its definition, files and rows."""
    if column.kind != "value" or column.before:
        return ""
    period, filters = view.period, view.filters
    if crossed := calendar.crossing(view):
        place, whole = (at, column.member) if crossed.down else (column.member, at)
        spans = [s for s in (whole, period) if isinstance(s, Period)]
        if isinstance(whole, Period) and place not in ("", "Total"):
            spans.append(crossed.span(str(place), whole) or whole)
        elif not isinstance(whole, Period) and place not in ("", "Total"):
            return ""  # Marches of all years are no span
        start, end = max(s.start for s in spans), min(s.end for s in spans)
        return source(Query((column.metric,), Period(start, end), filters=filters)) if start <= end else ""
    for split, member in ((view.rows, at), (view.columns, column.member)):
        if isinstance(member, Period):
            period = member
        elif split and member not in ("", "Total"):
            filters = (*(f for f in filters if f.dimension != split), Filter(split, (str(member),)))
    return source(Query((column.metric,), period, filters=filters))


def _chips(view: View) -> list[Chip]:
    """Each member that is kept or left out, with the address without it."""
    return [
        Chip(f"{'sin ' if f.exclude else ''}{member}", href(steps.without(view, f.dimension, f.exclude, member)))
        for f in view.filters
        for member in f.members
    ]


def _beside(
    view: View, there: Sequence[str], coverage: Coverage, scope: Scope, connection: Connection
) -> list[tuple[str, str, list[Part]]]:
    """The same figure by other dimensions: each member a filter for all that is shown."""
    metric = features.metric(view.metrics[0])
    if metric.over is not Over.lines or not coverage.columns.issuperset(metric.needs) or "customer_id" in metric.needs:
        metric = features.METRICS[0]  # who came, by everything, takes seconds
    period = view.period.overlap(coverage.period) if coverage.period else None
    shown = [d for d in BESIDE if d in there and d not in (view.rows, view.columns)][:3]
    found = []
    for dimension in shown if period else ():
        others = tuple(f for f in view.filters if f.dimension != dimension)
        whole = Query((metric.id,), view.period, filters=others)
        query = replace(whole, dimension=dimension, order="desc", limit=MOST_BESIDE)
        rows = [r for r in features.run(query, scope, connection).rows if r.value is not None]
        biggest = max((abs(r.value) for r in rows if r.value is not None), default=Decimal(0))
        parts = [
            Part(
                r.member,
                features.short(metric, r.value, scope.company),
                round(100 * abs(r.value or Decimal(0)) / biggest) if biggest else 0,
                href(steps.toggled(view, dimension, r.member)),
                Filter(dimension, (r.member,)) in view.filters,
            )
            for r in rows
        ]
        if parts:
            name = f"{metric.name} por {features.dimension(dimension).name}"
            found.append((dimension, name[:1].upper() + name[1:], parts))
    return found


def question(view: View) -> str:
    """The view as a question for the chat."""
    metric = features.metric(view.metrics[0])
    by = ""
    if view.rows and not is_grain(view.rows):
        by = f" por {features.dimension(view.rows).name}"
    elif view.rows:
        by = f" por {GRAINS[Grain(view.rows)]}"
    only = [f"{m}" for f in view.filters if not f.exclude for m in f.members][:3]
    return f"{metric.name}{by} en {label(view.period)}" + (f" de {' y '.join(only)}" if only else "")


def picker(
    dimension: str,
    search: str,
    pairs: Iterable[tuple[str, str]],
    view: View,
    coverage: Coverage,
    scope: Scope,
    connection: Connection,
) -> Picker | None:
    """The members of `dimension` that `search` finds, the chosen ones first; None where it is not there."""
    if coverage.period is None or dimension not in steps.available(coverage.columns, ()):
        return None
    given = list(pairs)
    kept = next((f for f in view.filters if f.dimension == dimension), None)
    typed = [v.replace("\0", "") for k, v in given if k == "m" and v]
    chosen = list(dict.fromkeys(typed or (kept.members if kept else ())))[: address.MOST_MEMBERS]
    metric = "sales" if dimension in features.splits(features.metric("sales")) else "expenses"
    rows = features.run(Query((metric,), coverage.period, dimension=dimension), scope, connection).rows
    names = [r.member for r in rows]
    wanted = fold(search)
    matching = [n for n in names if wanted in fold(n) and n not in chosen]
    options = [(n, True) for n in chosen] + [(n, False) for n in matching[:MOST_LISTED]]
    mode = dict(given).get("modo", "menos" if kept and kept.exclude else "solo")
    back = steps.without(steps.without(view, dimension, False), dimension, True)
    return Picker(
        dimension,
        features.dimension(dimension).name,
        search,
        mode == "menos",
        tuple(options),
        max(0, len(matching) - MOST_LISTED),
        tuple(address.pairs(back)),
        href(view),
    )


def applied(view: View, pairs: Iterable[tuple[str, str]]) -> View:
    """The view with what the picker's form chose."""
    given = list(pairs)
    said = dict(given)
    dimension = said.get("filtrar", "")
    if dimension not in features.DIMENSION_BY_ID:
        return view
    view = steps.without(steps.without(view, dimension, False), dimension, True)
    chosen = tuple(dict.fromkeys(v.replace("\0", "") for k, v in given if k == "m" and v))
    if not chosen:
        return view
    return replace(view, filters=(*view.filters, Filter(dimension, chosen, said.get("modo") == "menos")))
