"""Customers who slip away, sales that hang on one customer or product, products that stopped selling. Pure."""

import statistics
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

from core.periods import Period, add_months, day_label
from features.insights.rules.wording import NEUTRAL_GROUPS, Telling, month_name, of_month
from features.insights.types import Customer, Evidence, Insight, Signals

SILENCE = 3.0
"""A customer is slipping when silent for so many of their usual gaps, longer than ever before by a quarter, and at
least for two weeks."""
LONGEST = 1.25
LEAST_DAYS = 14
HEAVY = Decimal("0.25")
SMALLEST = 0.002
"""Of a month's sales: a customer who bought less than that is not worth a headline."""


def slipping_customers(signals: Signals) -> list[Insight]:
    """Customers who bought regularly and have been silent for three of their usual gaps; told once, when it begins."""
    out = []
    for customer in signals.customers:
        gap = usual_gap(customer)
        if gap is None or customer.name.startswith(NEUTRAL_GROUPS):
            continue
        longest = max((b - a).days for a, b in pairwise(customer.days))
        patience = max(LEAST_DAYS, round(SILENCE * gap), round(LONGEST * longest))
        silent_from = customer.days[-1] + timedelta(days=patience)
        if not signals.month.start <= silent_from <= signals.month.end:
            continue
        monthly = customer.yearly / 12
        if signals.share(monthly) < SMALLEST:
            continue
        say = Telling(signals, customer=customer.name)
        year = Period(add_months(signals.month.end, -12) + timedelta(days=1), signals.month.end)
        silent = (signals.month.end - customer.days[-1]).days
        every = "todos los días" if gap < 1.5 else f"cada {round(gap)} días"
        out.append(
            Insight(
                rule="slipping_customer", period=signals.month, metric="sales",
                title=f"{customer.name} dejó de comprar: venía {every} y lleva {silent} días sin aparecer",
                why=f"Su última compra fue el {day_label(customer.days[-1])}; en doce meses te dejó "
                f"{say.cash(customer.yearly)}.",
                todo=f"Llámalo: si recuperas la mitad de lo que compraba, son {say.cash(monthly / 2)} al mes.",
                good=False, materiality=signals.share(monthly), surprise=0.95, actionability=1.0,
                evidence=(Evidence("sales", f"ventas a {customer.name} en doce meses", year, customer.yearly,
                                   {"customer": customer.name}), *say.said),
                follow_up="¿Qué clientes no han vuelto?", slice={"customer": customer.name},
            )
        )  # fmt: skip
    return out


def usual_gap(customer: Customer) -> float | None:
    """Days between buying days, the 80th percentile so that a weekend is no silence; None under six buying days."""
    if len(customer.days) < 6:
        return None
    gaps = sorted((b - a).days for a, b in pairwise(customer.days))
    return max(statistics.median(gaps), gaps[int(0.8 * (len(gaps) - 1))])


def concentration(signals: Signals) -> list[Insight]:
    """One customer or one product that makes a quarter of the sales: told when it first gets there."""
    out = []
    for dimension, noun in (("customer", "cliente"), ("product", "producto")):
        members = [m for m in signals.members if m.dimension == dimension and not m.name.startswith(NEUTRAL_GROUPS)]
        if len(members) < 5 or signals.sales <= 0:
            continue
        top = max(members, key=lambda m: m.of("sales", signals.first))
        share = top.of("sales", signals.first) / signals.sales
        say = Telling(signals, **{dimension: top.name})
        before = [
            top.of("sales", add_months(signals.first, -i)) / total
            for i in range(1, 4)
            if (total := signals.value("sales", i)) > 0
        ]
        if share < HEAVY or (before and max(before) >= HEAVY):
            continue
        out.append(
            Insight(
                rule="concentration", period=signals.month, metric="sales",
                title=f"De cada 100 pesos que vendes, {say.percent(share, 0).removesuffix(' %')} dependen de un solo "
                f"{noun}: {top.name}",
                why=f"En {month_name(signals.first)} fue {say.percent(share, 0)} de tus ventas.",
                todo=f"Si ese {noun} te fallara un mes, son {say.cash(top.of('sales', signals.first))} menos.",
                good=False, materiality=float(share) / 4, surprise=0.6, actionability=0.7,
                evidence=(of_month(signals, "sales", f"ventas de {top.name}", top.of("sales", signals.first),
                                   **{dimension: top.name}), *say.said),
                follow_up=f"¿Qué {noun}s concentran el 80 % de mis ventas?", slice={dimension: top.name},
            )
        )  # fmt: skip
    return out


def dead_products(signals: Signals) -> list[Insight]:
    """Products that sold in each of six months and in none of this one (a season's end is not a death)."""
    out = []
    for member in signals.members:
        if member.dimension != "product" or member.of("sales", signals.first) > 0:
            continue
        past = [member.of("sales", add_months(signals.first, -i)) for i in range(1, 7)]
        if min(past) <= 0:
            continue
        usual = Decimal(statistics.median(past))
        say = Telling(signals, product=member.name)
        if signals.share(usual) < 0.001:
            continue
        out.append(
            Insight(
                rule="dead_product", period=signals.month, metric="sales",
                title=f"{member.name} no vendió nada en {month_name(signals.first)}",
                why=f"Venía vendiendo unos {say.cash(usual)} al mes.",
                todo=f"Si fue quiebre de stock, cada mes sin él son {say.cash(usual)}; si lo sacaste, todo bien.",
                good=False, materiality=signals.share(usual), surprise=0.95, actionability=0.9,
                evidence=(of_month(signals, "sales", f"ventas de {member.name}", Decimal(0), product=member.name),
                          *say.said),
                follow_up=f"¿Cuándo fue la última venta de {member.name}?", slice={"product": member.name},
            )
        )  # fmt: skip
    return out
