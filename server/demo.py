"""The demo company: made on the first start, by the same way that any owner's file goes."""

import hmac
import tempfile
from datetime import date
from pathlib import Path

import features
from core import auth, db
from core.errors import NotFound
from core.settings import settings
from core.tenancy import Role, Scope
from features import benchmarks
from ingest import demo
from server import filing, jobs

SLUG = "panaderia-la-espiga"
EMAIL = "demo@ayni.local"


def password() -> str:
    """The demo login's password: derived from the secret, so that each start can print it and none is kept."""
    return "espiga-" + hmac.digest(settings().secret().encode(), b"demo login", "sha256").hex()[:10]


def ensure(today: date) -> Scope | None:
    """Make the demo unless it is there and whole; its scope where it was made now."""
    scope = _scope()
    if _whole(scope):
        return None
    lines = demo.generate(demo.LA_ESPIGA, today)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ventas-la-espiga.csv"
        demo.write_csv(lines, path)
        filing.file(scope, path)
        for name, write in (
            ("gastos-la-espiga.csv", demo.write_expenses),
            ("inventario-la-espiga.csv", demo.write_stock),
        ):
            write(demo.LA_ESPIGA, lines, path.with_name(name))
            filing.file(scope, path.with_name(name))
    _targets(scope, demo.targets(lines))
    return scope


def compare_later() -> None:
    """Have its generated peers made and compared with it, by the worker, unless that is done or under way."""
    scope = auth.operator_scope(SLUG)
    if not auth.companies(generated=True):
        auth.set_sharing(scope, True)
    with db.tenant(scope) as connection:
        under_way = connection.execute(
            "SELECT 1 FROM jobs WHERE kind = 'peer' AND state IN ('queued', 'running') LIMIT 1"
        ).fetchone()
        known = features.coverage(scope, connection).period
        if under_way or known is None or benchmarks.parses(scope, connection):
            return
        job = jobs.enqueue(scope, "peer", {"number": 1, "until": known.end.isoformat()}, connection)
    jobs.send(job)


def _scope() -> Scope:
    try:
        scope = auth.operator_scope(SLUG)
    except NotFound:
        auth.create_company("Panadería La Espiga", SLUG, "panaderia", "CL", demo=True, shares=True)
        scope = auth.operator_scope(SLUG)
    if not any(user["email"] == EMAIL for user in auth.users()):
        auth.create_user(EMAIL, password(), "Demo")
    auth.add_member(scope.company, EMAIL, Role.owner)
    return scope


def _whole(scope: Scope) -> bool:
    """Whether the data is there; the targets come last, so they are the sign."""
    with db.tenant(scope) as connection:
        return connection.execute("SELECT 1 FROM targets LIMIT 1").fetchone() is not None


def _targets(scope: Scope, targets: tuple[demo.Target, ...]) -> None:
    with db.tenant(scope) as connection:
        connection.cursor().executemany(
            "INSERT INTO targets (company_id, metric, grain, period_start, value) VALUES (%s, %s, 'month', %s, %s) "
            "ON CONFLICT (company_id, metric, grain, period_start, dimension, member) "
            "DO UPDATE SET value = excluded.value",
            [(scope.company_id, t.metric, t.month, t.value) for t in targets],
        )
