"""What a view shows, and the table that comes of it. Pure."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from core.periods import Period
from features.catalog.types import Unit
from features.query import Filter


class Compare(StrEnum):
    """What each value is set against."""

    none = "none"
    previous = "previous"
    year = "year"


class Chart(StrEnum):
    """How the table is drawn."""

    table = "table"
    line = "line"
    bar = "bar"
    pie = "pie"
    scatter = "scatter"
    heatmap = "heatmap"
    kpi = "kpi"
    text = "text"


@dataclass(frozen=True, slots=True)
class View:
    """`rows` and `columns` each name a dimension ('branch') or a grain ('month'), '' for none; every filter must hold.
    `order` sorts rows by the first metric; `limit` keeps the first ones."""

    metrics: tuple[str, ...]
    period: Period
    rows: str = ""
    columns: str = ""
    filters: tuple[Filter, ...] = ()
    compare: Compare = Compare.none
    chart: Chart = Chart.bar
    order: str = ""
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: `kind` is 'text', 'period', 'value' (in `unit`) or 'change' (a ratio; of a metric that is a
    ratio itself, `unit` ratio, the difference, shown as points).

    `metric` is whose values it has, `before` whether they are those compared with, `member` the column's own member or
    span where the table is split across too ('' is its total over them)."""

    key: str
    name: str
    kind: str
    unit: Unit | None = None
    metric: str = ""
    before: bool = False
    member: str | Period = ""


Cell = str | Period | Decimal | None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells by column, unrounded; `total` is the whole, by the metrics' own definitions; `notes` say in Spanish
    what was cut or cannot be told; `groups` are the places of rows that are the whole of those which follow them."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] | None = None
    notes: tuple[str, ...] = ()
    groups: tuple[int, ...] = ()
