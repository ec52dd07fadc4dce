"""The explorer on the million-line company: each kind of view that its form can ask for, gathered anew; and reports'
blocks whose rows hold rows.

A view is all that the page shows of it: its table, chart, steps and the cuts beside it. A block is its table. The bare
limit is one indexed select under row-level security.
"""

import statistics
import time
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from benchmarks import child, filing
from benchmarks.table import Row

MODULE = "benchmarks.exploring"
ROUNDS = 3
ONE = "SELECT lines FROM feature_state WHERE company_id = %s"
VIEWS = {
    "sales by month": "metric=sales&rows=month",
    "sales by month, a year before": "metric=sales&rows=month&compare=year",
    "sales by day of a month": "metric=sales&rows=day&MONTH",
    "months by year": "metric=sales&rows=month&columns=year&compare=previous&ALL",
    "sales by branch": "metric=sales&rows=branch",
    "branch × category": "metric=sales&rows=branch&columns=category",
    "category × product, two figures": "metric=sales&metric=transactions&rows=category&columns=product",
    "branch × month": "metric=gross_margin&rows=branch&columns=month&chart=heatmap",
    "weekday × hour": "metric=sales&rows=weekday&columns=hour&chart=heatmap",
    "weekday × hour, transactions": "metric=transactions&rows=weekday&columns=hour&chart=heatmap",
    "channel × payment": "metric=average_ticket&rows=channel&columns=payment_method",
    "customers, the first 20": "metric=sales&rows=customer&order=desc&limit=20",
    "customers, a year before": "metric=sales&rows=customer&order=desc&limit=20&compare=year",
    "active customers by month": "metric=active_customers&rows=month&chart=line",
    "active customers by branch": "metric=active_customers&rows=branch",
    "active customers by category": "metric=active_customers&rows=category",
    "new customers by month": "metric=new_customers&rows=month",
    "products of a month, three figures": "metric=sales&metric=units&metric=gross_margin&rows=product&limit=20&MONTH",
    "products of a branch and channel": "metric=sales&rows=product&branch=Temuco&channel=Web",
    "ticket by branch of a category": "metric=average_ticket&rows=branch&category=Ba%C3%B1o",
    "margin of a category and branch": "metric=gross_margin&rows=month&category=Ba%C3%B1o&branch=Temuco&compare=year",
    "transactions of an hour": "metric=transactions&rows=month&hour=13+h",
    "all years": "metric=sales&rows=year&ALL",
}
"""By what an owner would call it; of the latest twelve full months where nothing else is said."""
NESTED: dict[str, dict[str, Any]] = {
    "branch › category": {},
    "branch › category, the year before": {"compare": "year"},
    "category › product": {},
    "product › branch, three figures": {"metrics": ("sales", "units", "gross_margin")},
    "month › branch": {},
    "branch › month": {},
    "year › month": {},
    "month › week": {},
    "branch › category × month": {},
    "branch › category × channel": {},
    "category › branch, customers": {"metrics": ("active_customers",)},
    "branch › customer, the first 20": {"limit": 20, "order": "desc"},
    "customer › product, the first 10": {"limit": 10, "order": "desc"},
}
"""Rows within rows of the same months, by their fields."""


def measure(rows: int, today: date, folder: Path) -> list[Row]:
    """On the big company, where it was made in this run."""
    data = folder / "big"
    if not data.is_dir():
        return []
    made = child.run(MODULE, today.isoformat(), data_dir=data)
    section, note = f"explorer, {rows:,} lines", f"{len(VIEWS)} views × {ROUNDS}; slowest: {made['slowest']}"
    return [
        Row(section, "a view gathered anew p50", made["p50"], "ms", None, made["bare"]),
        Row(section, "a view gathered anew p95", made["p95"], "ms", 150, made["bare"], note),
        *_of_blocks(rows, made["nested"], made["bare"]),
    ]


def _of_blocks(rows: int, made: dict[str, Any], bare: float) -> list[Row]:
    section, note = f"reports, {rows:,} lines", f"{len(NESTED)} blocks × {ROUNDS}; slowest: {made['slowest']}"
    return [
        Row(section, "rows within rows, a block p50", made["p50"], "ms", None, bare),
        Row(section, "rows within rows, a block p95", made["p95"], "ms", 500, bare, note),
    ]


def _gather(today: date) -> dict[str, Any]:
    import features
    from core import auth, db
    from core.periods import Grain, Period
    from server.pages import exploring
    from server.views import address, steps

    db.migrate()
    scope = auth.operator_scope(filing.COMPANY)
    taken: dict[str, list[float]] = {name: [] for name in VIEWS}
    bare = []
    for _ in range(ROUNDS):
        for name, query in VIEWS.items():
            with db.tenant(scope) as connection:
                coverage = features.coverage(scope, connection)
                known = coverage.period
                assert known is not None
                first = steps.first_view(known, today)
                period = first.period
                if query.endswith("&MONTH"):
                    period = Period.of(Grain.month, period.end)
                elif query.endswith("&ALL"):
                    period = known
                view = address.decode(parse_qsl(query), period, first.metrics)
                started = time.perf_counter()
                exploring.gather(view, coverage, today, scope, connection)
                taken[name].append((time.perf_counter() - started) * 1000)
                started = time.perf_counter()
                connection.execute(
                    "SELECT lines FROM feature_state WHERE company_id = %s", [scope.company_id]
                ).fetchone()
                bare.append((time.perf_counter() - started) * 1000)
    nested = _fill(scope, today)
    db.close()
    return {**_told(taken), "bare": statistics.median(bare), "nested": nested}


def _fill(scope: Any, today: date) -> dict[str, Any]:
    from core import db
    from server.reports import blocks
    from server.reports.spans import Kind
    from server.reports.spec import Block, Spec
    from server.views.view import Chart

    spec = Spec(span=Kind.last_12_months)
    taken: dict[str, list[float]] = {name: [] for name in NESTED}
    for _ in range(ROUNDS):
        for name, more in NESTED.items():
            rows, _, rest = name.partition(",")[0].partition(" › ")
            within, _, columns = rest.partition(" × ")
            block = Block.model_validate(
                {"id": "b1", "chart": Chart.table, "metrics": ("sales",), "rows": rows, "within": within,
                 "columns": columns, **more}
            )  # fmt: skip
            with db.tenant(scope) as connection:
                started = time.perf_counter()
                filled = blocks.filled(block, spec, today, scope, connection)
                taken[name].append((time.perf_counter() - started) * 1000)
            assert filled.table is not None, filled.problem
    return _told(taken)


def _told(taken: dict[str, list[float]]) -> dict[str, Any]:
    times = [t for some in taken.values() for t in some]
    worst = max(taken, key=lambda name: statistics.median(taken[name]))
    return {
        "p50": statistics.median(times),
        "p95": statistics.quantiles(times, n=20, method="inclusive")[-1],
        "slowest": f"{worst}, {statistics.median(taken[worst]):.0f} ms",
        "each": {name: round(statistics.median(some), 1) for name, some in taken.items()},
    }


if __name__ == "__main__":
    import sys

    child.tell(lambda: _gather(date.fromisoformat(sys.argv[1])))
