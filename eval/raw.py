"""The raw files as plain pandas frames: the evaluation's own reading, which shares nothing with the project's.

A frame has one row a file line and neutral columns (`day, order, product, …`), only those the file carries. Numbers
are integers in ten-thousandths, so that sums are exact to the cent.
"""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pandas as pd

SCALE = 10_000
NUMBERS = ("quantity", "discount", "total", "unit_cost")
WEEKDAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")


@dataclass(frozen=True, slots=True)
class Layout:
    """How one of the evaluation's files is written: `columns` maps neutral names to the file's headers."""

    columns: dict[str, str]
    separator: str = ","
    decimal: str = "."
    thousands: str = ""
    encoding: str = "utf-8-sig"
    day_format: str = "%Y-%m-%d"


def read(paths: list[Path], layout: Layout) -> pd.DataFrame:
    """All `paths` as one frame, in order of the days."""
    frame = pd.concat([_read_one(path, layout) for path in paths]).sort_values("day", kind="stable", ignore_index=True)
    words = [name for name in frame if name not in NUMBERS and name not in ("day", "cost")]
    return frame.astype(dict.fromkeys(words, "category"))


def _read_one(path: Path, layout: Layout) -> pd.DataFrame:
    text = pd.read_csv(path, sep=layout.separator, encoding=layout.encoding, dtype=str, keep_default_na=False)
    frame = pd.DataFrame({ours: text[theirs].str.strip() for ours, theirs in layout.columns.items()})
    frame["day"] = pd.to_datetime(frame["day"].str[:10], format=layout.day_format)
    for name in NUMBERS:
        if name in frame:
            frame[name] = [scaled(cell, layout) for cell in frame[name]]
    if "unit_cost" in frame:
        frame["cost"] = frame["unit_cost"] * frame["quantity"] // SCALE
    if "time" in frame:
        frame["hour"] = frame.pop("time").str.extract(r"(\d{1,2}):\d{2}")[0].astype(int).astype(str) + " h"
    frame["weekday"] = frame["day"].dt.weekday.map(dict(enumerate(WEEKDAYS)))
    return frame


def scaled(cell: str, layout: Layout) -> int:
    """'1.234,50' -> 12345000, by the layout's own marks; an empty cell is 0."""
    digits = cell.replace("$", "").replace(" ", "")
    if layout.thousands:
        digits = digits.replace(layout.thousands, "")
    digits = digits.replace(layout.decimal, ".")
    return int((Decimal(digits) * SCALE).to_integral_value()) if digits else 0
