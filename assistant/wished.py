"""The rule in a wish to be told of something: what it watches, from where on, how often and by which way. Pure."""

# ruff: noqa: E501  (a pattern is read more easily whole than broken)

import re
from decimal import Decimal
from typing import Literal

from assistant.plan import Stop
from assistant.read import Reading
from assistant.words.common import NUMBERS
from core.language import fold
from core.money import read_number
from core.periods import Grain
from features import metric as declared
from features.alerts import Channel, Rule, Side, Versus
from features.catalog.types import Metric, Unit
from features.query import Filter

_STALE = re.compile(
    r"\bno (?:te |les |le |se |he |hemos )?(?:sub|mand|envi|carg|hay )\w*|\bno (?:me |te )?lleg\w+ (?:mas )?(?:ventas|datos|archivos)|\bsin (?:subir|mandar|enviar|cargar|ventas nuevas|datos nuevos|datos)\b"
    r"|\bdatos (?:viejos|atrasados|desactualizados)\b|\b(?:olvid|atras)\w+ (?:de |en |con )?(?:subir|mandar|enviar|cargar)\b|^ ?(?:de )?(?:que )?(?:tengo que |hay que )?(?:subir|mandar|enviar|cargar)\b|\bfalt\w+ (?:datos|ventas por subir)\b"
)
_LEFT = re.compile(r"\bqued\w+ (?:bajo|con|en)\b|\bbodega\b|\btenga\w* menos\b|\bhay\w* menos\b|\bbaj\w+ de\b")
_PRODUCT = re.compile(r"\b(?:productos?|articulos?|unidades|algo)\b")
_PACE = re.compile(r"\b(?:metas?|objetivos?|presupuestos?)\b")
_ODD = re.compile(
    r"\b(?:rar[oa]s?|anomal\w+|inusual(?:es)?|anormal(?:es)?|extran[oa]s?|atipic[oa]s?|fuera de (?:lo )?(?:normal|comun)|muy (?:baj|alt|mal|floj|buen)[oa]s?|(?:de|que|bajo|sobre) lo (?:normal|habitual|comun|usual))\b"
)
_STOCK = re.compile(
    r"\b(?:stock|inventario|existencias|qued\w+ (?:menos|poc[oa]s?|solo)|se (?:me |nos )?(?:est[ea]n? )?(?:acab|agot|termin)\w+)\b"
)
_FALL = re.compile(
    r"\b(?:baj(?:a|an|e|en|ar|ando|ara|aran|aron|o)|cae[ns]?|caer|cayendo|decrec\w+|decrezc\w+|caig\w+|cay\w+|disminuy\w+|reduc\w+|desplom\w+|pierd\w+|empeor\w+|retroced\w+)\b"
)
_RISE = re.compile(
    r"\b(?:sub(?:e|en|a|an|ir|iendo|iera|ieran)|crec\w+|crezc\w+|aument\w+|dispar\w+|mejor(?:a|an|ar|en))\b"
)
_MOVE = re.compile(r"\b(?:cambi\w+|vari\w+|se muev\w+|oscil\w+)\b")
_UNDER = re.compile(
    r"\b(?:menos de|menor(?:es)? (?:a|que|de|al)|(?:por )?debajo de|inferior(?:es)? a|baj(?:a|an|e|en) (?:de|del|a)|cae[ns]? (?:bajo|debajo|de|del|a)"
    r"|caig\w+ (?:bajo|de|a)|baj(?:ar|en|e) (?:de|del|a)|bajo (?:el |los |las |la )?(?=[\d$])|no (?:lleg|alcanz|super|pas)\w+)\b|\bbajo (?=[\d$])"
)
_OVER = re.compile(
    r"\b(?:mas de|mayor(?:es)? (?:a|que|de|al)|(?:por )?(?:encima|sobre) de|superior(?:es)? a|pas(?:a|an|e|en|ar|amos|emos) (?:de|del|los|las)|super(?:a|an|e|en|ar|amos|emos)|exced\w+|sobrepas\w+|lleg(?:a|an|ue|uen|ar|amos|uemos) a)\b|\bsobre (?=[\d$])"
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
_BY_CLOCK = re.compile(
    r"\ba las? \d|\b(?:todos los|todas las|cada) (?:dias?|mananas?|tardes?|noches?|lunes|martes|miercoles|jueves|viernes|sabados?|domingos?|semanas?|mes(?:es)?)\b"
)
_ECONOMY = re.compile(r"\b(?:dolar|euro|uf|utm|ipc|inflacion|tpm|imacec)\b")
_PARTS = (
    (re.compile(r"\bmitad\b"), Decimal("0.5")),
    (re.compile(r"\bun tercio\b"), Decimal(1) / 3),
    (re.compile(r"\bun cuarto\b|\bcuarta parte\b"), Decimal("0.25")),
    (re.compile(r"\b(?:duplic\w+|el doble)\b"), Decimal(1)),
)
_MAIL = re.compile(r"\b(?:por|un) (?:correo|mail|e ?mail)\b|\bal (?:correo|mail)\b")
_WHATSAPP = re.compile(r"\b(?:whatsapp|whats|wsp|wasap|wsap|wpp)\b")
USUAL_CHANGE = Decimal("0.10")
"""What is meant by 'si bajan las ventas', which names no size."""
USUAL_DAYS = Decimal(10)
USUAL_PAUSE = Decimal(7)
"""For so many days a rule is silent where nobody says for how long."""


def rule_of(reading: Reading, text: str, rest: str, named: tuple[str, ...], filters: tuple[Filter, ...]) -> Rule | Stop:
    """The rule that is wished for: `rest` is the folded `text` after its 'avísame'; Stop where it isn't clear."""
    channels = channels_of(text) or ("app", "email")
    other = _elsewhere(rest)
    if other is not None:
        return other
    if _STALE.search(rest):
        return Rule("stale", "sales", "above", days_of(rest) or USUAL_DAYS, Grain.day, channels=channels)
    if _STOCK.search(rest) or (set(named) <= {"units"} and _LEFT.search(rest) and _is_of_a_product(rest, filters)):
        return _stock(reading, filters, channels)
    if _PACE.search(rest):
        metric, found = named[0] if named else "sales", number_of(reading)
        slack = found[0] / 100 if found and found[1].startswith(("%", "por")) else Decimal(0)
        return Rule("pace", metric, "below", slack, Grain.month, filters, channels=channels)
    if _ODD.search(rest):
        grain = _grain(rest, Grain.day)
        return Rule("anomaly", named[0] if named else "sales", _direction(rest, "both"), Decimal(0), grain, filters,
                    channels=channels)  # fmt: skip
    id = named[0] if named else _implied(reading, rest, filters)
    return _figure(id, reading, rest, filters, channels) if id else ask_what()


def _elsewhere(rest: str) -> Stop | None:
    """What sounds alike and is had elsewhere: by the clock, of the economy."""
    if _BY_CLOCK.search(rest) and not (_FALL.search(rest) or _RISE.search(rest) or _UNDER.search(rest)
                                       or _OVER.search(rest) or _MOVE.search(rest) or _ODD.search(rest)):  # fmt: skip
        return Stop(
            "clarify", "watch", "Un aviso sale cuando algo pasa. Si quieres tus cifras cada día o cada semana, elígelo "
            "en [Resumen](/resumen).", _EXAMPLES,
        )  # fmt: skip
    if _ECONOMY.search(rest):
        return Stop(
            "clarify", "watch", "Vigilo las cifras de tu negocio; de la economía todavía no te aviso.", _EXAMPLES
        )
    return None


def _is_of_a_product(rest: str, filters: tuple[Filter, ...]) -> bool:
    return any(f.dimension == "product" for f in filters) or bool(_PRODUCT.search(rest))


def _implied(reading: Reading, rest: str, filters: tuple[Filter, ...]) -> str:
    """'si vendo menos de …', 'si Talca cae …', 'cuando llegue a 10 millones': the sales, without naming them."""
    if re.search(r"\bgast(?:o|a|as|amos|e|en|emos)\b", rest):
        return "expenses"
    found = number_of(reading)
    says = bool(_FALL.search(rest) or _RISE.search(rest) or _OVER.search(rest) or _UNDER.search(rest))
    money = found is not None and found[0] >= 1000 and not found[1]
    return "sales" if re.search(r"\bvend\w+", rest) or (says and (filters or money)) else ""


def _stock(reading: Reading, filters: tuple[Filter, ...], channels: tuple[Channel, ...]) -> Rule | Stop:
    """What is left on the shelf, in units or in days that it lasts."""
    found = number_of(reading)
    if found is None:
        return Stop(
            "clarify", "watch", "¿Con cuánto stock te aviso? Dímelo en unidades o en los días para los que alcanza.",
            ("Avísame si quedan menos de 5 unidades", "Avísame si me quedan menos de 3 días de stock"),
        )  # fmt: skip
    lasts = "stock_days" if re.search(r"\bdias?\b", reading.plain) else "stock_left"
    return Rule("stock", lasts, "below", found[0], Grain.day, filters, channels=channels)


def _figure(
    id: str, reading: Reading, rest: str, filters: tuple[Filter, ...], channels: tuple[Channel, ...]
) -> Rule | Stop:
    """A level or a change of one metric."""
    metric, found = declared(id), number_of(reading)
    moves: Literal["below", "above", "both"] | None = (
        "below" if _FALL.search(rest) else "above" if _RISE.search(rest) else "both" if _MOVE.search(rest) else None
    )
    versus: Versus = "last_year" if _YEAR_AGO.search(rest) else "previous"
    part = next((size for sign, size in _PARTS if sign.search(rest)), None)
    if found is None:
        if part is not None:
            moves = "above" if part >= 1 else moves or "below"
        if moves is None or (part is None and metric.unit is Unit.ratio):
            return _ask_how_much(metric)
        return Rule("change", id, moves, part or USUAL_CHANGE, _grain(rest, Grain.month), filters, versus, channels)
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
    low = _FALL.search(rest) or re.search(r"\b(?:menos|poc[oa]s?|baj[oa]s?|mal[oa]?s?|floj[oa]s?)\b", rest)
    high = _RISE.search(rest) or re.search(r"\b(?:mas|alt[oa]s?|buen[oa]?s?|sobre)\b", rest)
    return "below" if low else "above" if high else otherwise


def number_of(reading: Reading) -> tuple[Decimal, str] | None:
    """The first number that belongs to no name and no period, and what stands behind it."""
    # Where an amount was read as a bound of the question ('@u'), what was written says it still.
    text = fold(reading.raw) if "@u" in reading.plain else reading.plain
    for match in _NUMBER.finditer(text):
        value = read_number(match["n"].rstrip(".,"))
        if value is not None:
            unit = match["u"] or ""
            return value * _SCALE.get(unit, 1), "" if unit in _SCALE else unit
    return None


def _grain(rest: str, usual: Grain) -> Grain:
    if _DAY.search(rest):
        return Grain.day
    return Grain.week if _WEEK.search(rest) else Grain.month if _MONTH.search(rest) else usual


def channels_of(text: str) -> tuple[Channel, ...]:
    """The ways that are named, besides the pages; () for none."""
    asked: list[Channel] = ["app"]
    if _WHATSAPP.search(text):
        asked.append("whatsapp")
    if _MAIL.search(text):
        asked.append("email")
    return tuple(asked) if len(asked) > 1 else ()


def days_of(text: str) -> Decimal | None:
    """'7 días', 'dos semanas'."""
    for found in _SPAN.finditer(text):
        count = int(found["n"]) if found["n"].isdigit() else NUMBERS.get(found["n"])
        if count:
            return Decimal(count * {"d": 1, "s": 7, "m": 30}[found["unit"][0]])
    return None


_EXAMPLES = ("Avísame si el margen baja de 30 %", "Avísame si las ventas caen más de 20 %")


def ask_what() -> Stop:
    return Stop(
        "clarify", "watch", "¿De qué te aviso? Dime la cifra y el límite: «avísame si el margen baja de 30 %», «avísame "
        "si las ventas caen más de 20 %», «avísame si no subo ventas en 10 días».", _EXAMPLES,
    )  # fmt: skip


def _ask_how_much(metric: Metric) -> Stop:
    many = metric.plural
    said = f"{'las' if metric.feminine else 'los'}" if many else "la" if metric.feminine else "el"
    level = "30 %" if metric.unit is Unit.ratio else "tal monto" if metric.unit is Unit.money else "tal número"
    size = "3 puntos" if metric.unit is Unit.ratio else "20 %"
    falls = f"{'caen' if many else 'cae'} más de {size}"
    return Stop(
        "clarify", "watch", f"¿Cuándo te aviso de {said} {metric.name}: si {'bajan' if many else 'baja'} de {level}, o "
        f"si {falls} frente al mes anterior?".replace("de el ", "del "),
        (f"Avísame si {said} {metric.name} {falls}",),
    )  # fmt: skip
