"""What every answer must hold, on answers made by hand; the citations on the real embedded database."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from assistant.parts import Answer, Chart, Citation, Figure
from core import db
from core.tenancy import Scope
from eval import checks
from eval.case import Case
from eval.score import Verdict

DAY = date(2026, 10, 1)
HREF = "/fuentes?metric=sales&start=2026-10-01&end=2026-10-31&branch=Talca&not.channel=Delivery"


@pytest.fixture
def verdict() -> Verdict:
    return Verdict(
        Case("x.1", "x", "value", "demo", DAY, ("¿?",), ("answered",), None, (), {}, False),
    )


def figure(value: str, metric: str = "sales") -> Figure:
    return Figure("f1", metric, "ventas", Decimal(value), "CLP", DAY, date(2026, 10, 31), {"branch": "Talca"}, "c1")


def citation(href: str = HREF) -> Citation:
    return Citation("c1", "metric", "Ventas", "Suma de las líneas", href)


def chart(*values: float) -> Chart:
    rows = [{"nombre": str(n), "valor": value} for n, value in enumerate(values)]
    x: dict[str, Any] = {"field": "valor", "type": "quantitative"}
    return Chart(
        "Ventas", {"data": {"values": rows}, "encoding": {"x": x, "y": {"field": "nombre", "type": "nominal"}}}
    )


def test_an_address_tells_its_slice() -> None:
    query = checks.query_of(HREF)
    assert query is not None
    assert query.metrics == ("sales",)
    assert {(f.dimension, f.members, f.exclude) for f in query.filters} == {
        ("branch", ("Talca",), False),
        ("channel", ("Delivery",), True),
    }


@pytest.mark.parametrize("href", ["/fuentes", "/fuentes?metric=nothing&start=2026-10-01&end=2026-10-31", "/metricas"])
def test_an_address_that_names_no_figure(href: str) -> None:
    assert checks.query_of(href) is None


def test_figures_are_computed_again_from_the_file(verdict: Verdict) -> None:
    lines = pd.DataFrame(
        {
            "day": pd.to_datetime([DAY, DAY, DAY]),
            "branch": ["Talca", "Talca", "Curicó"],
            "channel": ["Mostrador", "Delivery", "Mostrador"],
            "total": [50_000, 70_000, 90_000],
        }
    )
    checks.figures(Answer(figures=[figure("5")], citations=[citation()]), verdict, lines)
    assert verdict.measures == {"recomputed": True}
    checks.figures(Answer(figures=[figure("6")], citations=[citation()]), verdict, lines)
    assert verdict.measures == {"recomputed": False}
    assert verdict.wrong_figure


def test_a_chart_draws_the_figures(verdict: Verdict) -> None:
    checks.charts(Answer(figures=[figure("5.25"), figure("7")], charts=[chart(5.25, 7)]), verdict)
    assert verdict.measures == {"chart": True}
    checks.charts(Answer(figures=[figure("5.25")], charts=[chart(5.2)]), verdict)
    assert verdict.measures == {"chart": False}


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("**$10.585.464** en octubre", True),
        ("vendiste $10,6 millones", True),
        ("vendiste $10.585 mil", True),
        ("vendiste $10,7 millones", False),
        ("vendiste $10.585.465", False),
        ("son 31 días", True),
    ],
)
def test_amounts_in_the_text_are_figures_rounded(text: str, good: bool, verdict: Verdict) -> None:
    checks.text(Answer(text=text, figures=[figure("10585464")]), verdict)
    assert verdict.measures.get("text", True) is good


def test_a_citation_without_lines_does_not_open(new_scope: Callable[..., Scope], verdict: Verdict) -> None:
    scope = new_scope()
    gone = citation("/datos/00000000-0000-0000-0000-000000000000")
    with db.tenant(scope) as connection:
        checks.citations(Answer(figures=[figure("0")], citations=[citation()]), verdict, scope, connection)
        assert verdict.measures == {"citations": True}
        checks.citations(Answer(citations=[gone]), verdict, scope, connection)
    assert verdict.measures == {"citations": False}


def test_a_figure_must_cite_something(new_scope: Callable[..., Scope], verdict: Verdict) -> None:
    scope = new_scope()
    with db.tenant(scope) as connection:
        checks.citations(Answer(figures=[figure("0")]), verdict, scope, connection)
    assert verdict.measures == {"citations": False}
