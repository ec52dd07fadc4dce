"""A value in its metric's unit, as an owner reads it: exact where it is asked, short in a sentence."""

from decimal import Decimal

from core.money import money, money_short, number, percent
from core.tenancy import Company
from features.catalog.types import Metric, Unit

NOTHING = "sin dato"


def shown(metric: Metric, value: Decimal | None, company: Company) -> str:
    """'$8.412.350', '38,2 %', '2.318', '2,4': exact, rounded only below what is read."""
    return NOTHING if value is None else written(value, metric.unit, company)


def written(value: Decimal, unit: Unit, company: Company) -> str:
    """The same for a value of any unit."""
    match unit:
        case Unit.money:
            return money(value, company.currency)
        case Unit.ratio:
            return percent(value)
        case Unit.count | Unit.days:
            return number(value)
        case Unit.quantity:
            return number(value, 0 if value == value.to_integral_value() else 1)
        case Unit.number:
            return number(value, 2 if abs(value) < 10 else 1)


def short(metric: Metric, value: Decimal | None, company: Company) -> str:
    """For a sentence: '$8,4 millones'."""
    if value is not None and metric.unit is Unit.money:
        return money_short(value, company.currency)
    return shown(metric, value, company)
