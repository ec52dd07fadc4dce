"""What is kept is what is computed, to the last digit, after every change; and only what fits is read."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import features
from core import db
from core.db import Connection
from core.periods import Grain, Period
from core.tenancy import Scope
from features.catalog.types import Over
from features.coverage import measure
from features.engine import compute
from features.materialize import catalog_version, kept, reading, state
from features.query import Filter, Query
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
        same = ("branch", "channel", "seller", "payment", "hour")
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
