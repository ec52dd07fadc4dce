"""Single orders by their size: the receipt, not the line."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from psycopg.sql import SQL

from core.db import Connection
from core.periods import Period
from core.tenancy import Scope
from features.lines import condition, members_of
from features.query import Filter


@dataclass(frozen=True, slots=True)
class Order:
    """One sale as the customer paid it. `ref` is '' where the file carries no order number: then it is one line."""

    ref: str
    day: date
    total: Decimal
    lines: int
    branch: str
    customer: str


def orders(
    period: Period,
    filters: tuple[Filter, ...],
    scope: Scope,
    connection: Connection,
    order: Literal["desc", "asc"] = "desc",
    limit: int = 1,
) -> list[Order]:
    """The biggest (or smallest) orders of `period`; returns are none, and `filters` choose the lines that count."""
    rows = connection.execute(
        SQL(
            "SELECT o.ref, o.sold_on, o.total, o.lines, coalesce(s.name, ''),"
            " CASE WHEN c.reserved THEN '' ELSE coalesce(c.corrected_name, c.name, '') END FROM"
            " (SELECT coalesce(f.order_ref, '') AS ref, f.sold_on, sum(f.total) AS total, count(*) AS lines,"
            " min(f.store_id) AS store_id, min(f.customer_id) AS customer_id FROM fact_sales f"
            " WHERE f.company_id = %(company)s AND f.sold_on BETWEEN %(start)s AND %(end)s AND f.kind = 'sale'{filters}"
            " GROUP BY coalesce(f.order_ref, ''), coalesce(f.order_ref, f.line_key::text), f.sold_on"
            " HAVING sum(f.total) > 0 ORDER BY total {order}, f.sold_on, ref LIMIT %(limit)s) o"
            " LEFT JOIN dim_stores s ON s.company_id = %(company)s AND s.id = o.store_id"
            " LEFT JOIN dim_customers c ON c.company_id = %(company)s AND c.id = o.customer_id"
            " ORDER BY o.total {order}, o.sold_on, o.ref"
        ).format(filters=condition(filters), order=SQL("ASC") if order == "asc" else SQL("DESC")),
        {
            "company": scope.company_id,
            "start": period.start,
            "end": period.end,
            "limit": limit,
            **members_of(filters),
        },
    )
    return [Order(*row) for row in rows]
