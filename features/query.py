"""The question the feature store answers, and its answer: plain data, no database."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, TypeVar

from core.periods import Grain, Period

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Filter:
    """Only lines whose `dimension` is one of `members` (with `exclude`: none of them). Members are names as stored."""

    dimension: str
    members: tuple[str, ...]
    exclude: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """`metrics` over `period`, optionally one value per span of `grain` and/or per member of `dimension`.

    `across` splits by a second dimension as well, each pair of members a value. `order` sorts members by the first
    metric and `limit` keeps the first ones; without them members come in their natural order, or by value downwards.
    ValueError where pairs are to be ordered.
    """

    metrics: tuple[str, ...]
    period: Period
    grain: Grain | None = None
    dimension: str | None = None
    filters: tuple[Filter, ...] = ()
    order: Literal["desc", "asc"] | None = None
    limit: int | None = None
    across: str | None = None

    def __post_init__(self) -> None:
        if self.across and (self.dimension in (None, self.across) or self.order or self.limit is not None):
            raise ValueError("a second dimension needs a first one, other than itself, and no order")


@dataclass(frozen=True, slots=True)
class Row:
    """One value: `period` is the span it covers, cut to the question's; `member` is '' without a dimension, `across`
    without a second one.
    `value` is None where it is undefined (a ratio over nothing, a margin where too few lines carry a cost). `lines`
    counts what it was computed from: sale lines that carry its columns (customers, for a customer metric), and
    `all_lines` the sale lines of that span and member, so that a margin over a part can be told as such."""

    metric: str
    period: Period
    member: str
    value: Decimal | None
    lines: int
    all_lines: int = 0
    across: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """`rows` for each metric, in the order asked; within a metric by span, then by member.

    Without a dimension every span of the period has its row (0 or None where nothing was sold); with one only what
    was sold has. `missing` names, per metric that can't be answered, the absent fact columns.
    """

    query: Query
    rows: Sequence[Row]
    missing: dict[str, tuple[str, ...]]

    def value(self, metric: str | None = None) -> Decimal | None:
        """The single value of a question without grain and dimension."""
        wanted = metric or self.query.metrics[0]
        return next((r.value for r in self.rows if r.metric == wanted), None)


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a company has: the first and last business day with sales (None where it has none), the fact columns
    that carry anything, and how many lines."""

    first: date | None
    last: date | None
    columns: frozenset[str]
    lines: int

    @property
    def period(self) -> Period | None:
        return Period(self.first, self.last) if self.first and self.last else None


def ranked(items: Iterable[T], order: str, value: Callable[[T], Decimal | None], name: Callable[[T], str]) -> list[T]:
    """`items` by value ('asc' or 'desc'), undefined last, ties by name: as the statement orders members. Pure."""
    sign = -1 if order == "desc" else 1

    def place(item: T) -> tuple[bool, Decimal, str]:
        found = value(item)
        return found is None, Decimal(0) if found is None else sign * found, name(item)

    return sorted(items, key=place)
