"""The kinds of rule, one declaration each: what it is called, what it asks for, and how a reading is judged. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from core.periods import Grain
from features.alerts.types import Judged, Point, Rule, Side
from features.catalog.books import STOCK as STOCK_BOOK
from features.catalog.registry import metric
from features.catalog.types import Good, Metric, Unit

Measure = Literal["level", "percent", "days", "none"]
STOCK = {
    m.id: m
    for m in (
        Metric(id="stock_left", name="stock", unit=Unit.quantity, good=Good.up, sql="", needs=(STOCK_BOOK,),
               definition="Es lo que contaste menos lo vendido desde entonces."),
        Metric(id="stock_days", name="días de stock", unit=Unit.days, good=Good.up, sql="", needs=(STOCK_BOOK,),
               definition="Es para cuántos días alcanza lo que queda, al ritmo de las últimas semanas.", plural=True),
    )
}  # fmt: skip
"""What is left on the shelf, and for how long: told of each product by itself, so no figures of the catalog."""
RETURN = {"threshold": Decimal("0.03"), "change": Decimal("0.25"), "pace": Decimal("0.02")}
"""How far back it must come to count as back: a part of the level, of the change, of the pace."""
UNUSUAL = 0.005
"""The chance below which a span counts as out of the ordinary; back to normal from ten times that on."""
NOTABLE = Decimal("0.15")
"""And by at least so much: what is rare but small is nobody's concern."""


@dataclass(frozen=True, slots=True)
class Kind:
    """`measure` is what `Rule.amount` means, `grains` the spans it may look at, `sides` what it may watch for.
    `each`: the readings are of members, and each crosses and comes back by itself."""

    id: str
    name: str
    example: str
    judge: Callable[[Rule, Point], Judged]
    measure: Measure
    sides: tuple[Side, ...] = ("below", "above")
    grains: tuple[Grain, ...] = (Grain.day, Grain.week, Grain.month)
    has_metric: bool = True
    least: Decimal = Decimal(0)
    most: Decimal = Decimal("1e15")
    each: bool = False


def _level(rule: Rule, point: Point) -> Judged:
    hair = abs(rule.amount) * RETURN["threshold"]
    if rule.side == "below":
        return Judged(point.value < rule.amount, point.value >= rule.amount + hair)
    return Judged(point.value > rule.amount, point.value <= rule.amount - hair)


def _change(rule: Rule, point: Point) -> Judged:
    moved = movement(rule, point)
    if moved is None:
        return Judged(False, False)
    size = {"below": -moved, "above": moved, "both": abs(moved)}[rule.side]
    return Judged(size > rule.amount, size <= rule.amount * (1 - RETURN["change"]))


def _anomaly(rule: Rule, point: Point) -> Judged:
    if point.p is None or not point.compared:
        return Judged(False, False)
    moved = (point.value - point.compared) / abs(point.compared)
    watched = rule.side == "both" or (moved < 0) == (rule.side == "below")
    return Judged(watched and point.p <= UNUSUAL and abs(moved) >= NOTABLE, point.p > 10 * UNUSUAL)


def _pace(rule: Rule, point: Point) -> Judged:
    due = point.compared
    if due is None:
        return Judged(False, False)
    back = abs(due) * RETURN["pace"]
    if measured(rule.metric).good is Good.down:
        limit = due * (1 + rule.amount)
        return Judged(point.value > limit, point.value <= limit - back)
    limit = due * (1 - rule.amount)
    return Judged(point.value < limit, point.value >= limit + back)


def _stale(rule: Rule, point: Point) -> Judged:
    return Judged(point.value >= rule.amount, point.value < rule.amount)


def measured(id: str) -> Metric:
    """What a rule watches: one of the catalog, the company's own, or the shelf."""
    return STOCK.get(id) or metric(id)


def movement(rule: Rule, point: Point) -> Decimal | None:
    """How much a value changed: relative, and in points where the metric is a ratio itself. Pure."""
    if point.compared is None:
        return None
    difference = point.value - point.compared
    if measured(rule.metric).unit is Unit.ratio:
        return difference
    return difference / abs(point.compared) if point.compared else None


KINDS = (
    Kind("threshold", "Llega a un nivel", "el margen baja de 30 %", _level, "level"),
    Kind("change", "Cambia mucho", "las ventas de Talca caen más de 20 %", _change, "percent",
         ("below", "above", "both"), least=Decimal("0.01"), most=Decimal(10)),
    Kind("anomaly", "Se sale de lo normal", "un día se vende mucho menos de lo normal", _anomaly, "none",
         ("below", "above", "both")),
    Kind("pace", "Va bajo la meta", "las ventas del mes van bajo la meta", _pace, "percent", ("below",),
         (Grain.month,), most=Decimal("0.9")),
    Kind("stale", "Faltan datos", "pasan 10 días sin ventas nuevas", _stale, "days", ("above",), (Grain.day,),
         has_metric=False, least=Decimal(1), most=Decimal(365)),
    Kind("stock", "Queda poco stock", "quedan menos de 5 unidades de algo", _level, "level", ("below",), (Grain.day,),
         each=True),
)  # fmt: skip
KIND = {kind.id: kind for kind in KINDS}
if len(KIND) != len(KINDS):
    raise ValueError("two kinds of rule share an id")
