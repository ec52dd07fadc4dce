"""Words that several rules share."""

from datetime import date
from decimal import Decimal

from core.money import money, money_short, percent
from core.periods import MONTHS, Period
from features.catalog.types import Unit
from features.insights.types import Evidence, Signals

NAMES = {"branch": "la sucursal", "product": "", "category": "la familia", "channel": "el canal", "customer": ""}
NEUTRAL_GROUPS = ("(sin", "(no")
"""How the catalog names the group of lines without a member; it is no story of anyone's."""


def the(dimension: str, name: str) -> str:
    """'la sucursal Talca'; a product or a customer is called by its name alone."""
    return f"{NAMES.get(dimension, '')} {name}".strip()


def sentence(text: str) -> str:
    """With its first letter in upper case."""
    return text[:1].upper() + text[1:]


class Telling:
    """Writes an insight's amounts and keeps each as evidence, so that no number is told without its exact figure."""

    def __init__(self, signals: Signals, **slice: str) -> None:
        self._signals = signals
        self._slice = slice
        self.said: list[Evidence] = []

    def cash(self, amount: Decimal, label: str = "monto") -> str:
        """'$610 mil', without its sign."""
        self._keep(amount, label, Unit.money)
        return money_short(abs(amount), self._signals.currency)

    def money(self, amount: Decimal, label: str = "monto") -> str:
        """'$8.412.350'."""
        self._keep(amount, label, Unit.money)
        return money(amount, self._signals.currency)

    def rate(self, ratio: float | Decimal, label: str = "cambio") -> str:
        """'12 %' from ten percent on, '3,4 %' under it; without its sign."""
        value = abs(Decimal(str(ratio)))
        return self.percent(value, 0 if value >= Decimal("0.1") else 1, label)

    def percent(self, ratio: Decimal, decimals: int = 1, label: str = "parte") -> str:
        """A ratio with so many decimals."""
        self._keep(ratio, label, Unit.ratio)
        return percent(ratio, decimals)

    def _keep(self, value: Decimal, label: str, unit: Unit) -> None:
        self.said.append(Evidence("sales", label, self._signals.month, value, self._slice, unit))


def month_name(day: date) -> str:
    return MONTHS[day.month - 1]


def of_month(signals: Signals, metric: str, label: str, value: Decimal, **slice: str) -> Evidence:
    return Evidence(metric, label, signals.month, value, slice)


def earlier(month: date, metric: str, label: str, value: Decimal, **slice: str) -> Evidence:
    return Evidence(metric, label, Period.month(month.year, month.month), value, slice)
