"""What a month usually is, by its own year before and how the business has grown since; and how much history each
span needs before anything can be called unusual. Pure."""

import math
import statistics
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from core.language import plural
from core.periods import Grain, Period, add_months
from features.alerts.types import Rule
from features.insights.chance import t_test
from features.insights.rules.rhythm import FEWEST, usual_day
from features.pace import Shape

MONTHS = 12
FEWEST_MONTHS = 6
"""A month's growth over its year before is held to that of the months before it, and to no fewer than these."""
NEEDED = {Grain.day: FEWEST * 7 + 1, Grain.week: FEWEST + 1, Grain.month: MONTHS + FEWEST_MONTHS + 1}
"""So many whole spans of data until the last of them can be judged."""
_SPANS = {Grain.day: ("día", "días"), Grain.week: ("semana completa", "semanas completas"),
          Grain.month: ("mes completo", "meses completos")}  # fmt: skip


def usual_month(
    month: date, months: Mapping[date, Decimal], shape: Shape | None = None
) -> tuple[Decimal, float] | None:
    """What such a month usually is, and the chance of its value (positive): last year's of the same month, moved by
    how the months before it grew over their own; by `shape` each with the days it had, so that a holiday that falls in
    another month, or a Saturday more, is no growth. None with too short a past. Months by their first day."""
    now, past = _growth(month, months, shape), []
    for back in range(1, MONTHS + 1):
        grown = _growth(add_months(month, -back), months, shape)
        if grown is not None:
            past.append(grown)
    if now is None or len(past) < FEWEST_MONTHS:
        return None
    usual = months[add_months(month, -12)] * Decimal(str(math.exp(statistics.fmean(past) + _other_days(month, shape))))
    return usual, t_test(now, past)


def usual_week(monday: date, weeks: Mapping[date, Decimal], shape: Shape | None = None) -> tuple[Decimal, float] | None:
    """The same of a week, against the twelve before it, each with the holidays it had."""
    if shape is None:
        return usual_day(monday, weeks)
    worth = {first: shape.worth(Period.of(Grain.week, first)) for first in weeks}
    whole = sum(shape.week, Decimal(0))
    found = usual_day(monday, {first: v * whole / worth[first] for first, v in weeks.items() if worth[first] > 0})
    return (found[0] * worth[monday] / whole, found[1]) if found and worth[monday] > 0 else None


def lacking(rule: Rule, known: Period) -> str:
    """What a rule still misses before it can say anything, as a sentence; '' where there is enough."""
    if rule.kind != "anomaly":
        return ""
    have, needed = whole_spans(rule.grain, known), NEEDED[rule.grain]
    if have >= needed:
        return ""
    one, many = _SPANS[rule.grain]
    what = {Grain.day: "un día", Grain.week: "una semana", Grain.month: "un mes"}[rule.grain]
    return (
        f"Para saber qué es normal en {what} necesito {plural(needed, one, many)} de ventas, y tengo {have}. Te aviso "
        "desde que haya suficientes."
    )


def whole_spans(grain: Grain, known: Period) -> int:
    """How many spans lie in `known` from their first day to their last."""
    return sum(1 for span in known.spans(grain) if span == Period.of(grain, span.start))


def _growth(month: date, months: Mapping[date, Decimal], shape: Shape | None) -> float | None:
    now, before = months.get(month), months.get(add_months(month, -12))
    if now is None or before is None or now <= 0 or before <= 0:
        return None
    return math.log(now / before) - _other_days(month, shape)


def _other_days(month: date, shape: Shape | None) -> float:
    """How much more a month's days are worth than those of the same month a year before, as a logarithm."""
    if shape is None:
        return 0.0
    now, before = (shape.worth(Period.of(Grain.month, first)) for first in (month, add_months(month, -12)))
    return math.log(now / before) if now > 0 and before > 0 else 0.0
