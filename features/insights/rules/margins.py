"""What eats the margin: unit costs that rose, prices that moved, discounts that sell no more, returns. Pure."""

import math
import statistics
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

from core.periods import add_months
from features.insights.chance import surprise_of, t_test
from features.insights.rules.wording import NEUTRAL_GROUPS, Telling, earlier, month_name, of_month, the
from features.insights.types import Insight, Member, Signals

STEP = 0.06
"""A product's unit cost or price must move this much beyond what all of them did."""
LIST = "list price"
"""Sales before discounts, for `_moved`: a discount is not a new price."""
RATE_STEP = 0.02
"""A discount or return rate must rise by two points."""
SMALLEST = 0.001
"""Of the month's sales: less money than that changes nothing for an owner."""


def margin_erosion(signals: Signals) -> list[Insight]:
    """Products whose unit cost rose more than the others' and whose price did not follow."""
    out = []
    for member, cost, common in _moved("cost", signals):
        price = _unit_change(member, "sales", signals.first) or 0.0
        units = member.of("units", signals.first)
        extra = member.of("cost", signals.first) * Decimal(str(1 - math.exp(-(cost - common))))
        if cost - common < STEP or price > cost / 2 or signals.share(extra) < SMALLEST:
            continue
        now, before = _margin(member, signals.first), _margin(member, add_months(signals.first, -1))
        if now is None or before is None or units <= 0:
            continue
        say = Telling(signals, product=member.name)
        out.append(
            Insight(
                rule="margin_erosion", period=signals.month, metric="gross_margin",
                title=f"{member.name} te cuesta {say.rate(math.exp(cost) - 1)} más y lo vendes casi al mismo precio: "
                f"su margen pasó de {say.percent(before, 0)} a {say.percent(now, 0)}",
                why=f"En {month_name(signals.first)} ese costo extra fueron {say.cash(extra)} en "
                f"{units:,.0f} unidades.".replace(",", "."),
                todo=f"Si subes su precio o negocias la mitad del alza, recuperas {say.cash(extra / 2)} al mes.",
                good=False, materiality=2 * signals.share(extra), surprise=1.0, actionability=1.0,
                evidence=(
                    of_month(signals, "gross_margin", f"margen de {member.name}", now, product=member.name),
                    earlier(add_months(signals.first, -1), "gross_margin", f"margen de {member.name}", before,
                            product=member.name),
                    *say.said,
                ),
                follow_up=f"¿Cómo va el margen de {member.name}?", slice={"product": member.name},
            )
        )  # fmt: skip
    return out


def price_moves(signals: Signals) -> list[Insight]:
    """Products sold at a price that moved on its own, with what units did meanwhile."""
    out = []
    for member, price, common in _moved(LIST, signals):
        own = price - common
        units = member.of("units", signals.first)
        before = _average_units(member, signals.first)
        worth = member.of("sales", signals.first) * Decimal(str(abs(1 - math.exp(-own))))
        if abs(own) < STEP or signals.share(worth) < SMALLEST or not before:
            continue
        quantity = float(units / before) - 1
        up = own > 0
        say = Telling(signals, product=member.name)
        unit_price = member.of("sales", signals.first) / units
        out.append(
            Insight(
                rule="price_move", period=signals.month, metric="average_price",
                title=f"{member.name} se vendió {say.rate(math.exp(price) - 1)} más {'caro' if up else 'barato'} "
                f"({say.money(unit_price)} por unidad)",
                why=f"Las unidades {_moved_word(quantity, say)} frente a los tres meses anteriores.",
                todo=f"A este volumen ese cambio de precio son {say.cash(worth)} al mes: "
                + ("vigila que la gente lo siga llevando." if up else "confirma que la rebaja es la que querías."),
                good=up, materiality=signals.share(worth), surprise=0.9, actionability=0.9,
                evidence=(of_month(signals, "average_price", f"precio promedio de {member.name}", unit_price,
                                   product=member.name), *say.said),
                follow_up=f"¿Cuántas unidades de {member.name} vendí por mes?", slice={"product": member.name},
            )
        )  # fmt: skip
    return out


def discount_without_volume(signals: Signals) -> list[Insight]:
    """Members given much more discount than before without selling more units for it."""

    def told(member: Member, now: Decimal, before: Decimal, extra: Decimal) -> Insight | None:
        units, usual = member.of("units", signals.first), _average_units(member, signals.first)
        bought = surprise_of(member.series.get("units", {}), signals.first)  # more than the season brings
        if bought is not None and bought > 1.5 * float(now - before):
            return None
        who = the(member.dimension, member.name)
        say = Telling(signals, **{member.dimension: member.name})
        return Insight(
            rule="discount_without_volume", period=signals.month, metric="discount",
            title=f"Descontaste {say.percent(now, 0)} en {who} y no vendiste más: antes era {say.percent(before, 0)}",
            why=f"Fueron {say.cash(extra)} más de descuento que lo habitual en {month_name(signals.first)}, y las "
            f"unidades {_moved_word(float(units / usual) - 1, say) if usual else 'no se pueden comparar'}.",
            todo=f"Si vuelves al descuento de siempre, son {say.cash(extra)} que quedan en caja al mes.",
            good=False, materiality=1.5 * signals.share(extra), surprise=_marked(now - before), actionability=1.0,
            evidence=(of_month(signals, "discount", f"descuento en {member.name}",
                               member.of("discount", signals.first), **{member.dimension: member.name}), *say.said),
            follow_up=f"¿Cómo ha evolucionado el descuento en {member.name}?", slice={member.dimension: member.name},
        )  # fmt: skip

    return _rates("discount", signals, told)


def returns_rising(signals: Signals) -> list[Insight]:
    """Members of which more comes back than before."""

    def told(member: Member, now: Decimal, before: Decimal, extra: Decimal) -> Insight:
        who = the(member.dimension, member.name)
        say = Telling(signals, **{member.dimension: member.name})
        return Insight(
            rule="returns_rising", period=signals.month, metric="returns",
            title=f"Te devolvieron más en {who}: {say.percent(now)} de lo vendido, antes {say.percent(before)}",
            why=f"Son {say.cash(extra)} más en devoluciones que lo habitual en {month_name(signals.first)}.",
            todo=f"Revisa la partida o el despacho: volver a lo de antes son {say.cash(extra)} al mes.",
            good=False, materiality=1.5 * signals.share(extra), surprise=_marked(now - before), actionability=0.95,
            evidence=(of_month(signals, "returns", f"devoluciones en {member.name}",
                               member.of("returns", signals.first), **{member.dimension: member.name}), *say.said),
            follow_up=f"¿Cuánto me han devuelto en {member.name} por mes?", slice={member.dimension: member.name},
        )  # fmt: skip

    return _rates("returns", signals, told)


def _rates(
    metric: str, signals: Signals, told: Callable[[Member, Decimal, Decimal, Decimal], Insight | None]
) -> list[Insight]:
    out = []
    for member in signals.members:
        if member.dimension == "customer" or member.name.startswith(NEUTRAL_GROUPS):
            continue
        now = _rate(member, metric, signals.first)
        past = [_rate(member, metric, add_months(signals.first, -i)) for i in range(1, 7)]
        known = [p for p in past if p is not None]
        if now is None or len(known) < 3:
            continue
        before = statistics.median(known)
        extra = (now - before) * (member.of("sales", signals.first) + member.of(metric, signals.first))
        p = t_test(float(now), [float(k) for k in known])
        if float(now - before) >= RATE_STEP and p < 0.01 and signals.share(extra) >= SMALLEST:
            found = told(member, now, before, extra)
            if found is not None:
                out.append(found)
    return out


def _marked(rise: Decimal) -> float:
    """How marked a rise of a rate is, 0 to 1: the family in which it happened shows it more than the whole branch."""
    return 1 - math.exp(-float(rise) / 0.04)


def _rate(member: Member, metric: str, month: date) -> Decimal | None:
    sales, part = member.of("sales", month), member.of(metric, month)
    return part / (sales + part) if sales > 0 and sales + part > 0 else None


def _moved(numerator: str, signals: Signals) -> list[tuple[Member, float, float]]:
    """Products with the log change of a unit amount against the three months before, and the products' median."""
    products = [m for m in signals.members if m.dimension == "product" and not m.name.startswith(NEUTRAL_GROUPS)]
    changes = [(m, _unit_change(m, numerator, signals.first)) for m in products]
    known = [(m, c) for m, c in changes if c is not None]
    if len(known) < 3:
        return []
    common = statistics.median(c for _, c in known)
    return [(m, c, common) for m, c in known]


def _unit_change(member: Member, numerator: str, month: date) -> float | None:
    before = [_unit(member, numerator, add_months(month, -i)) for i in range(1, 4)]
    now = _unit(member, numerator, month)
    known: Sequence[Decimal] = [b for b in before if b is not None]
    if now is None or len(known) < 2:
        return None
    return math.log(now) - math.log(statistics.median(known))


def _unit(member: Member, numerator: str, month: date) -> Decimal | None:
    units, amount = member.of("units", month), member.of("sales" if numerator == LIST else numerator, month)
    if numerator == LIST:
        amount += member.of("discount", month)
    return amount / units if units > 0 and amount > 0 else None


def _margin(member: Member, month: date) -> Decimal | None:
    sales, cost = member.of("sales", month), member.of("cost", month)
    return 1 - cost / sales if sales > 0 and cost > 0 else None


def _average_units(member: Member, month: date) -> Decimal:
    known = [u for i in range(1, 4) if (u := member.of("units", add_months(month, -i))) > 0]
    return sum(known, Decimal(0)) / len(known) if known else Decimal(0)


def _moved_word(change: float, say: Telling) -> str:
    if abs(change) < 0.03:
        return "casi no cambiaron"
    return f"{'subieron' if change > 0 else 'bajaron'} {say.rate(change)}"


__all__ = ["discount_without_volume", "margin_erosion", "price_moves", "returns_rising"]
