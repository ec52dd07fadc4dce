"""'Avísame si …': whether somebody wants to be told of something, and which of their rules they speak of. Pure."""

# ruff: noqa: E501  (a pattern is read more easily whole than broken)

import re

from assistant import answered, telling, wished
from assistant.plan import Plan, Stop
from assistant.read import Reading
from core.language import fold
from core.periods import Grain
from features.alerts import Rule
from features.query import Filter

INTENTS = ("watch", "unwatch", "rewatch", "watched", "retell", "seen")
"""Make a rule, end one, change one, list them, say to whom and when, answer an alert: none of them is a figure, and no
other question leans on them."""

_A = r"(?:el|los|la|las|mi|mis|ese|esa|este|esta|todos los|todas las)"
_THIS = rf"{_A} (?:avisos?|alertas?)"
_WHEN = r"(?:si|cuando|apenas|en cuanto|cada vez que|el dia que)"
_SOON = rf"(?= {_WHEN}\b)"
UNWATCH = re.compile(
    r"\b(?:deja\w* de (?:avis|alert|notific)\w+|(?:ya )?no (?:quiero que )?(?:me|nos) (?:avis|alert|notific)\w+|ya no quiero (?:el |los |la |las |mas )?(?:avisos?|alertas?)"
    rf"|(?:quita|quitame|quitar|saca|sacame|sacar|apaga|apagar|desactiva\w*|cancela\w*|borra\w*|elimina\w*|termina|corta|suspende) {_THIS})\b"
)
WATCH = re.compile(
    r"\b(?:(?:puedes|podes|podrias|quiero que|quisiera que|necesito que|que) (?:me |nos )?avis\w+|(?:me|nos) (?:avis|alert)(?:as|es|ais?|an|en)|avis(?:a|ame|anos|arme|arnos|eme|enme|ennos|es)|alert(?:ame|anos|arme|arnos)|notific(?:a|ame|anos|arme)"
    r"|(?:quiero|quisiera|crea|creame|pon|ponme|agrega|agregame|haz|hazme|activa|activame|programa|configura|manda|mandame|mandar|enviame|enviar) (?:un aviso|una alerta|un recordatorio)"
    rf"|(?:manda|mandame|mandar|mandarme|envia|enviame|enviarme|tirame) (?:un|una) (?:whatsapp|wsp|wasap|correo|mail|mensaje|notificacion){_SOON}|(?:escribeme|escribirme|alerta|ojo|recuerdame){_SOON}"
    r"|recuerda(?:me|nos) (?=(?:que )?(?:tengo que )?(?:subir|mandar|enviar|cargar)\b))\b"
)
SOFT = re.compile(
    rf"\b(?:(?:quiero|quisiera|necesito|me gustaria|me interesa) (?:saber|enterarme|que me digas)|(?:dime|me dices|me dices tu)){_SOON}"
)
"""What may as well be a question: a wish only where it looks ahead to a limit."""
_PAST = re.compile(
    r"\bbajo (?:de|del|a|en|mas|mucho)\b|\b\w+(?:aron|ieron|yeron)\b|\b(?:cayo|subio|crecio|paso|supero|llego|fue|estuvo|hubo|vendi|vendimos|ha|han|hemos)\b"
)
_LIMIT = re.compile(
    r"\b(?:baj|ca[ei]|caig|sub|pas|super|lleg|qued|est[ae]|es|sea|son|sean|cambi|aument|crec|crezc|disminuy|vend|gast)\w*\b.*[\d$]"
)
WATCHED = re.compile(
    r"\b(?:que|cuales|cuantos|cuantas|ver|lista|listame|muestrame|muestra|dime|dame)(?: son)?(?: mis| los| las| tus)? (?:avisos?|alertas?)\b.*\b(?:tengo|tenemos|configur\w+|activ\w+|puest\w+|pedi\w*|cre[eo]\w*|programad\w+)\b"
    r"|^(?:(?:ver|lista|listado|listame|muestrame|muestra|dime|dame|cuales son) )?(?:de )?(?:mis (?:avisos|alertas)|(?:los )?avisos)$|\b(?:de )?que me (?:avisas|vas a avisar|estas avisando)\b|\bque (?:me )?estas vigilando\b"
)
REWATCH = re.compile(
    rf"\b(?:cambia|cambiame|cambiar|modifica|modificar|ajusta|ajustar|actualiza|edita|editar|pon|ponme|deja|sube|baja|mueve|corre|pasa|haz que|quiero que|que|mejor) {_THIS}\b|(?:silencia|silenciar|calla|callar|pausa|pausar) {_THIS}\b"
)
_PAUSE = re.compile(r"\b(?:silenci|call|paus)\w+")
_IT = re.compile(
    r"^(?:no,? |ya,? |mejor )*(?:(?:cambia|modifica|ajusta|sube|baja|deja|pon|pasa)(?:lo|la|melo|mela)\b|mejor (?:que sea|si baja|si sube|si pasa|si cae|con|a|al|en|por)\b|avisame mejor\b|que sea mejor\b)"
)
"""The rule that was just made, without naming it."""


def watching(reading: Reading, filters: tuple[Filter, ...]) -> Plan | Stop | None:
    """The plan where the question is about being told of something, else None."""
    text = fold(reading.raw)
    bare = text.strip(" ¿?¡!.")
    if told := _answered(reading, text, filters) or _retold(reading, text, filters):
        return told
    if ends := UNWATCH.search(text):
        rest = text[ends.end() :]
        meant = wished.rule_of(reading, text, rest, _metrics(reading), filters) if re.match(r" si\b", rest) else None
        notes = (_about(text, rest, reading, filters),)
        rule = meant if isinstance(meant, Rule) else None
        return Plan("unwatch", _metrics(reading), filters=filters, sides=(), notes=notes, watch=rule)
    if WATCHED.search(bare):
        return Plan("watched")
    changes = _changed(reading, text, bare, filters)
    if changes is not None:
        return changes
    found = WATCH.search(text) or _soft(reading, text)
    if found is None:
        return None
    rule_or_stop = wished.rule_of(reading, text, text[found.end() :], _metrics(reading), filters)
    if isinstance(rule_or_stop, Stop):
        return rule_or_stop
    rule = rule_or_stop
    return Plan("watch", ("units" if rule.kind == "stock" else rule.metric,), filters=filters, watch=rule)


def _answered(reading: Reading, text: str, filters: tuple[Filter, ...]) -> Plan | None:
    """'Visto', 'pospón el aviso del margen 3 días': the alert, its rule or the metric that it is of."""
    found = answered.about(reading.raw, reading.today)
    if found is None:
        return None
    wish, of = found
    said = (
        wished.rule_of(reading, text, f" {of}", _metrics(reading), filters)
        if of.startswith(("si ", "cuando "))
        else None
    )
    about = "all" if of == "todas" else _about(text, of, reading, filters) if of else "it"
    days = str((wish.until - reading.today).days) if wish.until else ""
    return Plan("seen", _metrics(reading), filters=filters, sides=(), notes=(about, days),
                watch=said if isinstance(said, Rule) else None)  # fmt: skip


def _retold(reading: Reading, text: str, filters: tuple[Filter, ...]) -> Plan | Stop | None:
    """'Avísale también a Marta', 'no me avises de noche'; with a condition, the rule that it is said of."""
    quiet = telling.quiet_of(text)
    if isinstance(quiet, telling.Unclear):
        return Stop("clarify", "retell", quiet.text, (quiet.meant,))
    if quiet is not None:
        return Plan("retell", (), sides=(), notes=("all", "quiet", *map(str, quiet)))
    person = telling.person_of(text)
    if person is None:
        return None
    if not set(person.who.split()) & set(person.rest.split()):  # else the data may hold somebody of that name too
        filters = tuple(f for f in filters if not any(telling.named(person.who, m, "") for m in f.members))
        _not_of_the_data(person.who, reading, text)
    how = (person.role, person.who, str(person.hours or ""))
    if telling.CONDITION.search(person.rest):
        wish = f" {person.rest.strip()}"
        rule = wished.rule_of(reading, wish, wish, _metrics(reading), filters)
        return rule if isinstance(rule, Stop) else Plan(
            "watch", ("units" if rule.kind == "stock" else rule.metric,), filters=filters, notes=how, watch=rule
        )  # fmt: skip
    of = bool(_metrics(reading) or filters)
    about = _about(text, person.rest, reading, filters) if of else "all" if person.role == "nobody" else "it"
    return Plan("retell", _metrics(reading), filters=filters, sides=(), notes=(about, *how))


def _not_of_the_data(who: str, reading: Reading, text: str) -> None:
    """A person's name is no customer's, and no word misspelt."""
    reading.named = [
        n for n in reading.named if not all(telling.named(who, m, "") for c in n.choices for m in c.members)
    ]
    reading.unknown = [word for word in reading.unknown if fold(word) not in who.split()]
    if fold(reading.unknown_dimension) not in text:
        reading.unknown_dimension = ""


def _soft(reading: Reading, text: str) -> re.Match[str] | None:
    """'Quiero saber si el margen baja de 30 %' looks ahead; with a past day or verb, or without a limit, it asks."""
    found = SOFT.search(text)
    if found is None or "bajó" in reading.raw.lower() or _PAST.search(text[found.end() :]):
        return None
    grains = {Grain.day, Grain.week, Grain.month}
    ahead = all(w.anchor == "today" and w.grain in grains and w.period.holds(reading.today) for w in reading.whens)
    return found if ahead and _LIMIT.search(text[found.end() :]) else None


def _changed(reading: Reading, text: str, bare: str, filters: tuple[Filter, ...]) -> Plan | None:
    """'Cambia el aviso del margen a 25 %', 'súbelo a 35 %': another limit, or another way, for a rule there is."""
    named = REWATCH.search(text)
    if named is None and not _IT.search(bare):
        return None
    found, days, ways = wished.number_of(reading), wished.days_of(text), wished.channels_of(text)
    if found is None and days is None and not ways and not named:
        return None
    value, unit = (str(found[0]), found[1]) if found else ("", "")
    if days is not None and not unit:
        value, unit = str(days), "días"
    if named and _PAUSE.search(named.group()):
        value, unit = str(days or wished.USUAL_PAUSE), "pausa"
    metrics = _metrics(reading)
    it = not named and not metrics
    about = "it" if it else _about(text, text[named.end() :] if named else "", reading, filters)
    return Plan("rewatch", metrics, filters=filters, sides=(), notes=(about, value, unit, *ways))


def _about(text: str, rest: str, reading: Reading, filters: tuple[Filter, ...]) -> str:
    """The kind that is spoken of without its metric: 'deja de avisarme de la meta'; 'which' where it speaks of
    something that isn't known, so that nobody's other rule goes for it."""
    if re.search(r"\b(?:sub(?:o|ir|a|i|imos)|datos|atras\w+|dias sin)\b", text):
        return "stale"
    if re.search(r"\b(?:metas?|objetivos?)\b", text):
        return "pace"
    if re.search(r"\b(?:stock|inventario|existencias|bodega)\b", text):
        return "stock"
    if re.search(r"\b(?:rar[oa]s?|anormal\w*|anomalia\w*|fuera de lo normal)\b", text):
        return "anomaly"
    if re.search(r"\btod[oa]s?\b", text):
        return "all"
    left = re.sub(
        r"\b(?:de|del|la|el|los|las|por favor|gracias|mas|que|te|pedi|tengo|a|sea|en|\d[\d.,]*)\b|[^\w ]", " ", rest
    )
    return "which" if left.split() and not _metrics(reading) and not filters else ""


def _metrics(reading: Reading) -> tuple[str, ...]:
    """The metrics named; a plain 'ventas' beside a particular one is only what it is of."""
    found = tuple(dict.fromkeys(reading.metrics))
    return tuple(m for m in found if m != "sales") if len(found) > 1 else found
