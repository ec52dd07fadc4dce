"""Members or spans over or under an amount, and members that sold nothing."""

from datetime import timedelta
from decimal import Decimal

import features
from assistant.answers import charts
from assistant.answers.report import Report
from assistant.answers.wording import clause, exact, unit_of
from assistant.desk import Desk
from assistant.horizon import Span
from assistant.parts import Figure
from assistant.plan import Plan, Stop
from assistant.tools.common import members, span, understood, unnamed
from assistant.tools.values import _in
from core.language import join
from core.periods import WEEKDAYS, Grain, Period, label
from features import metric as declared
from features.catalog.types import Metric
from features.query import Query, Row

_SHOWN = 30
_NAMED = 10
_SPANS = {
    Grain.day: ("día", "días"), Grain.week: ("semana", "semanas"), Grain.month: ("mes", "meses"),
    Grain.quarter: ("trimestre", "trimestres"), Grain.year: ("año", "años"),
}  # fmt: skip


def beyond(plan: Plan, desk: Desk, report: Report) -> Stop | None:
    """Who, or when, lies over or under the amounts of the plan, the farthest first."""
    found = span(plan, desk)
    if isinstance(found, Stop):
        return found
    report.understood = understood(plan, found)
    metric, rows = declared(plan.metrics[0]), _rows(plan, desk, found)
    held = [r for r in rows if r.value is not None and all(mark.holds(r.value) for mark in plan.marks)]
    bound = _bound(plan, metric, report.currency)
    report.facts.append(bound)
    query = Query((metric.id,), found.period, filters=plan.filters)
    one, many, feminine = _what(plan)
    count = report.figure(query, Decimal(len(held)), label=f"{many} {bound}", kind="count", unit="count")
    of = f"con {metric.name} {bound} {_in(found)}{clause(plan.filters)}"
    if not held:
        report.say(f"{'Ninguna' if feminine else 'Ningún'} {one} {of}.")
        _nearest(plan, rows, query, report)
    else:
        made = [_figure(plan, query, r, report) for r in held[:_SHOWN]]
        report.say(f"**{report.told(count)}** {one if len(held) == 1 else many} {of}:")
        report.say("\n".join(f"{i}. {f.label}: {report.told(f)}" for i, f in enumerate(made, 1)))
        if len(held) > _SHOWN:
            report.say(f"Muestro {_SHOWN} de {len(held)}.")
            report.facts.append(str(_SHOWN))
        if len(made) > 1:
            report.chart(f"{metric.name.capitalize()} {bound}", charts.bars(made, [f.label for f in made], metric.name))
    report.figures.append(report.figures.pop(report.figures.index(count)))  # the members in rank order come first
    report.note(found.note)
    return None


def _rows(plan: Plan, desk: Desk, found: Span) -> list[Row]:
    """Every candidate, in the order in which those beyond the bound are told."""
    id = plan.metrics[0]
    if plan.dimension:
        rows = members(desk, id, found.period, plan.dimension, plan.filters, plan.order)
        return [r for r in rows if not unnamed(r, plan.dimension)]
    inside = found.period.overlap(desk.have) or found.period
    return [r for r in desk.run(Query((id,), inside, grain=plan.grain, filters=plan.filters)).rows if r.lines]


def _what(plan: Plan) -> tuple[str, str, bool]:
    """What is counted: one, many, and whether it is feminine."""
    if plan.dimension:
        one = features.dimension(plan.dimension)
        return one.name, one.plural, one.feminine
    grain = plan.grain or Grain.day
    return (*_SPANS[grain], grain is Grain.week)


def _bound(plan: Plan, metric: Metric, currency: str) -> str:
    """'sobre $500.000', 'bajo 55 %'."""
    unit = unit_of(metric, currency)
    return " y ".join(f"{'sobre' if mark.over else 'bajo'} {exact(mark.amount, unit)}" for mark in plan.marks)


def _figure(plan: Plan, query: Query, row: Row, report: Report) -> Figure:
    if plan.dimension:
        return report.figure(query, row.value, slice={plan.dimension: row.member}, label=row.member)
    day = f"{WEEKDAYS[row.period.start.weekday()]} " if row.period.days == 1 else ""
    there = Query(query.metrics, row.period, filters=query.filters)
    return report.figure(there, row.value, label=f"{day}{label(row.period)}")


def _nearest(plan: Plan, rows: list[Row], query: Query, report: Report) -> None:
    """Where nothing lies beyond: what comes nearest to it."""
    valued = [r for r in rows if r.value is not None]
    if valued:
        pick = max if plan.marks[0].over else min
        one = _figure(plan, query, pick(valued, key=lambda r: r.value or Decimal(0)), report)
        report.say(f"Lo más cerca: {one.label}, {report.told(one)}.")


def unsold(plan: Plan, desk: Desk, report: Report) -> Stop | None:
    """Members without a sale in the period that had some in the year before it."""
    found = span(plan, desk, "month")
    if isinstance(found, Stop):
        return found
    dimension = plan.dimension or "product"
    start = found.period.start
    earlier = Period(max(desk.have.start, start - timedelta(days=365)), start - timedelta(days=1))
    if start <= desk.have.start:
        return Stop("no_data", "no_data", f"Para saber qué dejó de venderse necesito ventas de antes de {found.label}.")
    report.understood = understood(plan, found)
    sold = {r.member for r in _sales(desk, found.period, dimension, plan)}
    gone = [r for r in _sales(desk, earlier, dimension, plan) if r.member not in sold]
    one = features.dimension(dimension)
    query = Query(("transactions",), earlier, filters=plan.filters)
    made = [
        report.figure(query, r.value, slice={dimension: r.member}, label=f"{r.member}, el año anterior")
        for r in gone[:_NAMED]
    ]
    count = report.figure(query, Decimal(len(gone)), label=f"{one.plural} sin ventas", kind="count", unit="count")
    where = f"{_in(found)}{clause(plan.filters)}"
    each = "Todas las" if one.feminine else "Todos los"
    if not gone:
        report.say(f"{each} {one.plural} que se vendieron en el año anterior se vendieron también {where}.")
    else:
        report.say(f"**{report.told(count)}** {one.name if len(gone) == 1 else one.plural} sin ninguna venta {where}: "
                   f"{join([r.member for r in gone[:_NAMED]])}.")  # fmt: skip
        report.facts.append(join([r.member for r in gone[:_NAMED]]))
        before = "; ".join(f"{r.member}, {report.told(f)} ventas" for r, f in zip(gone, made, strict=False))
        report.say(f"En los 12 meses anteriores sí se vendieron: {before}.")
        report.facts.append("12")
    report.note(found.note)
    report.follow_ups.append("¿Cuáles son mis productos menos vendidos?")
    return None


def _sales(desk: Desk, period: Period, dimension: str, plan: Plan) -> list[Row]:
    """Those with a sale, returns apart, the most often sold first."""
    rows = members(desk, "transactions", period, dimension, plan.filters)
    return [r for r in rows if r.value and not unnamed(r, dimension)]
