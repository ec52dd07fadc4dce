"""Times that are named: days, months, quarters, seasons. Each rule: what was matched, what it means."""

import re
from datetime import date, timedelta

from assistant.seasons import LABELS, NAMES, season
from assistant.time.said import (
    PAST,
    count_of,
    latest_year,
    month_of,
    year_said,
)
from assistant.time.when import When, named, so_far, span
from core.periods import MONTHS, Grain, Period, add_months, label


def dates(match: re.Match[str], today: date, country: str) -> When | None:
    """'entre el 3 y el 18 de octubre', 'del 28 de septiembre al 3 de octubre de 2025'."""
    first, last = _day_number(match["d1"]), _day_number(match["d2"])
    if match["m2"] is None:
        month2, year2 = today.month, today.year
        if last > today.day:
            month2, year2 = (today.month - 1 or 12), today.year - (today.month == 1)
        end = date(year2, month2, last)
        return named(Period(end.replace(day=first), end))
    month2 = MONTHS.index(match["m2"]) + 1
    year2 = year_said(match["y2"], today) or latest_year(month2, today, 1)
    end = date(year2, month2, last)
    month1 = MONTHS.index(match["m1"]) + 1 if match["m1"] else month2
    # 'del 5 al 2 de octubre' is a slip, to be asked about; only a month of its own may lie in the year before.
    crosses = match["m1"] is not None and (month1, first) > (month2, last)
    year1 = year_said(match["y1"], today) or (year2 - 1 if crosses else year2)
    return named(Period(date(year1, month1, first), end))


def _day_number(text: str) -> int:
    return 1 if text in ("primero", "1o") else int(text)


def _numeric(text: str, today: date) -> date:
    parts = [int(p) for p in re.split("[/-]", text)]
    if len(text.split("/" if "/" in text else "-")[0]) == 4:
        year, month, day = parts  # ValueError where it is '2026-10' or a number of another kind: no day is meant
        return date(year, month, day)
    day, month = parts[0], parts[1]
    if len(parts) == 3:
        return date(parts[2] if parts[2] > 99 else 2000 + parts[2], month, day)
    return date(latest_year(month, today, day), month, day)


def numeric_range(match: re.Match[str], today: date, country: str) -> When | None:
    return named(Period(_numeric(match["a"], today), _numeric(match["b"], today)))


def numeric_one(match: re.Match[str], today: date, country: str) -> When | None:
    day = _numeric(match["a"], today)
    if match["since"]:
        return since_day(day, today)
    return named(Period(day, day))


def since_day(first: date, today: date) -> When:
    if first > today:
        raise ValueError("starts after today")
    period = Period(first, today)
    return When(period, f"{label(period)}" if period.grain else f"desde el {label(Period(first, first))}", "named")


def months(match: re.Match[str], today: date, country: str) -> When | None:
    """'entre enero y marzo', 'de octubre a diciembre de 2025'."""
    last_year, last = month_of(match, "m2", "y2", today)
    first = MONTHS.index(match["m1"]) + 1
    first_year = year_said(match["y1"], today) or (last_year if first <= last else last_year - 1)
    period = Period(date(first_year, first, 1), Period.month(last_year, last).end)
    return named(period)


def one_day(match: re.Match[str], today: date, country: str) -> When | None:
    month, day = MONTHS.index(match["m"]) + 1, _day_number(match["d"])
    found = date(year_said(match["y"], today) or latest_year(month, today, day), month, day)
    if match["since"]:
        return since_day(found, today)
    return named(Period(found, found))


def two_days(match: re.Match[str], today: date, country: str) -> When | None:
    """'el 3 y 4 de octubre'."""
    month = MONTHS.index(match["m"]) + 1
    first, last = int(match["d1"]), int(match["d2"])
    if last != first + 1:
        return None
    year = year_said(match["y"], today) or latest_year(month, today, first)
    return named(Period(date(year, month, first), date(year, month, last)))


def fortnight(match: re.Match[str], today: date, country: str) -> When | None:
    if match["m"]:
        year, month = month_of(match, "m", "y", today)
    else:
        year, month = today.year, today.month
        if match["of"] and match["of"].endswith(("pasado", "anterior")):
            before = add_months(today.replace(day=1), -1)
            year, month = before.year, before.month
    whole = Period.month(year, month)
    middle = whole.start + timedelta(days=14)
    if match["which"] in ("primera", "1a", "1ra", "1"):
        period, text = Period(whole.start, middle), "1.ª quincena"
    elif match["which"]:
        period, text = Period(middle + timedelta(days=1), whole.end), "2.ª quincena"
    else:
        return None
    return When(period, f"{text} de {label(whole)}", "named")


def week_of_month(match: re.Match[str], today: date, country: str) -> When | None:
    """Days 1 to 7, 8 to 14 …; the last one is the month's last seven days."""
    year, month = month_of(match, "m", "y", today) if match["m"] else (today.year, today.month)
    whole = Period.month(year, month)
    if match["n"] == "ultima":
        return named(Period(whole.end - timedelta(days=6), whole.end))
    first = whole.start + timedelta(days=7 * ("primera", "segunda", "tercera", "cuarta").index(match["n"]))
    return named(Period(first, first + timedelta(days=6)))


def this_fortnight(match: re.Match[str], today: date, country: str) -> When | None:
    past = bool(re.search(PAST, match.group()))
    whole = span(Grain.month, today)
    middle = whole.start + timedelta(days=14)
    second = today > middle
    if past:
        if second:
            return When(Period(whole.start, middle), f"1.ª quincena de {label(whole)}", "today")
        before = whole.previous()
        return When(Period(before.start + timedelta(days=15), before.end), f"2.ª quincena de {label(before)}", "today")
    start = middle + timedelta(days=1) if second else whole.start
    name = "2.ª" if second else "1.ª"
    return When(Period(start, today), f"{name} quincena de {label(whole)} hasta hoy", "today")


_ORDINALS = {
    "primer": 1, "primero": 1, "1er": 1, "1": 1, "1o": 1, "segundo": 2, "2do": 2, "2": 2, "2o": 2, "tercer": 3,
    "tercero": 3, "3er": 3, "3": 3, "3o": 3, "cuarto": 4, "4to": 4, "4": 4, "4o": 4, "ultimo": 9,
    "i": 1, "ii": 2, "iii": 3, "iv": 4,
}  # fmt: skip
ORDINAL = r"(?P<n>primer|primero|segundo|tercer|tercero|cuarto|ultimo|iv|i{1,3}|[1-6](?: ?(?:er|do|to|o|ro|a))?)"


def part_of_year(match: re.Match[str], today: date, country: str) -> When | None:
    size = {"trimestre": 3, "semestre": 6, "cuatrimestre": 4, "bimestre": 2}[match["unit"]]
    word = match["n"].split()[0]
    which = _ORDINALS.get(word) or int(re.sub(r"\D", "", word) or 0)
    said = year_said(match["y"], today)
    if which == 9:
        if said is None:
            return None
        which = 12 // size
    if not 1 <= which <= 12 // size:
        raise ValueError("no such part of a year")
    month = (which - 1) * size + 1
    year = said or (today.year if month <= today.month else today.year - 1)
    first = date(year, month, 1)
    period = Period(first, add_months(first, size) - timedelta(days=1))
    text = label(period) if size == 3 else f"{which}.º {match['unit']} {year}"
    return When(period, text, "named", period.grain)


def quarter_code(match: re.Match[str], today: date, country: str) -> When | None:
    which = int(match["n"])
    month = which * 3 - 2
    year = year_said(match["y"], today) or (today.year if month <= today.month else today.year - 1)
    return named(span(Grain.quarter, date(year, month, 1)))


def semester(match: re.Match[str], today: date, country: str) -> When | None:
    """'este semestre', 'el semestre pasado'."""
    first = date(today.year, 1 if today.month <= 6 else 7, 1)
    past = re.search(PAST, match.group()) is not None
    first = add_months(first, -6) if past else first
    whole = Period(first, add_months(first, 6) - timedelta(days=1))
    name = f"{1 if first.month == 1 else 2}.º semestre {first.year}"
    if past:
        return When(whole, name, "today", months=6)
    return When(Period(first, today), so_far(whole, today, name), "today", to_date=whole.end != today, months=6)


def whole_month(match: re.Match[str], today: date, country: str) -> When | None:
    year, month = month_of(match, "m", "y", today)
    period = Period.month(year, month)
    if match["since"]:
        return since_day(period.start, today)
    return named(period)


def month_before_year(match: re.Match[str], today: date, country: str) -> When | None:
    """'mes de octubre del 2025' is a month; '10-2025' too."""
    return named(Period.month(int(match["y"]), int(match["n"])))


def until(match: re.Match[str], today: date, country: str) -> When | None:
    """'hasta el 10 de octubre' is from that month's first day, 'hasta octubre' from January; 'antes de' stops short."""
    if _OPENED.search(match.string[: match.start()].strip()):
        return None
    month = MONTHS.index(match["m"]) + 1
    day = _day_number(match["d"]) if match["d"] else None
    year = year_said(match["y"], today) or latest_year(month, today, day or 1)
    end = date(year, month, day) if day else Period.month(year, month).end
    if match["short"]:
        end = (date(year, month, day) if day else date(year, month, 1)) - timedelta(days=1)
    start = end.replace(day=1) if day and end.month == month else date(end.year, 1, 1)
    return named(Period(start, end))


_OPENED = re.compile(r"(?:desde|entre|del?)(?: \S+){0,6}$")


def after(match: re.Match[str], today: date, country: str) -> When | None:
    """'después del 15 de octubre', 'después de septiembre': from the day after until today."""
    month = MONTHS.index(match["m"]) + 1
    day = _day_number(match["d"]) if match["d"] else None
    year = year_said(match["y"], today) or latest_year(month, today, day or 1)
    last = date(year, month, day) if day else Period.month(year, month).end
    return since_day(last + timedelta(days=1), today)


def half_of(match: re.Match[str], today: date, country: str) -> When | None:
    """'la primera mitad de octubre' is its first fortnight, of a year its first semester."""
    second = match["n"].startswith(("seg", "2"))
    if match["m"]:
        year, month = month_of(match, "m", "y", today)
        whole, middle = Period.month(year, month), date(year, month, 15)
    else:
        year = int(match["yy"]) if match["yy"] else today.year
        whole, middle = Period(date(year, 1, 1), date(year, 12, 31)), date(year, 6, 30)
    return named(Period(middle + timedelta(days=1), whole.end) if second else Period(whole.start, middle))


def third_of(match: re.Match[str], today: date, country: str) -> When | None:
    """'a principios de octubre': its first ten days; 'a mediados' the next ten, 'a fines' the rest."""
    year, month = month_of(match, "m", "y", today)
    whole = Period.month(year, month)
    if match["part"].startswith("f"):
        return named(Period(date(year, month, 21), whole.end))
    first = 11 if match["part"] == "mediados" else 1
    return named(Period(date(year, month, first), date(year, month, first + 9)))


def last_days_of(match: re.Match[str], today: date, country: str) -> When | None:
    """'los últimos 5 días de octubre'."""
    year, month = month_of(match, "m", "y", today)
    whole = Period.month(year, month)
    return named(Period(max(whole.start, whole.end - timedelta(days=count_of(match["n"]) - 1)), whole.end))


def plain_year(match: re.Match[str], today: date, country: str) -> When | None:
    period = span(Grain.year, date(int(match["y"]), 1, 1))
    if match["since"]:
        return since_day(period.start, today)
    return named(period)


def in_season(match: re.Match[str], today: date, country: str) -> When | None:
    name = next(n for pattern, n in NAMES.items() if re.fullmatch(pattern, match["s"]))
    said = year_said(match["y"], today)
    years: tuple[int, ...] = (said,) if said else (today.year, today.year - 1, today.year - 2)
    if said and name == "verano" and said == today.year and season(name, said, country) is not None:
        years = (said, said - 1)
    for year in years:
        found = season(name, year, country)
        if found is None and said:
            raise ValueError("date not known")
        if found and (said or found.start <= today):
            return When(found, f"{LABELS[name]} {year} ({_days(found)})", "named")
    raise ValueError("date not known")


def _days(period: Period) -> str:
    first, last = (f"{day.day}-{MONTHS[day.month - 1][:3]}" for day in (period.start, period.end))
    return first if period.days == 1 else f"{first} al {last}"
