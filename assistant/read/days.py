"""Days of the week and hours of the day: 'los lunes', 'de martes a jueves', 'después de las 18'. Pure."""

# ruff: noqa: E501  (a pattern is read more easily whole than broken)

import re

from assistant.read.named import left_out
from assistant.read.reading import Reading
from core.periods import WEEKDAYS
from features.query import Filter

_PLAIN_DAYS = ("lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo")
_D = "lunes|martes|miercoles|jueves|viernes|sabados?|domingos?"
_WEEKDAY_FILTER = re.compile(
    rf"(?<![\w@])(?:(?:solo |todos )?(?:en )?(?:(?:los|cada|dias) |(?<=un )|(?<=sin )|(?<=solo )|(?<=menos )|(?<=contar )|(?<=excepto )|(?<=salvo ))(?P<list>(?:{_D})(?:(?: ,)? (?:y |e |, )?(?:los )?(?:{_D}))*)"
    rf"|(?:de )?(?P<a>{_D}) a (?P<b>{_D})"
    rf"|(?P<plain>(?:sabados|domingos)(?: y (?:sabados|domingos))?)|(?P<ends>(?:los |en |en los )?fines de semana|dias? de fin de semana)|(?P<work>(?<!por )(?<!cada )(?:los )?dias? (?:de semana|habiles|laborales)|entre semana)(?! con| mas| mejor))(?!\w)"
)
_HOUR = r"(?P<{n}>\d{{1,2}})(?: ?(?:hrs?|horas|h))?(?: ?(?P<{n}m>am|pm|a m|p m|de la tarde|de la noche|de la manana))?"
_HOUR_FILTER = re.compile(
    rf"(?<![\w@])(?:(?:(?:despues|a partir) de|desde) las {_HOUR.format(n='after')}|antes de las {_HOUR.format(n='before')}"
    rf"|(?:entre|de) las {_HOUR.format(n='from')} (?:y|a|hasta)(?: las)? {_HOUR.format(n='to')}|a las? {_HOUR.format(n='at')}"
    rf"|(?:en|por|de) las? (?P<part>mananas?|tardes?|noches?)|(?:al|a) (?P<noon>mediodia)|de (?P<night>noche))(?!\w)"
)


def take_days(reading: Reading) -> None:
    def weekdays(match: re.Match[str]) -> str:
        excluded = left_out(match.string[: match.start()].strip(), match.string[match.end() :], set())
        reading.filters.append(Filter("weekday", tuple(WEEKDAYS[d] for d in _days_of(match)), excluded))
        return f"@w{len(reading.filters) - 1}"

    def hours(match: re.Match[str]) -> str:
        low, high = _hours_of(match)
        if not 0 <= low <= high <= 23:
            return match.group()
        reading.filters.append(hour_filter((low, high)))
        return f"@w{len(reading.filters) - 1}"

    reading.text = _WEEKDAY_FILTER.sub(weekdays, reading.text)
    reading.text = _HOUR_FILTER.sub(hours, reading.text)


def hour_filter(hours: tuple[int, int]) -> Filter:
    """Only sales of these hours, both included."""
    return Filter("hour", tuple(f"{h} h" for h in range(hours[0], hours[1] + 1)))


def _days_of(match: re.Match[str]) -> tuple[int, ...]:
    if match["ends"]:
        return (5, 6)
    if match["work"]:
        return (0, 1, 2, 3, 4)
    if match["a"]:
        first, last = _day(match["a"]), _day(match["b"])
        return tuple(d % 7 for d in range(first, last + 1 if last >= first else last + 8))
    return tuple(dict.fromkeys(_day(d) for d in re.findall(_D, match["list"] or match["plain"])))


def _day(word: str) -> int:
    return _PLAIN_DAYS.index(word if word in _PLAIN_DAYS else word.removesuffix("s"))


def _hours_of(match: re.Match[str]) -> tuple[int, int]:
    def hour(name: str) -> int:
        half = match[f"{name}m"] or ""
        value = int(match[name])
        return value + 12 if value < 12 and half.startswith(("p", "de la t", "de la n")) else value

    if match["after"]:
        return hour("after"), 23
    if match["before"]:
        return 0, hour("before") - 1
    if match["from"]:
        return hour("from"), hour("to") - 1
    if match["at"]:
        return hour("at"), hour("at")
    if match["noon"]:
        return 12, 14
    part = (match["part"] or "noche").removesuffix("s")
    return {"manana": (0, 11), "tarde": (12, 19), "noche": (20, 23)}[part]


def patterns() -> tuple[re.Pattern[str], ...]:
    """What days and hours of the week look like; their words are known to the speller."""
    return (_WEEKDAY_FILTER, _HOUR_FILTER)
