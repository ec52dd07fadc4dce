"""How a book's sheet is understood: its header, what each column is, and where the month of its lines stands."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from core.errors import BadInput
from ingest import dates, numbers
from ingest.books import months, shelves
from ingest.books.kinds import EXPENSES, KINDS, MONTHLY, SEVERAL, SHELF, STOCK, Kind, recognise, score_of
from ingest.columns import Column, Field, layout_of
from ingest.reading import SAMPLE_ROWS, Unmapped
from ingest.sniffing import HEADER_WITHIN, header_row
from ingest.tables import SampleRow, Table, names

_NO_TABLE = BadInput(
    "no_header", "No encontré la fila con los nombres de las columnas.",
    "Agrega una primera fila con sus nombres y súbelo de nuevo.",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sheet:
    """A book's table with each column's field. `months`: of the columns that hold one month's amounts each; `month`: of
    all lines, where only a title says it; `year`: of months that are written without theirs."""

    table: Table
    kind: Kind
    header_line: int
    columns: tuple[Column, ...]
    months: Mapping[int, date]
    month: date | None = None
    year: int | None = None

    @property
    def branches(self) -> dict[int, str]:
        """Of the columns that hold what one branch has each."""
        return {c.index: shelves.named(c.header) or c.header for c in self.columns if c.field == SHELF}

    @property
    def fields(self) -> dict[str, int]:
        """Field -> column, without the columns of months and branches."""
        return {c.field: c.index for c in self.columns if c.field and c.field not in SEVERAL}

    @property
    def layout(self) -> str:
        """Apart from the same headers read as sales."""
        return f"{self.kind.id}:{layout_of([c.header for c in self.columns])}"

    def as_json(self) -> dict[str, Any]:
        """What is kept in `uploads.reading`: as a sale's, with the kind of book."""
        named = {f.id: f.name for f in self.kind.fields}
        return {
            **self.table.describe(), "header_line": self.header_line, "book": self.kind.id, "notes": [],
            "mapping": [
                {"column": c.header, "field": c.field, "name": named.get(c.field, ""), "why": c.why}
                for c in self.columns
            ],
        }  # fmt: skip


def kind_of(table: Table, filename: str) -> str:
    """What a file is by its headers, titles and first texts: 'sales', 'expenses' or 'stock'."""
    found = _head(table)
    if found is None:
        return "sales"
    rows, at = found
    below = [next((c for c in r.cells if c.strip() and not months.names_month(c)), "") for r in rows[at + 1 : at + 40]]
    return recognise([c.strip() for c in rows[at].cells], filename, _titles(rows[:at], table), below)


def understand(table: Table, kind_id: str, filename: str, remembered: Any, branches: Collection[str] = ()) -> Sheet:
    """The sheet of a book. `remembered(layout)` gives the owner's own mapping; `branches` are the company's.
    Raises `BadInput` where there is no header or no row, `Unmapped` where a column that it needs was not found."""
    kind, found = KINDS[kind_id], _head(table)
    if found is None:
        raise _NO_TABLE
    rows, at = found
    headers = _headers(rows, at)
    sample = next(iter(table.batches(rows[at].line, len(headers))), None)
    if sample is None or sample.is_empty():
        raise BadInput(
            "file_empty", "El archivo trae los nombres de las columnas, pero ninguna fila.", "Agrégalas y súbelo."
        )
    cells = [filled(sample.head(SAMPLE_ROWS)[name]) for name in names(len(headers))]
    titles = [*_titles(rows[:at], table), filename]
    year = months.only_year(titles)
    years = _years_above(rows[at - 1] if at else None, len(headers))
    by_column = {
        i: month
        for i, header in enumerate(headers)
        if kind is EXPENSES and (month := months.month_of(header, years.get(i) or year)) and _fits(cells[i], "number")
    }
    unsaid = kind is EXPENSES and any(months.names_month(h) and i not in by_column for i, h in enumerate(headers))
    columns = _columns(kind, headers, cells, by_column, year)
    if kind is STOCK:
        columns = _with_branches(columns, cells, branches)
    sheet = Sheet(table, kind, rows[at].line, columns, {}, None, year)
    columns = _corrected(columns, remembered(sheet.layout))
    held = {c.index: by_column[c.index] for c in columns if c.field == MONTHLY and c.index in by_column}
    fields = {c.field for c in columns}
    month = months.only_month(titles) if kind is EXPENSES and not held and not fields & {"date", "month"} else None
    sheet = Sheet(table, kind, rows[at].line, columns, held, month, year)
    _refuse_without(sheet, unsaid and not held)
    return sheet


def filled(column: pl.Series) -> pl.Series:
    """A column's cells, null where nothing is said."""
    text = column.str.strip_chars(" \t\r\n\u00a0\ufeff")
    return pl.DataFrame({"v": text}).select(pl.when(pl.col("v").is_in(["", "-"])).then(None).otherwise("v")).to_series()


def _head(table: Table) -> tuple[list[SampleRow], int] | None:
    """The first rows, and which of them names the columns: one that names several months, else as a sale's."""
    rows = table.sample(120)
    for i, row in enumerate(rows[:HEADER_WITHIN]):
        named = [c for c in row.cells if months.names_month(c)]
        others = [c for c in row.cells if c.strip() and not months.names_month(c)]
        if len(named) > 1 and len(set(named)) == len(named) and not any(c[:1] == numbers.TYPED for c in others):
            return rows, i
    header = header_row(rows)
    return None if header is None else (rows, next(i for i, row in enumerate(rows) if row.line == header.line))


def _headers(rows: Sequence[SampleRow], at: int) -> list[str]:
    """The columns' names; where a cell was merged with the one above it, what is written there."""
    cells = list(rows[at].cells)
    above = rows[at - 1].cells if at and rows[at - 1].filled > 1 else ()
    while cells and not cells[-1].strip():
        cells.pop()
    named = [c.strip() or (above[i].strip() if i < len(above) else "") for i, c in enumerate(cells)]
    return [n.replace("\x01", "").lstrip("\ufeff") or f"Columna {i + 1}" for i, n in enumerate(named)]


def _titles(above: Sequence[SampleRow], table: Table) -> list[str]:
    sheet = str(table.describe().get("sheet") or "")
    return [*(" ".join(c for c in r.cells if c.strip()) for r in reversed(above) if r.filled), sheet]


def _years_above(row: SampleRow | None, width: int) -> dict[int, int]:
    """A year merged over its months, by column."""
    found: dict[int, int] = {}
    last = None
    for i in range(width if row else 0):
        last = months.year_of(row.cells[i]) or last if row and i < len(row.cells) else last
        if last:
            found[i] = last
    return found


def _columns(
    kind: Kind, headers: Sequence[str], cells: Sequence[pl.Series], by_column: Mapping[int, date], year: int | None
) -> tuple[Column, ...]:
    """The surest pairs of field and column first, where the column holds such values; then by content."""
    wide = len(by_column) > 1
    apart = {"date", "month", "year", "total", MONTHLY} if wide else {MONTHLY}
    fields = [f for f in kind.fields if f.id not in apart]
    pairs = sorted(
        (
            (score, -i, field.id)
            for i, header in enumerate(headers)
            for field in fields
            if not (wide and i in by_column)
            and (score := score_of(header, field)) > 0
            and _fits(cells[i], _holds(field), year)
        ),
        reverse=True,
    )
    chosen: dict[int, tuple[str, Any]] = dict.fromkeys(by_column, (MONTHLY, "name")) if wide else {}
    for _, place, field_id in pairs:
        if -place not in chosen and field_id not in {f for f, _ in chosen.values()}:
            chosen[-place] = (field_id, "name")
    taken = {f for f, _ in chosen.values()}
    free = [i for i in range(len(headers)) if i not in chosen and len(cells[i])]
    if kind is EXPENSES:
        if not wide and "total" not in taken and len(by_column) == 1:
            chosen[next(iter(by_column))] = (MONTHLY, "name")
            taken.add("total")
        if not wide and not taken & {"date", "month"}:
            _guess(chosen, free, cells, ("date", "month"), year)
        if "total" not in taken and not wide:
            _guess(chosen, free, cells, ("number",), year)
        if "category" not in taken and "detail" in taken:  # the only word on what it was for
            chosen = {i: ("category", "content") if f == "detail" else (f, w) for i, (f, w) in chosen.items()}
        elif "category" not in taken:
            _guess(chosen, free, cells, ("text",), year)
    return tuple(Column(i, header, *chosen.get(i, ("", None))) for i, header in enumerate(headers))


def _with_branches(
    columns: tuple[Column, ...], cells: Sequence[pl.Series], branches: Collection[str]
) -> tuple[Column, ...]:
    """With the columns that are one branch's each; what sums them up is no count of its own."""
    known = {shelves.place(b) for b in branches}
    found = shelves.branch_columns(
        columns, lambda i: bool(len(cells[i].drop_nulls())) and _fits(cells[i], "number"), known
    )
    if not found:
        return columns
    return tuple(
        Column(c.index, c.header, SHELF, "name") if c.index in found
        else Column(c.index, c.header, "", None) if c.field == "quantity" else c
        for c in columns
    )  # fmt: skip


_GUESSED = {"date": "date", "month": "month", "number": "total", "text": "category"}


def _guess(
    chosen: dict[int, tuple[str, Any]], free: list[int], cells: Sequence[pl.Series], kinds: Sequence[str],
    year: int | None,
) -> None:  # fmt: skip
    """Take the one free column that holds such values; for texts, the first."""
    for kind in kinds:
        fit = [i for i in free if i not in chosen and _fits(cells[i], kind, year)]
        if kind == "text":
            fit = [i for i in fit if not _fits(cells[i], "number") and not _fits(cells[i], "date")][:1]
        if len(fit) == 1:
            chosen[fit[0]] = (_GUESSED[kind], "content")
            return


def _holds(field: Field) -> str:
    return field.id if field.id in ("month", "year") else field.holds


def _fits(cells: pl.Series, kind: str, year: int | None = None) -> bool:
    """Whether most of a column's cells can be read so; an empty column fits."""
    known = cells.drop_nulls().unique()
    if not len(known) or kind == "text":
        return True
    match kind:
        case "number":
            good = numbers.parse(known, ",").is_not_null().sum()
        case "date":
            good = dates.parse(known, "dmy")["day"].is_not_null().sum()
        case "month":
            good = sum(months.month_of(v, year or 2000) is not None for v in known.to_list())
        case _:
            good = sum(months.year_of(v) is not None for v in known.to_list())
    return bool(good >= 0.5 * len(known))


def _corrected(columns: tuple[Column, ...], remembered: Mapping[str, str]) -> tuple[Column, ...]:
    """With the owner's word in the place of what was found."""
    mine = {f for f in remembered.values() if f and f not in SEVERAL}
    made = []
    for c in columns:
        if c.header in remembered:
            made.append(Column(c.index, c.header, remembered[c.header], "remembered"))
        else:
            made.append(Column(c.index, c.header, "" if c.field in mine else c.field, c.why))
    return tuple(made)


def _refuse_without(sheet: Sheet, months_without_year: bool) -> None:
    kind, fields = sheet.kind, sheet.fields.keys()
    seen = ", ".join(c.header for c in sheet.columns)[:200]
    named = {f.id: f.name for f in kind.fields}
    if sheet.months or (months_without_year and "total" not in fields):
        lacking: list[str] = []
    elif kind is EXPENSES:
        dated = fields & {"date", "month"} or sheet.month
        lacking = [named[f] for f in kind.needs if f not in fields and not (f == "date" and dated)]
    else:
        lacking = [named[f] for f in kind.needs if f not in fields and not (f == "quantity" and sheet.branches)]
    if months_without_year and not sheet.months and "date" not in fields:
        raise Unmapped(
            "months_without_year", "Las columnas son meses, pero no encontré de qué año son.",
            "Escribe el año junto al mes (por ejemplo «enero 2026») o en el título, y súbelo de nuevo.",
            sheet.layout, sheet.as_json(),
        )  # fmt: skip
    if lacking:
        raise Unmapped(
            "book_columns", f"No encontré la columna de {' ni la de '.join(lacking)} (vi: {seen}).",
            f"Una planilla de {kind.name} necesita {_needs(kind)}. Si está con otro nombre, dime abajo cuál es.",
            sheet.layout, sheet.as_json(),
        )  # fmt: skip


def _needs(kind: Kind) -> str:
    return "fecha (o mes) y monto" if kind is EXPENSES else "producto y cantidad"
