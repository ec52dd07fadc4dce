"""Words that several rules share."""

from datetime import date
from decimal import Decimal

from core.money import money_short, percent
from core.periods import MONTHS, Period
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


def cash(amount: Decimal, signals: Signals) -> str:
    return money_short(abs(amount), signals.currency)


def rate(ratio: float | Decimal) -> str:
    """'12 %' from ten percent on, '3,4 %' under it."""
    value = abs(Decimal(str(ratio)))
    return percent(value, 0 if value >= Decimal("0.1") else 1)


def month_name(day: date) -> str:
    return MONTHS[day.month - 1]


def of_month(signals: Signals, metric: str, label: str, value: Decimal, **slice: str) -> Evidence:
    return Evidence(metric, label, signals.month, value, slice)


def earlier(month: date, metric: str, label: str, value: Decimal, **slice: str) -> Evidence:
    return Evidence(metric, label, Period.month(month.year, month.month), value, slice)
