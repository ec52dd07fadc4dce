"""Feast days and shopping seasons by name: by rule or library where one knows them, else dated with their source."""

from datetime import date, timedelta

from dateutil.easter import easter

from core.periods import Period, add_months
from features.feasts import feasts

# Cámara de Comercio de Santiago, which organises both and announces their dates.
CYBER_DAY = {
    2019: (5, 27), 2020: (8, 31), 2021: (5, 31), 2022: (5, 30), 2023: (5, 29), 2024: (6, 3), 2025: (6, 2),
}  # fmt: skip
CYBER_MONDAY = {
    2019: (10, 7), 2020: (11, 2), 2021: (10, 4), 2022: (10, 3), 2023: (10, 2), 2024: (9, 30), 2025: (10, 6),
}  # fmt: skip

NAMES = {
    r"fiestas? patrias|(?:el |del )?dieciocho de septiembre|el 18 chico|las fiestas patrias": "patrias",
    r"navidad(?:es)?|nochebuena|pascua de navidad": "navidad",
    r"ano nuevo": "ano_nuevo",
    r"semana santa": "semana_santa",
    r"pascua(?: de resurreccion)?": "pascua",
    r"cyber ?day|cyberdays": "cyber_day",
    r"cyber ?monday|cyber ?lunes": "cyber_monday",
    r"black ?friday|viernes negro": "black_friday",
    r"dia de (?:la|las) madres?": "madre",
    r"dia de(?:l| los) padres?": "padre",
    r"dia de(?:l| los| las)? ?(?:nino|ninos|infancias|ninez)": "nino",
    r"san valentin|dia de los enamorados|14 de febrero": "valentin",
    r"halloween": "halloween",
    r"(?:el |del |este )?verano": "verano",
    r"(?:el |del |este )?otono": "otono",
    r"(?:el |del |este )?invierno": "invierno",
    r"(?:la |esta )?primavera": "primavera",
}

LABELS = {
    "patrias": "Fiestas Patrias", "navidad": "Navidad", "ano_nuevo": "Año Nuevo", "semana_santa": "Semana Santa",
    "pascua": "Domingo de Pascua", "cyber_day": "CyberDay", "cyber_monday": "CyberMonday",
    "black_friday": "Black Friday", "madre": "Día de la Madre", "padre": "Día del Padre", "nino": "Día del Niño",
    "valentin": "San Valentín", "halloween": "Halloween", "verano": "verano", "otono": "otoño",
    "invierno": "invierno", "primavera": "primavera",
}  # fmt: skip

_SEASON_MONTH = {"verano": 12, "otono": 3, "invierno": 6, "primavera": 9}


def season(name: str, year: int, country: str) -> Period | None:
    """The days of `name` in `year`; None where the country does not keep it or its date is not known."""
    fixed = {"navidad": (12, 24, 2), "ano_nuevo": (12, 31, 2), "valentin": (2, 14, 1), "halloween": (10, 31, 1)}
    if name in fixed:
        month, day, length = fixed[name]
        return _run(date(year, month, day), length)
    if name in _SEASON_MONTH:
        first = date(year, _SEASON_MONTH[name], 1)
        return Period(first, add_months(first, 3) - timedelta(days=1))
    match name:
        case "patrias":
            return _independence(year, country)
        case "semana_santa":
            return Period(easter(year) - timedelta(days=6), easter(year))
        case "pascua":
            return _run(easter(year), 1)
        case "cyber_day":
            return _dated(CYBER_DAY, year) if country == "CL" else None
        case "cyber_monday":
            return _dated(CYBER_MONDAY, year) if country == "CL" else None
        case "black_friday":
            return _run(_nth(year, 11, 3, 4), 1, shift=1)
        case "madre":
            return _run(_nth(year, 10, 6, 3) if country == "AR" else _nth(year, 5, 6, 2), 1)
        case "padre":
            return _run(_nth(year, 8, 6, 2) if country == "BR" else _nth(year, 6, 6, 3), 1)
        case "nino":
            return _run(date(year, 10, 12) if country == "BR" else _nth(year, 8, 6, 3 if country == "AR" else 2), 1)
    return None


def _independence(year: int, country: str) -> Period | None:
    """The national days with the holidays that touch them; in Chile 18 and 19 September and their bridges."""
    core = {"CL": (9, 18), "AR": (7, 9), "PE": (7, 28), "BR": (9, 7), "MX": (9, 16), "CO": (7, 20), "UY": (8, 25)}
    if country not in core:
        return None
    first = last = date(year, *core[country])
    free = set(feasts(country, year)) | {first}
    while first - timedelta(days=1) in free:
        first -= timedelta(days=1)
    while last + timedelta(days=1) in free:
        last += timedelta(days=1)
    return Period(first, last)


def _dated(table: dict[int, tuple[int, int]], year: int) -> Period | None:
    return _run(date(year, *table[year]), 3) if year in table else None


def _run(first: date, days: int, shift: int = 0) -> Period:
    first += timedelta(days=shift)
    return Period(first, first + timedelta(days=days - 1))


def _nth(year: int, month: int, weekday: int, n: int) -> date:
    """The n-th `weekday` (0 Monday) of a month."""
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (n - 1))
