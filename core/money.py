"""Figures as people here write them: `$1.234.567`, `12,5 %`, `$8,4 millones`. Values are Decimal, never float."""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal

from core.language import fold


@dataclass(frozen=True, slots=True)
class Currency:
    """`symbol` stands before the amount; `decimals` is how many places its prices carry."""

    code: str
    symbol: str
    decimals: int


CURRENCIES = {
    c.code: c
    for c in (
        Currency("CLP", "$", 0),
        Currency("ARS", "$", 2),
        Currency("BRL", "R$", 2),
        Currency("USD", "US$", 2),
        Currency("EUR", "€", 2),
        Currency("PEN", "S/", 2),
        Currency("UYU", "$U", 2),
        Currency("BOB", "Bs", 2),
        Currency("PYG", "₲", 0),
        Currency("COP", "$", 0),
        Currency("MXN", "$", 2),
        Currency("CLF", "UF ", 2),
    )
}


MOST_DIGITS = 60
_WIDE = Context(prec=MOST_DIGITS + 20)


def number(value: Decimal | int, decimals: int = 0) -> str:
    """1234567.891 -> '1.234.567,9' with one decimal; half rounds away from zero. Beyond `MOST_DIGITS`, which a formula
    or a question may reach, by its power of ten: '1,5E+97'."""
    places, exact = Decimal(1).scaleb(-decimals), Decimal(value)
    if exact.adjusted() >= MOST_DIGITS:
        return f"{exact:.1E}".replace(".", ",").replace("-", "−")
    rounded = exact.quantize(places, rounding=ROUND_HALF_UP, context=_WIDE)
    if rounded == 0:
        rounded = abs(rounded)  # never '-0'
    return f"{rounded:,.{decimals}f}".translate(str.maketrans(",.", ".,")).replace("-", "−")


def money(value: Decimal | int, currency: str = "CLP", decimals: int | None = None) -> str:
    """'$8.412.350'; a negative amount is '−$1.200'."""
    unit = CURRENCIES.get(currency, Currency(currency, f"{currency} ", 2))
    digits = number(abs(Decimal(value)), unit.decimals if decimals is None else decimals)
    sign = "−" if value < 0 and digits.strip("0,.") else ""
    return f"{sign}{unit.symbol}{digits}"


def money_short(value: Decimal | int, currency: str = "CLP") -> str:
    """For a sentence: '$8,4 millones', '$610 mil'; under ten thousand, exact."""
    unit = CURRENCIES.get(currency, Currency(currency, f"{currency} ", 2))
    size, sign = abs(Decimal(value)), "−" if value < 0 else ""
    if size >= 999_950:
        millions = size / 1_000_000
        text = number(millions, 1 if millions < 100 else 0).removesuffix(",0")
        return f"{sign}{unit.symbol}{text} {'millón' if text == '1' else 'millones'}"
    if size >= 10_000:
        return f"{sign}{unit.symbol}{number(size / 1000)} mil"
    return money(value, currency)


def percent(ratio: Decimal, decimals: int = 1, signed: bool = False) -> str:
    """A ratio as '12,5 %'; signed, '+12,5 %' or '−3 %'."""
    text = number(ratio * 100, decimals).removesuffix("," + "0" * decimals if decimals else "")
    return f"{'+' if signed and ratio > 0 and text.strip('0,') else ''}{text} %"


_AMOUNT = re.compile(
    r"[$\s]*(?P<number>-?\d[\d.]*(?:,\d+)?)\s*(?P<scale>%|por ciento|mil|millon(?:es)?|palos?|lucas?)?"
    r"(?: de pesos| pesos)?"
)
_SCALES = {
    **dict.fromkeys(("mil", "luca", "lucas"), Decimal(1_000)),
    **dict.fromkeys(("millon", "millones", "palo", "palos"), Decimal(1_000_000)),
    **dict.fromkeys(("%", "por ciento"), Decimal("0.01")),
}


def read_number(text: str) -> Decimal | None:
    """A number as people here write it: '8.500.000', '1,5', '0.19', '$8,5 millones', '30 %' (0,3). Else None.

    A period followed by three digits groups thousands; a single one followed by fewer or more is a decimal point."""
    match = _AMOUNT.fullmatch(fold(text))
    if match is None:
        return None
    whole, comma, part = match["number"].partition(",")
    groups = whole.split(".")
    if not comma and len(groups) == 2 and len(groups[1]) != 3:
        plain = whole.rstrip(".")
    elif all(len(group) == 3 for group in groups[1:]):
        plain = "".join(groups) + (f".{part}" if comma else "")
    else:
        return None
    return Decimal(plain) * _SCALES.get(match["scale"] or "", Decimal(1))
