"""What happens to a generated business, declared as data: the generator plants it, the evaluation looks for it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from core.periods import Period, add_months

Kind = Literal["volume", "cost", "price", "discount", "stopped", "returns"]


@dataclass(frozen=True, slots=True)
class Story:
    """From month `month` on (0 is the last full month, -1 the one before), until `until` included, or to the end.

    `volume`: orders (branch, channel) or purchases (product, category) are multiplied by `factor`. `cost`, `price`:
    the unit cost or price of a product or category is. `discount`: that share of the lines is sold 20 % cheaper,
    and no more is sold for it. `returns`: that share of the lines comes back. `stopped`: the account buys no more.
    """

    id: str
    kind: Kind
    dimension: Literal["branch", "product", "category", "channel", "customer"]
    member: str
    month: int
    factor: float = 0.0
    until: int | None = None

    @property
    def metric(self) -> str:
        """The figure in which it shows best."""
        return {
            "volume": "sales",
            "cost": "gross_margin",
            "price": "average_price",
            "discount": "discount",
            "stopped": "sales",
            "returns": "returns",
        }[self.kind]

    @property
    def rises(self) -> bool:
        """Whether that figure goes up."""
        match self.kind:
            case "volume" | "price":
                return self.factor > 1
            case "cost":
                return self.factor < 1
            case "discount" | "returns":
                return True
            case "stopped":
                return False


@dataclass(frozen=True, slots=True)
class Planted:
    """A story on the calendar: the months it lasts, first to last day."""

    story: Story
    period: Period

    @property
    def first_month(self) -> Period:
        """The month in which it begins, where an observer should notice it."""
        return Period.month(self.period.start.year, self.period.start.month)


def last_day(today: date) -> date:
    """The end of the last full month before `today`."""
    return today.replace(day=1) - timedelta(days=1)


def period_of(story: Story, today: date) -> Period:
    """The days a story lasts, seen from `today`."""
    last = last_day(today).replace(day=1)
    end = add_months(last, (story.until if story.until is not None else 0) + 1) - timedelta(days=1)
    return Period(add_months(last, story.month), end)


def planted(stories: Iterable[Story], today: date) -> tuple[Planted, ...]:
    """Stories with the months they fall in, seen from `today`."""
    return tuple(Planted(story, period_of(story, today)) for story in stories)
