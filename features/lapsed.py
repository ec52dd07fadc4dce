"""Customers who bought in one period and not in the later one: both read at once, by customer before by name."""

from dataclasses import dataclass
from decimal import Decimal

from psycopg.sql import SQL

from core.db import Connection
from core.periods import Period
from core.tenancy import Scope
from features.catalog.registry import dimension as declared
from features.lines import condition, join_of, member_of, members_of, mine, table_of
from features.materialize import by_day
from features.query import Filter


@dataclass(frozen=True, slots=True)
class Lapsed:
    """How many stopped buying, and those who had bought most: name and net sales of the earlier period."""

    count: int
    members: tuple[tuple[str, Decimal], ...]


def lapsed(
    earlier: Period, quiet: Period, filters: tuple[Filter, ...], scope: Scope, connection: Connection, limit: int
) -> Lapsed:
    """Named customers with sales above zero in `earlier` and no purchase in `quiet`, the `limit` biggest told."""
    customer = declared("customer")
    used = frozenset(f.dimension for f in filters) | {"customer"}
    shape = by_day(used, earlier, scope, connection)
    rows = connection.execute(
        SQL(
            "WITH f AS MATERIALIZED (SELECT f.company_id, f.customer_id,"
            " sum(f.total) FILTER (WHERE f.sold_on BETWEEN %(start)s AND %(end)s) AS total,"
            " bool_or(f.kind = 'sale' AND f.sold_on BETWEEN %(since)s AND %(until)s) AS came"
            " FROM {table} WHERE {mine} AND f.customer_id IS NOT NULL AND f.sold_on"
            " BETWEEN least(%(start)s, %(since)s) AND greatest(%(end)s, %(until)s){filters} GROUP BY 1, 2)"
            " SELECT member, total, count(*) OVER ()"
            " FROM (SELECT {member} AS member, sum(f.total) AS total FROM f{join} GROUP BY 1"
            " HAVING sum(f.total) > 0 AND NOT bool_or(f.came)) x WHERE member <> %(unknown)s"
            ' ORDER BY total DESC, member COLLATE "C" LIMIT %(limit)s'
        ).format(
            table=table_of(shape),
            mine=mine(shape),
            filters=condition(filters),
            member=member_of(customer),
            join=join_of(customer),
        ),
        {
            "company": scope.company_id,
            "start": earlier.start,
            "end": earlier.end,
            "since": quiet.start,
            "until": quiet.end,
            "unknown": customer.unknown,
            "limit": limit,
            **members_of(filters),
        },
    ).fetchall()
    return Lapsed(rows[0][2] if rows else 0, tuple((name, total) for name, total, _ in rows))
