"""A figure opens down to the very lines it is the sum of."""

from datetime import date
from decimal import Decimal

import features
from core import db
from core.db import Connection
from core.periods import Period
from core.tenancy import Scope
from features.query import Filter, Query
from tests.features.sample import Line, load

OCTOBER = Period.month(2026, 10)
LINES = [
    Line(date(2026, 10, 1), Decimal(100), product="Torta", branch="Talca", cost=Decimal(60)),
    Line(date(2026, 10, 2), Decimal(-30), "return", product="Torta", branch="Talca"),
    Line(date(2026, 10, 2), Decimal(50), product="Café", branch="Centro"),
    Line(date(2026, 11, 2), Decimal(7), product="Café", branch="Centro"),
]


def test_files_ranges_and_returns(scope: Scope) -> None:
    with db.tenant(scope) as connection:
        first = load(LINES, scope, connection, "octubre.xlsx")
        load([Line(date(2026, 10, 9), Decimal(1), branch="Talca")], scope, connection, "más.csv")
        found = features.sources(Query(("sales",), OCTOBER), scope, connection)
        assert (found.lines, found.returns) == (4, 1)
        assert [(u.filename, u.lines, u.returns, u.first_line, u.last_line) for u in found.uploads] == [
            ("octubre.xlsx", 3, 1, 2, 4),
            ("más.csv", 1, 0, 2, 2),
        ]
        assert found.uploads[0].id == first
        # A margin rests on the lines that carry a cost.
        assert features.sources(Query(("gross_margin",), OCTOBER), scope, connection).lines == 1


def test_the_lines_add_up_and_page(scope: Scope) -> None:
    with db.tenant(scope) as connection:
        load(LINES, scope, connection)
        query = Query(("sales",), OCTOBER, filters=(Filter("branch", ("Talca",)),))
        pages = [features.source_rows(query, scope, connection, 1, offset) for offset in range(3)]
        rows = [row for page in pages for row in page]
        assert [(r.sold_on.day, r.product, r.branch, r.total, r.filename, r.source_line) for r in rows] == [
            (1, "Torta", "Talca", Decimal(100), "ventas.csv", 2),
            (2, "Torta", "Talca", Decimal(-30), "ventas.csv", 3),
        ]
        assert sum(r.total for r in rows) == features.run(query, scope, connection).value()


def test_lines_of_every_filter_add_up(loaded: tuple[Scope, Connection]) -> None:
    scope, connection = loaded
    period = Period(date(2025, 11, 20), date(2026, 2, 28))
    for dimension in ("product", "category", "seller", "weekday", "hour"):
        name = features.members(dimension, scope, connection)[0]
        for exclude in (False, True):
            query = Query(("sales",), period, filters=(Filter(dimension, (name,), exclude),))
            rows = features.source_rows(query, scope, connection, 1000)
            assert sum(r.total for r in rows) == features.run(query, scope, connection).value()
            assert len(rows) == features.sources(query, scope, connection).lines
