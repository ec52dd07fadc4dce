"""The panel's chart as Vega-Lite: one bar a month, the last one told apart. Pure."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from core.periods import MONTHS, Period

LIGHT = {"ink": "#18251f", "quiet": "#57615a", "line": "#e2dbcd", "bar": "#a9cfc2", "last": "#1a6a57"}
DARK = {"ink": "#efece5", "quiet": "#b3b1a6", "line": "#363e3a", "bar": "#2f5d50", "last": "#6cc4a8"}


def sales_by_month(rows: Sequence[tuple[Period, Decimal | None]], dark: bool = False) -> dict[str, Any]:
    """Sales in millions where they reach them, else in thousands; months in Spanish."""
    colours = DARK if dark else LIGHT
    biggest = max((abs(value) for _, value in rows if value is not None), default=Decimal(0))
    unit, name = (Decimal(1_000_000), "millones") if biggest >= 1_000_000 else (Decimal(1_000), "miles")
    data = [
        {
            "month": f"{MONTHS[p.start.month - 1][:3]} {p.start:%y}",
            "value": float((value or 0) / unit),
            "last": p == rows[-1][0],
        }
        for p, value in rows
    ]
    axis = {
        "labelColor": colours["quiet"],
        "titleColor": colours["quiet"],
        "domainColor": colours["line"],
        "labelFontSize": 12,
    }
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": 640,
        "height": 240,
        "background": "transparent",
        "config": {"view": {"stroke": None}, "font": "system-ui, sans-serif"},
        "data": {"values": data},
        "mark": {"type": "bar", "cornerRadiusEnd": 4},
        "encoding": {
            "x": {"field": "month", "type": "ordinal", "sort": None, "title": None, "axis": {**axis, "labelAngle": 0}},
            "y": {
                "field": "value",
                "type": "quantitative",
                "title": f"ventas ({name})",
                "axis": {**axis, "gridColor": colours["line"], "tickCount": 4, "titleFontWeight": "normal"},
            },
            "color": {
                "condition": {"test": "datum.last", "value": colours["last"]},
                "value": colours["bar"],
            },
        },
    }
