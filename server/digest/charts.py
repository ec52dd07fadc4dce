"""The summary's pictures: Vega-Lite with its data inline, and PNGs small enough for a mail."""

from collections.abc import Sequence
from decimal import Decimal
from io import BytesIO
from typing import Any

import vl_convert
from PIL import Image

from core.locale import LOCALE
from core.periods import MONTHS, Grain, Period
from features.catalog.types import Unit

MOST_BYTES = 40_000
SCALES = (2.0, 1.0)
COLOURS = (128, 32, 8)
"""A chart has few colours: a palette takes a tenth of the bytes."""
# Seen on white and on a dark mail alike: the background is transparent and no colour is near either.
BAR, LAST, QUIET = "#8fb9ab", "#1f8a70", "#7d867f"
_SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"

Course = Sequence[tuple[Period, Decimal | None]]


def by_span(course: Course, unit: Unit, currency: str) -> dict[str, Any]:
    """A column a span of time, the last one told apart."""
    return columns([(_span(p), v) for p, v in course], unit, currency, last=True)


def columns(
    named: Sequence[tuple[str, Decimal | None]], unit: Unit, currency: str, last: bool = False
) -> dict[str, Any]:
    """A column a name, in the order given; money in millions where it reaches them, else in thousands."""
    biggest = max((abs(value) for _, value in named if value is not None), default=Decimal(0))
    divisor, name = _scale(biggest, unit, currency)
    rows = [
        {"name": n, "value": float((v or Decimal(0)) / divisor), "last": last and i == len(named) - 1}
        for i, (n, v) in enumerate(named)
    ]
    axis = {"labelColor": QUIET, "titleColor": QUIET, "domainColor": QUIET, "tickColor": QUIET, "labelFontSize": 11}
    return {
        **_frame(rows, 370, 140),
        "mark": {"type": "bar", "cornerRadiusEnd": 3},
        "encoding": {
            "x": {"field": "name", "type": "ordinal", "sort": None, "title": None, "axis": {**axis, "labelAngle": 0}},
            "y": {
                "field": "value",
                "type": "quantitative",
                "title": name or None,
                "axis": {**axis, "gridColor": QUIET, "gridOpacity": 0.25, "tickCount": 3, "titleFontWeight": "normal"},
            },
            "color": {"condition": {"test": "datum.last", "value": LAST}, "value": BAR},
        },
    }


def _scale(biggest: Decimal, unit: Unit, currency: str) -> tuple[Decimal, str]:
    if unit is Unit.ratio:
        return Decimal("0.01"), "%"
    if unit is not Unit.money:
        return Decimal(1), ""
    if biggest >= 1_000_000:
        return Decimal(1_000_000), f"{currency}, millones"
    return (Decimal(1_000), f"{currency}, miles") if biggest >= 10_000 else (Decimal(1), currency)


def sparkline(course: Course) -> dict[str, Any]:
    """The course of a figure without axes, its last point told apart."""
    rows = [
        {"at": i, "value": None if v is None else float(v), "last": i == len(course) - 1}
        for i, (_, v) in enumerate(course)
    ]
    x = {"field": "at", "type": "quantitative", "axis": None}
    y = {"field": "value", "type": "quantitative", "axis": None, "scale": {"zero": False, "padding": 4}}
    return {
        **_frame(rows, 120, 30),
        "layer": [
            {"mark": {"type": "line", "color": BAR, "strokeWidth": 2}, "encoding": {"x": x, "y": y}},
            {
                "transform": [{"filter": "datum.last"}],
                "mark": {"type": "point", "filled": True, "size": 50, "color": LAST, "opacity": 1},
                "encoding": {"x": x, "y": y},
            },
        ],
    }


def png(spec: dict[str, Any], most_bytes: int = MOST_BYTES) -> bytes:
    """`spec` as a picture under `most_bytes`, twice as fine as it is shown unless that is too large. ValueError where
    it names data elsewhere: a picture is of what it was given, and the server fetches nothing for one."""
    if names_an_address(spec):
        raise ValueError("a chart carries its data inline")
    packed = b""
    for scale in SCALES:
        drawn = vl_convert.vegalite_to_png(
            spec,
            scale=scale,
            allowed_base_urls=[],
            format_locale=_locale("number"),
            time_format_locale=_locale("time"),
        )
        for colours in COLOURS:
            packed = _packed(drawn, colours)
            if len(packed) <= most_bytes:
                return packed
    return packed


def _packed(drawn: bytes, colours: int) -> bytes:
    packed = BytesIO()
    with Image.open(BytesIO(drawn)) as image:
        image.quantize(colours, method=Image.Quantize.FASTOCTREE).save(packed, "PNG", optimize=True)
    return packed.getvalue()


def _locale(of: str) -> dict[str, Any]:
    found = LOCALE[of]
    assert isinstance(found, dict)
    return found


def names_an_address(spec: object) -> bool:
    """Whether any part of a spec would have data, an image or a link fetched."""
    if isinstance(spec, dict):
        return any((k in ("url", "href") and k != "$schema") or names_an_address(v) for k, v in spec.items())
    return isinstance(spec, list) and any(names_an_address(v) for v in spec)


def bars_of_text(course: Course) -> str:
    """The sparkline of the plain-text twin: '▂▃▅▇'."""
    known = [v for _, v in course if v is not None]
    if len(known) < 2:
        return ""
    low, high = min(known), max(known)
    steps = "▁▂▃▄▅▆▇█"
    return "".join(
        " " if v is None else steps[int((v - low) / (high - low) * 7) if high > low else 3] for _, v in course
    )


def _span(period: Period) -> str:
    name = MONTHS[period.start.month - 1][:3]
    return f"{name} {period.start:%y}" if period.grain is Grain.month else f"{period.start.day} {name}"


def _frame(rows: list[dict[str, Any]], width: int, height: int) -> dict[str, Any]:
    return {
        "$schema": _SCHEMA,
        "width": width,
        "height": height,
        "background": "transparent",
        "config": {"locale": LOCALE, "view": {"stroke": None}, "font": "sans-serif"},
        "data": {"values": rows},
    }
