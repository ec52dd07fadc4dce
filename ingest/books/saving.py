"""A book's table -> its facts: read, cleaned, what can't be used set aside with its reason."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from hashlib import blake2b
from typing import Any
from uuid import UUID

import polars as pl

from core.db import Connection
from core.errors import BadInput
from core.language import fold, plural
from core.tenancy import Scope
from ingest import dates, numbers
from ingest.books.kinds import EXPENSES, KINDS, Kind, columns_of
from ingest.columns import layout_of
from ingest.sniffing import header_row
from ingest.tables import LINE, Table
from ingest.types import Progress, RejectedRow, Report, Upload

Row = dict[str, Any]
"""A line by field, with its `line` in the file and `bad`: why it can't be used, or None."""
_TOTAL_WORDS = ("total", "subtotal", "suma", "totales")


def save(
    scope: Scope, upload: Upload, table: Table, kind_id: str, connection: Connection, progress: Report
) -> tuple[Upload, list[RejectedRow]]:
    """Put the lines of a book in the place of those that this upload brought before. BadInput where its columns can't
    be told."""
    kind = KINDS[kind_id]
    header = header_row(table.sample(120))
    if header is None:
        raise BadInput(
            "no_header", "No encontré la fila con los nombres de las columnas.", "Agrégala y súbelo de nuevo."
        )
    headers = [cell.replace("\x01", "").strip() for cell in header.cells]
    chosen = columns_of(kind, headers)
    _refuse_without(kind, chosen, headers)
    progress(Progress("mapping"))
    cells = pl.concat(list(table.batches(header.line, len(headers))) or [pl.DataFrame()], how="diagonal")
    if cells.is_empty():
        raise BadInput("file_empty", "El archivo trae los nombres de las columnas, pero ninguna fila.")
    rows = list(_rows(kind, chosen, cells, scope))
    raw = table.raw([r["line"] for r in rows if r["bad"]])
    rejected = [RejectedRow(r["line"], r["bad"][0], r["bad"][1], raw.get(r["line"], "")) for r in rows if r["bad"]]
    good = [r for r in rows if not r["bad"]]
    if not good:
        raise BadInput("nothing_read", f"No pude leer ninguna línea de {kind.name}.", _needs(kind))
    counted = scope.company.day_of(upload.created_at)
    notes: list[str] = []
    if kind is EXPENSES:
        if all(r["total"] <= 0 for r in good):
            good = [{**r, "total": -r["total"]} for r in good]
            notes.append("Los montos vienen en negativo: los leí como gastos.")
        days = _save_expenses(scope, upload.id, good, connection)
    else:
        if "date" not in chosen:
            notes.append(f"No trae fecha: lo tomé como contado el {counted:%d-%m-%Y}.")
        days = _save_stock(scope, upload.id, good, counted, connection)
    progress(Progress("saving", len(rows), len(good), len(rejected)))
    done = replace(
        upload, state="ready", rows_read=len(rows), accepted=len(good), set_aside=len(rejected), already_known=0,
        possible_duplicates=0, first_day=min(days), last_day=max(days), layout=layout_of(headers),
        reading={
            **table.describe(), "header_line": header.line, "book": kind.id, "notes": notes, "mapping": [],
            "columns": [{"column": headers[i], "name": _field(kind, f)} for f, i in chosen.items()],
        },
        error_code="", message=_message(kind, len(good), len(rejected), notes),
    )  # fmt: skip
    return done, rejected


def remove(scope: Scope, upload_id: UUID, connection: Connection) -> None:
    """Take an upload's lines out of both books."""
    connection.execute(
        "DELETE FROM fact_expenses WHERE company_id = %s AND upload_id = %s", [scope.company_id, upload_id]
    )
    connection.execute("DELETE FROM fact_stock WHERE company_id = %s AND upload_id = %s", [scope.company_id, upload_id])


def _rows(kind: Kind, chosen: dict[str, int], cells: pl.DataFrame, scope: Scope) -> Iterator[Row]:
    texts = {f: _text(cells[f"c{i}"]) for f, i in chosen.items()}
    read: dict[str, list[Any]] = {}
    default: numbers.Mark = "." if scope.company.country in ("US", "MX", "PE") else ","
    first: dates.Order = "mdy" if scope.company.country == "US" else "dmy"
    for field in kind.fields:
        if field.id not in chosen:
            continue
        values = texts[field.id]
        if field.holds == "number":
            mark = numbers.evidence(values.drop_nulls().unique()).mark
            read[field.id] = numbers.parse(values, mark or default).to_list()
        elif field.holds == "date":
            order = dates.evidence(values.drop_nulls().unique()).order or first
            read[field.id] = dates.parse(values, order)["day"].to_list()
        else:
            read[field.id] = [v.replace("\x01", "") if v else "" for v in values.to_list()]
    said = {f: values.to_list() for f, values in texts.items()}
    for i, line in enumerate(cells[LINE].to_list()):
        row: Row = {f: values[i] for f, values in read.items()}
        if all(said[f][i] is None for f in said):
            continue
        yield {**row, "line": line, "bad": _fault(kind, row, {f: said[f][i] for f in said})}


def _fault(kind: Kind, row: Row, said: dict[str, str | None]) -> tuple[str, str] | None:
    """Why a row can't be used: a code and a sentence. Pure."""
    words = {fold(v) for v in said.values() if v}
    if any(w.split(":")[0].strip() in _TOTAL_WORDS for w in words):
        return "summary", "Parece una fila de totales, no una línea."
    names = {f.id: f.name for f in kind.fields}
    for field in kind.fields:
        if field.id not in row or field.holds == "text":
            continue
        empty, value = said[field.id] is None, row[field.id]
        if value is None and (field.id in kind.needs or not empty):
            what = "viene vacía" if empty else f"no se entiende: «{(said[field.id] or '')[:40]}»"
            return f"bad_{field.id}", f"La columna de {names[field.id]} {what}."
    if "product" in kind.needs and not row.get("product"):
        return "bad_product", "No dice qué producto es."
    return None


_TEXTS = ("category", "supplier", "detail", "document", "branch")


def _save_expenses(scope: Scope, upload_id: UUID, rows: Sequence[Row], connection: Connection) -> list[date]:
    seen: Counter[str] = Counter()

    def key(row: Row) -> str:
        """What the same line has in another export, and how many equal ones stand before it."""
        parts = [fold(str(row.get(f) or "")) for f in _TEXTS]
        content = "\x1f".join([str(row["date"]), str(Decimal(row["total"]).normalize()), *parts])
        seen[content] += 1
        return blake2b(f"{content}\x1e{seen[content] - 1}".encode(), digest_size=16).hexdigest()

    days = [row["date"] for row in rows]
    columns = {
        "source_line": ("int", [row["line"] for row in rows]),
        "line_key": ("uuid", [key(row) for row in rows]),
        "spent_on": ("date", days),
        "total": ("numeric", [row["total"] for row in rows]),
        **{name: ("text", [row.get(name) or "" for row in rows]) for name in _TEXTS},
    }
    _insert("fact_expenses", columns, scope, upload_id, connection)
    return days


def _save_stock(
    scope: Scope, upload_id: UUID, rows: Sequence[Row], counted: date, connection: Connection
) -> list[date]:
    days = [row.get("date") or counted for row in rows]
    columns = {
        "source_line": ("int", [row["line"] for row in rows]),
        "counted_on": ("date", days),
        "product_key": ("text", [fold(row["product"]) for row in rows]),
        "product": ("text", [row["product"] for row in rows]),
        "branch": ("text", [row.get("branch") or "" for row in rows]),
        **{name: ("numeric", [row.get(name) for row in rows]) for name in ("quantity", "unit_cost", "minimum")},
    }
    _insert("fact_stock", columns, scope, upload_id, connection)
    return days


def _insert(
    table: str, columns: dict[str, tuple[str, list[Any]]], scope: Scope, upload_id: UUID, connection: Connection
) -> None:
    arrays = ", ".join(f"%s::{kind}[]" for kind, _ in columns.values())
    connection.execute(
        f"INSERT INTO {table} (company_id, upload_id, {', '.join(columns)}) "  # noqa: S608
        f"SELECT %s, %s, * FROM unnest({arrays})",
        [scope.company_id, upload_id, *(values for _, values in columns.values())],
    )


def _text(column: pl.Series) -> pl.Series:
    stripped = column.str.strip_chars(" \t\r\n\u00a0\ufeff")
    return (
        pl.DataFrame({"v": stripped})
        .select(pl.when(pl.col("v").is_in(["", "-"])).then(None).otherwise("v"))
        .to_series()
    )


def _refuse_without(kind: Kind, chosen: dict[str, int], headers: Sequence[str]) -> None:
    lacking = [_field(kind, f) for f in kind.needs if f not in chosen]
    if lacking:
        seen = ", ".join(h for h in headers if h)[:200]
        raise BadInput(
            "book_columns", f"No encontré la columna de {' ni la de '.join(lacking)} (vi: {seen}).", _needs(kind)
        )


def _needs(kind: Kind) -> str:
    return f"Una planilla de {kind.name} necesita {' y '.join(_field(kind, f) for f in kind.needs)}."


def _field(kind: Kind, id: str) -> str:
    return next(f.name for f in kind.fields if f.id == id)


def _message(kind: Kind, good: int, bad: int, notes: Sequence[str]) -> str:
    aside = f", {plural(bad, 'apartada', 'apartadas')}" if bad else ""
    return " ".join([f"Leí {plural(good, 'línea', 'líneas')} de {kind.name}{aside}.", *notes])
