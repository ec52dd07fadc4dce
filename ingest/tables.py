"""A table as it lies in a file: text cells in rows with line numbers, given in batches that fit in memory.

`TextTable` is a delimited text file; `GridTable` holds the cells of a sheet or of an HTML page.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

import polars as pl

from core.language import join
from ingest.numbers import TYPED

BLOCK = 12_000_000
"""Characters read at a time: about 100,000 lines, so that memory does not grow with the file."""
csv.field_size_limit(BLOCK)  # a long cell is no reason to fail; the blocks bound it
SPARE = 12
"""Columns read beyond the header's: exports end lines in empty cells, and a full one means a shifted line."""
LINE = "line"


@dataclass(frozen=True, slots=True)
class SampleRow:
    """One of the first rows: its line in the file, from 1, and its cells."""

    line: int
    cells: tuple[str, ...]

    @property
    def filled(self) -> int:
        return sum(1 for cell in self.cells if cell.strip())


class Table(Protocol):
    """What reading a table takes; `batches` have String columns `c0`… and the UInt32 column `line`."""

    def sample(self, rows: int) -> list[SampleRow]: ...

    def batches(self, after_line: int, width: int, whole: bool = False) -> Iterator[pl.DataFrame]: ...

    def raw(self, lines: Sequence[int]) -> dict[int, str]: ...

    def place(self, line: int) -> str: ...

    def describe(self) -> dict[str, object]: ...


def names(width: int) -> list[str]:
    return [f"c{i}" for i in range(width)]


@dataclass(frozen=True, slots=True)
class TextTable:
    """A delimited text file."""

    path: Path
    encoding: str
    separator: str

    def describe(self) -> dict[str, object]:
        return {"format": "text", "encoding": self.encoding, "separator": self.separator}

    def sample(self, rows: int) -> list[SampleRow]:
        with self._open() as file:
            text = "".join(islice(file, rows)).replace("\0", "")
        return [SampleRow(line, tuple(cells)) for cells, line in zip(*_tolerant(text, self.separator, 1), strict=True)]

    def batches(self, after_line: int, width: int, whole: bool = False) -> Iterator[pl.DataFrame]:
        with self._open() as file:
            for _ in range(after_line):
                file.readline()
            line, rest = after_line + 1, ""
            while block := file.read(-1 if whole else BLOCK):
                text, rest = _cut(rest + block)
                if text:
                    yield parse_block(text, self.separator, width + SPARE, line)
                    line += text.count("\n")
            if rest:
                yield parse_block(rest, self.separator, width + SPARE, line)

    def raw(self, lines: Sequence[int]) -> dict[int, str]:
        wanted, found = set(lines), {}
        with self._open() as file:
            for number, text in enumerate(file, start=1):
                if number in wanted:
                    found[number] = text.rstrip("\n").replace("\0", "")
        return found

    def place(self, line: int) -> str:
        """Where a line stands, beyond its number; a text file has nothing to add."""
        return ""

    def _open(self) -> io.TextIOWrapper:
        return open(self.path, encoding=self.encoding, errors="replace", newline=None)


@dataclass(frozen=True, slots=True)
class GridTable:
    """The cells of a sheet, or of several that go on from one another. `rows` are its rows from the first, empty ones
    included."""

    rows: list[tuple[str, ...]]
    format: str
    starts: tuple[tuple[int, str, int], ...] = ()
    """Where the rows of each sheet begin: line here, sheet, its row there."""
    skipped: dict[str, str] = field(default_factory=dict)
    """Sheets left out, with the reason in Spanish."""
    before: int = 0
    """Lines of the file's other tables above this one: its own lines are counted on from there."""
    sheets: dict[str, list[tuple[str, ...]]] = field(default_factory=dict, repr=False)
    """All sheets of the workbook that hold something, this table's own among them."""

    def describe(self) -> dict[str, object]:
        return {"format": self.format, "sheet": self._names(), "skipped_sheets": self.skipped}

    @property
    def names(self) -> tuple[str, ...]:
        """The sheets whose rows these are."""
        return tuple(name for _, name, _ in self.starts)

    def _names(self) -> str:
        names = [f"«{name}»" for name in self.names]
        return join(names if len(names) <= 4 else [*names[:3], f"{len(names) - 3} hojas más"])

    def place(self, line: int) -> str:
        """Where a line stands in a workbook of several sheets."""
        return place(self.starts, line) if len(self.starts) > 1 or self.before else ""

    def sample(self, rows: int) -> list[SampleRow]:
        return [SampleRow(i, cells) for i, cells in enumerate(self.rows[:rows], start=self.before + 1)]

    def batches(self, after_line: int, width: int, whole: bool = False) -> Iterator[pl.DataFrame]:
        size = max(len(self.rows), 1) if whole else 50_000
        for start in range(after_line - self.before, len(self.rows), size):
            part = self.rows[start : start + size]
            first = self.before + start + 1
            yield _frame(part, range(first, first + len(part)), width + SPARE)

    def raw(self, lines: Sequence[int]) -> dict[int, str]:
        own = {line: line - self.before for line in lines}
        return {
            line: ";".join(self.rows[at - 1]).replace(TYPED, "") for line, at in own.items() if 0 < at <= len(self.rows)
        }


def place(starts: Sequence[Sequence[Any]], line: int) -> str:
    """'hoja «Gastos», fila 5'. `starts`: line of the file, sheet, its row there, in the order of lines. Pure."""
    below = [s for s in starts if s[0] <= line]
    return f"hoja «{below[-1][1]}», fila {line - below[-1][0] + below[-1][2]}" if below else ""


def parse_block(text: str, separator: str, width: int, first_line: int) -> pl.DataFrame:
    """Whole lines of delimited text -> `width` columns and `line`. Quotes that don't follow the rules are kept as
    text, so that `Tornillo 1/2"` does not swallow the lines after it."""
    text = text.replace("\0", "")
    if '"' not in text:
        return _fast(text, separator, width, first_line, None)
    if not _stray(separator).search(text):
        lines = text.count("\n") + (not text.endswith("\n"))
        frame = _fast(text, separator, width, first_line, '"')
        if frame.height == lines:
            return frame
    rows, numbers = _tolerant(text, separator, first_line)
    return _frame(rows, numbers, width)


def _fast(text: str, separator: str, width: int, first_line: int, quote: str | None) -> pl.DataFrame:
    header = separator.join(names(width)) + "\n"
    try:
        frame = pl.read_csv(
            (header + text).encode(),
            separator=separator,
            quote_char=quote,
            infer_schema=False,
            truncate_ragged_lines=True,
            missing_columns="insert",
        )
    except pl.exceptions.PolarsError:
        if quote is None:
            raise
        return pl.DataFrame(schema={**dict.fromkeys(names(width), pl.String), LINE: pl.UInt32})
    return frame.with_columns(pl.int_range(first_line, first_line + frame.height, dtype=pl.UInt32).alias(LINE))


def _tolerant(text: str, separator: str, first_line: int) -> tuple[list[Sequence[str]], list[int]]:
    """The slow way, for blocks with quotes inside cells or with line breaks inside quotes."""
    rows: list[Sequence[str]] = []
    numbers: list[int] = []
    lines = text.split("\n")
    if lines and not lines[-1]:
        lines.pop()
    stray, i = _stray(separator), 0
    while i < len(lines):
        record, taken = lines[i], 1
        if record.count('"') % 2:
            record, taken = _joined(lines, i, separator)
        quoted = '"' in record and record.count('"') % 2 == 0 and not stray.search(record)
        rows.append(
            next(csv.reader([record], delimiter=separator))
            if quoted and taken == 1
            else _cells(record, separator, taken > 1)
        )
        numbers.append(first_line + i)
        i += taken
    return rows, numbers


def _cells(record: str, separator: str, multiline: bool) -> Sequence[str]:
    if multiline:
        return next(csv.reader(io.StringIO(record, newline=""), delimiter=separator))
    return [c[1:-1] if len(c) > 1 and c[0] == c[-1] == '"' else c for c in record.split(separator)]


def _joined(lines: list[str], start: int, separator: str) -> tuple[str, int]:
    """A record that goes on in the next lines; only where its quote opens a cell and is closed soon."""
    opened = re.search(rf'(?:^|{re.escape(separator)})\s*"[^"]*(?:""[^"]*)*$', lines[start])
    if opened:
        for taken in range(2, min(40, len(lines) - start) + 1):
            if lines[start + taken - 1].count('"') % 2:
                record = "\n".join(lines[start : start + taken])
                if not _stray(separator).search(record):
                    return record, taken
                break
    return lines[start], 1


def _stray(separator: str) -> re.Pattern[str]:
    """A quote with ordinary text on both sides: never so in a cell that is quoted by the rules."""
    sep = re.escape(separator)
    return re.compile(rf'[^{sep}\n"]"[^{sep}\n"]')


def _frame(rows: Sequence[Sequence[str]], numbers: Sequence[int], width: int) -> pl.DataFrame:
    columns = {
        name: pl.Series(name, [row[i] if i < len(row) else None for row in rows], dtype=pl.String)
        for i, name in enumerate(names(width))
    }
    return pl.DataFrame({**columns, LINE: pl.Series(LINE, list(numbers), dtype=pl.UInt32)})


def _cut(text: str) -> tuple[str, str]:
    """The whole records of `text` and the rest. A line break inside quotes is not a record's end."""
    end = text.rfind("\n") + 1
    if text.count('"', 0, end) % 2:
        back = end
        for _ in range(40):
            back = text.rfind("\n", 0, back - 1) + 1
            if back <= 0:
                break
            if text.count('"', 0, back) % 2 == 0:
                return text[:back], text[back:]
    return text[:end], text[end:]
