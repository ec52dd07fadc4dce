"""What a reading leaves unexplained: a question is asked back rather than another one answered. Pure."""

# ruff: noqa: E501  (a pattern is read more easily whole than broken)

import re

from assistant import grammar as g
from assistant.decide.pieces import limit_of
from assistant.plan import Plan, Stop
from assistant.read import VERB, Reading, inflected
from assistant.residue import residue
from assistant.words.canonical import Speller
from features import dimension, metric
from features.catalog.types import Unit

SHOWS_NO_FIGURE = frozenset({
    "help", "greeting", "thanks", "definition", "provenance", "winds", "standing", "attention", "inflation", "convert",
})  # fmt: skip
_OUT_OF_TIME = re.compile(rf"(?<![\w@])(?:{g.EXCLUDE_WORDS})(?: (?:el|la|los|las|lo|de|del|mes|dia|dias))* @t\d")
_EDGE = re.compile(
    r"(?<![\w@])(?:desde|hasta|antes|despues|previ[oa]s?|posterior(?:es)?|mitad|tercio|inicios?|comienzos?|principios?|fin|fines|finales|mediados)"
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
    r"(?<![\w@.,/-])(?:\d[\d.,]*|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|quince|veinte|cien|mil|millon(?:es)?)(?![\w/-])"
)
_WITHOUT = re.compile(rf"(?<![\w@])(?:{g.EXCLUDE_WORDS})(?: (?:el|la|los|las|lo|de|del))* @[md]\d")
_NEGATED = re.compile(
    r"(?<![\w@])(?:no (?:(?:se|me|nos|le|les|lo|la|han|ha|he|estan?|fueron|tuvieron|tuve) )*(?:@m\d|[a-z]{2,}ndo(?!\w)|(?!cuan|tan|bien|quien|tambien)[a-z]{2,}(?:aron|ieron|io|aban|ian|[a-z]an|[a-z]en)(?!\w))"
    r"|dej\w+ de (?:vender\w*|@m\d))"
)
_COUNTED = re.compile(r"(?<![\w@])cuant[oa]s (?:dias|semanas|meses|horas|trimestres|anos|veces|minutos)(?!\w)")
_SPENT_BY = re.compile(r"(?<![\w@])cuanto |@m\d+ (?:de|a|por|en)(?: los| las| mis| mi)* @m\d")
_DAY_NAME = re.compile(
    r"(?<![\w@])(?:lunes|martes|miercoles|jueves|viernes|sabados?|domingos?)(?!\w)|(?:@[tw]\d+|fin(?:es)? de semana) larg[oa]s?"
)
_WITH = re.compile(r"@m\d+(?: (?:de|en) @[tn]\d+)* con (?:algun |un )?@m\d")
"""'Ventas con descuento' are some of the sales, 'ventas con más margen' an order."""
_DAYS_AGAINST = re.compile(r"@w\d+ (?:vs|frente|contra|comparad\w+|respecto)(?: \w+){0,3} @w\d")
_WHO = re.compile(r"(?<![\w@])(?:quien(?:es)?|donde|cuando)(?!\w)")
"""What nothing was made of: '¿quién fue el crack?' asks for no total."""
_SINGLES_OUT = re.compile(r"(?<![\w@])(?:el|la|los|las|lo) que (?:\w+ )?(?:mas|menos)(?!\w)")
_STRETCH = re.compile(r"(?:del?|desde)(?: el| la| los)? @t0 (?:al?|hasta)(?: el| la| los)? @t1(?!\d)")
_EACH_SALE = re.compile(r"(?<![\w@])cada @m(\d+)")
_PERCENT = re.compile(r"(?<![\w@])(?:que|el|en)? ?(?:%|porcentaje|por ciento)(?!\w)")
_OF_ONE_PERIOD = frozenset(
    {"value", "ranking", "breakdown", "share", "average", "best_period", "records", "compare_members"}
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
        *(() if plan.intent in ("unsold", "lost_customers") else (_WITHOUT, _NEGATED)),
        *(() if plan.intent == "beyond" else (_COUNTED,)),
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
    if reading.marks and not plan.marks:
        return _ask("el monto")
    if len(plan.whens) > 1 and (plan.intent in _OF_ONE_PERIOD or plan.whens[0].period == plan.whens[1].period):
        return _ask(" y ".join(w.label for w in plan.whens[:2]))
    together = reading.has(g.TOGETHER) or (_STRETCH.search(reading.text) and not reading.has(g.GROWTH))
    if plan.intent == "compare" and len(plan.whens) > 1 and together:
        return _ask(" y ".join(w.label for w in plan.whens[:2]))
    if plan.intent == "compare" and len(plan.whens) > 1 and not reading.has(g.COMPARE) and _unlike(plan):
        return _ask(" y ".join(w.label for w in plan.whens[:2]))  # 'hace una semana, el miércoles' is one day
    days = _DAYS_AGAINST.search(reading.text)
    if days and plan.intent == "compare":
        return _ask("los días que comparas")
    if _crossed(reading):
        return _ask(", ".join(n.choices[0].label for n in reading.named))
    beside = _beside(reading, plan)
    if beside:
        return _ask(_said(beside, reading))
    one = _SINGLES_OUT.search(reading.text)
    if one and plan.intent in ("value", "compare", "average") and not plan.marks:
        return _ask(one.group())
    who = _WHO.search(reading.text)
    if who and plan.dimension is None and plan.intent in ("value", "compare", "growth", "average", "share"):
        return _ask(who.group())
    number = _loose_number(reading, plan)
    if number:
        return _ask(number)
    word = next((w for w in reading.text.split() if _strange(w, speller)), "") or residue(reading, plan)
    return _ask(word) if word else None


def _unlike(plan: Plan) -> bool:
    """A day beside a week: one of them says which of the other is meant, and nothing compares them."""
    one, other = (w.period.days for w in plan.whens[:2])
    return max(one, other) > 4 * min(one, other)


def _beside(reading: Reading, plan: Plan) -> str:
    """A figure that stands beside another and makes it another one: 'con descuento', 'cada boleta', 'qué %'."""
    metrics = [metric(m) for m in plan.metrics]
    some = _WITH.search(reading.text)
    if some and plan.intent == "value":
        return some.group()
    each = _EACH_SALE.search(reading.text)
    if (
        each
        and plan.intent == "value"
        and reading.metrics[int(each[1])] == "transactions"
        and plan.metrics == ("transactions",)
    ):
        return each.group()
    percent = _PERCENT.search(reading.text)
    if percent and plan.intent == "value" and not any(m.unit is Unit.ratio for m in metrics):
        return percent.group()
    return ""


def _crossed(reading: Reading) -> bool:
    """'Empanadas en Curicó y pan en Talca' are two figures, not one of both and both."""
    said = [n.choices[0].dimension for n in reading.named if n.clear]
    return len(said) >= 4 and said[:2] == said[2:4] and said[0] != said[1]


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
    rest = g.TOP.sub(" ", reading.text) if limit_of(reading) else reading.text
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
