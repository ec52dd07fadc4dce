"""Spans of time, and two of them that are one, or sides. Pure."""

# ruff: noqa: E501  (a pattern is read more easily whole than broken)

import re
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from assistant import grammar as g
from assistant.read.reading import Reading
from assistant.time import Found, When, find
from core.periods import WEEKDAYS, Period, label

ISO_MONTH = re.compile(r"(?<![\w./-])(?P<year>20\d\d)-(?P<month>0[1-9]|1[0-2])(?![\w-]|[./]\d)")


def take_times(reading: Reading, today: date, country: str) -> None:
    reading.text = _DIFFERENCE.sub(r"comparar\1 ", reading.text)
    reading.text = _SAME_LAST_YEAR.sub("@ly", reading.text)
    reading.text = _DAY_OF_WEEK.sub(r"\g<day> de semana \g<which>", reading.text)
    reading.text = _BESIDE_PART.sub(r"\g<a> \g<unit>\g<joint> \g<b> \g<unit>", reading.text)
    reading.text = _PART_BESIDE.sub(r"\g<a> \g<unit> \g<joint> \g<b> \g<unit>", reading.text)
    found: list[Found] = find(reading.text, today, country)
    shorter = any(f.when and f.when.period.days < 360 for f in found)
    if shorter and _AGAINST_LAST_YEAR.search(reading.text):
        reading.text = _AGAINST_LAST_YEAR.sub(r"\1 @ly", reading.text)
        found = find(reading.text, today, country)
    found = _before_the_named(found, reading.text)
    for one in reversed(found):
        mark = f"@t{len(found)}" if one.when is None else "@t"
        reading.text = f"{reading.text[: one.start]}{mark}{reading.text[one.end :]}"
    reading.whens = [f.when for f in found if f.when]
    reading.bad_times = [f.problem for f in found if not f.when]
    counter = iter(range(len(found)))
    reading.text = re.sub(r"@t\d*", lambda _: f"@t{next(counter)}", reading.text)
    _take_back(reading)
    _apart_by_a_week(reading)
    _join_times(reading)


def _before_the_named(found: list[Found], text: str) -> list[Found]:
    """'Agosto contra el mes anterior' is against July, whatever month it is now."""
    for i, (one, other) in enumerate(pairwise(found), 1):
        a, b = one.when, other.when
        if (
            a
            and b
            and a.anchor == "named"
            and a.grain is b.grain
            and _ONE_BEFORE.fullmatch(text[other.start : other.end])
        ):
            period = a.period.previous()
            found[i] = replace(other, when=When(period, label(period), "named", period.grain))
    return found


_ONE_BEFORE = re.compile(r"(?:el |la |al |del )?(?:mes|semana|trimestre|ano) (?:anterior|previ[oa])")
_TAKEN_BACK = re.compile(r"@t0 (?:, )?(?:no|digo|perdon|mejor dicho|o sea)(?: ,)?(?: (?:en|de|del|el|la))* @t1(?!\d)")


def _take_back(reading: Reading) -> None:
    """'El mes antepasado, no, en septiembre': the second word stands."""
    if len(reading.whens) == 2 and not reading.bad_times and _TAKEN_BACK.search(reading.text):
        reading.whens = reading.whens[1:]
        reading.text = _TAKEN_BACK.sub("@t0", reading.text)


def _apart_by_a_week(reading: Reading) -> None:
    """'Ayer contra el martes pasado', said on a Wednesday: the Tuesday before yesterday's."""
    if len(reading.whens) != 2 or reading.whens[0].period != reading.whens[1].period:
        return
    one, other = reading.whens
    if one.label != other.label and other.label.startswith(WEEKDAYS) and reading.has(_DAY_BEFORE):
        day = other.period.start - timedelta(days=7)
        reading.whens[1] = replace(
            other, period=Period(day, day), label=f"{WEEKDAYS[day.weekday()]} {label(Period(day, day))}"
        )


_DAY_BEFORE = re.compile(r"(?<![\w@])(?:vs|con|que|o|respecto|frente)(?: (?:al?|del?|el|la))* @t1(?!\d)")


def _join_times(reading: Reading) -> None:
    """'Desde el tercer trimestre hasta ayer': two stretches that are the ends of one."""
    joint = _BETWEEN if not (reading.has(g.COMPARE) or reading.has(g.GROWTH)) else _FROM_TO
    if len(reading.whens) == 2 and reading.has(g.TOGETHER):
        joint = _BOTH
    if len(reading.whens) != 2 or reading.bad_times or not joint.search(reading.text):
        return
    first, last = (w.period for w in reading.whens)
    if joint is not _FROM_TO and not _FROM_TO.search(reading.text):
        first, last = sorted((first, last))
    if joint is _BOTH and last.start != first.end + timedelta(days=1):
        return
    if first.start <= last.start:
        whole = Period(first.start, last.end)
        reading.whens = [When(whole, label(whole), "named", whole.grain)]
        reading.text = joint.sub("@t0", reading.text)


_DAY_OF_WEEK = re.compile(
    r"(?<![\w@])(?P<day>dias?) (?P<which>(?:(?:que |con |de )?(?:mas|menos|mayor(?:es)?|menor(?:es)?) \w+|peor(?:es)?|mejor(?:es)?))"
    r" (?:de|en) la semana(?! (?:pasad|anterior|que|del|ultim))"
)
"""'El día más flojo de la semana' asks for a weekday, not for a day of this week."""
_FROM_TO = re.compile(r"(?:(?:desde|del?) (?:el |la |los )?)?@t0 (?:hasta|al?)(?: el| la| los)? @t1(?!\d)")
_BETWEEN = re.compile(rf"{_FROM_TO.pattern}|entre (?:el |la |los )?@t0 y (?:el |la |los )?@t1(?!\d)")
_BOTH = re.compile(r"@t0(?: ,)? (?:y|mas|con)(?: el| la| los)? @t1(?!\d)")
_PART = r"(?:primer|primero|segundo|tercer|tercero|cuarto|ultimo|[1-6](?: ?(?:er|do|to|o|ro|a))?)"
_BESIDE_PART = re.compile(
    rf"(?<![\w@])(?P<a>{_PART}) (?P<unit>trimestre|semestre|cuatrimestre|bimestre)(?P<joint>(?: de(?:l)? (?:ano )?20\d\d)? (?:y|e|vs|con|que|al?|frente al?|respecto al?|del?)"
    rf"(?: el| al| del)*) (?P<b>{_PART})(?! (?:trimestre|semestre|cuatrimestre|bimestre|de [a-z]|\d))(?!\w)"
)
_PART_BESIDE = re.compile(
    rf"(?<![\w@])(?P<a>{_PART}) (?P<joint>(?:y|e|vs|al?|o)(?: el)*) (?P<b>{_PART}) (?P<unit>trimestre|semestre|cuatrimestre|bimestre)(?!\w)"
)
"""'El tercer trimestre contra el segundo', '1.er y 2.º semestre': the word that both share is said once."""
_DIFFERENCE = re.compile(r"(?<![\w@])diferencia((?: (?:de|en) (?:las? |los? )?\w+)?) entre(?= )")
"""'Diferencia entre septiembre y agosto' sets two months against each other and is no stretch from one to the other."""
_SAME_LAST_YEAR = re.compile(
    r"(?:el |la |los |las |al |a la |a los |del )?mism[oa]s? (?:mes|periodo|dias?|trimestre|semana|fechas?|epoca|semestre)"
    r" (?:de |del )?(?:el )?(?:ano pasado|ano anterior|hace un ano)"
)
_AGAINST_LAST_YEAR = re.compile(
    r"(?<![\w@])(vs|con|que|frente al?|respecto (?:al?|del?)|versus|al?) (?:el |al |del |lo del |lo de |(?:el|la|los|las) del? )?"
    r"(?:ano pasado|ano anterior|pasado ano|hace un ano|un ano (?:atras|antes))(?!\w)"
)
