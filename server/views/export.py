"""A view's tables and charts as files: CSV and XLSX with real types and no live formula, PNG, and PDF (paper.py)."""

import csv as csv_
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell as SheetCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from core.cells import harmless, runs
from core.money import CURRENCIES
from core.periods import Grain, Period, label
from core.tenancy import Company
from features.catalog.types import Unit
from server.digest import charts
from server.views.view import Cell, Column, Table

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PLACES = 6
"""Decimals a file keeps of a value that has no end."""
MOST_TEXT = 32_000  # a cell of Excel's holds 32.767
WIDEST, NARROWEST = 60, 10
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_NOT_IN_SHEET_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_HEAD = PatternFill("solid", fgColor="E2F0EA")
_RULE = Border(top=Side("thin", color="8D8574"))


@dataclass(frozen=True, slots=True)
class File:
    """Something to download or attach."""

    name: str
    kind: str
    content: bytes


def csv(table: Table, company: Company) -> bytes:
    """As Excel opens it here with two clicks: UTF-8 with its mark, `;` between cells, decimal comma. Ratios are in
    percent, as their column's head says. No text of it is taken for a formula."""
    lines = StringIO()
    write = csv_.writer(lines, delimiter=";", lineterminator="\r\n")
    write.writerow([harmless(_clean(_head(c))) for c in table.columns])
    for row in (*table.rows, *([table.total] if table.total else [])):
        write.writerow([_plain(cell, column) for cell, column in zip(row, table.columns, strict=True)])
    return "\ufeff".encode() + lines.getvalue().encode()


def xlsx(tables: Sequence[Table], company: Company, title: str = "") -> bytes:
    """A sheet a table: its head stays in sight, figures are numbers in their unit, days are days, texts are texts."""
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.title, book.properties.creator = _clean(title or company.name), "Ayni"
    names: set[str] = set()
    for table in tables:
        sheet = book.create_sheet(sheet_name(table.title, names))
        names.add(sheet.title.casefold())
        _fill(sheet, table, company)
    if not tables:
        book.create_sheet("Sin datos")
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def png(spec: dict[str, Any], width: int = 760, height: int = 380) -> bytes:
    """`spec` as a picture on white, `width` wide where the spec leaves it to the page. ValueError where it names data
    elsewhere."""
    sized = {**spec, "background": "white", "width": _size(spec.get("width"), width)}
    if spec.get("height") == "container":
        sized["height"] = height
    return charts.png(sized, most_bytes=400_000)


def sheet_name(title: str, taken: set[str]) -> str:
    """A name that Excel accepts and no other sheet (in lower case) has. Pure."""
    base = " ".join(_NOT_IN_SHEET_NAME.sub(" ", title).split()).strip("'")[:31].strip() or "Datos"
    name, number = base, 2
    while name.casefold() in taken:
        tail = f" {number}"
        name, number = f"{base[: 31 - len(tail)]}{tail}", number + 1
    return name


def file_name(*parts: str) -> str:
    """'ventas-por-sucursal-2026-10' of what people wrote, safe in a header and on a disk. Pure."""
    folded = "-".join(parts).lower().translate(str.maketrans("áéíóúüñ", "aeiouun"))
    return re.sub(r"[^a-z0-9]+", "-", folded).strip("-")[:80] or "ayni"


def _size(asked: object, otherwise: int) -> object:
    return asked if isinstance(asked, int | float | dict) else otherwise


def _head(column: Column) -> str:
    return f"{column.name} (%)" if _percent(column) and not _points(column) else column.name


def _percent(column: Column) -> bool:
    return column.kind == "change" or (column.kind == "value" and column.unit is Unit.ratio)


def _points(column: Column) -> bool:
    """The difference of two ratios: its name says that it is in points."""
    return column.kind == "change" and column.unit is Unit.ratio


def _plain(cell: Cell, column: Column) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Period):
        return _named(cell)
    if isinstance(cell, Decimal):
        value = round(cell * 100 if _percent(column) else cell, PLACES)
        text = f"{value:f}"
        return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")
    return harmless(_clean(cell))


def _named(period: Period) -> str:
    """Days and months as every spreadsheet sorts them; other spans by their name."""
    match period.grain:
        case Grain.day:
            return period.start.isoformat()
        case Grain.month:
            return f"{period.start:%Y-%m}"
        case _:
            return label(period)


def _fill(sheet: Worksheet, table: Table, company: Company) -> None:
    for number, column in enumerate(table.columns, start=1):
        head = _text(sheet.cell(1, number), column.name)
        head.font, head.fill = Font(bold=True), _HEAD
        head.alignment = Alignment(wrap_text=True, vertical="top", horizontal=None if number == 1 else "right")
        if column.kind in ("text", "period"):
            head.alignment = Alignment(wrap_text=True, vertical="top")
    rows = [*table.rows, *([table.total] if table.total else [])]
    for at, row in enumerate(rows, start=2):
        for number, (cell, column) in enumerate(zip(row, table.columns, strict=True), start=1):
            _put(sheet.cell(at, number), cell, column, company)
    if table.groups:
        _outline(sheet, table)
    if table.total:
        for number in range(1, len(table.columns) + 1):
            sheet.cell(len(rows) + 1, number).font = Font(bold=True)
            sheet.cell(len(rows) + 1, number).border = _RULE
    for at, note in enumerate(table.notes, start=len(rows) + 3):
        _text(sheet.cell(at, 1), note).font = Font(italic=True, color="57615A")
    sheet.freeze_panes = "C2" if table.groups else "B2" if len(table.columns) > 1 else "A2"
    if table.columns:
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(table.columns))}{len(table.rows) + 1}"
    for number, column in enumerate(table.columns):
        sheet.column_dimensions[get_column_letter(number + 1)].width = _width(table, number, column)


def _outline(sheet: Worksheet, table: Table) -> None:
    """Rows that are the whole of others stand out, and Excel folds their parts under them."""
    sheet.sheet_properties.outlinePr.summaryBelow = False
    for at in range(len(table.rows)):
        if at in table.groups:
            for number in range(1, len(table.columns) + 1):
                sheet.cell(at + 2, number).font = Font(bold=True)
        else:
            sheet.row_dimensions[at + 2].outlineLevel = 1


def _put(to: SheetCell, cell: Cell, column: Column, company: Company) -> None:
    if cell is None:
        return
    if isinstance(cell, Decimal):
        to.value = round(cell * 100 if _points(column) else cell, 12)
        to.number_format = number_format(column, company, cell)
    elif isinstance(cell, Period):
        value, shown = _day(cell)
        if isinstance(value, str):
            _text(to, value)
        else:
            to.value, to.number_format = value, shown
            to.alignment = Alignment(horizontal="left")
    else:
        _text(to, cell)


def _day(period: Period) -> tuple[date | int | str, str]:
    match period.grain:
        case Grain.day | Grain.week:
            return period.start, "d-mmm-yyyy"
        case Grain.month:
            return period.start, "mmm yyyy"
        case Grain.year:
            return period.start.year, "0"
        case _:
            return label(period), "@"


def number_format(column: Column, company: Company, value: Decimal) -> str:
    """How Excel shows a value of the column. Pure."""
    if column.kind == "change":
        return "+0.0;-0.0;0.0" if _points(column) else "+0.0%;-0.0%;0.0%"
    match column.unit:
        case Unit.money:
            unit = CURRENCIES.get(company.currency)
            symbol, places = (unit.symbol, unit.decimals) if unit else (f"{company.currency} ", 2)
            return f'"{symbol}"#,##0{"." + "0" * places if places else ""}'
        case Unit.ratio:
            return "0.0%"
        case Unit.count | Unit.days:
            return "#,##0"
        case Unit.quantity:
            return "#,##0" if value == value.to_integral_value() else "#,##0.0"
        case _:
            return "#,##0.00"


def _text(to: SheetCell, text: str) -> SheetCell:
    """Always a text, also after somebody opens the cell and presses Enter."""
    to.value = _clean(text)
    to.data_type = "s"
    to.quotePrefix = runs(to.value)
    return to


def _clean(text: str) -> str:
    return _UNWRITABLE.sub("", text)[:MOST_TEXT]


def _width(table: Table, number: int, column: Column) -> int:
    seen = [len(str(row[number]).partition(".")[0]) + 4 for row in table.rows[:500] if isinstance(row[number], Decimal)]
    seen += [len(cell) + 1 for row in table.rows[:500] if isinstance(cell := row[number], str)]
    return max(NARROWEST, min(WIDEST, max([*seen, len(column.name) + 2])))
