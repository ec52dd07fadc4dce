"""A book's lines as facts, in the place of those that its file brought before."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import partial
from hashlib import blake2b
from typing import Any
from uuid import UUID

import polars as pl

from core.db import Connection
from core.errors import BadInput
from core.language import fold, join, plural
from core.periods import Grain, Period, label
from core.tenancy import Scope
from ingest import telling, uploads
from ingest.books.kinds import EXPENSES, Kind
from ingest.books.lines import SUMMARY, Row, read
from ingest.books.sheet import Sheet, understand
from ingest.reading import Unmapped
from ingest.tables import Table
from ingest.types import Progress, RejectedRow, Report, Upload


@dataclass(slots=True)
class Shelf:
    """What the tables of one file share: how many equal lines there were, and what each table of expenses came to by
    month, so that a table that only sums up another is not told twice."""

    seen: Counter[str] = field(default_factory=Counter)
    months: list[tuple[str, int, dict[date, Decimal]]] = field(default_factory=list)


def save(
    scope: Scope, upload: Upload, table: Table, kind_id: str, connection: Connection, progress: Report,
    shelf: Shelf | None = None,
) -> tuple[Upload, list[RejectedRow]]:  # fmt: skip
    """Put the lines of a book beside those that this upload's other tables brought. BadInput where its columns can't
    be told, or where it says what another of its tables said."""
    progress(Progress("mapping"))
    shelf = shelf or Shelf()
    remembered = partial(uploads.remembered, scope, connection=connection)
    sheet = understand(table, kind_id, upload.filename, remembered, _branches(scope, connection))
    kind, width = sheet.kind, len(sheet.columns)
    cells = pl.concat(list(table.batches(sheet.header_line, width)) or [pl.DataFrame()], how="diagonal")
    found = read(sheet, cells, scope.company)
    found_bad = {r["line"]: r for r in reversed(found.rows) if r["bad"]}
    bad = {line: r for line, r in found_bad.items() if r["bad"][0] != SUMMARY}  # nothing there to correct
    progress(Progress("cleaning", len(found.rows), len(found.rows) - len(found_bad), len(bad)))
    raw = table.raw(sorted(bad))
    rejected = [
        RejectedRow(line, r["bad"][0], _placed(r["bad"][1], table.place(line)), raw.get(line, ""))
        for line, r in sorted(bad.items())
    ]
    good = [r for r in found.rows if not r["bad"]]
    if not good:
        why = f" {next(iter(found_bad.values()))['bad'][1]}" if found_bad else ""
        said = f"No pude leer ninguna línea de {kind.name}.{why}"
        raise Unmapped("nothing_read", said, _remedy(kind), sheet.layout, sheet.as_json())
    notes = _notes(sheet, found.carried, upload, table)
    if totals := len(found_bad) - len(bad):
        notes.append(f"Salté {plural(totals, 'fila', 'filas')} de totales.")
    if kind is EXPENSES:
        if found.credits:
            what = plural(found.credits, "nota de crédito resta", "notas de crédito restan")
            notes.append(f"{what}, aunque venía{'n' if found.credits > 1 else ''} sin signo.")
        below = sum(1 for r in good if r["total"] < 0)
        if below > len(good) - below and sum(r["total"] for r in good) < 0 and not found.credits:
            good = [{**r, "total": -r["total"]} for r in good]
            rest = ", y los positivos como devoluciones" if below < len(good) else ""
            notes.append(f"Los montos vienen en negativo: los leí como gastos{rest}.")
        _refuse_summary(sheet, good, shelf)
        days = _save_expenses(scope, upload.id, good, bool(sheet.months), shelf.seen, connection)
        notes += _changed(scope, upload.id, connection) if sheet.months else []
    else:
        counted = scope.company.day_of(upload.created_at)
        if "date" not in sheet.fields:
            notes.append(f"No trae fecha: lo tomé como contado el {counted:%d-%m-%Y}.")
        days = _save_stock(scope, upload.id, good, counted, connection)
    progress(Progress("saving", len(found.rows), len(good), len(rejected)))
    done = replace(
        upload, state="ready", rows_read=len(good) + len(rejected), accepted=len(good), set_aside=len(rejected),
        already_known=0, possible_duplicates=0, first_day=min(days), last_day=max(days), layout=sheet.layout,
        reading={**sheet.as_json(), "notes": notes}, error_code="",
        message=_message(kind, len(good), len(rejected), notes),
    )  # fmt: skip
    return done, rejected


def _refuse_summary(sheet: Sheet, good: Sequence[Row], shelf: Shelf) -> None:
    """A table that comes, month by month, to what another one of its file came to with more lines sums it up."""
    months: dict[date, Decimal] = {}
    for row in good:
        month = Grain.month.first_day(row["date"])
        months[month] = months.get(month, Decimal(0)) + row["total"]
    for name, lines, told in shelf.months:
        if (sheet.months or len(good) < lines) and all(told.get(month) == total for month, total in months.items()):
            said = f"Suma lo mismo que {name}, mes a mes: parece un resumen, y no la conté dos veces."
            raise BadInput("sums_up", said, "")
    shelf.months.append((str(sheet.table.describe().get("sheet") or ""), len(good), months))


def remove(scope: Scope, upload_id: UUID, connection: Connection) -> None:
    """Take an upload's lines out of both books."""
    connection.execute(
        "DELETE FROM fact_expenses WHERE company_id = %s AND upload_id = %s", [scope.company_id, upload_id]
    )
    connection.execute("DELETE FROM fact_stock WHERE company_id = %s AND upload_id = %s", [scope.company_id, upload_id])


_TEXTS = ("category", "supplier", "detail", "document", "branch")


def _save_expenses(
    scope: Scope, upload_id: UUID, rows: Sequence[Row], a_column_a_month: bool, seen: Counter[str],
    connection: Connection,
) -> list[date]:  # fmt: skip
    """The first and last days that the lines speak of."""

    def key(row: Row) -> str:
        """What the same line has in another export, and how many equal ones stand before it. In a sheet with a column a
        month the amount is no part of it: what a later sheet says of that month stands in its place."""
        parts = [fold(str(row.get(f) or "")) for f in _TEXTS]
        amount = "" if a_column_a_month else str(Decimal(row["total"]).normalize())
        content = "\x1f".join([str(row["date"]), "month" if row["by_month"] else "", amount, *parts])
        seen[content] += 1
        return blake2b(f"{content}\x1e{seen[content] - 1}".encode(), digest_size=16).hexdigest()

    columns = {
        "source_line": ("int", [row["line"] for row in rows]),
        "part": ("smallint", [row["part"] for row in rows]),
        "line_key": ("uuid", [key(row) for row in rows]),
        "spent_on": ("date", [row["date"] for row in rows]),
        "by_month": ("boolean", [row["by_month"] for row in rows]),
        "total": ("numeric", [row["total"] for row in rows]),
        **{name: ("text", [row.get(name) or "" for row in rows]) for name in _TEXTS},
    }
    _insert("fact_expenses", columns, scope, upload_id, connection)
    return [
        day
        for row in rows
        for day in (row["date"], Period.of(Grain.month, row["date"]).end if row["by_month"] else row["date"])
    ]


def _changed(scope: Scope, upload_id: UUID, connection: Connection) -> list[str]:
    """What this sheet says anew of months that another one told."""
    row = connection.execute(
        "SELECT count(DISTINCT n.line_key), array_agg(DISTINCT u.filename ORDER BY u.filename) FROM fact_expenses n "
        "JOIN fact_expenses o ON o.company_id = n.company_id AND o.line_key = n.line_key "
        "AND o.upload_id <> n.upload_id AND o.total <> n.total "
        "JOIN uploads u ON u.company_id = o.company_id AND u.id = o.upload_id "
        "WHERE n.company_id = %s AND n.upload_id = %s AND u.created_at < "
        "(SELECT created_at FROM uploads WHERE company_id = %s AND id = %s)",
        [scope.company_id, upload_id, scope.company_id, upload_id],
    ).fetchone()
    if not row or not row[0]:
        return []
    files = join([f"«{name}»" for name in row[1]])
    return [f"{plural(row[0], 'monto cambia', 'montos cambian')} lo que decía {files}: vale lo de este archivo."]


def _save_stock(
    scope: Scope, upload_id: UUID, rows: Sequence[Row], counted: date, connection: Connection
) -> list[date]:
    days = [row.get("date") or counted for row in rows]
    columns = {
        "source_line": ("int", [row["line"] for row in rows]),
        "part": ("smallint", [row["part"] for row in rows]),
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


def _branches(scope: Scope, connection: Connection) -> list[str]:
    """The branches that the sales, or earlier counts, name."""
    rows = connection.execute(
        "SELECT name FROM dim_stores WHERE company_id = %(c)s UNION "
        "SELECT branch FROM fact_stock WHERE company_id = %(c)s AND branch <> ''",
        {"c": scope.company_id},
    )
    return [name for (name,) in rows]


def _notes(sheet: Sheet, carried: int, upload: Upload, table: Table) -> list[str]:
    notes = [said] if (said := telling.posing(upload.filename, table)) else []
    skipped: dict[str, str] = {**(table.describe().get("skipped_sheets") or {})}  # type: ignore[dict-item]
    notes += [f"No usé la hoja «{name}»: {_why(why)}." for name, why in skipped.items()][:3]
    if sheet.months:
        first, last = min(sheet.months.values()), max(sheet.months.values())
        notes.append(f"Trae una columna por mes: leí {_span(first, last)}, cada monto en su mes.")
    elif sheet.month is not None:
        notes.append(f"No trae fechas: por su título los anoté en {label(Period.of(Grain.month, sheet.month))}.")
    elif "date" not in sheet.fields and "month" in sheet.fields:
        notes.append("Dice el mes y no el día: cada monto cuenta en su mes.")
    if sheet.branches:
        notes.append(f"Trae una columna por sucursal: {join(list(sheet.branches.values()))}.")
    if carried:
        what = plural(carried, "línea venía sin mes", "líneas venían sin mes")
        notes.append(f"{what}: usé el de la fila de arriba.")
    return notes


def _why(said: str) -> str:
    return said.replace("no tiene fechas y montos de ventas", "usé la que se ve más completa")


def _span(first: date, last: date) -> str:
    one, other = (label(Period.of(Grain.month, day)) for day in (first, last))
    return one if one == other else f"{one} a {other}"


def _placed(reason: str, place: str) -> str:
    return f"{reason.removesuffix('.')} ({place})." if place else reason


def _remedy(kind: Kind) -> str:
    return f"Revisa que la planilla tenga {'fecha (o mes) y monto' if kind is EXPENSES else 'producto y cantidad'}."


def _message(kind: Kind, good: int, bad: int, notes: Sequence[str]) -> str:
    aside = f", {plural(bad, 'apartada', 'apartadas')}" if bad else ""
    return " ".join([f"Leí {plural(good, 'línea', 'líneas')} de {kind.name}{aside}.", *notes])
