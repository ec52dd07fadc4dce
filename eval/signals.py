"""A month's signals straight from the lines, by polars: what the insight rules are measured on, apart from the SQL."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

import holidays
import polars as pl

from core.periods import Period, add_months
from features.insights import Customer, Member, Signals

DIMENSIONS = ("branch", "category", "product", "channel")
METRICS = ("sales", "transactions", "units", "cost", "discount", "returns")
FEWEST_DAYS = 6
_SUMS = (
    pl.col("total").sum().alias("sales"),
    pl.col("document").filter(pl.col("total") >= 0).n_unique().alias("transactions"),
    pl.col("quantity").sum().alias("units"),
    (pl.col("unit_cost") * pl.col("quantity")).sum().alias("cost"),
    pl.col("discount").sum().alias("discount"),
    (-pl.col("total").filter(pl.col("total") < 0).sum()).alias("returns"),
)


def signals(lines: pl.DataFrame, month: Period) -> Signals:
    """What was known at the end of `month` of a generated company's lines (`demo.generate`)."""
    known = lines.with_columns(day=pl.col("at").dt.date()).filter(pl.col("day") <= month.end)
    known = known.with_columns(month=pl.col("day").dt.truncate("1mo"))
    metrics: dict[str, dict[date, Decimal]] = defaultdict(dict)
    for row in known.group_by("month").agg(_SUMS).iter_rows(named=True):
        for metric in METRICS:
            metrics[metric][row["month"]] = _money(row[metric])
    daily = known.group_by("day").agg(pl.col("total").sum()).iter_rows()
    years = range(month.start.year - 2, month.start.year + 1)
    return Signals(
        month=month,
        currency="CLP",
        metrics=metrics,
        members=tuple(member for dimension in DIMENSIONS for member in _members(known, dimension)),
        days={day: _money(total) for day, total in daily},
        customers=_customers(known, add_months(month.end, -12)),
        holidays=frozenset(holidays.country_holidays("CL", years=years)),
    )


def _members(known: pl.DataFrame, dimension: str) -> list[Member]:
    found: dict[str, dict[str, dict[date, Decimal]]] = defaultdict(lambda: defaultdict(dict))
    named = known.filter(pl.col(dimension).is_not_null())
    for row in named.group_by(dimension, "month").agg(_SUMS).iter_rows(named=True):
        for metric in METRICS:
            found[row[dimension]][metric][row["month"]] = _money(row[metric])
    return [Member(dimension, name, series) for name, series in sorted(found.items())]


def _customers(known: pl.DataFrame, year_ago: date) -> tuple[Customer, ...]:
    bought = known.filter(pl.col("customer").is_not_null() & (pl.col("customer") != "") & (pl.col("total") >= 0))
    found = bought.group_by("customer").agg(
        pl.col("day").unique().sort(), pl.col("total").filter(pl.col("day") > year_ago).sum().alias("yearly")
    )
    return tuple(
        Customer(name, tuple(days), _money(yearly))
        for name, days, yearly in found.sort("customer").iter_rows()
        if len(days) >= FEWEST_DAYS
    )


def _money(value: float) -> Decimal:
    return Decimal(str(round(float(value), 4)))
