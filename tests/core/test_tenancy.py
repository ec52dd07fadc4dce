"""One tenant never sees another, whatever the runtime role tries."""

from collections.abc import Callable

import psycopg
import pytest

from core import db
from core.db.connect import app_address
from core.tenancy import Scope


def test_a_tenant_neither_reads_nor_writes_another(new_scope: Callable[..., Scope]):
    mine, other = new_scope(), new_scope()
    with db.tenant(other) as connection:
        connection.execute(
            "INSERT INTO targets VALUES (%s, 'sales', 'month', '2026-10-01', '', '', 1)", [other.company_id]
        )
    with db.tenant(mine) as connection:
        assert connection.execute("SELECT count(*) FROM targets").fetchone() == (0,)
        assert connection.execute("UPDATE targets SET value = 2").rowcount == 0
        assert connection.execute("DELETE FROM targets").rowcount == 0
    with pytest.raises(psycopg.errors.InsufficientPrivilege), db.tenant(mine) as connection:
        connection.execute(
            "INSERT INTO targets VALUES (%s, 'sales', 'month', '2026-10-01', '', '', 1)", [other.company_id]
        )


def test_without_a_scope_nothing_is_seen(scope: Scope):
    with db.tenant(scope) as connection:
        connection.execute(
            "INSERT INTO targets VALUES (%s, 'sales', 'month', '2026-10-01', '', '', 1)", [scope.company_id]
        )
    with db.identity() as connection:  # the pool's next borrower: the scope must not have leaked
        assert connection.execute("SELECT count(*) FROM targets").fetchone() == (0,)
        assert connection.execute("SELECT count(*) FROM companies").fetchone() == (0,)


def test_every_tenant_table_forces_its_policies_and_the_runtime_role_owns_nothing(database: None):
    with psycopg.connect(app_address()) as connection:
        role = connection.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        assert role == (False, False, False)
        owned = "SELECT count(*) FROM pg_class WHERE relowner = (SELECT oid FROM pg_roles WHERE rolname = current_user)"
        assert connection.execute(owned).fetchone() == (0,)
        open_tables = connection.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'company_id' "
            "WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace "
            "AND NOT (c.relrowsecurity AND c.relforcerowsecurity)"
        ).fetchall()
        assert open_tables == []
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SET ROLE ayni_owner")
