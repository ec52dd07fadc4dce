"""Vega-Lite specs with their data inline, drawn from an answer's own figures."""

from collections.abc import Sequence
from typing import Any

from assistant.parts import Figure
from core.locale import LOCALE
from core.periods import Grain, Period, label

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
_COLOUR = "#0f766e"

_FEW = 14
"""Up to so many points each has its tick."""


def bars(figures: Sequence[Figure], names: Sequence[str], title: str) -> dict[str, Any]:
    """A horizontal bar a member, in the figures' order."""
    rows = [{"nombre": n, "valor": _float(f)} for n, f in zip(names, figures, strict=True)]
    return {
        **_frame(rows, max(60, 26 * len(rows))),
        "mark": {"type": "bar", "color": _COLOUR, "cornerRadiusEnd": 3, "tooltip": True},
        "encoding": {
            "y": {"field": "nombre", "type": "nominal", "sort": None, "title": None, "axis": {"labelLimit": 180}},
            "x": {"field": "valor", "type": "quantitative", "title": title, "axis": {"format": _format(figures)}},
            "tooltip": [
                {"field": "nombre", "type": "nominal", "title": " "},
                {"field": "valor", "type": "quantitative", "title": title, "format": _format(figures)},
            ],
        },
    }


def line(figures: Sequence[Figure], title: str, grain: Grain) -> dict[str, Any]:
    """A line over time, one point a span."""
    # A bare day would be midnight in London, which is the evening before here.
    rows = [
        {"desde": f"{f.start}T00:00:00", "período": label(Period(f.start, f.end)), "valor": _float(f)} for f in figures
    ]
    return {
        **_frame(rows, 240),
        "mark": {"type": "line", "point": len(rows) <= 60, "color": _COLOUR},
        "encoding": {
            "x": {"field": "desde", "type": "temporal", "title": None, "axis": time_axis(grain, len(rows))},
            "y": {"field": "valor", "type": "quantitative", "title": title, "axis": {"format": _format(figures)}},
            "tooltip": [
                {"field": "período", "type": "nominal"},
                {"field": "valor", "type": "quantitative", "title": title, "format": _format(figures)},
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


def _format(figures: Sequence[Figure]) -> str:
    unit = figures[0].unit if figures else "count"
    if unit == "ratio":
        return ".1%"
    if unit in ("count", "quantity", "number", "days"):
        return ",.0f" if all(f.value is None or abs(f.value) >= 10 or f.value % 1 == 0 for f in figures) else ",.2f"
    return "$,.0f"


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
