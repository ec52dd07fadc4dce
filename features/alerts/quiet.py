"""When a message may be delivered: at once, or when the quiet hours are over. Pure."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from features.alerts.types import Quiet

MORNING = 8


def after_quiet(at: datetime, quiet: Quiet, tz: ZoneInfo) -> datetime:
    """`at`, or the end of the quiet hours it lies in, by the clock of `tz`. Aware, in the zone of `at`."""
    local = at.astimezone(tz)
    if not _quiet(local.hour, quiet):
        return at
    day = local.date() if local.hour < quiet.end else local.date() + timedelta(days=1)
    over = datetime.combine(day, time(quiet.end), tzinfo=tz)
    return max(over, at).astimezone(at.tzinfo)


def morning_of(day: date, quiet: Quiet, tz: ZoneInfo) -> datetime:
    """When a day begins for whoever is told: at eight, or when its quiet hours end."""
    return after_quiet(datetime.combine(day, time(MORNING), tzinfo=tz), quiet, tz)


def _quiet(hour: int, quiet: Quiet) -> bool:
    if quiet.start == quiet.end:
        return False
    if quiet.start < quiet.end:
        return quiet.start <= hour < quiet.end
    return hour >= quiet.start or hour < quiet.end
