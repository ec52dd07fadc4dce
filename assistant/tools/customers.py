"""Customers: who stopped buying, and new ones against those who return."""

from datetime import timedelta
from decimal import Decimal

from assistant.answers import charts
from assistant.answers.report import Report
from assistant.answers.wording import RATIO
from assistant.desk import Desk
from assistant.plan import Plan, Stop
from assistant.tools.common import figure, missing_dimension, missing_metric, span, understood
from assistant.tools.values import _in
from core.periods import Period, day_label
from features.query import Query

_QUIET_DAYS = 60
_SHOWN = 10


def lost(plan: Plan, desk: Desk, report: Report) -> Stop | None:
    """Customers who bought before the period and not in it, biggest first."""
    stop = missing_dimension(desk, ("customer",))
    if stop:
        return stop
    if plan.whens:
        found = span(plan, desk)
        if isinstance(found, Stop):
            return found
        quiet = found.period
    else:
        quiet = Period(max(desk.have.start, desk.have.end - timedelta(days=_QUIET_DAYS - 1)), desk.have.end)
    start = quiet.start
    if start <= desk.have.start:
        return Stop(
            "no_data", "no_data", f"Para saber quién dejó de comprar necesito ventas de antes del {day_label(start)}."
        )
    earlier = Period(max(desk.have.start, start - timedelta(days=365)), start - timedelta(days=1))
    gone = desk.lapsed(earlier, quiet, plan.filters, _SHOWN)
    fitted = span(plan, desk)
    if not isinstance(fitted, Stop):
        report.understood = understood(plan, fitted)
    query = Query(("sales",), earlier, filters=plan.filters)
    names = [name for name, _ in gone.members]
    made = [report.figure(query, total, slice={"customer": name}, label=name) for name, total in gone.members]
    count = report.figure(
        query, Decimal(gone.count), label="clientes que dejaron de comprar", kind="count", unit="count"
    )
    since = (
        f"desde el {day_label(start)}"
        if quiet.end >= desk.have.end
        else f"entre el {day_label(start)} y el {day_label(quiet.end)}"
    )
    report.facts.append(since)
    who = "cliente que te compró" if gone.count == 1 else "clientes que te compraron"
    verb = "no ha vuelto" if gone.count == 1 else "no han vuelto"
    report.say(f"**{report.told(count)}** {who} en el año anterior {verb} {since}.")
    if made:
        report.say("Los que más compraban:\n" + "\n".join(
            f"{i}. {name}: {report.told(f)}" for i, (name, f) in enumerate(zip(names, made, strict=True), 1)
        ))  # fmt: skip
    if len(made) > 1:
        report.chart("Clientes que no han vuelto", charts.bars(made, names, "Ventas del año anterior"))
    report.follow_ups += ["¿Cuál es mi tasa de recompra?", "¿Quiénes son mis mejores clientes?"]
    return None


def new_and_returning(plan: Plan, desk: Desk, report: Report) -> Stop | None:
    """How many customers were new and how many came back."""
    stop = missing_metric(desk, plan.metrics)
    if stop:
        return stop
    found = span(plan, desk, "month")
    if isinstance(found, Stop):
        return found
    report.understood = understood(plan, found)
    new = figure(report, desk, "new_customers", found.period, plan.filters)
    back = figure(report, desk, "returning_customers", found.period, plan.filters)
    every = figure(report, desk, "active_customers", found.period, plan.filters)
    report.say(f"**{report.told(new)}** clientes nuevos y **{report.told(back)}** recurrentes {_in(found)}, "
               f"{report.told(every)} en total.")  # fmt: skip
    if every.value and new.value is not None:
        query = Query(("new_customers",), found.period, filters=plan.filters)
        part = report.figure(query, new.value / every.value, label="participación de nuevos", kind="share", unit=RATIO)
        report.say(f"Los nuevos son el {report.told(part)}.")
        report.chart("Clientes", charts.bars([new, back], ["Nuevos", "Recurrentes"], "Clientes"))
    report.note(found.note)
    return None
