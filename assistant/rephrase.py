"""Ways of saying the same that the grammar reads one of: rewritten before anything is looked for. Pure."""

# ruff: noqa: E501  (a pattern is read more easily whole than broken)

import re

from core.periods import MONTHS

_MONTH = "|".join(MONTHS)
_UNITS = {
    "uno": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9, "diez": 10,
    "once": 11, "doce": 12, "trece": 13, "catorce": 14, "quince": 15, "dieciseis": 16, "diecisiete": 17,
    "dieciocho": 18, "diecinueve": 19, "veinte": 20, "veintiuno": 21, "veintidos": 22, "veintitres": 23,
    "veinticuatro": 24, "veinticinco": 25, "veintiseis": 26, "veintisiete": 27, "veintiocho": 28, "veintinueve": 29,
    "treinta y uno": 31, "treinta": 30,
}  # fmt: skip
_HUNDREDS = {
    "doscientos": 200, "trescientos": 300, "cuatrocientos": 400, "quinientos": 500, "seiscientos": 600,
    "setecientos": 700, "ochocientos": 800, "novecientos": 900,
}  # fmt: skip
_SPELLED = "|".join(sorted(_UNITS, key=len, reverse=True))
_YEAR = re.compile(rf"(?<!\w)dos mil (?P<n>{_SPELLED})(?!\w)")
_DAY = re.compile(
    rf"(?<!\w)(?P<n>{_SPELLED})(?= (?:de )?(?:{_MONTH})(?!\w)| (?:al|y|y el|hasta el) \S+ de (?:{_MONTH}))"
)
_HUNDRED = re.compile(rf"(?<!\w)(?P<n>{'|'.join(w[:-2] for w in _HUNDREDS)})[oa]s(?!\w)")
_CHANGED = re.compile(
    rf"(?P<verb>(?<!\w)(?:cambi(?:o|aron|e)|vari(?:o|aron|e)|subi(?:o|eron|mos)?|baj(?:o|aron|e|amos)|cay(?:o|eron)|creci(?:o|eron|mos)?|aument(?:o|aron|e)|disminuy(?:o|eron))(?!\w).{{0,40}}?)"
    rf"(?<!\w)(?:(?:de|desde)|(?P<between>entre)) (?P<a>(?:{_MONTH})(?: (?:de |del )?20\d\d)?) (?(between)y|(?:a|hasta)) (?P<b>(?:{_MONTH})(?: (?:de |del )?20\d\d)?)(?!\w)"
)
_ELIDED = re.compile(
    r"(?P<said>(?<!\w)(?:est[ae]|el|la) )(?P<unit>mes|semana|ano|trimestre|semestre)"
    r"(?P<between>(?: (?:pasad[oa]|anterior))?(?: (?!que |vs |con |o |y )\S+){0,6} (?:que|vs|con|o|y|frente|respecto|respecto de|comparad\w+ con))"
    r" (?P<article>a la|al|del|de la|el|la) (?P<which>pasad[oa]|antepasad[oa])(?= |$)(?! (?:mes|semana|ano|trimestre|semestre)(?!\w))"
)
"""'La semana pasada o la antepasada', 'este año … que el pasado': the unit that both share is said once."""
_SAME: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(rf"(?<!\w)(?:{said})(?!\w)"), put)
    for said, put in (
        (r"a (?:partir|contar) del", "desde el"),
        (r"a (?:partir|contar) de(?! las?(?!\w))", "desde"),
        (r"(\d+|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|doce) (ultim[oa]s|pasad[oa]s) (dias|semanas|meses|trimestres|anos)", r"\2 \1 \3"),
        (rf"(?P<who>no (?:me |nos |me han |nos han |han )?(?:ha )?(?:compran?|comprado|compraron|vienen?|venido|vuelven?|vuelto|volvieron) )(?:nada )?(?:(?:desde )?hace|en|por)(?: mas de)? (?P<n>\d+|{_SPELLED}) (?P<unit>dias|semanas|meses)", r"\g<who>en los ultimos \g<n> \g<unit>"),
        (r"ejercicio(?: de| del)?(?= 20\d\d)", "ano"),
        (r"(?:los )?primeros (?:seis|6) meses del? ano", "primer semestre"),
        (r"(?:los )?primeros (?:tres|3) meses del? ano", "primer trimestre"),
        (r"(mes|semana|ano|trimestre) recien pasad[oa]", r"\1 pasado"),
        (r"1 ?r?a(?= quincena| mitad| semana)", "primera"),
        (r"2 ?d?a(?= quincena| mitad| semana)", "segunda"),
        (r"mejor(?:es)? sellers?", "los mas vendidos"),
        (r"(los(?: mejores)?(?: \d+| dos| tres| cinco| diez)?) (que (?:mas |menos )?(?:me|nos) (?:mas |menos )?(?:compr\w+|gast\w+))", r"\1 clientes \2"),
        (r"(?:que|cuanto) (?:el )?por ?ciento", "que porcentaje"),
        (r"de cada (?:100|cien)(?: pesos)?(?: que (?:me |nos )?(?:entran|vendo|vendemos|vendi|vendimos|entraron))? ?,? ?cuant[oa]s (?:son|fueron|eran|entran|vienen|se pagan)(?= (?:con|en|por) )", "que porcentaje es"),
        (r"(?:cuant[oa] )?(?:plata |dinero )?(?:que )?(?:deje|dejamos|dejo) de (?:ganar|recibir) (?:en|por|con) (?:los |las )?(?:descuentos?|rebajas?)", "cuanto descuento"),
        (r"(mejor|peor|mas|menos) que ((?:el|la) (?:mes|semana|ano|trimestre|semestre) pasad[oa]|ayer) a (?:esta|la misma) (?:altura|fecha)s?", r"\1 que \2"),
        (r"desde que (?:empezo|partio|comenzo|arranco|inicio) (?:el |la |este |esta )?(mes|ano|semana|trimestre)", r"en lo que va del \1"),
        (r"desde que (?:empece|empezamos|empezo|parti|partimos|abri|abrimos|comence|comenzamos|arranque|arrancamos|tengo (?:el )?(?:negocio|local))(?: (?:con )?(?:el|la) (?:negocio|local|tienda))?", "desde siempre"),
        (r"(?:de (?:toda )?|en (?:toda )?)(?:la|mi|nuestra) historia(?! de)", "en toda la historia"),
        (r"(mejor|peor|que) horas? y (?:que )?dia(?! de)", r"\1 hora y dia de la semana"),
        (r"(mejor|peor|que) dia y (?:a )?(?:que )?hora", r"\1 dia de la semana y hora"),
    )
)  # fmt: skip


def rephrased(text: str) -> str:
    """Canonical `text` in the words that the grammar knows."""
    for said, put in _SAME:
        text = said.sub(put, text)
    text = _ELIDED.sub(r"\g<said>\g<unit>\g<between> \g<article> \g<unit> \g<which>", text)
    text = _YEAR.sub(lambda m: str(2000 + _UNITS[m["n"]]), text)
    text = _DAY.sub(lambda m: str(_UNITS[m["n"]]), text)
    text = _HUNDRED.sub(lambda m: str(_HUNDREDS[m["n"] + "os"]), text)
    return _CHANGED.sub(r"\g<verb>\g<b> vs \g<a>", text)
