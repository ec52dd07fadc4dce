"""Bring the database to the present revision: roles first, then Alembic, all as one transaction's work."""

from pathlib import Path

import psycopg
import sqlalchemy
from alembic import command
from alembic.config import Config
from psycopg import sql

from core.db.connect import APP, BENCHMARKS, OWNER, admin_address, app_password

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
LOCK = 7_120_901  # any number of our own: two processes starting at once must not migrate side by side


def migrate() -> None:
    """Create the roles and the vector extension where missing and run the revisions not yet run."""
    address = admin_address()
    with psycopg.connect(address) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        _prepare(connection)
        connection.commit()
    engine = sqlalchemy.create_engine(
        "postgresql+psycopg://", creator=lambda: psycopg.connect(address), poolclass=sqlalchemy.NullPool
    )
    with engine.begin() as connection:
        connection.execute(sqlalchemy.text(f"SELECT pg_advisory_xact_lock({LOCK})"))
        connection.execute(sqlalchemy.text(f"SET LOCAL ROLE {OWNER}"))
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    engine.dispose()


def _prepare(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    for role, options in ((OWNER, "NOLOGIN"), (APP, "LOGIN"), (BENCHMARKS, "NOLOGIN")):
        known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
        if not known:
            connection.execute(
                sql.SQL("CREATE ROLE {} {} NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE").format(
                    sql.Identifier(role), sql.SQL(options)
                )
            )
    connection.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(APP), sql.Literal(app_password())))
    connection.execute("CREATE EXTENSION IF NOT EXISTS vector")
    connection.execute("GRANT ayni_owner, ayni_benchmarks TO CURRENT_USER")
    connection.execute("GRANT CREATE, USAGE ON SCHEMA public TO ayni_owner")
    connection.execute("GRANT USAGE ON SCHEMA public TO ayni_app, ayni_benchmarks")
    # Any role may make temporary tables; the import's staging needs that.
    database = connection.execute("SELECT current_database()").fetchone()
    assert database is not None
    connection.execute(
        sql.SQL("GRANT TEMPORARY, CREATE ON DATABASE {} TO ayni_owner").format(sql.Identifier(str(database[0])))
    )
    connection.execute(sql.SQL("GRANT TEMPORARY ON DATABASE {} TO ayni_app").format(sql.Identifier(str(database[0]))))
