"""Numbers as people and tills write them -> exact decimals, column by column.

Only a figure like `1.234` or `1,234` is open to doubt; everything else says by itself which mark is its decimal mark
(`1.234,56`, `12,5`, `1.234.567`, `0.500`). What the doubtful ones mean is decided once for a column, from the others.
"""

from dataclasses import dataclass
from typing import Literal

import polars as pl

Mark = Literal[".", ","]

SCALE = 6
MONEY = pl.Decimal(38, SCALE)
LARGEST = 10**13
"""Larger amounts are a misread id, not money."""

TYPED = "\x01"
"""Stands before a number that a spreadsheet gave as a number, so that its decimal point is beyond doubt."""

_CURRENCY = r"(?i)clp|ars|brl|usd|eur|pen|uyu|cop|mxn|pyg|bob|clf|pesos?|us\$|u\$s|r\$|s/\.?|[$€₲]|uf\b"
_EVIDENCE_DOT = (
    r"^\d*\.\d{1,2}$|^\d*\.\d{4,}$|^0*\.\d{3}$|^\d{4,}\.\d{3}$|^\d{1,3}(,\d{3})+\.\d+$|^\d{1,3}(,\d{3}){2,}$"
)
_EVIDENCE_COMMA = r"^\d*,\d{1,2}$|^\d*,\d{4,}$|^0*,\d{3}$|^\d{4,},\d{3}$|^\d{1,3}(\.\d{3})+,\d+$|^\d{1,3}(\.\d{3}){2,}$"


@dataclass(frozen=True, slots=True)
class Evidence:
    """How many different figures of a column can only be read with a decimal point, or only with a decimal comma."""

    point: int = 0
    comma: int = 0

    def __add__(self, other: "Evidence") -> "Evidence":
        return Evidence(self.point + other.point, self.comma + other.comma)

    @property
    def mark(self) -> Mark | None:
        if self.point == self.comma:
            return None
        return "." if self.point > self.comma else ","


def evidence(values: pl.Series) -> Evidence:
    """What a column's different texts say about its decimal mark."""
    bare = _bare(pl.col("v"))
    found = (
        pl.DataFrame({"v": values})
        .select(bare.str.strip_chars("-()+"))
        .select(
            pl.col("v").str.contains(_EVIDENCE_DOT).sum().alias("."),
            pl.col("v").str.contains(_EVIDENCE_COMMA).sum().alias(","),
        )
    )
    return Evidence(int(found["."][0] or 0), int(found[","][0] or 0))


def parse(values: pl.Series, mark: Mark) -> pl.Series:
    """Texts -> decimals; null where the text is no number. `mark` settles the doubtful ones only."""
    other = "," if mark == "." else "."
    return (
        pl.DataFrame({"v": values})
        .with_columns(typed=pl.col("v").str.starts_with(TYPED), bare=_bare(pl.col("v")))
        .with_columns(
            negative=pl.col("bare").str.contains(r"^\(.*\)$|^-|-$"), digits=pl.col("bare").str.strip_chars("-()+")
        )
        .with_columns(
            last_point=pl.col("digits").str.contains(r"^[\d,]*\.\d*$"),
            last_comma=pl.col("digits").str.contains(r"^[\d.]*,\d*$"),
            grouped=pl.col("digits").str.contains(
                rf"^[1-9]\d{{0,2}}(\{other}\d{{3}})+$|^[1-9]\d{{0,2}}(\{mark}\d{{3}}){{2,}}$"
            ),
            broken=~pl.col("digits").str.contains(
                r"^\d+$|^\d*[.,]\d+$|^\d+[.,]$|^\d{1,3}(\.\d{3})+(,\d*)?$|^\d{1,3}(,\d{3})+(\.\d*)?$"
            ),
        )
        .select(
            pl.when("typed")
            .then(pl.col("v").str.strip_prefix(TYPED))
            .when("broken")
            .then(None)
            .otherwise(
                pl.when("negative").then(pl.lit("-")).otherwise(pl.lit(""))
                + pl.when("grouped")
                .then(pl.col("digits").str.replace_all(r"[.,]", ""))
                .when("last_comma")
                .then(pl.col("digits").str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True))
                .when("last_point")
                .then(pl.col("digits").str.replace_all(",", "", literal=True))
                .otherwise(pl.col("digits"))
            )
            .cast(MONEY, strict=False)
        )
        .to_series()
    )


def _bare(column: pl.Expr) -> pl.Expr:
    """Without currency signs, spaces and apostrophes, and with one kind of minus."""
    return (
        column.str.replace_all(r"[\s\u00a0\u202f'’=\"]", "")
        .str.replace_all(_CURRENCY, "")
        .str.replace_all(r"[−–—]", "-")
    )
