"""How a file is understood: its header, its columns' meaning, its decimal mark and date order. All decided before the
first row is cleaned, from the whole file, and told to the owner."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from core.errors import BadInput
from ingest import dates, numbers
from ingest.columns import BY_ID, Column, by_name, layout_of, normal, numbered
from ingest.connectors import connector_for
from ingest.connectors.types import Connector
from ingest.guessing import by_content, costs_whole_lines, only_months
from ingest.sniffing import header_row
from ingest.tables import LINE, Table, names

MOST_COLUMNS = 1000
SAMPLE_ROWS = 2_000
_PERCENT = re.compile(r"%|(?i:porcentaje|porciento|\bporc\b|\bpct\b|percent)")
NOTHING = ("", "-", "--", "null", "none", "nan", "n/a", "#n/a", "na", "s/i", "nil", "(null)", "sin dato", "sin datos")
"""Cells that say there is nothing."""


class Unmapped(BadInput):
    """Dates or amounts were not found; the columns are kept, so that the owner can say which ones they are."""

    def __init__(self, code: str, message: str, remedy: str, layout: str, reading: dict[str, Any]) -> None:
        super().__init__(code, message, remedy)
        self.layout, self.reading = layout, reading


@dataclass(frozen=True, slots=True)
class Reading:
    """A file's columns and conventions. `marks` is the decimal mark of each number field."""

    table: Table
    header_line: int
    columns: tuple[Column, ...]
    connector: Connector | None
    layout: str
    order: dates.Order = "dmy"
    timed: bool = False
    marks: Mapping[str, numbers.Mark] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    percent: int = 0
    """What a discount of the whole price is in the column of discounts: 1 or 100. 0: it holds amounts, but for cells
    that end in '%'."""
    amounts: pl.DataFrame | None = None
    """`line, amount`, where a line's own total is not what was paid for it."""

    @property
    def fields(self) -> dict[str, int]:
        """Field -> column index."""
        return {c.field: c.index for c in self.columns if c.field}

    def header_of(self, field_id: str) -> str:
        return next((c.header for c in self.columns if c.field == field_id), "")

    def rows(self, only: Collection[str] | None = None) -> Iterator[pl.DataFrame]:
        """The rows below the header in batches: canonical String columns (empty cells null), `line`, `label` (the row's
        first cell, where it has no date) and `beyond`: whether something stands to the right of the header's columns.
        `only` these fields, where a pass over the file needs no others and the layout has no rows to prepare."""
        width = len(self.columns)
        whole = bool(self.connector and self.connector.whole)
        prepare = self.connector.prepare if self.connector else None
        fields = {f: i for f, i in self.fields.items() if prepare or only is None or f in only}
        for batch in self.table.batches(self.header_line, width, whole):
            # Most files hold nothing beyond their columns: then there is nothing to look at.
            spare = [c for c in names(batch.width - 1)[width:] if batch[c].null_count() < batch.height]
            rows = batch.select(*(_cell(pl.col(f"c{i}")).alias(name) for name, i in fields.items()), pl.col(LINE))
            beyond = pl.any_horizontal(_cell(pl.col(c)).is_not_null() for c in spare) if spare else pl.lit(False)
            rows = rows.with_columns(
                batch.select(beyond.alias("beyond")).to_series() if spare else beyond.alias("beyond")
            )
            rows = _labelled(rows, batch, width)
            yield prepare(rows) if prepare else rows

    def as_json(self) -> dict[str, Any]:
        """What is kept in `uploads.reading` and shown to the owner."""
        return {
            **self.table.describe(),
            "header_line": self.header_line,
            "connector": self.connector.id if self.connector else "",
            "date_order": self.order,
            "timed": self.timed,
            "decimal_marks": dict(self.marks),
            "mapping": [
                {
                    "column": c.header,
                    "field": c.field,
                    "name": BY_ID[c.field].name if c.field in BY_ID else "",
                    "why": c.why,
                }
                for c in self.columns
            ],
            "notes": list(self.notes),
        }


def understand(table: Table, remembered: Any, country: str) -> Reading:
    """Find header, mapping and conventions of a table. `remembered(layout)` gives the owner's own mapping of a layout.
    Raises `BadInput` where header, dates or amounts are missing, or where the file is known to carry no sales."""
    header = header_row(table.sample(120))
    if header is None:
        raise BadInput(
            "no_header",
            "No encontré la fila con los nombres de las columnas.",
            "Agrega una primera fila con nombres como Fecha, Producto, Cantidad y Total, y súbelo de nuevo.",
        )
    cells = list(header.cells)
    while cells and not cells[-1].strip():
        cells.pop()
    if len(cells) > MOST_COLUMNS:  # each is compared with every field: such a file would hold the queue for minutes
        raise BadInput(
            "too_many_columns",
            f"El archivo trae {len(cells)} columnas.",
            f"Deja las de tus ventas: hasta {MOST_COLUMNS}.",
        )
    headers = tuple(cell.replace("\x01", "").strip().lstrip("\ufeff") for cell in cells)
    connector, layout = connector_for(headers), layout_of(headers)
    if connector and connector.refusal:
        raise BadInput("not_sales", connector.refusal, connector.remedy)
    sample = next(iter(table.batches(header.line, len(headers))), None)
    sample = sample.head(SAMPLE_ROWS) if sample is not None else None
    if sample is None or sample.is_empty():
        raise BadInput(
            "file_empty",
            "El archivo trae los nombres de las columnas, pero ninguna fila.",
            "Revisa el período que exportaste y súbelo de nuevo.",
        )
    columns = map_columns(headers, sample, connector, remembered(layout))
    reading = Reading(table, header.line, columns, connector, layout, notes=connector.notes if connector else ())
    _refuse_without(reading, only_months(headers, _cells(sample, len(headers))))
    return _conventions(reading, country)


_ANY_COST = ("costo", "coste", "custo", "cost")
"""Headers that may say a unit's cost or a line's."""


def map_columns(
    headers: tuple[str, ...], sample: pl.DataFrame, connector: Connector | None, remembered: Mapping[str, str]
) -> tuple[Column, ...]:
    """Each column's field: the owner's word first, then the known layout's, then name and content."""
    chosen: dict[int, tuple[str, Any]] = {}
    if connector:
        for i, header in enumerate(headers):
            found = connector.mapping.get(normal(header))
            if found and found not in {f for f, _ in chosen.values()}:
                chosen[i] = (found, "layout")
    if connector is None or connector.general:
        readable = {
            (i, kind): _fits(sample[f"c{i}"], kind) for i in range(len(headers)) for kind in ("number", "date", "clock")
        }
        fits = {(i, f): readable.get((i, BY_ID[f].holds), True) for i in range(len(headers)) for f in BY_ID}
        for i, header in enumerate(headers):  # 'Comprobante' may say the number of a sale, or that it is an invoice
            counts = _has_digits(sample[f"c{i}"])
            fits[i, "order"] = counts
            fits[i, "kind"] = not (counts and normal(header) in ("comprobante", "documento"))
        for field_id, i in by_name(headers, fits).items():
            if i not in chosen and field_id not in {f for f, _ in chosen.values()}:
                chosen[i] = (field_id, "name")
        chosen |= {i: (f, "name") for i, f in numbered(headers, {i: f for i, (f, _) in chosen.items()}).items()}
        cells = _cells(sample, len(headers))
        guessed = by_content(headers, cells, {i: field_id for i, (field_id, _) in chosen.items()})
        chosen |= {i: (field_id, "content") for i, field_id in guessed.items()}
        at = {field_id: i for i, (field_id, _) in chosen.items()}
        plain = "unit_cost" in at and "cost" not in at and normal(headers[at["unit_cost"]]) in _ANY_COST
        known = plain and {"product", "quantity"} <= at.keys()
        if known and costs_whole_lines(*(cells[at[f]] for f in ("product", "quantity", "unit_cost"))):
            chosen[at["unit_cost"]] = ("cost", "content")
    said = {normal(k): v for k, v in remembered.items()}
    for i, header in enumerate(headers):
        if normal(header) in said:
            field_id = said[normal(header)]
            for other in [k for k, (f, _) in chosen.items() if f == field_id and field_id]:
                del chosen[other]
            chosen[i] = (field_id, "remembered")
    return tuple(Column(i, header, *chosen.get(i, ("", None))) for i, header in enumerate(headers))


def _cells(sample: pl.DataFrame, width: int) -> list[pl.Series]:
    return sample.select(_cell(pl.col(name)).alias(name) for name in names(width)).get_columns()


def _has_digits(values: pl.Series) -> bool:
    """Whether most of a column's different cells hold a figure, as the numbers of sales do; so does an empty column."""
    cells = pl.DataFrame({"v": values}).select(_cell(pl.col("v"))).to_series().drop_nulls().unique()
    return cells.is_empty() or 2 * int(cells.str.contains(r"\d").sum() or 0) >= len(cells)


def _fits(values: pl.Series, kind: str) -> bool:
    """Whether most of a column's cells can be read as the field wants; an empty column fits."""
    cells = pl.DataFrame({"v": values}).select(_cell(pl.col("v"))).to_series().drop_nulls().unique()
    if cells.is_empty():
        return kind == "number"
    match kind:
        case "number":
            good = numbers.parse(without_percent(cells), ",").is_not_null().sum()
        case "date":
            # Rows of subtotals say so in the column of dates.
            cells = cells.filter(cells.str.contains(r"\d"))
            good = dates.parse(cells, "dmy")["day"].is_not_null().sum()
        case "clock":
            good = dates.parse_clock(cells).is_not_null().sum()
        case _:
            return True
    return good > 0 and good >= 0.5 * len(cells)


def _refuse_without(reading: Reading, months: str) -> None:
    fields, found = reading.fields, ", ".join(c.header for c in reading.columns if c.header)[:200]
    if "date" not in fields and months:
        raise Unmapped(
            "no_days",
            f"La columna «{months}» dice el mes, pero no el día de cada venta.",
            "Exporta el detalle con la fecha completa (día, mes y año): con el resumen por mes no puedo comparar "
            "semanas ni días, y no quiero inventar un día.",
            reading.layout,
            reading.as_json(),
        )
    if "date" not in fields:
        raise Unmapped(
            "no_dates",
            f"No encontré una columna con la fecha de cada venta (vi: {found}).",
            "Exporta el detalle de ventas con su fecha, o dime qué columna es la fecha.",
            reading.layout,
            reading.as_json(),
        )
    if not fields.keys() & {"total", "unit_price", "net"}:
        raise Unmapped(
            "no_amounts",
            f"No encontré una columna con montos de venta (vi: {found}).",
            "Exporta el detalle con el total o con precio y cantidad, o dime qué columna es el total.",
            reading.layout,
            reading.as_json(),
        )


def _conventions(reading: Reading, country: str) -> Reading:
    """Decide date order and decimal marks from every row of the file."""
    wanted = [f for f in reading.fields if f in BY_ID and BY_ID[f].holds == "number"]
    date_evidence, marks = dates.Evidence(), {f: numbers.Evidence() for f in wanted}
    clocks = "time" in reading.fields
    largest = 0.0
    for rows in reading.rows({"date", *wanted}):
        date_evidence += dates.evidence(rows["date"].unique())
        for f in wanted:
            cells = without_percent(rows[f].unique())
            marks[f] += numbers.evidence(cells)
            if f == "discount" and _PERCENT.search(reading.header_of(f)):
                largest = max(largest, float(numbers.parse(cells, ",").abs().max() or 0))  # type: ignore[arg-type]
    together = sum(marks.values(), numbers.Evidence()).mark
    default: numbers.Mark = "." if country in ("US", "MX", "PE") else ","
    order = date_evidence.order or ("mdy" if country == "US" else "dmy")
    return replace(
        reading, order=order, timed=clocks or date_evidence.timed > 0,
        marks={f: e.mark or together or default for f, e in marks.items()},
        notes=(*reading.notes, *_date_notes(date_evidence, order)),
        percent=0 if not _PERCENT.search(reading.header_of("discount")) else 1 if largest <= 1 else 100,
    )  # fmt: skip


def _date_notes(seen: dates.Evidence, order: dates.Order) -> tuple[str, ...]:
    said, example = ("día/mes", "3 de abril") if order == "dmy" else ("mes/día", "4 de marzo")
    other = "mes/día" if order == "dmy" else "día/mes"
    if seen.either and seen.order is None:
        return (
            f"Las fechas se pueden leer de dos maneras: las leí como {said} (03/04 es el {example}). Si es al revés, "
            "deshaz esta carga y sube el archivo con el año primero (2025-04-03).",
        )
    if seen.day_first and seen.month_first:
        return (
            f"Hay fechas escritas de dos maneras: leí las dudosas como {said}, y como {other} las que no pueden ser otra cosa.",  # noqa: E501
        )
    return ()


def without_percent(cells: pl.Series) -> pl.Series:
    return cells.str.replace(r"\s*%\s*$", "")


def _labelled(rows: pl.DataFrame, batch: pl.DataFrame, width: int) -> pl.DataFrame:
    """Gives rows without a date their first cell as `label`, and drops those with no cell at all."""
    undated = rows.select("date", LINE).filter(pl.col("date").is_null())[LINE]
    if undated.is_empty():
        return rows.with_columns(pl.lit(None, pl.String).alias("label"))
    cells = [_cell(pl.col(c)) for c in names(width)]
    labels = batch.filter(pl.col(LINE).is_in(undated.implode())).select(LINE, pl.coalesce(cells).alias("label"))
    rows = rows.join(labels, on=LINE, how="left", maintain_order="left")
    return rows.filter(pl.col("date").is_not_null() | pl.col("label").is_not_null() | pl.col("beyond"))


def _cell(column: pl.Expr) -> pl.Expr:
    text = column.str.strip_chars(" \t\r\n\u00a0\ufeff")
    return pl.when(text == "").then(None).otherwise(text)
