"""The tabs of a workbook: what each holds, and the tables to be read of them. Pure."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from core.errors import BadInput
from core.language import fold
from ingest import books
from ingest.columns import BY_ID, layout_of, score
from ingest.series import Grid
from ingest.sheets import assembled, promise
from ingest.sniffing import header_row
from ingest.tables import GridTable, SampleRow, Table

UNUSED = ""
_SUMS_UP = re.compile(
    r"\b(?:resumen|totales?|presupuest\w*|cotiza\w*|metas?|anulad\w*|respaldo|copia|proyecci\w*|proyectad\w*|comparativ\w*"
    r"|grafic\w*|dinamica|pivot|plantilla|formato|ejemplo|instruccion\w*|parametros?|listas?|maestro|dashboard|panel"
    r"|consolidado|acumulado|antigu\w*|viej\w*|backup|pendientes?|por pagar)\b"
)
"""Names of tabs that repeat what another one says, or say what was not."""
_NO_BOOK = re.compile(r"\b(?:compras?|proveedores|clientes|precios|recetas)\b")
"""Names of tabs that may hold amounts and suppliers, and are expenses only at the owner's word: what was bought to be
sold is told as its cost already."""
_OF_SALES = re.compile(r"\bventas?\b|\bboletas?\b|\btickets?\b")
_NOT_SALES = re.compile(r"\b(?:compras?|gastos?|egresos?|inventario|stock|proveedor\w*|pagos?|costos?)\b")


@dataclass(frozen=True, slots=True)
class Part:
    """A table of a file, and what it holds: 'sales', or a kind of book."""

    kind: str
    table: Table


@dataclass(frozen=True, slots=True)
class Parts:
    """The tables of a file, sales first, and the tabs that are left out with the reason in Spanish."""

    parts: tuple[Part, ...]
    left_out: Mapping[str, str] = field(default_factory=dict)


def guess(table: GridTable, filename: str) -> dict[str, str]:
    """What each tab is by its headers and name. `table`: the most promising one of them (`ingest.opening`). Only one
    table is ever taken for sales: another of them may say the same sales anew. A tab of a book must say so itself,
    or have the columns of the one that does."""
    kind, main = books.kind_of(table, filename), table
    if kind != "sales":
        sellers = [name for name, rows in table.sheets.items() if _sells(name, rows)]
        if sellers:
            kind, main = "sales", assembled(table.sheets, sellers)
    used = dict.fromkeys(main.names, kind)
    like = layout_of(_header(table.sheets[main.names[0]])) if kind != "sales" else ""
    return {name: used.get(name) or _book(name, rows, like, kind) for name, rows in table.sheets.items()}


def known(table: GridTable, plan: Mapping[str, str]) -> dict[str, str]:
    """`plan` by the names that the tabs have now: a stored file that was written anew may have had to change some."""
    if len(plan) == len(table.sheets):
        return dict(zip(table.sheets, plan.values(), strict=True))
    return {name: plan.get(name, UNUSED) for name in table.sheets}


def parts(table: Table, plan: Mapping[str, str]) -> Parts:
    """The tables of a workbook whose tabs are read as `plan` says. Raises `BadInput` where two of them would be sales
    with columns of their own, or where none is to be read."""
    assert isinstance(table, GridTable)
    found: list[Part] = []
    repeated: dict[str, str] = {}
    rows = {name: Counter(_below(grid)) for name, grid in table.sheets.items()}
    promises = {name: promise(grid) for name, grid in table.sheets.items()}
    days = {name: any(books.says_day(h) for h in _header(grid)) for name, grid in table.sheets.items()}
    for kind in ("sales", *books.KINDS):
        names = [name for name in table.sheets if plan.get(name) == kind]
        while names:
            dated = kind != books.EXPENSES or any(days[n] for n in names)
            one = assembled({n: table.sheets[n] for n in names}, join=dated, promises=promises)
            one = replace(one, sheets=table.sheets)
            found.append(Part(kind, one))
            names = [n for n in names if n not in one.names]
            for name in names:
                other = next((u for u in one.names if rows[name] and rows[name] <= rows[u]), None)
                if other:
                    repeated[name] = f"repite las filas de «{other}»"
            names = [n for n in names if n not in repeated]
            if names and kind == "sales":
                raise BadInput(
                    "two_tables_of_sales", "Hay dos hojas de ventas con columnas distintas.",
                    "De un archivo leo una; deja la otra en «No usar» y súbela como archivo aparte.",
                )  # fmt: skip
    if not found:
        raise BadInput("no_tab", "No quedó ninguna hoja por leer.", "Elige abajo qué trae cada una.")
    used = {name for part in found for name in _grid(part.table).names}
    left_out = {**dict.fromkeys(table.sheets, ""), **table.skipped}
    left_out = {name: repeated.get(name) or _why(name, why) for name, why in left_out.items() if name not in used}
    if len(found) == 1:
        return Parts((replace(found[0], table=replace(_grid(found[0].table), skipped=left_out)),), left_out)
    return Parts(tuple(_numbered(found)), left_out)


def _numbered(found: list[Part]) -> list[Part]:
    """With lines that go on from one table to the next, so that a line's number is one in the whole file."""
    before, numbered = 0, []
    for part in found:
        table = _grid(part.table)
        starts = tuple((line + before, name, row) for line, name, row in table.starts)
        numbered.append(Part(part.kind, replace(table, before=before, starts=starts, skipped={})))
        before += len(table.rows)
    return numbered


def _why(name: str, why: str) -> str:
    if _SUMS_UP.search(_said(name)):
        return "parece un resumen"
    if re.search(r"\bcompras?\b", _said(name)):
        return "parecen compras; si las cuentas como gastos, dilo en la página de la carga"
    return why or "no la reconocí"


def _sells(name: str, rows: Grid) -> bool:
    """Whether a tab is surely one of sales, where another looks more like a table."""
    said, header = _said(name), _header(rows)
    if _SUMS_UP.search(said) or _NOT_SALES.search(said) or promise(rows) < 20:
        return False
    told = _OF_SALES.search(said) or any(
        score(h, BY_ID[f]) >= 60 for h in header for f in ("order", "customer", "seller")
    )
    return bool(told) and books.kind_of(_alone(name, rows), "") == "sales"


def _book(name: str, rows: Grid, like: str, kind: str) -> str:
    if _SUMS_UP.search(_said(name)) or not _below(rows):
        return UNUSED
    found = books.kind_of(_alone(name, rows), "")
    if found != "sales":
        return UNUSED if found == books.EXPENSES and _NO_BOOK.search(_said(name)) else found
    return kind if like and layout_of(_header(rows)) == like else UNUSED


def _alone(name: str, rows: Grid) -> GridTable:
    return GridTable(rows, "workbook", ((1, name, 1),))


def _grid(table: Table) -> GridTable:
    assert isinstance(table, GridTable)
    return table


def _header(rows: Grid) -> tuple[str, ...]:
    found = header_row([SampleRow(i, row) for i, row in enumerate(rows[:80], start=1)])
    cells = list(found.cells) if found else []
    while cells and not cells[-1].strip():
        cells.pop()
    return tuple(cells)


def _below(rows: Grid) -> Grid:
    """The rows of a tab below its header that hold something."""
    found = header_row([SampleRow(i, row) for i, row in enumerate(rows[:80], start=1)])
    return [row for row in rows[found.line if found else 0 :] if any(row)]


def _said(name: str) -> str:
    return fold(name.replace("_", " "))
