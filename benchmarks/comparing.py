"""The month's comparison over a thousand companies, the insights of one company-month, and the night's work."""

import random
import sys
import time
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import child
from benchmarks.table import Row

MODULE = "benchmarks.comparing"
COMPANIES = 1_000
MONTHS = 24
NIGHTS = 6
"""So many companies' night is measured; a thousand of them are that many times as much, on two cores."""
CORES = 2
INSERT = "INSERT INTO benchmark_inputs (company_id, month, measure, value) VALUES (%s, %s, %s, %s)"


def measure(rows: int, today: date, folder: Path) -> list[Row]:
    """In a database of its own."""
    done = child.run(MODULE, today.isoformat(), data_dir=folder / "comparing")
    section = f"{COMPANIES:,} companies"
    told = f"{done['figures']:,} figures published"
    night = f"{NIGHTS} companies of about {done['lines']:,} lines measured, scaled by count to {CORES} cores"
    return [
        Row(section, f"benchmarks of {MONTHS} months", done["snapshot"], "s", 120, None, told),
        Row("demo", "insights of one company-month", done["insights"], "s", 1),
        Row(section, "nightly", done["night"] * COMPANIES / CORES / 60, "min", 15, None, night),
    ]


def _work(today: date) -> dict[str, Any]:
    from core import auth, db
    from features import benchmarks, insights
    from server import demo, jobs, peers
    from server.comparing import latest_months
    from server.ready import make_ready

    make_ready()
    scope = demo.ensure(today) or auth.operator_scope(demo.SLUG)
    months = latest_months(today, MONTHS)
    _contribute(months)
    with db.benchmarks() as connection:
        snapshot, figures = _timed(lambda: benchmarks.take(months, connection))
    with db.tenant(scope) as connection:
        last = insights.full_months(scope, connection)[-1]
        taken = [_timed(lambda: insights.refresh(scope, connection, [last]))[0] for _ in range(3)]
    for number in range(1, NIGHTS + 1):
        peers.make(number, last.end)
    nights = []
    for company in auth.companies(generated=True)[:NIGHTS]:
        peer = auth.operator_scope(company.slug)
        with db.tenant(peer) as connection:
            connection.execute("DELETE FROM fact_changes")  # the usual night: nothing was left undone by the day
            job = jobs.enqueue(peer, "nightly", {}, connection)
        nights.append(_timed(lambda job=job: jobs.run(job.company_id, job.id))[0])
    db.close()
    return {
        "snapshot": snapshot,
        "figures": figures,
        "insights": median(taken),
        "night": median(nights),
        "lines": peers.LINES,
    }


def _contribute(months: tuple[date, ...]) -> None:
    """What a thousand companies of several sectors and sizes would have contributed."""
    from core import db
    from features.benchmarks import MEASURES, SECTORS
    from features.benchmarks.measures import SIZE

    chance = random.Random(3)
    with db.owner() as connection:
        for number in range(COMPANIES):
            connection.execute(
                "INSERT INTO companies (slug, name, sector, shares_benchmarks) VALUES (%s, 'Generada', %s, true)",
                [f"b-{number}", chance.choice(SECTORS).id],
            )
        ids = [r[0] for r in connection.execute("SELECT id FROM companies WHERE slug LIKE 'b-%'").fetchall()]
    for id in ids:
        size = 10 ** chance.uniform(3, 5)
        with db.identity() as connection:
            connection.execute("SELECT set_config('app.company_id', %s, true)", [str(id)])
            rows = [(id, month, SIZE, size) for month in months]
            rows += [(id, m, one.id, round(chance.lognormvariate(0, 0.4), 6)) for m in months for one in MEASURES]
            connection.cursor().executemany(INSERT, rows)


def _timed(work: Any) -> tuple[float, Any]:
    started = time.perf_counter()
    result = work()
    return time.perf_counter() - started, result


if __name__ == "__main__":
    child.tell(lambda: _work(date.fromisoformat(sys.argv[1])))
