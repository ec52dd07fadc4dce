"""One tenant never sees another, whatever the runtime role tries."""

from collections.abc import Callable
from uuid import uuid4

import psycopg
import pytest

from core import auth, db
from core.db.connect import app_address
from core.tenancy import Role, Scope


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


def test_a_member_can_neither_read_nor_change_what_another_signs_in_with(scope: Scope):
    me, other = (auth.create_user(f"{uuid4().hex}@example.test", "una clave larga", "Rosa") for _ in range(2))
    for user in (me, other):
        auth.add_member(scope.company, user.email, Role.owner)
    mine = auth.scope_for(me.id)
    with db.tenant(mine) as connection:
        assert connection.execute("SELECT count(*) FROM users").fetchone() == (2,)
        assert connection.execute("UPDATE users SET token_version = 9, password_hash = 'x'").rowcount == 1
    with pytest.raises(psycopg.errors.InsufficientPrivilege), db.tenant(mine) as connection:
        connection.execute("SELECT password_hash FROM users")
    assert auth.sign_in(other.email, "una clave larga", f"ip-{uuid4()}").token_version == 0


def test_a_company_is_changed_in_its_own_scope_alone(new_scope: Callable[..., Scope]):
    first, second = new_scope(), new_scope()
    user = auth.create_user(f"{uuid4().hex}@example.test", "una clave larga")
    auth.add_member(first.company, user.email, Role.viewer)
    auth.add_member(second.company, user.email, Role.owner)
    with db.tenant(auth.scope_for(user.id, second.company.slug)) as connection:
        assert connection.execute("SELECT count(*) FROM companies").fetchone() == (2,)
        assert connection.execute("UPDATE companies SET shares_benchmarks = true").rowcount == 1
    with db.identity(user.id) as connection:
        assert connection.execute("UPDATE companies SET sector = 'x'").rowcount == 0


def test_what_runs_as_the_owner_is_closed_to_all_but_the_runtime_role(database: None):
    """Functions that pass the policies: each names its schemas, and none can be called by just anyone."""
    with db.owner() as connection:
        loose = connection.execute(
            "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef "
            "AND NOT (proconfig @> ARRAY['search_path=public, pg_temp'] "
            "AND (prorettype = 'trigger'::regtype OR NOT has_function_privilege('public', oid, 'execute')))"
        ).fetchall()
        views = connection.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('v', 'm')"
        ).fetchall()
        unguarded = connection.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') "
            "AND NOT relrowsecurity AND has_any_column_privilege('ayni_app', oid, 'select, insert, update')"
        ).fetchall()
    assert (loose, views, sorted(unguarded)) == ([], [], [("macro_values",), ("shared_versions",)])
