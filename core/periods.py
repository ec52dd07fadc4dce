"""Business days in spans: a `Period` with its last day included, the grains it comes in, and how people name it."""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio",
    "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
)  # fmt: skip
WEEKDAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")


class Grain(StrEnum):
    """How finely time is cut. Weeks are ISO weeks, Monday to Sunday."""

    day = "day"
    week = "week"
    month = "month"
    quarter = "quarter"
    year = "year"

    def first_day(self, day: date) -> date:
        """The first day of the span of this grain that holds `day`."""
        match self:
            case Grain.day:
                return day
            case Grain.week:
                return day - timedelta(days=day.weekday())
            case Grain.month:
                return day.replace(day=1)
            case Grain.quarter:
                return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
            case Grain.year:
                return day.replace(month=1, day=1)

    def after(self, first: date, steps: int = 1) -> date:
        """The first day of the span `steps` after the one starting at `first` (before it, where negative)."""
        match self:
            case Grain.day:
                return first + timedelta(days=steps)
            case Grain.week:
                return first + timedelta(weeks=steps)
            case Grain.month:
                return add_months(first, steps)
            case Grain.quarter:
                return add_months(first, 3 * steps)
            case Grain.year:
                return add_months(first, 12 * steps)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """From `start` to `end`, both included."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"a period ends before it starts: {self.start}..{self.end}")

    @classmethod
    def of(cls, grain: Grain, day: date) -> "Period":
        """The span of `grain` that holds `day`."""
        first = grain.first_day(day)
        return cls(first, grain.after(first) - timedelta(days=1))

    @classmethod
    def month(cls, year: int, month: int) -> "Period":
        return cls.of(Grain.month, date(year, month, 1))

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    @property
    def grain(self) -> Grain | None:
        """The grain this is exactly one span of, else None. One day is a day."""
        return next((g for g in Grain if Period.of(g, self.start) == self), None)

    def holds(self, day: date) -> bool:
        return self.start <= day <= self.end

    def overlap(self, other: "Period") -> "Period | None":
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Period(start, end) if start <= end else None

    def previous(self) -> "Period":
        """The span before: of the same grain, of the same whole months, the weekend before, or as many days."""
        if self.grain is not None:
            return Period.of(self.grain, self.start - timedelta(days=1))
        if self._weekend:
            return Period(self.start - timedelta(weeks=1), self.end - timedelta(weeks=1))
        months = self.whole_months()
        if months:
            return Period(add_months(self.start, -months), self.start - timedelta(days=1))
        return Period(self.start - timedelta(days=self.days), self.start - timedelta(days=1))

    def year_before(self) -> "Period":
        """The same span a year earlier; a week is compared with the week 52 weeks before (same weekdays)."""
        if self.grain is Grain.week or self._weekend:
            return Period(self.start - timedelta(weeks=52), self.end - timedelta(weeks=52))
        start = add_months(self.start, -12)
        if self.grain not in (None, Grain.day) or self.whole_months():
            return Period(start, add_months(self.end + timedelta(days=1), -12) - timedelta(days=1))
        return Period(start, add_months(self.end, -12))

    def spans(self, grain: Grain) -> Iterator["Period"]:
        """The spans of `grain` that this period touches, cut to it at both ends."""
        first = grain.first_day(self.start)
        while first <= self.end:
            after = grain.after(first)
            yield Period(max(first, self.start), min(after - timedelta(days=1), self.end))
            first = after

    @property
    def _weekend(self) -> bool:
        return self.days == 2 and self.start.isoweekday() == 6

    def whole_months(self) -> int:
        """How many whole months it is; 0 where it cuts one."""
        after = self.end + timedelta(days=1)
        if self.start.day != 1 or after.day != 1:
            return 0
        return months_between(self.start, after)


def months_between(first: date, last: date) -> int:
    """How many months lie from the month of `first` to that of `last`."""
    return (last.year - first.year) * 12 + last.month - first.month


def add_months(day: date, months: int) -> date:
    """The same day `months` later (earlier, where negative), or that month's last day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def day_label(day: date) -> str:
    """'3-nov-2026'."""
    return f"{day.day}-{MONTHS[day.month - 1][:3]}-{day.year}"


def label(period: Period) -> str:
    """As people name it: 'octubre 2026', 'semana del 2-nov-2026', '3.er trimestre 2026', '2026', '3-nov-2026',
    otherwise 'del 3-oct-2026 al 18-oct-2026'."""
    match period.grain:
        case Grain.day:
            return day_label(period.start)
        case Grain.week:
            return f"semana del {day_label(period.start)}"
        case Grain.month:
            return f"{MONTHS[period.start.month - 1]} {period.start.year}"
        case Grain.quarter:
            return f"{('1.er', '2.º', '3.er', '4.º')[(period.start.month - 1) // 3]} trimestre {period.start.year}"
        case Grain.year:
            return str(period.start.year)
    return f"del {day_label(period.start)} al {day_label(period.end)}"
