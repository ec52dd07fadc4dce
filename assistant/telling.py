"""'Avísale también a Marta', 'no me avises de noche', 'visto': to whom and when alerts go, and what is done about one.
Pure."""

# ruff: noqa: E501  (a pattern is read more easily whole than broken)

import re
from dataclasses import dataclass
from typing import Literal

from core.language import fold

Role = Literal["second", "recipient", "nobody"]
NIGHT = (21, 8)
"""What 'de noche' means to a rule, from and until (hours of the company's clock)."""
EXAMPLE = "No me avises entre 22 y 8"
LONGEST = 14
"""Quiet hours longer than this were meant otherwise: 'entre 10 y 8' is from 22."""

_STOP = r"(?:si|cuando|apenas|en|por|del|de|tambien|ademas|y|que|con|cada|solo|para|no|ni|esta|este|ese|esa)"
_TO = rf"(?:a (?!las?\b|los\b|partir\b|tiempo\b|mi\b(?! \w)|mi (?:correo|mail|whatsapp|celular|telefono)\b|nosotros\b|todos\b|todas\b|diario\b)|al (?!correo\b|mail\b|whatsapp\b|celular\b|tiro\b|dia\b|mes\b))(?P<who>(?!{_STOP}\b)[\w@.+-]+(?: (?!{_STOP}\b)[\w@.+-]+){{0,3}})"
_ALSO = r"(?:tambien|ademas|asimismo)"
_VERB = r"(?:avis(?:a|ale|ales|ar|arle|arles|es|e|ele|eles)|notific(?:a|ale|arle|ues|uele)|escrib(?:ele|irle)|cuentale|alert(?:a|ale|arle))"
_ADD = re.compile(
    rf"\b(?:agrega|suma|incluye|anade|pon)(?:r|me|le)? {_TO}(?= (?:al?|en(?: el| los)?|del?) (?:avisos?|alertas?)\b)"
)
_TELL = re.compile(
    rf"\b(?:(?:puedes |quiero que |que )?(?:(?:le|les) )?{_VERB}|que (?:le|les) llegue[n]?|(?:manda|mandale|envia|enviale)(?= (?:tambien )?(?:el|los|este|ese) avisos?))(?: (?P<also>{_ALSO}|solo))?(?: (?:el|los|este|ese) avisos?)?(?: (?P<then>{_ALSO}|solo))? {_TO}(?: (?P<last>{_ALSO}))?"
)
_OFF = re.compile(
    rf"\b(?:(?:ya )?no (?:quiero que )?les? (?:avis|llegu|escrib|notific)\w*(?: mas)?(?: avisos?)?(?: mas)?|deja\w* de avisarles?|(?:quita|saca|elimina)(?:r|le)?(?= .* avisos?\b)) {_TO}"
)
_INSTEAD = re.compile(r"\b(?:(?:en vez de|en lugar de|y no|no)(?: a)? mi|en mi lugar)\b")
CONDITION = re.compile(r"^\W*(?:si|cuando|apenas|cada vez que)\b")
_RELATIONS = frozenset(
    [
        "mi",
        "don",
        "dona",
        "el",
        "la",
        "socio",
        "socia",
        "contador",
        "contadora",
        "jefe",
        "jefa",
        "encargado",
        "encargada",
        "senor",
        "senora",
    ]
)
_UNANSWERED = re.compile(
    r"\bsi (?:no (?:lo |la |te )?(?:respond|contest|ve|mir|marc|revis|haya visto|he visto)\w*|nadie (?:lo |la )?\w+)(?:.*?\b(?P<n>\d{1,3}|una?|dos|tres|cuatro|seis|ocho|doce|veinticuatro) (?P<unit>horas?|hrs?|dias?)\b)?"
)
_COUNTS = {"un": 1, "una": 1, "dos": 2, "tres": 3, "cuatro": 4, "seis": 6, "ocho": 8, "doce": 12, "veinticuatro": 24}

_HUSH = r"(?:no (?:quiero que )?(?:me |nos )?(?:avis|escrib|molest|mand|envi|llegu|despiert)\w*|que no (?:me |nos )?(?:avis|escrib|molest|mand|envi|llegu|despiert)\w*|sin avisos|silencio|no quiero (?:mas )?(?:avisos|alertas|mensajes)|horas? de silencio|no molestar)"
_QUIET = re.compile(rf"\b{_HUSH}\b(?P<rest>.*)")
_AT_NIGHT = re.compile(
    r"^(?: (?:de|en la|por la|por las|durante la|a la|las|tan)(?: la)?)? (?:noches?|madrugada)(?: (?:por favor|gracias))?$"
)
_HOUR = r"(?:las? |l[ao]s? )?(?P<{0}>\d{{1,2}})(?:[:.](?P<{0}_minutes>\d{{2}}))?(?: ?(?:h|hs|hrs|horas))?(?: ?(?P<{0}_half>am|pm|a\.m\.?|p\.m\.?|de la (?:manana|tarde|noche|madrugada)))?"
_BETWEEN = re.compile(rf"^ (?:entre|de|desde) {_HOUR.format('a')} (?:y|a|hasta) {_HOUR.format('b')}(?![\w:%$]|[.,]\d)")
_FILLER = re.compile(r"^(?: (?:avisos?|alertas?|mensajes?|nada|mas|por favor|por whatsapp|por correo))+(?= )")
_EVER = re.compile(
    r"\b(?:avisa\w*|escrib\w*|que me avis\w+|alerta\w*)(?: por favor)? (?:a cualquier hora|a toda hora|las 24 horas|las veinticuatro horas|tambien de noche|de noche tambien|de dia y de noche|aunque sea de noche|incluso de noche)\b(?: por favor| gracias)?$"
)


@dataclass(frozen=True, slots=True)
class Unclear:
    """What to ask back, and the wish that was probably meant."""

    text: str
    meant: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody else to be told, as they were named (folded); `hours` until they are, where it was said."""

    who: str
    role: Role
    hours: int | None
    rest: str
    """What follows their name: 'si el margen baja de 30 %'."""


def person_of(text: str) -> Person | None:
    """Whom somebody wants told besides, instead, or no longer; None for anything else. `text` is folded."""
    if off := _OFF.search(text):
        return Person(off["who"], "nobody", None, text[off.end() :])
    found = _ADD.search(text) or _TELL.search(text)
    if found is None:
        return None
    said, rest = found.groupdict(), text[found.end() :]
    late = _UNANSWERED.search(rest)
    rest = f"{rest[: late.start()]} {rest[late.end() :]}" if late else rest
    besides = late is not None or any(said.get(name) not in (None, "solo") for name in ("also", "then", "last"))
    alone = "solo" in said.values() or _INSTEAD.search(rest)
    wished = CONDITION.search(rest)
    role: Role = "second" if besides or not (alone or wished) else "recipient"
    return Person(found["who"], role, _hours(late) if late else None, _INSTEAD.sub(" ", rest))


def quiet_of(text: str) -> tuple[int, int] | Unclear | None:
    """The quiet hours that are asked for, from and until, (0, 0) for none; None for anything else. `text` is folded."""
    bare = text.strip(" .!¡¿?")
    if _EVER.search(bare):
        return (0, 0)
    hush = _QUIET.search(bare)
    if hush is None:
        return None
    rest = _FILLER.sub("", hush["rest"])
    if _AT_NIGHT.match(rest.rstrip(" .,!")):
        return NIGHT
    between = _BETWEEN.match(rest)
    if between is None:
        return None
    if any(between[m] not in (None, "00") for m in ("a_minutes", "b_minutes")):
        return Unclear("Guardo silencio por horas enteras, sin minutos. ¿Entre qué horas?", EXAMPLE)
    start, end = _hour(between, "a"), _hour(between, "b")
    if start > 24 or end > 24 or start % 24 == end % 24:
        return Unclear("Dime dos horas del día, de 0 a 23. ¿Entre cuáles no te escribo?", EXAMPLE)
    start, end = start % 24, end % 24
    if (end - start) % 24 > LONGEST:
        late = start + 12 if start < 12 and not between["a_half"] and start + 12 != end else start
        meant = EXAMPLE if late == start else f"No me avises entre {late} y {end}"
        return Unclear(f"De {start}:00 a {end}:00 es casi todo el día. ¿Entre qué horas no te escribo?", meant)
    return start, end


def _hour(found: re.Match[str], name: str) -> int:
    hour, half = int(found[name]), found[f"{name}_half"] or ""
    if name == "a" and not half and hour < int(found["b"]):
        half = found["b_half"] or ""  # 'entre 9 y 10 de la noche'
    half = half.replace(".", "")
    if half in ("pm", "de la tarde", "de la noche") and hour < 12:
        return 0 if half == "de la noche" and hour == 0 else hour + 12
    return 0 if hour == 12 and half in ("am", "de la noche", "de la madrugada") else hour


def _hours(found: re.Match[str]) -> int | None:
    if not found["n"]:
        return None
    count = int(found["n"]) if found["n"].isdigit() else _COUNTS[found["n"]]
    return count * (24 if found["unit"].startswith("d") else 1)


def named(who: str, name: str, email: str) -> bool:
    """Whether somebody called `name` is meant by `who`: folded words of it, or the address."""
    addresses = [word for word in who.split() if "@" in word]
    if addresses:
        return addresses == [email.lower()]
    words = set(who.split()) - _RELATIONS
    return bool(words) and words <= set(fold(name).split())
