"""Every kind of chart of every kind of table is drawn, of the table's own figures and of nothing fetched."""

import json
from datetime import date
from decimal import Decimal
from itertools import product
from uuid import uuid4

import pytest

import features
from assistant.answers.charts import label_expression
from core.periods import Period
from core.tenancy import Company
from features.catalog.types import Unit
from server.digest.charts import names_an_address
from server.digest.charts import png as drawn
from server.views import charts, drawing
from server.views.view import Cell, Chart, Column, Compare, Table, View

COMPANY = Company(uuid4(), "x", "X", "", "CL", "CLP", "America/Santiago", "es-CL")
BRAZIL = Company(uuid4(), "x", "X", "", "BR", "BRL", "America/Sao_Paulo", "es-CL")
OCTOBER = Period.month(2026, 10)
MONTHS = (Period.month(2026, 8), Period.month(2026, 9), OCTOBER)
NAMES = ("Talca", "<b>Curicó</b>", "=1+1")


def made(view: View) -> Table:
    """A table as the view's shape has it, with figures that tell each cell apart."""
    members: dict[str, tuple[str | Period, ...]] = {"branch": NAMES, "channel": ("web", "local"), "month": MONTHS}
    rows = members.get(view.rows, ("Total",))
    across = members.get(view.columns, ("",))
    first = Column("row", "Nombre", "period" if view.rows == "month" else "text")
    columns = [first]
    for member in (*across, *(("",) if view.columns and view.rows else ())):
        for id in view.metrics:
            metric = features.metric(id)
            columns.append(Column(f"{member}{id}", f"{metric.name}{member}", "value", metric.unit, id, member=member))
            if view.compare is not Compare.none:
                columns.append(Column(f"{member}{id}b", f"{metric.name} antes", "value", metric.unit, id, True, member))
                columns.append(Column(f"{member}{id}c", "cambio", "change", None, id, member=member))

    def line(name: str | Period, number: int) -> tuple[Cell, ...]:
        return (name, *(Decimal(1000 * number + i) / (10_000 if c.unit is Unit.ratio else 1)
                        for i, c in enumerate(columns[1:])))  # fmt: skip

    filled = tuple(line(name, n) for n, name in enumerate(rows, 1))
    return Table("Título", tuple(columns), filled, line("Total", 9) if view.rows else None)


SHAPES = [("", ""), ("branch", ""), ("month", ""), ("branch", "channel"), ("month", "branch"), ("branch", "month"),
          ("", "branch"), ("", "month")]  # fmt: skip


@pytest.mark.parametrize(
    ("chart", "shape"), list(product([c for c in Chart if c not in (Chart.table, Chart.text)], SHAPES))
)
def test_any_chart_of_any_table(chart: Chart, shape: tuple[str, str]):
    for metrics, compare in product((("sales",), ("sales", "gross_margin", "average_ticket")), Compare):
        view = View(metrics, OCTOBER, *shape, chart=chart, compare=compare)
        table = made(view)
        spec = charts.spec(table, view, COMPANY)
        assert spec is not None
        assert not names_an_address(spec)
        told = {float(c) for row in (*table.rows, table.total or ()) for c in row if isinstance(c, Decimal)}
        values = [row for row in spec["data"]["values"] if row["name"] != "Otros"]
        assert values
        assert {row["value"] for row in values if row.get("value") is not None} <= told
        if (metrics, compare) == (("sales", "gross_margin", "average_ticket"), Compare.year):
            assert drawn(charts.picture(spec) | {"width": 400}).startswith(b"\x89PNG")


def test_the_chart_asked_for_or_the_nearest():
    def fits(chart: Chart, rows: str = "", columns: str = "", metrics: tuple[str, ...] = ("sales",)) -> Chart:
        return charts.fitting(View(metrics, OCTOBER, rows, columns, chart=chart))

    assert fits(Chart.line, "month") is Chart.line
    assert fits(Chart.line, "branch", "month") is Chart.line
    assert fits(Chart.line, "branch") is Chart.bar
    assert fits(Chart.pie, "branch", "month") is Chart.bar
    assert fits(Chart.scatter, "product", metrics=("sales", "units")) is Chart.scatter
    assert fits(Chart.scatter, "product") is Chart.bar
    assert fits(Chart.heatmap, "weekday", "hour") is Chart.heatmap
    assert fits(Chart.bar) is Chart.kpi
    assert fits(Chart.table, "branch") is Chart.table


def test_nothing_to_draw_is_none():
    view = View(("sales",), OCTOBER, "branch", chart=Chart.table)
    assert charts.spec(made(view), view, COMPANY) is None
    assert charts.spec(Table("x", (), ()), View(("sales",), OCTOBER, "branch"), COMPANY) is None


def test_a_row_leads_where_it_is_told():
    view = View(("sales",), OCTOBER, "branch")
    spec = charts.spec(made(view), view, COMPANY, ["/explorar?a", None, "/explorar?c"])
    assert spec is not None
    assert [row.get("href") for row in spec["data"]["values"]] == ["/explorar?a", None, "/explorar?c"]


def test_figures_are_written_as_in_the_table():
    view = View(("sales",), OCTOBER, "branch")
    for company, shown in ((COMPANY, "$1.000"), (BRAZIL, "R$1.000,00")):
        spec = charts.spec(made(view), view, company)
        assert spec is not None
        assert spec["data"]["values"][0]["shown"] == shown
    assert '"R$"' in json.dumps(label_expression("BRL")).replace('\\"', '"')


def test_a_pie_s_parts_make_up_the_whole():
    rows = tuple((f"p{i}", Decimal(100 - i)) for i in range(30))
    columns = (Column("row", "Producto", "text"), Column("sales", "Ventas", "value", Unit.money, "sales"))
    whole = sum((r[1] for r in rows), Decimal(0)) + 500
    view = View(("sales",), OCTOBER, "product", chart=Chart.pie)
    spec = charts.spec(Table("x", columns, rows, ("Total", whole)), view, COMPANY)
    assert spec is not None
    values = spec["data"]["values"]
    assert len(values) == drawing.MOST_SLICES + 1
    assert values[-1]["name"] == "Otros"
    assert sum(row["value"] for row in values) == float(whole)


def test_spans_have_short_names():
    spans = (OCTOBER, Period(date(2026, 10, 5), date(2026, 10, 11)), Period(date(2026, 7, 1), date(2026, 9, 30)),
             Period(date(2026, 1, 1), date(2026, 12, 31)), Period(date(2026, 5, 3), date(2026, 5, 3)))  # fmt: skip
    assert [drawing.short(s) for s in spans] == ["oct 26", "5-oct 26", "T3 26", "2026", "3-may 26"]
