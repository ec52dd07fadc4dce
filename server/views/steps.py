"""Where one can go from a view: into a row, back out, other periods, keeping or leaving out a member. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

import features
from core.periods import Grain, Period, add_months, label
from features.query import Filter
from server.views import calendar
from server.views.view import Chart, Compare, View
from server.views.words import is_grain

FINER = {Grain.year: Grain.month, Grain.quarter: Grain.month, Grain.month: Grain.day, Grain.week: Grain.day}
INTO = {
    "category": ("product",), "branch": ("category", "product", "expense_kind"), "channel": ("category", "product"),
    "seller": ("category", "product"), "city": ("branch", "product"), "country": ("city", "product"),
    "payment_method": ("branch", "product"), "weekday": ("hour",), "hour": ("weekday",),
    "expense_kind": ("supplier",), "supplier": ("expense_kind",),
}  # fmt: skip
"""What a member is opened into, the first one there is data of; over time where there is none."""
FEW_DAYS, MANY_DAYS = 62, 1200
TOP = 20
FEW_SPANS = 3
"""Fewer than these say more when they are cut finer."""


@dataclass(frozen=True, slots=True)
class Step:
    """A place to go to; `view` is None for the present one."""

    name: str
    view: View | None


def available(columns: Collection[str], metrics: Sequence[str]) -> list[str]:
    """The dimensions that the figures can be split by in data with these columns."""
    return [d.id for d in features.dimensions_of([features.metric(m) for m in metrics], columns)]


def fitted(view: View) -> View:
    """The view with what its parts can't do together put right: what lies across gives way."""
    if view.columns == view.rows or calendar.clash(view):
        view = replace(view, columns="")
    if not view.rows and view.columns:
        view = replace(view, rows=view.columns, columns="")
    crossed = calendar.crossing(view)
    return replace(view, compare=Compare.none) if crossed and not crossed.down else view


def grain_for(period: Period) -> Grain:
    """How finely a period of this length is best cut."""
    if period.days <= FEW_DAYS:
        return Grain.day
    return Grain.month if period.days <= MANY_DAYS else Grain.year


def first_view(known: Period, today: date) -> View:
    """What is shown where nothing is asked: sales of the latest twelve months, up to the last full one."""
    last = Period.of(Grain.month, min(known.end, today))
    if last.end > known.end and last.start > known.start:
        last = last.previous()
    start = max(add_months(last.start, -11), Grain.month.first_day(known.start))
    return View(("sales",), Period(start, last.end), Grain.month.value, chart=Chart.line)


def presets(today: date, known: Period) -> list[tuple[str, Period]]:
    """The periods that a click chooses, by the calendar; 'todo' is all there is data of."""
    month, year = Period.of(Grain.month, today), Period.of(Grain.year, today)
    last = month.previous()
    return [
        ("Este mes", month),
        ("Mes pasado", last),
        ("Últimos 12 meses", Period(add_months(month.start, -12), last.end)),
        ("Este año", year),
        ("Año pasado", year.previous()),
        ("Todo", known),
    ]


def into(view: View, at: str | Period, there: Sequence[str]) -> View | None:
    """The view of what lies under a row; None where there is nothing finer."""
    if isinstance(at, Period):
        return _into_span(view, at, there)
    if not view.rows or is_grain(view.rows):
        return _into_place(view, at)
    taken = {f.dimension for f in view.filters if not f.exclude and len(f.members) == 1} | {view.rows}
    kept = keep(view, view.rows, at)
    finer = [d for d in INTO.get(view.rows, ()) if d in there and d not in taken]
    rows = finer[0] if finer else grain_for(view.period).value
    if is_grain(rows) and is_grain(view.columns):
        return None
    chart = _chart(view, rows)
    return replace(kept, rows=rows, columns="" if view.columns == rows else view.columns, chart=chart, order="",
                   limit=None if is_grain(rows) else TOP)  # fmt: skip


def _into_place(view: View, at: str) -> View | None:
    """March of each year opens into the latest one."""
    crossed = calendar.crossing(view)
    if crossed is None:
        return None
    wholes = reversed([crossed.whole(s) for s in view.period.spans(crossed.coarse)])
    spans = (span for whole in wholes if (span := crossed.span(at, whole)) and span.overlap(view.period))
    latest = next(spans, None)
    return _into_span(replace(view, columns="", rows=crossed.fine.value), latest, ()) if latest else None


def _into_span(view: View, at: Period, there: Sequence[str]) -> View | None:
    if calendar.crossing(view):
        view = replace(view, columns="")
    grain = Grain(view.rows) if is_grain(view.rows) else at.grain
    finer = FINER.get(grain) if grain else None
    if finer is not None:
        return replace(view, period=at, rows=finer.value, order="", limit=None)
    if "hour" in there and view.columns != "hour":
        return replace(view, period=at, rows="hour", chart=_chart(view, "hour"), order="", limit=None)
    rows = next((d for d in ("product", "category", "expense_kind") if d in there and d != view.columns), "")
    return replace(view, period=at, rows=rows, chart=_chart(view, rows), order="", limit=TOP) if rows else None


def _chart(view: View, rows: str) -> Chart:
    """A line over time becomes bars of members, and back; what else was chosen stays."""
    if view.chart in (Chart.line, Chart.bar):
        return Chart.line if is_grain(rows) else Chart.bar
    return view.chart


def keep(view: View, dimension: str, member: str) -> View:
    """Only this member, instead of what was kept of its dimension."""
    others = tuple(f for f in view.filters if f.dimension != dimension)
    return replace(view, filters=(*others, Filter(dimension, (member,))))


def without(view: View, dimension: str, exclude: bool, member: str | None = None) -> View:
    """The view without one of its filters, or without one member of it."""
    kept = []
    for f in view.filters:
        if (f.dimension, f.exclude) == (dimension, exclude):
            left = tuple(m for m in f.members if m != member) if member is not None else ()
            if not left:
                continue
            f = replace(f, members=left)
        kept.append(f)
    return replace(view, filters=tuple(kept))


def toggled(view: View, dimension: str, member: str) -> View:
    """Keep only this member of its dimension; where that is so already, all of them again."""
    if Filter(dimension, (member,)) in view.filters:
        return without(view, dimension, False)
    return keep(view, dimension, member)


def crumbs(view: View, known: Period) -> list[Step]:
    """The way back out: of the filters that a row was opened by, and of the period."""
    path = [f for f in view.filters if not f.exclude and len(f.members) == 1]
    steps = [*_time(view, known)]
    for i, f in enumerate(path):
        later = path[i:]
        left = tuple(x for x in view.filters if x not in later)
        name = f"{features.dimension(f.dimension).plural.capitalize()}" if i == 0 else path[i - 1].members[0]
        columns = "" if view.columns == f.dimension else view.columns
        back = replace(view, filters=left, rows=f.dimension, columns=columns, order="", limit=TOP)
        back = replace(back, chart=_chart(view, f.dimension))
        steps.append(Step(name, back))
    if path:
        steps.append(Step(path[-1].members[0], None))
    return steps


def _time(view: View, known: Period) -> list[Step]:
    """'Todos los años' › '2026' › 'octubre 2026'."""
    grain = view.period.grain
    if grain is None:
        return []
    wider = [(Grain.year, "Todos los años", known)]
    if grain is not Grain.year:
        year = Period.of(Grain.year, view.period.start)
        wider.append((Grain.month, label(year), year))
    if grain is Grain.day or grain is Grain.week:
        month = Period.of(Grain.month, view.period.start)
        wider.append((Grain.day, label(month), month))
    over_time = is_grain(view.rows) or (view.rows == "hour" and grain is Grain.day)
    steps = []
    for finer, name, period in wider:
        rows = finer.value if over_time else view.rows
        chart = _chart(view, rows)
        wide = replace(view, period=period, rows=rows, chart=chart, order="", limit=view.limit)
        steps.append(Step(name, fitted(wide)))
    return [*steps, Step(label(view.period), None)]


def brushed(view: View, first: date, last: date) -> View:
    """The view over the spans that were drawn over on its chart, cut finer where they are few."""
    grain = Grain(view.rows) if is_grain(view.rows) else Grain(view.columns) if is_grain(view.columns) else Grain.day
    if last < first:
        first, last = last, first
    spans = [s for s in view.period.spans(grain) if first <= s.start <= last]
    if not spans:
        return view
    period = Period(spans[0].start, spans[-1].end)
    finer = FINER.get(grain) if len(spans) < FEW_SPANS else None
    if finer is None or not is_grain(view.rows):
        return replace(view, period=period)
    return replace(view, period=period, rows=finer.value)
