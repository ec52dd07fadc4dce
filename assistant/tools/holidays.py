"""Public holidays as a set of days: what they sold, one by one, against the days that were none."""

from datetime import date
from decimal import Decimal

from assistant.answers import charts
from assistant.answers.report import Report
from assistant.answers.wording import RATIO, change, clause, headline
from assistant.desk import Desk
from assistant.horizon import Span
from assistant.plan import Plan, Stop
from assistant.tools.common import span, understood
from assistant.tools.values import _in
from core.language import plural
from core.periods import Grain, day_label
from features import metric as declared
from features.feasts import feast_names
from features.query import Query, Row


def holidays(plan: Plan, desk: Desk, report: Report) -> Stop | None:
    """A metric over the holidays of a period; with `without`, over all its other days."""
    metric = declared(plan.metrics[0])
    if not metric.additive:
        return Stop(
            "no_data", "holidays",
            f"De los feriados sumo montos y unidades día por día, no {metric.name}. ¿Te sirven las ventas?",
            ("¿Cuánto vendí los feriados de este año?",),
        )  # fmt: skip
    found = span(plan, desk)
    if isinstance(found, Stop):
        return found
    inside = found.period.overlap(desk.have) or found.period
    names = feast_names(desk.scope.company.country, inside)
    rows = desk.run(Query((metric.id,), inside, grain=Grain.day, filters=plan.filters)).rows
    feasts = [r for r in rows if r.period.start in names and r.value is not None]
    others = [r for r in rows if r.period.start not in names and r.value is not None]
    if not feasts:
        return Stop("no_data", "holidays", f"No hay feriados con datos en {found.label}.", ("¿Cuál fue mi mejor día?",))
    report.understood = understood(plan, found)
    report.facts += list(names.values())
    if plan.without:
        _without(others, feasts, found, plan, report)
    else:
        _on(feasts, others, names, found, plan, report)
    report.note(found.note)
    report.follow_ups += ["¿Cuál fue mi mejor día?", "¿Cómo han evolucionado mis ventas por mes?"]
    return None


def _on(feasts: list[Row], others: list[Row], names: dict[date, str], found: Span, plan: Plan, report: Report) -> None:
    metric, query = declared(plan.metrics[0]), Query(plan.metrics[:1], found.period, filters=plan.filters)
    total = report.figure(query, _sum(feasts), label="en feriados", kind="holidays")
    count = report.figure(query, Decimal(len(feasts)), label="feriados", kind="count", unit="count")
    report.say(f"{headline(metric, report.told(total))} en {report.told(count)} "
               f"{'feriado' if len(feasts) == 1 else 'feriados'}, {found.label}{clause(plan.filters)}.")  # fmt: skip
    days = [
        report.figure(
            Query((metric.id,), r.period, filters=plan.filters), r.value,
            label=f"{names[r.period.start]}, {day_label(r.period.start)}",
        )
        for r in feasts
    ]  # fmt: skip
    usual = _sum(others) / len(others) if others else Decimal(0)
    mean = _sum(feasts) / len(feasts)
    if usual > 0:
        a = report.figure(query, mean, label="promedio por feriado", kind="average")
        b = report.figure(query, usual, label="promedio de los demás días", kind="average")
        ratio = report.figure(query, (mean - usual) / usual, label="diferencia", kind="difference", unit=RATIO)
        report.say(f"Un feriado deja en promedio {report.told(a)} y los demás días {report.told(b)} "
                   f"({change(ratio.value or Decimal(0))}).")  # fmt: skip
    best = max(days, key=lambda f: f.value or Decimal(0))
    if len(days) > 1:
        report.say(f"El mejor: {best.label}, con {report.told(best)}.")
        report.chart("Feriados", charts.bars(days, [f.label for f in days], metric.name.capitalize()))


def _without(others: list[Row], feasts: list[Row], found: Span, plan: Plan, report: Report) -> None:
    metric, query = declared(plan.metrics[0]), Query(plan.metrics[:1], found.period, filters=plan.filters)
    rest = report.figure(query, _sum(others), label=f"{metric.name} sin feriados", kind="without_holidays")
    left = report.figure(query, _sum(feasts), label="en feriados", kind="holidays")
    said = plural(len(feasts), "feriado", "feriados")
    report.facts.append(said)
    report.say(f"{headline(metric, report.told(rest))} {_in(found)}{clause(plan.filters)}, sin contar {said} "
               f"({report.told(left)}).")  # fmt: skip


def _sum(rows: list[Row]) -> Decimal:
    return sum((r.value or Decimal(0) for r in rows), Decimal(0))
