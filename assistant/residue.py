"""Words that tell something and that the plan does nothing with: asked back, never passed over. Pure.

A question's words are marks (what was found in it), fillers (that tell nothing), or words that an intent accounts for:
'crecieron' in a comparison, 'mensual' in a series. What is left over might have narrowed the figure.
"""

# ruff: noqa: E501  (a pattern is read more easily whole than broken)

import re

from assistant.grammar import CORRECTION, EXCLUDE_WORDS
from assistant.plan import Plan
from assistant.read import VERB, Reading
from assistant.words.common import FILLERS, NUMBERS, TELLING
from features import metric
from features.catalog.types import Unit


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{' '.join(pattern.split()).replace(' ', '|')})")


_CHANGE = """
    compar\\w* vs v s respecto contra frente diferencia\\w* crec\\w* subi\\w* sub\\w+ baj\\w* aument\\w* disminu\\w*
    cay\\w* caida\\w* caen? alzas? mejor\\w* empeor\\w* cambi\\w* vari\\w* supere superamos mism[oa]s? anterior(?:es)?
    previ[oa]s? pasad[oa]s? antepasad[oa]s? anos? dias? meses mes semanas? atras interanual yoy mas menos mayor menor peor
    porcentaje porcentual iguales igual evolucion\\w* con distint[oa]s? paso sigui\\w* cuant\\w+ respect\\w* decrec\\w*
    retroced\\w+ alt[oa]s? floj[oa]s? fuertes? sobre relacion tendencia
"""
_EXTREME = """
    mas menos mejor(?:es)? peor(?:es)? mayor(?:es)? menor(?:es)? top ranking rankea\\w* principal(?:es)? maxim[oa]s?
    minim[oa]s? lider\\w* estrella fuertes? floj[oa]s? debil(?:es)? alt[oa]s? baj[oa]s? grandes? chic[oa]s? pequen[oa]s?
    barat[oa]s? car[oa]s? pico punta demanda record\\w* preferid[oa]s? favorit[oa]s? mal[oa]s? priori\\w+ empuj\\w+
    seguido frecuen\\w+ usad[oa]s? utilizad[oa]s? primer[oa]?s? segund[oa] tercer[oa]? ultim[oa]s? orden\\w* con
    popular(?:es)? exitos[oa]s? rentables? historic[oa]s? lugar(?:es)? jal\\w+ rompi\\w+ potenci\\w+ impuls\\w+ promov\\w+
    veces demandad[oa]s? solicitad[oa]s? pedid[oa]s? elegid[oa]s? consumid[oa]s? vend\\w+ individual(?:es)? desempeno
    rendimiento importantes? destac\\w+ casi vendid[oa]s? dia dias mes meses semanas? anos? trimestres? fechas? salida
    tod[oa]s? gord[oa]s? valor monto importe bien
"""
_SPANS = """
    diari[oa]s? diariamente semanal\\w* mensual\\w* anual(?:es)? trimestral\\w* dias? semanas? mes(?:es)? trimestres? anos?
    cada fechas?
"""
_AVERAGE = (
    "promedi\\w* medi[oa]s? normal\\w* habitual\\w* general tipic[oa]\\w* suelo solemos comun cualquiera corriente"
)
_PARTS = """
    porcentaje proporcion participacion parte partes peso pesan? aport\\w+ represent\\w+ contribu\\w+ cuota fraccion
    importantes? concentr\\w+ depend\\w+ total
"""
_SPREAD = """
    desglos\\w+ repart\\w+ distribu\\w+ divid\\w+ compon\\w+ separ\\w+ abiert[oa]s? cada mix detall\\w+ orden\\w* todos todas
    list\\w+ porcentaje participacion peso cuota segun
"""

EXPLAINS: dict[str, re.Pattern[str]] = {
    "value": _words("junt[oa]s sumad[oa]s"),
    "compare": _words(_CHANGE + "separ\\w+"),
    "growth": _words(_CHANGE),
    "compare_members": _words(_CHANGE + _EXTREME + "separ\\w+ cada"),
    "average": _words(_AVERAGE + _SPANS),
    "ranking": _words(_EXTREME + _SPREAD),
    "breakdown": _words(_SPREAD + "con"),
    "best_period": _words(_EXTREME + _SPANS + _AVERAGE),
    "records": _words(_EXTREME + _SPANS + "historia marca nunca todos"),
    "trend": _words(
        _SPANS + _CHANGE + _SPREAD
        + "evolu\\w+ tendencias? histori\\w+ serie\\w* curvas? acumulad[oa]s? comport\\w+ largo tiempo grafic\\w+ ido"
    ),
    "beyond": _words(_EXTREME + _SPREAD + _SPANS),
    "share": _words(_PARTS + _SPREAD + "con mas menos"),
    "pareto": _words(_PARTS + _EXTREME + _SPREAD + "pareto curva abc hacen pocos"),
}  # fmt: skip
"""Which telling words the answer to an intent accounts for. An intent that is not here is told by its own words."""

_HARMLESS = re.compile(
    r"(?:hice|hicieron|hizo|hacen?|hecho|hacia|tenido|cierres?|cerr\w+|ascend\w+|ascien\w+|emit\w+|lleg\w+|llev\w+|compr(?:o|a|an|aron|e|amos)|gast(?:o|a|an|aron)"
    r"|pag(?:o|a|an|ue|aron|ad[oa]s?)|dices?|digo|decir|activ[oa]s?|distint[oa]s?|sum\w+|pas(?:o|aron|ad[oa]s?)|resum\w+|control\w+|regal\w+"
    r"|termin\w+|arranc\w+|necesit\w*|realiz\w+|registr\w+|obtuv\w+|obten\w+|tuv\w+|retir\w+|despach\w+|atend\w+|corr\w+|ingres\w+|entr\w+|sal\w+|vend\w+|dej\w+|qued\w+|mand\w+"
    r"|devolv\w+|devuelv\w+|recib\w+|capt\w+|consig\w+|consegu\w+|ven(?:ia|ian|imos|go|ido)|estren\w+|vin\w+|and\w+|factur\w+)"
)
"""Verbs and adjectives that no figure is narrowed by."""
_SIN = re.compile(rf"(?<![\w@])(?:{EXCLUDE_WORDS})(?: (?:el|la|los|las|lo|de|del|en|a|por))* (?=@[nwt])")
_RATIO_WORDS = re.compile(r"(?:porcentaje|porcentual|tasa|proporcion|%)")
_AVERAGE_WORDS = re.compile(r"(?:promedi\w*|medi[oa]s?|cada|persona|cliente|vez|visita|normalmente|general)")
_PER_SOMETHING = frozenset({
    "average_ticket", "average_price", "units_per_transaction", "sales_per_customer", "purchase_frequency",
    "customer_lifetime_value",
})  # fmt: skip
_AFTER = re.compile(r"(?<=@n\d) ?,? ?(?:excluid[oa]s?|aparte|afuera|no (?:cuentan?|incluid[oa]s?))(?!\w)")
_WHOLESALE = re.compile(r"(?<![\w@])al por (?:mayor|menor)(?!\w)")
_GREETED = re.compile(r"(?<![\w@])(?:muy )?buen[oa]s? (?:dias?|tardes?|noches?)(?!\w)")
_GROSS = re.compile(r"(?:brut[oa]s?|net[oa]s?|acumulad[oa]s?)")


def residue(reading: Reading, plan: Plan) -> str:
    """The first word that tells something and that `plan` does not account for; '' where there is none."""
    explains = EXPLAINS.get(plan.intent)
    if explains is None:
        return ""
    text = reading.text
    for spoken in (_SIN, _AFTER, _GREETED, CORRECTION):
        text = spoken.sub(" ", text)
    if reading.named:
        text = _WHOLESALE.sub(" ", text)  # the channel says it again
    return next((w for w in text.split() if not _explained(w, plan, explains)), "")


def _explained(word: str, plan: Plan, explains: re.Pattern[str]) -> bool:
    if word[0] == "@" or not word.isalpha() or len(word) < 3 or word in FILLERS or word in NUMBERS:
        return True
    if explains.fullmatch(word):
        return True
    if word in TELLING:
        return _by_metric(word, plan)
    if _HARMLESS.fullmatch(word) or VERB.search(word) or word.endswith(("mente", "ndose")):
        return True
    return _by_metric(word, plan)


def _by_metric(word: str, plan: Plan) -> bool:
    """'Promedio' beside a ticket and 'porcentaje' beside a margin say again what the figure is."""
    if _GROSS.fullmatch(word):
        return True
    if _AVERAGE_WORDS.fullmatch(word) and set(plan.metrics) & _PER_SOMETHING:
        return True
    return bool(_RATIO_WORDS.fullmatch(word)) and any(metric(m).unit is Unit.ratio for m in plan.metrics)
