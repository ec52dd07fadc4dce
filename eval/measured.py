"""Metrics by plain pandas over a company's lines, with no code of the product.

A frame is in order of its days; `total`, `cost` and `discount` are whole numbers, `SCALE` of them one of money.
"""

from decimal import Decimal
from typing import Any

import pandas as pd

from eval.raw import SCALE
from eval.spans import Span, previous

Frame = pd.DataFrame


def select(frame: Frame, filters: dict[str, Any], exclude: dict[str, Any]) -> Frame:
    """The lines whose members are among those of every filter and of no exclusion."""
    for dimension, wanted in filters.items():
        frame = frame[frame[dimension].isin(_list(wanted))]
    for dimension, unwanted in exclude.items():
        frame = frame[~frame[dimension].isin(_list(unwanted))]
    return frame


def within(frame: Frame, span: Span) -> Frame:
    """The lines of the span; a frame is in order of its days."""
    days = frame["day"].to_numpy()
    first = days.searchsorted(pd.Timestamp(span.start).to_datetime64(), side="left")
    last = days.searchsorted(pd.Timestamp(span.end).to_datetime64(), side="right")
    return frame.iloc[first:last]


def members(metric: str, dimension: str, frame: Frame, span: Span) -> dict[str, Decimal | None]:
    """The metric for each member of `dimension` with lines in the span; a line without a name belongs to none."""
    here = within(frame, span)
    names = [m for m in here[dimension].dropna().unique() if m != ""]
    return {str(m): value(metric, frame[frame[dimension] == m], span) for m in names}


def value(metric: str, frame: Frame, span: Span) -> Decimal | None:
    """One metric over the lines of `frame` in the span; customers' histories see the lines before it too."""
    here = within(frame, span)
    sold = here[here["quantity"] > 0] if "quantity" in here else here[here["total"] > 0]
    match metric:
        case "sales":
            return _sum(here, "total")
        case "units":
            return _sum(here, "quantity")
        case "transactions":
            return Decimal(_orders(sold))
        case "average_ticket":
            return ratio(_sum(here, "total"), Decimal(_orders(sold)))
        case "units_per_transaction":
            return ratio(_sum(here, "quantity"), Decimal(_orders(sold)))
        case "average_price":
            return ratio(_sum(here, "total"), _sum(here, "quantity"))
        case "cost":
            return _sum(here, "cost")
        case "gross_profit":
            return _sum(here, "total") - _sum(here, "cost")
        case "gross_margin":
            return ratio(_sum(here, "total") - _sum(here, "cost"), _sum(here, "total"))
        case "discount":
            return _sum(here, "discount")
        case "discount_rate":
            return ratio(_sum(here, "discount"), _sum(here, "total") + _sum(here, "discount"))
        case "returns":
            return _sum(sold, "total") - _sum(here, "total")
        case "return_rate":
            return ratio(_sum(sold, "total") - _sum(here, "total"), _sum(sold, "total"))
        case _:
            return _customers(metric, frame, sold, here, span)


def _customers(metric: str, frame: Frame, sold: Frame, here: Frame, span: Span) -> Decimal | None:
    active = _people(sold)
    before = _people(_sales(frame[frame["day"] < pd.Timestamp(span.start)]))
    match metric:
        case "active_customers":
            return Decimal(len(active))
        case "new_customers":
            return Decimal(len(active - before))
        case "returning_customers":
            return Decimal(len(active & before))
        case "sales_per_customer":
            return ratio(_sum(_named(here), "total"), Decimal(len(active)))
        case "purchase_frequency":
            return ratio(Decimal(_orders(_named(sold))), Decimal(len(active)))
        case "repurchase_rate":
            orders = _named(sold).groupby("customer", observed=True)["order"].nunique()
            return ratio(Decimal(int((orders > 1).sum())), Decimal(len(active)))
        case "customer_lifetime_value":
            ever = _named(frame[frame["day"] <= pd.Timestamp(span.end)])
            return ratio(_sum(ever[ever["customer"].isin(active)], "total"), Decimal(len(active)))
        case "retention_rate" | "churn_rate":
            last = _people(_sales(within(frame, previous(span))))
            kept = ratio(Decimal(len(last & active)), Decimal(len(last)))
            return kept if metric == "retention_rate" or kept is None else 1 - kept
    raise ValueError(f"no gold for the metric {metric!r}")


def _sales(frame: Frame) -> Frame:
    return frame[frame["quantity"] > 0] if "quantity" in frame else frame[frame["total"] > 0]


def _named(frame: Frame) -> Frame:
    return frame[frame["customer"].fillna("") != ""]


def _people(frame: Frame) -> set[str]:
    return set(_named(frame)["customer"])


def _orders(sold: Frame) -> int:
    return int(sold["order"].nunique()) if "order" in sold else len(sold)


def _sum(frame: Frame, column: str) -> Decimal:
    return Decimal(int(frame[column].sum())) / SCALE


def ratio(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    return part / whole if part is not None and whole else None


def _list(wanted: Any) -> list[str]:
    return [str(w) for w in wanted] if isinstance(wanted, list) else [str(wanted)]
