"""The metrics once more, by plain loops over lines and without SQL: what the engine is checked against."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

from core.periods import WEEKDAYS, Period
from tests.features.sample import PRODUCTS, Line

MEMBER: dict[str, Callable[[Line], str]] = {
    "product": lambda x: x.product or "(sin producto)",
    "category": lambda x: PRODUCTS.get(x.product or "") or "(sin categoría)",
    "branch": lambda x: x.branch or "(sin sucursal)",
    "channel": lambda x: x.channel or "(sin canal)",
    "customer": lambda x: x.customer or "(sin cliente)",
    "seller": lambda x: x.seller or "(sin vendedor)",
    "payment_method": lambda x: x.payment or "(sin medio de pago)",
    "weekday": lambda x: WEEKDAYS[x.day.weekday()],
    "hour": lambda x: f"{x.hour} h" if x.hour is not None else "(sin hora)",
}


def gold(metric: str, span: Period, lines: Sequence[Line], every: Sequence[Line]) -> Decimal | None:
    """`metric` over `span`; `lines` are those that pass the filters, on all days, `every` all there are."""
    inside = [x for x in lines if span.holds(x.day)]
    sales = [x for x in inside if x.kind == "sale"]
    buyers = {x.customer for x in sales if x.customer}
    match metric:
        case "sales":
            return _sum(x.total for x in inside)
        case "transactions":
            return Decimal(_orders(sales))
        case "units":
            return _sum(x.quantity for x in inside)
        case "average_ticket":
            return _ratio(_sum(x.total for x in inside), _orders(sales))
        case "units_per_transaction":
            return _ratio(_sum(x.quantity for x in inside), _orders(sales))
        case "average_price":
            counted = [x for x in inside if x.quantity is not None]
            return _known(counted, inside, _ratio(_sum(x.total for x in counted), _sum(x.quantity for x in counted)))
        case "sales_per_customer":
            return _ratio(_sum(x.total for x in inside if x.customer), len(buyers))
        case "cost":
            counted = [x for x in inside if x.cost is not None]
            return _known(counted, inside, _sum(x.cost for x in counted))
        case "gross_profit" | "gross_margin":
            counted = [x for x in inside if x.cost is not None]
            profit = _sum(x.total - (x.cost or 0) for x in counted)
            value = profit if metric == "gross_profit" else _ratio(profit, _sum(x.total for x in counted))
            return _known(counted, inside, value)
        case "discount":
            return _sum(x.discount for x in inside)
        case "discount_rate":
            given = _sum(x.discount for x in inside)
            return _ratio(given, _sum(x.total for x in inside) + given)
        case "returns":
            return -_sum(x.total for x in inside if x.kind == "return")
        case "return_rate":
            return _ratio(-_sum(x.total for x in inside if x.kind == "return"), _sum(x.total for x in sales))
        case "active_customers":
            return Decimal(len(buyers))
        case "new_customers":
            return Decimal(sum(_first(c, every) >= span.start for c in buyers))
        case "returning_customers":
            return Decimal(sum(_first(c, every) < span.start for c in buyers))
        case "repurchase_rate":
            again = sum(_orders([x for x in sales if x.customer == c]) >= 2 for c in buyers)
            return _ratio(Decimal(again), len(buyers))
        case "retention_rate" | "churn_rate":
            before = {x.customer for x in lines if span.previous().holds(x.day) and x.kind == "sale" and x.customer}
            kept = len(before & buyers)
            return _ratio(Decimal(kept if metric == "retention_rate" else len(before) - kept), len(before))
        case "customer_lifetime_value":
            ever = _sum(x.total for x in lines if x.customer in buyers and x.day <= span.end)
            return _ratio(ever, len(buyers))
        case "purchase_frequency":
            return _ratio(Decimal(_orders([x for x in sales if x.customer])), len(buyers))
    raise AssertionError(f"no gold for {metric}")


def _sum(values: object) -> Decimal:
    return sum((v for v in values if v is not None), Decimal(0))  # type: ignore[attr-defined]


def _ratio(above: Decimal, below: Decimal | int) -> Decimal | None:
    return above / below if below else None


def _known(counted: Sequence[Line], inside: Sequence[Line], value: Decimal | None) -> Decimal | None:
    return value if counted and 2 * len(counted) >= len(inside) else (Decimal(0) if not inside and value == 0 else None)


def _orders(sales: Sequence[Line]) -> int:
    return len({x.order for x in sales if x.order}) + sum(x.order is None for x in sales)


def _first(customer: str | None, every: Sequence[Line]) -> date:
    return min(x.day for x in every if x.customer == customer and x.kind == "sale")
