"""Days out of the ordinary, and when the business really sells. Pure."""

import math
import statistics
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from core.periods import WEEKDAYS, Period, day_label
from features.insights.chance import surprise, t_test
from features.insights.rules.wording import Telling, month_name
from features.insights.types import Evidence, Insight, Signals

WEEKS = 12
FEWEST = 8
"""So many of those weeks must have sold something."""


def unusual_days(signals: Signals) -> list[Insight]:
    """Days of the month far from the same weekday's twelve weeks before; holidays are expected to differ."""
    out = []
    for day, amount in signals.days.items():
        if not signals.month.holds(day) or day in signals.holidays or amount <= 0:
            continue
        found = usual_day(day, signals.days, signals.holidays)
        if found is None:
            continue
        usual, p = found
        up = amount > usual
        say = Telling(signals)
        out.append(
            Insight(
                rule="unusual_day", period=Period(day, day), metric="sales",
                title=f"El {WEEKDAYS[day.weekday()]} {day_label(day)} vendiste {say.money(amount)}, "
                f"{say.cash(amount - usual)} {'más' if up else 'menos'} que un {WEEKDAYS[day.weekday()]} normal",
                why=f"Un {WEEKDAYS[day.weekday()]} suele andar en {say.cash(usual)}.{_beside(day, signals)}",
                todo="¿Hubo algo especial? Si se puede repetir, vale la pena anotarlo." if up
                else "¿Se cerró antes, faltó algo o faltó gente? Conviene saberlo.",
                good=up, materiality=signals.share(amount - usual), surprise=surprise(p), actionability=0.6,
                evidence=(Evidence("sales", "ventas del día", Period(day, day), amount), *say.said),
                follow_up=f"¿Qué vendí el {day_label(day)}?", p_value=p,
            )
        )  # fmt: skip
    return out


def _beside(day: date, signals: Signals) -> str:
    """That a holiday touches it: to be known, and no cause."""
    before, after = (day + timedelta(days=n) in signals.holidays for n in (-1, 1))
    if before and after:
        return " El día anterior y el siguiente fueron feriado."
    return f" El día {'anterior' if before else 'siguiente'} fue feriado." if before or after else ""


def best_times(signals: Signals) -> list[Insight]:
    """The hour or weekday that carries the month, where one stands out."""
    hours = {h: a for h, a in signals.hours.items() if a > 0}
    total = sum(hours.values(), Decimal(0))
    if len(hours) < 5 or total <= 0:
        return []
    best = sorted(hours, key=lambda h: hours[h], reverse=True)[:2]
    share = sum((hours[h] for h in best), Decimal(0)) / total
    if share < Decimal("0.25"):
        return []
    say = Telling(signals)
    names = " y ".join(f"las {int(h)}" for h in sorted(best, key=int))
    return [
        Insight(
            rule="best_times", period=signals.month, metric="sales",
            title=f"{say.percent(share, 0)} de lo que vendes en {month_name(signals.first)} entra a {names}",
            why=f"Son {say.cash(sum((hours[h] for h in best), Decimal(0)))} en dos horas del día.",
            todo="Ten ahí el equipo completo y la vitrina llena; las horas flojas son para reponer.",
            good=None, materiality=float(share) / 10, surprise=0.2, actionability=0.7,
            evidence=(
                *(Evidence("sales", f"ventas a las {h}", signals.month, hours[h], {"hour": f"{h} h"}) for h in best),
                *say.said,
            ),
            follow_up="¿A qué hora vendo más?",
        )
    ]  # fmt: skip


def usual_day(
    day: date, days: Mapping[date, Decimal], holidays: frozenset[date] = frozenset()
) -> tuple[Decimal, float] | None:
    """What such a weekday usually is, and the chance of the day's value (positive); None with too short a past.

    By a Monday each, `days` may be weeks: the twelve before are then what a week is held to.
    """
    earlier = [day - timedelta(weeks=i) for i in range(1, WEEKS + 1)]
    past = [math.log(days[d]) for d in earlier if d not in holidays and days.get(d, 0) > 0]
    if len(past) < FEWEST:
        return None
    return Decimal(str(math.exp(statistics.fmean(past)))), t_test(math.log(days[day]), past)
