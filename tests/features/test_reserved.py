"""Who objected to being analysed is told by no name and takes part in no profile, and every total stays; who was
corrected is told rightly."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

import features
from core import db
from core.db import Connection
from core.periods import Period
from core.tenancy import Scope
from features import cohorts, rfm
from features.query import Query
from ingest import persons
from tests.features.sample import draw, load

ALL = Period(date(2025, 1, 1), date(2025, 12, 31))


def test_an_objection_takes_the_name_and_leaves_the_figures(scope: Scope) -> None:
    with db.tenant(scope) as connection:
        load(draw(5, 200, date(2025, 3, 1), 60), scope, connection)
        query = Query(("sales",), ALL, dimension="customer", order="desc")
        before = {r.member: r.value for r in features.run(query, scope, connection).rows}
        total = features.run(Query(("sales", "active_customers"), ALL), scope, connection).rows
        first, second = list(features.members("customer", scope, connection))[:2]
        known = persons.customers(persons.person([first], [], [], "CL"), scope, connection)
        persons.object_to([c.id for c in known], True, scope, connection)
        other = persons.customers(persons.person([second], [], [], "CL"), scope, connection)
        persons.correct([c.id for c in other], persons.Correction("Nombre Correcto"), scope, connection)
        after = {r.member: r.value for r in features.run(query, scope, connection).rows}
        assert features.run(Query(("sales", "active_customers"), ALL), scope, connection).rows == total
        names = features.members("customer", scope, connection)
        assert first not in names
        assert "Nombre Correcto" in names
        assert first not in after
        assert sum(v for v in after.values() if v) == sum(v for v in before.values() if v)
        assert after["Nombre Correcto"] == before[second]
        persons.object_to([c.id for c in known], False, scope, connection)
        assert first in features.members("customer", scope, connection)


MONTH = Period.month(2025, 11)


def _profiles(scope: Scope, connection: Connection) -> tuple[object, ...]:
    known = features.coverage(scope, connection)
    shares = rfm.rfm(MONTH.end, scope, connection).shares
    return shares, cohorts.cohorts(MONTH, known, scope, connection)


def _inputs(scope: Scope, connection: Connection) -> dict[str, dict[date, Decimal]]:
    found: dict[str, dict[date, Decimal]] = {}
    for measure, month, value in connection.execute("SELECT measure, month, value FROM benchmark_inputs"):
        found.setdefault(measure, {})[month] = value
    return found


def test_who_objected_is_in_no_segment_cohort_or_comparison_as_if_nobody_had_bought(
    new_scope: Callable[..., Scope],
) -> None:
    mine, twin = new_scope(), new_scope()
    lines = draw(9, 600, date(2025, 1, 3), 330)
    objecting = "Cliente 7"
    assert sum(x.customer == objecting for x in lines) > 3
    with db.tenant(twin) as connection:  # the same sales, that customer's being nobody's
        load([replace(x, customer=None) if x.customer == objecting else x for x in lines], twin, connection)
        features.refresh(twin, connection)
        without, inputs_without = _profiles(twin, connection), _inputs(twin, connection)
    with db.tenant(mine) as connection:
        load(lines, mine, connection)
        features.refresh(mine, connection)
        before, inputs = _profiles(mine, connection), _inputs(mine, connection)
        assert before != without
        known = persons.customers(persons.person([objecting], [], [], "CL"), mine, connection)
        for objects, expected in ((True, without), (False, before)):
            persons.object_to([c.id for c in known], objects, mine, connection)
            features.forget_profiles(mine, connection)
            assert _profiles(mine, connection) == expected  # computed when asked
            features.refresh(mine, connection)
            assert _profiles(mine, connection) == expected  # and as it is kept
            if objects:
                now = _inputs(mine, connection)
                assert now["repurchase_rate"] == inputs_without["repurchase_rate"] != inputs["repurchase_rate"]
                assert now | {"repurchase_rate": {}} == inputs | {"repurchase_rate": {}}
        assert _inputs(mine, connection) == inputs


@pytest.mark.parametrize("objects", [True, False])
def test_boards_are_gathered_anew_once_somebody_objects(scope: Scope, objects: bool) -> None:
    with db.tenant(scope) as connection:
        load(draw(5, 50, date(2025, 3, 1), 60), scope, connection)
        features.refresh(scope, connection)
        asked = "SELECT ctid::text || xmin::text FROM feature_state"
        before = connection.execute(asked).fetchone()
        if objects:
            features.forget_profiles(scope, connection)
        assert (connection.execute(asked).fetchone() != before) is objects
