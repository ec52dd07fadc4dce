"""Vega-Lite specs with their data inline, drawn from an answer's own figures."""

import json
from collections.abc import Sequence
from typing import Any

from assistant.answers.wording import exact
from assistant.parts import Figure
from core.locale import LOCALE
from core.money import CURRENCIES
from core.periods import Grain, Period, label
from features.catalog.types import Unit

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
_COLOUR = "#0f766e"

_FEW = 14
"""Up to so many points each has its tick."""


def bars(figures: Sequence[Figure], names: Sequence[str], title: str) -> dict[str, Any]:
    """A horizontal bar a member, in the figures' order."""
    rows = [
        {"nombre": n, "valor": _float(f), "cifra": exact(f.value, f.unit)} for n, f in zip(names, figures, strict=True)
    ]
    return {
        **_frame(rows, max(60, 26 * len(rows))),
        "mark": {"type": "bar", "color": _COLOUR, "cornerRadiusEnd": 3, "tooltip": True},
        "encoding": {
            "y": {"field": "nombre", "type": "nominal", "sort": None, "title": None, "axis": {"labelLimit": 180}},
            "x": {"field": "valor", "type": "quantitative", "title": title, "axis": value_axis(_unit(figures))},
            "tooltip": [
                {"field": "nombre", "type": "nominal", "title": " "},
                {"field": "cifra", "type": "nominal", "title": title},
            ],
        },
    }


def line(figures: Sequence[Figure], title: str, grain: Grain) -> dict[str, Any]:
    """A line over time, one point a span."""
    # A bare day would be midnight in London, which is the evening before here.
    rows = [
        {
            "desde": f"{f.start}T00:00:00",
            "período": label(Period(f.start, f.end)),
            "valor": _float(f),
            "cifra": exact(f.value, f.unit),
        }
        for f in figures
    ]
    return {
        **_frame(rows, 240),
        "mark": {"type": "line", "point": len(rows) <= 60, "color": _COLOUR},
        "encoding": {
            "x": {"field": "desde", "type": "temporal", "title": None, "axis": time_axis(grain, len(rows))},
            "y": {"field": "valor", "type": "quantitative", "title": title, "axis": value_axis(_unit(figures))},
            "tooltip": [
                {"field": "período", "type": "nominal"},
                {"field": "cifra", "type": "nominal", "title": title},
            ],
        },
    }


def _frame(rows: list[dict[str, Any]], height: int) -> dict[str, Any]:
    return {
        "$schema": SCHEMA,
        "width": "container",
        "height": height,
        "data": {"values": rows},
        "config": {"locale": LOCALE, "view": {"stroke": None}, "axis": {"grid": False}},
    }


def _unit(figures: Sequence[Figure]) -> str:
    return figures[0].unit if figures else Unit.count.value


def value_axis(unit: str) -> dict[str, Any]:
    """An axis of values with few, short labels, none cut off at a phone's edge. `unit` as figures carry it."""
    return {"labelExpr": label_expression(unit), "tickCount": 4, "labelFlush": True}


def label_expression(unit: str) -> str:
    """A Vega expression for values on an axis or in a legend: '$8,4 M', '$610 mil', '12 %'. `unit` is a currency's
    code, or a `Unit` that isn't money."""
    if unit == Unit.ratio.value:
        return "format(datum.value * 100, ',.1~f') + ' %'"
    if unit in (one.value for one in Unit):
        return "format(datum.value, ',.2~f')"
    known = CURRENCIES.get(unit)
    symbol, size = json.dumps(known.symbol if known else f"{unit} "), "abs(datum.value)"
    sign = f"(datum.value < 0 ? '−' : '') + {symbol}"
    return (
        f"{size} >= 1e6 ? {sign} + format({size} / 1e6, ',.2~f') + ' M'"
        f" : {size} >= 1e4 ? {sign} + format({size} / 1e3, ',.1~f') + ' mil' : {sign} + format({size}, ',.2~f')"
    )


def _dates(grain: Grain) -> str:
    return "%Y" if grain is Grain.year else "%b %Y" if grain in (Grain.month, Grain.quarter) else "%-d %b"


def time_axis(grain: Grain, points: int) -> dict[str, Any]:
    """Ticks no finer than the spans: four months would else be labelled 'jul, jul, ago, ago'."""
    steps = {Grain.day: ("day", 1), Grain.month: ("month", 1), Grain.quarter: ("month", 3), Grain.year: ("year", 1)}
    axis: dict[str, Any] = {"format": _dates(grain)}
    if grain in steps and points <= _FEW:
        interval, step = steps[grain]
        axis["tickCount"] = {"interval": interval, "step": step}
    return axis


def _float(figure: Figure) -> float | None:
    return None if figure.value is None else float(figure.value)
