"""Who objected to being analysed is told by no name, and every total stays; who was corrected is told rightly."""

from datetime import date

import features
from core import db
from core.periods import Period
from core.tenancy import Scope
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
        persons.rectify([c.id for c in other], "Nombre Correcto", scope, connection)
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
