"""A data set to a file: COPY writes it, so that a million lines never stand in this process's memory.

CSV is for a spreadsheet here: BOM, `;`, decimal comma, and no cell that would be run as a formula. Parquet keeps types;
polars turns the database's CSV into it in pieces.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryFile
from typing import IO, Literal

import polars as pl
from psycopg.sql import SQL, Composable, Composed, Identifier
from psycopg.sql import Literal as Quoted

from core import db, folders
from core.cells import harmless_sql
from core.db import Connection
from core.tenancy import Scope
from server.downloads.datasets import MINE, Column, DataSet

Format = Literal["csv", "parquet"]
MEDIA = {"csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet"}
BLOCK = 1 << 20
ROW_GROUP = 100_000
SAMPLE = 300

TYPES: dict[str, pl.DataType | type[pl.DataType]] = {
    "text": pl.String, "integer": pl.Int64, "day": pl.Date, "instant": pl.String, "flag": pl.String,
    "vector": pl.String,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Extent:
    """How much there is: rows, the days they span, and about how many bytes the CSV is."""

    rows: int
    first: date | None
    last: date | None
    bytes: int


def extent(dataset: DataSet, scope: Scope, connection: Connection) -> Extent:
    inner = _named(dataset, dataset.columns)
    day = Identifier(dataset.day) if dataset.day else None
    span = SQL(", min({d})::date, max({d})::date").format(d=day) if day else SQL(", NULL::date, NULL::date")
    # The joins that only bring names add no row: what is counted needs none of them.
    row = connection.execute(SQL("SELECT count(*){span} FROM ({inner}) x").format(span=span, inner=inner)).fetchone()
    width = connection.execute(
        SQL("SELECT avg(octet_length(x::text)) FROM (SELECT * FROM ({inner}) y LIMIT {most}) x").format(
            inner=_spreadsheet(dataset, chosen(dataset), scope), most=Quoted(SAMPLE)
        )
    ).fetchone()
    assert row is not None
    assert width is not None
    return Extent(row[0], row[1], row[2], int(row[0] * float(width[0] or 0)))


def chosen(dataset: DataSet, everything: bool = False) -> tuple[Column, ...]:
    """The columns that are written: the optional ones only where asked for."""
    return tuple(c for c in dataset.columns if everything or c.name not in dataset.optional)


def write(dataset: DataSet, form: Format, scope: Scope, connection: Connection, everything: bool = False) -> IO[bytes]:
    """The data set in an unnamed file, at its start; it is gone once closed."""
    columns = chosen(dataset, everything)
    if form == "csv":
        out: IO[bytes] = TemporaryFile(dir=folder())  # noqa: SIM115  # whoever streams it closes it
        out.write("\ufeff".encode())
        copy_to(_spreadsheet(dataset, columns, scope), ";", out, connection)
        out.seek(0)
        return out
    return _parquet(dataset, columns, connection)


def made(dataset: DataSet, form: Format, scope: Scope, everything: bool = False) -> IO[bytes]:
    """The same over a connection that is given back before the first byte leaves: a slow reader holds none."""
    with db.tenant(scope) as connection:
        return write(dataset, form, scope, connection, everything)


def pieces(file: IO[bytes]) -> Iterator[bytes]:
    """The file from its start, and its end."""
    try:
        while block := file.read(BLOCK):
            yield block
    finally:
        file.close()


def size(file: IO[bytes]) -> int:
    return os.fstat(file.fileno()).st_size


def copy_to(query: Composable, separator: str, out: IO[bytes], connection: Connection) -> None:
    """Run a query and write its rows as CSV with a header."""
    statement = SQL("COPY ({query}) TO STDOUT WITH (FORMAT csv, HEADER, DELIMITER {separator})").format(
        query=query, separator=Quoted(separator)
    )
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for block in copy:
            out.write(block)


def folder() -> Path:
    """Where half-written files lie; nobody's name is on them."""
    return folders.folder("tmp")


def _parquet(dataset: DataSet, columns: tuple[Column, ...], connection: Connection) -> IO[bytes]:
    with NamedTemporaryFile(dir=folder(), suffix=".csv") as raw, NamedTemporaryFile(dir=folder(), delete=False) as done:
        try:
            copy_to(_typed(dataset, columns), ",", raw, connection)
            raw.flush()
            schema = {c.name: pl.Decimal(38, c.scale) if c.kind == "number" else TYPES[c.kind] for c in columns}
            frame = pl.scan_csv(raw.name, schema=schema).with_columns(
                *(e for c in columns if (e := _cast(c)) is not None)
            )
            frame.sink_parquet(done.name, row_group_size=ROW_GROUP, compression="zstd")
            return Path(done.name).open("rb")  # whoever streams it closes it
        finally:
            Path(done.name).unlink()


def _cast(column: Column) -> pl.Expr | None:
    name = pl.col(column.name)
    if column.kind == "instant":
        return name.str.to_datetime("%Y-%m-%d %H:%M:%S%.f", time_unit="us").dt.replace_time_zone("UTC")
    if column.kind == "flag":
        return (name == "t").alias(column.name)
    if column.kind == "vector":
        return name.str.strip_chars("{}").str.split(",").cast(pl.List(pl.Float32))
    return None


def _named(dataset: DataSet, columns: tuple[Column, ...]) -> Composed:
    """The data set's rows with its columns' names."""
    return SQL("SELECT {kept} FROM ({sql}) d ({names})").format(
        kept=SQL(", ").join(Identifier(c.name) for c in columns),
        sql=SQL(dataset.sql).format(mine=SQL(MINE)),
        names=SQL(", ").join(Identifier(c.name) for c in dataset.columns),
    )


def _typed(dataset: DataSet, columns: tuple[Column, ...]) -> Composed:
    """As a program reads it: decimal point, instants by UTC."""
    return _selected(dataset, columns, _program)


def _program(column: Column) -> Composable:
    name = Identifier(column.name)
    if column.kind == "number":
        return SQL("round({c}, {scale})").format(c=name, scale=Quoted(column.scale))
    if column.kind == "instant":
        return SQL("to_char({c} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')").format(c=name)
    return name


def _spreadsheet(dataset: DataSet, columns: tuple[Column, ...], scope: Scope) -> Composed:
    """As a spreadsheet here shows it. A text that begins like a formula gets an apostrophe; a number stays one."""

    def shown(column: Column) -> Composable:
        name = Identifier(column.name)
        match column.kind:
            case "number":
                return SQL("replace(trim_scale({c})::text, '.', ',')").format(c=name)
            case "instant":
                zone = Quoted(scope.company.timezone)
                return SQL("to_char({c} AT TIME ZONE {zone}, 'YYYY-MM-DD HH24:MI:SS')").format(c=name, zone=zone)
            case "flag":
                return SQL("CASE {c} WHEN true THEN 'sí' WHEN false THEN 'no' END").format(c=name)
            case "text" | "vector":
                return harmless_sql(name)
            case _:
                return name

    return _selected(dataset, columns, shown)


def _selected(dataset: DataSet, columns: tuple[Column, ...], how: Callable[[Column], Composable]) -> Composed:
    return SQL("SELECT {kept} FROM ({inner}) n").format(
        kept=SQL(", ").join(SQL("{e} AS {n}").format(e=how(c), n=Identifier(c.name)) for c in columns),
        inner=_named(dataset, columns),
    )
