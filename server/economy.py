"""The macro series kept up to date: the built-in ones at the start, their live sources each day."""

from datetime import date

from core import db
from core.settings import settings
from features import macro
from features.macro.update import Updated
from features.macro.update import update as ask_sources


def load() -> int:
    """Put the built-in series in, where they are missing; how many values that added."""
    with db.owner() as connection:
        return macro.load_built_in(connection)


def update(today: date) -> list[Updated]:
    """Ask the live sources. Each series that failed says so and stays as it was."""
    password = settings().bcch_password
    keys = {
        "bcch_user": settings().bcch_user,
        "bcch_password": password.get_secret_value() if password else "",
    }
    with db.owner() as connection:
        return ask_sources(connection, keys, today)


def told(result: Updated) -> str:
    """One series as a line of a table. Pure."""
    until = result.last_day.isoformat() if result.last_day else "sin datos"
    how = f"no se pudo: {result.error}" if result.error else f"{result.changed} valores nuevos, de {result.source}"
    return f"{result.country}  {result.indicator:<14} hasta {until:<12} {how}"
