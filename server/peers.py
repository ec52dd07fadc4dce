"""The demo's peers: generated bakeries to be compared with. None exists, and nobody can sign in to one.

They come after the demo is ready, by jobs of the demo company, one bakery a job: each is made by the same way that a
file goes, is passed over where it is there already, and counts for the comparison alone (no text is written of it).
"""

import tempfile
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import ingest
from core import auth, db
from core.periods import add_months
from core.tenancy import Scope
from features import benchmarks
from ingest import demo

COUNT = 24
MONTHS = 12
LINES = 34_000
"""Their median over all months: La Espiga's own size, so that they fall into its bracket."""
PREFIX = "demo-peer-"


def make(number: int, until: date) -> None:
    """The bakery `number` (from 1), its sales up to the month of `until`; nothing where it is there."""
    scope = _scope(number)
    with db.tenant(scope) as connection:
        if connection.execute("SELECT 1 FROM benchmark_inputs LIMIT 1").fetchone():
            return
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"ventas-{number:02}.csv"
            demo.write_csv(demo.generate(_profiles()[number - 1], until + timedelta(days=1)), path)
            with path.open("rb") as stream:
                upload = ingest.receive(scope, path.name, stream, connection)
        ingest.process(scope, upload.id, connection, lambda _: None)
        benchmarks.contribute(scope, connection)


def compare(until: date) -> None:
    """The snapshot of their months."""
    with db.benchmarks() as connection:
        benchmarks.take([add_months(until.replace(day=1), -back) for back in range(MONTHS)], connection)


@cache
def _profiles() -> tuple[demo.Profile, ...]:
    return demo.peers(COUNT, months=MONTHS, lines=LINES)


def _scope(number: int) -> Scope:
    slug = f"{PREFIX}{number:02}"
    if not any(c.slug == slug for c in auth.companies(generated=True)):
        auth.create_company(_profiles()[number - 1].name, slug, "panaderia", "CL", demo=True, shares=True)
    return auth.operator_scope(slug)
