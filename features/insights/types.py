"""What a rule reads and what it says: plain data, so that tests feed a rule by hand."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from core.periods import Period, add_months
from features.catalog.types import Good, Unit

Monthly = Mapping[date, Decimal]
"""Values by month's first day; a month without sales is absent."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One exact figure that an insight rests on or tells, in its metric's unit where no other is given."""

    metric: str
    label: str
    period: Period
    value: Decimal
    slice: Mapping[str, str] = field(default_factory=dict)
    unit: Unit | None = None


@dataclass(frozen=True, slots=True)
class Insight:
    """Something worth telling about a month.

    `materiality` is how much money it is about as a share of the month's sales, `surprise` how far from chance
    (0 to 1), `actionability` how much an owner can do about it (0 to 1). `good` is None where it is neither.
    """

    rule: str
    period: Period
    metric: str
    title: str
    why: str
    todo: str
    good: bool | None
    materiality: float
    surprise: float
    actionability: float
    evidence: tuple[Evidence, ...]
    follow_up: str
    slice: Mapping[str, str] = field(default_factory=dict)
    p_value: float | None = None
    """For rules that try many series: the chance of such a move without a cause; false discoveries are controlled."""

    @property
    def key(self) -> str:
        members = ",".join(f"{d}={m}" for d, m in sorted(self.slice.items()))
        return f"{self.rule}:{self.period.start.isoformat()}:{members}"

    @property
    def score(self) -> float:
        """Materiality × surprise × actionability; money counts by its root, so that one giant does not hide all."""
        return math.sqrt(min(self.materiality, 1.0)) * self.surprise * self.actionability


@dataclass(frozen=True, slots=True)
class Member:
    """One branch, product, category, channel … by month: `series` maps a metric id to its months."""

    dimension: str
    name: str
    series: Mapping[str, Monthly]

    def of(self, metric: str, month: date) -> Decimal:
        return self.series.get(metric, {}).get(month, Decimal(0))


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer's buying days (distinct, ascending) and what they bought in the twelve months up to the last."""

    name: str
    days: Sequence[date]
    yearly: Decimal


@dataclass(frozen=True, slots=True)
class Wind:
    """A macro wind in words, already judged; `for_business` is None where it is calm."""

    text: str
    for_business: bool | None
    score: float


@dataclass(frozen=True, slots=True)
class Standing:
    """A percentile among peers now and a few months before."""

    measure: str
    now: int
    before: int | None
    who: str
    peers: int
    good: Good = Good.up


@dataclass(frozen=True, slots=True)
class Signals:
    """All that the rules know of a company at the end of `month` (a full month); nothing after it."""

    month: Period
    currency: str
    metrics: Mapping[str, Monthly]
    members: Sequence[Member] = ()
    days: Mapping[date, Decimal] = field(default_factory=dict)
    hours: Mapping[str, Decimal] = field(default_factory=dict)
    """Sales of the month by hour ('13')."""
    holidays: frozenset[date] = frozenset()
    customers: Sequence[Customer] = ()
    targets: Mapping[str, Decimal] = field(default_factory=dict)
    standings: Sequence[Standing] = ()
    winds: Sequence[Wind] = ()

    @property
    def first(self) -> date:
        """The month's first day, the key of monthly series."""
        return self.month.start

    @property
    def sales(self) -> Decimal:
        return self.value("sales")

    def value(self, metric: str, months_back: int = 0) -> Decimal:
        return self.metrics.get(metric, {}).get(add_months(self.first, -months_back), Decimal(0))

    def share(self, amount: Decimal) -> float:
        """An amount as a share of the month's sales, 0 where there are none."""
        return float(abs(amount) / self.sales) if self.sales > 0 else 0.0
