"""Tú for Chile, vos for Argentina: the same texts, conjugated.

A verb is declared once by its infinitive (and its stem where that changes: muestra, pide); its forms of tú and of vos
follow from the rules. What a word alone does not tell is left to where it stands: 'Sube' opens a sentence as a request
and 'sube' within one is what the price does; 'compras' after 'si' is a verb, after 'tus' it is not. Pure.
"""

import re
from collections.abc import Iterator

_REGULAR = """
    abrir acortar agregar anotar anular apagar arrastrar arreglar avisar ayudar bajar borrar buscar cambiar
    cargar comparar completar comprar conectar confirmar contar:cuenta copiar corregir:corrige crear crecer
    cruzar decir:dice:di definir dejar descargar descontar:descuenta deshacer:deshace:deshaz dividir duplicar
    ejecutar elegir:elige empezar:empieza encontrar:encuentra enseñar entender:entiende entrar enviar:envía
    escribir esperar existir explicar exportar fijar firmar funcionar ganar gastar guardar hablar hacer:hace:haz
    importar incluir:incluye indicar intentar juntar llamar llegar llevar lograr mandar marcar mezclar mirar
    mostrar:muestra mover:mueve necesitar negociar ofrecer olvidar pagar pasar pedir:pide perder:pierde planear
    poder:puede poner:pone:pon preguntar probar:prueba quedar querer:quiere quitar reanudar recibir
    recordar:recuerda recuperar reservar responder revisar saber:sabe sacar seguir:sigue separar subir sumar
    tener:tiene:ten terminar tocar traer:trae usar vender venir:viene:ven vigilar volver:vuelve
""".split()  # noqa: SIM905  (a verb is read more easily without its quotes)
_NOUNS = frozenset(
    """bajas cambias cargas compras copias cortas cuentas descargas esperas firmas ganas llamas marcas mezclas muestras
    pagas pasas planeas preguntas pruebas reservas sumas tocas traes usas""".split()  # noqa: SIM905
)
"""Forms that are nouns as well, or may be: verbs only after a word that asks for one."""
_SHOWS = frozenset(
    """baja crece espera existe falta funciona gana llega necesita pierde queda termina vale""".split()  # noqa: SIM905
)
"""What opens a sentence as the third person in our texts: 'Espera otro intento', 'Baja el margen'."""
_ASKED = "agrega confirma descarga elige escribe pide prueba quita responde revisa vigila".split()  # noqa: SIM905
"""What is a request wherever a part of a sentence begins with it: '…; confirma que la rebaja es la que querías'."""
_SPECIAL = {
    "eres": "sos", "tú": "vos", "contigo": "con vos", "para ti": "para vos", "a ti": "a vos", "al tiro": "enseguida",
}  # fmt: skip
_CLITICS = ("melo", "mela", "melos", "melas", "selo", "sela", "selos", "selas", "noslo", "nosla",
            "me", "lo", "la", "los", "las", "le", "les", "nos")  # fmt: skip
_ASKS = r"(?:que|qué|si|cuando|cuándo|cuanto|cuánto|como|cómo|donde|dónde|no|te|me|nos|ya|mientras|también|lo)"
_ACCENTED = dict(zip("aeiou", "áéíóú", strict=True))
_ENDINGS = {"ar": ("a", "á"), "er": ("e", "é"), "ir": ("e", "í")}


def localised(text: str, locale: str) -> str:
    """`text` as it is said where the company is."""
    if locale != "es-AR":
        return text
    text = _SURE.sub(lambda m: _cased(_FORMS[m[0].lower()], m[0]), text)
    text = _AFTER.sub(lambda m: m[1] + _NOUN_FORMS[m[2].lower()], text)
    text = _OPENING.sub(lambda m: _cased(_REQUESTS[m[0].lower()], m[0]), text)
    text = _WITHIN.sub(lambda m: m[1] + _REQUESTS[m[2]], text)
    # A request that goes on: 'Revisá la partida y cuenta', 'Quitá uno, o divide el archivo'.
    return _GOING_ON.sub(lambda m: m[1] + _REQUESTS[m[2]], text)


def _forms(declared: str) -> Iterator[tuple[str, str, str]]:
    """What kind of form ('present', 'request', 'clitic'), as tú says it, as vos does."""
    infinitive, _, more = declared.partition(":")
    ending, (plain, stressed) = infinitive[-2:], _ENDINGS[infinitive[-2:]]
    third, _, irregular = (more or infinitive[:-2] + plain).partition(":")
    present = third if third[-1] == plain else third[:-1] + plain
    root = infinitive[:-2]
    yield "present", present + "s", root + stressed + "s"
    request = irregular or third
    if infinitive in ("poder", "querer", "saber", "existir"):
        return
    yield "request", request, root + stressed
    for clitic in _CLITICS:
        double = len(clitic) > 3
        spoken = root + (stressed if double else {"ar": "a", "er": "e", "ir": "i"}[ending]) + clitic
        yield "clitic", _stressed(request, irregular != "", double) + clitic, spoken


def _stressed(request: str, short: bool, double: bool) -> str:
    """The request with the accent that a pronoun behind it brings: muestra -> muéstra(me), di -> dí(melo)."""
    if any(c in "áéíóú" for c in request):
        return request
    if short:
        return re.sub(r"[aeiou](?=[^aeiou]*$)", lambda m: _ACCENTED[m[0]], request) if double else request
    stem = request[:-1]
    stem = re.sub(r"[iu]$", lambda m: m[0].upper(), stem)  # cambi-a, sigu-e: no vowel of its own
    groups = list(re.finditer(r"[aeiou]+", stem))
    if not groups:
        return request
    last = groups[-1]
    strong = [n for n, c in enumerate(last[0]) if c in "aeo"]
    at = last.start() + (strong[-1] if strong else len(last[0]) - 1)
    return (stem[:at] + _ACCENTED[stem[at]] + stem[at + 1 :]).lower() + request[-1]


def _cased(new: str, like: str) -> str:
    return new[0].upper() + new[1:] if like[0].isupper() else new


def _any(words: dict[str, str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


_EVERY = [form for declared in _REGULAR for form in _forms(declared)]
_FORMS = _SPECIAL | {tu: vos for kind, tu, vos in _EVERY if kind != "request" and tu not in _NOUNS}
_NOUN_FORMS = {tu: vos for kind, tu, vos in _EVERY if kind == "present" and tu in _NOUNS}
_REQUESTS = {tu: vos for kind, tu, vos in _EVERY if kind == "request" and tu not in _SHOWS}
_FREE = r"(?<![\w=/&?+%.-])"  # no part of an address
_SURE = re.compile(rf"{_FREE}(?:{_any(_FORMS)})\b", re.IGNORECASE)
_AFTER = re.compile(rf"{_FREE}({_ASKS} )({_any(_NOUN_FORMS)})\b", re.IGNORECASE)
_CAPITAL = "|".join(sorted((w[0].upper() + w[1:] for w in _REQUESTS), key=len, reverse=True))
_OPENING = re.compile(rf"{_FREE}(?:{_CAPITAL})\b")
_WITHIN = re.compile(rf"([,;:] )({'|'.join(_ASKED)})\b")
_VOS = "|".join(sorted((re.escape(w[0].upper() + w[1:]) for w in _REQUESTS.values()), key=len, reverse=True))
_GOING_ON = re.compile(rf"(\b(?:{_VOS})\b[^.:;?!<>\n]*?(?:,| y| o) )({_any(_REQUESTS)})\b")
