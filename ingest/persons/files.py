"""A stored file without a person: their rows keep what was sold and lose who bought it; line numbers stay.

Text stays text. Workbooks and HTML tables become a plain workbook with the same sheets, rows and typed cells: what
hides in the old one (properties, comments, caches) goes with it. What can be read neither way is removed where it may
hold the person.
"""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils.exceptions import IllegalCharacterError
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from python_calamine import CalamineWorkbook

from core import tax_id
from core.errors import AyniError
from ingest.columns import BY_ID
from ingest.numbers import TYPED
from ingest.opening import open_table
from ingest.persons.person import Finder, Hit, Known, without
from ingest.sniffing import header_row
from ingest.tables import GridTable, SampleRow, TextTable

KEPT = frozenset(BY_ID) - {"customer", "customer_tax_id"}
"""Fields that say what was sold, where and when: they stay in a row whose person leaves."""
_SAMPLE = 120

Fields = Mapping[str, str]
"""Header -> canonical field, as the upload was read; empty where it never was."""


@dataclass(slots=True)
class Found:
    """A person's traces in one file: rows about them, and other cells that name them."""

    rows: list[dict[str, str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    cells: int = 0
    removed: bool = False
    """The file could not be rewritten, so it is gone."""

    def __bool__(self) -> bool:
        return bool(self.lines or self.cells or self.removed)


def search(path: Path, finder: Finder, fields: Fields, most: int = 100_000) -> Found:
    """Where a stored file speaks of a person; nothing is changed."""
    found = Found()
    try:
        for _, sheet in _sheets(path):
            for line, cells in sheet.rows():
                _noted(found, line, cells, sheet, finder, fields, most)
    except AyniError:
        found.removed = isinstance(finder, Known) and _raw(path, finder)
    return found


def redact(path: Path, finder: Finder, fields: Fields) -> Found:
    """Rewrite a stored file without a person; untouched where it says nothing of them."""
    found = search(path, finder, fields, most=0)
    if found.removed:
        path.unlink(missing_ok=True)
    elif found:
        with NamedTemporaryFile(dir=path.parent, prefix=".redacting-", delete=False) as draft:
            try:
                _rewrite(path, Path(draft.name), finder, fields)
            except BaseException:
                Path(draft.name).unlink(missing_ok=True)
                raise
        Path(draft.name).replace(path)
    return found


@dataclass(frozen=True, slots=True)
class _Sheet:
    """Rows as they lie in the file, the header among them."""

    headers: tuple[str, ...]
    rows: Callable[[], Iterator[tuple[int, Sequence[str]]]]
    typed: list[list[Any]] | None = None
    separator: str = ""


def _sheets(path: Path) -> Iterator[tuple[str, _Sheet]]:
    table = open_table(path)
    if isinstance(table, TextTable):
        yield "", _Sheet(_headers(table.sample(_SAMPLE)), lambda: _lines(table), separator=table.separator)
    elif table.describe()["format"] == "workbook":
        book = CalamineWorkbook.from_path(str(path))
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            typed = sheet.to_python(skip_empty_area=False) if sheet.total_height else []
            texts = [tuple(_text(c) for c in row) for row in typed]
            yield name, _Sheet(_headers(_sampled(texts)), lambda texts=texts: enumerate(texts, 1), typed)  # type: ignore[misc]
    else:
        assert isinstance(table, GridTable)
        rows = [tuple(c.replace(TYPED, "") for c in row) for row in table.rows]
        yield "Hoja1", _Sheet(_headers(_sampled(rows)), lambda: enumerate(rows, 1), [list(r) for r in rows])


def _lines(table: TextTable) -> Iterator[tuple[int, Sequence[str]]]:
    """Line by line: a record that goes on in the next line is looked at in its parts."""
    with open(table.path, encoding=table.encoding, errors="replace", newline=None) as file:
        for number, text in enumerate(file, 1):
            yield number, _split(text.rstrip("\n").replace("\0", ""), table.separator)


def _split(line: str, separator: str) -> list[str]:
    if '"' not in line:
        return line.split(separator)
    if line.count('"') % 2:
        return line.split(separator)
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        return line.split(separator)


def _headers(sample: Sequence[SampleRow]) -> tuple[str, ...]:
    row = header_row(sample)
    return tuple(c.replace(TYPED, "").strip().lstrip("\ufeff") for c in row.cells) if row else ()


def _sampled(rows: Sequence[Sequence[str]]) -> list[SampleRow]:
    return [SampleRow(i, tuple(r)) for i, r in enumerate(rows[:_SAMPLE], 1)]


def _noted(
    found: Found, line: int, cells: Sequence[str], sheet: _Sheet, finder: Finder, fields: Fields, most: int
) -> None:
    if isinstance(finder, Known) and not finder.within(
        sheet.separator.join(cells) if sheet.separator else " ".join(cells)
    ):
        return
    hits = _hits(cells, sheet.headers, fields, finder)
    if not hits:
        return
    if _theirs(cells, hits, sheet.headers, fields):
        found.lines.append(line)
        if len(found.rows) < max(most, 1):
            names = [h or f"columna {i + 1}" for i, h in enumerate(sheet.headers)]
            names += [f"columna {i + 1}" for i in range(len(names), len(cells))]
            found.rows.append({n: c for n, c in zip(names, cells, strict=False) if c.strip()})
    else:
        found.cells += len(_changed(cells, sheet, finder, fields) or ())


def _hits(cells: Sequence[str], headers: Sequence[str], fields: Fields, finder: Finder) -> dict[int, list[Hit]]:
    """The hits of a row by cell. Digits alone are a tax id only where a tax id may stand."""
    found: dict[int, list[Hit]] = {}
    for i, cell in enumerate(cells):
        name = _field(i, headers, fields)
        hits = [h for h in finder.find(cell) if name not in KEPT or not (h.loose or _a_word_of_goods(h, cell, name))]
        if hits:
            found[i] = hits
    return found


def _a_word_of_goods(hit: Hit, cell: str, name: str) -> bool:
    """A name of one word in a column of goods or places: 'Rosa' is not a person there."""
    return hit.kind == "name" and hit.whole and len(cell.split()) == 1 and name != "seller"


def _field(index: int, headers: Sequence[str], fields: Fields) -> str:
    return fields.get(headers[index], "") if index < len(headers) else ""


def _theirs(cells: Sequence[str], hits: Mapping[int, list[Hit]], headers: Sequence[str], fields: Fields) -> bool:
    """Whether the row is about the person, and not about another of the same name, or one that only mentions them."""
    told = [(_field(i, headers, fields) in KEPT, h) for i, hs in hits.items() for h in hs]
    if any(h.kind != "name" and (h.whole or not kept) for kept, h in told):
        return True
    named = any(h.whole and not kept for kept, h in told)
    ids = [c for i, c in enumerate(cells) if _field(i, headers, fields) == "customer_tax_id" and c.strip()]
    return named and not any(_valid(c) for c in ids)


def _valid(cell: str) -> bool:
    try:
        return bool(tax_id.normal(cell, "CL"))
    except AyniError:
        return False


def _changed(cells: Sequence[str], sheet: _Sheet, finder: Finder, fields: Fields) -> dict[int, str] | None:
    """New texts for the cells of a row that change; None where none does."""
    hits = _hits(cells, sheet.headers, fields, finder)
    if not hits:
        return None
    theirs = _theirs(cells, hits, sheet.headers, fields)
    if not theirs:
        other = any(_field(i, sheet.headers, fields) == "customer_tax_id" and _valid(c) for i, c in enumerate(cells))
        # Somebody else of the same name keeps it; whoever else's row mentions the person does not.
        namesakes = {
            i
            for i, hs in hits.items()
            if _field(i, sheet.headers, fields) not in KEPT and all(h.whole and h.kind == "name" for h in hs)
        }
        return {i: without(cells[i], hs) for i, hs in hits.items() if not (other and i in namesakes)} or None
    label = next(iter(hits.values()))[0].label
    known = {f for f in (_field(i, sheet.headers, fields) for i in range(len(cells))) if f}
    place = "customer" if "customer" in known or not known else "customer_tax_id"
    new: dict[int, str] = {}
    for i, cell in enumerate(cells):
        name = _field(i, sheet.headers, fields)
        if name == place:
            new[i] = label
        elif name in KEPT:
            new[i] = without(cell, hits[i]) if i in hits else cell
        elif known or i in hits or not _a_figure(cell):
            new[i] = ""
    return {i: text for i, text in new.items() if text != cells[i]} or None


def _a_figure(cell: str) -> bool:
    """A day or an amount, and nothing as long as a telephone."""
    text = cell.strip()
    is_day = re.fullmatch(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}([ T][\d:]+)?", text)
    return bool(is_day or (re.fullmatch(r"-?\$?\s?-?[\d.,]+", text) and sum(c.isdigit() for c in text) < 8))


def _rewrite(path: Path, draft: Path, finder: Finder, fields: Fields) -> None:
    table = open_table(path)
    if isinstance(table, TextTable):
        sheet = _Sheet(_headers(table.sample(_SAMPLE)), lambda: iter(()), separator=table.separator)
        # A BOM, so that the encoding is known for sure: the letters it was told by may be those that left.
        with (
            open(path, encoding=table.encoding, errors="replace", newline=None) as file,
            open(draft, "w", encoding="utf-8-sig", newline="\n") as out,
        ):
            for text in file:
                out.write(_line(text, sheet, finder, fields))
        return
    book = Workbook(write_only=True)
    for name, sheet in _sheets(path):
        page = book.create_sheet(re.sub(r"[\[\]*?:/\\\\]", "_", name)[:31] or "Hoja1")
        for (_, cells), typed in zip(sheet.rows(), sheet.typed or [], strict=True):
            new = _changed(cells, sheet, finder, fields) or {}
            page.append([_cell(new.get(i, value), page) for i, value in enumerate(typed)])
    book.save(draft)


def _line(text: str, sheet: _Sheet, finder: Finder, fields: Fields) -> str:
    line = text.rstrip("\n")
    if isinstance(finder, Known) and not finder.within(line):
        return text
    cells = _split(line.replace("\0", ""), sheet.separator)
    new = _changed(cells, sheet, finder, fields)
    if new is None:
        return text
    if line.count('"') % 2:  # part of a record of several lines: its quotes must stay where they are
        return without(line, finder.find(line)) + ("\n" if text.endswith("\n") else "")
    out = io.StringIO()
    csv.writer(out, delimiter=sheet.separator, lineterminator="\n" if text.endswith("\n") else "").writerow(
        [new.get(i, c) for i, c in enumerate(cells)]
    )
    return out.getvalue()


def _cell(value: Any, page: WriteOnlyWorksheet) -> WriteOnlyCell:
    """A typed cell as it was. Text stays text: openpyxl would take '=1+1' for a formula."""
    if isinstance(value, str):
        try:
            cell = WriteOnlyCell(page, value)
        except IllegalCharacterError:
            cell = WriteOnlyCell(page, "".join(c for c in value if c.isprintable()))
        if cell.data_type == "f":
            cell.data_type = "s"
        return cell
    if isinstance(value, datetime | date | time | int | float | bool):
        return WriteOnlyCell(page, value)
    return WriteOnlyCell(page, str(value) if value not in (None, "") else None)


def _text(value: Any) -> str:
    return (
        value
        if isinstance(value, str)
        else ("" if value is None else f"{value:.15g}" if isinstance(value, float) else str(value))
    )


def _raw(path: Path, finder: Known) -> bool:
    """Whether a file that nobody can read as a table may hold the person: its text says so, or can't be looked at."""
    data = path.read_bytes()
    if zipfile.is_zipfile(path) or data[:4] in (b"%PDF", b"\xd0\xcf\x11\xe0", b"\x1f\x8b\x08\x00", b"Rar!"):
        return True
    texts = (data.decode(encoding, errors="ignore") for encoding in ("utf-8", "latin-1", "utf-16"))
    return any(finder.within(text) for text in texts)
