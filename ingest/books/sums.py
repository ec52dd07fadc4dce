"""What in a sheet of expenses must not be added as it stands: rows that sum up others, credit notes written without
their sign, and amounts in another currency. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

import polars as pl

from core.language import fold
from core.money import CURRENCIES as MONEY
from ingest.columns import normal
from ingest.lines import CURRENCIES, SIGNS
from ingest.tables import LINE

Amounts = Mapping[date, Decimal]
_MONTHS = (
    r"(?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|sep?tiembre|setiembre|octubre|noviembre|diciembre"
    r"|(?:ene|feb|mar|abr|may|jun|jul|ago|sept?|oct|nov|dic)\.?)"
)
_TOTAL = re.compile(
    r"^(?:sub ?|gran )?total(?:es)?(?:[ :=$-]*| (?:de|del) .*|(?: (?:general(?:es)?|gastos?|egresos?|costos?|mes|ano"
    r"|mensual(?:es)?|anual(?:es)?|fijos?|variables?|operacional(?:es)?|operativos?|administra\w*|remuneraciones|servicios"
    r"|neto|bruto|iva|final|acumulado|a|pagar|pagado|del?|l[ao]s?|el|en|y|clp|\d\d|20\d\d"
    rf"|{_MONTHS}))+[ :=$-]*)$|^suma(?: total)?[ :]*$"
)
_GROUP = re.compile(r"^(?:gastos?|egresos?|costos?|total|subtotal|suma)\b")
_CREDIT = r"(?i)^\W*nota\s+(?:de\s+)?cr[eé]dito"
_CREDIT_SHORT = r"(?i)^\W*(?:n\s*/?\s*c|n\.c\.?)(?:\W|\d|$)"
_CREDIT_CODE = r"^\W*0?(?:60|61|112)(?:\.0)?$"


def totals(text: str) -> bool:
    """Whether a cell is the label of a row that sums up others: 'Total gastos octubre', 'SUBTOTAL FIJOS'."""
    return bool(_TOTAL.match(fold(text)))


def summing(rows: Sequence[tuple[str, Amounts]]) -> set[int]:
    """The rows, by place, that are the sum of two or more right below them, or right above, in every month: a group's
    title or its foot. Only where that can't be chance: the row says that it is one, or its parts change over the
    months. A row that sums up groups is found once these are."""
    left = [i for i, (_, amounts) in enumerate(rows) if any(amounts.values())]
    found: set[int] = set()
    while sums := {i for at, i in enumerate(left) if _sums(rows, left, at)}:
        found |= sums
        left = [i for i in left if i not in found]
    return found


def _sums(rows: Sequence[tuple[str, Amounts]], left: Sequence[int], at: int) -> bool:
    label, own = rows[left[at]]
    told = {month: amount for month, amount in own.items() if amount}
    said = bool(_GROUP.match(fold(label)))
    for others in (left[at + 1 :], left[:at][::-1]):
        total: dict[date, Decimal] = {}
        changes = False
        for count, other in enumerate(others, start=1):
            amounts = rows[other][1]
            for month, amount in amounts.items():
                total[month] = total.get(month, Decimal(0)) + amount
            changes = changes or len({amounts.get(month) for month in told}) > 1
            if count > 1 and {m: a for m, a in total.items() if a} == told and (said or (changes and len(told) > 1)):
                return True
    return False


def credits(cells: pl.DataFrame, headers: Sequence[str]) -> set[int]:
    """The lines that are a supplier's credit note, by a cell that says so."""
    found: set[int] = set()
    for i, header in enumerate(headers):
        words = set(normal(header).split())
        signs = [_CREDIT]
        if words & {"documento", "doc", "dte", "comprobante", "tipo"}:
            signs.append(_CREDIT_SHORT)
            signs += [_CREDIT_CODE] if "tipo" in words and words & {"documento", "doc", "dte"} else []
        for sign in signs:
            hit = pl.col(f"c{i}").str.replace("\x01", "", literal=True).str.contains(sign).fill_null(False)
            found |= set(cells.filter(hit)[LINE].to_list())
    return found


def foreign(cells: pl.DataFrame, headers: Sequence[str], amounts: Sequence[int], own: str) -> dict[int, str]:
    """Line -> what it says, of those whose amount is in another currency than `own`. `amounts`: their columns."""
    told: dict[int, str] = {}
    for text, line in _texts(cells, amounts):
        code = next((c for sign, c in SIGNS.items() if re.search(sign, text.lower()) and re.search(r"\d", text)), own)
        if code != own:
            told[line] = text
    named = [i for i, header in enumerate(headers) if normal(header) in ("moneda", "divisa", "currency", "tipo moneda")]
    for text, line in _texts(cells, named):
        word = fold(text)
        code = CURRENCIES.get(word, CURRENCIES.get(word[:3], word[:3].upper() if word else own)) or own
        if code != own and code in (*SIGNS.values(), *MONEY) and not word.startswith("peso"):
            told[line] = text
    return told


def _texts(cells: pl.DataFrame, columns: Sequence[int]) -> Iterator[tuple[str, int]]:
    for i in columns:
        for text, line in zip(cells[f"c{i}"].to_list(), cells[LINE].to_list(), strict=True):
            if text and text.strip():
                yield text.strip(), line
