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


@dataclass(frozen=True, slots=True)
class Metric:
    """One declaration of one figure.

    `sql` is an aggregate expression over the columns of `fact_sales` (alias `f`), or over the columns of `over`,
    where the figure needs customers' histories and not lines alone. `needs` names the fact columns without which
    it cannot be answered. `additive`: the sum over members or days is the whole.
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
    over: str = "sales"
    additive: bool = False
    feminine: bool = False
    """Grammatical gender of `name`, for sentences."""
    plural: bool = False


@dataclass(frozen=True, slots=True)
class Dimension:
    """What figures are split by. `sql` is the member's expression over `f` and the joined dimension tables."""

    id: str
    name: str
    plural: str
    sql: str
    needs: tuple[str, ...]
    synonyms: tuple[str, ...] = ()
    feminine: bool = False
    order: tuple[str, ...] = field(default=())
    """Members in their natural order (weekdays, hours), where they have one."""
