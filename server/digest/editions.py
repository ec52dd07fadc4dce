"""Which summary is due, and when: a week's on its Monday after, a month's on the first Monday after. Pure."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from core.errors import BadInput
from core.periods import Grain, Period

Frequency = Literal["weekly", "monthly", "off"]
FREQUENCIES: dict[Frequency, str] = {
    "weekly": "Cada lunes",
    "monthly": "Una vez al mes, al cierre",
    "off": "No me lo envíes",
}
AT = time(8)
LATEST_DAYS = 3
"""A summary that could not leave until then is old news: the next one comes soon enough."""
_WEEK = re.compile(r"(\d{4})-W(\d{2})")
_MONTH = re.compile(r"(\d{4})-(\d{2})")


@dataclass(frozen=True, slots=True)
class Edition:
    """One summary: the ISO week '2026-W44', or the month '2026-10'."""

    period: Period

    @property
    def weekly(self) -> bool:
        return self.period.grain is Grain.week

    @property
    def id(self) -> str:
        return f"{self.period.start:%G-W%V}" if self.weekly else f"{self.period.start:%Y-%m}"


def parse(text: str) -> Edition:
    """'2026-W44' or '2026-10'. BadInput where it is neither."""
    try:
        if found := _WEEK.fullmatch(text.strip()):
            return Edition(Period.of(Grain.week, date.fromisocalendar(int(found[1]), int(found[2]), 1)))
        if found := _MONTH.fullmatch(text.strip()):
            return Edition(Period.month(int(found[1]), int(found[2])))
    except ValueError:
        pass
    raise BadInput("edition", f"No entiendo el período «{text}».", "Usa una semana (2026-W44) o un mes (2026-10).")


def latest(frequency: Frequency, today: date) -> Edition:
    """The last week (month, for the monthly one) that ended before `today`."""
    grain = Grain.month if frequency == "monthly" else Grain.week
    return Edition(Period.of(grain, today).previous())


def due(frequency: Frequency, now: datetime, tz: ZoneInfo) -> Edition | None:
    """What should be on its way at `now` (aware): from Monday 08:00 in the company's time zone `tz`, for three days."""
    local = now.astimezone(tz)
    monday = local.date() - timedelta(days=local.weekday())
    if frequency == "off" or (frequency == "monthly" and monday.day > 7):
        return None
    leaves = datetime.combine(monday, AT, tz)
    if not leaves <= local < leaves + timedelta(days=LATEST_DAYS):
        return None
    return latest(frequency, monday)
