"""What is worth telling: the insights kept of a month, and which part of the business moved a week. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import features
from core.money import money_short, percent
from core.periods import WEEKDAYS, Grain, Period
from core.tenancy import Company
from features.catalog.types import Unit
from features.format import written
from features.query import Filter, Query
from server.digest import charts
from server.digest.types import Fact, Story

MOST = 3
WEEKS = 9
"""A part's week is told where it leaves the range of the eight before it."""
SMALLEST = Decimal("0.03")
"""… and by at least so much of the business's sales."""
PART_OF = {"branch": "La sucursal", "category": "La familia", "channel": "El canal", "product": ""}
"""What parts are looked at, and how each is called before its name."""
NOBODY = ("(sin", "(no")
"""The group of lines without a member is no story of anyone's."""

Weeks = Mapping[Period, Decimal]


@dataclass(frozen=True, slots=True)
class Part:
    """A branch, category, channel or product: its sales by week, this one the last; a week without any is absent."""

    dimension: str
    name: str
    sales: Weeks
    orders: Weeks


@dataclass(frozen=True, slots=True)
class Move:
    """A part's sales this week beside the week before, outside of what the eight before it were like."""

    part: Part
    now: Decimal
    before: Decimal
    low: Decimal
    high: Decimal

    @property
    def difference(self) -> Decimal:
        return self.now - self.before


def moves(parts: Sequence[Part], weeks: Sequence[Period], whole: Decimal) -> list[Move]:
    """The parts that left their range this week, the largest change first; one telling for one amount of money."""
    found: list[Move] = []
    for part in parts:
        values = [part.sales.get(week, Decimal(0)) for week in weeks]
        if part.name.startswith(NOBODY) or len(values) < WEEKS or sum(v > 0 for v in values[:-1]) < WEEKS - 2:
            continue  # a part that is new, or sells only now and then, has no usual week
        move = Move(part, values[-1], values[-2], min(values[:-1]), max(values[:-1]))
        outside = move.now < move.low or move.now > move.high
        if outside and whole > 0 and abs(move.difference) >= SMALLEST * whole:
            found.append(move)
    out: list[Move] = []
    for move in sorted(found, key=lambda m: (-abs(m.difference), m.part.name)):
        if not any(_same_money(move, told) for told in out):
            out.append(move)
    return out


def ordinary(values: Sequence[Decimal]) -> bool:
    """Whether the last of these weeks lies within the range of those before it; with under four there is no saying."""
    return len(values) >= 5 and min(values[:-1]) <= values[-1] <= max(values[:-1])


@dataclass(frozen=True, slots=True)
class Said:
    """How a span is called beside those before it."""

    before: str  # 'semana anterior', 'sábado anterior'
    article: str
    own: str  # 'su semana'
    highest: str
    lowest: str
    among: str
    every: str  # 'por semana', 'cada sábado'


def said_of(span: Period) -> Said:
    """A day is told among its weekdays, anything else as a week. Pure."""
    if span.grain is Grain.day:
        day = WEEKDAYS[span.start.weekday()]
        return Said(f"{day} anterior", "el", f"su {day}", "más alto", "más bajo", "los últimos nueve", f"cada {day}")
    return Said("semana anterior", "la", "su semana", "más alta", "más baja", "las últimas nueve", "por semana")


def of_move(move: Move, weeks: Sequence[Period], company: Company) -> Story:
    """The story of a part's week, or of its day among the same weekdays before it."""
    said = said_of(weeks[-1])
    part, up = move.part, move.difference > 0
    only = (Filter(part.dimension, (part.name,)),)
    facts = [
        _fact("sales", f"ventas de {part.name}", weeks[-1], only, move.now, company),
        _fact("sales", f"ventas de {part.name}, {said.before}", weeks[-2], only, move.before, company),
    ]
    for label, week in (("", weeks[-1]), (f", {said.before}", weeks[-2])):
        if part.orders.get(week):
            facts.append(
                _fact("transactions", f"transacciones con {part.name}{label}", week, only, part.orders[week], company)
            )
    who = f"{PART_OF[part.dimension]} {part.name}".strip()
    side = "más" if up else "menos"
    change = ""
    if move.before > 0:
        change = f", {_rate(move.difference / move.before)} {side} que {said.article} {said.before}"
    course = [(week, part.sales.get(week, Decimal(0))) for week in weeks]
    best = said.highest if up else said.lowest
    return Story(
        period=weeks[-1],
        title=f"{who} vendió {money_short(move.now, company.currency)}{change}",
        why=f"Es {said.own} {best} de {said.among}. {_orders(part, weeks)}".strip(),
        todo=_todo(part, up),
        facts=tuple(facts),
        ask=f"¿Cómo han evolucionado las ventas de {part.name}?",
        chart=charts.by_span(course, Unit.money, company.currency),
        chart_says=f"Ventas de {part.name}, {said.every}",
    )


def of_insight(told: Mapping[str, Any], facts: Sequence[Fact], chart: dict[str, Any] | None, chart_says: str) -> Story:
    """The story of an insight kept; `facts` are its figures that can be opened."""
    says = chart_says if chart else ""
    return Story(span_of(told), told["title"], told["why"], told["todo"], tuple(facts), told["follow_up"], chart, says)


def span_of(told: Mapping[str, Any]) -> Period:
    """The days of an insight kept, or of a figure of its evidence."""
    return Period(date.fromisoformat(told["start"]), date.fromisoformat(told["end"]))


def evidence(told: Mapping[str, Any], company: Company) -> list[Fact]:
    """The figures that an insight kept rests on, as it says."""
    return [
        _fact(e["metric"], e["label"], span_of(e), filters(e["slice"]), Decimal(e["value"]), company)
        for e in _figures(told)
    ]


def split(told: Mapping[str, Any]) -> str:
    """The dimension along which an insight's figures lie beside each other ('hour' for the best hours), '' for none."""
    shown = _figures(told)
    found = {d for e in shown for d in e["slice"] if d not in told["slice"]}
    return found.pop() if len(found) == 1 and len(shown) > 1 else ""


def _figures(told: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The evidence that is a metric's value; what was made of it (a difference, a share) has a unit of its own."""
    return [e for e in told["evidence"] if not e.get("unit") and e["metric"] in features.METRIC_BY_ID]


def filters(slice: Mapping[str, str]) -> tuple[Filter, ...]:
    return tuple(
        Filter(dimension, (member,)) for dimension, member in slice.items() if dimension in features.DIMENSION_BY_ID
    )


def _fact(metric: str, label: str, period: Period, only: tuple[Filter, ...], value: Decimal, company: Company) -> Fact:
    shown = written(value, features.metric(metric).unit, company)
    return Fact(label, Query((metric,), period, filters=only), value, shown)


def _same_money(one: Move, other: Move) -> bool:
    """One branch that sells one product: the same story under two names."""
    return abs(one.difference - other.difference) <= abs(other.difference) / 10


def _orders(part: Part, weeks: Sequence[Period]) -> str:
    """More tickets or larger ones, as far as the lines show it."""
    now, before = part.orders.get(weeks[-1]), part.orders.get(weeks[-2])
    sold, sold_before = part.sales.get(weeks[-1]), part.sales.get(weeks[-2])
    if not now or not before or not sold or not sold_before:
        return ""
    tickets, size = now / before - 1, (sold / now) / (sold_before / before) - 1
    side = "más" if tickets > 0 else "menos"
    if abs(tickets) >= 2 * abs(size):
        return f"Se explica casi todo por {side} transacciones ({percent(tickets, 0, signed=True)})."
    if abs(size) >= 2 * abs(tickets):
        return f"Casi las mismas transacciones, con {_rate(size)} {'más' if size > 0 else 'menos'} en cada una."
    return f"Transacciones {percent(tickets, 0, signed=True)}, monto de cada una {percent(size, 0, signed=True)}."


def _todo(part: Part, up: bool) -> str:
    if part.dimension == "product":
        return "Revisa que no te falte para esta semana." if up else "Mira si faltó en vitrina o si cambió su precio."
    if part.dimension == "branch":
        return (
            "Pregunta en el local qué hicieron distinto."
            if up
            else "Pregunta en el local: ¿hubo cierres, turnos o quiebres?"
        )
    return "Dale más espacio esta semana." if up else "Mira qué productos de ahí se movieron menos."


def _rate(ratio: Decimal) -> str:
    return percent(abs(ratio), 0 if abs(ratio) >= Decimal("0.1") else 1)


def weeks_until(last: Period, count: int = WEEKS) -> list[Period]:
    """`count` weeks ending with `last`'s, oldest first, all cut to the same weekdays as `last`."""
    from_first = (last.start - Grain.week.first_day(last.start)).days
    first = Grain.week.first_day(last.start)
    spans = [Period.of(Grain.week, Grain.week.after(first, -back)) for back in reversed(range(count))]
    days = last.days
    return [_cut(span, from_first, days) for span in spans]


def _cut(span: Period, skip: int, days: int) -> Period:
    start = date.fromordinal(span.start.toordinal() + skip)
    return Period(start, date.fromordinal(start.toordinal() + days - 1))
