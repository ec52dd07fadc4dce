"""Dates and times as people and tills write them -> naive local date-times, column by column.

Whether `03/04/2025` is the 3rd of April or the 4th of March is decided once for a column, from its other dates.
"""

from dataclasses import dataclass
from typing import Literal

import polars as pl

Order = Literal["dmy", "mdy"]

_MONTHS = {
    "jan": "01", "ene": "01", "feb": "02", "fev": "02", "mar": "03", "apr": "04", "abr": "04", "may": "05",
    "mai": "05", "jun": "06", "jul": "07", "aug": "08", "ago": "08", "sep": "09", "set": "09", "oct": "10",
    "out": "10", "nov": "11", "dec": "12", "dic": "12", "dez": "12",
}  # fmt: skip
_MONTH = r"(jan|ene|feb|fev|mar|apr|abr|may|mai|jun|jul|aug|ago|sep|set|oct|out|nov|dec|dic|dez)[a-zç]*\.?"

_ISO = r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:\D|$)"
_COMPACT = r"^(20\d{2}|19\d{2})(\d{2})(\d{2})$"
_NUMERIC = r"^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})(?:\D|$)"
_DAY_MONTH = rf"^(?:[a-zñáéíóúç]+\.?,?\s+)?(\d{{1,2}})(?:\s*(?:de|del)\s+|[-/. ]\s*){_MONTH}(?:,?\s*(?:de|del)?\s*|[-/. ])(\d{{4}}|\d{{2}})(?:\D|$)"  # noqa: E501
_MONTH_DAY = rf"^(?:[a-z]+,?\s+)?{_MONTH}\s*(\d{{1,2}}),?\s+(\d{{4}})(?:\D|$)"
_SERIAL = r"^\x01?(\d{5})(\.\d+)?$"
_TIME = r"(?:^|[\stT,])(\d{1,2}):(\d{2})(?::(\d{2}))?(?:[.,]\d+)?\s*([ap])?\.?\s?(?:m\.?)?(?:\s|$|z|[+-]|h)"
_OFFSET = r"\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(z|[+-]\d{2}:?\d{2})$"

FIRST_YEAR, LAST_YEAR = 1980, 2100


@dataclass(frozen=True, slots=True)
class Evidence:
    """How many of a column's different dates can only be day first, or only month first, how many carry a time of day
    other than midnight, and how many would be another day in the other order."""

    day_first: int = 0
    month_first: int = 0
    timed: int = 0
    either: int = 0

    def __add__(self, other: "Evidence") -> "Evidence":
        return Evidence(
            self.day_first + other.day_first,
            self.month_first + other.month_first,
            self.timed + other.timed,
            self.either + other.either,
        )

    @property
    def order(self) -> Order | None:
        if self.day_first == self.month_first:
            return None
        return "dmy" if self.day_first > self.month_first else "mdy"


def evidence(values: pl.Series) -> Evidence:
    """What a column's different texts say about the order of day and month."""
    parts = (
        pl.DataFrame({"v": values})
        .select(_plain(pl.col("v")))
        .select(
            pl.col("v").str.extract(_NUMERIC, 1).cast(pl.Int32, strict=False).alias("first"),
            pl.col("v").str.extract(_NUMERIC, 2).cast(pl.Int32, strict=False).alias("second"),
            pl.col("v").str.contains(_TIME).alias("clock"),
            pl.col("v").str.contains(r"(?:^|[\st])0{1,2}[:.]00(?:[:.]00)?(?:\D|$)").alias("midnight"),
            pl.col("v").str.contains(r"^\x01?\d{5}\.\d+$").alias("fraction"),
        )
        .select(
            ((pl.col("first") > 12) & (pl.col("second") <= 12)).sum().alias("day"),
            ((pl.col("second") > 12) & (pl.col("first") <= 12)).sum().alias("month"),
            ((pl.col("clock") & ~pl.col("midnight")) | pl.col("fraction")).sum().alias("timed"),
            ((pl.col("first") <= 12) & (pl.col("second") <= 12) & (pl.col("first") != pl.col("second")))
            .sum()
            .alias("either"),
        )
    )
    return Evidence(*(int(v or 0) for v in parts.row(0)))


def parse(values: pl.Series, order: Order) -> pl.DataFrame:
    """Texts -> `day` (date), `clock` (time, null where there is none) and `offset` (minutes east of UTC, where it is
    written); `day` is null where the text is no date. A date that can't be in `order` is read in the other."""
    first, second = ("day", "month") if order == "dmy" else ("month", "day")
    frame = (
        pl.DataFrame({"v": values})
        .select(_plain(pl.col("v")))
        .with_columns(
            _groups(_ISO, ("year", "month", "day")).alias("iso"),
            _groups(_COMPACT, ("year", "month", "day")).alias("compact"),
            _groups(_NUMERIC, (first, second, "year")).alias("numeric"),
            _groups(_DAY_MONTH, ("day", "month", "year")).alias("worded"),
            _groups(_MONTH_DAY, ("month", "day", "year")).alias("english"),
            pl.col("v").str.extract(_SERIAL, 1).cast(pl.Int32, strict=False).alias("serial"),
            (pl.col("v").str.extract(_SERIAL, 2)).cast(pl.Float64, strict=False).alias("fraction"),
        )
    )
    swapped = pl.struct(
        year=pl.col("numeric").struct.field("year"),
        month=pl.col("numeric").struct.field("day"),
        day=pl.col("numeric").struct.field("month"),
    )
    day = pl.coalesce(
        _date(pl.col("iso")), _date(pl.col("numeric")), _date(swapped), _date(pl.col("worded")),
        _date(pl.col("english")), _date(pl.col("compact")),
        pl.date(1899, 12, 30) + pl.duration(days=pl.when(pl.col("serial").is_between(29_221, 73_415)).then("serial")),
    )  # fmt: skip
    return frame.select(
        pl.when(day.dt.year().is_between(FIRST_YEAR, LAST_YEAR)).then(day).alias("day"),
        pl.coalesce(_clock(pl.col("v")), _clock_of_fraction(pl.col("fraction"))).alias("clock"),
        _offset(pl.col("v")).alias("offset"),
    )


def parse_clock(values: pl.Series) -> pl.Series:
    """A column of times alone ('14:05', '2:05 p. m.', a spreadsheet's fraction of a day) -> times."""
    return (
        pl.DataFrame({"v": values})
        .select(_plain(pl.col("v")))
        .select(
            pl.coalesce(
                _clock(pl.col("v")),
                _clock_of_fraction(pl.col("v").str.extract(r"^\x01?(0?\.\d+)$", 1).cast(pl.Float64, strict=False)),
            )
        )
        .to_series()
    )


def _plain(column: pl.Expr) -> pl.Expr:
    return column.str.to_lowercase().str.replace_all(r"[\s\u00a0\u202f\"=]+", " ").str.strip_chars()


def _groups(pattern: str, names: tuple[str, str, str]) -> pl.Expr:
    return pl.struct([pl.col("v").str.extract(pattern, i + 1).alias(name) for i, name in enumerate(names)])


def _date(parts: pl.Expr) -> pl.Expr:
    month = parts.struct.field("month").str.slice(0, 3).replace(_MONTHS)
    year = parts.struct.field("year")
    year = pl.when(year.str.len_chars() == 2).then(pl.lit("20") + year).otherwise(year)
    text = year + "-" + month.str.zfill(2) + "-" + parts.struct.field("day").str.zfill(2)
    return text.str.to_date("%Y-%m-%d", strict=False)


def _clock(column: pl.Expr) -> pl.Expr:
    hour = column.str.extract(_TIME, 1).cast(pl.Int32, strict=False)
    half = column.str.extract(_TIME, 4)
    hour = (
        pl.when((half == "p") & (hour < 12)).then(hour + 12).when((half == "a") & (hour == 12)).then(0).otherwise(hour)
    )
    text = (
        hour.cast(pl.String).str.zfill(2) + ":" + column.str.extract(_TIME, 2) + ":"
        + column.str.extract(_TIME, 3).fill_null("00")
    )  # fmt: skip
    return text.str.to_time("%H:%M:%S", strict=False)


def _clock_of_fraction(fraction: pl.Expr) -> pl.Expr:
    seconds = (fraction * 86_400).round(0).cast(pl.Int64, strict=False)
    # A second before midnight at most: the next day's midnight would be another day.
    return (seconds.clip(0, 86_399) * 1_000_000_000).cast(pl.Time)


def _offset(column: pl.Expr) -> pl.Expr:
    text = column.str.extract(_OFFSET, 1)
    minutes = text.str.extract(r"^[+-](\d{2})", 1).cast(pl.Int32) * 60 + text.str.extract(r"(\d{2})$", 1).cast(pl.Int32)
    return pl.when(text == "z").then(0).when(text.str.starts_with("-")).then(-minutes).otherwise(minutes)
