"""Connections: pooled as the runtime role for requests, single as the owner for migrations and the operator."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from typing import Any
from uuid import UUID

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg_pool import ConnectionPool

from core import folders
from core.db import embedded
from core.settings import settings
from core.tenancy import Scope

Row = tuple[Any, ...]
Connection = psycopg.Connection[Row]

OWNER = "ayni_owner"
APP = "ayni_app"
BENCHMARKS = "ayni_benchmarks"


@contextmanager
def tenant(scope: Scope) -> Iterator[Connection]:
    """One transaction as the runtime role that sees `scope`'s company and nothing else."""
    with _pool().connection() as connection:
        _identify(connection, company=scope.company_id, user=scope.user_id)
        yield connection


@contextmanager
def identity(user_id: UUID | None = None) -> Iterator[Connection]:
    """One transaction as the runtime role with no company: a user's own account and memberships, the look-ups of
    the login and of the queue, and nothing of any tenant."""
    with _pool().connection() as connection:
        _identify(connection, company=None, user=user_id)
        yield connection


@contextmanager
def channel() -> Iterator[Connection]:
    """One transaction as the runtime role with no company that sees what phones wrote, whose they are, and the codes
    that link them: for the WhatsApp channel alone, until it knows for whom it works."""
    with _pool().connection() as connection:
        _identify(connection, company=None, user=None)
        connection.execute("SELECT set_config('app.channel', 'whatsapp', true)")
        yield connection


@contextmanager
def owner() -> Iterator[Connection]:
    """One transaction as the tables' owner, for the operator's accounts. Facts stay behind their policies here too."""
    with psycopg.connect(admin_address()) as connection:
        connection.execute("SET ROLE ayni_owner")
        yield connection


@contextmanager
def benchmarks() -> Iterator[Connection]:
    """One transaction as the only role that reads across companies: the contributions of those taking part."""
    with psycopg.connect(admin_address()) as connection:
        connection.execute("SET ROLE ayni_benchmarks")
        yield connection


def close() -> None:
    """Close the pool; the next use opens it again. Called where a process forks or ends."""
    if _pool.cache_info().currsize:
        _pool().close()
        _pool.cache_clear()


def admin_address() -> str:
    """The address that may create roles: the operator's own server, or the embedded one's superuser."""
    return settings().database_url or embedded.start(folders.folder())


def app_address() -> str:
    """The runtime role's address on the same server, unless the operator gave one."""
    if settings().app_database_url:
        return settings().app_database_url
    return make_conninfo(admin_address(), user=APP, password=app_password())


def app_password() -> str:
    """The runtime role's password, derived from the secret so that there is one secret to keep."""
    return sha256(b"ayni_app:" + settings().secret().encode()).hexdigest()


def _identify(connection: Connection, company: UUID | None, user: UUID | None) -> None:
    # Local to the transaction: a session-level setting would leak to the pool's next borrower.
    connection.execute(
        "SELECT set_config('app.company_id', %s, true), set_config('app.user_id', %s, true)",
        [str(company or ""), str(user or "")],
    )


@cache
def _pool() -> ConnectionPool[Connection]:
    return ConnectionPool(app_address(), min_size=1, max_size=settings().pool_size, open=True, timeout=15)
