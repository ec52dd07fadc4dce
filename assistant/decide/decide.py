"""What is asked, from what stands in the question: one plan, or an honest stop. Pure."""

# ruff: noqa: E501  (a pattern is read more easily whole than broken)

import re
from dataclasses import replace

from assistant import grammar as g
from assistant.books import about_books, of_one
from assistant.decide.against import changes
from assistant.decide.particular import around as told_around
from assistant.decide.particular import particular
from assistant.decide.pieces import (
    Have,
    filters_of,
    metrics_of,
    unknown,
)
from assistant.decide.spread import bounded, periods, splits
from assistant.plan import Plan, Stop, View
from assistant.read import Reading
from assistant.refusals import beyond
from assistant.watching import watching
from features.query import Filter


def decide(reading: Reading, have: Have) -> Plan | Stop | None:
    """The plan of a question that stands on its own; None where it asks for nothing that is known."""
    talk = _courtesy(reading)
    if talk:
        return talk
    told = _told(reading)
    if told:
        return told
    if reading.bad_times:
        return Stop(
            "clarify", "value", f"No entiendo la fecha «{reading.bad_times[0]}». ¿De qué período hablas?",
            ("¿Cómo me fue el mes pasado?",),
        )  # fmt: skip
    if reading.has(g.PROVENANCE):
        return Plan("provenance", tuple(reading.metrics))
    if reading.has(g.DEFINITION) and (reading.metrics or reading.dimensions) and not reading.whens:
        return Plan("definition", tuple(dict.fromkeys(reading.metrics)) or ("sales",))
    around = told_around(reading)
    booked = about_books(reading, have.columns, have.spent)
    if booked:
        return booked
    stop = None if around else beyond(reading.plain, have.columns)
    if stop:
        return stop
    _widest(reading)
    ask = filters_of(reading)
    if isinstance(ask, Stop):
        return ask
    plan = around or _plan(reading, have)
    if plan is None:
        return None
    missing = None if around else unknown(reading)
    if missing:
        return missing
    return of_one(_dress(plan, reading, ask))


def _courtesy(reading: Reading) -> Plan | Stop | None:
    text = reading.text.replace(",", " ").strip()
    if not text:
        return Stop("clarify", "unclear", "No te entendí. ¿Qué quieres saber de tus ventas?", (
            "¿Cómo me fue el mes pasado?", "¿Cuáles son mis productos más vendidos?",
        ))  # fmt: skip
    if reading.has(g.HELP):
        return Plan("help")
    rest = " ".join(g.THANKS.sub(" ", text).split())
    if not rest:
        return Plan("thanks")
    if not g.GREETING.sub(" ", text).split():
        return Plan("greeting")
    return None


def _told(reading: Reading) -> Plan | Stop | None:
    """'Avísame si …': before its numbers and days are taken for a period's."""
    filters = filters_of(replace(reading, whens=[]))
    found = watching(reading, () if isinstance(filters, Stop) else filters)
    named = isinstance(found, Plan) and found.watch is not None and found.watch.kind != "stale"
    return (unknown(reading) if named else None) or found


def _widest(reading: Reading) -> None:
    """'¿Cómo va la mañana? … de hoy' names one stretch of time twice: the wider one stands."""
    if len(reading.whens) == 2 and not reading.has(g.COMPARE):
        a, b = reading.whens
        if "all" in (a.anchor, b.anchor):  # 'en total' beside a month only stresses it
            reading.whens = [b if a.anchor == "all" else a]
            return
        if a.period.overlap(b.period) == b.period and not (b.hours and not a.hours):
            reading.whens = [a]
        elif a.period.overlap(b.period) == a.period:
            reading.whens = [b]


def _plan(reading: Reading, have: Have) -> Plan | None:
    metrics = metrics_of(reading, have)
    for kind in (particular, bounded, periods, splits, changes):
        plan = kind(reading, metrics, have)
        if plan is not None:
            return plan
    return plain(reading, metrics)


def plain(reading: Reading, metrics: tuple[str, ...]) -> Plan | None:
    if reading.has(g.SUMMARY) and set(metrics) <= {"sales"}:
        return Plan("summary", ("sales",))
    if metrics:
        return Plan("value", metrics)
    if reading.has(g.SUMMARY):
        return Plan("summary", ("sales",))
    return None


def bare(reading: Reading) -> Plan | None:
    """'Total de la semana anterior', 'Colegio 7 2026': a period or a name by itself asks for its sales."""
    filters = filters_of(reading)
    leans = g.AND_START.search(reading.text) or g.CORRECTION.search(reading.text)
    if reading.metrics or not reading.whens or leans or isinstance(filters, Stop) or unknown(reading):
        return None
    if not _BARE.match(reading.text):
        return None
    return _dress(Plan("value", ("sales",)), reading, filters)


_BARE = re.compile(
    r"(?:(?:@[tnw]\d+|me|acuerdas|tirame|numero|pagad[oa]s?|pasame|dame|dime|decime|quiero|saber|ver|por favor|favor|gracias|el|la|los|las|de|del|en|por|y|con|sin|menos|total(?:es)?|monto|cierres?|cuanto|cuanta|fue|es|se"
    r"|cerr\w+|dio|dieron|hubo|anduvo|lo|tod[oa]s?|junt[oa]s|sumad[oa]s|salvo|excepto|quitando|sacando|excluyendo|descontando|contar|aparte|afuera|excluid[oa]s?|no|cuentan?|,)(?: |$))+$"
)


def _dress(plan: Plan, reading: Reading, filters: tuple[Filter, ...]) -> Plan:
    """What every plan carries: periods, filters, how to show it."""
    view: View | None = "chart" if reading.has(g.CHART) else "table" if reading.has(g.TABLE) else None
    if plan.sides:
        dimension = plan.sides[0].dimension
        filters = tuple(f for f in filters if f.dimension != dimension or f.exclude)
    if plan.intent == "weekend":
        filters = tuple(f for f in filters if f.dimension != "weekday")
    return replace(plan, whens=plan.whens or tuple(reading.whens[:2]), filters=filters, view=view)
