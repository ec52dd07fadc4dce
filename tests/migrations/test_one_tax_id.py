"""Customers that were kept once a spelling of their tax id, brought together in a company that has lived."""

import importlib.util
from datetime import date
from decimal import Decimal

from core import db
from core.db.migrate import MIGRATIONS
from core.tenancy import Scope
from tests.features.sample import Line, load

KEYS = {
    "a": "12.345.678-k",
    "b": "12345678-k",
    "c": "012345678k",
    "d": "11.111.111-1",
    "e": "ana rojas",
    "f": "1-1234567",
    "g": "11-234567",
}


def test_spellings_of_a_tax_id_become_one_customer_with_every_line(scope: Scope) -> None:
    spec = importlib.util.spec_from_file_location("one_tax_id", MIGRATIONS / "versions/0037_one_tax_id.py")
    assert spec is not None
    assert spec.loader is not None
    revision = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(revision)
    sold = [Line(date(2026, 10, 5), Decimal(n), customer=name) for n, name in enumerate(KEYS, 1)]
    with db.tenant(scope) as connection:
        load(sold, scope, connection)
        for name, key in KEYS.items():
            connection.execute("UPDATE dim_customers SET key = %s WHERE name = %s", [key, name])
        connection.execute("UPDATE dim_customers SET reserved = true WHERE name = 'b'")
    with db.owner() as connection:
        for table in revision.SEEN:
            connection.execute(f"CREATE POLICY respelling ON {table} TO ayni_owner USING (true) WITH CHECK (true)")
        connection.execute(revision.RESPELLED)
        connection.execute(revision.MERGED)
        told = connection.execute(
            "SELECT d.key, d.reserved, sum(f.total), count(*) FROM dim_customers d JOIN fact_sales f "
            "ON f.company_id = d.company_id AND f.customer_id = d.id WHERE d.company_id = %s GROUP BY 1, 2 ORDER BY 1",
            [scope.company_id],
        ).fetchall()
        connection.rollback()
    assert told == [
        ("1-1234567", False, 6, 1), ("11-234567", False, 7, 1), ("111111111", False, 4, 1), ("12345678k", True, 6, 3),
        ("ana rojas", False, 5, 1),
    ]  # fmt: skip
