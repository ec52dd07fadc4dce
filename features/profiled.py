"""Who may be profiled: every customer but those who objected to it, or were erased. What they bought stays in every
total of the business; where customers are scored, followed or ranked one by one, they take no part."""

from psycopg.sql import SQL, Composable, Literal

from core.db import Connection
from core.tenancy import Scope


def reserved(scope: Scope, connection: Connection) -> tuple[int, ...]:
    """The customers who take no part in profiles."""
    rows = connection.execute(
        "SELECT id FROM dim_customers WHERE company_id = %s AND reserved ORDER BY id", [scope.company_id]
    )
    return tuple(row[0] for row in rows)


def profiled(scope: Scope, connection: Connection) -> Composable:
    """A condition on lines `f`, to stand after others: those of customers who may be profiled."""
    ids = reserved(scope, connection)
    return SQL(" AND f.customer_id <> ALL({})").format(Literal(list(ids))) if ids else SQL("")
