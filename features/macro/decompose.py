"""A change of sales told apart: what prices explain, what the sector did, what is the business's own. Pure.

For a change from `before` to `current` with inflation i and the sector's real growth s (its cohort's median):
inflation is before·i, sector is before·(1+i)·s, own is the rest; the three add up to the change exactly.
"""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Decomposition:
    """Amounts in the company's money; `sector` is None where no cohort may be published, and then it is in `own`."""

    before: Decimal
    current: Decimal
    inflation: Decimal
    sector: Decimal | None
    own: Decimal

    @property
    def change(self) -> Decimal:
        return self.current - self.before

    @property
    def real(self) -> Decimal:
        """The change less inflation, as a ratio of what `before` is worth at current prices."""
        return self.current / (self.before + self.inflation) - 1


def decompose(
    before: Decimal, current: Decimal, inflation: Decimal, sector_real: Decimal | None
) -> Decomposition | None:
    """None where there is nothing to compare with; `inflation` and `sector_real` are ratios."""
    if before <= 0:
        return None
    by_prices = before * inflation
    by_sector = None if sector_real is None else before * (1 + inflation) * sector_real
    own = current - before - by_prices - (by_sector or Decimal(0))
    return Decomposition(before, current, by_prices, by_sector, own)
