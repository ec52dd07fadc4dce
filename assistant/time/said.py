"""The pieces that times are made of, as they are said: months, numbers, years, and what each means."""

# ruff: noqa: E501  (a pattern is read more easily whole than broken)

import re
from datetime import date

from assistant.words.common import NUMBERS
from core.periods import MONTHS, Grain

MONTH = "|".join(MONTHS)
NUMBER = rf"(?:\d{{1,4}}|{'|'.join(sorted(NUMBERS, key=len, reverse=True))})"
_YEAR = (
    r"(?: (?:de |del )?(?:(?:el )?ano (?=\d))?(?P<{y}>(?:19|20)\d\d|\d\d(?! de)(?= |$)|ano pasado|pasado ano|ano anterior"
    r"|este ano|presente ano|pasado|anterior|ultimo|antepasado|ano antepasado))?"
)
DAY = r"(?:primero|1o|\d{1,2})"
DAYS = ("lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo")
PAST = r"(?:pasad[oa]|anterior|ultim[oa]|previ[oa])"


def count_of(text: str) -> int:
    return NUMBERS[text] if text in NUMBERS else int(text)


def year_said(text: str | None, today: date) -> int | None:
    if not text:
        return None
    if text.isdigit():
        return int(text) if len(text) == 4 else 2000 + int(text)
    if "antepasado" in text:
        return today.year - 2
    return today.year - 1 if "pasado" in text or "anterior" in text else today.year


def latest_year(month: int, today: date, day: int = 1) -> int:
    """The year of the latest such day not after today."""
    return today.year if (month, day) <= (today.month, today.day) else today.year - 1


def month_of(match: re.Match[str], month: str, year: str, today: date) -> tuple[int, int]:
    number = MONTHS.index(match[month]) + 1
    said = match[year]
    if said in ("pasado", "anterior", "ultimo"):
        # "octubre pasado" in October is last year's; otherwise simply the latest one
        return (today.year - 1 if number == today.month else latest_year(number, today)), number
    return year_said(said, today) or latest_year(number, today), number


_GRAINS = {
    "dia": Grain.day, "semana": Grain.week, "mes": Grain.month, "trimestre": Grain.quarter, "ano": Grain.year,
}  # fmt: skip
UNIT = r"dias?|semanas?|mes(?:es)?|trimestres?|anos?"


def grain_of(text: str) -> Grain:
    return _GRAINS[text if text in _GRAINS else text.removesuffix("es") if text == "meses" else text.removesuffix("s")]


def year_part(name: str = "y") -> str:
    """A year after what it belongs to, as the group `name`."""
    return _YEAR.replace("{y}", name)
