"""Numbers as text states them, and whether a stated one is a rounding of a known one. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Kind = Literal["money", "percent", "plain"]

_SCALES = {
    "mil millones": 10**9, "mil": 10**3, "millones": 10**6, "millon": 10**6, "millón": 10**6, "mm": 10**6,
    "lucas": 10**3, "luca": 10**3, "palos": 10**6, "palo": 10**6, "k": 10**3, "m": 10**6,
}  # fmt: skip
_NUMBER = re.compile(
    r"(?P<sign>[+\-−–](?=\s?[$\d]))?\s?(?P<symbol>US\$|R\$|\$U|\$|€|CLP\s|ARS\s|USD\s)?\s?(?P<minus>[−-](?=\d))?"
    r"(?P<digits>\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d{1,3}(?:,\d{3}){2,}(?:\.\d+)?|\d+(?:[.,]\d+)?)"
    r"(?:\s?(?P<scale>mil millones|millones|millón|millon|mil|lucas?|palos?|MM|[kKM])(?![a-záéíóúñ]))?"
    r"(?:\s?(?P<percent>%|por ciento|por cien))?(?P<money>\s?(?:de )?(?:pesos|dólares|reales)\b)?",
    re.IGNORECASE,
)
_WORDS = {
    word: n
    for n, word in enumerate(
        ("dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce", "trece", "catorce",
         "quince"), start=2)
}  # fmt: skip
_WORDS |= {"veinte": 20, "treinta": 30, "cuarenta": 40, "cincuenta": 50, "sesenta": 60, "noventa": 90, "cien": 100}
_PARTS = ("mitad", "doble", "triple", "tercio", "cuarta parte", "quinta parte", "duplic", "triplic", "docena")
_WORD = re.compile(rf"\b(?:{'|'.join(_WORDS)})\b", re.IGNORECASE)
_PART = re.compile(rf"{'|'.join(_PARTS)}|(?:\d+|{'|'.join(_WORDS)}) veces", re.IGNORECASE)
_PER = re.compile(r"\b(?:de )?cada (?:10|100|1\.000|diez|cien|mil)\b", re.IGNORECASE)
_LISTED = re.compile(r"(?m)^\s*(?:[-*]\s*)?\d{1,2}[.)]\s")


@dataclass(frozen=True, slots=True)
class Number:
    """A number as said: its size without sign, half the last place shown, and its sign where one is written."""

    size: Decimal
    slack: Decimal
    kind: Kind
    sign: int
    start: int
    text: str

    def states(self, value: Decimal, kind: Kind) -> bool:
        """Whether this is `value`, rounded as shown. A bare number may state any kind ('38 de cada 100')."""
        if self.kind != "plain" and kind != self.kind:
            return False
        return abs(abs(value) - self.size) <= self.slack


def numbers(text: str) -> Iterator[Number]:
    """Every number in digits, in order; list markers and the base of 'de cada 100' are none."""
    for match in _NUMBER.finditer(blank(blank(text, _LISTED), _PER)):
        digits = match["digits"]
        if re.fullmatch(r"\d{1,3}(?:,\d{3}){2,}(?:\.\d+)?", digits):
            plain = digits.replace(",", "")
        elif re.fullmatch(r"\d+\.\d{1,2}", digits):
            plain = digits
        else:
            plain = digits.replace(".", "").replace(",", ".")
        size = Decimal(plain)
        scale = Decimal(_SCALES[match["scale"].lower()]) if match["scale"] else Decimal(1)
        slack = Decimal(1).scaleb(int(size.as_tuple().exponent)) * scale / 2
        kind: Kind = "percent" if match["percent"] else "money" if match["symbol"] or match["money"] else "plain"
        mark = match["sign"] or match["minus"] or ""
        sign = 0 if not mark else 1 if mark == "+" else -1
        yield Number(size * scale, slack, kind, sign, match.start("digits"), match[0].strip())


def counts(text: str) -> Iterator[tuple[str, int]]:
    """Numbers in words, with their value ('tres', 3); 'uno' is an article."""
    for match in _WORD.finditer(blank(text, _PER)):
        yield match[0], _WORDS[match[0].lower()]


def proportions(text: str) -> Iterator[str]:
    """Words that state a ratio: 'la mitad', 'el doble'."""
    for match in _PART.finditer(text):
        yield match[0].lower()


def blank(text: str, pattern: re.Pattern[str]) -> str:
    """`text` with every match made spaces, so that places stay."""
    return pattern.sub(lambda m: " " * len(m[0]), text)
