"""Have the database up and at the present revision, in as little time as it takes to see that it already is."""

import logging

import psycopg
from alembic.config import Config
from alembic.script import ScriptDirectory

from core import db
from core.db.connect import admin_address
from core.db.migrate import MIGRATIONS
from core.errors import Conflict
from core.settings import settings
from server import economy


def make_ready() -> None:
    """Migrate where it is needed: by itself in development, told to the operator in production."""
    logging.getLogger("alembic").setLevel(logging.WARNING)
    if revision() == newest():
        return
    if not settings().development:
        raise Conflict("revision", "La base de datos no está al día.", "Ejecuta: ayni migrate")
    db.migrate()
    economy.load()


def revision() -> str | None:
    """The database's revision, None where it has none yet."""
    with psycopg.connect(admin_address()) as connection:
        try:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        except psycopg.errors.UndefinedTable:
            return None
    return str(row[0]) if row else None


def newest() -> str | None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return ScriptDirectory.from_config(config).get_current_head()
