"""A table drawn as Vega-Lite with its data inline. Pure.

Colours are told by meaning ('@1' to '@8', '@quiet', '@calm', …): a page dyes them by its theme (static/charts.js), and
`picture` for what has none. Figures in tooltips are written as in the table.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import features
from core.locale import LOCALE
from core.tenancy import Company
from server.views.calendar import crossing
from server.views.canvas import Canvas, points_of
from server.views.drawing import DRAW, MOST_BARS, MOST_SERIES
from server.views.view import Chart, Table, View
from server.views.words import is_grain

LIGHT = {
    "1": "#1a6a57", "2": "#b4552d", "3": "#3b6fb6", "4": "#8a5aa8", "5": "#9a7400", "6": "#c0487e", "7": "#4c7a1f",
    "8": "#6b6b6b", "calm": "#a9cfc2", "quiet": "#57615a", "ink": "#18251f", "line": "#e2dbcd", "soft": "#f3efe7",
    "good": "#1a6a57", "bad": "#a8321f", "brand": "#1a6a57", "clay": "#b4552d",
}  # fmt: skip
"""The colours of static/charts.css and ayni.css on paper."""


def spec(table: Table, view: View, company: Company, links: Sequence[str | None] = ()) -> dict[str, Any] | None:
    """How `table` is drawn, None where it has nothing to draw. `links` are addresses of ours for the rows, in their
    order: a click on a mark goes there."""
    told = tuple(dict.fromkeys(c.metric for c in table.columns if c.metric))
    view = replace(view, metrics=told)  # some may lack their columns
    drawn = fitting(view)
    points = points_of(table, links)
    if (crossed := crossing(view)) and not crossed.down:  # the bigger spans are compared, whichever way the table lies
        points = [replace(p, at=p.of, of=p.at) for p in points]
    if drawn in (Chart.table, Chart.text) or not any(p.value is not None for p in points):
        return None
    return DRAW[drawn](Canvas(view, company, points, table))


def fitting(view: View) -> Chart:
    """The chart that the view's rows and columns allow: the one asked for, else the nearest."""
    split = bool(view.rows or view.columns)
    match view.chart:
        case Chart.line if not (is_grain(view.rows) or is_grain(view.columns)):
            return Chart.bar if split else Chart.kpi
        case Chart.heatmap if not (view.rows and view.columns):
            return Chart.bar if split else Chart.kpi
        case Chart.pie if not split or (view.rows and view.columns):
            return Chart.bar if split else Chart.kpi
        case Chart.scatter if not view.rows or view.columns or len(view.metrics) < 2:
            return Chart.bar if split else Chart.kpi
        case Chart.bar if not split:
            return Chart.kpi
        case Chart.kpi if split:
            return Chart.bar
    return view.chart


def picture(spec: dict[str, Any], title: str = "") -> dict[str, Any]:
    """The same in colours of its own on white, for a PNG or a PDF; `title` above it where it stands alone."""
    axis = {"labelColor": LIGHT["quiet"], "titleColor": LIGHT["quiet"], "gridColor": LIGHT["line"],
            "domainColor": LIGHT["line"], "tickColor": LIGHT["line"], "titleFontWeight": "normal", "labelLimit": 220,
            "labelOverlap": True}  # fmt: skip
    series = [LIGHT[str(i)] for i in range(1, MOST_SERIES + 1)]
    config = {
        "locale": LOCALE,
        "view": {"stroke": None},
        "font": "sans-serif",
        "mark": {"color": LIGHT["1"]},
        "axis": axis,
        "axisXDiscrete": {"labelAngle": 0, "grid": False},
        "axisXTemporal": {"grid": False},
        "title": {"anchor": "start", "fontSize": 15, "color": LIGHT["ink"], "offset": 12},
        "axisYDiscrete": {"grid": False, "labelOverlap": False},
        "legend": {"orient": "bottom", "title": None},
        "range": {"category": series, "heatmap": [LIGHT["soft"], LIGHT["1"]], "ramp": [LIGHT["soft"], LIGHT["1"]]},
    }
    plain = {k: v for k, v in spec.items() if k != "params"}
    dyed = _dyed(plain)
    assert isinstance(dyed, dict)
    return {**dyed, **({"title": title} if title else {}), "config": config}


def note(table: Table, view: View) -> str:
    """What of the table the chart leaves out, '' where nothing."""
    left: list[str] = []
    drawn = fitting(view)
    if drawn is Chart.bar and not is_grain(view.rows) and len(table.rows) > MOST_BARS:
        left.append(f"las {MOST_BARS} primeras filas")
    members = {c.member for c in table.columns if c.kind == "value" and c.member != ""}
    if drawn in (Chart.bar, Chart.line) and view.rows and len(members) > MOST_SERIES:
        left.append(f"las {MOST_SERIES} primeras columnas")
    units = {c.unit for c in table.columns if c.kind == "value"}
    if drawn in (Chart.bar, Chart.line, Chart.pie, Chart.heatmap) and (
        len(units) > 1 or (drawn in (Chart.pie, Chart.heatmap) and len(view.metrics) > 1)
    ):
        left.append(f"{features.metric(view.metrics[0]).name}")
    return f"El gráfico muestra {' y '.join(left)}; la tabla, todo." if left else ""


def _dyed(node: object) -> object:
    if isinstance(node, dict):
        return {k: _unlinked(v) if k == "values" else _dyed(v) for k, v in node.items()}
    if isinstance(node, list):
        return [_dyed(v) for v in node]
    return LIGHT.get(node[1:], node) if isinstance(node, str) and node.startswith("@") else node


def _unlinked(values: object) -> object:
    """A chart's rows without where a click on them leads: a picture has no clicks."""
    if not isinstance(values, list):
        return values
    return [{k: v for k, v in row.items() if k != "href"} if isinstance(row, dict) else row for row in values]
