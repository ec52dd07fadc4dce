"""What is told of a company, and that it is told of what stands."""

from datetime import date
from decimal import Decimal

import features
import retrieval
from core import db
from core.db import Connection
from core.tenancy import Scope
from features.text import chunks
from tests.features.sample import Line, load


def test_values_say_what_they_are_compared_with(scope: Scope) -> None:
    lines = [
        Line(date(2026, 8, 1), Decimal(1000), branch="Centro", quantity=Decimal(1)),
        Line(date(2026, 9, 2), Decimal(1_500_000), branch="Centro", quantity=Decimal(3)),
        Line(date(2026, 10, 5), Decimal(1_200_000), branch="Talca", quantity=Decimal(2)),
        Line(date(2026, 10, 31), Decimal(-100_000), "return", branch="Talca", quantity=Decimal(-1)),
    ]
    with db.tenant(scope) as connection:
        load(lines, scope, connection)
        features.refresh(scope, connection)
        told = {(c.kind, c.key): c for c in chunks(scope, connection)}
        october = told["metric", "sales:2026-10-01:2026-10-31::"]
        assert october.title == "Ventas, octubre 2026"
        assert october.text == (
            "Ventas en octubre 2026: $1.100.000. Es 26,7 % menos que en septiembre 2026 ($1.500.000)."
        )
        assert october.href == "/fuentes?metric=sales&start=2026-10-01&end=2026-10-31"
        assert (october.period_start, october.period_end) == (date(2026, 10, 1), date(2026, 10, 31))
        moved = told["metric", "change:sales:2026-10-01:2026-10-31::"]
        assert moved.text.startswith("Ventas bajaron 26,7 % en octubre 2026: de $1.500.000 en septiembre 2026")
        year = told["metric", "sales:2026-01-01:2026-12-31::"]
        assert year.text == "Ventas en 2026 (hasta el 31-oct-2026): $2.601.000."
        branches = told["metric", "ranking:sales:2026-10-01:2026-10-31:branch"]
        assert branches.text == "Sucursales con más ventas en octubre 2026: 1) Talca: $1.100.000."
        assert "margen bruto" in told["quality", "absent:cost"].text
        assert "4 líneas de venta" in told["quality", "coverage"].text
        assert ("quality", "absent:quantity") not in told


def test_every_metric_is_defined_and_found(loaded: tuple[Scope, Connection]) -> None:
    scope, connection = loaded
    told = list(chunks(scope, connection))
    assert {c.key for c in told if c.kind == "definition"} == {*(m.id for m in features.METRICS), "dimensions"}
    keys = [(c.kind, c.key) for c in told]
    assert len(keys) == len(set(keys))
    assert len(keys) < 3000
    hits = retrieval.search("¿cómo calculas el margen bruto?", scope, connection, limit=3, kinds=("definition",))
    assert "gross_margin" in {h.chunk.key for h in hits}


def test_what_no_longer_holds_is_dropped(loaded: tuple[Scope, Connection]) -> None:
    scope, connection = loaded
    before = connection.execute("SELECT count(*) FROM chunks WHERE kind = 'metric'").fetchone()
    assert before is not None
    assert before[0] > 50
    connection.execute("DELETE FROM fact_sales")
    features.refresh(scope, connection, ())
    assert connection.execute("SELECT count(*) FROM chunks WHERE kind = 'metric'").fetchone() == (0,)
    row = connection.execute("SELECT text FROM chunks WHERE kind = 'quality' AND key = 'coverage'").fetchone()
    assert row is not None
    assert row[0].startswith("Todavía no tengo ventas")
