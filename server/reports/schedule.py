"""When a report leaves: which day's sending is due at an instant, by the company's clock. Pure."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from core.periods import WEEKDAYS, add_months

Cadence = Literal["daily", "weekly", "monthly"]
CADENCES: tuple[str, ...] = get_args(Cadence)
NAMES: dict[str, str] = {"daily": "Cada día", "weekly": "Cada semana", "monthly": "Cada mes"}
LATEST = timedelta(hours=20)
"""What could not leave until then is left out: the next one comes soon enough, and a day never meets the next."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """`weekday` (0 Monday) is a weekly one's, `month_day` a monthly one's: 31 is each month's last day."""

    cadence: Cadence
    hour: int
    weekday: int = 0
    month_day: int = 1

    def falls_on(self, day: date) -> bool:
        match self.cadence:
            case "weekly":
                return day.weekday() == self.weekday
            case "monthly":
                last = add_months(day.replace(day=1), 1) - timedelta(days=1)
                return day.day == min(self.month_day, last.day)
        return True

    def leaves(self, day: date, tz: ZoneInfo) -> datetime:
        """The instant (UTC) of that day's sending; an hour that the clocks skip is the one after it, one that they
        repeat the first of both."""
        return datetime.combine(day, time(self.hour), tz).astimezone(UTC)

    def words(self) -> str:
        """'cada lunes a las 8:00', 'el día 1 de cada mes a las 8:00'."""
        match self.cadence:
            case "weekly":
                day = f"cada {WEEKDAYS[self.weekday]}"
            case "monthly":
                day = "el último día de cada mes" if self.month_day == 31 else f"el día {self.month_day} de cada mes"
            case _:
                day = "cada día"
        return f"{day} a {'la' if self.hour == 1 else 'las'} {self.hour}:00"


def due(schedule: Schedule, since: datetime, done_on: date | None, now: datetime, tz: ZoneInfo) -> date | None:
    """The day whose sending should be under way at `now` (aware), None where there is none: not before `since`, not
    again once `done_on`, not when it is too late."""
    today = now.astimezone(tz).date()
    for day in (today, today - timedelta(days=1)):
        leaves = schedule.leaves(day, tz)
        if schedule.falls_on(day) and since <= leaves <= now < leaves + LATEST:
            return None if done_on is not None and done_on >= day else day
    return None


def next_day(schedule: Schedule, now: datetime, tz: ZoneInfo) -> date:
    """The day of the next sending after `now`."""
    today = now.astimezone(tz).date()
    days = (today + timedelta(days=n) for n in range(32 * 2))
    return next(d for d in days if schedule.falls_on(d) and schedule.leaves(d, tz) > now)
