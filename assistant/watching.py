"""'Avísame si …': what somebody wants to be told of, as a rule; and which of their rules they speak of. Pure."""

# ruff: noqa: E501  (a pattern is read more easily whole than broken)

import re
from decimal import Decimal
from typing import Literal

from assistant.plan import Plan, Stop
from assistant.read import Reading
from assistant.words.common import NUMBERS
from core.language import fold
from core.money import read_number
from core.periods import Grain
from features import metric as declared
from features.alerts import Channel, Rule, Side, Versus
from features.catalog.types import Metric, Unit
from features.query import Filter

INTENTS = ("watch", "unwatch", "watched")
"""Make a rule, end one, list them: none of them is a figure, and no other question leans on them."""

_ME = r"(?:me |nos )?"
UNWATCH = re.compile(
    r"\b(?:deja\w* de (?:avis|alert|notific)\w+|(?:ya )?no (?:quiero que )?(?:me|nos) (?:avis|alert|notific)\w+|ya no quiero (?:el |los |la |las |mas )?(?:avisos?|alertas?)"
    r"|(?:quita|quitame|saca|sacame|apaga|desactiva|cancela|borra|elimina) (?:el|los|la|las|mi|mis|ese|esa|este|esta|todos los|todas las) (?:avisos?|alertas?))\b"
)
WATCH = re.compile(
    r"\b(?:(?:puedes|podes|podrias|quiero que|quisiera que|necesito que) (?:me |nos )?avis\w+|avis(?:a|ame|anos|arme|arnos|eme|enme|es)|alert(?:ame|anos|arme|arnos)|notific(?:a|ame|anos|arme)"
    r"|(?:quiero|quisiera|crea|creame|pon|ponme|agrega|agregame|haz|hazme|activa|activame|programa|configura) (?:un aviso|una alerta|un recordatorio))\b"
)
WATCHED = re.compile(
    r"\b(?:que|cuales|cuantos|cuantas|ver|lista|listame|muestrame|muestra|dime|dame)(?: son)?(?: mis| los| las| tus)? (?:avisos?|alertas?)\b.*\b(?:tengo|tenemos|configur\w+|activ\w+|puest\w+|pedi\w*|cre[eo]\w*|programad\w+)\b"
    r"|^(?:(?:ver|lista|listame|muestrame|muestra|dime|dame|cuales son) )?(?:mis|los) avisos$|^mis alertas$|\b(?:de )?que me (?:avisas|vas a avisar|estas avisando)\b|\bque (?:me )?estas vigilando\b"
)
_STALE = re.compile(
    r"\bno (?:te |les |le |se |he |hemos )?(?:sub|mand|envi|carg|hay )\w*|\bno (?:me |te )?lleg\w+ (?:mas )?(?:ventas|datos|archivos)|\bsin (?:subir|mandar|enviar|cargar|ventas nuevas|datos nuevos|datos)\b"
    r"|\bdatos (?:viejos|atrasados|desactualizados)\b|\b(?:olvid|atras)\w+ (?:de |en |con )?(?:subir|mandar|enviar|cargar)\b|\bfalt\w+ (?:datos|ventas por subir)\b"
)
_PACE = re.compile(r"\b(?:metas?|objetivos?|presupuestos?)\b")
_ODD = re.compile(
    r"\b(?:rar[oa]s?|anomal\w+|inusual(?:es)?|anormal(?:es)?|extran[oa]s?|atipic[oa]s?|fuera de (?:lo )?(?:normal|comun)|muy (?:baj|alt|mal|floj|buen)[oa]s?|(?:de|que|bajo|sobre) lo (?:normal|habitual|comun|usual))\b"
)
_STOCK = re.compile(
    r"\b(?:stock|inventario|existencias|qued\w+ (?:menos|poc[oa]s?|solo)|se (?:me )?(?:acab|agot|termin)\w+)\b"
)
_FALL = re.compile(
    r"\b(?:baj(?:a|an|e|en|ara|aran|aron|o)|cae[ns]?|caig\w+|cay\w+|disminuy\w+|reduc\w+|desplom\w+|pierd\w+|empeor\w+|retroced\w+)\b"
)
_RISE = re.compile(r"\b(?:sub(?:e|en|a|an|iera|ieran)|crec\w+|crezc\w+|aument\w+|dispar\w+|mejor(?:a|an|e|en))\b")
_MOVE = re.compile(r"\b(?:cambi\w+|vari\w+|se muev\w+|oscil\w+)\b")
_UNDER = re.compile(
    r"\b(?:menos de|menor(?:es)? (?:a|que|de|al)|(?:por )?debajo de|inferior(?:es)? a|baj(?:a|an|e|en) (?:de|del|a)|cae[ns]? (?:bajo|debajo|de|del|a)"
    r"|caig\w+ (?:bajo|de|a)|bajo (?=[\d$])|no (?:lleg|alcanz|super|pas)\w+)\b|\bbajo (?=[\d$])"
)
_OVER = re.compile(
    r"\b(?:mas de|mayor(?:es)? (?:a|que|de|al)|(?:por )?(?:encima|sobre) de|superior(?:es)? a|pas(?:a|an|e|en) (?:de|del|los|las)|super(?:a|an|e|en)|exced\w+|sobrepas\w+|lleg(?:a|an|ue|uen) a)\b|\bsobre (?=[\d$])"
)
_BY = re.compile(
    r"\b(?:mas (?:de|que)|(?:en )?(?:al menos|por lo menos|mas))(?: de| que| un| el| del)* ?(?=[\d$])|\bpuntos?\b"
)
_NUMBER = re.compile(
    r"(?<![\w@.,])(?P<n>\$ ?\d[\d.,]*|\d[\d.,]*) ?(?P<u>%|por ?ciento|puntos?(?: porcentuales)?|mm?(?!\w)|millon(?:es)?|palos?|lucas?|mil(?!\w)|k(?!\w))?"
)
_SCALE = {"m": 10**6, "mm": 10**6, "millon": 10**6, "millones": 10**6, "palo": 10**6, "palos": 10**6, "luca": 1000,
          "lucas": 1000, "mil": 1000, "k": 1000}  # fmt: skip
_SPAN = re.compile(r"\b(?P<n>\d+|[a-z]+) (?P<unit>dias?|semanas?|mes(?:es)?)\b")
_DAY = re.compile(r"\b(?:un|algun|el|por|al|cada|del|en el|en un) dia\b|\bdiari[oa]s?\b|\bdia a dia\b")
_WEEK = re.compile(r"\bsemanas?\b|\bsemanal(?:es|mente)?\b")
_MONTH = re.compile(r"\bmes(?:es)?\b|\bmensual(?:es|mente)?\b")
_YEAR_AGO = re.compile(r"\bano (?:pasado|anterior)\b|\bhace un ano\b|\binteranual\b")
_MAIL = re.compile(r"\bpor (?:correo|mail|e ?mail)\b|\bal correo\b")
_WHATSAPP = re.compile(r"\b(?:whatsapp|whats|wsp|wasap|wsap|wpp)\b")
USUAL_CHANGE = Decimal("0.10")
"""What is meant by 'si bajan las ventas', which names no size."""
USUAL_DAYS = Decimal(10)


def watching(reading: Reading, filters: tuple[Filter, ...]) -> Plan | Stop | None:
    """The plan where the question is about being told of something, else None."""
    text = fold(reading.raw)
    if UNWATCH.search(text):
        return Plan("unwatch", _metrics(reading), filters=filters, sides=(), notes=(_about(text),))
    if WATCHED.search(text.strip(" ¿?.!")):
        return Plan("watched")
    if not WATCH.search(text):
        return None
    rule = _rule(reading, text, filters)
    if isinstance(rule, Stop):
        return rule
    return Plan("watch", ("units" if rule.kind == "stock" else rule.metric,), filters=filters, watch=rule)


def _about(text: str) -> str:
    """The kind that is spoken of without its metric: 'deja de avisarme de la meta'."""
    if re.search(r"\b(?:sub(?:o|ir|a|i|imos)|datos|atras\w+|dias sin)\b", text):
        return "stale"
    if _PACE.search(text):
        return "pace"
    return "all" if re.search(r"\btod[oa]s?\b", text) else ""


def _metrics(reading: Reading) -> tuple[str, ...]:
    """The metrics named; a plain 'ventas' beside a particular one is only what it is of."""
    found = tuple(dict.fromkeys(reading.metrics))
    return tuple(m for m in found if m != "sales") if len(found) > 1 else found


def _rule(reading: Reading, text: str, filters: tuple[Filter, ...]) -> Rule | Stop:
    channels = _channels(text)
    rest = WATCH.split(text, maxsplit=1)[-1]
    if _STALE.search(rest):
        return Rule("stale", "sales", "above", _days(rest), Grain.day, channels=channels)
    named = _metrics(reading)
    if _STOCK.search(rest):
        return _stock(reading, filters, channels)
    if _PACE.search(rest):
        metric = named[0] if named else "sales"
        return Rule("pace", metric, "below", Decimal(0), Grain.month, filters, channels=channels)
    if _ODD.search(rest):
        grain = Grain.week if _WEEK.search(rest) else Grain.day
        return Rule("anomaly", named[0] if named else "sales", _direction(rest, "both"), Decimal(0), grain, filters,
                    channels=channels)  # fmt: skip
    if not named:
        return _ask_what()
    return _figure(named[0], reading, rest, filters, channels)


def _stock(reading: Reading, filters: tuple[Filter, ...], channels: tuple[Channel, ...]) -> Rule | Stop:
    """What is left on the shelf, in units or in days that it lasts."""
    found = _number(reading)
    if found is None:
        return Stop("clarify", "watch", "¿Con cuánto stock te aviso? Por ejemplo: «avísame si quedan menos de 5».")
    lasts = "stock_days" if re.search(r"\bdias?\b", reading.plain) else "stock_left"
    return Rule("stock", lasts, "below", found[0], Grain.day, filters, channels=channels)


def _figure(
    id: str, reading: Reading, rest: str, filters: tuple[Filter, ...], channels: tuple[Channel, ...]
) -> Rule | Stop:
    """A level or a change of one metric."""
    metric, found = declared(id), _number(reading)
    moves: Literal["below", "above", "both"] | None = (
        "below" if _FALL.search(rest) else "above" if _RISE.search(rest) else "both" if _MOVE.search(rest) else None
    )
    versus: Versus = "last_year" if _YEAR_AGO.search(rest) else "previous"
    if found is None:
        if moves is None:
            return _ask_how_much(metric)
        return Rule("change", id, moves, USUAL_CHANGE, _grain(rest, Grain.month), filters, versus, channels)
    value, unit = found
    if _is_change(metric, unit, value, moves is not None, rest, versus):
        size = value / 100 if unit in ("%", "") or unit.startswith(("p", "punto")) else value
        return Rule("change", id, moves or "below", size, _grain(rest, Grain.month), filters, versus, channels)
    level = value / 100 if metric.unit is Unit.ratio and (unit or abs(value) > 1) else value
    side = _side(rest, moves)
    usual = Grain.month if metric.additive else Grain.week
    return Rule("threshold", id, side, level, _grain(rest, usual), filters, channels=channels)


def _is_change(metric: Metric, unit: str, value: Decimal, moves: bool, rest: str, versus: Versus) -> bool:
    """'Cae más de 20 %' is a change; 'baja de 30 %', of what is a percentage itself, a level."""
    percent = unit.startswith(("%", "por", "punto"))
    if metric.unit is Unit.ratio:
        return moves and bool(_BY.search(rest))
    return percent or versus == "last_year" or (moves and not unit and bool(_BY.search(rest)) and value <= 100)


def _side(rest: str, moves: str | None) -> Side:
    if moves in ("below", "above"):
        return "below" if moves == "below" else "above"
    if _UNDER.search(rest):
        return "below"
    return "above" if _OVER.search(rest) else "below"


def _direction(rest: str, otherwise: Side) -> Side:
    low = _FALL.search(rest) or re.search(r"\b(?:menos|poc[oa]s?|baj[oa]s?)\b", rest)
    high = _RISE.search(rest) or re.search(r"\b(?:mas|alt[oa]s?|sobre)\b", rest)
    return "below" if low else "above" if high else otherwise


def _number(reading: Reading) -> tuple[Decimal, str] | None:
    """The first number that belongs to no name and no period, and what stands behind it."""
    for match in _NUMBER.finditer(reading.plain):
        value = read_number(match["n"].rstrip(".,"))
        if value is not None:
            unit = match["u"] or ""
            return value * _SCALE.get(unit, 1), "" if unit in _SCALE else unit
    return None


def _days(rest: str) -> Decimal:
    for found in _SPAN.finditer(rest):
        count = int(found["n"]) if found["n"].isdigit() else NUMBERS.get(found["n"])
        if count:
            return Decimal(count * {"d": 1, "s": 7, "m": 30}[found["unit"][0]])
    return USUAL_DAYS


def _grain(rest: str, usual: Grain) -> Grain:
    if _DAY.search(rest):
        return Grain.day
    return Grain.week if _WEEK.search(rest) else Grain.month if _MONTH.search(rest) else usual


def _channels(text: str) -> tuple[Channel, ...]:
    asked: list[Channel] = ["app"]
    if _WHATSAPP.search(text):
        asked.append("whatsapp")
    if _MAIL.search(text) or len(asked) == 1:
        asked.append("email")
    return tuple(asked)


_EXAMPLES = ("Avísame si el margen baja de 30 %", "Avísame si las ventas caen más de 20 %")


def _ask_what() -> Stop:
    return Stop(
        "clarify", "watch", "¿De qué te aviso? Dime la cifra y el límite: «avísame si el margen baja de 30 %», «avísame "
        "si las ventas caen más de 20 %», «avísame si no subo ventas en 10 días».", _EXAMPLES,
    )  # fmt: skip


def _ask_how_much(metric: Metric) -> Stop:
    many = metric.plural
    said = f"{'las' if metric.feminine else 'los'}" if many else "la" if metric.feminine else "el"
    level = "30 %" if metric.unit is Unit.ratio else "tal monto" if metric.unit is Unit.money else "tal número"
    return Stop(
        "clarify", "watch", f"¿Cuándo te aviso de {said} {metric.name}: si {'bajan' if many else 'baja'} de {level}, o "
        f"si {'caen' if many else 'cae'} más de 20 % frente al mes anterior?".replace("de el ", "del "),
        (f"Avísame si {said} {metric.name} {'caen' if many else 'cae'} más de 20 %",),
    )  # fmt: skip
