"""The one SQL statement of a query, built from the declarations. Pure: text and parameters in, no database.

Identifiers and expressions come from the catalog only; members, dates and ids travel as parameters. Every line falls in
one cell: a span and a member, and a member of the second dimension (`across`) where one is asked for. Each `Over` of
the metrics asked is one more set of rows per cell:

    f     lines of the period                       -> by_lines
    s     the same, with who bought                 -> how many did (by_customers)
    b     who bought, per cell                      -> by_buyers, with the day of their first purchase ever
    r     who bought in the span before             -> by_loyalty (same filters, same member)
    v     what those who bought have bought so far  -> by_lifetimes (same filters, same member)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from psycopg.sql import SQL, Composable, Composed, Identifier, Literal

from features.catalog.types import Metric, Over
from features.lines import Shape, condition, joins_of, keys, member_of, members_of, mine, named, span_of, table_of
from features.mart import FIRSTS, Mart

CUSTOMERS = "{customers}"


@dataclass(frozen=True, slots=True)
class Statement:
    """`text` yields rows (span, member, all lines, then value and lines behind it per metric), and at the end the
    member of the second dimension where there is one."""

    text: Composed
    parameters: dict[str, Any]


def build(metrics: Sequence[Metric], shape: Shape, order: str | None = None, limit: int | None = None) -> Statement:
    """The statement for `metrics`; `order` and `limit` rank members by the first one, ties by name."""
    overs = {m.over for m in metrics}
    parameters = _parameters(shape, Over.loyalty in overs)
    counted = counts_customers(metrics)
    parts = [_lines(shape, alone=overs == {Over.lines}), _by(Over.lines, metrics, shape.of_lines)]
    if (counted and not shape.few) or overs - {Over.lines}:
        parts.append(_sold(shape))
    if counted:
        parts.append(_customers_of_few(shape) if shape.few else _customers(shape))
    if overs - {Over.lines}:
        parts.append(_buyers(shape))
    if Over.buyers in overs:
        parts += [_firsts(shape), _by(Over.buyers, metrics, shape)]
    if Over.loyalty in overs:
        parts += [_loyalty(shape), _by(Over.loyalty, metrics, shape)]
    if Over.lifetimes in overs:
        parts += [_lifetimes(shape), _by(Over.lifetimes, metrics, shape)]
    others = [o for o in Over if o in overs and o is not Over.lines]
    joins = [SQL(" LEFT JOIN by_customers USING ({keys})").format(keys=keys(shape))] if counted else []
    joins += [SQL(" FULL JOIN by_{o} USING ({keys})").format(o=SQL(o.value), keys=keys(shape)) for o in others]
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


def _parameters(shape: Shape, loyalty: bool) -> dict[str, Any]:
    found: dict[str, Any] = {
        "company": shape.company_id,
        "start": shape.period.start,
        "end": shape.period.end,
        "first": _first_day(shape),
        "first_line": _first_day(shape.of_lines),
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


def _first_day(shape: Shape) -> date:
    """Of the first row to read: a merged one lies on the first day of its unit."""
    start = shape.period.start
    return shape.source.unit.first_day(start) if isinstance(shape.source, Mart) else start


def counts_customers(metrics: Sequence[Metric]) -> bool:
    """Whether how many bought is asked for."""
    return any(m.per_customer or m.sql == CUSTOMERS for m in metrics)


def _customers(shape: Shape) -> Composable:
    """How many bought, by cell: who they are is found by hashing, which takes half of sorting them."""
    return SQL(
        "by_customers AS (SELECT {keys}, count(*) AS customers FROM (SELECT {keys}, customer_id FROM s"
        " WHERE kind = 'sale' AND customer_id IS NOT NULL GROUP BY {keys}, customer_id) x GROUP BY {keys})"
    ).format(keys=keys(shape))


def _customers_of_few(shape: Shape) -> Composable:
    """The same, where each customer's members are bits of one number: a row a customer instead of one a customer and
    member is hashed."""
    assert shape.dimension is not None
    return SQL(
        "names AS (SELECT member, 1::bigint << row_number() OVER (ORDER BY member)::int AS bit FROM"
        " (SELECT {name} AS member FROM {table} d WHERE d.company_id = %(company)s UNION SELECT '{unknown}') x),\n"
        "bits AS MATERIALIZED (SELECT d.id, names.bit FROM {table} d JOIN names ON names.member = {name}"
        " WHERE d.company_id = %(company)s),\n"
        "bought AS (SELECT span, customer_id, bit_or(bit) AS bits FROM (SELECT {span} AS span, f.customer_id,"
        " coalesce(bits.bit, (SELECT bit FROM names WHERE member = '{unknown}')) AS bit"
        " FROM {source} LEFT JOIN bits ON bits.id = f.{column} WHERE {mine}"
        " AND f.sold_on BETWEEN %(first)s AND %(end)s AND f.kind = 'sale' AND f.customer_id IS NOT NULL{filters}) x"
        " GROUP BY span, customer_id),\n"
        "by_customers AS (SELECT span, member, count(*) AS customers FROM bought JOIN names"
        " ON bought.bits & names.bit <> 0 GROUP BY span, member)"
    ).format(
        name=member_of(shape.dimension),
        unknown=SQL(shape.dimension.unknown),
        table=Identifier(shape.dimension.table),
        column=Identifier(shape.dimension.column),
        span=span_of(shape.grain),
        source=table_of(shape),
        mine=mine(shape),
        filters=condition(shape.filters),
    )


def _lines(shape: Shape, alone: bool) -> Composable:
    """`alone`: no rows but the lines themselves are made of them, so that each reader takes the columns it needs."""
    how = SQL("NOT MATERIALIZED" if alone else "")
    return SQL("f AS {how} ({rows})").format(how=how, rows=_rows(shape.of_lines, SQL("%(first_line)s")))


def _sold(shape: Shape) -> Composable:
    if not shape.lines:
        return SQL("s AS NOT MATERIALIZED (SELECT * FROM f)")
    return SQL("s AS ({rows})").format(rows=_rows(shape, SQL("%(first)s")))


def _rows(shape: Shape, first: Composable) -> Composable:
    return SQL(
        "SELECT {span} AS span, {members}, f.kind, f.{orders}, f.customer_id, f.quantity, f.total,"
        " f.cost, f.discount FROM {source}{join}"
        " WHERE {mine} AND f.sold_on BETWEEN {first} AND %(end)s{filters}"
    ).format(
        span=span_of(shape.grain),
        members=named(shape),
        orders=SQL("lines, f.orders" if isinstance(shape.source, Mart) else "order_ref"),
        source=table_of(shape),
        join=joins_of(shape),
        mine=mine(shape),
        first=first,
        filters=condition(shape.filters),
    )


def _buyers(shape: Shape) -> Composable:
    return SQL(
        "b AS MATERIALIZED (SELECT {keys}, customer_id, {orders} AS orders"
        " FROM s f WHERE kind = 'sale' AND customer_id IS NOT NULL GROUP BY {keys}, customer_id)"
    ).format(keys=keys(shape), orders=_orders("", isinstance(shape.source, Mart)))


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
        keys=keys(shape),
        members=named(shape),
        source=table_of(shape, history=True),
        mine=mine(shape),
        join=joins_of(shape),
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
        keys=keys(shape),
        across=SQL(", across" if shape.across else ""),
        span=span_of(shape.grain),
        members=named(shape),
        source=table_of(shape, history=True),
        mine=mine(shape),
        join=joins_of(shape),
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
        over=SQL(over.value), alias=SQL(alias), keys=keys(shape, alias), columns=SQL(", ").join(columns)
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
