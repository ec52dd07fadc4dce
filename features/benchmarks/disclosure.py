"""What may be published about a cohort: the one place that decides. Pure.

The rules, after the practice of official statistics (minimum frequency, p% rule, no extremes, no differencing):

- at least `FEWEST` distinct owners contribute; businesses of one tax-id holder are one owner and one value;
- only rounded p10/p25/p50/p75/p90, never a minimum or a maximum;
- a mean only where, for its sum, what is left without the two largest exceeds `P` of the largest;
- no two published cohorts differ by between one and `FEWEST - 1` owners, either way round;
- a month once published stays as it is, unless the very same owners correct their data.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import Decimal

FEWEST = 10
P = Decimal("0.10")
QUANTILES = (10, 25, 50, 75, 90)
DIGITS = 3
"""Published values carry three significant digits."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """One company's value of one metric in one month; `owner` is its tax-id holder, else the company itself."""

    owner: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class Published:
    """What leaves the cohort: how many owners, the rounded quantiles p10 to p90, and the mean where it may be told."""

    owners: int
    quantiles: tuple[Decimal, ...]
    mean: Decimal | None


def by_owner(contributions: Iterable[Contribution]) -> dict[str, Decimal]:
    """One value an owner: the mean of their businesses' values."""
    groups: dict[str, list[Decimal]] = {}
    for one in contributions:
        groups.setdefault(one.owner, []).append(one.value)
    return {owner: sum(values, Decimal(0)) / len(values) for owner, values in sorted(groups.items())}


def publish(values: Mapping[str, Decimal]) -> Published | None:
    """A cohort's publishable figures from one value an owner; None where there are too few owners."""
    if len(values) < FEWEST:
        return None
    ranked = sorted(values.values())
    mean = sum(ranked, Decimal(0)) / len(ranked) if dominated_by_none(ranked) else None
    return Published(
        len(values),
        tuple(rounded(quantile(ranked, Decimal(q) / 100)) for q in QUANTILES),
        None if mean is None else rounded(mean),
    )


def dominated_by_none(values: Sequence[Decimal]) -> bool:
    """The p% rule on the sum: could the second largest estimate the largest to within p percent?"""
    sizes = sorted((abs(v) for v in values), reverse=True)
    if not sizes or sizes[0] == 0:
        return True
    return sum(sizes[2:], Decimal(0)) >= P * sizes[0]


def too_alike(members: AbstractSet[str], published: Iterable[AbstractSet[str]]) -> bool:
    """Whether publishing these members beside those sets would let the few that differ be subtracted out."""
    for other in published:
        if members.isdisjoint(other):
            continue
        for difference in (len(members - other), len(other - members)):
            if 0 < difference < FEWEST:
                return True
    return False


def may_correct(members: AbstractSet[str], before: AbstractSet[str]) -> bool:
    """Whether a month already published may be published again: only with the very same owners."""
    return members == before


def quantile(ranked: Sequence[Decimal], q: Decimal) -> Decimal:
    """Linear interpolation between order statistics (Hyndman & Fan's type 7, as numpy and pandas have it)."""
    position = q * (len(ranked) - 1)
    low = int(position)
    high = min(low + 1, len(ranked) - 1)
    return ranked[low] + (ranked[high] - ranked[low]) * (position - low)


def rounded(value: Decimal) -> Decimal:
    """To three significant digits."""
    if value == 0:
        return Decimal(0)
    return round(value, DIGITS - 1 - value.adjusted())
