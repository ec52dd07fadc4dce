"""What a metric and a dimension are. All else about them (words, schema, format, chunk, card) derives from here."""

from dataclasses import dataclass, field
from enum import Enum


class Unit(Enum):
    """How a value reads. `money` is in the company's currency, `ratio` is shown as a percentage."""

    money = "money"
    ratio = "ratio"
    count = "count"
    quantity = "quantity"
    number = "number"
    days = "days"


class Good(Enum):
    """Which direction is good for the business."""

    up = "up"
    down = "down"
    neither = "neither"


class Over(Enum):
    """The rows that a metric's `sql` aggregates; the engine makes them for each span and member (features/engine)."""

    lines = "lines"
    """Sale lines, alias `f`: the columns of `fact_sales`."""
    buyers = "buyers"
    """Alias `c`: one row a customer who bought: `orders`, and `first_on`, the day of the first purchase ever."""
    loyalty = "loyalty"
    """Alias `r`: one row a customer who bought in the span before: `stayed`, whether they bought in this one too."""
    lifetimes = "lifetimes"
    """Alias `v`: one row a customer who bought: `total` of all they ever bought until the span's end."""


@dataclass(frozen=True, slots=True)
class Metric:
    """One declaration of one figure.

    `sql` is an aggregate expression over the rows of `over`; `{orders}` in it counts distinct orders, and
    `{known_orders}` those of customers who are known; it is `{customers}` alone where it counts who bought, and
    `per_customer` divides it by that. `needs` names the fact columns without which it cannot
    be answered. `rests_on` is the condition on a line `f` to count as known for this figure: where fewer than half of
    the lines meet it, the figure is not told (None). `additive`: the sum over members or days is the whole.
    """

    id: str
    name: str
    unit: Unit
    good: Good
    sql: str
    definition: str
    """One or two plain Spanish sentences: what it is and how it is computed."""
    synonyms: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    over: Over = Over.lines
    rests_on: str = ""
    additive: bool = False
    per_customer: bool = False
    feminine: bool = False
    """Grammatical gender of `name`, for sentences."""
    plural: bool = False

    @property
    def empty_is_zero(self) -> bool:
        """Where nothing was sold, this figure is 0; the others are undefined."""
        return self.additive or self.unit is Unit.count


@dataclass(frozen=True, slots=True)
class Dimension:
    """What figures are split by. `sql` is the member's name over `f` and the joined dimension table (`d`).

    `table` is the dimension table to join and `column` the fact column that refers to it. Lines without a member
    count under `unknown`, so that the parts always make up the whole.
    """

    id: str
    name: str
    plural: str
    sql: str
    unknown: str
    needs: tuple[str, ...]
    table: str = ""
    column: str = ""
    synonyms: tuple[str, ...] = ()
    feminine: bool = False
    order: tuple[str, ...] = field(default=())
    """Members in their natural order (weekdays, hours), where they have one."""
