"""Public holidays as a set of days: what they sold, one by one, against the days that were none."""

from decimal import Decimal

from assistant.answers import charts
from assistant.answers.report import Report
from assistant.answers.wording import RATIO, change, clause, headline, short
from assistant.desk import Desk
from assistant.horizon import Span
from assistant.plan import Plan, Stop
from assistant.seasons import feast_names
from assistant.tools.common import span, understood
from assistant.tools.values import _in
from core.language import plural
from core.periods import Period, day_label
from features import metric as declared
from features.query import Query, Row


def holidays(plan: Plan, desk: Desk, report: Report) -> Stop | None:
    """A metric over the holidays of a period; with `without`, over every other day."""
    metric = declared(plan.metrics[0])
    if not metric.additive:
        return Stop(
            "no_data", "holidays",
            f"Para los feriados solo sumo montos y unidades por día, no {metric.name}. ¿Te sirven las ventas?",
            ("¿Cuánto vendí los feriados de este año?",),
        )  # fmt: skip
    found = span(plan, desk)
    if isinstance(found, Stop):
        return found
    inside = found.period.overlap(desk.have) or found.period
    names = _names(inside, desk)
    days = [r for r in desk.run(Query((metric.id,), inside, grain=plan.grain_of_days, filters=plan.filters)).rows]
    feasts = [r for r in days if r.period.start in names and r.value is not None]
    others = [r for r in days if r.period.start not in names and r.value is not None]
    if not feasts:
        return Stop(
            "no_data", "holidays", f"No hay feriados con datos en {found.label}.", ("¿Cómo me fue el mes pasado?",)
        )
    report.understood = understood(plan, found)
    if plan.without:
        _without(others, feasts, found, plan, desk, report)
    else:
        _on(feasts, others, names, found, plan, report)
    report.note(found.note)
    report.follow_ups += ["¿Cuál fue mi mejor día?", "¿Cómo han evolucionado mis ventas por mes?"]
    return None
