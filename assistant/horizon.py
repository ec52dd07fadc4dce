"""What part of an asked period there is data for, and what to answer instead where there is none. Pure."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from assistant.plan import Stop
from assistant.time import When
from core.periods import Grain, Period, add_months, day_label, label, months_between
from features.query import Coverage

Default = Literal["all", "month"]
_CLOSED_DAYS = 3
"""A shop may be closed on the last days of a span: so many missing days do not make it partial."""


@dataclass(frozen=True, slots=True)
class Span:
    """The period answered for, how it is called, what must be said about it, and whether it is cut short."""

    period: Period
    label: str
    note: str = ""
    to_date: bool = False
    everything: bool = False
    months: int = 0
    weeks: int = 0
    """How long it is when it is over, in whole months or weeks: what it is held against lies as far back."""


def fit(when: When | None, coverage: Coverage, default: Default = "all") -> Span | Stop:
    """The span to answer for: as asked where there is data, the latest full one where 'today' lies beyond it."""
    have = coverage.period
    if have is None:
        return Stop(
            "no_data", "no_data", "Todavía no tengo ventas tuyas. Sube tu planilla o exportación de ventas (CSV o "
            "Excel) y te respondo al tiro.",
        )  # fmt: skip
    if when is None:
        return _default(have, default)
    if when.anchor == "all":
        return _everything(have)
    if when.period.start > have.end:
        return _beyond(when, have)
    if when.period.end < have.start:
        return _outside(when, have)
    return _within(when, have)


def _everything(have: Period) -> Span:
    return Span(have, f"todos tus datos ({_between(have)})", everything=True)


def _default(have: Period, default: Default) -> Span:
    if default == "all":
        return _everything(have)
    month = latest_full(Grain.month, have)
    if month is None:
        return _everything(have)
    return Span(month, label(month))


def latest_full(grain: Grain, have: Period) -> Period | None:
    """The latest whole span of `grain` with data to its end, give or take days closed."""
    last = Period.of(grain, have.end)
    closed = _CLOSED_DAYS if grain not in (Grain.day, Grain.week) else 0
    if last.end > have.end + timedelta(days=closed):
        last = last.previous()
    return last if last.end >= have.start else None


def _beyond(when: When, have: Period) -> Span | Stop:
    if when.anchor != "today":
        return _outside(when, have)
    until = f"Tengo datos hasta el {day_label(have.end)}"
    if when.grain is Grain.day:
        return Stop(
            "no_data", "no_data", f"{until}, así que del {when.label} no sé todavía. ¿Subimos las ventas que faltan?",
            (
                f"¿Cómo me fue el {day_label(have.end)}?",
                f"¿Cómo me fue en {label(latest_full(Grain.month, have) or have)}?",
            ),
        )  # fmt: skip
    if when.grain is None:
        length = when.period.days
        period = Period(max(have.start, have.end - timedelta(days=length - 1)), have.end)
        return Span(period, label(period), f"{until}: te respondo por los últimos días que hay.")
    full = latest_full(when.grain, have)
    if full is None:
        return _outside(when, have)
    period = full
    name = {
        Grain.week: "la última semana completa", Grain.month: "el último mes completo",
        Grain.quarter: "el último trimestre completo", Grain.year: "el último año completo",
    }[when.grain]  # fmt: skip
    return Span(period, label(period), f"{until}: te respondo por {name}, {label(period)}.")


def _outside(when: When, have: Period) -> Stop:
    return Stop(
        "no_data", "no_data",
        f"No tengo datos de {when.label}: los tuyos van {_between(have)}. ¿Subimos los que faltan?",
        (f"¿Cómo me fue en {label(latest_full(Grain.month, have) or have)}?",),
    )  # fmt: skip


def _between(have: Period) -> str:
    return f"desde el {day_label(have.start)} hasta el {day_label(have.end)}"


def _within(when: When, have: Period) -> Span:
    period, notes, cut = when.period, [], when.to_date
    if period.start < have.start - timedelta(days=_CLOSED_DAYS):
        notes.append(f"Tus datos parten el {day_label(have.start)}")
    if period.end > have.end + timedelta(days=_CLOSED_DAYS) or (when.to_date and period.end > have.end):
        notes.append(f"Tengo datos hasta el {day_label(have.end)}")
        period, cut = Period(period.start, have.end), True
    note = f"{' y '.join(notes)}.".replace(" y Tengo", " y tengo") if notes else ""
    # "2026 hasta el 20-nov" would name days beyond the data.
    name = label(period) if when.to_date and period.end < when.period.end else when.label
    return Span(period, name, note, cut, months=_months(when), weeks=1 if when.grain is Grain.week else 0)


def _months(when: When) -> int:
    """How many months `when` takes, as a whole; 0 where it is no number of months."""
    if when.months or when.grain is not None or when.to_date:
        return when.months or {Grain.month: 1, Grain.quarter: 3, Grain.year: 12}.get(when.grain or Grain.day, 0)
    return when.period.whole_months()


def before(span: Span, have: Period) -> Period | None:
    """What `span` is compared with: the one before, or the same days so far of it; None where there is no data."""
    return _covered(previous_of(span), have)


def year_before(span: Span, have: Period) -> Period | None:
    """The same span a year earlier, where there is data for it."""
    if span.everything:
        return None
    return _covered(span.period.year_before(), have)


def previous_of(span: Span) -> Period | None:
    """The span before, whether or not there is data."""
    if span.everything:
        return None
    period = span.period
    if span.to_date and span.weeks:
        return Period(period.start - timedelta(days=7), period.end - timedelta(days=7))
    if span.to_date and span.months:
        return back(period, span.months)
    return period.previous()


def back(period: Period, months: int) -> Period:
    """The same days so many months before."""
    return Period(add_months(period.start, -months), add_months(period.end, -months))


def held_of_both(now: Period, base: Period, have: Period) -> tuple[Period, Period] | None:
    """The same stretch of two spans of one length, where the earlier begins before the data: from their first day on.
    None where the data hold both from the start, or the spans are not alike."""
    cut = base.start < have.start - timedelta(days=_CLOSED_DAYS) and base.start < now.start
    if not cut or base.end < have.start or abs(now.days - base.days) > _CLOSED_DAYS:
        return None
    if now.start.day == base.start.day:
        start = add_months(have.start, months_between(base.start, now.start))
    else:
        start = have.start + (now.start - base.start)
    return (Period(start, now.end), Period(have.start, base.end)) if start <= now.end else None


def _covered(period: Period | None, have: Period) -> Period | None:
    if period is None or period.start < have.start - timedelta(days=_CLOSED_DAYS):
        return None
    return period


def known(coverage: Coverage, today: date) -> Coverage:
    """What was known on `today`: what comes after it is not asked about."""
    if coverage.first is None or coverage.last is None or coverage.last <= today:
        return coverage
    if coverage.first > today:
        return replace(coverage, first=None, last=None)
    return replace(coverage, last=today)
