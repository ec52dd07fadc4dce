"""What a company has: first and last day, columns that carry data, members of a dimension."""

from dataclasses import replace

from psycopg.sql import SQL, Identifier

from core.db import Connection
from core.tenancy import Scope
from features.catalog.books import EXPENSE, STOCK
from features.catalog.registry import dimension as declared
from features.lines import join_of, member_of
from features.query import Coverage

COLUMNS = (
    "order_ref", "sold_hour", "product_id", "customer_id", "store_id", "channel_id", "seller", "payment_method",
    "city", "country", "quantity", "unit_price", "discount", "cost", "tax",
)  # fmt: skip
"""Columns of `fact_sales` that a file may lack. `category`, a product's, is told beside them."""


def coverage(scope: Scope, connection: Connection) -> Coverage:
    """What `scope`'s company has; kept by the refresh, looked up anew where facts changed since."""
    row = connection.execute(
        "SELECT first_day, last_day, columns, lines FROM feature_state WHERE company_id = %(c)s"
        " AND NOT EXISTS (SELECT FROM fact_changes WHERE company_id = %(c)s)",
        {"c": scope.company_id},
    ).fetchone()
    found = Coverage(row[0], row[1], frozenset(row[2]), row[3]) if row else measure(scope, connection)
    return replace(found, columns=found.columns | books(scope, connection))


def books(scope: Scope, connection: Connection) -> frozenset[str]:
    """Which books beside the sales there are."""
    row = connection.execute(
        "SELECT EXISTS (SELECT FROM fact_expenses WHERE company_id = %(c)s),"
        " EXISTS (SELECT FROM fact_stock WHERE company_id = %(c)s)",
        {"c": scope.company_id},
    ).fetchone()
    assert row is not None
    return frozenset(name for name, there in zip((EXPENSE, STOCK), row, strict=True) if there)


def measure(scope: Scope, connection: Connection) -> Coverage:
    """The same, from the facts."""
    counts = SQL(", ").join(SQL("count({c}) > 0").format(c=Identifier(c)) for c in COLUMNS)
    row = connection.execute(
        SQL(
            "SELECT min(sold_on), max(sold_on), count(*), EXISTS (SELECT FROM dim_products p WHERE company_id = %(c)s"
            " AND category IS NOT NULL AND EXISTS (SELECT FROM fact_sales WHERE company_id = %(c)s"
            " AND product_id = p.id)), {counts} FROM fact_sales WHERE company_id = %(c)s"
        ).format(counts=counts),
        {"c": scope.company_id},
    ).fetchone()
    assert row is not None  # an aggregate always yields its row
    present = {c for c, carries in zip(("category", *COLUMNS), row[3:], strict=True) if carries}
    return Coverage(row[0], row[1], frozenset(present), row[2])


def members(dimension: str, scope: Scope, connection: Connection) -> tuple[str, ...]:
    """The names found in the data under `dimension`, biggest sales first; without '(sin …)'."""
    found = declared(dimension)
    rows = connection.execute(
        SQL(
            "SELECT member FROM (SELECT {member} AS member, f.total FROM fact_sales f{join}"
            " WHERE f.company_id = %(company)s) x WHERE member <> %(unknown)s"
            ' GROUP BY member ORDER BY sum(total) DESC, member COLLATE "C"'
        ).format(member=member_of(found), join=join_of(found)),
        {"company": scope.company_id, "unknown": found.unknown},
    )
    return tuple(r[0] for r in rows)


def tax_ids(scope: Scope, connection: Connection) -> dict[str, str]:
    """The customers known by a tax id: the id, bare and in lower case ('12345678k'), and the name they go by.
    Whose name another customer bears too is left out: a filter by it would be of both."""
    rows = connection.execute(
        "SELECT key, name FROM (SELECT key, name, tax_id, count(*) OVER (PARTITION BY name) AS alike FROM dim_customers"
        " WHERE company_id = %s) x WHERE tax_id IS NOT NULL AND alike = 1 AND key ~ '^[0-9]{6,}[0-9k]$'",
        [scope.company_id],
    )
    return dict(rows.fetchall())
