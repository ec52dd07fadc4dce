"""The boards' charts and tables. Pure: figures in, a spec and rows as people read them out."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from core.periods import MONTHS, Period, label
from features.catalog.types import Unit
from server import charts

Spec = dict[str, Any]
Table = dict[str, Any]
Course = Sequence[tuple[Period, Decimal | None]]


def month_name(month: Period) -> str:
    """'oct 26'."""
    return f"{MONTHS[month.start.month - 1][:3]} {month.start:%y}"


def months_beside_last_year(now: Course, before: Course, unit: Unit, name: str) -> Spec:
    """A bar a month, the last one told apart, with a tick where the same month stood a year before."""
    past = {p.start: v for p, v in before}
    rows = [
        {
            "mes": month_name(p),
            "valor": _float(v),
            "antes": _float(past.get(p.year_before().start)),
            "último": i == len(now) - 1,
        }
        for i, (p, v) in enumerate(now)
    ]
    x = {"field": "mes", "type": "ordinal", "sort": None, "title": None}
    tooltip = [
        {"field": "mes", "type": "nominal", "title": "Mes"},
        {"field": "valor", "type": "quantitative", "title": name.capitalize(), "format": charts.number(unit)},
        {"field": "antes", "type": "quantitative", "title": "Un año antes", "format": charts.number(unit)},
    ]
    return _spec(
        rows,
        layer=[
            {
                "mark": {"type": "bar"},
                "encoding": {
                    "x": x,
                    "y": {"field": "valor", "type": "quantitative", "title": None, "axis": charts.axis(unit)},
                    "color": {"condition": {"test": "datum['último']", "value": "@1"}, "value": "@calm"},
                    "tooltip": tooltip,
                },
            },
            {
                "transform": [{"filter": "isValid(datum.antes)"}],
                "mark": {"type": "tick", "thickness": 3, "color": "@2"},
                "encoding": {"x": x, "y": {"field": "antes", "type": "quantitative"}, "tooltip": tooltip},
            },
        ],
    )


def lines(named: Mapping[str, Course], unit: Unit, colours: Sequence[str] = ()) -> Spec:
    """A line a name over the months."""
    rows = [
        {"mes": f"{p.start}T00:00:00", "serie": n, "valor": _float(v)}
        for n, course in named.items()
        for p, v in course
        if v is not None
    ]
    return _spec(
        rows,
        mark={"type": "line", "point": {"size": 40}},
        encoding={
            "x": {"field": "mes", "type": "temporal", "title": None, "axis": {"format": "%b %y"}},
            "y": {"field": "valor", "type": "quantitative", "title": None, "axis": charts.axis(unit)},
            "color": _series(named, colours),
            "tooltip": [
                {"field": "mes", "type": "temporal", "title": "Mes", "format": "%B %Y"},
                {"field": "serie", "type": "nominal", "title": "Serie"},
                {"field": "valor", "type": "quantitative", "title": "Valor", "format": charts.number(unit)},
            ],
        },
    )


def stacked(named: Mapping[str, Course], unit: Unit, colours: Sequence[str] = ()) -> Spec:
    """A bar a month, made of the names' parts."""
    rows = [
        {"mes": month_name(p), "serie": n, "valor": _float(v), "orden": i}
        for i, (n, course) in enumerate(named.items())
        for p, v in course
    ]
    return _spec(
        rows,
        mark={"type": "bar", "cornerRadiusEnd": 0},
        encoding={
            "x": {"field": "mes", "type": "ordinal", "sort": None, "title": None},
            "y": {"field": "valor", "type": "quantitative", "title": None, "axis": charts.axis(unit)},
            "color": _series(named, colours),
            "order": {"field": "orden", "type": "quantitative"},
            "tooltip": [
                {"field": "mes", "type": "nominal", "title": "Mes"},
                {"field": "serie", "type": "nominal", "title": "Serie"},
                {"field": "valor", "type": "quantitative", "title": "Cuántos", "format": charts.number(unit)},
            ],
        },
    )


def bars(values: Sequence[tuple[str, Decimal | None]], unit: Unit, name: str, links: Sequence[str] = ()) -> Spec:
    """A horizontal bar a member, in the order given; `links` are where a click leads."""
    rows = [
        {"nombre": n, "valor": _float(v), **({"href": links[i]} if links and links[i] else {})}
        for i, (n, v) in enumerate(values)
    ]
    return _spec(
        rows,
        height=max(72, 30 * len(rows)),
        mark={"type": "bar"},
        encoding={
            "y": {"field": "nombre", "type": "nominal", "sort": None, "title": None},
            "x": {"field": "valor", "type": "quantitative", "title": None, "axis": charts.axis(unit)},
            "tooltip": [
                {"field": "nombre", "type": "nominal", "title": " "},
                {"field": "valor", "type": "quantitative", "title": name.capitalize(), "format": charts.number(unit)},
            ],
        },
    )


def grid(
    cells: Sequence[tuple[str, str, Decimal]], unit: Unit, name: str, across: str, down: str, height: int = 250
) -> Spec:
    """Cells (across, down, value) shaded by value; both axes in the order given."""
    rows = [{"x": x, "y": y, "valor": _float(v)} for x, y, v in cells]
    return _spec(
        rows,
        height=height,
        mark={"type": "rect"},
        encoding={
            "x": {"field": "x", "type": "ordinal", "sort": None, "title": None},
            "y": {"field": "y", "type": "ordinal", "sort": None, "title": None},
            "color": {
                "field": "valor",
                "type": "quantitative",
                "title": None,
                "legend": charts.axis(unit),
                "scale": {"range": ["@soft", "@1"]},
            },
            "tooltip": [
                {"field": "x", "type": "nominal", "title": across},
                {"field": "y", "type": "nominal", "title": down},
                {"field": "valor", "type": "quantitative", "title": name, "format": charts.number(unit)},
            ],
        },
    )


def by_month(head: Sequence[str], months: Sequence[Period], *columns: Sequence[str]) -> Table:
    """A row a month, the latest first."""
    rows = [[label(m), *cells] for m, *cells in zip(months, *columns, strict=True)]
    return {"head": list(head), "rows": rows[::-1]}


def _series(named: Mapping[str, Any], colours: Sequence[str]) -> dict[str, Any]:
    scale: dict[str, Any] = {"domain": list(named)}
    if colours:
        scale["range"] = list(colours)
    return {"field": "serie", "type": "nominal", "title": None, "scale": scale}


def _spec(rows: list[dict[str, Any]], **of: Any) -> Spec:
    return {"$schema": charts.SCHEMA, "data": {"values": rows}, **of}


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
