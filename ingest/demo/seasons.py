"""The year of a Chilean bakery, as factors a day: weekdays, feasts, holidays, warm and cold months."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import cache

import numpy as np
from holidays import country_holidays
from numpy.typing import NDArray

Factors = NDArray[np.float64]

WEEKDAY = (0.86, 0.88, 0.92, 0.96, 1.10, 1.24, 1.02)
CLOSED = ((1, 1), (5, 1), (9, 18), (9, 19), (12, 25))
"""Month and day of the holidays on which shops must close."""


def traffic(days: Sequence[date]) -> Factors:
    """How busy each day is for the whole shop."""
    return np.array([0.0 if (d.month, d.day) in CLOSED else WEEKDAY[d.weekday()] * _holiday(d) for d in days])


def season(name: str, days: Sequence[date]) -> Factors:
    """How much more (or less) a product of this season is bought each day; 1 throughout, where it has none."""
    if not name:
        return np.ones(len(days))
    return np.array([SEASONS[name](d) for d in days])


def _holiday(day: date) -> float:
    summer = day.month == 2 or (day.month == 1 and day.day > 10)
    winter = day.month == 7 and 8 <= day.day <= 22
    return 0.9 if summer else 0.94 if winter else 1.0


def _fiestas_patrias(day: date) -> float:
    if day.month != 9:
        return 1.0
    return 3.2 if day.day < 10 else 6.0 if day.day < 20 else 1.3


def _navidad(day: date) -> float:
    if day.month == 11:
        return 1.0 if day.day < 20 else 6.0
    if day.month == 12:
        return 14.0 if day.day < 15 else 26.0 if day.day < 25 else 5.0
    return 0.02


def _semana_santa(day: date) -> float:
    return 3.0 if timedelta(0) <= _good_friday(day.year) - day <= timedelta(days=6) else 1.0


@cache
def _good_friday(year: int) -> date:
    feasts = country_holidays("CL", years=year, language="es").items()
    return next(day for day, name in feasts if name.startswith("Viernes Santo"))


def _cold(day: date) -> float:
    return float(1 + 0.55 * np.cos(2 * np.pi * (day.timetuple().tm_yday - 190) / 365))


def _warm(day: date) -> float:
    return float(1 - 0.5 * np.cos(2 * np.pi * (day.timetuple().tm_yday - 190) / 365))


SEASONS: dict[str, Callable[[date], float]] = {
    "fiestas patrias": _fiestas_patrias,
    "navidad": _navidad,
    "semana santa": _semana_santa,
    "frío": _cold,
    "calor": _warm,
}
