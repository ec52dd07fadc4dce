"""The one SQL statement of a query, built from the declarations. Pure: text and parameters in, no database.

Identifiers and expressions come from the catalog only; members, dates and ids travel as parameters. Every line falls in
one cell: a span and a member, and a member of the second dimension (`across`) where one is asked for. Each `Over` of
the metrics asked is one more set of rows per cell:

    f     lines of the period                       -> by_lines, and how many bought (by_customers)
    b     who bought, per cell                      -> by_buyers, with the day of their first purchase ever
    r     who bought in the span before             -> by_loyalty (same filters, same member)
    v     what those who bought have bought so far  -> by_lifetimes (same filters, same member)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg.sql import SQL, Composable, Composed, Identifier, Literal

from core.periods import Grain, Period
from features.catalog.registry import DIMENSION_BY_ID
from features.catalog.types import Dimension, Metric, Over
from features.mart import FIRSTS, Mart
from features.query import Filter

CUSTOMERS = "{customers}"
_UNIT = {g: SQL(g.value) for g in Grain}


@dataclass(frozen=True, slots=True)
class Statement:
    """`text` yields rows (span, member, all lines, then value and lines behind it per metric), and at the end the
    member of the second dimension where there is one."""

    text: Composed
    parameters: dict[str, Any]


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


def build(metrics: Sequence[Metric], shape: Shape, order: str | None = None, limit: int | None = None) -> Statement:
    """The statement for `metrics`; `order` and `limit` rank members by the first one, ties by name."""
    overs = {m.over for m in metrics}
    parameters = _parameters(shape, Over.loyalty in overs)
    counted = any(_of_customers(m) for m in metrics)
    parts = [_lines(shape, alone=overs == {Over.lines}), _by(Over.lines, metrics, shape)]
    if counted:
        parts.append(_customers(shape))
    if overs - {Over.lines}:
        parts.append(_buyers(shape))
    if Over.buyers in overs:
        parts += [_firsts(shape), _by(Over.buyers, metrics, shape)]
    if Over.loyalty in overs:
        parts += [_loyalty(shape), _by(Over.loyalty, metrics, shape)]
    if Over.lifetimes in overs:
        parts += [_lifetimes(shape), _by(Over.lifetimes, metrics, shape)]
    others = [o for o in Over if o in overs and o is not Over.lines]
    joins = [SQL(" LEFT JOIN by_customers USING ({keys})").format(keys=_keys(shape))] if counted else []
    joins += [SQL(" FULL JOIN by_{o} USING ({keys})").format(o=SQL(o.value), keys=_keys(shape)) for o in others]
    text = SQL(
        "WITH {ctes} SELECT span, member, coalesce(n, 0) AS n, {values}{across} FROM by_lines{joins} ORDER BY {order}"
    ).format(
        ctes=SQL(",\n").join(parts),
        values=SQL(", ").join(_value(m, i) for i, m in enumerate(metrics)),
        across=SQL(", across" if shape.across else ""),
        joins=SQL("").join(joins),
        order=_order(order),
    )
    if limit is not None:
        text = Composed([text, SQL(" LIMIT %(limit)s")])
        parameters["limit"] = limit
    return Statement(text, parameters)


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


def _keys(shape: Shape, of: str = "") -> Composable:
    """The columns that name a cell; `of` a table's alias."""
    names = ("span", "member", "across") if shape.across else ("span", "member")
    return SQL(", ").join(SQL(f"{of}.{name}" if of else name) for name in names)


def _members(shape: Shape) -> Composable:
    """The line's member, and that of the second dimension where there is one."""
    if shape.across is None:
        return SQL("{member} AS member").format(member=member_of(shape.dimension))
    second = member_of(shape.across)
    if shape.across.table:
        second = SQL("coalesce(e.name, '{unknown}')").format(unknown=SQL(shape.across.unknown))
    return SQL("{member} AS member, {second} AS across").format(member=member_of(shape.dimension), second=second)


def _joins(shape: Shape) -> Composable:
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


def _parameters(shape: Shape, loyalty: bool) -> dict[str, Any]:
    found: dict[str, Any] = {
        "company": shape.company_id,
        "start": shape.period.start,
        "end": shape.period.end,
        "first": shape.source.unit.first_day(shape.period.start)
        if isinstance(shape.source, Mart)
        else shape.period.start,
        **members_of(shape.filters),
    }
    if loyalty:
        spans = list(shape.period.spans(shape.grain)) if shape.grain else [shape.period]
        before = [s.previous() for s in spans]
        found |= {
            "spans": [s.start for s in spans],
            "from": [p.start for p in before],
            "until": [p.end for p in before],
        }
    return found


def _span(grain: Grain | None) -> Composable:
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


def _of_customers(metric: Metric) -> bool:
    return metric.per_customer or metric.sql == CUSTOMERS


def _customers(shape: Shape) -> Composable:
    """How many bought, by cell: who they are is found by hashing, which takes half of sorting them."""
    return SQL(
        "by_customers AS (SELECT {keys}, count(*) AS customers FROM (SELECT {keys}, customer_id FROM f"
        " WHERE kind = 'sale' AND customer_id IS NOT NULL GROUP BY {keys}, customer_id) x GROUP BY {keys})"
    ).format(keys=_keys(shape))


def _lines(shape: Shape, alone: bool) -> Composable:
    """`alone`: no rows but the lines themselves are made of them, so that each reader takes the columns it needs."""
    return SQL(
        "f AS {how} (SELECT {span} AS span, {members}, f.kind, f.{orders}, f.customer_id, f.quantity, f.total,"
        " f.cost, f.discount FROM {source}{join}"
        " WHERE {mine} AND f.sold_on BETWEEN %(first)s AND %(end)s{filters})"
    ).format(
        span=_span(shape.grain),
        how=SQL("NOT MATERIALIZED" if alone else ""),
        members=_members(shape),
        orders=SQL("lines, f.orders" if isinstance(shape.source, Mart) else "order_ref"),
        source=table_of(shape),
        join=_joins(shape),
        mine=mine(shape),
        filters=condition(shape.filters),
    )


def _buyers(shape: Shape) -> Composable:
    return SQL(
        "b AS MATERIALIZED (SELECT {keys}, customer_id, {orders} AS orders"
        " FROM f WHERE kind = 'sale' AND customer_id IS NOT NULL GROUP BY {keys}, customer_id)"
    ).format(keys=_keys(shape), orders=_orders("", isinstance(shape.source, Mart)))


def _firsts(shape: Shape) -> Composable:
    # Few customers are looked up in the facts' index one by one; where lines are merged, what is kept is read once.
    found = (
        SQL(
            "SELECT customer_id, min(first_on) AS first_on FROM sales_mart WHERE company_id = %(company)s"
            " AND mart = {id} AND kind = 'sale' AND customer_id IS NOT NULL GROUP BY 1"
        ).format(id=Literal(FIRSTS))
        if isinstance(shape.source, Mart)
        else SQL(
            "SELECT customer_id, (SELECT min(h.sold_on) FROM fact_sales h WHERE h.company_id = %(company)s"
            " AND h.customer_id = who.customer_id AND h.kind = 'sale') AS first_on"
            " FROM (SELECT DISTINCT customer_id FROM b) who"
        )
    )
    return SQL(
        "firsts AS ({found}),\nc AS (SELECT b.*, firsts.first_on FROM b JOIN firsts USING (customer_id))"
    ).format(found=found)


def _loyalty(shape: Shape) -> Composable:
    return SQL(
        "before AS (SELECT DISTINCT s.span, {members}, f.customer_id"
        " FROM unnest(%(spans)s::date[], %(from)s::date[], %(until)s::date[]) AS s (span, first, last)"
        " JOIN {source} ON {mine} AND f.sold_on BETWEEN s.first AND s.last{join}"
        " WHERE f.kind = 'sale' AND f.customer_id IS NOT NULL{filters}),\n"
        "r AS (SELECT before.*, b.customer_id IS NOT NULL AS stayed FROM before"
        " LEFT JOIN b USING ({keys}, customer_id))"
    ).format(
        keys=_keys(shape),
        members=_members(shape),
        source=table_of(shape, history=True),
        mine=mine(shape),
        join=_joins(shape),
        filters=condition(shape.filters),
    )


def _lifetimes(shape: Shape) -> Composable:
    return SQL(
        "bought AS (SELECT {keys}, customer_id, sum(total) AS total FROM (SELECT {span} AS span, {members},"
        " f.customer_id, f.total FROM {source}{join} WHERE {mine} AND f.sold_on <= %(end)s"
        " AND f.customer_id IS NOT NULL{filters}) x GROUP BY {keys}, customer_id),\n"
        "so_far AS (SELECT {keys}, customer_id,"
        " sum(total) OVER (PARTITION BY member{across}, customer_id ORDER BY span) AS total FROM bought),\n"
        "v AS (SELECT {keys}, so_far.total FROM b JOIN so_far USING ({keys}, customer_id))"
    ).format(
        keys=_keys(shape),
        across=SQL(", across" if shape.across else ""),
        span=_span(shape.grain),
        members=_members(shape),
        source=table_of(shape, history=True),
        mine=mine(shape),
        join=_joins(shape),
        filters=condition(shape.filters),
    )


_ALIAS = {Over.lines: "f", Over.buyers: "c", Over.loyalty: "r", Over.lifetimes: "v"}


def _by(over: Over, metrics: Sequence[Metric], shape: Shape) -> Composable:
    """One row a cell with the metrics of `over`, numbered by their place in the query."""
    merged, alias = isinstance(shape.source, Mart), _ALIAS[over]
    rows = SQL("sum(f.lines)" if merged and over is Over.lines else "count(*)")
    columns: list[Composable] = [SQL("{} AS n").format(rows)] if over is Over.lines else []
    for i, metric in enumerate(metrics):
        if metric.over is over:
            columns.append(_column(metric, i, rows, merged))
    return SQL("by_{over} AS (SELECT {keys}, {columns} FROM {alias} GROUP BY {keys})").format(
        over=SQL(over.value), alias=SQL(alias), keys=_keys(shape, alias), columns=SQL(", ").join(columns)
    )


def _column(metric: Metric, index: int, rows: Composable, merged: bool) -> Composable:
    i = SQL(str(index))
    value: Composable = (
        SQL("NULL")
        if metric.sql == CUSTOMERS
        else SQL(metric.sql).format(
            orders=_orders("", merged), known_orders=_orders("f.customer_id IS NOT NULL", merged)
        )
    )
    if not metric.rests_on:
        return SQL("({value})::numeric AS m{i}, {rows} AS n{i}").format(value=value, rows=rows, i=i)
    return SQL(
        "CASE WHEN 2 * {rows} FILTER (WHERE {known}) >= {rows} THEN ({value})::numeric END AS m{i},"
        " {rows} FILTER (WHERE {known}) AS n{i}"
    ).format(value=value, rows=rows, known=SQL(metric.rests_on), i=i)


def _orders(only: str, merged: bool) -> Composable:
    """How many orders with a sale; a line without an order is one of its own."""
    also = SQL(f" AND {only}" if only else "")
    if merged:
        return SQL("coalesce(sum(f.orders) FILTER (WHERE f.kind = 'sale'{also}), 0)").format(also=also)
    return SQL(
        "(count(DISTINCT f.order_ref) FILTER (WHERE f.kind = 'sale'{also})"
        " + count(*) FILTER (WHERE f.kind = 'sale' AND f.order_ref IS NULL{also}))"
    ).format(also=also)


def _value(metric: Metric, index: int) -> Composable:
    """The value of a cell; where it has no such rows at all, a sum or a count over them is 0."""
    i = SQL(str(index))
    if metric.sql == CUSTOMERS:
        value = SQL("coalesce(customers, 0)::numeric")
    elif metric.per_customer:
        value = SQL("(m{i} / nullif(customers, 0))")
    elif not metric.empty_is_zero:
        value = SQL("m{i}")
    elif metric.over is Over.lines:
        value = SQL("CASE WHEN n IS NULL THEN 0 ELSE m{i} END")
    else:
        value = SQL("coalesce(m{i}, 0)")
    return SQL("{value} AS m{i}, coalesce(n{i}, 0) AS n{i}").format(value=value.format(i=i), i=i)


def _order(order: str | None) -> Composable:
    by_name = SQL('span, member COLLATE "C"')
    if order is None:
        return by_name
    return SQL("m0 {way} NULLS LAST, {name}").format(way=SQL("ASC" if order == "asc" else "DESC"), name=by_name)
