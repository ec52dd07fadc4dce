"""Rows within rows: every value and subtotal against the same figure by plain loops over the lines, and their files."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

import features
from core import auth, db
from core.errors import BadInput
from core.periods import Grain, Period, add_months
from core.tenancy import Scope
from features.query import Filter
from server.reports import blocks, files, nested
from server.reports.spans import Kind
from server.reports.spec import Block, Draft, Spec
from server.views.view import Chart, Compare, Table, View
from tests.features.gold import MEMBER, gold
from tests.features.sample import Line, draw, load
from tests.server.views.test_tables import close

LINES = draw(31, 500, date(2025, 9, 10), 425)
QUARTER = Period(date(2026, 8, 1), date(2026, 10, 31))
METRICS = ("sales", "average_ticket", "transactions")
TODAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def shop(database: None) -> Scope:
    """A company with its lines, refreshed, that no test changes."""
    scope = auth.company_scope(auth.create_company("Filas", sector="panaderia").id)
    with db.tenant(scope) as connection:
        load(LINES, scope, connection)
        features.refresh(scope, connection)
    return scope


@pytest.fixture
def shown(shop: Scope) -> Callable[..., Table]:
    def show(rows: str, within: str, **more: object) -> Table:
        view = View(**{"metrics": METRICS, "period": QUARTER, "rows": rows, "chart": Chart.table, **more})  # type: ignore[arg-type]
        with db.tenant(shop) as connection:
            return nested.table(view, within, shop, connection)

    return show


def wanted(metric: str, period: Period, cells: tuple[tuple[str, object], ...]) -> Decimal | None:
    """The figure of the lines that are what `cells` say, by plain loops."""
    lines: list[Line] = LINES
    for split, at in cells:
        if isinstance(at, Period):
            period = at
        else:
            lines = [x for x in lines if MEMBER[split](x) == at]
    found = gold(metric, period, lines, LINES)
    none = not [x for x in lines if period.holds(x.day)]
    return Decimal(0) if found is None and none and features.metric(metric).empty_is_zero else found


def check(table: Table, rows: str, within: str, columns: str = "") -> None:
    for at, row in enumerate(table.rows):
        whole = at in table.groups
        assert (row[1] == "Total") is whole
        for cell, column in zip(row, table.columns, strict=True):
            if column.kind == "value" and not column.before:
                said = [(rows, row[0])] + ([] if whole else [(within, row[1])])
                said += [(columns, column.member)] if columns and column.member != "" else []
                expected = wanted(column.metric, QUARTER, tuple(said))
                assert close(cell, expected), (row[:2], column.name, cell, expected)


@pytest.mark.parametrize(
    ("rows", "within", "columns"),
    [("branch", "product", ""), ("month", "branch", ""), ("branch", "month", ""), ("quarter", "month", ""),
     ("branch", "category", "month"), ("branch", "product", "channel"), ("channel", "weekday", "branch")],
)  # fmt: skip
def test_every_figure_is_its_own(shown: Callable[..., Table], rows: str, within: str, columns: str) -> None:
    table = shown(rows, within, columns=columns)
    check(table, rows, within, columns)
    assert len(table.groups) == len({row[0] for row in table.rows}) > 0
    assert len(table.rows) > 2 * len(table.groups)
    assert table.total is not None
    assert close(table.total[-1], wanted("transactions", QUARTER, ()))


def test_what_adds_up_adds_up_and_what_does_not_is_said(shown: Callable[..., Table]) -> None:
    table = shown("branch", "product")
    ends = (*table.groups[1:], len(table.rows))
    unlike = 0
    for start, end in zip(table.groups, ends, strict=True):
        parts = table.rows[start + 1 : end]
        sales, ticket = table.rows[start][2:4]
        assert close(sales, sum((r[2] for r in parts), Decimal(0)))  # type: ignore[misc]
        unlike += not close(ticket, sum((r[3] or 0 for r in parts), Decimal(0)))  # type: ignore[misc]
    assert unlike == len(table.groups)
    assert (
        table.title == "Ventas, ticket promedio y transacciones por sucursal › producto, del 1-ago-2026 al 31-oct-2026"
    )
    assert [n for n in table.notes if "ticket promedio y transacciones" in n and "no son la suma" in n]
    assert not [n for n in shown("branch", "product", metrics=("sales",)).notes if "suma" in n]


def test_the_limit_holds_for_the_parts_and_is_said(shown: Callable[..., Table]) -> None:
    table = shown("branch", "product", order="desc", limit=2)
    check(table, "branch", "product")
    assert [b - a for a, b in zip(table.groups, (*table.groups[1:], len(table.rows)), strict=True)] == [3, 3, 3, 3]
    wholes = [table.rows[at][2] for at in table.groups]
    assert wholes == sorted(wholes, reverse=True)  # type: ignore[type-var]
    assert "Dentro de cada sucursal van hasta 2 filas; el subtotal es de todas." in table.notes


def test_a_years_weeks_are_all_there(shown: Callable[..., Table]) -> None:
    year = Period(date(2025, 11, 3), date(2026, 11, 1))
    table = shown("week", "branch", metrics=("sales",), period=year)
    weeks = [table.rows[at] for at in table.groups]
    assert [row[0] for row in weeks] == list(year.spans(Grain.week))
    assert table.total is not None
    assert close(table.total[2], sum((row[2] for row in weeks), Decimal(0)))  # type: ignore[misc]
    assert not [n for n in table.notes if "muestro" in n.lower()]


@pytest.mark.parametrize(
    ("rows", "within", "months"), [("branch", "product", 3), ("branch", "month", 3), ("month", "branch", 1)]
)
def test_each_row_beside_what_came_before_it(shown: Callable[..., Table], rows: str, within: str, months: int) -> None:
    """A span's own row stands beside the span before it, all else beside the same place of the quarter before."""
    table = shown(rows, within, metrics=("sales",), compare=Compare.previous)
    assert [c.name for c in table.columns[2:4]] == ["Ventas", "Ventas, antes" if months == 1 else table.columns[3].name]
    for at, row in enumerate(table.rows):
        said = [(rows, row[0])] + ([] if at in table.groups else [(within, row[1])])
        span = next((s for _, s in said if isinstance(s, Period)), QUARTER)
        before = Period(add_months(span.start, -months), add_months(span.end + timedelta(1), -months) - timedelta(1))
        names = tuple((d, s) for d, s in said if not isinstance(s, Period))
        assert close(row[3], wanted("sales", before, names)), (row, before)


@pytest.mark.parametrize(
    ("rows", "within", "more"),
    [
        ("branch", "weekday", {"compare": Compare.year}),
        ("category", "branch", {"metrics": ("active_customers", "sales"), "order": "asc", "compare": Compare.previous}),
        ("product", "seller", {"limit": 2, "filters": (Filter("seller", ("Ana", "(sin vendedor)"), True),)}),
        ("seller", "product", {"period": Period(date(2026, 10, 30), date(2026, 10, 31)), "compare": Compare.previous}),
    ],
)
def test_asked_for_together_the_groups_tell_what_each_tells_by_itself(
    shown: Callable[..., Table], monkeypatch: pytest.MonkeyPatch, rows: str, within: str, more: dict[str, Any]
) -> None:
    at_once = shown(rows, within, **more)
    monkeypatch.setattr(nested, "fits", lambda *_: False)
    assert at_once == shown(rows, within, **more)
    assert len(at_once.groups) > 1


@pytest.mark.parametrize(
    ("rows", "within", "columns"),
    [("branch", "branch", ""), ("branch", "channel", "channel"), ("branch", "day", "week")],
)
def test_what_does_not_go_together_is_refused(
    shown: Callable[..., Table], rows: str, within: str, columns: str
) -> None:
    with pytest.raises(BadInput):
        shown(rows, within, columns=columns)


def filled(shop: Scope, *made: Block) -> list[blocks.Filled]:
    spec = Spec(span=Kind.range, start=QUARTER.start, end=QUARTER.end, blocks=made)
    with db.tenant(shop) as connection:
        return blocks.fill(spec, TODAY, shop, connection)


def block(chart: Chart, rows: str = "branch", within: str = "product", columns: str = "") -> Block:
    return Block(id="b1", chart=chart, metrics=("sales", "average_ticket"), rows=rows, within=within, columns=columns)


@pytest.mark.parametrize(
    ("chart", "rows", "within", "columns", "drawn", "said"),
    [
        (Chart.table, "branch", "product", "", Chart.table, ""),
        (Chart.bar, "branch", "product", "", Chart.bar, "dentro de cada una separa por producto (hasta 8)"),
        (Chart.bar, "branch", "product", "channel", Chart.bar, "va solo por sucursal; la tabla trae también producto"),
        (Chart.heatmap, "branch", "weekday", "", Chart.heatmap, "separa por día de la semana; la tabla"),
        (Chart.pie, "branch", "product", "", Chart.pie, "va solo por sucursal"),
        (Chart.line, "month", "branch", "", Chart.line, "va por mes y dentro de cada"),
        (Chart.line, "branch", "month", "", Chart.line, "separa por mes"),
        (Chart.line, "quarter", "month", "", Chart.line, "va por mes; la tabla, por los dos"),
        (Chart.scatter, "branch", "product", "", Chart.scatter, "va solo por sucursal"),
        (Chart.kpi, "branch", "product", "", Chart.bar, "Lo muestro como barras"),
    ],
)
def test_a_chart_shows_what_it_can_and_says_so(
    shop: Scope, chart: Chart, rows: str, within: str, columns: str, drawn: Chart, said: str
) -> None:
    [found] = filled(shop, block(chart, rows, within, columns))
    assert found.problem == ""
    assert found.chart is drawn
    assert (found.spec is None) is (drawn is Chart.table)
    assert said in " ".join(found.notes)
    assert " › " in found.heads[0]
    assert found.table is not None
    wholes = [at for at, row in enumerate(found.cells[:-1]) if not row[0].startswith(nested.INDENT)]
    assert wholes == [*found.table.groups]


def test_in_a_workbook_both_are_columns_and_parts_fold_under_their_whole(shop: Scope) -> None:
    draft = Draft(title="Filas", spec=Spec())
    made = files.file("xlsx", draft, filled(shop, block(Chart.table)), TODAY, None, shop)
    [sheet] = load_workbook(BytesIO(made.content)).worksheets
    assert [c.value for c in sheet[1]] == ["Sucursal", "Producto", "Ventas", "Ticket promedio"]
    assert sheet["B2"].value == "Total"
    assert sheet["A3"].value == sheet["A2"].value
    assert (sheet["A2"].font.bold, sheet["A3"].font.bold) == (True, False)
    assert [sheet.row_dimensions[at].outlineLevel for at in (2, 3)] == [0, 1]
    expected = wanted("average_ticket", QUARTER, (("branch", sheet["A2"].value),))
    assert sheet["D2"].value == pytest.approx(float(expected or 0))
    assert files.file("pdf", draft, filled(shop, block(Chart.table)), TODAY, None, shop).content.startswith(b"%PDF")


def test_a_report_kept_before_there_were_two_opens_as_it_was() -> None:
    block = '{"id":"b1","chart":"bar","metrics":["sales"],"rows":"branch","columns":""}'
    [kept] = Spec.model_validate_json(f'{{"span":"last_month","blocks":[{block}]}}').blocks
    assert (kept.rows, kept.within) == ("branch", "")
