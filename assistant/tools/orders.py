"""Single sales: the biggest and the smallest receipts."""

import features
from assistant.answers import charts
from assistant.answers.report import Report
from assistant.answers.wording import clause
from assistant.desk import Desk
from assistant.parts import Figure
from assistant.plan import Plan, Stop
from assistant.tools.common import span, understood
from assistant.tools.values import _in
from core.language import plural
from core.periods import WEEKDAYS, Period, day_label
from features.query import Query


def orders(plan: Plan, desk: Desk, report: Report) -> Stop | None:
    """The biggest (or smallest) sales of a period, each with its day."""
    found = span(plan, desk)
    if isinstance(found, Stop):
        return found
    report.understood = understood(plan, found)
    made = features.orders(
        found.period, plan.filters, desk.scope, desk.connection, plan.order, min(plan.limit or 1, 10)
    )
    if not made:
        return Stop("no_data", "no_data", f"No hay ventas en {found.label}.", ("¿Cómo me fue el mes pasado?",))
    told = [(one, _figure(one, plan, report)) for one in made]
    first, amount = told[0]
    size = "chica" if plan.order == "asc" else "grande"
    lines = f", con {plural(first.lines, 'línea', 'líneas')}" if first.lines > 1 else ""
    report.say(
        f"Tu venta más {size} {_in(found)}{clause(plan.filters)} fue de **{report.told(amount)}**: "
        f"{_which(first)}{lines}."
    )
    report.facts += [f"{one.ref} {one.lines} {day_label(one.day)} {one.customer} {one.branch}" for one in made]
    if len(told) > 1:
        report.say("\n".join(f"{i}. {report.told(f)}: {_which(one)}" for i, (one, f) in enumerate(told, 1)))
        report.chart("Ventas una por una", charts.bars([f for _, f in told], [f.label for _, f in told], "Venta"))
    report.note(found.note)
    report.follow_ups += [f"¿Cómo me fue el {day_label(first.day)}?", "¿Cuál es el ticket promedio?"]
    return None


def _figure(one: features.Order, plan: Plan, report: Report) -> Figure:
    day = Period(one.day, one.day)
    query = Query(("sales",), day, filters=plan.filters)
    name = f"boleta {one.ref}" if one.ref else "venta"
    return report.figure(query, one.total, label=f"{name} del {day_label(one.day)}", kind="order")


def _which(one: features.Order) -> str:
    said = f"el {WEEKDAYS[one.day.weekday()]} {day_label(one.day)}"
    if one.branch:
        said += f" en {one.branch}"
    if one.customer:
        said += f", a {one.customer}"
    return f"{said} (documento {one.ref})" if one.ref else said
