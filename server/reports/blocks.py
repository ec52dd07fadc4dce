"""A report's blocks, filled: each its table, chart or text, or a sentence on why it can't be."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import features
from core.db import Connection
from core.errors import AyniError, BadInput
from core.money import number
from core.periods import label
from core.tenancy import Company, Scope
from features.format import NOTHING, written
from server.reports import nested, text
from server.reports.spec import Block, Spec
from server.views import address, charts, tables
from server.views.paper import shown
from server.views.view import Cell, Chart, Table, View

MOST_SHOWN = 200
"""Rows of a table that a page carries; the files carry all."""

NAMES = {
    Chart.table: "Tabla",
    Chart.line: "Línea",
    Chart.bar: "Barras",
    Chart.pie: "Torta",
    Chart.scatter: "Dispersión",
    Chart.heatmap: "Mapa de calor",
    Chart.kpi: "Cifra",
    Chart.text: "Texto",
}
UNFIT = {
    Chart.line: "Lo muestro como {}: para una línea pon un tiempo (mes, semana, día) en filas.",
    Chart.bar: "Lo muestro como {}: para barras pon algo en filas.",
    Chart.pie: "Lo muestro como {}: para una torta pon una sola dimensión, en filas.",
    Chart.scatter: "Lo muestro como {}: para una dispersión pon dos medidas y una dimensión en filas.",
    Chart.heatmap: "Lo muestro como {}: para un mapa de calor pon algo en filas y algo en columnas.",
    Chart.kpi: "Lo muestro como {}: una cifra no lleva filas ni columnas.",
}
"""What a chart needs, where it can't be drawn with the fields it has."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One big value, and how it changed ('+7,8 % contra septiembre 2026'; tone good, bad or neutral)."""

    name: str
    value: str
    change: str
    tone: str


@dataclass(frozen=True, slots=True)
class Filled:
    """`chart` is how it is drawn, which may differ from what was asked; `problem` says why it can't be, and then there
    is nothing else. `heads` and `cells` are the table's, written; `explore` is where one can look further."""

    block: Block
    title: str
    chart: Chart
    period: str = ""
    problem: str = ""
    table: Table | None = None
    heads: tuple[str, ...] = ()
    cells: tuple[tuple[str, ...], ...] = ()
    cut: str = ""
    spec: dict[str, Any] | None = None
    figures: tuple[Figure, ...] = ()
    pieces: tuple[text.Piece, ...] = ()
    notes: tuple[str, ...] = ()
    explore: str = ""


def today(scope: Scope) -> date:
    """The company's own."""
    return scope.company.day_of(datetime.now(UTC))


def fill(spec: Spec, on: date, scope: Scope, connection: Connection) -> list[Filled]:
    """All blocks, as they are on the day `on`."""
    return [filled(block, spec, on, scope, connection) for block in spec.blocks]


def filled(block: Block, spec: Spec, on: date, scope: Scope, connection: Connection) -> Filled:
    """One block. Never fails for what somebody put in it: its `problem` tells."""
    if block.chart is Chart.text:
        return Filled(block, block.title, Chart.text, pieces=text.parse(block.text))
    try:
        if not block.metrics:
            raise BadInput("metric", "A este bloque le falta una medida.", "Ponle una, por ejemplo ventas.")
        view = spec.view(block, on)
        if block.within:
            return _nested(block, view, scope, connection)
        table = tables.table(view, scope, connection)
    except AyniError as problem:
        return Filled(block, block.title, block.chart, problem=problem.spanish)
    if not table.rows:
        return _empty(block, view, table)
    return _drawn(block, view, table, scope.company)


def _empty(block: Block, view: View, table: Table) -> Filled:
    said = table.notes[0] if table.notes else "En este período no hay nada que mostrar."
    return Filled(block, block.title or table.title, block.chart, label(view.period), problem=said)


def _nested(block: Block, view: View, scope: Scope, connection: Connection) -> Filled:
    """Rows within rows: the table has both with their subtotals; a chart shows what it can of them, and says so."""
    if not view.rows:
        raise BadInput("rows", "Falta el primer campo de las filas.", "Ponlo en Filas.")
    table = nested.table(view, block.within, scope, connection)
    if not table.rows:
        return _empty(block, view, table)
    flat, told = nested.drawn(view, block.within)
    drawn = None
    if charts.fitting(flat) is not Chart.table:
        drawn = _drawn(block, flat, tables.table(flat, scope, connection), scope.company)
    if drawn is None or drawn.spec is None:
        return _told(block, view, flat, table, Chart.table, scope.company)
    return replace(
        _told(block, view, flat, table, drawn.chart, scope.company),
        spec=drawn.spec,
        notes=tuple(dict.fromkeys((told, *(n for n in drawn.notes if n.startswith("Lo muestro")), *table.notes))),
    )


def _drawn(block: Block, view: View, table: Table, company: Company) -> Filled:
    drawn = charts.fitting(view)
    spec = None if drawn in (Chart.kpi, Chart.table) else charts.spec(table, view, company)
    spec = spec and {k: v for k, v in spec.items() if k != "params"}  # a report is read: nothing is selected in it
    note = charts.note(table, view) if spec else ""
    instead = "" if drawn is view.chart else UNFIT[view.chart].format(NAMES[drawn].lower())
    filled = _told(block, view, view, table, drawn, company)
    notes = tuple(n for n in (instead, *table.notes, note) if n)
    return replace(filled, spec=spec, figures=figures(table, company) if drawn is Chart.kpi else (), notes=notes)


def _told(block: Block, view: View, further: View, table: Table, drawn: Chart, company: Company) -> Filled:
    """The table written out; `further` is what can be looked at in Explorar."""
    read = nested.merged(table)
    rows = [*read.rows[:MOST_SHOWN], *([read.total] if read.total else [])]
    cut = f"Aquí van {MOST_SHOWN} de {number(len(table.rows))} filas; el Excel las trae todas."
    return Filled(
        block,
        block.title or table.title,
        drawn,
        label(view.period),
        table=table,
        heads=tuple(c.name for c in read.columns),
        cells=tuple(tuple(shown(c, k, company) for c, k in zip(row, read.columns, strict=True)) for row in rows),
        cut=cut if len(table.rows) > MOST_SHOWN else "",
        notes=table.notes,
        explore=f"/explorar?{address.encode(further)}",
    )


def figures(table: Table, company: Company) -> tuple[Figure, ...]:
    """The values of a table of one row, each with its change. Pure."""
    row = table.rows[0]
    found = []
    for at, column in enumerate(table.columns):
        value = row[at]
        if column.kind != "value" or column.before or column.unit is None:
            continue
        said = written(value, column.unit, company) if isinstance(value, Decimal) else NOTHING
        change, tone = _change(table, row, at, company)
        found.append(Figure(column.name, said, change, tone))
    return tuple(found)


def _change(table: Table, row: tuple[Cell, ...], at: int, company: Company) -> tuple[str, str]:
    after = table.columns[at + 1 : at + 3]
    if len(after) < 2 or not after[0].before or after[1].kind != "change":
        return "", ""
    now, before, change = row[at : at + 3]
    metric = features.metric(after[0].metric)
    told = features.change(_decimal(now), _decimal(before), metric)
    if told is None or not isinstance(change, Decimal):
        return "", ""
    than = after[0].name.removeprefix(f"{table.columns[at].name}, ")
    return f"{shown(change, after[1], company)} contra {than}", told.verdict


def _decimal(cell: Cell) -> Decimal | None:
    return cell if isinstance(cell, Decimal) else None


def period_words(spec: Spec, on: date) -> str:
    """'octubre 2026'; '' where its range lacks a day."""
    try:
        return label(spec.period(on))
    except BadInput:
        return ""
