"""The days of a generated history, and which of them a story holds on."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from core.periods import add_months
from ingest.demo.stories import Story, last_day, period_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days of the history, the month that each one is in, and their stories' reach."""

    days: tuple[date, ...]
    month: Ints
    today: date

    @classmethod
    def until(cls, today: date, months: int) -> "Calendar":
        last = last_day(today)
        first = add_months(last.replace(day=1), 1 - months)
        days = tuple(first + timedelta(days=n) for n in range((last - first).days + 1))
        return cls(days, np.array([(d.year - first.year) * 12 + d.month - first.month for d in days]), today)

    def during(self, story: Story) -> NDArray[np.bool_]:
        """The days on which a story holds."""
        period = period_of(story, self.today)
        return np.array([period.holds(day) for day in self.days])


def factor(calendar: Calendar, story: Story) -> Floats:
    return np.where(calendar.during(story), story.factor, 1.0)
