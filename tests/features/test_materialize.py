"""What is kept is what is computed, to the last digit, after every change; and only what fits is read."""

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.sql import SQL, Identifier

import features
from core import db
from core.db import Connection
from core.db.connect import admin_address
from core.periods import Grain, Period
from core.tenancy import Scope
from features.catalog.types import Over
from features.coverage import measure
from features.engine import compute
from features.mart import MARTS, mart_for
from features.materialize import catalog_version, kept, reading, state
from features.query import Filter, Query
from tests.features.gold import MEMBER as MEMBERS
from tests.features.sample import Line, draw, load

FIRST = date(2025, 11, 20)
METRICS = tuple(m.id for m in features.METRICS)
SPLIT = ("branch", "channel", "category", "product", "seller", "payment_method", "weekday", "hour")


def assert_kept_is_computed(scope: Scope, connection: Connection) -> None:
    """Every span of every grain that anything is kept for, by every dimension."""
    covered = measure(scope, connection)
    assert features.coverage(scope, connection) == covered
    assert covered.first
    assert covered.last
    for grain in Grain:
        period = Period(Period.of(grain, covered.first).start, Period.of(grain, covered.last).end)
        for dimension in ("", *SPLIT):
            metrics = tuple(m.id for m in features.METRICS if kept(grain, dimension, m))
            if not metrics:
                continue
            query = Query(metrics, period, grain, dimension or None)
            known = state(scope, connection)
            assert known is not None
            assert reading(query, tuple(features.metric(m) for m in metrics), known) is not None
            assert features.run(query, scope, connection).rows == compute(query, scope, connection), query


def test_after_loads_and_undos_the_touched_spans_are_right(scope: Scope) -> None:
    with db.tenant(scope) as connection:
        load(draw(1, 250, FIRST, 100), scope, connection)
        features.refresh(scope, connection)
        assert_kept_is_computed(scope, connection)
        # An earlier month comes later: first purchases, retention and lifetimes of the months after it change.
        early = [Line(**{**_fields(x), "day": date(2025, 10, 5)}) for x in draw(2, 60, FIRST, 1)]
        upload = load(early, scope, connection)
        assert state(scope, connection) is None
        features.refresh(scope, connection, [Period.month(2025, 10)])
        assert_kept_is_computed(scope, connection)
        _undo(upload, scope, connection)
        features.refresh(scope, connection, [Period.month(2025, 10)])
        assert_kept_is_computed(scope, connection)


def test_orders_that_no_dimension_splits_are_counted_without_sorting(scope: Scope) -> None:
    whole: dict[str | None, Line] = {}
    lines = []
    for x in draw(5, 300, FIRST, 80):
        first = whole.setdefault(x.order, x) if x.order else x
        same = ("day", "branch", "channel", "seller", "payment", "hour", "customer")
        lines.append(Line(**{**_fields(x), **{name: getattr(first, name) for name in same}}))
    with db.tenant(scope) as connection:
        load(lines, scope, connection)
        features.refresh(scope, connection)
        assert_kept_is_computed(scope, connection)
        by_branch = connection.execute(
            "SELECT sum(value) FROM metric_values WHERE metric = 'transactions' AND grain = 'year'"
            " AND dimension = 'branch'"
        ).fetchone()
    orders = {(x.day.year, x.order or i) for i, x in enumerate(lines) if x.kind == "sale"}
    assert by_branch == (len(orders),)


def test_a_change_that_nobody_told_of_is_noted_all_the_same(scope: Scope) -> None:
    with db.tenant(scope) as connection:
        load(draw(1, 120, FIRST, 60), scope, connection)
        features.refresh(scope, connection)
        query = Query(("sales",), Period.month(2025, 12))
        before = features.run(query, scope, connection).value()
        load([Line(date(2025, 12, 3), Decimal(1000))], scope, connection)
        assert before is not None
        assert features.run(query, scope, connection).value() == before + 1000
        features.refresh(scope, connection, ())
        assert_kept_is_computed(scope, connection)
        connection.execute("UPDATE fact_sales SET total = total + 1, sold_on = sold_on + 31")
        assert state(scope, connection) is None
        features.refresh(scope, connection, ())
        assert_kept_is_computed(scope, connection)


def test_everything_taken_out(scope: Scope) -> None:
    with db.tenant(scope) as connection:
        upload = load(draw(3, 40, FIRST, 60), scope, connection)
        features.refresh(scope, connection)
        _undo(upload, scope, connection)
        features.refresh(scope, connection, [Period(FIRST, FIRST + timedelta(days=59))])
        assert features.coverage(scope, connection).lines == 0
        assert connection.execute("SELECT count(*) FROM metric_values").fetchone() == (0,)


def test_values_of_an_older_catalog_are_not_read(scope: Scope) -> None:
    with db.tenant(scope) as connection:
        load(draw(3, 40, FIRST, 60), scope, connection)
        features.refresh(scope, connection)
        connection.execute("UPDATE metric_values SET value = 0")
        connection.execute("UPDATE feature_state SET catalog = 'older'")
        query = Query(METRICS, Period.month(2025, 12))
        assert features.run(query, scope, connection).rows == compute(query, scope, connection)
        features.refresh(scope, connection, ())
        assert_kept_is_computed(scope, connection)
    assert len(catalog_version()) == 16


@pytest.fixture
def whole(scope: Scope) -> Iterator[tuple[Scope, Connection]]:
    """A company whose orders are each of one day, branch, customer …, as a shop's are; two months came later."""
    lines = []
    firsts: dict[str | None, Line] = {}
    for x in draw(12, 500, date(2025, 11, 20), 100):
        first = firsts.setdefault(x.order, x) if x.order else x
        same = ("day", "branch", "channel", "seller", "payment", "hour", "customer")
        lines.append(Line(**{**_fields(x), **{name: getattr(first, name) for name in same}}))
    with db.tenant(scope) as connection:
        load([x for x in lines if x.day.month in (11, 1)], scope, connection)
        features.refresh(scope, connection)
        load([x for x in lines if x.day.month not in (11, 1)], scope, connection)
        features.refresh(scope, connection, [Period.month(2025, 12), Period.month(2026, 2)])
        yield scope, connection


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_merged_lines_tell_what_lines_tell(data: st.DataObject, whole: tuple[Scope, Connection]) -> None:
    scope, connection = whole
    known = state(scope, connection)
    assert known is not None
    assert {"sold_on", "store_id", "customer_id", "product_names"} <= known.whole
    mart = data.draw(st.sampled_from(MARTS))
    start = mart.unit.first_day(data.draw(st.dates(date(2025, 11, 1), date(2026, 2, 27))))
    end = Period.of(mart.unit, data.draw(st.dates(start, date(2026, 3, 10)))).end
    split = data.draw(st.sampled_from([None, *(d for d in mart.dimensions if d in MEMBERS)]))
    filters = []
    for name in data.draw(st.lists(st.sampled_from([d for d in mart.dimensions if d in MEMBERS]), max_size=2)):
        names = (*features.members(name, scope, connection), features.dimension(name).unknown)
        some = data.draw(st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True))
        filters.append(Filter(name, tuple(some), data.draw(st.booleans())))
    grain = data.draw(st.sampled_from([None, *Grain]))
    second = [None, *(d for d in mart.dimensions if split and d != split and d in MEMBERS)]
    query = Query((), Period(start, end), grain, split, tuple(filters), across=data.draw(st.sampled_from(second)))
    told = [m for m in features.METRICS if mart_for(query, [m], known.whole, known.coverage.period) is not None]
    assert "sales" in {m.id for m in told} or grain is not None
    for metric in told:
        asked = replace(query, metrics=(metric.id,))
        found = mart_for(asked, [metric], known.whole, known.coverage.period)
        assert compute(asked, scope, connection, found) == compute(asked, scope, connection)


def test_an_order_that_goes_on_later_is_no_longer_counted_by_rows(whole: tuple[Scope, Connection]) -> None:
    scope, connection = whole
    query = Query(("transactions",), Period(date(2025, 11, 1), date(2026, 12, 31)), None, "branch")
    order = next(iter(connection.execute("SELECT order_ref FROM fact_sales WHERE order_ref IS NOT NULL LIMIT 1")))[0]
    load([Line(date(2026, 5, 5), Decimal(10), order=order, branch="Talca")], scope, connection)
    features.refresh(scope, connection, [Period.month(2026, 5)])
    known = state(scope, connection)
    assert known is not None
    assert not known.whole
    assert features.run(query, scope, connection).rows == compute(query, scope, connection)
    assert_kept_is_computed(scope, connection)


def test_a_category_that_comes_later_reaches_all_its_lines(whole: tuple[Scope, Connection]) -> None:
    scope, connection = whole
    connection.execute("UPDATE dim_products SET category = 'Bebidas' WHERE name = 'Café'")
    assert state(scope, connection) is None
    features.refresh(scope, connection, ())
    assert_kept_is_computed(scope, connection)


def test_a_company_that_leaves_takes_its_lines_along(scope: Scope) -> None:
    with db.tenant(scope) as connection:
        load(draw(1, 50, FIRST, 60), scope, connection)
        features.refresh(scope, connection)
    with psycopg.connect(admin_address()) as operator:
        operator.execute("DELETE FROM companies WHERE id = %s", [scope.company_id])
    with db.tenant(scope) as connection:
        for table in ("fact_sales", "sales_mart", "fact_changes", "metric_values"):
            assert connection.execute(SQL("SELECT count(*) FROM {}").format(Identifier(table))).fetchone() == (0,)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_run_is_compute_whatever_is_asked(data: st.DataObject, loaded: tuple[Scope, Connection]) -> None:
    scope, connection = loaded
    start = data.draw(st.dates(date(2025, 11, 1), date(2026, 3, 20)))
    edges = st.sampled_from([*(Period.of(g, start).end for g in Grain), date(2026, 2, 14)])
    end = data.draw(edges.filter(lambda d: d >= start))
    start = data.draw(st.sampled_from([start, *(g.first_day(start) for g in Grain)]))
    dimension = data.draw(st.sampled_from([None, *SPLIT]))
    split = data.draw(st.sampled_from(SPLIT))
    names = (*features.members(split, scope, connection), features.dimension(split).unknown)
    member = st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True)
    filters = data.draw(st.sampled_from([(), (Filter(split, tuple(data.draw(member)), data.draw(st.booleans())),)]))
    query = Query(
        tuple(data.draw(st.lists(st.sampled_from(METRICS), min_size=1, max_size=4, unique=True))),
        Period(start, end),
        data.draw(st.sampled_from([None, *Grain])),
        dimension,
        filters,
        data.draw(st.sampled_from([None, "asc", "desc"])),
    )
    assert features.run(query, scope, connection).rows == compute(query, scope, connection)


@pytest.mark.parametrize("dimension", [None, "branch", "category", "seller", "customer"])
def test_who_bought_is_counted_alike_however_it_is_read(
    dimension: str | None, loaded: tuple[Scope, Connection]
) -> None:
    scope, connection = loaded
    counted = ("active_customers", "sales_per_customer", "new_customers", "sales")
    for only in ((), (Filter("branch", ("Talca", "(sin sucursal)")),), (Filter("product", ("Café",), exclude=True),)):
        for grain, metrics in itertools.product((None, Grain.month), (counted[:1], counted[1:3], counted)):
            query = Query(metrics, Period(date(2025, 11, 28), date(2026, 2, 14)), grain, dimension, only)
            assert features.run(query, scope, connection).rows == compute(query, scope, connection), query


def test_a_branch_called_as_lines_without_one_is_one_with_them(scope: Scope) -> None:
    with db.tenant(scope) as connection:
        lines = [Line(FIRST, Decimal(1000), customer="Ana", branch=b) for b in ("(sin sucursal)", None, "Talca")]
        load(lines, scope, connection)
        features.refresh(scope, connection)
        query = Query(("active_customers",), Period(FIRST, FIRST), dimension="branch")
        found = features.run(query, scope, connection).rows
    assert {(r.member, r.value, r.lines) for r in found} == {("(sin sucursal)", 1, 2), ("Talca", 1, 1)}


def test_only_one_members_filter_and_whole_spans_fit(loaded: tuple[Scope, Connection]) -> None:
    scope, connection = loaded
    known = state(scope, connection)
    assert known is not None
    sales, retention = (features.metric("sales"),), (features.metric("retention_rate"),)
    assert all(features.metric(m).over is Over.lines for m in ("sales", "active_customers"))
    month, cut = Period.month(2026, 1), Period(date(2026, 1, 1), date(2026, 1, 30))
    talca = (Filter("branch", ("Talca",)),)
    fits = [
        Query(("sales",), month),
        Query(("sales",), month, None, "product"),
        Query(("sales",), month, None, None, talca),
        Query(("sales",), Period(date(2026, 1, 1), date(2026, 12, 31)), Grain.month, "branch", talca),
        Query(("sales",), Period(date(2026, 1, 1), date(2026, 4, 15))),  # the data ends in February: all of the year
    ]
    computed = [
        Query(("sales",), cut),
        Query(("sales",), month, None, "customer"),
        Query(("sales",), month, None, "product", talca),
        Query(("sales",), month, None, None, (Filter("branch", ("Talca", "Centro")),)),
        Query(("sales",), month, None, None, (Filter("branch", ("Talca",), exclude=True),)),
    ]
    assert all(reading(q, sales, known) for q in fits)
    assert not any(reading(q, sales, known) for q in computed)
    # What came before a cut span is another span than what came before the whole one.
    assert reading(fits[0], retention, known)
    assert not reading(fits[4], retention, known)


def _fields(line: Line) -> dict[str, object]:
    return {name: getattr(line, name) for name in Line.__slots__}  # type: ignore[attr-defined]


def _undo(upload: UUID, scope: Scope, connection: Connection) -> None:
    connection.execute("DELETE FROM fact_sales WHERE company_id = %s AND upload_id = %s", [scope.company_id, upload])
