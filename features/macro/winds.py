"""Buffs and debuffs: where each indicator is heading, how strongly for its own history, and what that touches. Pure."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from core.money import number, percent
from core.periods import MONTHS, add_months, day_label
from features.macro.indicators import Indicator, Measure, Touch, Wind
from features.macro.series import Series

MONTHS_BACK = 3
HISTORY_MONTHS = 120
"""Strength is the move over three months divided by the spread of such moves over the ten years before."""


@dataclass(frozen=True, slots=True)
class Move:
    """`change` over three months: a ratio for levels, percentage points for rates and changes; `score` is in
    standard deviations of the series' own three-month moves. `month` is the last one with data."""

    indicator: Indicator
    month: date
    value: Decimal
    change: Decimal
    score: float


@dataclass(frozen=True, slots=True)
class Gust:
    """One wind for an owner: `wind` for or against, `strength` 0 (calm) to 3 (strong), and a sentence."""

    move: Move
    touch: Touch
    wind: Literal["for", "against", "calm"]
    strength: int
    text: str


def move(series: Series, month: date) -> Move | None:
    """The indicator's three-month move ending in the month of `month`, or in the last month known before it.

    None with under two years of history before it, where "strong" would mean nothing.
    """
    levels = _monthly(series) if series.days else {}  # a series may be known by name only, its values still to come
    months = [m for m in levels if m <= month.replace(day=1)]
    if not months:
        return None
    last = max(months)
    recent = [m for m in months if m > add_months(last, -HISTORY_MONTHS)]
    steps = {m: _step(series, levels, m) for m in recent}
    known = [s for s in steps.values() if s is not None]
    change = steps[last]
    if change is None or len(known) < 24:
        return None
    spread = statistics.stdev(float(s) for s in known)
    centre = statistics.fmean(float(s) for s in known)
    score = (float(change) - centre) / spread if spread > 0 else 0.0
    return Move(series.indicator, last, levels[last], change, score)


def gusts(found: Move, wanted: date) -> tuple[Gust, ...]:
    """What a move means for each part of a business it touches; `wanted` is the month asked about."""
    out = []
    for touch in found.indicator.touches:
        strength = sum(abs(found.score) >= bound for bound in (0.5, 1.0, 2.0))
        rising = found.change > 0
        against = (touch.rise is Wind.against) == rising
        wind: Literal["for", "against", "calm"] = "calm" if strength == 0 else "against" if against else "for"
        out.append(Gust(found, touch, wind, strength, _sentence(found, touch, wind, strength, wanted)))
    return tuple(out)


def strongest(all_gusts: Sequence[Gust], most: int = 5) -> list[Gust]:
    """The winds worth telling, strongest first; calm ones are left out."""
    blowing = [g for g in all_gusts if g.wind != "calm"]
    return sorted(blowing, key=lambda g: (-abs(g.move.score), g.touch.what))[:most]


def _monthly(series: Series) -> dict[date, Decimal]:
    """One value a month: the mean of a daily level, the last of a rate, prices chained to twelve months for changes."""
    if series.indicator.measure is Measure.change:
        return _twelve_months(series)
    by_month: dict[date, list[Decimal]] = {}
    for day, value in zip(series.days, series.values, strict=True):
        by_month.setdefault(day.replace(day=1), []).append(value)
    if series.indicator.measure is Measure.rate:
        known = {month: values[-1] for month, values in by_month.items()}
        month, filled = min(known), dict[date, Decimal]()
        while month <= max(known):  # a rate is in force until the next one is set
            filled[month] = known.get(month, filled.get(add_months(month, -1), Decimal(0)))
            month = add_months(month, 1)
        return filled
    return {month: sum(values, Decimal(0)) / len(values) for month, values in by_month.items()}


def _twelve_months(series: Series) -> dict[date, Decimal]:
    out = {}
    for index in range(11, len(series.days)):
        if series.days[index - 11] == add_months(series.days[index], -11):
            factor = math.prod((1 + v / 100 for v in series.values[index - 11 : index + 1]), start=Decimal(1))
            out[series.days[index]] = (factor - 1) * 100
    return out


def _step(series: Series, levels: dict[date, Decimal], month: date) -> Decimal | None:
    now, then = levels.get(month), levels.get(add_months(month, -MONTHS_BACK))
    if now is None or then is None:
        return None
    if series.indicator.measure is Measure.level:
        return now / then - 1 if then else None
    return now - then


def _sentence(found: Move, touch: Touch, wind: str, strength: int, wanted: date) -> str:
    until = "" if found.month >= wanted.replace(day=1) else f" (último dato: {_month(found.month)})"
    told = _told(found)
    if wind == "calm":
        return f"{told}{until}: sin viento para {touch.words}."
    size = ("", "leve", "moderado", "fuerte")[strength]
    side = "a favor" if wind == "for" else "en contra"
    return f"{told}{until}: viento {size} {side} para {touch.words}."


def _told(found: Move) -> str:
    name = found.indicator.name
    if found.indicator.measure is Measure.level:
        verb = "subió" if found.change > 0 else "bajó" if found.change < 0 else "no se movió"
        amount = f" {percent(abs(found.change))}" if found.change else ""
        return f"El {name} {verb}{amount} en tres meses"
    shown = f"{number(found.value, 1)} %"
    if found.indicator.measure is Measure.change:
        return f"La inflación de doce meses va en {shown}, {_against_before(found.change)}"
    article = "La" if name.startswith("tasa") else "El"
    year = " anual" if found.indicator.id == "activity" else ""
    return f"{article} {name}{year} está en {shown}, {_against_before(found.change)}"


def _against_before(points: Decimal) -> str:
    if abs(points) < Decimal("0.05"):
        return "igual que hace tres meses"
    size = number(abs(points), 1)
    return f"{size} {'punto' if size == '1,0' else 'puntos'} {'más' if points > 0 else 'menos'} que hace tres meses"


def _month(day: date) -> str:
    return f"{MONTHS[day.month - 1]} {day.year}"


def told_date(series: Series) -> str:
    """'al 11-jul-2026' or 'a junio 2026': until when a series is known."""
    if series.last_day is None:
        return "sin datos"
    return f"a {_month(series.last_day)}" if series.indicator.monthly else f"al {day_label(series.last_day)}"
