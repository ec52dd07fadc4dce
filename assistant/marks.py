"""Amounts that bound what is asked for: 'sobre 500.000', 'bajo 55 %', 'que no llegaron a 200 lucas'. Pure."""

# ruff: noqa: E501  (a pattern is read more easily whole than broken)

import re
from dataclasses import dataclass
from decimal import Decimal

_SIZES = {
    "mil": 1_000, "k": 1_000, "lucas": 1_000, "luca": 1_000, "palos": 1_000_000, "palo": 1_000_000, "m": 1_000_000,
    "mm": 1_000_000, "millon": 1_000_000, "millones": 1_000_000,
}  # fmt: skip
_OVER = (
    r"(?:(?:por )?(?:sobre|encima de|arriba de)|mas(?: de| que)|mayor(?:es)? (?:a|de|que|al)|superior(?:es)? a[l]?"
    r"|(?:super|exced|sobrepas|pas|rebas)(?:a|an|o|aron|e|en|amos|ado|aban|ar)n?(?: de)?)"
)
_UNDER = (
    r"(?:(?:por )?(?:bajo|debajo de|abajo de)|menos(?: de| que)|menor(?:es)? (?:a|de|que|al)|inferior(?:es)? a[l]?"
    r"|no (?:alcanz|lleg|super|pas)(?:a|an|o|aron|e|en|amos)(?: a| de)?)"
)
_AMOUNT = (
    r"(?:\$ ?)?(?:(?P<digits>\d[\d.,]*)(?: ?(?P<size>mil|k|lucas?|palos?|mm?|millon(?:es)?)(?: de)?(?: pesos)?)?|(?P<half>medio) (?:millon|palo)(?: de pesos)?"
    r"|(?P<word>mil|un millon|un palo|una luca|cien mil|millon|palo)(?: de)?(?: pesos)?)(?P<percent> ?%| por ?ciento)?(?: pesos)?"
)
_MARK = re.compile(
    rf"(?<![\w@])(?:que )?(?:(?P<under>{_UNDER})|(?P<over>{_OVER})) (?:los |las |el |la |al |un )?{_AMOUNT}(?!\w)(?!,\d)"
    r"(?! (?:dias?|semanas?|mes(?:es)?|anos?|trimestres?|horas?|hrs?|de la (?:tarde|manana|noche)|de [a-z]+bre|am|pm))"
)
_SAID = {
    "mil": 1_000,
    "un millon": 1_000_000,
    "un palo": 1_000_000,
    "millon": 1_000_000,
    "palo": 1_000_000,
    "una luca": 1_000,
    "cien mil": 100_000,
}


@dataclass(frozen=True, slots=True)
class Mark:
    """What is wanted lies strictly over, or strictly under, `amount` (a ratio where `percent`)."""

    amount: Decimal
    over: bool
    percent: bool = False

    def holds(self, value: Decimal) -> bool:
        return value > self.amount if self.over else value < self.amount


def take(text: str) -> tuple[str, tuple[Mark, ...]]:
    """`text` with each bound replaced by '@u0', '@u1' …, and the bounds."""
    found: list[Mark] = []

    def put(match: re.Match[str]) -> str:
        amount = _amount(match)
        if match["percent"]:
            amount /= 100
        found.append(Mark(amount, match["under"] is None, bool(match["percent"])))
        return f"@u{len(found) - 1}"

    return _MARK.sub(put, text), tuple(found)


def _amount(match: re.Match[str]) -> Decimal:
    if match["half"]:
        return Decimal(500_000)
    if match["word"]:
        return Decimal(_SAID[match["word"]])
    digits = match["digits"].rstrip(".,")
    grouped = re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", digits)
    plain = digits.replace(".", "").replace(",", ".") if grouped else digits.replace(",", ".")
    return Decimal(plain) * _SIZES.get(match["size"] or "", 1)
