"""Each kind of chart of a table's points. Pure; server/views/charts.py chooses and colours."""

from decimal import Decimal
from itertools import groupby
from typing import Any

import features
from assistant.answers.charts import label_expression, time_axis
from core.periods import Period
from server.views.calendar import crossing
from server.views.canvas import Canvas, Point, decimal, short
from server.views.view import Chart, Compare
from server.views.words import is_grain

MOST_BARS = 40
MOST_SERIES = 8
MOST_SLICES = 7
"""More parts than colours that are told apart: the rest is one."""
_ZOOM = "tramo"


def _series(canvas: Canvas) -> tuple[list[dict[str, Any]], dict[str, Any] | None]:
    """Rows of data, and the colour that tells their series apart (None for a single one): the columns' members, the
    values compared with, or the metrics that share the first one's unit."""
    split = any(p.of != "" for p in canvas.points)
    if split:
        members = list(dict.fromkeys(p.of for p in canvas.one()))[:MOST_SERIES]
        names = [short(m) for m in members]
        rows = [canvas.row(p, short(p.of)) for p in canvas.one() if p.of in members]
        return rows, _colour(names, [f"@{i % MOST_SERIES + 1}" for i in range(len(names))])
    if canvas.view.compare is not Compare.none and any(p.column.before for p in canvas.points):
        both = [p for p in canvas.points if p.column.metric == canvas.metric.id]
        names = list(dict.fromkeys(p.column.name for p in both))
        rows = [canvas.row(p, p.column.name) for p in both]
        return rows, _colour(names, ["@1", "@calm"])
    names = list(dict.fromkeys(p.column.name for p in canvas.same))
    if len(names) < 2:
        return [canvas.row(p) for p in canvas.same], None
    return [canvas.row(p, p.column.name) for p in canvas.same], _colour(names, [f"@{i + 1}" for i in range(len(names))])


def _colour(names: list[str], colours: list[str]) -> dict[str, Any]:
    return {
        "field": "series",
        "type": "nominal",
        "title": None,
        "sort": None,
        "scale": {"domain": names, "range": colours},
    }


def _line(canvas: Canvas) -> dict[str, Any]:
    if crossing(canvas.view):
        return _by_place(canvas)
    if not is_grain(canvas.view.rows) and canvas.view.rows:  # time lies across: each row is a series
        canvas.points = [
            Point(p.of, p.at, p.column, p.value, p.href) for p in canvas.points if isinstance(p.of, Period)
        ]
    rows, colour = _series(canvas)
    places = {r["at"] for r in rows}
    assert canvas.grain is not None  # `fitting` leaves no line without time
    encoding: dict[str, Any] = {
        "x": {"field": "at", "type": "temporal", "title": None, "axis": time_axis(canvas.grain, len(places))},
        "y": {"field": "value", "type": "quantitative", "title": canvas.title, "axis": canvas.axis()},
        "tooltip": canvas.tooltip(*_told(colour)),
    }
    if colour:
        encoding["color"] = colour
    return {
        **canvas.frame(rows),
        "params": [{"name": _ZOOM, "select": {"type": "interval", "encodings": ["x"]}}],
        "mark": {"type": "line", "point": {"size": 45} if len(places) <= 62 else False},
        "encoding": encoding,
    }


def _by_place(canvas: Canvas) -> dict[str, Any]:
    """A line for each bigger span, over the places that return in each."""
    rows, colour = _series(canvas)
    return {
        **canvas.frame(rows),
        "mark": {"type": "line", "point": {"size": 45}},
        "encoding": {
            "x": {"field": "name", "type": "ordinal", "sort": None, "title": None},
            "y": {"field": "value", "type": "quantitative", "title": canvas.title, "axis": canvas.axis()},
            "tooltip": canvas.tooltip(*_told(colour)),
            **({"color": colour} if colour else {}),
        },
    }


def _told(colour: dict[str, Any] | None) -> list[dict[str, Any]]:
    return [{"field": "series", "type": "nominal", "title": "Serie"}] if colour else []


def _bars(canvas: Canvas) -> dict[str, Any]:
    over_time = is_grain(canvas.view.rows) or (not canvas.view.rows and is_grain(canvas.view.columns))
    if not over_time:
        seen = list(dict.fromkeys(p.at for p in canvas.points))[:MOST_BARS]
        canvas.points = [p for p in canvas.points if p.at in seen]
        canvas.same = [p for p in canvas.same if p.at in seen]
    rows, colour = _series(canvas)
    split = any(p.of != "" for p in canvas.points)
    stacked = (
        split and not crossing(canvas.view) and canvas.metric.additive and all((r["value"] or 0) >= 0 for r in rows)
    )
    place = {"field": "name", "type": "ordinal" if over_time else "nominal", "sort": None, "title": None}
    value: dict[str, Any] = {
        "field": "value", "type": "quantitative", "title": canvas.title, "axis": canvas.axis(),
        "stack": "zero" if stacked else None,
    }  # fmt: skip
    encoding: dict[str, Any] = {"tooltip": canvas.tooltip(*_told(colour))}
    encoding |= {"x": place, "y": value} if over_time else {"y": place, "x": value}
    beside = colour is not None and not stacked
    if colour:
        encoding["color"] = colour
    if beside:
        encoding["xOffset" if over_time else "yOffset"] = {"field": "series", "sort": None}
    count = len({r["name"] for r in rows}) * (len({r.get("series") for r in rows}) * 0.6 if beside else 1)
    return {
        **canvas.frame(rows, 280 if over_time else max(70, round(28 * count) + 40)),
        "mark": {"type": "bar"},
        "encoding": encoding,
    }


def _pie(canvas: Canvas) -> dict[str, Any]:
    points = [p for p in canvas.one() if p.value]
    if not canvas.metric.additive or any(p.value is not None and p.value < 0 for p in points):
        return _bars(canvas)  # parts that don't make up a whole
    points.sort(key=lambda p: -(p.value or Decimal(0)))
    rows = [{**canvas.row(p), "series": short(p.at)} for p in points[:MOST_SLICES]]
    rest = _rest(canvas, points[:MOST_SLICES])
    colours = [f"@{i + 1}" for i in range(len(rows))]
    if rest > 0:
        column = points[0].column
        rows.append({"name": "Otros", "full": "Otros", "series": "Otros", "value": float(rest),
                     "shown": canvas.shown(column, rest)})  # fmt: skip
        colours.append("@quiet")
    return {
        **canvas.frame(rows, 280),
        "mark": {"type": "arc", "innerRadius": 60, "padAngle": 0.01},
        "encoding": {
            "theta": {"field": "value", "type": "quantitative", "stack": True},
            "order": {"field": "value", "sort": "descending"},
            "color": _colour([r["series"] for r in rows], colours),
            "tooltip": canvas.tooltip(),
        },
    }


def _rest(canvas: Canvas, shown: list[Point]) -> Decimal:
    """What the whole has beyond the parts shown; the whole is the table's total."""
    if canvas.table.total is None:
        return Decimal(0)
    place = next(i for i, c in enumerate(canvas.table.columns) if c.kind == "value" and c.member == "")
    whole = canvas.table.total[place]
    parts = sum((p.value for p in shown if p.value is not None), Decimal(0))
    return whole - parts if isinstance(whole, Decimal) else Decimal(0)


def _scatter(canvas: Canvas) -> dict[str, Any]:
    first, second = list(dict.fromkeys(p.column.metric for p in canvas.points))[:2]
    rows = []
    for _, group in groupby(canvas.points, key=lambda p: p.at):
        by = {p.column.metric: p for p in group if not p.column.before}
        x, y = by[first], by[second]
        if x.value is not None and y.value is not None:
            other = {"other": float(y.value), "other_shown": canvas.shown(y.column, y.value)}
            rows.append({**canvas.row(x), **other})
    declared = features.metric(second)
    seconds = {"field": "other_shown", "type": "nominal", "title": declared.name}
    tooltip = canvas.tooltip()
    return {
        **canvas.frame(rows, 320),
        "mark": {"type": "point", "filled": True, "size": 80, "opacity": 0.75},
        "encoding": {
            "x": {"field": "value", "type": "quantitative", "title": canvas.title, "axis": canvas.axis()},
            "y": {"field": "other", "type": "quantitative", "title": declared.name, "axis": canvas.axis(declared)},
            "tooltip": [*tooltip, seconds],
        },
    }


def _heatmap(canvas: Canvas) -> dict[str, Any]:
    rows = [canvas.row(p, short(p.of)) for p in canvas.one()]
    count = len({r["name"] for r in rows})
    return {
        **canvas.frame(rows, max(90, 26 * min(count, MOST_BARS) + 40)),
        "mark": {"type": "rect"},
        "encoding": {
            "x": {"field": "series", "type": "ordinal", "sort": None, "title": None},
            "y": {"field": "name", "type": "ordinal", "sort": None, "title": None},
            "color": {
                "field": "value", "type": "quantitative", "title": canvas.title,
                "legend": {"labelExpr": label_expression(canvas.unit(canvas.metric))},
            },
            "tooltip": canvas.tooltip({"field": "series", "type": "nominal", "title": " "}),
        },
    }  # fmt: skip


def _kpi(canvas: Canvas) -> dict[str, Any]:
    rows = []
    cells = canvas.table.rows[0]
    for i, column in enumerate(canvas.table.columns):
        if column.kind != "value" or column.before:
            continue
        below = ""
        if canvas.table.columns[i + 1 : i + 2] and canvas.table.columns[i + 1].before:
            below = f"{canvas.table.columns[i + 1].name}: {canvas.shown(column, decimal(cells[i + 1]))}"
        rows.append({"name": column.name, "shown": canvas.shown(column, decimal(cells[i])), "below": below})
    place = {"x": {"field": "name", "type": "nominal", "sort": None, "axis": None}}

    def text(field: str, size: int, dy: int, colour: str, weight: int = 400) -> dict[str, Any]:
        mark = {"type": "text", "fontSize": size, "dy": dy, "color": colour, "fontWeight": weight}
        return {"mark": mark, "encoding": {**place, "text": {"field": field, "type": "nominal"}}}

    return {
        **canvas.frame(rows, 120),
        "layer": [
            text("name", 14, -34, "@quiet"),
            text("shown", 30 if len(rows) < 4 else 18, 0, "@ink", 700),
            text("below", 12, 32, "@quiet"),
        ],
    }


DRAW = {
    Chart.line: _line,
    Chart.bar: _bars,
    Chart.pie: _pie,
    Chart.scatter: _scatter,
    Chart.heatmap: _heatmap,
    Chart.kpi: _kpi,
}
