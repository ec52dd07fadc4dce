"""Boards as they were last gathered, for as long as nothing that they tell of has changed.

A board is kept under the company's version: a digest of where each row lies that a board is made of (`ctid`) and which
transaction wrote it (`xmin`). Any row written, changed or gone gives another version, in the same transaction that
reads it: what is kept is told only where gathering it anew would tell the same. Of the economy's series, which all
companies share, a row of `shared_versions` stands for all. The months' values themselves need no
look: they change in the transaction that writes `feature_state`, and facts that changed since stand in `fact_changes`.
Nor do the books (expenses, stock): a file's lines come and go in the transaction that writes its row of `uploads`.
"""

import json
from collections import OrderedDict
from dataclasses import asdict, dataclass
from threading import Lock
from uuid import UUID

from psycopg.sql import SQL

import features
from core.db import Connection
from core.tenancy import Scope
from features.materialize import catalog_version
from features.query import Coverage
from server.panel.boards import Board
from server.panel.gather import gather
from server.panel.months import shown_month
from server.panel.types import Board as Shown

MOST = 1_000
"""Boards kept in this process: a few hundred companies' at some 100 kB each."""

_OF_COMPANY = (
    "feature_state", "fact_changes", "uploads", "targets", "own_metrics", "own_measures", "insights", "benchmark_ranks",
)  # fmt: skip
_ROWS = "SELECT string_agg(ctid::text || xmin::text, ',' ORDER BY ctid) FROM {table} WHERE {whose}"
VERSION = SQL("SELECT md5(concat_ws(';', {parts}))").format(
    parts=SQL(", ").join(
        SQL("({})").format(SQL(_ROWS.format(table=table, whose=whose)))
        for table, whose in (
            *((t, "company_id = %(company)s") for t in _OF_COMPANY),
            ("companies", "id = %(company)s"),
            ("shared_versions", "true"),
            (
                "benchmarks",
                "(cohort, measure, month) IN (SELECT cohort, measure, month FROM benchmark_ranks"
                " WHERE company_id = %(company)s)",
            ),
        )
    )
)

_Key = tuple[UUID, str, str]


@dataclass(frozen=True, slots=True)
class Kept:
    """A board as gathered under a version, with the coverage it was gathered from; `body` is it as JSON."""

    version: str
    known: Coverage
    shown: Shown
    body: bytes


_kept: OrderedDict[_Key, Kept] = OrderedDict()
_lock = Lock()


def board(name: Board, asked: str, scope: Scope, connection: Connection) -> Kept:
    """The board of the month asked for (shown_month): as it was kept, or gathered now. Empty where there is no data."""
    now, key = version(scope, connection), (scope.company_id, name.value, asked)
    with _lock:
        found = _kept.get(key)
        if found is not None and found.version == now:
            _kept.move_to_end(key)
            return found
    made = _gathered(name, asked, now, scope, connection)
    with _lock:
        _kept[key] = made
        _kept.move_to_end(key)
        while len(_kept) > MOST:
            _kept.popitem(last=False)
    return made


def forget() -> None:
    """As if nothing had been gathered."""
    with _lock:
        _kept.clear()


def version(scope: Scope, connection: Connection) -> str:
    """The state of all that the company's boards tell of."""
    row = connection.execute(VERSION, {"company": scope.company_id}).fetchone()
    assert row is not None  # an aggregate always yields its row
    return f"{row[0]}-{catalog_version()}"


def _gathered(name: Board, asked: str, now: str, scope: Scope, connection: Connection) -> Kept:
    known = features.coverage(scope, connection)
    month = shown_month(known.period, asked)
    shown = gather(name, month, known, scope, connection) if month else Shown(name.value, "", "")
    return Kept(now, known, shown, json.dumps(asdict(shown), ensure_ascii=False).encode())
