"""RFM segments and cohorts against the same in pandas, computed when asked and as the refresh keeps them."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pandas as pd
import pytest

import features
from core import db
from core.db import Connection
from core.periods import Period, add_months
from core.tenancy import Scope
from features import cohorts, rfm
from features.cohorts import Cohort
from features.rfm import GRID, SEGMENTS
from tests.features.sample import Line, draw, load

FIRST = date(2024, 9, 10)
DAYS = 560
LINES = draw(5, 1500, FIRST, DAYS)
MONTH = Period.month(2026, 2)
REFRESHED, AS_IT_IS = True, False


@pytest.fixture(params=[REFRESHED, AS_IT_IS], ids=["refreshed", "on the facts"])
def company(request: pytest.FixtureRequest, scope: Scope) -> Iterator[tuple[Scope, Connection]]:
    with db.tenant(scope) as connection:
        load(LINES, scope, connection)
        if request.param:
            features.refresh(scope, connection)
        yield scope, connection


def frame(lines: list[Line]) -> pd.DataFrame:
    known = [x for x in lines if x.customer]
    return pd.DataFrame(
        {
            "customer": [x.customer for x in known],
            "day": pd.to_datetime([x.day for x in known]),
            "sale": [x.kind == "sale" for x in known],
            "total": [x.total for x in known],
        }
    )


def gold_rfm(until: date) -> tuple[Counter[str], dict[str, Decimal]]:
    data = frame(LINES)
    start = add_months(until + timedelta(days=1), -12)
    data = data[(data.day >= pd.Timestamp(start)) & (data.day <= pd.Timestamp(until))]
    sales = data[data.sale]
    who = pd.DataFrame(
        {"latest": sales.groupby("customer").day.max(), "days": sales.groupby("customer").day.nunique()}
    ).join(data.groupby("customer").total.sum())
    n = len(who)
    customers: Counter[str] = Counter()
    amounts: dict[str, Decimal] = {}
    for row in who.itertuples():
        recency = -(-5 * int((who.latest <= row.latest).sum()) // n)
        frequency = 5 * int((who.days < row.days).sum()) // n + 1
        value = 5 * int((who.total < row.total).sum()) // n + 1
        name = GRID[recency][(frequency + value + 1) // 2 - 1]
        customers[name] += 1
        amounts[name] = amounts.get(name, Decimal(0)) + row.total
    return customers, amounts


def gold_cohorts(until: Period) -> list[Cohort]:
    data = frame(LINES)
    data = data[data.sale & (data.day <= pd.Timestamp(until.end))]
    data["month"] = data.day.dt.to_period("M")
    data["born"] = data.groupby("customer").month.transform("min")
    found = []
    for back in range(12, 0, -1):
        born = pd.Period(add_months(until.start, -back), "M")
        mine = data[data.born == born]
        if born <= data.month.min() or mine.empty:
            continue
        after = [int(mine[mine.month == born + k].customer.nunique()) for k in range(1, back + 1)]
        found.append(Cohort(add_months(until.start, -back), int(mine.customer.nunique()), tuple(after)))
    return found


def test_segments_are_those_of_pandas(company: tuple[Scope, Connection]) -> None:
    scope, connection = company
    for month in (MONTH, Period.month(2025, 6)):
        found = rfm.rfm(month.end, scope, connection)
        customers, amounts = gold_rfm(month.end)
        assert {s.segment.id: s.customers for s in found.shares if s.customers} == customers
        assert {s.segment.id: s.sales for s in found.shares if s.customers} == amounts


def test_everybody_is_in_one_segment(company: tuple[Scope, Connection]) -> None:
    scope, connection = company
    found = rfm.rfm(MONTH.end, scope, connection)
    year = Period(add_months(MONTH.start, -11), MONTH.end)
    whole = features.run(features.Query(("active_customers",), year), scope, connection)
    assert found.customers == whole.value()
    assert [s.segment for s in found.shares] == list(SEGMENTS)


def test_cohorts_are_those_of_pandas(company: tuple[Scope, Connection]) -> None:
    scope, connection = company
    known = features.coverage(scope, connection)
    for month in (MONTH, Period.month(2025, 3)):
        assert list(cohorts.cohorts(month, known, scope, connection)) == gold_cohorts(month)


def test_a_cohort_is_as_many_as_the_new_customers_of_its_month(company: tuple[Scope, Connection]) -> None:
    scope, connection = company
    for one in cohorts.cohorts(MONTH, features.coverage(scope, connection), scope, connection):
        month = Period.month(one.month.year, one.month.month)
        assert features.run(features.Query(("new_customers",), month), scope, connection).value() == one.customers


def test_lines_sent_after_the_refresh_count(company: tuple[Scope, Connection]) -> None:
    scope, connection = company
    before = rfm.rfm(MONTH.end, scope, connection).customers
    load([Line(MONTH.start, Decimal(5000), customer="Uno más")], scope, connection)
    assert rfm.rfm(MONTH.end, scope, connection).customers == before + 1


def test_nobody_known(scope: Scope) -> None:
    with db.tenant(scope) as connection:
        load([Line(MONTH.start, Decimal(5000))], scope, connection)
        features.refresh(scope, connection)
        assert rfm.rfm(MONTH.end, scope, connection).customers == 0
        assert cohorts.cohorts(MONTH, features.coverage(scope, connection), scope, connection) == ()


def test_the_average_weighs_customers() -> None:
    many, few = Cohort(date(2026, 1, 1), 90, (9, 3)), Cohort(date(2026, 2, 1), 10, (6,))
    assert cohorts.average([many, few], 1) == Decimal("0.15")
    assert cohorts.average([many, few], 2) == Decimal(3) / 90
    assert cohorts.average([many, few], 3) is None
    assert few.rate(2) is None


def test_every_pair_of_scores_has_a_segment() -> None:
    assert {rfm.segment(r, f, m) for r in range(1, 6) for f in range(1, 6) for m in range(1, 6)} == set(SEGMENTS)


def test_where_nobody_new_came_for_a_year_nothing_is_counted_again(
    scope: Scope, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a big company counting anew takes ten times what a whole board may."""
    old = [Line(add_months(date(2024, 1, 15), n), Decimal(1000), customer="Hotel 3") for n in (0, 1, 2, 33)]
    old += [Line(date(2024, 2, 20), Decimal(500), customer="Casino 5")]
    with db.tenant(scope) as connection:
        load(old, scope, connection)
        features.refresh(scope, connection)
        known = features.coverage(scope, connection)
        monkeypatch.setattr(cohorts, "_computed", lambda *_: pytest.fail("counted again"))
        assert cohorts.cohorts(Period(date(2026, 10, 1), date(2026, 10, 31)), known, scope, connection) == ()
