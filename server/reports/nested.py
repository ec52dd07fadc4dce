"""Rows within rows: 'sucursal › categoría'. Every value, subtotal and total is asked of `features.run` by itself, so
that a subtotal is right also where its parts don't add up to it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import features
from core.db import Connection
from core.errors import BadInput
from core.language import join
from core.periods import Grain, Period, label
from core.tenancy import Scope
from features.catalog.types import Metric
from features.query import Filter
from server.reports.together import Together, fits
from server.views import tables
from server.views.drawing import MOST_SERIES
from server.views.view import Cell, Chart, Column, Compare, Table, View
from server.views.words import is_grain, split_name

MOST_GROUPS = 60
MOST_GROUPS_APART = 24
MOST_GROUPS_SPLIT = 12
"""Each group is a table of its own: of members that can't be asked for together, or that columns split too, it takes
questions of its own."""
MOST_WITHIN = 100
"""Rows of a group, where nobody said how many."""
WITHIN = "within"
INDENT = "\u00a0" * 3
"""Not broken from its name where a phone's column is narrow."""


def table(view: View, within: str, scope: Scope, connection: Connection) -> Table:
    """The table of `view` with each of its rows told by `within` too: first the row itself, then its parts. The view's
    limit holds for the parts of each. BadInput where the fields don't go together."""
    _check(view, within)
    most = min(view.limit or MOST_WITHIN, MOST_WITHIN)
    at_once = fits(view, within, scope, connection)
    whole = tables.table(replace(view, limit=_groups(view, at_once)), scope, connection)
    if not whole.rows:
        return whole
    across = None if not view.columns or is_grain(view.columns) else _across(whole)
    names = tuple(str(row[0]) for row in whole.rows)
    all_of_them = Together(view, within, names, scope, connection) if at_once else None
    found = [
        (row, tables.table(part, scope, connection, across, all_of_them.of(name) if all_of_them else None))
        for row, name, part in zip(whole.rows, names, _parts(view, within, most, whole), strict=True)
    ]
    columns = max((whole, *(t for _, t in found)), key=lambda t: len(t.columns)).columns
    lines: list[tuple[Cell, ...]] = []
    places: list[int] = []
    for row, part in found:
        places.append(len(lines))
        lines.append((row[0], "Total", *_beside(part, part.total or (), columns, whole, row)))
        lines += [(row[0], inner[0], *_beside(part, inner, columns)) for inner in part.rows]
    total = None
    if whole.total is not None:
        total = ("Total", "", *_beside(whole, whole.total, columns))
    metrics = _metrics(whole, scope, connection)
    notes = [*whole.notes]
    if any(len(part.rows) >= most for _, part in found):
        notes.append(f"Dentro de cada {split_name(view.rows)} van hasta {most} filas; el subtotal es de todas.")
    notes += _unadded(metrics)
    return Table(
        _title(whole.title, metrics, view.rows, within),
        (whole.columns[0], _head(within), *_named(columns[1:], view)),
        tuple(lines),
        total,
        tuple(notes),
        tuple(places),
    )


def drawn(view: View, within: str) -> tuple[View, str]:
    """The view that a chart shows of rows within rows, and a sentence on what that is. Pure."""
    outer, inner = split_name(view.rows), split_name(within)
    if is_grain(view.rows) and is_grain(within):
        finer = max(view.rows, within, key=lambda s: -list(Grain).index(Grain(s)))
        return replace(view, rows=finer, limit=None), f"El gráfico va por {split_name(finer)}; la tabla, por los dos."
    if view.columns or view.chart in (Chart.pie, Chart.scatter):
        return replace(view, limit=None), f"El gráfico va solo por {outer}; la tabla trae también {inner}."
    told = f"El gráfico va por {outer} y dentro de cada una separa por {inner}"
    if not is_grain(within) and view.chart in (Chart.bar, Chart.line):
        told += f" (hasta {MOST_SERIES})"
    return replace(view, columns=within, limit=None, compare=Compare.none), f"{told}; la tabla lo trae todo."


def merged(table: Table) -> Table:
    """The same as people read it: one column for both, the parts set in under their whole. Pure."""
    if not table.groups:
        return table
    first, second = table.columns[:2]
    one = Column(first.key, f"{first.name} › {second.name.lower()}", "text")
    rows = tuple(
        (_text(row[0]) if at in table.groups else INDENT + _text(row[1]), *row[2:]) for at, row in enumerate(table.rows)
    )
    total = (table.total[0], *table.total[2:]) if table.total else None
    return replace(table, columns=(one, *table.columns[2:]), rows=rows, total=total)


def _check(view: View, within: str) -> None:
    if not is_grain(within):
        features.dimension(within)
    if within in (view.rows, view.columns):
        raise BadInput("rows", f"«{split_name(within)}» está dos veces en este bloque.", "Quita una de las dos.")
    if is_grain(view.columns) and (is_grain(view.rows) or is_grain(within)):
        raise BadInput("columns", "Filas y columnas no pueden ser las dos de tiempo.", "Cambia una de las dos.")


def _groups(view: View, at_once: bool) -> int:
    """How many groups there may be. Pure."""
    if view.columns and not is_grain(view.columns):
        return MOST_GROUPS_SPLIT
    return MOST_GROUPS if at_once or (is_grain(view.rows) and not view.columns) else MOST_GROUPS_APART


def _parts(view: View, within: str, most: int, whole: Table) -> Iterator[View]:
    """A view for each row of the whole."""
    for row in whole.rows:
        member = row[0]
        if isinstance(member, Period):
            yield replace(view, rows=within, period=member, limit=most)
        else:
            only = Filter(view.rows, (str(member),))
            yield replace(view, rows=within, filters=(*view.filters, only), limit=most)


def _across(whole: Table) -> list[str | Period]:
    return [m for m in dict.fromkeys(c.member for c in whole.columns if c.kind == "value") if m != ""]


def _beside(
    part: Table,
    row: Sequence[Cell],
    columns: Sequence[Column],
    otherwise: Table | None = None,
    instead: Sequence[Cell] = (),
) -> Iterator[Cell]:
    """The row's cells under `columns`, which may be more than its own table has; those of `instead` where it has none
    at all."""
    told, cells = (part, row) if row or otherwise is None else (otherwise, instead)
    at = {c.key: cell for c, cell in zip(told.columns, cells, strict=True)}
    return (at.get(c.key) for c in columns[1:])


def _metrics(whole: Table, scope: Scope, connection: Connection) -> list[Metric]:
    ids = dict.fromkeys(c.metric for c in whole.columns if c.metric)
    return [features.metric_of(id, scope, connection) for id in ids]


def _unadded(metrics: Sequence[Metric]) -> list[str]:
    names = [m.name for m in metrics if not m.additive]
    if not names:
        return []
    return [f"Subtotales y total de {join(names)} salen de todas las ventas juntas: no son la suma de sus filas."]


def _title(title: str, metrics: Sequence[Metric], rows: str, within: str) -> str:
    """'Ventas por sucursal y canal, octubre 2026' as 'Ventas por sucursal › categoría y canal, octubre 2026'."""
    at = len(f"{join([m.name for m in metrics])} por {split_name(rows)}")
    return f"{title[:at]} › {split_name(within)}{title[at:]}"


def _head(within: str) -> Column:
    name = split_name(within)
    return Column(WITHIN, name[:1].upper() + name[1:], "period" if is_grain(within) else "text")


def _named(columns: Sequence[Column], view: View) -> Iterator[Column]:
    """Where each row is a span with one of its own before it, no date names what it is compared with."""
    name = ""
    for column in columns:
        if column.kind == "value" and not column.before:
            name = column.name
        yield replace(column, name=f"{name}, antes") if column.before and is_grain(view.rows) else column


def _text(cell: Cell) -> str:
    return label(cell) if isinstance(cell, Period) else str(cell or "")
