"""Dates, months and years as text states them. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from core.periods import MONTHS, Period

_SHORT = {name[:3]: n for n, name in enumerate(MONTHS, start=1)}
_NAME = "|".join([*MONTHS, "setiembre"])
_DAYS = (
    re.compile(rf"\b(?P<d>\d{{1,2}})(?:\s?[-/]\s?|\s+de\s+|\s+)(?P<n>{_NAME}|{'|'.join(_SHORT)})\b\.?"
               rf"(?:(?:\s?[-/]\s?|\s+(?:de|del)\s+|\s+)(?P<y>(?:19|20)\d\d))?", re.IGNORECASE),
    re.compile(r"\b(?P<y>(?:19|20)\d\d)-(?P<m>\d{2})-(?P<d>\d{2})\b"),
    re.compile(r"\b(?P<d>\d{1,2})[/-](?P<m>\d{1,2})[/-](?P<y>(?:19|20)\d\d)\b"),
)  # fmt: skip
_MONTHS = (
    re.compile(rf"\b(?P<n>{_NAME})\b(?:(?:\s+(?:de|del|del año)\s+|[\s-]+)(?P<y>(?:19|20)\d\d))?", re.IGNORECASE),
    re.compile(r"\b(?P<y>(?:19|20)\d\d)-(?P<m>\d{2})\b(?!-)"),
    re.compile(rf"\b(?P<n>{'|'.join(_SHORT)})[-\s.]+(?P<y>(?:19|20)\d\d)\b", re.IGNORECASE),
)
_YEAR = re.compile(r"(?<![\d.,$])(?P<y>(?:19|20)\d\d)(?![\d%]|[.,]\d|\s?%)")

Day = tuple[int, int, int | None]
Month = tuple[int, int | None]


@dataclass(slots=True)
class Dates:
    """The days (month, day, year), months (month, year) and years that a text states; a year may be left unsaid."""

    days: dict[Day, str] = field(default_factory=dict)
    months: dict[Month, str] = field(default_factory=dict)
    years: dict[int, str] = field(default_factory=dict)


def read(text: str) -> tuple[Dates, str]:
    """The dates in `text`, and `text` with them made spaces, so that their digits aren't taken for figures."""
    found = Dates()
    for pattern in _DAYS:
        for match in pattern.finditer(text):
            found.days[_month(match), int(match["d"]), _year(match)] = match[0]
        text = _blank(text, pattern)
    for pattern in _MONTHS:
        for match in pattern.finditer(text):
            found.months[_month(match), _year(match)] = match[0]
        text = _blank(text, pattern)
    for match in _YEAR.finditer(text):
        found.years[int(match["y"])] = match[0]
    return found, _blank(text, _YEAR)


def of_period(period: Period) -> Dates:
    """What a figure over `period` lets one say: its first and last day, its month or months at both ends, its years."""
    ends = (period.start, period.end)
    return Dates(
        {(d.month, d.day, d.year): "" for d in ends},
        {(d.month, d.year): "" for d in ends},
        {d.year: "" for d in ends},
    )


def union(many: Iterable[Dates]) -> Dates:
    whole = Dates()
    for one in many:
        whole.days |= one.days
        whole.months |= one.months
        whole.years |= one.years
    return whole


def unknown(said: Dates, known: Dates) -> list[str]:
    """What is said of dates and is not known. A day vouches for its month, a month for its year."""
    months = set(known.months) | {(m, y) for m, _, y in known.days}
    years = set(known.years) | {y for _, y in months if y}
    wrong = [text for (m, d, y), text in said.days.items() if not _holds(known.days, m, d, y)]
    wrong += [text for (m, y), text in said.months.items() if not any(m == k and y in (None, ky) for k, ky in months)]
    return wrong + [text for y, text in said.years.items() if y not in years]


def _holds(days: Iterable[Day], month: int, day: int, year: int | None) -> bool:
    return any((month, day) == (m, d) and (year is None or y is None or year == y) for m, d, y in days)


def of_day(day: date) -> Dates:
    return of_period(Period(day, day))


def _month(match: re.Match[str]) -> int:
    groups = match.groupdict()
    return int(groups["m"]) if groups.get("m") else _SHORT[groups["n"].lower().replace("setiembre", "septiembre")[:3]]


def _year(match: re.Match[str]) -> int | None:
    return int(match["y"]) if match["y"] else None


def _blank(text: str, pattern: re.Pattern[str]) -> str:
    return pattern.sub(lambda m: " " * len(m[0]), text)
