"""Values as an owner reads them. Pure."""

from decimal import Decimal

from core import money
from core.tenancy import Company
from features.catalog.types import Unit


def shown(value: Decimal | None, unit: Unit, company: Company) -> str:
    """'$8.412.350', '12,5 %', '2.318', '—' where it is undefined."""
    if value is None:
        return "—"
    match unit:
        case Unit.money:
            return money.money(value, company.currency)
        case Unit.ratio:
            return money.percent(value)
        case Unit.count:
            return money.number(value)
        case Unit.days:
            return f"{money.number(value, 1)} días"
    return money.number(value, 0 if value == value.to_integral_value() else 1)
