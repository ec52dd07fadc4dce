"""Changes, targets, formatting and what lacks: the pure rules."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

import features
from core import db
from core.db import Connection
from core.periods import Grain, Period
from core.tenancy import Scope
from features.catalog.registry import by_id, by_word
from features.catalog.types import Dimension, Good, Metric, Unit
from features.query import Filter, Query

AMOUNTS = st.decimals(min_value=-(10**9), max_value=10**9, places=2)


@given(AMOUNTS, AMOUNTS)
def test_a_change_adds_up(current: Decimal, before: Decimal) -> None:
    found = features.change(current, before, features.metric("sales"))
    assert found is not None
    assert found.before + found.difference == current
    assert (found.ratio is None) == (before == 0)
    assert found.verdict == ("good" if current > before else "bad" if current < before else "neutral")


@pytest.mark.parametrize(
    ("metric", "current", "before", "ratio", "verdict"),
    [
        ("sales", 110, 100, Decimal("0.1"), "good"),
        ("returns", 110, 100, Decimal("0.1"), "bad"),
        ("average_price", 110, 100, Decimal("0.1"), "neutral"),
        ("sales", -50, -100, Decimal("0.5"), "good"),
        ("sales", 5, 0, None, "good"),
    ],
)
def test_examples(metric: str, current: int, before: int, ratio: Decimal | None, verdict: str) -> None:
    found = features.change(Decimal(current), Decimal(before), features.metric(metric))
    assert found is not None
    assert (found.ratio, found.verdict) == (ratio, verdict)


def test_nothing_is_compared_with_nothing() -> None:
    sales = features.metric("sales")
    assert features.change(None, Decimal(1), sales) is None
    assert features.change(Decimal(1), None, sales) is None


@pytest.mark.parametrize(
    ("metric", "value", "exact", "short"),
    [
        ("sales", "8412350", "$8.412.350", "$8,4 millones"),
        ("gross_margin", "0.3821", "38,2 %", "38,2 %"),
        ("transactions", "2318", "2.318", "2.318"),
        ("units", "12.5", "12,5", "12,5"),
        ("units_per_transaction", "2.4049", "2,40", "2,40"),
    ],
)
def test_values_as_an_owner_reads_them(metric: str, value: str, exact: str, short: str, scope: Scope) -> None:
    declared = features.metric(metric)
    assert features.shown(declared, Decimal(value), scope.company) == exact
    assert features.short(declared, Decimal(value), scope.company) == short
    assert features.shown(declared, None, scope.company) == "sin dato"


def test_what_lacks_is_said_with_what_to_send() -> None:
    assert features.need(features.metric("gross_margin"), ("cost",)) == (
        "Para el margen bruto necesito el costo, y tus archivos no lo traen."
        " Si subes una planilla de ventas que tenga el costo, te respondo al tiro."
    )
    assert features.need(features.metric("cost"), ("cost",)) == (
        "Tus archivos no traen el costo. Si subes una planilla de ventas que lo tenga, te respondo al tiro."
    )
    told = features.need(features.metric("sales"), ("store_id", "seller"))
    assert told.startswith("Para las ventas necesito la sucursal y el vendedor, y tus archivos no los traen.")
    assert features.need(features.dimension("branch"), ("store_id",)).startswith("Para separar por sucursal necesito")


def test_everything_needed_has_a_spanish_name() -> None:
    for declared in (*features.METRICS, *features.DIMENSIONS):
        features.need(declared, declared.needs or ("cost",))


def test_two_may_not_share_a_word_or_an_id() -> None:
    one = Metric("a", "uno", Unit.count, Good.up, "count(*)", "…", synonyms=("Único",))
    other = Metric("b", "dos", Unit.count, Good.up, "count(*)", "…", synonyms=("unico",))
    with pytest.raises(ValueError, match="'unico' names both 'a' and 'b'"):
        by_word([one, other])
    with pytest.raises(ValueError, match="id 'a'"):
        by_id([one, one])
    assert set(features.words(Dimension("c", "canal", "canales", "x", "(sin)", ()))) == {"canal", "canales"}


@pytest.fixture
def connection(scope: Scope) -> Iterator[Connection]:
    with db.tenant(scope) as connection:
        for month, member, value in ((9, "", 100), (10, "", 200), (10, "Talca", 50)):
            connection.execute(
                "INSERT INTO targets (company_id, metric, grain, period_start, dimension, member, value)"
                " VALUES (%s, 'sales', 'month', %s, %s, %s, %s)",
                [scope.company_id, date(2026, month, 1), "branch" if member else "", member, value],
            )
        yield connection


def test_targets(scope: Scope, connection: Connection) -> None:
    october, both = Period.month(2026, 10), Period(date(2026, 9, 1), date(2026, 10, 31))
    talca = (Filter("branch", ("Talca",)),)
    assert features.target(Query(("sales",), october), scope, connection) == 200
    assert features.target(Query(("sales",), october, filters=talca), scope, connection) == 50
    assert features.target(Query(("sales",), both), scope, connection) == 300
    assert features.target(Query(("sales",), both, filters=talca), scope, connection) is None
    assert features.target(Query(("sales",), Period.of(Grain.year, october.start)), scope, connection) is None
    assert features.target(Query(("units",), october), scope, connection) is None


def test_attainment() -> None:
    found = features.attainment(Decimal(150), Decimal(200), Good.up)
    assert found is not None
    assert (found.ratio, found.reached) == (Decimal("0.75"), False)
    below = features.attainment(Decimal(150), Decimal(200), Good.down)
    assert below is not None
    assert below.reached
    assert features.attainment(None, Decimal(1), Good.up) is None
    loss = features.attainment(Decimal(-50), Decimal(-100), Good.up)
    assert loss == features.Attainment(Decimal(-100), Decimal(-50), None, reached=True)  # no part of less than nothing
