"""What the days to come hold, and a percentile that moved: told with figures that can be opened."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import features
from core import db
from core.periods import Period
from features.stock import Stock
from server import filing
from server.digest.editions import parse
from server.digest.gather import _insight
from server.digest.watch import running_out, watch
from tests.server.conftest import Person
from tests.server.digest.conftest import TODAY


def counted(product: str, left: int, pace: str, ago: int = 3) -> Stock:
    at = datetime(TODAY.year, TODAY.month, TODAY.day, tzinfo=UTC) - timedelta(days=ago)
    return Stock(
        product=product, counted_on=at.date(), sent_at=at, counted=Decimal(left), sold=Decimal(0), pace=Decimal(pace),
        minimum=None, upload_id=uuid4(), source_line=1,
    )  # fmt: skip


def test_what_runs_out_within_the_week_is_told_the_soonest_first() -> None:
    shelves = [
        counted("Harina", 20, "5"), counted("Levadura", 1, "2"), counted("Té", 0, "1"), counted("Sal", 100, "1"),
        counted("Vela", 1, "0"), counted("Azúcar", 1, "1", ago=90), counted("Café", 6, "1"),
    ]  # fmt: skip
    assert running_out(shelves, TODAY) == (
        "Se te acaba esta semana: Té (no queda), Levadura (alcanza para menos de un día) y Harina (alcanza para 4 días)"
        ", y 1 más."
    )
    assert running_out(shelves[3:6], TODAY) == ""


def test_what_begins_is_told_beside_a_year_ago(person: Callable[..., Person], tmp_path: Path) -> None:
    owner = person()
    lines = ["Fecha;Boleta;Producto;Cantidad;Total"]
    first, last = date(2025, 10, 1), date(2026, 11, 1)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    lines += [f"{day:%d/%m/%Y};{n};Pan;1;{1000 + 10 * n}" for n, day in enumerate(days)]
    path = tmp_path / "ventas.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert filing.file(owner.scope, path).ready
    have = Period(first, last)
    with db.tenant(owner.scope) as connection:
        said, facts = watch(parse("2026-W44"), TODAY, have, owner.scope, connection)
        monthly, _ = watch(parse("2026-10"), TODAY, have, owner.scope, connection)
        day, none = watch(parse("2026-11-01"), TODAY, have, owner.scope, connection)
        [fact] = facts
        assert features.run(fact.query, owner.scope, connection).value() == fact.value
    # The week of Monday 2-nov-2026, fifty-two weeks before.
    week = [date(2025, 11, 3) + timedelta(days=n) for n in range(7)]
    assert fact.value == sum(1000 + 10 * days.index(d) for d in week)
    assert said[-1] == "Hace un año, en la semana del 3-nov-2025, vendiste $9.520."
    assert monthly[-1].startswith("En noviembre del año pasado vendiste $")
    assert (day, none) == ((), ())


def test_a_percentile_that_moved_is_drawn_as_percentiles(owner: Person) -> None:
    told = {
        "rule": "benchmark_move", "metric": "sales", "start": "2026-10-01", "end": "2026-10-31", "evidence": [],
        "slice": {"measure": "tasa de descuento"}, "title": "x", "why": "y", "todo": "z", "follow_up": "¿?",
    }  # fmt: skip
    have = Period(date(2026, 9, 1), date(2026, 10, 31))
    with db.tenant(owner.scope) as connection:
        assert _insight(told, have, owner.scope, connection).chart is None
        connection.execute("UPDATE companies SET shares_benchmarks = true")
    with db.benchmarks() as connection:
        for month, percentile in ((date(2026, 9, 1), 40), (date(2026, 10, 1), 89)):
            connection.execute(
                "INSERT INTO benchmark_ranks (company_id, month, measure, cohort, value, percentile, low, high, peers) "
                "VALUES (%s, %s, 'discount_rate', 'CL:x', 0.1, %s, 0, 100, 22)",
                [owner.scope.company_id, month, percentile],
            )
    with db.tenant(owner.scope) as connection:
        story = _insight(told, have, owner.scope, connection)
    assert story.chart is not None
    assert [(row["name"], row["value"]) for row in story.chart["data"]["values"]] == [("sep 26", 40), ("oct 26", 89)]
    assert story.chart_says == "Tu percentil en tasa de descuento, por mes"
    (now,) = story.facts  # the story compares October with July, which nobody knows here
    assert (now.label, now.value, now.shown) == ("percentil en tasa de descuento, octubre 2026", 89, "89")
    assert now.href == "/panel/dueno?mes=2026-10#comparate"
    economy = {**told, "rule": "macro", "slice": {}}
    with db.tenant(owner.scope) as connection:
        assert _insight(economy, have, owner.scope, connection).chart is None
