"""Workbooks (.xlsx, .xlsm, .xlsb, .ods, .xls) and HTML tables that pose as one -> the one table with sales in it."""

import zipfile
from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from core.errors import BadInput, TooLarge
from core.settings import settings
from ingest import series
from ingest.columns import BY_ID, recognised, score
from ingest.numbers import TYPED
from ingest.sniffing import header_row
from ingest.tables import GridTable, SampleRow

_MOST_CELLS = 30_000_000
"""Of all sheets together: a few cells far apart unpack to as many empty ones between them."""
_MOST_SHEETS = 400
"""A sheet a day for a year, and some more."""
_WORKBOOK = frozenset(("[Content_Types].xml", "content.xml", "mimetype"))
"""One of these is in every workbook that is a zip inside."""
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
"""The name of the stream in which Excel keeps a workbook with a password."""


def workbook(path: Path) -> GridTable:
    """The sheet with dates and amounts; the others are named with the reason they were left out. Raises `TooLarge`
    (a zip bomb) before anything is unpacked, `BadInput` where the workbook can't be opened or has no such sheet."""
    if zipfile.is_zipfile(path):
        _check_expanded(path)
    elif _ENCRYPTED in path.read_bytes():
        raise _password()
    try:
        book = CalamineWorkbook.from_path(str(path))
        grids = _grids(book)
    except PasswordError as error:
        raise _password() from error
    except (CalamineError, OSError, ValueError) as error:
        raise _broken() from error
    if not any(any(any(row) for row in rows) for rows in grids.values()):
        raise BadInput("file_empty", "La planilla no tiene datos.", "Vuelve a exportarla y súbela de nuevo.")
    return assembled(grids)


def assembled(
    grids: Mapping[str, series.Grid],
    only: Collection[str] | None = None,
    join: bool = True,
    promises: Mapping[str, int] | None = None,
) -> GridTable:
    """The most promising sheet (of `only` these), and with `join` those that go on from it, as one table. At least
    one of them holds something. `promises`: of each sheet, where it is known already. Pure."""
    filled = {name: rows for name, rows in grids.items() if any(any(row) for row in rows)}
    asked = {name: rows for name, rows in filled.items() if only is None or name in only}
    worth = promises or {name: promise(rows) for name, rows in asked.items()}
    best = max(asked, key=lambda name: (worth[name], len(asked[name])))
    going_on = {name: rows for name, rows in asked.items() if name == best or series.goes_on(best)}
    headers = {name: header.line for name, rows in going_on.items() if (header := _header(rows))}
    if best not in headers or not join:
        return GridTable(filled[best], "workbook", ((1, best, 1),), sheets=filled)
    together = series.joined(going_on, headers, best)
    used = {name for _, name, _ in together.starts}
    skipped = {name: _why_not(rows, worth.get(name)) for name, rows in grids.items() if name not in used}
    skipped |= {name: f"repite las filas de «{other}»" for name, other in together.repeated.items()}
    return GridTable(together.rows, "workbook", together.starts, skipped, sheets=filled)


def html_table(text: str) -> GridTable:
    """The largest table of an HTML page, as banks and tills send it under the name of .xls."""
    reader = _Tables()
    reader.feed(text)
    if not any(reader.tables):
        raise BadInput(
            "not_a_table",
            "El archivo es una página web sin ninguna tabla.",
            "Exporta tus ventas como Excel o CSV y sube ese archivo.",
        )
    return GridTable(max(reader.tables, key=lambda rows: (promise(rows), len(rows))), "html")


def _password() -> BadInput:
    return BadInput(
        "password", "La planilla tiene contraseña y no la puedo abrir.", "Quítale la contraseña y súbela de nuevo."
    )


def _broken() -> BadInput:
    return BadInput(
        "broken_workbook",
        "No pude abrir la planilla: está dañada o no es un Excel.",
        "Ábrela en Excel, guárdala como .xlsx o CSV y súbela de nuevo.",
    )


def _check_expanded(path: Path) -> None:
    """What the archive says it unpacks to; calamine itself stops at those sizes."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            expanded = sum(entry.file_size for entry in entries)
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as error:  # whose size can't be told
        raise _broken() from error
    if expanded > settings().max_expanded_mb * 1_000_000:
        raise TooLarge(
            "expanded_too_large",
            f"La planilla se infla a más de {settings().max_expanded_mb} MB al abrirla, y por seguridad no la abrí.",
            "Expórtala como CSV o por partes, por ejemplo un año por archivo.",
        )
    if not any(entry.filename in _WORKBOOK for entry in entries):
        inside = ", ".join(f"«{e.filename.rpartition('/')[2]}»" for e in entries if not e.is_dir())
        raise BadInput(
            "zip",
            f"Es un archivo .zip, no una planilla{f' (adentro trae {inside[:120]})' if inside else ''}.",
            "Descomprímelo y sube la planilla que trae adentro.",
        )


def _grids(book: CalamineWorkbook) -> dict[str, series.Grid]:
    """The cells of each sheet, by a name that can be kept."""
    if len(book.sheet_names) > _MOST_SHEETS:
        raise TooLarge(
            "too_many_sheets",
            f"La planilla trae {len(book.sheet_names)} hojas, y leo hasta {_MOST_SHEETS}.",
            "Súbela por partes, por ejemplo un año por archivo.",
        )
    grids: dict[str, series.Grid] = {}
    left = _MOST_CELLS
    for number, name in enumerate(book.sheet_names, start=1):
        sheet = book.get_sheet_by_name(name)
        height, width = sheet.total_height, sheet.total_width
        left -= height * width
        if left < 0:
            raise TooLarge(
                "expanded_too_large",
                f"La hoja «{name}» es demasiado grande.",
                "Expórtala por partes, por ejemplo un año por archivo.",
            )
        kept = name.replace("\0", "")
        rows = sheet.to_python(skip_empty_area=False) if height else []
        grids[f"{kept} ({number})" if kept in grids else kept] = [tuple(_text(cell) for cell in row) for row in rows]
    return grids


def _text(cell: Any) -> str:
    """A typed cell as text that can be read one way only."""
    match cell:
        case str():
            return cell.replace("\0", "").replace(TYPED, "")
        case bool():
            return "sí" if cell else "no"
        case int():
            return f"{TYPED}{cell}"
        case float():
            # 15 digits, as Excel shows: 0.1 + 0.2 is 0.3. Never with an exponent.
            text = f"{cell:.15g}"
            return TYPED + (text if "e" not in text else f"{cell:f}".rstrip("0").rstrip("."))
        case datetime():
            return cell.isoformat(sep=" ", timespec="seconds") if cell.time() != time() else cell.date().isoformat()
        case date() | time():
            return cell.isoformat()
        case timedelta():
            return str(cell)
        case _:
            return ""


def promise(rows: series.Grid) -> int:
    """How much a sheet looks like sales: the fields its header names, dates and amounts above all."""
    header = _header(rows)
    if header is None:
        return 0
    named = {f for f in ("date", "total", "unit_price", "net") if any(score(c, BY_ID[f]) >= 45 for c in header.cells)}
    return recognised(header.cells) + (10 if "date" in named else 0) + (10 if named - {"date"} else 0)


def _why_not(rows: list[tuple[str, ...]], worth: int | None) -> str:
    if not any(any(row) for row in rows):
        return "está vacía"
    promised = promise(rows) if worth is None else worth
    return "no tiene fechas y montos de ventas" if promised < 20 else "usé la que se ve más completa"


def _header(rows: list[tuple[str, ...]]) -> SampleRow | None:
    return header_row([SampleRow(i, row) for i, row in enumerate(rows[:80], start=1)])


class _Tables(HTMLParser):
    """Collects the cells of every table; a nested one is part of its outer one's text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[tuple[str, ...]]] = []
        self._row: list[str] | None = None
        self._cell: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self._close_row()
            self._row = []
        elif tag in ("td", "th") and self._row is not None:
            self._close_cell()
            self._cell = []

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._close_cell()
        elif tag in ("tr", "table"):
            self._close_row()

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)

    def _close_cell(self) -> None:
        if self._cell is not None and self._row is not None:
            self._row.append(" ".join("".join(self._cell).split()))
        self._cell = None

    def _close_row(self) -> None:
        self._close_cell()
        if self._row is not None and self.tables:
            self.tables[-1].append(tuple(self._row))
        self._row = None
