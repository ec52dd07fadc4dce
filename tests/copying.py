"""A company's data given to another: what takes a refresh to make is made once, and each test has its own."""

import psycopg
from psycopg import sql

from core.db.connect import admin_address
from core.tenancy import Scope

OF_PEOPLE = ("memberships", "invitations", "api_tokens", "audit_log")


def copy_data(source: Scope, target: Scope) -> Scope:
    """All rows that `source`'s company has in any table, but for its people's; gives `target` back."""
    with psycopg.connect(admin_address()) as connection:
        connection.execute("SET session_replication_role = replica")  # rows are whole: no trigger has to act on them
        tables = connection.execute(
            "SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum) FROM pg_class c "
            "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' "
            "WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace = 'public'::regnamespace "
            "AND NOT c.relname = ANY(%s) GROUP BY c.relname HAVING 'company_id' = ANY(array_agg(a.attname::text))",
            [list(OF_PEOPLE)],
        ).fetchall()
        for table, columns in tables:
            others = sql.SQL(", ").join(sql.Identifier(c) for c in columns if c != "company_id")
            connection.execute(
                sql.SQL(
                    "INSERT INTO {table} (company_id, {others}) OVERRIDING SYSTEM VALUE "
                    "SELECT {target}, {others} FROM {table} WHERE company_id = {source}"
                ).format(
                    table=sql.Identifier(table),
                    others=others,
                    target=sql.Literal(target.company_id),
                    source=sql.Literal(source.company_id),
                )
            )
    return target
