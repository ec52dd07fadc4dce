"""Who stopped buying: as the two questions that it stands for tell it, on the facts and on what the refresh keeps."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import features
from core import db
from core.db import Connection
from core.periods import Period
from core.tenancy import Scope
from features.engine import compute
from features.query import Filter, Query
from tests.features.sample import draw, load

FIRST = date(2025, 11, 20)
DAYS = 100
FILTERS = ((), (Filter("branch", ("Centro",)),), (Filter("weekday", ("lunes", "martes"), exclude=True),),
           (Filter("product", ("Torta", "Café")),))  # fmt: skip


@pytest.fixture
def loaded(scope: Scope) -> Scope:
    with db.tenant(scope) as connection:
        load(draw(7, 300, FIRST, DAYS), scope, connection)
    return scope


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(split=st.integers(5, DAYS - 5), filters=st.sampled_from(FILTERS), limit=st.integers(1, 8))
def test_it_tells_those_with_sales_before_and_no_order_since(
    loaded: Scope, split: int, filters: tuple[Filter, ...], limit: int
) -> None:
    since = FIRST + timedelta(days=split)
    earlier = Period(FIRST, since - timedelta(days=1))
    quiet = Period(since, FIRST + timedelta(days=DAYS))
    with db.tenant(loaded) as connection:
        wanted = _apart(earlier, quiet, filters, loaded, connection)
        on_facts = features.lapsed(earlier, quiet, filters, loaded, connection, limit)
        features.refresh(loaded, connection)
        on_marts = features.lapsed(earlier, quiet, filters, loaded, connection, limit)
        connection.rollback()
    assert on_facts == on_marts
    assert on_marts.count == len(wanted)
    assert list(on_marts.members) == wanted[:limit]


def _apart(
    earlier: Period, quiet: Period, filters: tuple[Filter, ...], scope: Scope, connection: Connection
) -> list[tuple[str, object]]:
    bought = compute(Query(("sales",), earlier, None, "customer", filters, "desc"), scope, connection)
    lately = compute(Query(("transactions",), quiet, None, "customer", filters), scope, connection)
    came = {r.member for r in lately if r.value}
    unknown = features.dimension("customer").unknown
    return [(r.member, r.value) for r in bought if (r.value or 0) > 0 and r.member not in came | {unknown}]
