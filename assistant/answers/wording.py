"""Figures and spans in words."""

from collections.abc import Mapping
from decimal import Decimal

from core.money import CURRENCIES, money, money_short, number, percent
from core.periods import Period, label
from features import dimension as dimension_declared
from features import metric as declared
from features.catalog.types import Metric, Unit
from features.query import Filter, Query

RATIO = Unit.ratio.value


def unit_of(metric: Metric, currency: str) -> str:
    """A figure's unit: the currency's code for money, else the unit's name."""
    return currency if metric.unit is Unit.money else metric.unit.value


def exact(value: Decimal | None, unit: str) -> str:
    """'$8.412.350', '62,3 %', '1.234'."""
    if value is None:
        return "sin dato"
    if unit == Unit.ratio.value:
        return percent(value)
    if unit in (u.value for u in Unit):
        whole = value == value.to_integral_value()
        return number(value, 0 if whole or unit == Unit.count.value else 1 if abs(value) >= 10 else 2)
    return money(value, unit)


def unmoved(gap: Decimal) -> bool:
    """Whether a ratio's change is told as none: it is rounded to a tenth of a point."""
    return abs(gap) < Decimal("0.0005")


def points(gap: Decimal) -> str:
    """How far one ratio lies from another: '0,9 puntos más'."""
    if unmoved(gap):
        return "prácticamente lo mismo"
    return f"{percent(abs(gap)).removesuffix(' %')} puntos {'más' if gap > 0 else 'menos'}"


def short(value: Decimal | None, unit: str) -> str:
    """The same for a sentence where the amount is not the answer: '$8,4 millones'."""
    if value is not None and (unit in CURRENCIES or unit not in (u.value for u in Unit)):
        return money_short(value, unit)
    return exact(value, unit)


def named(metric: Metric, count: bool = False) -> str:
    """How a metric is called after its value."""
    return "ventas netas" if metric.id == "sales" else metric.name


def headline(metric: Metric, value: str) -> str:
    """'**$8.412.350** de ventas netas', '**2.318** transacciones', '**2,1** unidades por venta'."""
    if metric.unit in (Unit.count, Unit.quantity) or (metric.unit is Unit.number and metric.plural):
        return f"**{value}** {metric.name}"
    return f"**{value}** de {named(metric)}"


def clause(filters: tuple[Filter, ...]) -> str:
    text = spoken(filters)
    return f", {text}" if text else ""


def of_query(query: Query) -> str:
    """A citation's sentence: definition, period and filters."""
    one = declared(query.metrics[0])
    return f"{one.definition} Período: {label(query.period)}{clause(query.filters)}."


def when(period: Period) -> str:
    """The period after a preposition: 'en octubre 2026', 'el 3-nov-2026', 'la semana del …', 'del … al …'."""
    text = label(period)
    if period.days == 1:
        return f"el {text}"
    if text.startswith("semana"):
        return f"en la {text}"
    return text if text.startswith("del ") else f"en el {text}" if "trimestre" in text else f"en {text}"


def change(ratio: Decimal) -> str:
    return percent(ratio, signed=True)


def more_or_less(difference: Decimal) -> str:
    return "más" if difference > 0 else "menos"


def spoken(filters: tuple[Filter, ...], labels: Mapping[str, str] | None = None) -> str:
    """The filters as a clause: 'en Talca, sin Delivery'."""
    parts = []
    for one in filters:
        if one.dimension == "weekday":
            parts.append(_weekdays(one))
        elif one.dimension == "hour":
            parts.append(_hours(one))
        else:
            names = ", ".join(one.members) if len(one.members) <= 4 else (
                f"{len(one.members)} {dimension_declared(one.dimension).plural}"
            )  # fmt: skip
            parts.append(f"sin {names}" if one.exclude else f"en {names}" if one.dimension in _PLACES else names)
    return ", ".join(parts)


_PLACES = frozenset({"branch", "channel", "city", "country", "expense_kind", "supplier"})


def _weekdays(one: Filter) -> str:
    if set(one.members) == {"sábado", "domingo"}:
        text = "los fines de semana"
    elif len(one.members) == 5 and "sábado" not in one.members and "domingo" not in one.members:
        text = "de lunes a viernes"
    else:
        text = "los " + " y ".join(m if m.endswith("s") else f"{m}s" for m in one.members)
    return f"sin {text}" if one.exclude else text


def _hours(one: Filter) -> str:
    first, last = one.members[0].split()[0], one.members[-1].split()[0]
    return f"de {first}:00 a {last}:59"
