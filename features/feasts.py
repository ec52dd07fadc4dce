"""Public holidays: those a country's law names, with the days of elections in Chile, which no library knows."""

from datetime import date
from functools import cache

import holidays

from core.language import join
from core.periods import MONTHS, WEEKDAYS, Period, day_label

ELECTIONS = {
    "CL": (
        date(2020, 10, 25), date(2021, 5, 16), date(2021, 6, 13), date(2021, 11, 21), date(2021, 12, 19),
        date(2022, 9, 4), date(2023, 5, 7), date(2023, 12, 17), date(2024, 10, 27), date(2024, 11, 24),
        date(2025, 11, 16), date(2025, 12, 14),
    )
}  # fmt: skip
"""A day of elections or of a plebiscite is a legal holiday (Chile: ley 18.700; the Sundays are Servel's)."""
VOTING = "Día de elecciones"


@cache
def feasts(country: str, year: int) -> dict[date, str]:
    """The public holidays of a year with their names, in their order; none where nobody knows the country's."""
    try:
        known = holidays.country_holidays(country, years=year, language="pt_BR" if country == "BR" else "es")
    except NotImplementedError:
        return {}
    voted = {day: VOTING for day in ELECTIONS.get(country, ()) if day.year == year}
    return dict(sorted({**voted, **known}.items()))


def feast_names(country: str, period: Period) -> dict[date, str]:
    """The public holidays within `period`, in their order."""
    years = range(period.start.year, period.end.year + 1)
    return {day: name for year in years for day, name in feasts(country, year).items() if period.holds(day)}


def moved(country: str, month: date) -> str:
    """The holidays that fell in `month` (by its first day) and not in the same month a year before, or the other way
    round, as a sentence; '' for none. It says when they were, and nothing of what they did."""
    then = month.replace(year=month.year - 1)
    now, before = _of_month(country, month), _of_month(country, then)
    places: dict[tuple[int | None, int | None], list[str]] = {}
    for name in dict.fromkeys((*now, *before)):
        if (name in now) != (name in before):
            where = (
                month.month if name in now else _month_of(country, name, month.year),
                month.month if name in before else _month_of(country, name, then.year),
            )
            places.setdefault(where, []).append(name)
    return " ".join(_fell(names, *where) for where, names in places.items())


def named(found: dict[date, str]) -> str:
    """'el sábado 31-oct-2026 (…) y el domingo 1-nov-2026 (…)'."""
    return join([f"el {WEEKDAYS[day.weekday()]} {day_label(day)} ({name})" for day, name in found.items()])


def beside(country: str, day: date) -> str:
    """The holidays right before and after a day, as a sentence; '' for none."""
    around = Period(date.fromordinal(day.toordinal() - 1), date.fromordinal(day.toordinal() + 1))
    found = {d: name for d, name in feast_names(country, around).items() if d != day}
    return f"Junto a ese día hubo feriado: {named(found)}." if found else ""


def _of_month(country: str, month: date) -> list[str]:
    return [name for day, name in feasts(country, month.year).items() if day.month == month.month]


def _month_of(country: str, name: str, year: int) -> int | None:
    return next((day.month for day, known in feasts(country, year).items() if known == name), None)


def _fell(names: list[str], now: int | None, before: int | None) -> str:
    many = len(names) > 1
    if now is None or before is None:
        year = "este año" if before is None else "el año anterior"
        return f"{join(names)}: feriado solo {year}."
    verb = "cayeron" if many else "cayó"
    return f"{join(names)} {verb} este año en {MONTHS[now - 1]} y el anterior en {MONTHS[before - 1]}."
