"""Months as owners write them: 'octubre 2026', 'oct-26', '10/2026', a spreadsheet's date that stands for its month, or
a name alone whose year stands somewhere else. Pure."""

import re
from collections.abc import Iterable
from datetime import date

from core.language import fold

_NAMES = {
    "enero": 1, "febrero": 2, "marzo": 3, "abril": 4, "mayo": 5, "junio": 6, "julio": 7, "agosto": 8,
    "septiembre": 9, "setiembre": 9, "octubre": 10, "noviembre": 11, "diciembre": 12,
    "ene": 1, "feb": 2, "mar": 3, "abr": 4, "may": 5, "jun": 6, "jul": 7, "ago": 8, "sep": 9, "sept": 9, "set": 9,
    "oct": 10, "nov": 11, "dic": 12,
    "january": 1, "february": 2, "march": 3, "april": 4, "june": 6, "july": 7, "august": 8, "september": 9,
    "october": 10, "november": 11, "december": 12, "jan": 1, "apr": 4, "aug": 8, "dec": 12,
    "janeiro": 1, "fevereiro": 2, "marco": 3, "maio": 5, "junho": 6, "julho": 7, "setembro": 9, "outubro": 10,
    "novembro": 11, "dezembro": 12, "fev": 2, "mai": 5, "out": 10, "dez": 12,
}  # fmt: skip
_NAME = "|".join(sorted(_NAMES, key=len, reverse=True))
_NAMED = re.compile(rf"^({_NAME})\.?(?:\s*(?:de|del|[-/.' ])\s*(\d{{4}}|\d{{2}}))?$")
_YEAR_FIRST = re.compile(r"^(\d{4})[-/. ](\d{1,2})$")
_MONTH_FIRST = re.compile(r"^(\d{1,2})[-/. ](\d{4})$")
_DATED = re.compile(r"^(\d{4})-(\d{2})-(\d{2})(?: 00:00(?::00)?)?$")
_SPELLED = re.compile(rf"(?<![a-z])({'|'.join(n for n in _NAMES if len(n) > 4 or n == 'mayo')})(?![a-z])")
_SHORT = re.compile(rf"(?<![a-z])({_NAME})\.?[-_/. ]*20\d\d(?!\d)")
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_FIRST_YEAR, _LAST_YEAR = 1990, 2100


def month_of(text: str, year: int | None = None) -> date | None:
    """The first day of the month that a cell names, else None; `year` is that of a name which says none."""
    said = fold(text.replace("\x01", "")).strip(" .:")
    if found := _NAMED.match(said):
        written = found[2]
        return _first(int(written) + (2000 if len(written) == 2 else 0) if written else year, _NAMES[found[1]])
    if found := _YEAR_FIRST.match(said):
        return _first(int(found[1]), int(found[2]))
    if found := _MONTH_FIRST.match(said):
        return _first(int(found[2]), int(found[1]))
    if found := _DATED.match(said):
        return _first(int(found[1]), int(found[2]))
    if year and re.fullmatch(r"\d{1,2}", said):
        return _first(year, int(said))
    return None


def names_month(text: str) -> bool:
    """Whether a cell is a month's name, with or without its year, or a spreadsheet's date on a first of the month."""
    said = fold(text.replace("\x01", "")).strip(" .:")
    dated = _DATED.match(said)
    if dated:
        return dated[3] == "01"
    return bool(_NAMED.match(said) or _YEAR_FIRST.match(said) or _MONTH_FIRST.match(said)) and (
        month_of(text, 2000) is not None
    )


def year_of(text: str) -> int | None:
    """The one year that a cell, title or name of a file says ('Gastos 2026'), else None."""
    found = set(_YEAR.findall(text.replace("\x01", "")))
    return int(found.pop()) if len(found) == 1 else None


def only_month(texts: Iterable[str]) -> date | None:
    """The one month that a title or a file's name says with its year ('Gastos octubre 2026.xlsx'): of the first text
    that says one; None where that text says several."""
    for text in texts:
        said = fold(text.replace("_", " "))
        found = {_NAMES[n] for n in (*_SPELLED.findall(said), *_SHORT.findall(said))}
        year = year_of(said)
        if found and year:
            return _first(year, found.pop()) if len(found) == 1 else None
    return None


def only_year(texts: Iterable[str]) -> int | None:
    """The year of the first text that says one."""
    return next((year for text in texts if (year := year_of(text)) is not None), None)


def _first(year: int | None, month: int) -> date | None:
    if year is None or not _FIRST_YEAR <= year <= _LAST_YEAR or not 1 <= month <= 12:
        return None
    return date(year, month, 1)
