"""Answers that are not figures of a period: definitions, help, courtesy, where a number comes from, targets."""

from decimal import Decimal

import features
from assistant.answers import charts
from assistant.answers.report import Report
from assistant.answers.wording import RATIO, of_query
from assistant.citations import encode
from assistant.desk import Desk
from assistant.horizon import Span
from assistant.parts import Citation, Understood
from assistant.plan import Plan, Stop
from assistant.tools.common import COLUMN_NAMES, figure, span, understood, value
from assistant.tools.values import _in
from core.language import join, plural
from core.periods import Grain, Period
from features import metric as declared
from features.query import Query

_EXAMPLES = (
    "¿Cómo me fue el mes pasado?",
    "¿Cuáles son mis productos más vendidos?",
    "¿Cómo han evolucionado mis ventas por mes?",
)


def definition(plan: Plan, desk: Desk, report: Report) -> Stop | None:
    """What a metric is and how it is computed."""
    report.understood = Understood(plan.intent, plan.metrics)
    for id in plan.metrics:
        one = declared(id)
        report.say(f"**{one.name.capitalize()}**: {one.definition[0].lower()}{one.definition[1:]}")
        report.citations.append(
            Citation(
                f"c{len(report.citations) + 1}", "definition", one.name.capitalize(), one.definition, f"/metricas#{id}"
            )
        )
        report.facts.append(one.definition)
        lacking = desk.lacks(id)
        if lacking:
            report.say(
                f"Hoy no la puedo calcular: a tus archivos les falta {join([COLUMN_NAMES.get(c, c) for c in lacking])}."
            )
        else:
            report.follow_ups.append(f"¿Cuánto fue {one.name} el mes pasado?")
    return None


def help(plan: Plan, desk: Desk, report: Report) -> Stop | None:
    """What can be asked."""
    report.understood = Understood(plan.intent)
    if plan.intent == "thanks":
        report.say("¡De nada! Cuando quieras seguimos.")
    else:
        hello = "¡Hola! " if plan.intent == "greeting" else ""
        report.say(
            f"{hello}Pregúntame por tus ventas como se lo preguntarías a un colega: cuánto vendiste, cómo te fue en un "
            "mes, qué productos o sucursales venden más, cómo cambió algo y dónde estuvo el cambio, tus clientes, tu "
            "margen. Cada cifra trae de dónde sale."
        )
    report.follow_ups += _EXAMPLES
    return None


def provenance(plan: Plan, desk: Desk, report: Report, last: Query | None = None) -> Stop | None:
    """The definition, period, filters and source lines behind the last figure."""
    if last is None:
        asked = "¿De qué número? Pregúntame primero por una cifra y te muestro de dónde sale."
        return Stop("clarify", "provenance", asked, _EXAMPLES)
    result = desk.run(last)
    one = report.figure(last, result.value())
    lines = sum(r.lines for r in result.rows[:1])
    count = report.figure(last, Decimal(lines), label="líneas", kind="lines", unit="count")
    report.understood = Understood(
        plan.intent, last.metrics,
        {"start": last.period.start.isoformat(), "end": last.period.end.isoformat(), "label": ""},
    )  # fmt: skip
    report.say(f"**{report.told(one)}** sale de {plural(int(count.value or 0), 'línea', 'líneas')} de tus archivos. "
               f"{of_query(last)}")  # fmt: skip
    report.facts.append(of_query(last))
    report.say(f"[Ver las líneas]({encode(last)})")
    return None


def target(plan: Plan, desk: Desk, report: Report) -> Stop | None:
    """How far sales are from the target of the period."""
    found = span(plan, desk, "month")
    if isinstance(found, Stop):
        return found
    goal = Decimal(str(plan.amount)) if plan.amount else _goal(desk, found, plan)
    if goal is None:
        return Stop(
            "no_data", "target", "Todavía no tienes una meta guardada para ese período. Anótala en Metas y te digo "
            "cuánto te falta.", ("¿Cuánto vendí el mes pasado?",),
        )  # fmt: skip
    report.understood = understood(plan, found)
    id = plan.metrics[0]
    done = figure(report, desk, id, found.period, plan.filters)
    query = Query((id,), found.period, filters=plan.filters)
    left = goal - (value(desk, id, found.period, plan.filters) or Decimal(0))
    wanted = report.figure(query, goal, label="meta", kind="target")
    part = report.figure(
        query, (done.value or Decimal(0)) / goal if goal else None, label="avance", kind="progress", unit=RATIO
    )
    gap = report.figure(query, left, label="lo que falta", kind="gap")
    reached = "Pasaste la meta" if left <= 0 else f"Te faltan **{report.told(gap)}**"
    report.say(
        f"{reached}: llevas {report.told(done)} de la meta de {report.told(wanted)} ({report.told(part)}) {_in(found)}."
    )
    report.chart("Meta", charts.bars([done, wanted], ["Llevas", "Meta"], declared(id).name.capitalize()))
    report.note(found.note)
    return None


def _goal(desk: Desk, found: Span, plan: Plan) -> Decimal | None:
    """The target of the period as it was said ('este mes' is the whole month), or else of the days that count."""
    when = plan.whens[0] if plan.whens else None
    asked = when.period if when else found.period
    grain = when.grain if when and when.grain else Grain.month
    for period in dict.fromkeys((Period.of(grain, asked.start), asked, found.period)):
        wanted = features.target(Query(plan.metrics[:1], period, filters=plan.filters), desk.scope, desk.connection)
        if wanted is not None:
            return wanted
    return None
