"""Answers that are not figures of a period: definitions, help, courtesy, where a number comes from."""

from decimal import Decimal

from assistant.answers.report import Report
from assistant.answers.wording import of_query
from assistant.citations import encode
from assistant.desk import Desk
from assistant.parts import Citation, Understood
from assistant.plan import Plan, Stop
from assistant.tools.common import COLUMN_NAMES
from core.language import join, plural
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
