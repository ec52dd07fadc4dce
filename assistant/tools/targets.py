"""How far a figure is from its target: in the month under way with what was due by now, else in the latest one."""

from dataclasses import replace
from decimal import Decimal

import features
from assistant.answers import charts
from assistant.answers.report import Report
from assistant.answers.wording import RATIO
from assistant.desk import Desk
from assistant.horizon import Span, fit, latest_full
from assistant.parts import Figure
from assistant.plan import Plan, Stop
from assistant.time import When
from assistant.tools.common import figure, understood
from assistant.tools.values import _in
from core.language import join
from core.periods import Grain, Period, day_label, label
from features import metric as declared
from features.catalog.types import Good, Metric, Unit
from features.pace import due_part, week_of
from features.query import Filter, Query

FEWEST_DAYS = 5
"""What was due by now is told from so many days on."""
_EXAMPLES = ("¿Cuánto vendí el mes pasado?",)


def target(plan: Plan, desk: Desk, report: Report) -> Stop | None:
    """How far a metric is from its target of the period; without one named, of the month that today lies in."""
    when = plan.whens[0] if plan.whens else None
    found = _span(when, desk)
    if isinstance(found, Stop):
        return None if _ahead(plan, when, desk, report) else found
    whole, goal = _goal(desk, found, when, plan)
    if goal is None:
        return _none(plan, found, desk)
    report.understood = understood(plan, found)
    metric = declared(plan.metrics[0])
    done = figure(report, desk, metric.id, found.period, plan.filters)
    if done.value is None:
        return Stop(
            "no_data", "target", f"De {metric.name} no hay nada {_in(found)}, así que no sé cómo vas.", _EXAMPLES
        )
    query = Query((metric.id,), found.period, filters=plan.filters)
    wanted = report.figure(query, goal, label="meta", kind="target")
    over = found.period.end >= whole.end  # a month whose last days were not sent is not lost yet
    _say(metric, done, wanted, over, found, query, report)
    if not over and metric.additive and found.period.days >= FEWEST_DAYS and whole.grain is Grain.month:
        _pace(metric, done.value, goal, whole, found.period, plan.filters, query, desk, report)
    title = declared(metric.id).name.capitalize()
    report.chart("Meta", charts.bars([done, wanted], ["Llevas" if not over else "Resultado", "Meta"], title))
    if when is not None and when.grain in (Grain.quarter, Grain.year) and whole == found.period != when.period:
        report.note("Es la suma de tus metas de cada mes con datos.")
    report.note(found.note)
    month = Period.of(Grain.month, desk.today)
    if found.note and month.start > desk.have.end:
        coming = _target(desk, month, plan)
        if coming is not None:
            one = report.figure(replace(query, period=month), coming, label=f"meta de {label(month)}", kind="target")
            report.say(f"Tu meta para {label(month)} es {report.told(one)}.")
    return None


def _span(when: When | None, desk: Desk) -> Span | Stop:
    """The month under way as far as there is data; before its first sales, the latest one that has some."""
    have, month = desk.coverage.period, Period.of(Grain.month, desk.today)
    if have is None or (when is not None and (when.anchor != "today" or when.grain is not Grain.month)):
        return fit(when, desk.coverage, "month")
    if when is not None and when.period.end < month.start:  # 'el mes pasado'
        return fit(when, desk.coverage, "month")
    last = Period.of(Grain.month, have.end)
    told = Span(last, label(last)) if last == latest_full(Grain.month, have) else Span(
        Period(max(last.start, have.start), have.end), label(last), to_date=True)  # fmt: skip
    if last != month:
        until = f"las tuyas llegan hasta el {day_label(have.end)}"
        note = f"De {label(month)} todavía no tengo ventas: {until}."
        return replace(told, note=note)
    if have.end < month.end and have.end < desk.today:
        return replace(told, note=f"Tengo datos hasta el {day_label(have.end)}.")
    return told


def _say(metric: Metric, done: Figure, wanted: Figure, over: bool, found: Span, query: Query, report: Report) -> None:
    """The answer's first sentence. Of what is better low, the target is the most that is wanted."""
    assert done.value is not None
    assert wanted.value is not None
    value, goal = done.value, wanted.value
    gap = report.figure(query, abs(goal - value), label="la diferencia", kind="gap")
    away = report.told(gap) if metric.unit is not Unit.ratio else f"{report.told(gap).removesuffix(' %')} puntos"
    has, aim, lead = report.told(done), report.told(wanted), _in(found)
    part = ""
    if metric.unit is not Unit.ratio and goal:
        part = f" ({report.told(report.figure(query, value / goal, label='avance', kind='progress', unit=RATIO))})"
    if metric.good is Good.down:
        if value > goal:
            text = f"Te pasaste de la meta en **{away}**: {has}, y querías no pasar de {aim}{part} {lead}."
        elif over:
            text = f"Cumpliste la meta {lead}: **{has}**, y querías no pasar de {aim}{part}."
        else:
            text = f"Vas dentro de la meta: **{has}** de un máximo de {aim}{part} {lead}. Te quedan {away}."
    elif value >= goal:
        text = f"Cumpliste la meta {lead}: **{has}** de una meta de {aim}{part}."
    elif over:
        text = f"No alcanzaste la meta {lead}: **{has}** de una meta de {aim}{part}. Faltaron {away}."
    elif metric.additive:
        text = f"Te faltan **{away}**: llevas {has} de la meta de {aim}{part} {lead}."
    else:
        text = f"Vas en **{has}** {lead} y la meta es {aim}: estás a {away}."
    report.say(text)


def _pace(
    metric: Metric, value: Decimal, goal: Decimal, whole: Period, so_far: Period, filters: tuple[Filter, ...],
    query: Query, desk: Desk, report: Report,
) -> None:  # fmt: skip
    """What was due by now, by the company's own week where it has one."""
    week = week_of(metric.id, filters, whole, desk.have, desk.scope, desk.connection)
    due = report.figure(query, goal * due_part(so_far, whole, week), label="lo que tocaba a esta altura", kind="pace")
    assert due.value is not None
    gap = report.figure(query, abs(value - due.value), label="la diferencia con lo que tocaba", kind="pace_gap")
    days = "cada día de la semana y en feriados" if week and week.knows_feasts else "cada día de la semana"
    how = f"según cuánto vendes {days}" if week else "repartida pareja por día"
    verb = "tocaba no pasar de" if metric.good is Good.down else "tocaba llevar"
    side = "más" if value >= due.value else "menos"
    report.say(
        f"Al {day_label(so_far.end)} {verb} {report.told(due)}, {how}: vas con {report.told(gap)} {side}."
    )  # fmt: skip


def _goal(desk: Desk, found: Span, when: When | None, plan: Plan) -> tuple[Period, Decimal | None]:
    """The target, and the span it is for: the whole of what was asked ('este mes' is the whole month), or else the days
    that count."""
    if plan.amount:
        return found.period if not found.to_date else Period.of(Grain.month, found.period.start), Decimal(
            str(plan.amount)
        )
    grain = when.grain if when and when.grain else Grain.month
    asked = [when.period] if when and found.period.start == when.period.start else []
    for period in dict.fromkeys((Period.of(grain, found.period.start), *asked, found.period)):
        wanted = _target(desk, period, plan)
        if wanted is not None:
            return period, wanted
    return found.period, None


def _target(desk: Desk, period: Period, plan: Plan) -> Decimal | None:
    return features.target(Query(plan.metrics[:1], period, filters=plan.filters), desk.scope, desk.connection)


def _ahead(plan: Plan, when: When | None, desk: Desk, report: Report) -> bool:
    """A target of days that have no data yet: it is told, and that nothing can be held against it. Whether it was."""
    have = desk.coverage.period
    goal = _target(desk, when.period, plan) if when and have and when.period.start > have.end else None
    if goal is None or when is None or have is None:
        return False
    query = Query(plan.metrics[:1], when.period, filters=plan.filters)
    wanted = report.figure(query, goal, label="meta", kind="target")
    report.understood = understood(plan, Span(when.period, label(when.period)))
    report.say(f"Tu meta para {label(when.period)} es **{report.told(wanted)}**.")
    report.note(f"Todavía no hay ventas de esos días: las tuyas llegan hasta el {day_label(have.end)}.")
    report.follow_ups.append("¿Cómo voy con la meta?")
    return True


def _none(plan: Plan, found: Span, desk: Desk) -> Stop:
    """There is no such target: what there is instead, and where it is noted down."""
    metric, kept = declared(plan.metrics[0]), features.targets(desk.scope, desk.connection)
    whole = Plan("target", plan.metrics)
    if plan.filters and _target(desk, Period.of(Grain.month, found.period.start), whole) is not None:
        of = join([m for f in plan.filters for m in f.members])
        return Stop(
            "no_data", "target", f"Para {of} no tienes una meta {_in(found)}; para todo el negocio sí. Anótala en "
            "[Metas](/metas) y te digo cuánto te falta.", ("¿Cómo voy con la meta?",),
        )  # fmt: skip
    own = [t.period for t in kept if t.metric == metric.id and not t.dimension]
    mine = [period for period in own if period.start <= desk.have.end]
    ahead = sorted((period for period in own if period.start > desk.have.end), key=lambda period: period.start)
    others = list(dict.fromkeys(declared(t.metric).name for t in kept if t.metric != metric.id))[:3]
    also = ""
    if ahead and not mine:
        return Stop(
            "no_data", "target", f"Tu meta de {metric.name} es para {label(ahead[0])}, y todavía no tengo ventas de "
            f"esos días: las tuyas llegan hasta el {day_label(desk.have.end)}. Súbelas y te digo cómo vas.",
            (f"¿Cuál es mi meta de {label(ahead[0])}?",),
        )  # fmt: skip
    if mine:
        also = f" La última que tienes es de {label(mine[0])}."
    elif others:
        also = f" Tienes metas de {join(others)}."
    asks = (f"¿Cómo me fue con la meta de {label(mine[0])}?",) if mine else _EXAMPLES
    return Stop(
        "no_data", "target", f"Todavía no tienes una meta de {metric.name} guardada {_in(found)}.{also} Anótala en "
        "[Metas](/metas) y te digo cuánto te falta.", asks,
    )  # fmt: skip
