"""What a chart is drawn of: a table's values as points, and how they are named and written. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import features
from assistant.answers.charts import SCHEMA, value_axis
from core.periods import MONTHS, Grain, Period, label
from core.tenancy import Company
from features.catalog.types import Metric, Unit
from features.format import written
from server.views.view import Cell, Column, Table, View
from server.views.words import is_grain


@dataclass(frozen=True, slots=True)
class Point:
    """One cell of the table: `at` the row, `of` the column's member, `before` whether it is the one compared with."""

    at: str | Period
    of: str | Period
    column: Column
    value: Decimal | None
    href: str | None


class Canvas:
    """What is drawn: the points, and how their figures are written."""

    def __init__(self, view: View, company: Company, points: list[Point], table: Table) -> None:
        self.view, self.company, self.table = view, company, table
        first = next(c for c in table.columns if c.kind == "value")
        self.metric = features.metric(first.metric)
        self.points = points
        self.same = [p for p in points if p.column.unit is self.metric.unit]
        self.grain = next((Grain(s) for s in (view.rows, view.columns) if is_grain(s)), None)

    @property
    def title(self) -> str:
        return self.metric.name

    def one(self) -> list[Point]:
        """The points of the first metric, without those compared with."""
        return [p for p in self.points if p.column.metric == self.metric.id and not p.column.before]

    def row(self, point: Point, series: str = "") -> dict[str, Any]:
        """A row of data; what it is called stands in full beside its short name."""
        row: dict[str, Any] = {
            "name": short(point.at),
            "full": point.at if isinstance(point.at, str) else label(point.at),
            "value": None if point.value is None else float(point.value),
            "shown": self.shown(point.column, point.value),
        }
        if isinstance(point.at, Period):
            # A bare day would be midnight in London, which is the evening before here.
            row["at"] = f"{point.at.start}T00:00:00"
        if series:
            row["series"] = series
        if point.href:
            row["href"] = point.href
        return row

    def shown(self, column: Column, value: Decimal | None) -> str:
        if value is None or column.unit is None:
            return features.shown(self.metric, None, self.company)
        return written(value, column.unit, self.company)

    def frame(self, rows: list[dict[str, Any]], height: int = 260) -> dict[str, Any]:
        return {"$schema": SCHEMA, "height": height, "data": {"values": rows}}

    def axis(self, metric: Metric | None = None) -> dict[str, Any]:
        return value_axis(self.unit(metric or self.metric))

    def unit(self, metric: Metric) -> str:
        return self.company.currency if metric.unit is Unit.money else metric.unit.value

    def tooltip(self, *more: dict[str, Any], title: str = "") -> list[dict[str, Any]]:
        name = {"field": "full", "type": "nominal", "title": " "}
        return [name, *more, {"field": "shown", "type": "nominal", "title": title or self.title}]


def short(member: str | Period) -> str:
    """How a span is called under an axis: 'oct 26', '3-oct', 'T3 26'."""
    if isinstance(member, str):
        return member
    day = member.start
    month = MONTHS[day.month - 1][:3]
    match member.grain:
        case Grain.month:
            return f"{month} {day:%y}"
        case Grain.quarter:
            return f"T{(day.month + 2) // 3} {day:%y}"
        case Grain.year:
            return str(day.year)
    return f"{day.day}-{month} {day:%y}"


def points_of(table: Table, links: Sequence[str | None]) -> list[Point]:
    """Every value of the table; without rows, the columns' members stand in their place."""
    values = [(i, c) for i, c in enumerate(table.columns) if c.kind == "value"]
    split = any(c.member != "" for _, c in values)
    points: list[Point] = []
    for n, row in enumerate(table.rows):
        href = links[n] if n < len(links) else None
        for i, column in values:
            if split and column.member == "":
                continue  # the total beside its parts
            at, of = _name(row[0]), column.member
            if split and not table.total:
                at, of = of, ""
            points.append(Point(at, of, column, decimal(row[i]), href))
    return points


def _name(cell: Cell) -> str | Period:
    return cell if isinstance(cell, str | Period) else ""


def decimal(cell: Cell) -> Decimal | None:
    return cell if isinstance(cell, Decimal) else None
