"""The deterministic planner: a question in its conversation to a plan, an honest stop, or a question back. Pure."""

import re
from dataclasses import dataclass, field, replace
from datetime import date

from assistant import conversation as thread
from assistant import following
from assistant.books import DIMENSION
from assistant.decide import Have, ambiguous, bare, decide
from assistant.doubt import doubt
from assistant.names import Choice, Named, options
from assistant.plan import Plan, Stop, from_json
from assistant.read import Lexicon, Reading, examine
from assistant.several import Half, apart, beside
from assistant.watching import INTENTS
from features.catalog.books import EXPENSES

_AND = re.compile(r"\W*(?:y|e|ahora|también|tambien) ", re.IGNORECASE)
_SUGGESTIONS = ("¿Cómo me fue el mes pasado?", "¿Cuáles son mis productos más vendidos?", "¿Cuánto vendí en total?")


@dataclass(slots=True)
class Context:
    """What a question is read against."""

    lexicon: Lexicon
    have: Have
    today: date
    state: thread.State = field(default_factory=dict)


def understand(text: str, context: Context) -> Plan | Stop:
    """The plan of `text`, or why there is none. Never raises."""
    pending = context.state.get("pending")
    if pending:
        choice = thread.pick(text, thread.choices_of(pending["choices"]))
        if choice:
            made = [thread.choices_of([c])[0] for c in pending["made"]] + [choice]
            return _understand(pending["question"], context, made)
    return _understand(text, context, [])


def _understand(text: str, context: Context, made: list[Choice]) -> Plan | Stop:
    reading = examine(text, context.lexicon, context.today)
    if isinstance(reading, Stop):
        return reading
    _settle(reading, made)
    own = decide(reading, context.have)
    last = from_json(context.state["plan"]) if context.state.get("plan") else None
    spent = _spelled_out(text, reading, last, context)
    if spent:
        return spent
    if isinstance(own, Plan) and own.intent in INTENTS:
        unclear = ambiguous(reading)
        return own if unclear is None else _which(reading.named[unclear], text, made)
    plan: Plan | Stop | None = own
    last = following.as_told(last, context.state.get("told")) if last else None
    if isinstance(own, Stop) and own.intent not in ("unknown_name", "missing_column"):
        return own
    leading = context.state.get("leading") or {}
    one = following.about_the_first(reading, last, leading, context.have) if last else None
    if one:
        return doubt(reading, one, context.lexicon.speller) or one
    leans = last is not None and following.elliptical(reading, own)
    if last and leans:
        plan = own if isinstance(own, Stop) else following.resume(reading, own, last, context.have)
    elif last and isinstance(own, Plan):
        plan = following.same_period(own, reading, last)
    if last and isinstance(plan, Plan):
        plan = following.about_the_leading(plan, reading, last, leading)
    plan = plan or bare(reading)
    if plan is None:
        return _lost(reading)
    unclear = ambiguous(reading)
    if unclear is not None and isinstance(plan, Plan):
        return _which(reading.named[unclear], text, made)
    if isinstance(plan, Plan):
        asked = beside(plan, reading)
        both = None if made or leans else apart(text, asked, lambda half: _half(half, context))
        return both or doubt(reading, plan, context.lexicon.speller) or asked
    return plan


def _half(text: str, context: Context) -> Half | None:
    """What a part of a question asks by itself; None where it asks nothing, or not clearly."""
    reading = examine(text, context.lexicon, context.today)
    if isinstance(reading, Stop) or ambiguous(reading) is not None:
        return None
    plan = decide(reading, context.have) or bare(reading)
    if not isinstance(plan, Plan) or doubt(reading, plan, context.lexicon.speller):
        return None
    return reading, beside(plan, reading)


def _spelled_out(text: str, reading: Reading, last: Plan | None, context: Context) -> Plan | Stop | None:
    """'¿Y en arriendo?' after expenses asks what was spent on rent, '¿y de hallulla?' after stock what is left of it:
    only the books know such names."""
    said = _AND.match(text)
    if last is None or reading.metrics or not said:
        return None
    about = "cuánto gasté" if last.metrics == (EXPENSES.id,) else "cuánto me queda" if last.intent == "stock" else ""
    whole = examine(f"{about} {text[said.end() :]}", context.lexicon, context.today) if about else None
    if not isinstance(whole, Reading):
        return whole
    own = decide(whole, context.have)
    if isinstance(own, Stop):
        return own if own.intent == "unknown_name" and not reading.named else None
    if own is None or (own.intent == "value" and not any(f.dimension in DIMENSION.values() for f in own.filters)):
        return None
    if last.intent in ("trend", "compare", "growth") and own.filters:
        return replace(last, filters=own.filters)
    kept = tuple(f for f in last.filters if f.dimension not in {g.dimension for g in own.filters})
    if own.intent == last.intent == "stock":  # '¿y en Talca?' is of the same product
        return replace(own, whens=own.whens or last.whens, filters=(*kept, *own.filters))
    return replace(own, whens=own.whens or last.whens)


def _settle(reading: Reading, made: list[Choice]) -> None:
    """Put the owner's choices in the place of the names they settle, in the order they were asked."""
    waiting = iter(made)
    for i, named in enumerate(reading.named):
        if not named.clear:
            choice = next(waiting, None)
            if choice is None:
                return
            reading.named[i] = replace(named, choices=(choice,))


def _which(named: Named, question: str, made: list[Choice]) -> Stop:
    offered = options(named)
    listed = " ".join(f"{i}) {c.label}" for i, c in enumerate(offered, 1))
    pending = {
        "question": question, "choices": thread.choices_json(offered), "made": thread.choices_json(tuple(made)),
    }  # fmt: skip
    return Stop("clarify", "choice", f"¿Cuál? {listed}", tuple(c.label for c in offered[:4]), pending)


def _lost(reading: Reading) -> Stop:
    if reading.whens or reading.named or reading.dimensions or reading.filters:
        about = reading.whens[0].label if reading.whens else "eso"
        return Stop(
            "clarify", "unclear", f"¿Qué quieres saber de {about}: las ventas, el margen, los clientes, los productos?",
            _SUGGESTIONS,
        )  # fmt: skip
    return Stop(
        "out_of_scope", "unknown",
        "No puedo responder eso: sé de las ventas, los productos, los clientes y el margen que muestran tus archivos. "
        "Prueba con una de estas:", _SUGGESTIONS,
    )  # fmt: skip
