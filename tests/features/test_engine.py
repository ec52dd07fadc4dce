"""`run` against plain loops over the same lines: every metric, split, cut and filtered."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

import features
from core import db
from core.db import Connection
from core.errors import NotFound
from core.periods import Grain, Period
from core.tenancy import Scope
from features.query import Filter, Query
from tests.features.gold import MEMBER, gold
from tests.features.sample import Line, draw, load

FIRST = date(2025, 11, 20)
LINES = draw(7, 700, FIRST, 130)
METRICS = tuple(m.id for m in features.METRICS)
ALL = Period(FIRST, date(2026, 3, 29))


@pytest.fixture
def connection(scope: Scope) -> Iterator[Connection]:
    with db.tenant(scope) as connection:
        load(LINES, scope, connection)
        yield connection


def same(value: Decimal | None, expected: Decimal | None) -> bool:
    if value is None or expected is None:
        return value is expected
    return abs(value - expected) <= Decimal("1e-12") * max(1, abs(expected))


def check(query: Query, scope: Scope, connection: Connection, lines: list[Line] = LINES) -> None:
    result = features.run(query, scope, connection)
    assert not result.missing
    passing = [x for x in lines if all((MEMBER[f.dimension](x) in f.members) != f.exclude for f in query.filters)]
    spans = list(query.period.spans(query.grain)) if query.grain else [query.period]
    for row in result.rows:
        assert row.period in spans
        of_member = [x for x in passing if query.dimension is None or MEMBER[query.dimension](x) == row.member]
        of_member = [x for x in of_member if query.across is None or MEMBER[query.across](x) == row.across]
        expected = gold(row.metric, row.period, of_member, lines)
        assert same(row.value, expected), f"{row}: expected {expected}"
        assert row.all_lines == sum(row.period.holds(x.day) for x in of_member)
    if query.dimension is None:
        assert len(result.rows) == len(spans) * len(query.metrics)
    else:
        listed = {r.member for r in result.rows}
        sold = {MEMBER[query.dimension](x) for x in passing if query.period.holds(x.day)}
        assert query.limit is not None or sold <= listed
        cells = {(s, MEMBER[query.dimension](x)) for x in passing for s in spans if s.holds(x.day)}
        cells = {(s, m) for s, m in cells if m in listed}
        assert cells <= {(r.period, r.member) for r in result.rows}


@pytest.mark.parametrize("grain", [None, *Grain])
def test_every_metric_on_every_grain(grain: Grain | None, scope: Scope, connection: Connection) -> None:
    check(Query(METRICS, Period(date(2025, 12, 10), date(2026, 3, 17)), grain), scope, connection)


@pytest.mark.parametrize("dimension", sorted(MEMBER))
def test_every_metric_by_every_dimension(dimension: str, scope: Scope, connection: Connection) -> None:
    check(Query(METRICS, Period.month(2026, 1), dimension=dimension), scope, connection)
    check(Query(METRICS, ALL, Grain.month, dimension), scope, connection)


@pytest.mark.parametrize(
    ("dimension", "across"),
    [("branch", "category"), ("category", "product"), ("weekday", "hour"), ("customer", "seller")],
)
def test_every_metric_by_pairs_of_members(dimension: str, across: str, scope: Scope, connection: Connection) -> None:
    query = Query(METRICS, Period(date(2026, 1, 5), date(2026, 2, 20)), None, dimension, across=across)
    check(query, scope, connection)
    pairs = {(r.member, r.across) for r in features.run(replace(query, metrics=("sales",)), scope, connection).rows}
    assert pairs == {(MEMBER[dimension](x), MEMBER[across](x)) for x in LINES if query.period.holds(x.day)}
    only = (Filter(across, (MEMBER[across](LINES[0]),), exclude=True),)
    check(replace(query, grain=Grain.month, filters=only), scope, connection)


@pytest.mark.parametrize("wrong", [{"dimension": None}, {"across": "branch"}, {"order": "desc"}, {"limit": 3}])
def test_pairs_have_no_order(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="second dimension"):
        replace(Query(("sales",), ALL, None, "branch", across="category"), **wrong)


@pytest.mark.parametrize(
    "filters",
    [
        (Filter("branch", ("Talca",)),),
        (Filter("branch", ("(sin sucursal)", "Centro")), Filter("category", ("Pan",))),
        (Filter("product", ("Torta",), exclude=True), Filter("weekday", ("lunes", "sábado"))),
        (Filter("category", ("(sin categoría)",)), Filter("seller", ("Ana",), exclude=True)),
        (Filter("hour", ("9 h", "(sin hora)")),),
        (Filter("branch", ("Antofagasta",)),),
        (Filter("branch", ("'; DROP TABLE fact_sales; --", "%s {x}")),),
    ],
)
def test_filters(filters: tuple[Filter, ...], scope: Scope, connection: Connection) -> None:
    period = Period(date(2026, 1, 5), date(2026, 2, 20))
    check(Query(METRICS, period, None, None, filters), scope, connection)
    check(Query(METRICS, period, Grain.week, "product", filters), scope, connection)


def test_parts_make_up_the_whole(scope: Scope, connection: Connection) -> None:
    whole = features.run(Query(("sales",), ALL), scope, connection).value()
    for dimension in MEMBER:
        parts = features.run(Query(("sales",), ALL, None, dimension), scope, connection).rows
        assert sum(r.value or 0 for r in parts) == whole


def test_a_ranking_keeps_the_first_and_breaks_ties_by_name(scope: Scope) -> None:
    lines = [Line(FIRST, Decimal(100), product=p) for p in ("Pan", "Berlín", "Torta", "Ñoqui")]
    lines.append(Line(FIRST, Decimal(7), product="Agua"))
    with db.tenant(scope) as connection:
        load(lines, scope, connection)
        top = features.run(Query(("sales",), ALL, None, "product", (), "desc", 3), scope, connection)
        low = features.run(Query(("sales", "transactions"), ALL, None, "product", (), "asc", 2), scope, connection)
    assert [r.member for r in top.rows] == ["Berlín", "Pan", "Torta"]
    assert [(r.metric, r.member) for r in low.rows] == [
        ("sales", "Agua"), ("sales", "Berlín"), ("transactions", "Agua"), ("transactions", "Berlín"),
    ]  # fmt: skip


def test_a_limited_series_follows_the_biggest_of_the_whole_period(scope: Scope, connection: Connection) -> None:
    top = features.run(Query(("sales",), ALL, None, "product", (), "desc", 2), scope, connection)
    series = features.run(Query(("sales",), ALL, Grain.month, "product", (), "desc", 2), scope, connection)
    assert {r.member for r in series.rows} == {r.member for r in top.rows}
    check(Query(METRICS, ALL, Grain.month, "product", (), "desc", 2), scope, connection)


def test_natural_order(scope: Scope, connection: Connection) -> None:
    days = features.run(Query(("sales",), ALL, None, "weekday"), scope, connection).rows
    assert [r.member for r in days] == ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"]
    products = features.run(Query(("sales",), ALL, None, "product"), scope, connection).rows
    assert [r.value for r in products] == sorted((r.value for r in products), reverse=True)  # type: ignore[type-var]


def test_missing_columns_are_named(scope: Scope) -> None:
    with db.tenant(scope) as connection:
        load([Line(FIRST, Decimal(100))], scope, connection)
        result = features.run(Query(("gross_margin", "sales", "active_customers"), ALL), scope, connection)
        split = features.run(Query(("sales", "units"), ALL, None, "branch"), scope, connection)
    assert result.missing == {"gross_margin": ("cost",), "active_customers": ("customer_id",)}
    assert [(r.metric, r.value) for r in result.rows] == [("sales", Decimal(100))]
    assert split.missing == {"sales": ("store_id",), "units": ("quantity", "store_id")}
    assert split.rows == ()


def test_a_margin_is_silent_where_too_few_lines_carry_a_cost(scope: Scope) -> None:
    lines = [Line(FIRST, Decimal(100), cost=Decimal(60)), *[Line(FIRST, Decimal(100))] * 2]
    with db.tenant(scope) as connection:
        load(lines, scope, connection)
        result = features.run(Query(("gross_margin", "gross_profit", "cost"), ALL), scope, connection)
    assert [(r.value, r.lines, r.all_lines) for r in result.rows] == [(None, 1, 3)] * 3


def test_an_empty_company(scope: Scope) -> None:
    with db.tenant(scope) as connection:
        result = features.run(Query(METRICS, ALL, Grain.month), scope, connection)
        split = features.run(Query(METRICS, ALL, None, "branch"), scope, connection)
        covered = features.coverage(scope, connection)
    assert result.value("sales") == 0
    assert result.value("average_ticket") is None
    assert split.rows == ()
    assert covered.period is None
    assert covered.lines == 0


def test_one_company_never_sees_another(new_scope: Callable[..., Scope]) -> None:
    mine, theirs = new_scope(), new_scope()
    with db.tenant(theirs) as connection:
        load(LINES, theirs, connection)
    with db.tenant(mine) as connection:
        load([Line(FIRST, Decimal(5), branch="Mía", customer="Yo")], mine, connection)
        result = features.run(Query(("sales", "new_customers", "customer_lifetime_value"), ALL), mine, connection)
        assert [r.value for r in result.rows] == [5, 1, 5]
        assert features.members("branch", mine, connection) == ("Mía",)
        # Even with the other's id in hand, the transaction's own scope decides.
        assert features.run(Query(("sales",), ALL), theirs, connection).value() == 0


def test_unknown_ids_are_refused_with_the_nearest(scope: Scope, connection: Connection) -> None:
    with pytest.raises(NotFound, match="sales"):
        features.run(Query(("saless",), ALL), scope, connection)
    with pytest.raises(NotFound, match="branch"):
        features.run(Query(("sales",), ALL, None, "branches"), scope, connection)


def test_coverage_and_members(scope: Scope, connection: Connection) -> None:
    covered = features.coverage(scope, connection)
    assert covered.first == min(x.day for x in LINES)
    assert covered.last == max(x.day for x in LINES)
    assert covered.lines == len(LINES)
    assert {"cost", "category", "order_ref", "store_id", "sold_hour"} <= covered.columns
    assert not {"city", "country", "tax", "unit_price"} & covered.columns
    by_sales = sorted(
        {x.branch for x in LINES if x.branch}, key=lambda b: -sum(x.total for x in LINES if x.branch == b)
    )
    assert features.members("branch", scope, connection) == tuple(by_sales)
