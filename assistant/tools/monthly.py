"""Periods of what the books of expenses know by month alone: whole months, or the honest no."""

from dataclasses import replace

import features
from assistant.desk import Desk
from assistant.horizon import Span
from assistant.plan import Plan, Stop
from core.periods import Grain, Period, label
from features.catalog.books import BY_MONTH_ONLY, EXPENSE, EXPENSES
from features.query import Query

_LATE_DAYS = 62
"""A sheet of months that ends longer ago was given up, or stands for something else."""


def rests_on_books(metrics: tuple[str, ...]) -> bool:
    """Whether any of them is made of expenses."""
    return any(EXPENSE in features.metric(id).needs for id in metrics)


def in_months(found: Span, plan: Plan, desk: Desk) -> Span | Stop:
    """The same span where the books tell it. A month under way as the whole month, where nothing but expenses is asked:
    what is noted of it counts in it from its first day."""
    query = Query(plan.metrics[:1], found.period, plan.grain, filters=plan.filters)
    if not _cuts(query, desk):
        note = " ".join(n for n in (_behind(found, plan, desk), found.note) if n)
        return replace(found, note=note)
    whole = Period(Grain.month.first_day(found.period.start), Period.of(Grain.month, found.period.end).end)
    finer = plan.grain in (Grain.day, Grain.week)
    under_way = found.to_date and plan.metrics == (EXPENSES.id,)
    # Cut where the data ends, not where somebody asked for it to be cut.
    begins = found.period.start in (whole.start, desk.have.start)
    ends = found.period.end in (whole.end, desk.have.end) and (found.everything or under_way)
    if begins and ends and not finer:
        note = f"Parte de tus gastos está anotada por mes: cuento {label(Period.of(Grain.month, whole.end))} entero."
        return replace(found, period=whole, label=found.label if found.everything else label(whole), note=note,
                       to_date=False)  # fmt: skip
    named = features.metric(plan.metrics[0])
    last = label(Period.of(Grain.month, found.period.start))
    return Stop(
        "no_data", "expense_by_day", features.need(named, (BY_MONTH_ONLY,)),
        (f"¿Cuánto gasté en {last}?", "¿Cómo han evolucionado mis gastos por mes?"),
    )  # fmt: skip


def _behind(found: Span, plan: Plan, desk: Desk) -> str:
    """What to say where the sheet that tells months lacks the last of them: rent and wages are not in it."""
    noted = features.months_noted(desk.scope, desk.connection)
    if noted is None or any(f.dimension in ("expense_kind", "supplier") for f in plan.filters):
        return ""
    if not 0 < (found.period.end - noted.end).days <= _LATE_DAYS or found.period.end < noted.start:
        return ""
    return f"Ojo: lo que anotas por mes llega hasta {label(Period.of(Grain.month, noted.end))}; lo que sigue falta."


def grain_of(query: Query, desk: Desk) -> Grain:
    """The grain that was taken for a series, or months where the books know nothing finer."""
    assert query.grain is not None
    return Grain.month if rests_on_books(query.metrics) and _cuts(query, desk) else query.grain


def _cuts(query: Query, desk: Desk) -> bool:
    return features.cuts_months(query, desk.scope, desk.connection)
