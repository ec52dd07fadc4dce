"""Times that move with the day of asking: hoy, la semana pasada, los últimos tres meses."""

import re
from dataclasses import replace
from datetime import date, timedelta

from assistant.time.said import (
    DAYS,
    PAST,
    count_of,
    grain_of,
    latest_year,
    month_of,
    year_said,
)
from assistant.time.when import Hours, When, named, past, span, to_date
from core.periods import MONTHS, WEEKDAYS, Grain, Period, label


def single(day: date, hours: Hours | None = None, part: str = "") -> When:
    period = Period(day, day)
    return When(period, f"{label(period)}{part}", "today", Grain.day, hours)


PARTS: dict[str, tuple[Hours, str]] = {
    "manana": ((0, 11), " en la mañana"), "tarde": ((12, 19), " en la tarde"), "noche": ((20, 23), " en la noche"),
    "mediodia": ((12, 14), " a mediodía"), "madrugada": ((0, 5), " en la madrugada"),
}  # fmt: skip
PART = r"(?P<part>manana|tarde|noche|mediodia|madrugada)"


def on_today(match: re.Match[str], today: date, country: str) -> When | None:
    part = match.groupdict().get("part")
    hours, text = PARTS[part] if part else (None, "")
    return single(today, hours, text)


def yesterday(match: re.Match[str], today: date, country: str) -> When | None:
    part = match.groupdict().get("part")
    hours, text = PARTS[part] if part else (None, "")
    back = 2 if re.search("antes|ante", match.group()) else 1
    return single(today - timedelta(days=back), hours, text)


def this_one(match: re.Match[str], today: date, country: str) -> When | None:
    return to_date(grain_of(match["unit"]), today)


def last_one(match: re.Match[str], today: date, country: str) -> When | None:
    return past(grain_of(match["unit"]), today)


def before_last(match: re.Match[str], today: date, country: str) -> When | None:
    return past(grain_of(match["unit"]), today, 2)


def ago(match: re.Match[str], today: date, country: str) -> When | None:
    return past(grain_of(match["unit"]), today, count_of(match["n"]))


def rolling(match: re.Match[str], today: date, country: str) -> When | None:
    """'últimos 90 días' end today; 'últimos 3 meses' are whole months, with this one where today ends it."""
    return last_ones(count_of(match["n"]) if match["n"] else 1, grain_of(match["unit"]), today)


def half_year(match: re.Match[str], today: date, country: str) -> When | None:
    return last_ones(6, Grain.month, today)


def first_days(match: re.Match[str], today: date, country: str) -> When | None:
    """'los primeros 10 días de octubre'."""
    year, month = month_of(match, "m", "y", today) if match["m"] else (today.year, today.month)
    whole = Period.month(year, month)
    return named(Period(whole.start, min(whole.start + timedelta(days=count_of(match["n"]) - 1), whole.end)))


def last_ones(count: int, grain: Grain, today: date) -> When:
    if not 0 < count <= 3700:
        raise ValueError("out of range")
    if grain is Grain.day:
        period = Period(today - timedelta(days=count - 1), today)
        if count == 1:
            return single(today)
        return When(period, f"últimos {count} días ({label(period)})", "today")
    if grain is Grain.year:
        grain, count = Grain.month, count * 12
    whole = span(grain, today)
    after = whole.end + timedelta(days=1) if whole.end == today else whole.start
    period = Period(grain.after(after, -count), after - timedelta(days=1))
    if count == 1:
        return When(period, label(period), "today", grain)
    names = {Grain.week: "semanas", Grain.month: "meses", Grain.quarter: "trimestres"}
    gender = "últimas" if grain is Grain.week else "últimos"
    return When(period, f"{gender} {count} {names[grain]} ({label(period)})", "today", period.grain)


def weekday(match: re.Match[str], today: date, country: str) -> When | None:
    which = DAYS.index(match["w"].rstrip("s") if match["w"] in ("sabados", "domingos") else match["w"])
    back = (today.weekday() - which) % 7
    if re.search(r"\bpasado|anterior|ultimo", match.group()):
        back = back or 7
    day = today - timedelta(days=back)
    part = match.groupdict().get("part")
    hours, text = PARTS[part] if part else (None, "")
    return replace(single(day, hours), label=f"{WEEKDAYS[which]} {label(Period(day, day))}{text}")


def since_weekday(match: re.Match[str], today: date, country: str) -> When | None:
    """'desde el lunes': from the latest one until today."""
    first = today - timedelta(days=(today.weekday() - DAYS.index(match["w"])) % 7)
    return named(Period(first, today))


def since_yesterday(match: re.Match[str], today: date, country: str) -> When | None:
    return named(Period(today - timedelta(days=1), today))


def weekday_of_week(match: re.Match[str], today: date, country: str) -> When | None:
    """'el martes de la semana pasada'."""
    which, said = DAYS.index(match["w"]), match["which"]
    back = 0 if not said else 14 if said.startswith("antepasad") else 7
    day = today - timedelta(days=today.weekday() - which + back)
    if day > today:
        raise ValueError("that day is still to come")
    return replace(single(day), label=f"{WEEKDAYS[which]} {label(Period(day, day))}")


def weekdays(match: re.Match[str], today: date, country: str) -> When | None:
    """'del miércoles al viernes', 'de la semana pasada': the latest such days that are over or under way."""
    first, last, said = DAYS.index(match["w"]), DAYS.index(match["v"]), match["which"]
    if said:
        monday = today - timedelta(days=today.weekday() + (14 if said.startswith("antepasad") else 7))
        end = monday + timedelta(days=last)
    else:
        end = today - timedelta(days=(today.weekday() - last) % 7)
    return named(Period(end - timedelta(days=(last - first) % 7), end))


def weekend(match: re.Match[str], today: date, country: str) -> When | None:
    saturday = today - timedelta(days=(today.weekday() - 5) % 7)
    if re.search(PAST, match.group()) and today.weekday() >= 5:
        saturday -= timedelta(days=7)
    elif saturday + timedelta(days=1) > today:
        period = Period(saturday, today)
        return When(period, f"fin de semana del {label(Period(saturday, saturday))}", "today", to_date=True)
    period = Period(saturday, saturday + timedelta(days=1))
    return When(period, f"fin de semana del {label(Period(saturday, saturday))}", "today")


def everything(match: re.Match[str], today: date, country: str) -> When | None:
    return When(Period(date(1970, 1, 1), today), "todos tus datos", "all")


def whole(match: re.Match[str], today: date, country: str) -> When | None:
    """'mejor día del mes', 'en todo el año'."""
    return to_date(grain_of(match["unit"]), today)


def week_of(match: re.Match[str], today: date, country: str) -> When | None:
    """'la semana del 18 de septiembre': the ISO week that holds the day."""
    month, day = MONTHS.index(match["m"]) + 1, int(match["d"])
    year = year_said(match["y"], today) or latest_year(month, today, day)
    return named(Period.of(Grain.week, date(year, month, day)))


def week_number(match: re.Match[str], today: date, country: str) -> When | None:
    """'la semana 40': by the ISO calendar, the latest one."""
    year = int(match["y"]) if match["y"] else today.year
    first = date.fromisocalendar(year, int(match["n"]), 1)
    if first > today and not match["y"]:
        first = date.fromisocalendar(year - 1, int(match["n"]), 1)
    return named(Period.of(Grain.week, first))


def weekday_number(match: re.Match[str], today: date, country: str) -> When | None:
    """'el viernes 30': the latest 30th that was a Friday, within a year."""
    which, day = DAYS.index(match["w"]), int(match["d"])
    for back in range(366):
        candidate = today - timedelta(days=back)
        if candidate.day == day and candidate.weekday() == which:
            return replace(
                named(Period(candidate, candidate)), label=f"{WEEKDAYS[which]} {label(Period(candidate, candidate))}"
            )
    raise ValueError("no such day")


def so_far(match: re.Match[str], today: date, country: str) -> When | None:
    return to_date(grain_of(match["unit"]), today)
