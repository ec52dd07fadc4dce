"""When: from Spanish to periods. Pure; 'today' is passed in, and what was assumed is said in the label."""

# ruff: noqa: E501  (a pattern is read more easily whole than broken)

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from assistant.seasons import LABELS, NAMES, season
from assistant.words.canonical import canonical, words
from assistant.words.common import NUMBERS
from core.periods import MONTHS, WEEKDAYS, Grain, Period, add_months, label

Anchor = Literal["named", "today", "all"]
Hours = tuple[int, int]


@dataclass(frozen=True, slots=True)
class When:
    """One stretch of time found in a question.

    `anchor`: 'today' moves with the day of asking (este mes, ayer) and may fall back to the latest full period with
    data, whose size is `grain`; 'named' is a date of its own; 'all' is everything there is. `hours` limits the day.
    """

    period: Period
    label: str
    anchor: Anchor = "named"
    grain: Grain | None = None
    hours: Hours | None = None
    to_date: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A stretch of time and where in the canonical text it stands."""

    start: int
    end: int
    when: When | None
    problem: str = ""


_MONTH = "|".join(MONTHS)
_NUMBER = rf"(?:\d{{1,4}}|{'|'.join(sorted(NUMBERS, key=len, reverse=True))})"
_YEAR = (
    r"(?: (?:de |del )?(?:(?:el )?ano (?=\d))?(?P<{y}>(?:19|20)\d\d|\d\d(?! de)(?= |$)|ano pasado|pasado ano|ano anterior"
    r"|este ano|presente ano|pasado|antepasado|ano antepasado))?"
)
_DAY = r"(?:primero|1o|\d{1,2})"
_WEEKDAY = "lunes|martes|miercoles|jueves|viernes|sabados?|domingos?"
_DAYS = ("lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo")
_PAST = r"(?:pasad[oa]|anterior|ultim[oa]|previ[oa])"


def parse_period(text: str, today: date, country: str = "CL") -> tuple[When, ...]:
    """The periods named in `text`, in the order they stand there; empty where it names none. Never raises."""
    return tuple(f.when for f in find(canonical(words(text)), today, country) if f.when)


def find(text: str, today: date, country: str = "CL") -> list[Found]:
    """All stretches of time in canonical `text`, longest first where they overlap, in reading order."""
    taken: list[Found] = []
    for pattern, read in _RULES:
        for match in pattern.finditer(text):
            start, end = match.span()
            if any(start < f.end and f.start < end for f in taken):
                continue
            try:
                found = read(match, today, country)
            except (ValueError, OverflowError):  # 31 de febrero, year 0
                taken.append(Found(start, end, None, match.group().strip()))
                continue
            if found is not None:
                taken.append(Found(start, end, found))
    return sorted(taken, key=lambda f: f.start)


def _number(text: str) -> int:
    return NUMBERS[text] if text in NUMBERS else int(text)


def _year(text: str | None, today: date) -> int | None:
    if not text:
        return None
    if text.isdigit():
        return int(text) if len(text) == 4 else 2000 + int(text)
    if "antepasado" in text:
        return today.year - 2
    return today.year - 1 if "pasado" in text or "anterior" in text else today.year


def _latest(month: int, today: date, day: int = 1) -> int:
    """The year of the latest such day not after today."""
    return today.year if (month, day) <= (today.month, today.day) else today.year - 1


def _month_of(match: re.Match[str], month: str, year: str, today: date) -> tuple[int, int]:
    number = MONTHS.index(match[month]) + 1
    said = match[year]
    if said in ("pasado", "antepasado") and said == "pasado":
        # "octubre pasado" in October is last year's; otherwise simply the latest one
        return (today.year - 1 if number == today.month else _latest(number, today)), number
    return _year(said, today) or _latest(number, today), number


def _named(period: Period, text: str = "") -> When:
    return When(period, text or label(period), "named", period.grain)


def _span(grain: Grain, day: date) -> Period:
    return Period.of(grain, day)


def _to_date(grain: Grain, today: date) -> When:
    """This month, until today."""
    whole = _span(grain, today)
    period = Period(whole.start, today)
    text = label(whole) if whole.end == today else f"{label(whole)} hasta el {today.day}-{MONTHS[today.month - 1][:3]}"
    return When(period, text, "today", grain, to_date=whole.end != today)


def _past(grain: Grain, today: date, steps: int = 1) -> When:
    period = _span(grain, grain.after(grain.first_day(today), -steps))
    return When(period, label(period), "today", grain)


_GRAINS = {
    "dia": Grain.day, "semana": Grain.week, "mes": Grain.month, "trimestre": Grain.quarter, "ano": Grain.year,
}  # fmt: skip
_UNIT = r"dias?|semanas?|mes(?:es)?|trimestres?|anos?"


def _grain(text: str) -> Grain:
    return _GRAINS[text if text in _GRAINS else text.removesuffix("es") if text == "meses" else text.removesuffix("s")]


# -- each rule: what it looks like, what it means


def _dates(match: re.Match[str], today: date, country: str) -> When | None:
    """'entre el 3 y el 18 de octubre', 'del 28 de septiembre al 3 de octubre de 2025'."""
    first, last = _day_number(match["d1"]), _day_number(match["d2"])
    if match["m2"] is None:
        month2, year2 = today.month, today.year
        if last > today.day:
            month2, year2 = (today.month - 1 or 12), today.year - (today.month == 1)
        end = date(year2, month2, last)
        return _named(Period(end.replace(day=first), end))
    month2 = MONTHS.index(match["m2"]) + 1
    year2 = _year(match["y2"], today) or _latest(month2, today, 1)
    end = date(year2, month2, last)
    month1 = MONTHS.index(match["m1"]) + 1 if match["m1"] else month2
    # 'del 5 al 2 de octubre' is a slip, to be asked about; only a month of its own may lie in the year before.
    crosses = match["m1"] is not None and (month1, first) > (month2, last)
    year1 = _year(match["y1"], today) or (year2 - 1 if crosses else year2)
    return _named(Period(date(year1, month1, first), end))


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
    return date(_latest(month, today, day), month, day)


def _numeric_range(match: re.Match[str], today: date, country: str) -> When | None:
    return _named(Period(_numeric(match["a"], today), _numeric(match["b"], today)))


def _numeric_one(match: re.Match[str], today: date, country: str) -> When | None:
    day = _numeric(match["a"], today)
    if match["since"]:
        return _since(day, today)
    return _named(Period(day, day))


def _since(first: date, today: date) -> When:
    if first > today:
        raise ValueError("starts after today")
    period = Period(first, today)
    return When(period, f"{label(period)}" if period.grain else f"desde el {label(Period(first, first))}", "named")


def _months(match: re.Match[str], today: date, country: str) -> When | None:
    """'entre enero y marzo', 'de octubre a diciembre de 2025'."""
    last_year, last = _month_of(match, "m2", "y2", today)
    first = MONTHS.index(match["m1"]) + 1
    first_year = _year(match["y1"], today) or (last_year if first <= last else last_year - 1)
    period = Period(date(first_year, first, 1), Period.month(last_year, last).end)
    return _named(period)


def _one_day(match: re.Match[str], today: date, country: str) -> When | None:
    month, day = MONTHS.index(match["m"]) + 1, _day_number(match["d"])
    found = date(_year(match["y"], today) or _latest(month, today, day), month, day)
    if match["since"]:
        return _since(found, today)
    return _named(Period(found, found))


def _two_days(match: re.Match[str], today: date, country: str) -> When | None:
    """'el 3 y 4 de octubre'."""
    month = MONTHS.index(match["m"]) + 1
    first, last = int(match["d1"]), int(match["d2"])
    if last != first + 1:
        return None
    year = _year(match["y"], today) or _latest(month, today, first)
    return _named(Period(date(year, month, first), date(year, month, last)))


def _fortnight(match: re.Match[str], today: date, country: str) -> When | None:
    if match["m"]:
        year, month = _month_of(match, "m", "y", today)
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


def _week_of_month(match: re.Match[str], today: date, country: str) -> When | None:
    """Days 1 to 7, 8 to 14 …; the last one is the month's last seven days."""
    year, month = _month_of(match, "m", "y", today) if match["m"] else (today.year, today.month)
    whole = Period.month(year, month)
    if match["n"] == "ultima":
        return _named(Period(whole.end - timedelta(days=6), whole.end))
    first = whole.start + timedelta(days=7 * ("primera", "segunda", "tercera", "cuarta").index(match["n"]))
    return _named(Period(first, first + timedelta(days=6)))


def _this_fortnight(match: re.Match[str], today: date, country: str) -> When | None:
    past = bool(re.search(_PAST, match.group()))
    whole = _span(Grain.month, today)
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
_ORDINAL = r"(?P<n>primer|primero|segundo|tercer|tercero|cuarto|ultimo|iv|i{1,3}|[1-6](?: ?(?:er|do|to|o|ro|a))?)"


def _part_of_year(match: re.Match[str], today: date, country: str) -> When | None:
    size = {"trimestre": 3, "semestre": 6, "cuatrimestre": 4, "bimestre": 2}[match["unit"]]
    word = match["n"].split()[0]
    which = _ORDINALS.get(word) or int(re.sub(r"\D", "", word) or 0)
    said = _year(match["y"], today)
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


def _quarter_code(match: re.Match[str], today: date, country: str) -> When | None:
    which = int(match["n"])
    month = which * 3 - 2
    year = _year(match["y"], today) or (today.year if month <= today.month else today.year - 1)
    return _named(_span(Grain.quarter, date(year, month, 1)))


def _half(match: re.Match[str], today: date, country: str) -> When | None:
    """'este semestre', 'el semestre pasado'."""
    first = date(today.year, 1 if today.month <= 6 else 7, 1)
    if re.search(_PAST, match.group()):
        first = add_months(first, -6)
        period = Period(first, add_months(first, 6) - timedelta(days=1))
    else:
        period = Period(first, today)
    return When(period, f"{1 if first.month == 1 else 2}.º semestre {first.year}", "today")


def _month(match: re.Match[str], today: date, country: str) -> When | None:
    year, month = _month_of(match, "m", "y", today)
    period = Period.month(year, month)
    if match["since"]:
        return _since(period.start, today)
    return _named(period)


def _month_before_year(match: re.Match[str], today: date, country: str) -> When | None:
    """'mes de octubre del 2025' is a month; '10-2025' too."""
    return _named(Period.month(int(match["y"]), int(match["n"])))


def _until(match: re.Match[str], today: date, country: str) -> When | None:
    """'hasta el 10 de octubre' is from that month's first day, 'hasta octubre' from January; 'antes de' stops short."""
    if _OPENED.search(match.string[: match.start()].strip()):
        return None
    month = MONTHS.index(match["m"]) + 1
    day = _day_number(match["d"]) if match["d"] else None
    year = _year(match["y"], today) or _latest(month, today, day or 1)
    end = date(year, month, day) if day else Period.month(year, month).end
    if match["short"]:
        end = (date(year, month, day) if day else date(year, month, 1)) - timedelta(days=1)
    start = end.replace(day=1) if day and end.month == month else date(end.year, 1, 1)
    return _named(Period(start, end))


_OPENED = re.compile(r"(?:desde|entre|del?)(?: \S+){0,6}$")


def _after(match: re.Match[str], today: date, country: str) -> When | None:
    """'después del 15 de octubre', 'después de septiembre': from the day after until today."""
    month = MONTHS.index(match["m"]) + 1
    day = _day_number(match["d"]) if match["d"] else None
    year = _year(match["y"], today) or _latest(month, today, day or 1)
    last = date(year, month, day) if day else Period.month(year, month).end
    return _since(last + timedelta(days=1), today)


def _half_of(match: re.Match[str], today: date, country: str) -> When | None:
    """'la primera mitad de octubre' is its first fortnight, of a year its first semester."""
    second = match["n"].startswith(("seg", "2"))
    if match["m"]:
        year, month = _month_of(match, "m", "y", today)
        whole, middle = Period.month(year, month), date(year, month, 15)
    else:
        year = int(match["yy"]) if match["yy"] else today.year
        whole, middle = Period(date(year, 1, 1), date(year, 12, 31)), date(year, 6, 30)
    return _named(Period(middle + timedelta(days=1), whole.end) if second else Period(whole.start, middle))


def _third_of(match: re.Match[str], today: date, country: str) -> When | None:
    """'a principios de octubre': its first ten days; 'a mediados' the next ten, 'a fines' the rest."""
    year, month = _month_of(match, "m", "y", today)
    whole = Period.month(year, month)
    if match["part"].startswith("f"):
        return _named(Period(date(year, month, 21), whole.end))
    first = 11 if match["part"] == "mediados" else 1
    return _named(Period(date(year, month, first), date(year, month, first + 9)))


def _last_days_of(match: re.Match[str], today: date, country: str) -> When | None:
    """'los últimos 5 días de octubre'."""
    year, month = _month_of(match, "m", "y", today)
    whole = Period.month(year, month)
    return _named(Period(max(whole.start, whole.end - timedelta(days=_number(match["n"]) - 1)), whole.end))


def _plain_year(match: re.Match[str], today: date, country: str) -> When | None:
    period = _span(Grain.year, date(int(match["y"]), 1, 1))
    if match["since"]:
        return _since(period.start, today)
    return _named(period)


def _season(match: re.Match[str], today: date, country: str) -> When | None:
    name = next(n for pattern, n in NAMES.items() if re.fullmatch(pattern, match["s"]))
    said = _year(match["y"], today)
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
    if period.days == 1:
        return f"{period.start.day}-{MONTHS[period.start.month - 1][:3]}"
    return f"{period.start.day}-{MONTHS[period.start.month - 1][:3]} al {period.end.day}-{MONTHS[period.end.month - 1][:3]}"


def _single(day: date, hours: Hours | None = None, part: str = "") -> When:
    period = Period(day, day)
    return When(period, f"{label(period)}{part}", "today", Grain.day, hours)


_PARTS: dict[str, tuple[Hours, str]] = {
    "manana": ((0, 11), " en la mañana"), "tarde": ((12, 19), " en la tarde"), "noche": ((20, 23), " en la noche"),
    "mediodia": ((12, 14), " a mediodía"), "madrugada": ((0, 5), " en la madrugada"),
}  # fmt: skip
_PART = r"(?P<part>manana|tarde|noche|mediodia|madrugada)"


def _today(match: re.Match[str], today: date, country: str) -> When | None:
    part = match.groupdict().get("part")
    hours, text = _PARTS[part] if part else (None, "")
    return _single(today, hours, text)


def _yesterday(match: re.Match[str], today: date, country: str) -> When | None:
    part = match.groupdict().get("part")
    hours, text = _PARTS[part] if part else (None, "")
    back = 2 if re.search("antes|ante", match.group()) else 1
    return _single(today - timedelta(days=back), hours, text)


def to_date(grain: Grain, today: date) -> When:
    """The span of `grain` that holds today, until today."""
    return _to_date(grain, today)


def _this(match: re.Match[str], today: date, country: str) -> When | None:
    return _to_date(_grain(match["unit"]), today)


def _last(match: re.Match[str], today: date, country: str) -> When | None:
    return _past(_grain(match["unit"]), today)


def _before_last(match: re.Match[str], today: date, country: str) -> When | None:
    return _past(_grain(match["unit"]), today, 2)


def _ago(match: re.Match[str], today: date, country: str) -> When | None:
    return _past(_grain(match["unit"]), today, _number(match["n"]))


def _rolling(match: re.Match[str], today: date, country: str) -> When | None:
    """'últimos 90 días' end today; 'últimos 3 meses' are whole months, with this one where today ends it."""
    return _last_ones(_number(match["n"]) if match["n"] else 1, _grain(match["unit"]), today)


def _half_year(match: re.Match[str], today: date, country: str) -> When | None:
    return _last_ones(6, Grain.month, today)


def _first_days(match: re.Match[str], today: date, country: str) -> When | None:
    """'los primeros 10 días de octubre'."""
    year, month = _month_of(match, "m", "y", today) if match["m"] else (today.year, today.month)
    whole = Period.month(year, month)
    return _named(Period(whole.start, min(whole.start + timedelta(days=_number(match["n"]) - 1), whole.end)))


def _last_ones(count: int, grain: Grain, today: date) -> When:
    if not 0 < count <= 3700:
        raise ValueError("out of range")
    if grain is Grain.day:
        period = Period(today - timedelta(days=count - 1), today)
        if count == 1:
            return _single(today)
        return When(period, f"últimos {count} días ({label(period)})", "today")
    if grain is Grain.year:
        grain, count = Grain.month, count * 12
    whole = _span(grain, today)
    after = whole.end + timedelta(days=1) if whole.end == today else whole.start
    period = Period(grain.after(after, -count), after - timedelta(days=1))
    if count == 1:
        return When(period, label(period), "today", grain)
    names = {Grain.week: "semanas", Grain.month: "meses", Grain.quarter: "trimestres"}
    gender = "últimas" if grain is Grain.week else "últimos"
    return When(period, f"{gender} {count} {names[grain]} ({label(period)})", "today", period.grain)


def _weekday(match: re.Match[str], today: date, country: str) -> When | None:
    which = _DAYS.index(match["w"].rstrip("s") if match["w"] in ("sabados", "domingos") else match["w"])
    back = (today.weekday() - which) % 7
    if re.search(r"\bpasado|anterior|ultimo", match.group()):
        back = back or 7
    day = today - timedelta(days=back)
    part = match.groupdict().get("part")
    hours, text = _PARTS[part] if part else (None, "")
    return replace(_single(day, hours), label=f"{WEEKDAYS[which]} {label(Period(day, day))}{text}")


def _weekend(match: re.Match[str], today: date, country: str) -> When | None:
    saturday = today - timedelta(days=(today.weekday() - 5) % 7)
    if re.search(_PAST, match.group()) and today.weekday() >= 5:
        saturday -= timedelta(days=7)
    elif saturday + timedelta(days=1) > today:
        period = Period(saturday, today)
        return When(period, f"fin de semana del {label(Period(saturday, saturday))}", "today", to_date=True)
    period = Period(saturday, saturday + timedelta(days=1))
    return When(period, f"fin de semana del {label(Period(saturday, saturday))}", "today")


def _everything(match: re.Match[str], today: date, country: str) -> When | None:
    return When(Period(date(1970, 1, 1), today), "todos tus datos", "all")


def _whole(match: re.Match[str], today: date, country: str) -> When | None:
    """'mejor día del mes', 'en todo el año'."""
    return _to_date(_grain(match["unit"]), today)


def _month_so_far(match: re.Match[str], today: date, country: str) -> When | None:
    year, month = _month_of(match, "m", "y", today)
    whole = Period.month(year, month)
    return _to_date(Grain.month, today) if whole.holds(today) else _named(whole)


def _week_of(match: re.Match[str], today: date, country: str) -> When | None:
    """'la semana del 18 de septiembre': the ISO week that holds the day."""
    month, day = MONTHS.index(match["m"]) + 1, int(match["d"])
    return _named(Period.of(Grain.week, date(_year(match["y"], today) or _latest(month, today, day), month, day)))


def _week_number(match: re.Match[str], today: date, country: str) -> When | None:
    """'la semana 40': by the ISO calendar, the latest one."""
    year = int(match["y"]) if match["y"] else today.year
    first = date.fromisocalendar(year, int(match["n"]), 1)
    if first > today and not match["y"]:
        first = date.fromisocalendar(year - 1, int(match["n"]), 1)
    return _named(Period.of(Grain.week, first))


def _weekday_number(match: re.Match[str], today: date, country: str) -> When | None:
    """'el viernes 30': the latest 30th that was a Friday, within a year."""
    which, day = _DAYS.index(match["w"]), int(match["d"])
    for back in range(366):
        candidate = today - timedelta(days=back)
        if candidate.day == day and candidate.weekday() == which:
            return replace(
                _named(Period(candidate, candidate)), label=f"{WEEKDAYS[which]} {label(Period(candidate, candidate))}"
            )
    raise ValueError("no such day")


def _so_far(match: re.Match[str], today: date, country: str) -> When | None:
    return _to_date(_grain(match["unit"]), today)


Rule = Callable[[re.Match[str], date, str], When | None]
_SINCE = r"(?P<since>desde (?:el |la )?(?:1o? de |primero de |mes de )?)?"


def _compile(*pairs: tuple[str, Rule]) -> Iterator[tuple[re.Pattern[str], Rule]]:
    for pattern, rule in pairs:
        yield re.compile(rf"(?<![\w@])(?:{pattern})(?!\w)"), rule


def _y(name: str = "y") -> str:
    return _YEAR.replace("{y}", name)


def patterns() -> tuple[re.Pattern[str], ...]:
    """What times look like; their words are known to the speller."""
    return tuple(pattern for pattern, _ in _RULES)


_RULES = tuple(
    _compile(
        (rf"(?:los |en los )?primer(?:os|as) (?P<n>{_NUMBER}) dias (?:de (?P<m>{_MONTH}){_y()}|del mes)", _first_days),
        (r"(?:la |en la )?semana (?:numero )?(?P<n>\d{1,2})(?: (?:de |del )?(?P<y>20\d\d))?(?! de)", _week_number),
        (rf"(?:la |en la )?semana del (?:dia )?(?P<d>\d{{1,2}}) de (?P<m>{_MONTH}){_y()}", _week_of),
        (
            rf"(?:el |del |este )?(?:lunes|martes|miercoles|jueves|viernes|sabado|domingo) (?P<since>(?!))?(?P<d>\d{{1,2}}) (?:de )?"
            rf"(?P<m>{_MONTH}){_y()}",
            _one_day,
        ),
        (
            r"(?:el |del )?(?P<w>lunes|martes|miercoles|jueves|viernes|sabado|domingo) (?P<d>\d{1,2})(?! (?:unidades|productos|clientes))",
            _weekday_number,
        ),
        (
            rf"(?:entre|del?|desde)(?: el)?(?: dia)? (?P<d1>{_DAY})(?: de (?P<m1>{_MONTH}){_y('y1')})?"
            rf" (?:y|al?|hasta)(?: el)?(?: dia)? (?P<d2>{_DAY}) de (?P<m2>{_MONTH}){_y('y2')}",
            _dates,
        ),
        (
            rf"(?:entre el|del|desde el)(?: dia)? (?P<d1>{_DAY})(?P<m1>)?(?P<y1>)? (?:y el|al|hasta el)"
            rf"(?: dia)? (?P<d2>{_DAY})(?: (?:de|del) (?:este )?mes)?(?! de)(?P<m2>(?!))?(?P<y2>(?!))?",
            _dates,
        ),
        (
            r"(?:entre|del?|desde)?(?: ?el)? ?(?P<a>\d+[/-]\d+(?:[/-]\d+)?) (?:y|al?|hasta)(?: el)? (?P<b>\d+[/-]\d+(?:[/-]\d+)?)",
            _numeric_range,
        ),
        (
            rf"(?:entre|desde)(?: el mes de)? (?P<m1>{_MONTH}){_y('y1')} (?:y|al?|hasta)(?: el mes de)? (?P<m2>{_MONTH}){_y('y2')}",
            _months,
        ),
        (rf"(?:de )?(?P<m1>{_MONTH}){_y('y1')} (?:al?|hasta) (?P<m2>{_MONTH}){_y('y2')}", _months),
        (
            rf"(?:la |en la )?(?P<n>primera|segunda|tercera|cuarta|ultima) semana (?:de (?P<m>{_MONTH}){_y()}|del mes)",
            _week_of_month,
        ),
        (
            rf"(?:(?P<short>antes del?)|hasta)(?: el)?(?: mes de)?(?: dia)?(?: (?P<d>{_DAY}) de)? (?P<m>{_MONTH}){_y()}",
            _until,
        ),
        (rf"(?:despues|pasad[oa]) del?(?: dia)?(?: (?P<d>{_DAY}) de)? (?P<m>{_MONTH}){_y()}", _after),
        (
            rf"(?:la |en la )?(?P<n>primera|segunda|1ra|2da|1a|2a) mitad (?:de (?P<m>{_MONTH}){_y()}|de(?:l ano)? (?P<yy>20\d\d)|del ano)",
            _half_of,
        ),
        (
            rf"(?:a |en )?(?P<part>principios?|comienzos?|inicios?|mediados|fines|finales) de (?P<m>{_MONTH}){_y()}",
            _third_of,
        ),
        (rf"(?:los |en los )?ultimos (?P<n>{_NUMBER}) dias (?:de|del mes de) (?P<m>{_MONTH}){_y()}", _last_days_of),
        (rf"(?:el )?(?P<d1>\d{{1,2}}) y (?:el )?(?P<d2>\d{{1,2}}) de (?P<m>{_MONTH}){_y()}", _two_days),
        (rf"(?:(?P<since>desde )|(?:el )?)(?:el )?(?:dia )?(?P<d>{_DAY}) (?:de )?(?P<m>{_MONTH}){_y()}", _one_day),
        (r"(?:(?P<since>desde )|(?:el )?)(?:el )?(?P<a>\d{1,4}[/-]\d{1,2}[/-]\d{1,4})", _numeric_one),
        (r"(?P<n>0?[1-9]|1[0-2])[/-](?P<y>20\d\d)", _month_before_year),
        (r"(?:(?P<since>desde )|(?:el )?)(?:el )?(?P<a>\d{1,2}[/-]\d{1,2})", _numeric_one),
        (
            rf"(?:la )?(?P<which>primera|segunda|1(?: ?(?:ra|a))?|2(?: ?(?:da|a))?) quincena"
            rf"(?: de (?P<m>{_MONTH}){_y()}| (?P<of>(?:de|del) (?:este )?mes(?: pasado| anterior)?))?",
            _fortnight,
        ),
        (r"(?:en |de )?(?:esta|la|ultima|la ultima) quincena(?: pasada| anterior)?", _this_fortnight),
        (
            rf"{_ORDINAL} (?P<unit>trimestre|semestre|cuatrimestre|bimestre){_y()}",
            _part_of_year,
        ),
        (rf"(?:q|t|trimestre )(?P<n>[1-4]){_y()}", _quarter_code),
        (rf"(?P<unit>semestre|cuatrimestre|bimestre) (?P<n>[1-6]|iv|i{{1,3}}){_y()}", _part_of_year),
        (r"(?:este|del|el) semestre(?: pasado| anterior)?|ultimo semestre", _half),
        (rf"(?P<s>{'|'.join(NAMES)}){_y()}", _season),
        (rf"(?:el )?(?:mes de )?{_SINCE}(?:mes de )?(?P<m>{_MONTH}){_y()}", _month),
        (r"(?:el |este |del )?fin de semana(?: pasado| anterior)?|(?:el )?ultimo fin de semana", _weekend),
        (rf"(?:ayer|anoche)(?: (?:en|por|a) la| a)? {_PART}", _yesterday),
        (rf"hoy (?:en|por|a) (?:la )?{_PART}", _today),
        (rf"(?:esta|la) {_PART}", _today),
        (r"antes de ayer|anteayer|antes ayer", _yesterday),
        (r"ayer|anoche|dia anterior", _yesterday),
        (
            r"(?:en )?lo que (?:va|vamos|llevamos|llevo|lleva) (?:de |del |de la |de este |de esta )(?P<unit>mes|ano|semana|trimestre)",
            _so_far,
        ),
        (r"(?:(?:el )?dia de )?hoy(?: dia)?|(?:cerrar (?:bien )?|termina |resumen )(?:el|del) dia|ahora mismo", _today),
        (
            r"(?:est[ae]|presente|actual) (?P<unit>semana|mes|trimestre|ano)(?: actual)?|(?:el |la )?(?P<unit2>(?!))",
            _this,
        ),
        (r"(?:el |la |del |de la )?(?P<unit>semana|mes|trimestre|ano) (?:actual|en curso|corriente)", _this),
        (r"(?:mtd)(?P<unit>(?!))?", lambda m, t, c: _to_date(Grain.month, t)),
        (r"ytd", lambda m, t, c: _to_date(Grain.year, t)),
        (
            r"(?:el |la |del )?(?P<unit>semana|mes|trimestre|ano) (?:antepasad[oa]|trasanterior)|(?:antepasad[oa]) (?P<u2>(?!))",
            _before_last,
        ),
        (
            r"(?:el |la |del )?(?P<unit>semana|mes|trimestre|ano) (?:pasad[oa]|anterior|previ[oa]|que (?:paso|recien paso|termino|acaba de pasar))",
            _last,
        ),
        (r"(?:el |la )?(?:pasad[oa]) (?P<unit>semana|mes|trimestre|ano)", _last),
        (r"(?:el |la )?ultimo medio ano", _half_year),
        (rf"(?:el |los |las |la )?(?:ultim[oa]s?|pasad[oa]s) (?P<n>{_NUMBER}) (?P<unit>{_UNIT})", _rolling),
        (rf"(?:los |las )?(?P<n>{_NUMBER}) (?P<unit>{_UNIT}) mas recientes", _rolling),
        (r"(?:(?<=venta )|(?<=ventas )|(?<=cierre ))del dia(?! (?:con|de|que|en|mas))", _today),
        (r"(?:el |la )?(?P<n>)?ultim[oa] (?P<unit>semana|mes|trimestre|ano|dia)", _rolling),
        (rf"(?:de )?hace (?P<n>{_NUMBER}) (?P<unit>{_UNIT})(?: atras)?|(?P<z>(?!))", _ago),
        (
            rf"(?:el |este |del )(?:dia )?(?:ultimo )?(?P<w>lunes|martes|miercoles|jueves|viernes|sabado|domingo)(?: pasado| anterior)?(?: (?:en|por|a) la {_PART})?",
            _weekday,
        ),
        (r"(?P<w>lunes|martes|miercoles|jueves|viernes|sabado|domingo) (?:pasado|anterior)", _weekday),
        (
            r"(?:en |de )?todos (?:los|mis) (?:anos|datos|tiempos|meses)|todo el (?:historial|tiempo|periodo)|desde siempre|historic[oa](?:mente)?|desde el (?:inicio|principio|comienzo)|en total|hasta (?:ahora|la fecha|hoy)|en toda la historia|toda (?:la|mi) historia",
            _everything,
        ),
        (r"(?:en |de )?(?:todo (?:el|este) (?P<unit>mes|ano|trimestre))", _whole),
        (
            r"(?:del|en el|durante el|de la|en la) (?P<unit>mes|ano|trimestre|semana)(?! (?:con|que|mas|menos|en|de))(?<!dia de la semana)(?<!dias de la semana)",
            _whole,
        ),
        (
            r"(?:(?P<since>desde (?:el )?(?:ano )?)|(?:el )?(?:ano )?)(?P<y>(?:19|20)\d\d)(?! (?:unidades|clientes|ventas|productos))",
            _plain_year,
        ),
    )
)
