"""Which lines a question reads, and under which names they count: the pieces that statements are made of. Pure.

Identifiers and expressions come from the catalog only; members, dates and ids travel as parameters.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from psycopg.sql import SQL, Composable, Identifier, Literal

from core.periods import Grain, Period
from features.catalog.registry import DIMENSION_BY_ID
from features.catalog.types import Dimension
from features.mart import Mart
from features.query import Filter

_UNIT = {g: SQL(g.value) for g in Grain}


@dataclass(frozen=True, slots=True)
class Shape:
    """What the cells are: whose, which days, cut how, split by what, of which lines."""

    company_id: UUID
    period: Period
    grain: Grain | None = None
    dimension: Dimension | None = None
    filters: tuple[Filter, ...] = ()
    source: str | Mart = "fact_sales"
    """Where the period's lines are read: the facts, a copy of them with the same columns, or lines merged."""
    across: Dimension | None = None
    lines: Mart | None = None
    """Where lines are counted and summed, if not in `source`: merged further, as no customer has to be known."""
    few: bool = False
    """Whether the members of `dimension` fit as bits into one number (`MOST_BITS`)."""

    @property
    def of_lines(self) -> "Shape":
        """The same cells, of lines of which it doesn't matter who bought."""
        return replace(self, source=self.lines) if self.lines else self


MOST_BITS = 62
"""Of a bigint: how many names, that of lines without a member among them, can be told apart in it."""


def member_of(dimension: Dimension | None) -> Composable:
    """The member's name of a line `f`; '' where nothing is split."""
    if dimension is None:
        return SQL("''::text")
    return SQL("coalesce({sql}, '{unknown}')").format(sql=SQL(dimension.sql), unknown=SQL(dimension.unknown))


def join_of(dimension: Dimension | None) -> Composable:
    """The join that `dimension.sql` needs."""
    if dimension is None or not dimension.table:
        return SQL("")
    return SQL(" LEFT JOIN {table} d ON d.company_id = f.company_id AND d.id = f.{column}").format(
        table=Identifier(dimension.table), column=Identifier(dimension.column)
    )


def keys(shape: Shape, of: str = "") -> Composable:
    """The columns that name a cell; `of` a table's alias."""
    names = ("span", "member", "across") if shape.across else ("span", "member")
    return SQL(", ").join(SQL(f"{of}.{name}" if of else name) for name in names)


def named(shape: Shape) -> Composable:
    """The line's member, and that of the second dimension where there is one."""
    if shape.across is None:
        return SQL("{member} AS member").format(member=member_of(shape.dimension))
    second = member_of(shape.across)
    if shape.across.table:
        second = SQL("coalesce(e.name, '{unknown}')").format(unknown=SQL(shape.across.unknown))
    return SQL("{member} AS member, {second} AS across").format(member=member_of(shape.dimension), second=second)


def joins_of(shape: Shape) -> Composable:
    """The joins that the members' names need; the second dimension's are named before, as both may be of one table."""
    if shape.across is None or not shape.across.table:
        return join_of(shape.dimension)
    return SQL(
        "{first} LEFT JOIN (SELECT d.id, {sql} AS name FROM {table} d WHERE d.company_id = %(company)s) e"
        " ON e.id = f.{column}"
    ).format(
        first=join_of(shape.dimension),
        sql=SQL(shape.across.sql),
        table=Identifier(shape.across.table),
        column=Identifier(shape.across.column),
    )


def condition(filters: Sequence[Filter]) -> Composable:
    """' AND …' for each filter; its members are the parameters member0, member1 …"""
    return SQL("").join(_condition(DIMENSION_BY_ID[f.dimension], f.exclude, i) for i, f in enumerate(filters))


def members_of(filters: Sequence[Filter]) -> dict[str, Any]:
    """The parameters that `condition` refers to."""
    return {f"member{i}": list(f.members) for i, f in enumerate(filters)}


def _condition(dimension: Dimension, exclude: bool, index: int) -> Composable:
    wanted = SQL("%(member{i})s::text[]").format(i=SQL(str(index)))
    if dimension.table:
        # By id, found once among the few members, and not by name on every line.
        inside = SQL(
            "((f.{column} IS NOT NULL AND f.{column} IN (SELECT d.id FROM {table} d WHERE d.company_id = %(company)s"
            " AND coalesce({sql}, '{unknown}') = ANY({wanted})))"
            " OR (f.{column} IS NULL AND '{unknown}' = ANY({wanted})))"
        ).format(
            column=Identifier(dimension.column),
            table=Identifier(dimension.table),
            sql=SQL(dimension.sql),
            unknown=SQL(dimension.unknown),
            wanted=wanted,
        )
    else:
        inside = SQL("{member} = ANY({wanted})").format(member=member_of(dimension), wanted=wanted)
    return SQL(" AND NOT {x}" if exclude else " AND {x}").format(x=inside)


def span_of(grain: Grain | None) -> Composable:
    """The first day of a line's span, cut to the period (and, for what came before the period, its start)."""
    if grain is None:
        return SQL("%(start)s::date")
    if grain is Grain.day:
        return SQL("greatest(f.sold_on, %(start)s::date)")
    return SQL("greatest(date_trunc('{unit}', f.sold_on::timestamp)::date, %(start)s::date)").format(unit=_UNIT[grain])


def table_of(shape: Shape, history: bool = False) -> Composable:
    """The table of lines `f`; `history`: all days, not the period's alone."""
    if isinstance(shape.source, Mart):
        return SQL("sales_mart f")
    return SQL("{table} f").format(table=Identifier("fact_sales" if history else shape.source))


def mine(shape: Shape) -> Composable:
    """Which rows of that table are the company's (and the mart's)."""
    if isinstance(shape.source, Mart):
        return SQL("f.company_id = %(company)s AND f.mart = {id}").format(id=Literal(shape.source.id))
    return SQL("f.company_id = %(company)s")
