"""What stands around the figures, on hand-made series and ranks of years that no real series reaches."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal

import pytest

import assistant
import features
from assistant.parts import Answer, Question
from core import db
from core.periods import add_months
from core.tenancy import Scope
from features import macro
from tests.features.sample import Line, load

TODAY = date(2036, 1, 31)
FIRST = date(2035, 1, 1)
MONTHS = [add_months(FIRST, n) for n in range(13)]


@pytest.fixture
def company(new_scope: Callable[..., Scope]) -> Iterator[Scope]:
    """A shop that sold 100.000 each day of January 2035 and 121.000 each day a year later, while prices rose 10 %."""
    scope = new_scope()
    days = [date(year, 1, day) for year in (2035, 2036) for day in range(1, 32)]
    with db.tenant(scope) as connection:
        load([Line(day, Decimal(100_000 if day.year == 2035 else 121_000), order=str(day)) for day in days], scope,
             connection)  # fmt: skip
        features.refresh(scope, connection)
    with db.owner() as connection:
        macro.save(
            "CL", "cpi", [(m, Decimal(10) if m == MONTHS[-1] else Decimal(0)) for m in MONTHS], "prueba", connection
        )
        macro.save("CL", "uf", [(day, Decimal(50_000)) for day in days], "prueba", connection)
    yield scope
    with db.owner() as connection:
        connection.execute("DELETE FROM macro_values WHERE source = 'prueba'")


def ask(scope: Scope, text: str) -> Answer:
    return asyncio.run(assistant.answer(Question(text, None, "test", TODAY), scope))


def figures(answer: Answer) -> dict[str, Decimal | None]:
    return {f.metric: f.value for f in answer.figures}


@pytest.mark.parametrize(
    "text",
    ["¿le gané a la inflación en enero?", "¿cuánto crecí en términos reales en enero?", "¿le estoy ganando al IPC?"],
)
def test_growth_is_told_apart(company: Scope, text: str) -> None:
    answer = ask(company, text)
    assert (answer.status, answer.verified) == ("answered", True)
    told = figures(answer)
    assert told["sales_inflation"] == pytest.approx(Decimal("0.1"))
    assert told["sales_change"] == pytest.approx(Decimal("0.21"))
    assert told["sales_real_change"] == pytest.approx(Decimal("0.1"))
    parts = (told["sales_inflation_part"] or 0) + (told["sales_own_part"] or 0)
    assert parts == told["sales_difference"] == 31 * 21_000
    assert "Sí, le ganaste" in answer.text


@pytest.mark.parametrize("text", ["¿cuánto vendí en UF en enero?", "ventas de enero en uf"])
def test_sales_in_uf(company: Scope, text: str) -> None:
    answer = ask(company, text)
    assert (answer.status, answer.verified) == ("answered", True)
    assert figures(answer)["sales_uf"] == Decimal(31 * 121_000) / 50_000
    assert figures(answer)["sales"] == 31 * 121_000


def test_no_rate_is_an_honest_no(new_scope: Callable[..., Scope]) -> None:
    scope = new_scope(country="UY", currency="UYU", timezone="America/Montevideo")
    with db.tenant(scope) as connection:
        load([Line(date(2035, 1, 1), Decimal(10))], scope, connection)
        features.refresh(scope, connection)
    for text in ("¿cuánto vendí en UF?", "¿le gané a la inflación?", "¿cómo me afecta la economía?"):
        answer = ask(scope, text)
        assert (answer.status, answer.figures) == ("no_data", [])


def test_peers_only_for_who_takes_part(company: Scope) -> None:
    assert ask(company, "¿cómo estoy frente a otros?").status == "no_data"


def test_the_percentile_among_peers(company: Scope) -> None:
    with db.owner() as connection:
        connection.execute("UPDATE companies SET shares_benchmarks = true WHERE id = %s", [company.company_id])
    with db.benchmarks() as connection:
        connection.execute(
            "INSERT INTO benchmarks (cohort, measure, month, owners, p10, p25, p50, p75, p90)"
            " VALUES ('CL:sector:panaderia:small', 'average_ticket', '2036-01-01', 14, 80000, 90000, 100000,"
            " 120000, 140000) ON CONFLICT DO NOTHING"
        )
        connection.execute(
            "INSERT INTO benchmark_ranks (company_id, month, measure, cohort, value, percentile, low, high, peers)"
            " VALUES (%s, '2036-01-01', 'average_ticket', 'CL:sector:panaderia:small', 121000, 76, 66, 86, 14)",
            [company.company_id],
        )
    for text in ("¿cómo estoy frente a otros?", "¿en qué percentil estoy?", "¿cómo ando comparado con el rubro?"):
        answer = ask(company, text)
        assert (answer.status, answer.verified) == ("answered", True), text
        assert figures(answer)["average_ticket_percentile"] == 76
        assert "**percentil 76** (morado)" in answer.text
