"""Directions as text states them: which way something went, by how much, and what it was about. Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from assistant.grounding.numbers import Number, numbers

_UP = re.compile(
    r"\b(?:subi[óo]|subieron|subiste|subimos|subido|suben?|creci[óo]|crecieron|creciste|crecimos|crecido|crecen?|crecimiento"
    r"|aument[óo]|aumentaron|aumentaste|aumentado|aumentan?|increment[óo]|incrementaron|incremento|mejor[óo]|mejoraron"
    r"|mejoraste|repunt[óo]|repuntaron|repunte|alzas?|dispar[óo]|dispararon|super[óo]|superaron|avanz[óo]|avanzaron"
    r"|ganaste terreno|recuper[óo]|recuperaron|por encima|por sobre|por arriba)\b",
    re.IGNORECASE,
)
_DOWN = re.compile(
    r"\b(?:baj[ó]|bajaron|bajaste|bajamos|bajado|bajan|(?:una|la|de|esa|esta|a la) baja|cay[óo]|cayeron|ca[íi]ste"
    r"|ca[íi]mos|ca[íi]do|caen?|ca[íi]das?|disminuy[óo]|disminuyeron|disminuci[óo]n|disminuyen?|retrocedi[óo]|retrocedieron|retroceso|redujo"
    r"|redujeron|reducci[óo]n|empeor[óo]|empeoraron|descendi[óo]|descendieron|descenso|desplom[óo]|desplomaron|desplome"
    r"|perdi[óo]|perdieron|perdiste|contrajo|contracci[óo]n|por debajo|se achic[óo])\b",
    re.IGNORECASE,
)
_MORE = re.compile(r"^.{0,24}?\b(?P<way>más|menos|mas)\b(?! o menos)", re.IGNORECASE)
_ADVICE = frozenset({"sube", "aumenta", "mejora"})
_MARKER = re.compile(r"(?m)^[ \t]*(?:\d{1,2}[.)]|[-*•])[ \t]+")
_NOT = re.compile(r"\b(?:no|ni|sin|nunca|tampoco)\b(?:\s+\w+){0,2}\s*$", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+|(?<=;)\s")
_CLAUSE = re.compile(r",(?!\d)\s*|;\s*|:\s+|\s(?=(?:y|e|pero|mientras|aunque|en cambio)\s)|[()]")

Tags = dict[str, frozenset[str]]
"""What something is about, by kind: metrics, members, months."""


@dataclass(frozen=True, slots=True)
class Claim:
    """Something went up (+1) or down (−1); `sizes` are the numbers beside it. `readings` are what it may be about: as
    it stands, or with the members of the sentence before."""

    sign: int
    sizes: tuple[Number, ...]
    readings: tuple[Tags, ...] = ({},)
    text: str = ""


def sentences(text: str) -> list[str]:
    """Sentences and lines, without list markers."""
    return [part for part in _SENTENCE.split(_MARKER.sub("", text)) if part and part.strip()]


def clauses(sentence: str) -> list[str]:
    """A sentence's clauses, so that 'Talca bajó y Curicó subió' makes two claims."""
    return [part for part in _CLAUSE.split(sentence) if part and part.strip()]


def directions(clause: str) -> Iterator[int]:
    """The ways a clause says something went. 'no bajó' says none, nor does advice: 'sube el precio'."""
    for pattern, sign in ((_UP, 1), (_DOWN, -1)):
        for match in pattern.finditer(clause):
            before = clause[: match.start()]
            advice = match[0].lower() in _ADVICE and not re.search(r"\w", before)
            if not advice and not _NOT.search(before):
                yield sign
    for number in numbers(clause):
        if number.sign and number.kind != "plain":
            yield number.sign
        after = _MORE.match(clause[number.start :]) if number.kind != "plain" else None
        if after:
            yield -1 if after["way"].lower() == "menos" else 1


def conflict(said: Tags, known: Tags) -> bool:
    """Whether what is said is about something else than what is known.

    What a member did says nothing of the whole, nor the whole of a member; only what names neither metric nor member
    may be about either.
    """
    if any(kind in known and said[kind] and known[kind] and not said[kind] & known[kind] for kind in said):
        return True
    named = said.get("metric") or said.get("member")
    return bool(named) and bool(said.get("member")) != bool(known.get("member"))


def supported(claim: Claim, known: Iterable[Claim]) -> bool:
    """Whether what is known says so: the same way about nothing else, and by the same size where that size is known."""
    related = [k for k in known if about_same(claim.readings, k.readings)]
    sized = [k for k in related if _same_size(claim, k)]
    return any(k.sign == claim.sign for k in (sized or related))


def about_same(said: Iterable[Tags], known: Iterable[Tags]) -> bool:
    """Whether some reading of what is said is about what some reading of the known is about."""
    known = tuple(known)
    return any(not conflict(s, k) for s in said for k in known)


def _same_size(claim: Claim, known: Claim) -> bool:
    return any(said.states(k.size, k.kind) for said in claim.sizes for k in known.sizes if k.kind != "plain")
