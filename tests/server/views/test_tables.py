"""Every cell of a view's table against the same figure by plain loops over the lines."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from itertools import product

import pytest

import features
from assistant.horizon import Span
from core import auth, db
from core.errors import AyniError, BadInput
from core.periods import Grain, Period, label
from core.tenancy import Scope
from features.query import Coverage, Filter
from server.views.tables import compared_with, shown_span, table
from server.views.view import Cell, Chart, Compare, Table, View
from server.views.words import is_grain
from tests.features.gold import MEMBER, gold
from tests.features.sample import Line, draw, load

LINES = draw(23, 900, date(2025, 9, 10), 425)
DATA = Period(min(x.day for x in LINES), max(x.day for x in LINES))
OCTOBER = Period.month(2026, 10)
TEN = Period(date(2026, 1, 1), date(2026, 10, 31))
METRICS = ("sales", "transactions", "gross_margin", "active_customers")


@pytest.fixture(scope="module")
def shop(database: None) -> Scope:
    """A company with its lines, refreshed, that no test changes."""
    company = auth.create_company("Vistas", sector="panaderia")
    scope = auth.company_scope(company.id)
    with db.tenant(scope) as connection:
        load(LINES, scope, connection)
        features.refresh(scope, connection)
    return scope


@pytest.fixture
def shown(shop: Scope) -> Callable[[View], Table]:
    def show(view: View) -> Table:
        with db.tenant(shop) as connection:
            return table(view, shop, connection)

    return show


def close(one: Cell, other: Decimal | None) -> bool:
    if one is None or other is None:
        return one is None and other is None
    assert isinstance(one, Decimal)
    return abs(one - other) <= Decimal("1e-9") * max(abs(other), Decimal(1))


def wanted(
    metric: str, cell: tuple[object, ...], splits: tuple[str, ...], view: View, period: Period
) -> Decimal | None:
    """The figure of the cell that lies where `cell` (members or spans) says, by plain loops."""
    lines, span = [x for x in LINES if all(passes(x, f) for f in view.filters)], period
    for split, at in zip(splits, cell, strict=True):
        if at in ("", "Total"):
            continue
        if isinstance(at, Period):
            span = at
        else:
            lines = [x for x in lines if MEMBER[split](x) == at]
    found = gold(metric, span, lines, LINES)
    zero = features.metric(metric).empty_is_zero
    return Decimal(0) if found is None and zero and not [x for x in lines if span.holds(x.day)] else found


def passes(line: Line, only: Filter) -> bool:
    return (MEMBER[only.dimension](line) in only.members) is not only.exclude


def check(found: Table, view: View, period: Period) -> int:
    """Compare every value of the table; how many there were."""
    checked = 0
    splits = tuple(s for s in (view.rows, view.columns) if s)
    for row in (*found.rows, *([found.total] if found.total else [])):
        for cell, column in zip(row, found.columns, strict=True):
            if column.kind != "value" or column.before:
                continue
            at = tuple(m for s, m in ((view.rows, row[0]), (view.columns, column.member)) if s)
            expected = wanted(column.metric, at, splits, view, period)
            assert close(cell, expected), (row[0], column.name, cell, expected)
            checked += 1
    return checked


def test_a_view_without_rows_is_one_line_of_figures(shown: Callable[[View], Table]):
    view = View(METRICS, OCTOBER, chart=Chart.kpi)
    found = shown(view)
    assert len(found.rows) == 1
    assert found.total is None
    assert check(found, view, OCTOBER) == len(METRICS)


@pytest.mark.parametrize("rows", ["branch", "category", "product", "channel", "seller", "customer", "weekday", "hour"])
def test_rows_of_a_dimension_and_their_total(shown: Callable[[View], Table], rows: str):
    view = View(METRICS, OCTOBER, rows)
    found = shown(view)
    assert {r[0] for r in found.rows} == {MEMBER[rows](x) for x in LINES if OCTOBER.holds(x.day)}
    assert check(found, view, OCTOBER) == (len(found.rows) + 1) * len(METRICS)


@pytest.mark.parametrize("grain", list(Grain))
def test_rows_of_time(shown: Callable[[View], Table], grain: Grain):
    view = View(METRICS, TEN, grain.value)
    found = shown(view)
    assert [r[0] for r in found.rows] == list(TEN.spans(grain))
    check(found, view, TEN)


@pytest.mark.parametrize(
    ("fine", "coarse"), [("month", "year"), ("quarter", "year"), ("day", "month")], ids=lambda g: str(g)
)
@pytest.mark.parametrize("down", [True, False], ids=["down", "across"])
def test_time_crossed_with_time(shown: Callable[[View], Table], fine: str, coarse: str, down: bool):
    """Each place of each bigger span is that span's own figure, ratios too; a place that the days lack has none."""
    talca = (Filter("branch", ("Talca",)),)
    rows, columns = (fine, coarse) if down else (coarse, fine)
    found = shown(View(("sales", "average_ticket"), DATA, rows, columns, talca, Compare.year))
    kept = [x for x in LINES if MEMBER["branch"](x) == "Talca"]
    told = 0
    for row in (*found.rows, *([found.total] if down and found.total else [])):
        for cell, column in zip(row[1:], found.columns[1:], strict=True):
            if column.kind == "change":
                continue
            whole, place = (column.member, row[0]) if down else (row[0], column.member)
            assert isinstance(whole, Period)
            spans = [whole] if place in ("", "Total") else [
                s for s in whole.spans(Grain(fine))
                if place in (label(s).split()[0], f"{s.start.day}", " ".join(label(s).split()[:2]))
            ]  # fmt: skip
            inside = [s.overlap(DATA) for s in spans if s.overlap(DATA)]
            expected = gold(column.metric, inside[0], kept, LINES) if inside and inside[0] else None
            assert close(cell, expected), (row[0], column.name, cell, expected)
            told += cell is not None
    assert told >= 14
    changes = [i for i, c in enumerate(found.columns) if c.kind == "change"]
    assert bool(changes) is down  # beside the span before it, as it lies on the left
    for i in changes:
        values = [n for n, c in enumerate(found.columns) if c.kind == "value" and c.metric == found.columns[i].metric]
        was = values[values.index(i - 1) - 1]
        for row in found.rows:
            now, before = row[i - 1], row[was]
            told = isinstance(now, Decimal) and isinstance(before, Decimal) and before != 0
            assert close(row[i], (now - before) / abs(before) if told else None), (row[0], found.columns[i].name)
    assert not found.total or all(found.total[i] is None for i in changes[-2:])  # the last one is cut


SPLITS = ("branch", "category", "product", "weekday", "hour", "customer", "month", "week")


@pytest.mark.parametrize("metric", ["average_ticket", "cost", "units"])
@pytest.mark.parametrize(("rows", "columns"), [p for p in product(SPLITS, SPLITS) if p[0] != p[1]])
def test_rows_and_columns_of_anything(shown: Callable[[View], Table], rows: str, columns: str, metric: str):
    view = View(("sales", metric), Period(date(2026, 9, 1), date(2026, 10, 31)), rows, columns, limit=15)
    if is_grain(rows) and is_grain(columns):
        with pytest.raises(BadInput):
            shown(view)
        return
    found = shown(view)
    assert found.rows
    assert len(found.rows) <= 15
    assert check(found, view, view.period) == (len(found.rows) + 1) * 2 * len({c.member for c in found.columns[1:]})
    members = {MEMBER[columns](x) for x in LINES if view.period.holds(x.day)} if columns in MEMBER else set()
    across = [c.member for c in found.columns if c.member != ""]
    assert len(members) <= len(set(across)) or any("muestro" in n for n in found.notes)


@pytest.mark.parametrize("only", [
    (Filter("branch", ("Talca",)),),
    (Filter("branch", ("Talca", "Centro")), Filter("channel", ("Local",), exclude=True)),
    (Filter("category", ("Pan",)), Filter("seller", ("(sin vendedor)",), exclude=True)),
    (Filter("customer", ("nadie",)),),
])  # fmt: skip
@pytest.mark.parametrize(("rows", "columns"), [("branch", ""), ("branch", "category"), ("month", "branch"), ("", "")])
def test_filters_combine(shown: Callable[[View], Table], only: tuple[Filter, ...], rows: str, columns: str):
    view = View(("sales", "transactions"), TEN, rows, columns, only)
    found = shown(view)
    check(found, view, TEN)
    if found.rows and rows == "branch":
        allowed = {MEMBER["branch"](x) for x in LINES if all(passes(x, f) for f in only)}
        assert {r[0] for r in found.rows} <= allowed


def test_a_week_under_way_stands_beside_the_same_days_of_the_one_before() -> None:
    have, week = Period(date(2026, 1, 1), date(2026, 10, 14)), Period(date(2026, 10, 12), date(2026, 10, 18))
    view = View(("sales",), week, "branch", compare=Compare.previous)
    span = shown_span(week, Coverage(have.start, have.end, frozenset(), 100))
    assert isinstance(span, Span)
    assert compared_with(view, span, have) == (Period(date(2026, 10, 5), date(2026, 10, 7)), "")


def before_of(found: Table, row: int, metric: str) -> tuple[Cell, Cell, Cell]:
    cells = {(c.kind, c.before): found.rows[row][i] for i, c in enumerate(found.columns) if c.metric == metric}
    return cells["value", False], cells["value", True], cells["change", False]


@pytest.mark.parametrize(("compare", "earlier"), [
    (Compare.previous, Period.month(2026, 9)), (Compare.year, Period.month(2025, 10)),
])  # fmt: skip
def test_each_value_beside_the_one_before(shown: Callable[[View], Table], compare: Compare, earlier: Period):
    view = View(("sales", "gross_margin"), OCTOBER, "branch", compare=compare)
    found = shown(view)
    check(found, view, OCTOBER)
    for i, row in enumerate(found.rows):
        mine = [x for x in LINES if MEMBER["branch"](x) == row[0]]
        now, was, change = before_of(found, i, "sales")
        expected = gold("sales", earlier, mine, LINES)
        assert close(was, expected)
        assert expected is None or not expected or close(change, (now - expected) / abs(expected))  # type: ignore[operator]
        margin, margin_was, points = before_of(found, i, "gross_margin")
        assert close(margin_was, gold("gross_margin", earlier, mine, LINES))
        assert points is None or close(points, margin - margin_was)  # type: ignore[operator]


@pytest.mark.parametrize("grain", [Grain.day, Grain.week, Grain.month])
@pytest.mark.parametrize("compare", [Compare.previous, Compare.year])
def test_time_stands_beside_the_same_time_before(shown: Callable[[View], Table], grain: Grain, compare: Compare):
    period = OCTOBER if grain is not Grain.month else Period(date(2026, 10, 1), date(2026, 10, 31))
    found = shown(View(("sales",), period, grain.value, compare=compare))
    for i, span in enumerate(period.spans(grain)):
        match grain, compare:
            case Grain.week, _:
                weeks = 5 if compare is Compare.previous else 52
                start = date.fromordinal(span.start.toordinal() - 7 * weeks)
                expected = Period(start, date.fromordinal(span.end.toordinal() - 7 * weeks))
            case Grain.day, Compare.previous:
                expected = Period(date(2026, 9, i + 1), date(2026, 9, i + 1)) if i < 30 else None
            case _, Compare.previous:
                expected = Period.month(2026, 9)
            case _:
                expected = span.year_before()
        _, was, _ = before_of(found, i, "sales")
        assert close(was, gold("sales", expected, LINES, LINES) if expected else None), span


def test_a_month_not_over_is_set_beside_the_same_days(shown: Callable[[View], Table]):
    november = Period.month(2026, 11)
    assert DATA.end < november.end
    found = shown(View(("sales",), november, compare=Compare.previous))
    value, was, _ = before_of(found, 0, "sales")
    so_far = Period(date(2026, 10, 1), date(2026, 10, DATA.end.day))
    assert close(value, gold("sales", november, LINES, LINES))
    assert close(was, gold("sales", so_far, LINES, LINES))
    assert any("hasta el" in n for n in found.notes)


def test_before_the_data_there_is_nothing_to_compare_with(shown: Callable[[View], Table]):
    found = shown(View(("sales",), Period.month(2025, 10), "branch", compare=Compare.year))
    assert [c.kind for c in found.columns] == ["text", "value"]
    assert any("no hay con qué comparar" in n for n in found.notes)


def test_outside_the_data_it_is_said_until_when_there_is(shown: Callable[[View], Table]):
    found = shown(View(("sales",), Period.month(2021, 3), "branch"))
    assert found.rows == ()
    assert "No tengo datos de marzo 2021" in found.notes[0]


def test_the_order_and_the_first_ones(shown: Callable[[View], Table]):
    found = shown(View(("sales",), TEN, "customer", order="asc", limit=3))
    sales = {c: gold("sales", TEN, [x for x in LINES if MEMBER["customer"](x) == c], LINES) or 0
             for c in {MEMBER["customer"](x) for x in LINES if TEN.holds(x.day)}}  # fmt: skip
    assert [r[0] for r in found.rows] == sorted(sales, key=lambda c: (sales[c], c))[:3]
    assert "De los clientes muestro los 3 últimos" in found.notes[0]
    best = shown(View(("sales",), TEN, "month", order="desc", limit=2))
    months = sorted(TEN.spans(Grain.month), key=lambda m: -(gold("sales", m, LINES, LINES) or 0))
    assert [r[0] for r in best.rows] == months[:2]
    week = shown(View(("sales",), TEN, "weekday"))
    assert [r[0] for r in week.rows] == ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"]


def test_what_the_data_lacks_is_said_and_the_rest_is_shown(new_scope: Callable[..., Scope]):
    scope = new_scope()
    bare = [Line(date(2026, 10, d), Decimal(1000 * d), order=f"B{d}") for d in range(1, 9)]
    with db.tenant(scope) as connection:
        empty = table(View(("sales",), OCTOBER), scope, connection)
        load(bare, scope, connection)
        features.refresh(scope, connection)
        found = table(View(("sales", "gross_margin"), OCTOBER, "week"), scope, connection)
        split = table(View(("sales",), OCTOBER, "branch"), scope, connection)
    assert empty.rows == ()
    assert "Todavía no tengo ventas" in empty.notes[0]
    assert {c.metric for c in found.columns[1:]} == {"sales"}
    assert "el costo" in found.notes[-1]
    assert split.rows == ()
    assert "Para separar por sucursal necesito la sucursal" in split.notes[0]


def test_what_does_not_go_together_is_refused(shown: Callable[[View], Table]):
    for view in (
        View((), OCTOBER), View(("sales",), OCTOBER, "branch", "branch"), View(("sales",), OCTOBER, "day", "year"),
        View(("no_such",), OCTOBER), View(("sales",), OCTOBER, "no_such"),
        View(("own_" + "0" * 32,), OCTOBER), View(("sales",), Period(date(1900, 1, 1), date(2200, 1, 1)), "day"),
    ):  # fmt: skip
        with pytest.raises(AyniError):
            shown(view)


def test_names_never_become_anything_else(new_scope: Callable[..., Scope]):
    """Members are data: quotes, markup, patterns and formulas come back as they are, and filter as they are."""
    scope = new_scope()
    names = [
        "O'Higgins; DROP TABLE fact_sales; --",
        "<script>alert(1)</script>",
        "=1+1",
        "%",
        "_",
        "a\\b",
        "{x}",
        "“ñ”",
    ]
    with db.tenant(scope) as connection:
        load([Line(date(2026, 10, 5), Decimal(i + 1), branch=n) for i, n in enumerate(names)], scope, connection)
        features.refresh(scope, connection)
        every = table(View(("sales",), OCTOBER, "branch"), scope, connection)
        for i, name in enumerate(names):
            one = table(View(("sales",), OCTOBER, filters=(Filter("branch", (name,)),)), scope, connection)
            assert one.rows == (("Total", Decimal(i + 1)),)
    assert {r[0] for r in every.rows} == set(names)


def test_another_company_sees_its_own(shop: Scope, new_scope: Callable[..., Scope]):
    other = new_scope()
    with db.tenant(other) as connection:
        load([Line(date(2026, 10, 5), Decimal(7), branch="Talca")], other, connection)
        features.refresh(other, connection)
        found = table(
            View(("sales",), OCTOBER, "branch", filters=(Filter("branch", ("Talca", "Centro")),)), other, connection
        )
    assert found.rows == (("Talca", Decimal(7)),)


def test_a_connection_is_only_read(shop: Scope):
    with db.tenant(shop) as connection:
        connection.execute("SET TRANSACTION READ ONLY")
        assert table(View(("sales",), OCTOBER, "branch", "channel"), shop, connection).rows
