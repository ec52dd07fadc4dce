"""Lines merged into fewer: what the refresh keeps of the facts, so that questions over years read little.

A row of a mart is all lines of one day (or month) and kind that are equal in the mart's columns and in whether they
carry a quantity and a cost. Its sums stand where a line's amounts stand, so any metric's `sql` reads it as it reads
lines; `lines` says how many it is, and `orders` how many orders begin in it. Counts of orders add up over any rows
that hold whole orders: `whole` names the columns by which no order of the company is split.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from psycopg.sql import SQL, Identifier, Literal

from core.db import Connection
from core.periods import Grain, Period
from core.tenancy import Scope
from features.catalog.registry import DIMENSION_BY_ID
from features.catalog.types import Metric, Over
from features.query import Query

LINES = "refresh_lines"
"""The temporary table that the refresh copies lines to."""

DAY = "sold_on"
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


MARTS = (
    Mart("hours", Grain.month, ("sold_hour", "store_id"), ("hour", "branch")),
    Mart("days", Grain.day, ("store_id", "channel_id", "seller", "payment_method", "city", "country"),
         ("branch", "channel", "seller", "payment_method", "city", "country", "weekday")),
    # `product_id` is any one product of the category, which its category is told from.
    Mart("categories", Grain.day, ("store_id",), ("category", "branch", "weekday"), "category"),
    Mart("products", Grain.month, ("product_id", "store_id"), ("product", "category", "branch"), "product"),
    Mart("customers", Grain.day, ("customer_id", "store_id", "channel_id"),
         ("customer", "branch", "channel", "weekday")),
)  # fmt: skip
"""The narrowest first: a question reads the first one that can tell."""

SPLITTERS = (
    DAY, "sold_hour", "customer_id", "store_id", "channel_id", "seller", "payment_method", "city", "country",
)  # fmt: skip
"""Columns by which an order might be split."""


def mart_for(query: Query, metrics: Sequence[Metric], whole: frozenset[str], covered: Period | None) -> Mart | None:
    """The mart that `metrics` of `query` can be told from to the last digit; None where it takes the lines."""
    used = {f.dimension for f in query.filters} | ({query.dimension} if query.dimension else set())
    if any("customer_id" in m.needs for m in metrics):
        used = used | {"customer"}
    return next((m for m in MARTS if used <= set(m.dimensions) and _cut(m, query, covered)
                 and (not any(map(_counts_orders, metrics)) or _adds_up(m, query, used, whole))), None)  # fmt: skip


def copy_lines(periods: Sequence[Period], scope: Scope, connection: Connection) -> None:
    """The lines of `periods` into a temporary table, narrow, with numbers for orders: comparing text is what costs.

    `opens` is true on one sale line of each order, `opens_category` and `opens_product` on one for each category and
    product in it.
    """
    connection.execute(
        "CREATE TEMP TABLE refresh_lines ON COMMIT DROP AS SELECT company_id, sold_on, sold_hour, kind,"
        " CASE WHEN order_ref IS NOT NULL THEN count(*) FILTER (WHERE new_order) OVER (ORDER BY order_ref) END"
        " AS order_ref, category, product_id, customer_id, store_id, channel_id, seller, payment_method, city, country,"
        " quantity, discount, total, cost, sale AND new_order AS opens,"
        " sale AND (new_order OR new_category) AS opens_category,"
        " sale AND (new_order OR new_category OR new_product) AS opens_product"
        " FROM (SELECT f.*, p.category, kind = 'sale' AS sale,"
        " order_ref IS NULL OR lag(order_ref) OVER o IS DISTINCT FROM order_ref"
        " OR lag(kind) OVER o IS DISTINCT FROM kind AS new_order,"
        " lag(category) OVER o IS DISTINCT FROM category AS new_category,"
        " lag(product_id) OVER o IS DISTINCT FROM product_id AS new_product"
        " FROM fact_sales f JOIN unnest(%(from)s::date[], %(until)s::date[]) AS d (first, last)"
        " ON f.sold_on BETWEEN d.first AND d.last"
        " LEFT JOIN dim_products p ON p.company_id = f.company_id AND p.id = f.product_id"
        " WHERE f.company_id = %(company)s WINDOW o AS (ORDER BY order_ref, kind, category, product_id)) x",
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
        "WITH d AS (SELECT * FROM unnest(%(from)s::date[], %(until)s::date[]) AS d (first, last)),"
        " here AS (SELECT order_ref FROM fact_sales JOIN d ON sold_on BETWEEN first AND last"
        " WHERE company_id = %(company)s AND kind = 'sale' AND order_ref IS NOT NULL)"
        " SELECT EXISTS (SELECT FROM fact_sales f WHERE company_id = %(company)s AND kind = 'sale'"
        " AND order_ref IN (SELECT order_ref FROM here)"
        " AND NOT EXISTS (SELECT FROM d WHERE f.sold_on BETWEEN d.first AND d.last))",
        _days(periods, scope),
    ).fetchone()
    return bool(row and row[0])


def fill(periods: Sequence[Period], scope: Scope, connection: Connection) -> None:
    """Replace what the marts have of `periods` by the copied lines."""
    connection.execute(
        "DELETE FROM sales_mart USING unnest(%(from)s::date[], %(until)s::date[]) AS d (first, last)"
        " WHERE company_id = %(company)s AND sold_on BETWEEN first AND last",
        _days(periods, scope),
    )
    for mart in MARTS:
        connection.execute(
            SQL(
                "INSERT INTO sales_mart (company_id, mart, sold_on, kind, {kept}lines, orders, quantity, discount,"
                " total, cost) SELECT %s, {id}, {day} AS day, kind, {values}count(*), count(*) FILTER (WHERE {opens}),"
                " sum(quantity), sum(discount), sum(total), sum(cost) FROM refresh_lines"
                " GROUP BY day, kind, quantity IS NULL, cost IS NULL, {columns}"
            ).format(
                id=Literal(mart.id),
                kept=SQL("").join(SQL("{}, ").format(Identifier(c)) for c in (*mart.columns, *_stand_in(mart))),
                day=SQL("sold_on" if mart.unit is Grain.day else "date_trunc('month', sold_on::timestamp)::date"),
                values=SQL("").join(
                    [SQL("{}, ").format(Identifier(c)) for c in mart.columns]
                    + [SQL("min({}), ").format(Identifier(c)) for c in _stand_in(mart)]
                ),
                opens=Identifier(f"opens_{mart.own}" if mart.own else "opens"),
                columns=SQL(", ").join(
                    Identifier(c) for c in (*mart.columns, *(("category",) if _stand_in(mart) else ()))
                ),
            ),
            [scope.company_id],
        )
    connection.execute("SELECT analyze_marts()")


def _stand_in(mart: Mart) -> tuple[str, ...]:
    return ("product_id",) if mart.own == "category" else ()


def _days(periods: Sequence[Period], scope: Scope) -> dict[str, object]:
    return {"company": scope.company_id, "from": [p.start for p in periods], "until": [p.end for p in periods]}


def _cut(mart: Mart, query: Query, covered: Period | None) -> bool:
    """Whether every span holds all lines of the mart's units that it touches."""
    if mart.unit is Grain.day:
        return True
    spans = query.period.spans(query.grain) if query.grain else [query.period]
    return all(_holds(s, Period(mart.unit.first_day(s.start), Period.of(mart.unit, s.end).end), covered) for s in spans)


def _holds(span: Period, whole: Period, covered: Period | None) -> bool:
    return span == whole or (covered is not None and whole.overlap(covered) == span.overlap(covered))


def _counts_orders(metric: Metric) -> bool:
    return "orders" in metric.sql and metric.over in (Over.lines, Over.buyers)


def _adds_up(mart: Mart, query: Query, used: set[str], whole: frozenset[str]) -> bool:
    """Whether orders, each counted in one row (one for each member of `own`), make up each cell's number of them."""
    if mart.own and query.dimension != mart.own:
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
