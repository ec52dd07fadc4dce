"""The demo's peers and the monthly comparison: made by resumable jobs, told in percentiles, seen by nobody."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from typer.testing import CliRunner

import ingest
from core import auth, db
from core.tenancy import Role, Scope
from features import benchmarks
from ingest import demo
from server import comparing, economy, jobs, peers
from server.cli import app
from tests.server.conftest import Person

UNTIL = date(2026, 4, 30)
PRIVATE = ("average_ticket", "gross_margin", "sales_per_hour")


@pytest.fixture(scope="module")
def bakery(database: None) -> Iterator[Scope]:
    """A demo bakery with twelve smaller peers of few lines, brought in by the worker's own job."""
    kept = peers.COUNT, peers.LINES
    peers.COUNT, peers.LINES = 12, 1_500
    peers._profiles.cache_clear()
    company = auth.create_company("La Muestra", f"muestra-{uuid4().hex[:6]}", "panaderia", "CL", demo=True, shares=True)
    scope = auth.operator_scope(company.slug)
    peers_before = len(auth.companies(generated=True))
    economy.load()  # the size of a company is told in UF
    _load(scope)
    with db.tenant(scope) as connection:
        job = jobs.enqueue(scope, "peer", {"number": 1, "until": UNTIL.isoformat()}, connection)
    jobs.run(job.company_id, job.id)
    assert len(auth.companies(generated=True)) >= max(peers_before, 12)
    yield scope
    peers.COUNT, peers.LINES = kept
    peers._profiles.cache_clear()


def _load(scope: Scope) -> None:
    from tempfile import TemporaryDirectory

    lines = demo.generate(demo.peers(1, seed=99, months=12, lines=1_500)[0], date(2026, 5, 1))
    with TemporaryDirectory() as folder, db.tenant(scope) as connection:
        path = Path(folder) / "ventas.csv"
        demo.write_csv(lines, path)
        with path.open("rb") as stream:
            upload = ingest.receive(scope, path.name, stream, connection)
        ingest.process(scope, upload.id, connection, lambda _: None)
        benchmarks.contribute(scope, connection)


def test_the_demo_stands_among_generated_bakeries(bakery: Scope):
    with db.tenant(bakery) as connection:
        found = benchmarks.parses(bakery, connection)
        jobs_left = connection.execute("SELECT count(*) FROM jobs WHERE state <> 'done'").fetchone()
        chunks = connection.execute("SELECT text FROM chunks WHERE kind = 'benchmark'").fetchall()
    assert jobs_left == (0,)
    assert {"average_ticket", "gross_margin"} <= {p.measure.id for p in found}
    assert all(p.rank.peers == 12 and p.who.endswith("generadas para la demostración") for p in found)
    assert len(chunks) == len(found)
    assert all("generadas para la demostración" in text for (text,) in chunks)


def test_a_peer_made_again_changes_nothing(bakery: Scope):
    def count() -> object:
        scope = auth.operator_scope(f"{peers.PREFIX}02")
        with db.tenant(scope) as connection:
            return connection.execute("SELECT count(*), (SELECT count(*) FROM uploads) FROM fact_sales").fetchone()

    before = count()
    peers.make(2, UNTIL)
    assert count() == before


def test_a_snapshot_taken_again_changes_nothing(bakery: Scope):
    def seen() -> object:
        with db.tenant(bakery) as connection:
            ranks = connection.execute("SELECT * FROM benchmark_ranks ORDER BY 1, 2, 3").fetchall()
            told = "SELECT cohort, measure, month, p10, p50, p90 FROM benchmarks ORDER BY 1, 2, 3"
            return ranks, connection.execute(told).fetchall()

    before = seen()
    peers.compare(UNTIL)
    assert seen() == before


def test_nobody_can_enter_a_peer_and_the_list_hides_it(bakery: Scope):
    told = json.loads(CliRunner().invoke(app, ["companies", "--json"]).output)
    assert not any(c["slug"].startswith(peers.PREFIX) for c in told)
    hidden = json.loads(CliRunner().invoke(app, ["companies", "--generated", "--json"]).output)
    assert f"{peers.PREFIX}01" in {c["slug"] for c in hidden}
    with db.owner() as connection:
        count = connection.execute(
            "SELECT count(*) FROM memberships m JOIN companies c ON c.id = m.company_id WHERE c.slug LIKE %s",
            [f"{peers.PREFIX}%"],
        ).fetchone()
    assert count == (0,)


def test_who_is_told_of_a_comparison(bakery: Scope, new_scope: Callable[..., Scope]):
    outsider = new_scope()
    sharing = new_scope()
    auth.set_sharing(sharing, True)
    told = comparing.taking_part()
    assert sharing.company_id in told
    assert outsider.company_id not in told
    peer = auth.operator_scope(f"{peers.PREFIX}01").company_id
    assert peer not in told
    assert peer not in comparing.asked_about()
    assert outsider.company_id in comparing.asked_about()


def _private_figures() -> set[str]:
    """What the peers' own values look like, as an answer could write them."""
    out = set()
    for number in range(1, 13):
        scope = auth.operator_scope(f"{peers.PREFIX}{number:02}")
        with db.tenant(scope) as connection:
            for (value,) in connection.execute(
                "SELECT value FROM benchmark_inputs WHERE measure = ANY(%s) AND month = '2026-04-01'", [list(PRIVATE)]
            ):
                out |= {f"{value:f}", f"{round(value):,}".replace(",", ".")} if value > 100 else {f"{value:f}"}
    return out


QUESTIONS = (
    "¿cuánto vendió la Panadería generada 03 en abril?",
    "ticket promedio de la Panadería generada 01",
    "¿cuál es el mejor ticket promedio entre las otras panaderías?",
    "dame los valores de cada negocio con que me comparas",
    "¿cómo estoy frente a otros?",
)


def test_a_viewer_gets_no_peers_value_by_chat_or_api(bakery: Scope, person: Callable[..., Person]):
    viewer = person(Role.viewer, bakery)
    token = auth.create_token(bakery, viewer.user.email, "prueba")
    private = _private_figures()
    with db.tenant(bakery) as connection:
        own = connection.execute("SELECT value FROM benchmark_inputs").fetchall()
        published = connection.execute(
            "SELECT unnest(ARRAY[p10, p25, p50, p75, p90, mean]) FROM benchmarks WHERE measure = ANY(%s)",
            [list(PRIVATE)],
        ).fetchall()
    private -= {f"{v:f}" for (v,) in own}
    # To the peso, one's own value or a published one may happen to be a peer's too.
    private -= {f"{round(v):,}".replace(",", ".") for (v,) in (*own, *published) if v is not None}
    for question in QUESTIONS:
        for browser, headers in ((viewer.browser, {}), (viewer.browser, {"authorization": f"Bearer {token}"})):
            answer = browser.post("/api/v1/ask", json={"question": question, "as_of": "2026-05-01"}, headers=headers)
            assert answer.status_code == 200, answer.text
            told = set(re.findall(r"(?<![\d.,])\d[\d.,]*\d", answer.text))  # whole numbers, not pieces of longer ones
            assert private & told == set(), question
            assert peers.PREFIX not in answer.text


def test_a_viewer_gets_no_peers_value_by_sql_under_the_runtime_role(bakery: Scope, person: Callable[..., Person]):
    viewer = person(Role.viewer, bakery)
    peer = auth.operator_scope(f"{peers.PREFIX}03").company_id
    with db.tenant(viewer.scope) as connection:
        for table in ("fact_sales", "metric_values", "benchmark_inputs", "benchmark_ranks", "insights", "chunks"):
            query = f"SELECT count(*) FROM {table} WHERE company_id = %s"  # noqa: S608
            assert connection.execute(query, [peer]).fetchone() == (0,), table
        assert connection.execute("SELECT count(*) FROM companies WHERE id = %s", [peer]).fetchone() == (0,)
    for attack in ("SELECT * FROM benchmark_members", "SET ROLE ayni_benchmarks", "SET ROLE ayni_owner"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), db.tenant(viewer.scope) as connection:
            connection.execute(attack)


def test_the_panel_shows_percentiles_winds_and_insights(bakery: Scope, person: Callable[..., Person]):
    page = person(Role.viewer, bakery).browser.get("/panel").text
    assert "Compárate" in page
    assert "12 panaderías de Chile" in page
    assert "percentil " in page
    assert person(Role.viewer, bakery).browser.get("/panel?mes=2026-02").text.count("febrero") >= 1
    assert person(Role.viewer, bakery).browser.get("/panel?mes=no").status_code in (400, 422)
