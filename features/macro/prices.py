"""Money in other terms: real (of a month's prices), UF, dollars. Pure; series come in, Decimals go out.

The price index is chained from monthly changes, base 1 before the first month known. A real amount is
nominal × index(target month) ÷ index(its month), the standard deflation by a consumer price index.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.periods import Grain, Period, add_months
from features.macro.series import Series


@dataclass(frozen=True, slots=True)
class PriceIndex:
    """`levels` by month's first day, gapless; the last month's level is the price level during that month."""

    levels: Mapping[date, Decimal]

    @property
    def last_month(self) -> date:
        return max(self.levels)

    def ratio(self, earlier: date, later: date) -> Decimal | None:
        """How much prices rose from one month to another (1.043 = 4,3 %); None where either is not known yet."""
        first, last = self.levels.get(earlier.replace(day=1)), self.levels.get(later.replace(day=1))
        return None if first is None or last is None else last / first


def price_index(changes: Series) -> PriceIndex:
    """Chain monthly changes in percent; a gap in the months ends the chain before it (the later part is kept)."""
    levels: dict[date, Decimal] = {}
    level = Decimal(1)
    for month, change in zip(changes.days, changes.values, strict=True):
        if levels and add_months(max(levels), 1) != month:
            levels, level = {}, Decimal(1)
        level *= 1 + change / 100
        levels[month] = level
    return PriceIndex(levels)


def real_change(nominal: Decimal, inflation: Decimal) -> Decimal:
    """The real part of a nominal change (both ratios): (1 + nominal) ÷ (1 + inflation) − 1."""
    return (1 + nominal) / (1 + inflation) - 1


def inflation(index: PriceIndex, earlier: Period, later: Period) -> Decimal | None:
    """How much the average price level rose from one period to another, as a ratio; None where a month of either
    is not published yet."""
    first, last = _mean_level(index, earlier), _mean_level(index, later)
    return None if first is None or last is None else last / first - 1


def convert(by_day: Mapping[date, Decimal], rate: Series) -> Decimal | None:
    """A sum of daily amounts at each day's rate (pesos to UF or dollars: the rate is pesos per unit).

    None where a day lies before the series begins or more than 35 days after its last value.
    """
    total = Decimal(0)
    for day, amount in by_day.items():
        value = rate.at(day)
        if value is None or rate.last_day is None or (day - rate.last_day).days > (35 if rate.indicator.monthly else 5):
            return None
        total += amount / value
    return total


def _mean_level(index: PriceIndex, period: Period) -> Decimal | None:
    """The mean level over a period, each month weighing by its days inside."""
    total, days = Decimal(0), 0
    for span in period.spans(Grain.month):
        level = index.levels.get(span.start.replace(day=1))
        if level is None:
            return None
        total += level * span.days
        days += span.days
    return total / days
