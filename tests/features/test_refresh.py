"""A refresh tells what stands around the figures, for its own company and no other."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import features
import ingest
from core import db
from core.tenancy import Scope
from features import macro
from features.benchmarks import take
from features.benchmarks.measures import SIZE
from features.refresh import notice
from ingest import demo

MONTH = date(2026, 4, 1)
AROUND = ("insight", "macro", "benchmark")


def _bring_in(scope: Scope, folder: Path) -> None:
    profile = demo.peers(1, seed=5, months=14, lines=2_500)[0]
    path = folder / "ventas.csv"
    demo.write_csv(demo.generate(profile, date(2026, 5, 1)), path)
    with db.tenant(scope) as connection:
        with path.open("rb") as stream:
            upload = ingest.receive(scope, path.name, stream, connection)
        outcome = ingest.process(scope, upload.id, connection, lambda _: None)
        features.refresh(scope, connection, outcome.touched)


def _peer(scope: Scope, ticket: int, size: object) -> None:
    with db.tenant(scope) as connection:
        connection.cursor().executemany(
            "INSERT INTO benchmark_inputs (company_id, month, measure, value) VALUES (%s, %s, %s, %s)",
            [[scope.company_id, MONTH, "average_ticket", ticket], [scope.company_id, MONTH, SIZE, size]],
        )


def _kinds(scope: Scope) -> dict[str, int]:
    with db.tenant(scope) as connection:
        rows = connection.execute("SELECT kind, count(*) FROM chunks WHERE kind = ANY(%s) GROUP BY 1", [list(AROUND)])
        return dict(rows.fetchall())


def test_insights_winds_and_ranks_are_told_to_their_company_alone(new_scope: Callable[..., Scope], tmp_path: Path):
    with db.owner() as connection:
        macro.load_built_in(connection)
    mine, *others = (new_scope() for _ in range(12))
    with db.owner() as connection:  # a sector of this test's own: nobody else falls into its cohorts
        connection.execute(
            "UPDATE companies SET sector = 'heladería de prueba', shares_benchmarks = true WHERE id = ANY(%s)",
            [[s.company_id for s in (mine, *others)]],
        )
    _bring_in(mine, tmp_path)
    told = _kinds(mine)
    assert told["insight"] > 0
    assert told["macro"] > 0
    assert "benchmark" not in told
    with db.tenant(mine) as connection:
        size = connection.execute(
            "SELECT value FROM benchmark_inputs WHERE month = %s AND measure = %s", [MONTH, SIZE]
        ).fetchone()
    assert size is not None
    for number, other in enumerate(others):
        _peer(other, 5_000 + 500 * number, size[0])
    with db.benchmarks() as connection:
        take([MONTH], connection)
    with db.tenant(mine) as connection:
        notice(mine, connection)
        notice(mine, connection)
    assert _kinds(mine)["benchmark"] == 1
    assert {k: v for k, v in _kinds(mine).items() if k == "macro"} == {"macro": told["macro"]}
    assert all(_kinds(other) == {} for other in others)
