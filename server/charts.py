"""What charts on pages share: how axes and tooltips write a unit. The browser gives width, colours and fonts."""

from typing import Any

from features.catalog.types import Unit

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
_SHORT = (
    "(datum.value < 0 ? '−' : '') + '{sign}' + (abs(datum.value) >= 1e6 ? format(abs(datum.value) / 1e6, ',.3~r')"
    " + ' M' : abs(datum.value) >= 1e4 ? format(abs(datum.value) / 1e3, ',.3~r') + ' mil'"
    " : format(abs(datum.value), ',.3~r'))"
)


def axis(unit: Unit) -> dict[str, Any]:
    """An axis of figures in `unit`, short enough for a phone: '$1,5 M', '300 mil', '38 %'."""
    if unit is Unit.ratio:
        return {"labelExpr": "format(datum.value * 100, ',.3~r') + ' %'", "tickCount": 4}
    return {"labelExpr": _SHORT.format(sign="$" if unit is Unit.money else ""), "tickCount": 4}


def number(unit: Unit) -> str:
    """The d3 format of a figure in a tooltip, to its last meaningful digit."""
    if unit is Unit.ratio:
        return ".1%"
    if unit is Unit.money:
        return "$,.0f"
    return ",.0f" if unit is Unit.count else ",.2~f"
