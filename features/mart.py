"""Lines merged into fewer: what the refresh keeps of the facts, so that questions over years read little.

A row of a mart is all lines of one day (or month) and kind that are equal in the mart's columns and in whether they
carry a quantity and a cost. Its sums stand where a line's amounts stand, so any metric's `sql` reads it as it reads
lines; `lines` says how many it is, and `orders` how many orders begin in it. Counts of orders add up over any rows
that hold whole orders: `whole` names the columns by which no order of the company is split.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from psycopg.sql import SQL, Composable, Composed, Identifier, Literal

from core.db import Connection
from core.periods import Grain, Period
from core.tenancy import Scope
from features.catalog.registry import DIMENSION_BY_ID
from features.catalog.types import Metric, Over
from features.query import Query

LINES = "refresh_lines"
"""The temporary table that the refresh copies lines to."""

DAY = "sold_on"
FIRSTS = "customers"
"""The mart whose rows say on which day they begin (`first_on`): first purchases are found without reading all days."""
NAMES = "product_names"
"""Stands in `whole` where no two products share a name."""


@dataclass(frozen=True, slots=True)
class Mart:
    """`columns` of the facts are kept, by `unit`; `dimensions` can be told from them. Orders count once in all, or,
    where `own` is given, once for each member of that dimension."""

    id: str
    unit: Grain
    columns: tuple[str, ...]
    dimensions: tuple[str, ...]
    own: str = ""
    merges: str = ""
    """The mart that this one's rows are made of; '' are the lines."""


MARTS = (
    Mart("items", Grain.year, ("product_id",), ("product", "category"), "product", merges="products"),
    Mart("hours", Grain.month, ("sold_hour", "store_id"), ("hour", "branch"), merges="clock"),
    Mart("months", Grain.month, ("store_id", "channel_id", "seller", "payment_method", "city", "country"),
         ("branch", "channel", "seller", "payment_method", "city", "country"), merges="days"),
    Mart("days", Grain.day, ("store_id", "channel_id", "seller", "payment_method", "city", "country"),
         ("branch", "channel", "seller", "payment_method", "city", "country", "weekday"), merges="orders"),
    Mart("clock", Grain.day, ("sold_hour", "store_id"), ("hour", "branch", "weekday"), merges="orders"),
    # `product_id` is any one product of the category, which its category is told from.
    Mart("categories", Grain.day, ("product_id", "store_id"), ("category", "branch", "weekday"), "category"),
    Mart("products", Grain.month, ("product_id", "store_id"), ("product", "category", "branch"), "product"),
    Mart("customers", Grain.year, ("customer_id",), ("customer",), merges="orders"),
    Mart("orders", Grain.day,
         ("customer_id", "store_id", "channel_id", "seller", "payment_method", "city", "country", "sold_hour"),
         ("customer", "branch", "channel", "seller", "payment_method", "city", "country", "hour", "weekday")),
)  # fmt: skip
"""The narrowest first: a question reads the first one that can tell. A mart is made of those after it."""

SPLITTERS = (
    DAY, "sold_hour", "customer_id", "store_id", "channel_id", "seller", "payment_method", "city", "country",
)  # fmt: skip
"""Columns by which an order might be split."""


def mart_for(query: Query, metrics: Sequence[Metric], whole: frozenset[str], covered: Period | None) -> Mart | None:
    """The mart that `metrics` of `query` can be told from to the last digit; None where it takes the lines."""
    used = {f.dimension for f in query.filters} | {d for d in (query.dimension, query.across) if d}
    if any("customer_id" in m.needs for m in metrics):
        used = used | {"customer"}
    histories = any(m.over is not Over.lines for m in metrics)
    orders = any(map(_counts_orders, metrics))
    for mart in MARTS:
        tells = used <= set(mart.dimensions) and _cut(mart, query, histories, covered)
        if tells and (not orders or _adds_up(mart, query, used, whole)):
            return mart
    return None


def daily_mart(dimensions: frozenset[str]) -> Mart | None:
    """The narrowest mart that tells single days by `dimensions`; it tells whether someone came, not how often."""
    return next((m for m in MARTS if m.unit is Grain.day and not m.own and dimensions <= set(m.dimensions)), None)


def copy_lines(periods: Sequence[Period], scope: Scope, connection: Connection) -> None:
    """The lines of `periods` into a temporary table, narrow, with numbers for orders: comparing text is what costs.

    `opens` is true on one sale line of each order, `opens_category` and `opens_product` on one for each category and
    product in it.
    """
    connection.execute(
        "CREATE TEMP TABLE refresh_lines ON COMMIT DROP AS SELECT company_id, sold_on, sold_hour, kind,"
        " CASE WHEN order_ref IS NOT NULL THEN count(*) FILTER (WHERE new_order) OVER (ORDER BY order_ref) END"
        " AS order_ref, family, product_id, customer_id, store_id, channel_id, seller, payment_method, city, country,"
        " quantity, discount, total, cost, sale AND new_order AS opens,"
        " sale AND (new_order OR new_family) AS opens_category,"
        " sale AND (new_order OR new_product) AS opens_product"
        " FROM (SELECT f.*, order_ref IS NULL OR lag(order_ref) OVER o IS DISTINCT FROM order_ref"
        " OR lag(sale) OVER o <> sale AS new_order, lag(family) OVER o IS DISTINCT FROM family AS new_family,"
        " lag(product_id) OVER o IS DISTINCT FROM product_id AS new_product"
        " FROM (SELECT f.*, p.family, kind = 'sale' AS sale FROM fact_sales f"
        " LEFT JOIN (SELECT id, CASE WHEN category IS NOT NULL THEN dense_rank() OVER (ORDER BY category) END AS family"
        " FROM dim_products WHERE company_id = %(company)s) p ON p.id = f.product_id"
        " WHERE f.company_id = %(company)s AND sold_on BETWEEN %(first)s AND %(last)s"
        " AND sold_on <@ %(days)s::datemultirange) f WINDOW o AS (ORDER BY order_ref, sale, family, product_id)) x",
        _days(periods, scope),
    )


def whole_columns(connection: Connection, scope: Scope) -> frozenset[str]:
    """The columns by which no order among the copied lines is split."""
    one = SQL(", ").join(
        SQL("min({c}) IS NOT DISTINCT FROM max({c}) AND count({c}) IN (0, count(*)) AS {c}").format(c=Identifier(c))
        for c in SPLITTERS
    )
    every = SQL(", ").join(SQL("coalesce(bool_and({c}), true)").format(c=Identifier(c)) for c in SPLITTERS)
    row = connection.execute(
        SQL(
            "SELECT {every}, (SELECT count(DISTINCT name) = count(*) FROM dim_products WHERE company_id = %s)"
            " FROM (SELECT {one} FROM refresh_lines WHERE kind = 'sale' AND order_ref IS NOT NULL GROUP BY order_ref) x"
        ).format(every=every, one=one),
        [scope.company_id],
    ).fetchone()
    assert row is not None  # an aggregate always yields its row
    return frozenset(c for c, whole in zip((*SPLITTERS, NAMES), row, strict=True) if whole)


def reach_beyond(periods: Sequence[Period], scope: Scope, connection: Connection) -> bool:
    """Whether an order of the days in `periods` has sale lines on other days too."""
    row = connection.execute(
        # IS TRUE keeps it a look-up in a hash: as a join it is planned as loops over loops.
        "SELECT EXISTS (SELECT FROM fact_sales WHERE company_id = %(company)s AND kind = 'sale'"
        " AND NOT sold_on <@ %(days)s::datemultirange AND (order_ref IN (SELECT order_ref FROM fact_sales"
        " WHERE company_id = %(company)s AND kind = 'sale' AND sold_on BETWEEN %(first)s AND %(last)s"
        " AND sold_on <@ %(days)s::datemultirange AND order_ref IS NOT NULL)) IS TRUE)",
        _days(periods, scope),
    ).fetchone()
    return bool(row and row[0])


def fill(periods: Sequence[Period], scope: Scope, connection: Connection) -> None:
    """Replace what the marts have of `periods` by the copied lines."""
    for mart in reversed(MARTS):
        days = _days([_units(mart, p) for p in periods], scope) | {"mart": mart.id}
        connection.execute(
            "DELETE FROM sales_mart WHERE company_id = %(company)s AND mart = %(mart)s"
            " AND sold_on BETWEEN %(first)s AND %(last)s AND sold_on <@ %(days)s::datemultirange",
            days,
        )
        connection.execute(_merge(mart), days)
    connection.execute("SELECT analyze_marts()")


def _units(mart: Mart, period: Period) -> Period:
    return Period(mart.unit.first_day(period.start), Period.of(mart.unit, period.end).end)


def _merge(mart: Mart) -> Composed:
    """The statement that makes a mart's rows, of the copied lines or of another mart's rows."""
    source: Composable = SQL(LINES)
    counts: Composable = SQL("count(*), count(*) FILTER (WHERE {opens})").format(
        opens=Identifier(f"opens_{mart.own}" if mart.own else "opens")
    )
    if mart.merges:
        source = SQL(
            "sales_mart WHERE company_id = %(company)s AND mart = {id}"
            " AND sold_on BETWEEN %(first)s AND %(last)s AND sold_on <@ %(days)s::datemultirange"
        ).format(id=Literal(mart.merges))
        counts = SQL("sum(lines), sum(orders)")
    kept = [Identifier(c) for c in mart.columns]
    of_family = mart.own == "category"
    values: list[Composable] = [
        SQL("min(product_id)") if of_family and c == "product_id" else Identifier(c) for c in mart.columns
    ]
    keys = [Identifier("family") if of_family and c == "product_id" else Identifier(c) for c in mart.columns]
    first_on = SQL("min(sold_on)" if mart.id == FIRSTS else "NULL::date")
    return SQL(
        "INSERT INTO sales_mart (company_id, mart, sold_on, kind, {kept}, lines, orders, quantity, discount, total,"
        " cost, first_on) SELECT %(company)s, {id}, {day} AS day, kind, {values}, {counts}, sum(quantity),"
        " sum(discount), sum(total), sum(cost), {first_on} FROM {source}"
        " GROUP BY day, kind, quantity IS NULL, cost IS NULL, {keys}"
        # Rows that are read together lie together.
        " ORDER BY day"
    ).format(
        kept=SQL(", ").join(kept),
        id=Literal(mart.id),
        day=SQL("sold_on" if mart.unit is Grain.day else f"date_trunc('{mart.unit}', sold_on::timestamp)::date"),
        values=SQL(", ").join(values),
        counts=counts,
        first_on=first_on,
        source=source,
        keys=SQL(", ").join(keys),
    )


def _days(periods: Sequence[Period], scope: Scope) -> dict[str, object]:
    return {
        "company": scope.company_id,
        "first": min(p.start for p in periods),
        "last": max(p.end for p in periods),
        "days": "{" + ", ".join(f"[{p.start}, {p.end}]" for p in periods) + "}",
    }


def _cut(mart: Mart, query: Query, histories: bool, covered: Period | None) -> bool:
    """Whether every span, and the one before where it is looked at, holds all lines of the units that it touches."""
    if mart.unit is Grain.day:
        return True
    spans = list(query.period.spans(query.grain)) if query.grain else [query.period]
    if histories:
        spans += [s.previous() for s in spans]
        covered = None
    return all(_holds(s, _units(mart, s), covered) for s in spans)


def _holds(span: Period, whole: Period, covered: Period | None) -> bool:
    return span == whole or (covered is not None and whole.overlap(covered) == span.overlap(covered))


def _counts_orders(metric: Metric) -> bool:
    return "orders" in metric.sql and metric.over in (Over.lines, Over.buyers)


def _adds_up(mart: Mart, query: Query, used: set[str], whole: frozenset[str]) -> bool:
    """Whether orders, each counted in one row (one for each member of `own`), make up each cell's number of them."""
    if mart.own and mart.own not in (query.dimension, query.across):
        only = [f for f in query.filters if f.dimension == mart.own]
        if not any(len(f.members) == 1 and not f.exclude for f in only):
            return False
    needed = {_column(d) for d in used - _OF_OWN.get(mart.own, set())} | {DAY}
    return needed | ({NAMES} if mart.own == "product" else set()) <= whole


_OF_OWN = {"category": {"category"}, "product": {"product", "category"}}
"""What a member of `own` decides by itself."""


def _column(dimension: str) -> str:
    found = DIMENSION_BY_ID[dimension]
    return found.column or (found.needs[0] if found.needs else DAY)
