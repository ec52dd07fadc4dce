"""What a reading leaves unexplained: a question is asked back rather than another one answered. Pure."""

# ruff: noqa: E501  (a pattern is read more easily whole than broken)

import re

from assistant import grammar as g
from assistant.plan import Plan, Stop
from assistant.read import VERB, Reading, inflected
from assistant.residue import residue
from assistant.words.canonical import Speller
from features import dimension, metric

SHOWS_NO_FIGURE = frozenset({
    "help", "greeting", "thanks", "definition", "provenance", "winds", "standing", "attention", "inflation", "convert",
})  # fmt: skip
_OUT_OF_TIME = re.compile(rf"(?<![\w@])(?:{g.EXCLUDE_WORDS})(?: (?:el|la|los|las|lo|de|del|mes|dia|dias))* @t\d")
_EDGE = re.compile(
    r"(?<![\w@])(?:hasta|antes|despues|previ[oa]s?|posterior(?:es)?|mitad|tercio|inicios?|comienzos?|principios?|fin|fines|finales|mediados)"
    r"(?: (?:el|la|los|las|lo|a|al|de|del|que|mes|dia))* @t\d"
)
_OTHER_STATISTIC = re.compile(
    r"(?<![\w@])(?:mediana|moda|desviacion\w*|varianza|correlacion\w*|moviles|movil|deciles?|cuartiles?)(?!\w)"
)
_PART_OF_MONTH = re.compile(
    r"(?<![\w@])(?:principios?|comienzos?|inicios?|mediados|fines|finales) de (?:cada |el |este )?(?:mes(?:es)?|ano)"
)
_PIECE = re.compile(
    r"(?<![\w@])(?:(?:primer|segund|tercer|cuart|ultim)\w* (?:dias?|semanas?|mes(?:es)?|trimestres?|semestres?|anos?)|(?:segund|tercer|cuart)[oa]s?)(?!\w)"
)
_NUMBER = re.compile(
    r"(?<![\w@.,/-])(?:\d[\d.,]*|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|quince|veinte)(?![\w/-])"
)
_WITHOUT = re.compile(rf"(?<![\w@])(?:{g.EXCLUDE_WORDS})(?: (?:el|la|los|las|lo|de|del))* @[md]\d")
_NEGATED = re.compile(
    r"(?<![\w@])(?:no (?:se |me |nos |han |ha |he |fueron |tuvieron |tuve )*@m\d|dej\w+ de (?:vender\w*|@m\d))"
)
_COUNTED = re.compile(r"(?<![\w@])cuant[oa]s (?:dias|semanas|meses|horas|trimestres|anos|veces|minutos)(?!\w)")
_SPENT_BY = re.compile(r"(?<![\w@])cuanto |@m\d+ (?:de|a|por|en)(?: los| las| mis| mi)* @m\d")
_DAY_NAME = re.compile(
    r"(?<![\w@])(?:lunes|martes|miercoles|jueves|viernes|sabados?|domingos?)(?!\w)|(?:@[tw]\d+|fin(?:es)? de semana) larg[oa]s?"
)
_OF_CUSTOMERS = frozenset({"new_customers", "returning_customers"})
_NUMBERED = frozenset({"pareto", "target", "share"})


def doubt(reading: Reading, plan: Plan, speller: Speller) -> Stop | None:
    """The question back where words that may restrict the figure were not understood."""
    if plan.intent in SHOWS_NO_FIGURE:
        return None
    for sign in (
        _OUT_OF_TIME,
        _EDGE,
        _OTHER_STATISTIC,
        _PART_OF_MONTH,
        _WITHOUT,
        _NEGATED,
        _COUNTED,
        _DAY_NAME,
        *(() if plan.limit else (_PIECE,)),
    ):
        found = sign.search(reading.text)
        if found:
            return _ask("lo que no se vendió" if sign is _NEGATED else _said(found.group(), reading))
    if set(plan.metrics) & _OF_CUSTOMERS and plan.intent == "value" and _SPENT_BY.search(reading.text):
        return _ask("de clientes nuevos o recurrentes")  # their sales are not what is counted
    if len(reading.whens) > 2 and plan.intent != "trend":
        return _ask(", ".join(w.label for w in reading.whens))
    number = _loose_number(reading, plan)
    if number:
        return _ask(number)
    word = next((w for w in reading.text.split() if _strange(w, speller)), "") or residue(reading, plan)
    return _ask(word) if word else None


def _said(marked: str, reading: Reading) -> str:
    """The words behind the marks, as far as they can be told."""

    def put(mark: re.Match[str]) -> str:
        kind, at = mark[1], int(mark[2])
        if kind == "t":
            return reading.whens[at].label if at < len(reading.whens) else ""
        named = reading.metrics if kind == "m" else reading.dimensions
        if at >= len(named):
            return ""
        return metric(named[at]).name if kind == "m" else dimension(named[at]).name

    return " ".join(re.sub(r"@([tmd])(\d)", put, marked).split())


def _loose_number(reading: Reading, plan: Plan) -> str:
    """A number that is no limit, date, goal or share: 'ventas sobre 50.000' asks for other sales than all."""
    if plan.intent in _NUMBERED:
        return ""
    rest = g.TOP.sub(" ", reading.text) if plan.limit else reading.text
    found = _NUMBER.search(rest)
    return found.group() if found else ""


def _strange(word: str, speller: Speller) -> bool:
    """A noun or adjective that nobody knows; verbs hardly ever restrict a figure."""
    if word[0] == "@" or len(word) < 3 or not word.isalpha() or VERB.search(word):
        return False
    return not (speller.grammatical(word) or inflected(word, speller))


def _ask(words: str) -> Stop:
    return Stop(
        "clarify", "unclear",
        f"No entendí «{words.strip()}», y no quiero responderte otra cosa. ¿Me lo preguntas con otras palabras?",
        ("¿Cómo me fue el mes pasado?", "¿Cuáles son mis productos más vendidos?"),
    )  # fmt: skip
