"""One period, or member, set against another. Pure."""

# ruff: noqa: E501  (a pattern is read more easily whole than broken)

import re
from datetime import timedelta
from itertools import pairwise

from assistant import grammar as g
from assistant.decide.pieces import (
    Have,
    compare_of,
    sides_of,
)
from assistant.plan import Plan
from assistant.read import Reading
from assistant.time import When, to_date
from core.periods import Grain, Period, label
from features.query import Filter


def changes(reading: Reading, metrics: tuple[str, ...], have: Have) -> Plan | None:
    """Comparisons and growth."""
    compare = compare_of(reading)
    sides = sides_of(reading)
    comparing = reading.has(g.COMPARE)
    if len(sides) >= 2 and (comparing or reading.has(g.MOST) or _BESIDE.search(reading.text)):
        return Plan("compare_members", metrics or ("sales",), sides=sides)
    days = _days(reading) if comparing or reading.has(g.MOST) else ()
    if days:
        return Plan("compare_members", metrics or ("sales",), sides=days)
    if len(reading.whens) > 2:
        return _row(reading, metrics)
    if len(reading.whens) == 2 and g.BASE_FIRST.search(reading.text):
        return Plan("compare", metrics or ("sales",), whens=_like(reading.whens[1], reading.whens[0]))
    if len(reading.whens) >= 2:
        return Plan("compare", metrics or ("sales",), whens=_later_first(_like(reading.whens[0], reading.whens[1])))
    if len(reading.whens) == 1 and _AGAINST.search(reading.text):
        return Plan("compare", metrics or ("sales",), whens=(_current(reading), reading.whens[0]))
    if compare and (comparing or compare != "previous" or reading.has(g.GROWTH) or metrics):
        return Plan("compare", metrics or ("sales",), compare=compare)
    if reading.has(g.GROWTH) and (metrics or reading.whens):
        return Plan("growth", metrics or ("sales",), compare=compare)
    if comparing and reading.whens and metrics and not re.search(r"mas de|menos de", reading.text):
        return Plan("compare", metrics, compare="previous")
    return None


def _days(reading: Reading) -> tuple[Filter, ...]:
    """'Los sábados' against 'los viernes': each said by itself."""
    days = [f for f in reading.filters if f.dimension == "weekday" and not f.exclude]
    return tuple(days) if len(days) == 2 and len(set(days)) == 2 else ()


_BESIDE = re.compile(
    r"@n\d+ (?:o|y|e|u|,|que)(?: (?:en|la|el|los|las|lo|a|al|de|del|por|con|que|cuant\w+|se|@m\d+))* @n\d+"
)
_AGAINST = re.compile(
    r"(?:vs|compar\w+ (?:con|a|al)|respecto (?:a|al|de|del)|frente a|en relacion (?:a|con)|(?:mas|menos|mejor|peor) que)"
    r"(?: (?:el|la|los|las|lo de|lo que vendi(?:mos)?(?: en)?|en|de|@m\d+(?: (?:en|de))?))* @t0"
)


def _row(reading: Reading, metrics: tuple[str, ...]) -> Plan | None:
    """'Agosto, septiembre y octubre': one after the other they are a series."""
    periods = sorted(w.period for w in reading.whens)
    grain = periods[0].grain
    if grain is None or any(b != Period.of(grain, a.end + timedelta(days=1)) for a, b in pairwise(periods)):
        return None
    whole = Period(periods[0].start, periods[-1].end)
    when = When(whole, label(whole), "named", whole.grain)
    return Plan("trend", metrics or ("sales",), whens=(when,), grain=grain)


def _like(now: When, base: When) -> tuple[When, When]:
    """'Septiembre contra 2025' compares like with like: that month of the other year."""
    other = base.period.start.year
    if base.grain is not Grain.year or now.period.days > 190 or base.period.holds(now.period.start):
        return now, base
    period = now.period
    while period.start.year > other:
        period = period.year_before()
    return (now, base) if period.start.year != other else (now, When(period, label(period), "named", period.grain))


def _later_first(whens: tuple[When, When]) -> tuple[When, When]:
    """'Agosto contra octubre' is told as October against August: what changed since."""
    first, second = whens
    return (second, first) if first.period.end < second.period.start else whens


def _current(reading: Reading) -> When:
    """What a lone 'vs el mes pasado' compares: the same span, now."""
    return to_date(reading.whens[0].grain or Grain.month, reading.today)
