"""Expenses and stock against plain sums of the same lines."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest

import features
import ingest
from core import db
from core.db import Connection
from core.periods import Grain, Period
from core.tenancy import Scope
from features import own
from features.catalog.types import Good, Unit
from features.query import Filter, Query
from tests.features.gold import gold
from tests.features.sample import draw, load

FIRST = date(2026, 1, 1)
LINES = draw(9, 500, FIRST, 150)
SPENT = [
    (
        FIRST + timedelta(days=3 * i),
        ("Arriendo", "Luz", "Harina", "")[i % 4],
        ("Talca", "Curicó", "")[i % 3],
        1000 + 37 * i,
    )
    for i in range(40)
]
ALL = Period(date(2026, 1, 1), date(2026, 4, 30))


def sheet(spent: list[tuple[date, str, str, int]]) -> bytes:
    lines = [f"{d:%d/%m/%Y};{kind};{branch};{total}" for d, kind, branch, total in spent]
    return "\n".join(["Fecha;Tipo de gasto;Sucursal;Monto", *lines]).encode()


def send(scope: Scope, data: bytes, name: str, connection: Connection) -> None:
    done = ingest.process(scope, ingest.receive(scope, name, BytesIO(data), connection).id, connection)
    assert done.upload.state == "ready", done.upload.message


@pytest.fixture
def connection(scope: Scope) -> Iterator[Connection]:
    with db.tenant(scope) as connection:
        load(LINES, scope, connection)
        send(scope, sheet(SPENT), "gastos.csv", connection)
        send(scope, sheet(SPENT[:20]), "gastos primeros.csv", connection)  # overlaps: told once
        yield connection


def spent(period: Period, **only: str) -> Decimal:
    at = {"kind": 1, "branch": 2}
    return Decimal(sum(s[3] for s in SPENT if period.holds(s[0]) and all(s[at[k]] == v for k, v in only.items())))


@pytest.mark.parametrize("grain", [None, Grain.month, Grain.quarter])
def test_expenses_over_time_and_beside_sales(grain: Grain | None, scope: Scope, connection: Connection):
    result = features.run(Query(("sales", "expenses"), ALL, grain), scope, connection)
    for row in result.rows:
        wanted = gold("sales", row.period, LINES, LINES) if row.metric == "sales" else spent(row.period)
        assert row.value == wanted, row


def test_what_the_books_do_not_cover_has_no_value(scope: Scope, connection: Connection):
    later = Query(("expenses",), Period(date(2026, 3, 1), date(2026, 6, 30)), Grain.month)
    values = [r.value for r in features.run(later, scope, connection).rows]
    assert values[:2] == [spent(Period.month(2026, 3)), spent(Period.month(2026, 4))]
    assert values[2:] == [None, None]
    assert features.run(Query(("expenses",), Period.month(2025, 12)), scope, connection).value() is None


def test_by_branch_and_by_kind(scope: Scope, connection: Connection):
    rows = features.run(Query(("expenses",), ALL, dimension="branch", order="desc"), scope, connection).rows
    assert {r.member: r.value for r in rows} == {
        "Talca": spent(ALL, branch="Talca"), "Curicó": spent(ALL, branch="Curicó"),
        "(sin sucursal)": spent(ALL, branch=""),
    }  # fmt: skip
    only = Query(("expenses",), ALL, filters=(Filter("branch", ("Talca",)),))
    assert features.run(only, scope, connection).value() == spent(ALL, branch="Talca")
    assert sum(r.total for r in features.expense_rows(only, scope, connection, 100, 0)) == spent(ALL, branch="Talca")
    kinds = {s.name: s.total for s in features.spending(ALL, "category", (), scope, connection)}
    assert kinds == {k or "(sin tipo)": spent(ALL, kind=k) for k in ("Arriendo", "Luz", "Harina", "")}
    assert features.run(Query(("expenses",), ALL, dimension="product"), scope, connection).missing


def test_the_result_after_expenses_and_formulas_over_it(scope: Scope, connection: Connection):
    month = Period.month(2026, 2)
    profit = gold("gross_profit", month, LINES, LINES)
    assert profit is not None
    found = features.run(Query(("operating_result",), month), scope, connection).value()
    assert found == profit - spent(month)
    made = own.define("Gasto por cada venta", "gastos / transacciones", Unit.money, Good.down, scope, connection)
    sold = gold("transactions", month, LINES, LINES)
    assert sold
    value = features.run(Query((made.id,), month), scope, connection).value()
    assert value is not None
    assert abs(value - spent(month) / sold) < Decimal("1e-12")


def test_offered_only_where_there_are_expenses(scope: Scope, connection: Connection, new_scope: Callable[..., Scope]):
    assert "expenses" in {m.id for m in features.metrics(scope, connection)}
    assert "expense" in features.coverage(scope, connection).columns
    other = new_scope()
    with db.tenant(other) as theirs:
        load(LINES, other, theirs)
        assert "expenses" not in {m.id for m in features.metrics(other, theirs)}
        result = features.run(Query(("operating_result", "sales"), ALL), other, theirs)
        assert result.missing == {"operating_result": ("expense",)}
        assert "planilla con fecha, detalle y monto" in features.need(features.metric("expenses"), ("expense",))


def test_stock_is_the_latest_count_less_what_was_sold_since(scope: Scope, connection: Connection):
    last = max(x.day for x in LINES)
    counted = last - timedelta(days=10)
    names = sorted({x.product for x in LINES if x.product})[:3]
    old = f"Producto;Stock;Fecha\n{names[0]};999;{counted - timedelta(days=9):%d/%m/%Y}\n"
    new = "Producto;Stock;Stock mínimo;Fecha\n" + "".join(
        f"{n};{100 + i};95;{counted:%d/%m/%Y}\n" for i, n in enumerate(names)
    )
    send(scope, old.encode(), "inventario viejo.csv", connection)
    send(scope, (new + f"Nunca vendido;7;9;{counted:%d/%m/%Y}\n").encode(), "inventario.csv", connection)
    found = {s.product: s for s in features.stock(scope, connection, last)}
    assert set(found) == {*names, "Nunca vendido"}
    for i, name in enumerate(names):
        since = sum(x.quantity for x in LINES if x.product == name and x.day > counted)
        pace = sum(x.quantity for x in LINES if x.product == name and x.day > last - timedelta(days=28))
        assert found[name].counted == 100 + i
        assert found[name].left == max(100 + i - since, 0)
        assert found[name].pace == Decimal(pace) / 28
    assert found["Nunca vendido"].days is None
    assert found["Nunca vendido"].low
    days = [s.days for s in features.stock(scope, connection, last) if s.days is not None]
    assert days == sorted(days)
    assert [s.product for s in features.stock(scope, connection, last, (names[1].upper(),))] == [names[1]]


def test_the_lines_behind_a_figure_are_of_both_books(scope: Scope, connection: Connection):
    month = Period.month(2026, 2)
    whole = features.sources(Query(("expenses",), month), scope, connection)
    rows = features.source_rows(Query(("expenses",), month), scope, connection)
    assert sum(r.total for r in rows) == spent(month)
    assert whole.lines == len(rows)
    assert {r.kind for r in rows} == {"expense"}
    both = Query(("operating_result",), month)
    features.run(both, scope, connection)
    found = features.sources(both, scope, connection)
    paged = [r for i in range(0, found.lines, 7) for r in features.source_rows(both, scope, connection, 7, i)]
    assert len(paged) == found.lines
    assert len({(r.upload_id, r.source_line) for r in paged}) == found.lines
    assert sum(r.total for r in paged if r.kind == "expense") == spent(month)


def test_days_and_weeks_and_two_filters_at_once(scope: Scope, connection: Connection):
    cut = Period(date(2026, 1, 7), date(2026, 3, 18))
    for grain in (Grain.day, Grain.week):
        for row in features.run(Query(("expenses",), cut, grain), scope, connection).rows:
            assert row.value == spent(row.period), row
    both = (Filter("branch", ("Talca", "Curicó")), Filter("branch", ("Curicó",), exclude=True))
    query = Query(("expenses",), ALL, filters=both)
    assert features.run(query, scope, connection).value() == spent(ALL, branch="Talca")
    rows = features.expense_rows(query, scope, connection, None, 0)
    assert sum(r.total for r in rows) == spent(ALL, branch="Talca")


MONTHLY = "Gasto;ene-26;feb-26\nArriendo;500.000;510.000\nInternet;25.000;26.000\n"


def test_what_is_known_by_month_counts_in_whole_months_alone(scope: Scope, connection: Connection):
    send(scope, MONTHLY.encode(), "fijos.csv", connection)
    fixed = {1: 525_000, 2: 536_000}

    def value(period: Period, metric: str = "expenses") -> Decimal | None:
        return features.run(Query((metric,), period), scope, connection).value()

    for month in (1, 2, 3):
        assert value(Period.month(2026, month)) == spent(Period.month(2026, month)) + fixed.get(month, 0)
    assert value(Period(FIRST, date(2026, 3, 31))) == spent(Period(FIRST, date(2026, 3, 31))) + sum(fixed.values())
    kinds = {s.name: s.total for s in features.spending(Period.month(2026, 1), "category", (), scope, connection)}
    assert kinds["Arriendo"] == spent(Period.month(2026, 1), kind="Arriendo") + 500_000
    half = Period(date(2026, 2, 10), date(2026, 3, 31))
    for metric in ("expenses", "operating_result"):
        cut = features.run(Query((metric,), half), scope, connection)
        assert cut.missing == {metric: ("expense_by_day",)}
    assert features.run(Query(("expenses",), Period.month(2026, 1), Grain.day), scope, connection).missing
    assert "dice solo el mes" in features.need(features.metric("expenses"), ("expense_by_day",))
    days = features.run(Query(("expenses",), Period(date(2026, 2, 27), date(2026, 3, 2)), Grain.day), scope, connection)
    assert [r.value for r in days.rows] == [None, None, *(spent(r.period) for r in days.rows[2:])]
    rows = features.source_rows(Query(("expenses",), Period.month(2026, 1)), scope, connection)
    assert sum(r.total for r in rows) == value(Period.month(2026, 1))


def sold(product: str, after: date, *branches: str | None) -> Decimal:
    """Units that left after a day, in these branches (without any: in all)."""
    here = [x for x in LINES if x.product == product and x.day > after and (not branches or x.branch in branches)]
    return sum((x.quantity or Decimal(0) for x in here), Decimal(0))


def test_stock_by_branch_and_what_it_is_worth(scope: Scope, connection: Connection):
    last = max(x.day for x in LINES)
    early, late = last - timedelta(days=20), last - timedelta(days=6)
    text = (
        "Producto;Bodega;Stock;Costo unitario;Fecha\n"
        f"Café;Sucursal Talca;400;120,5;{early}\nCafé;Centro;300;100;{late}\nTorta;Talca;500;;{early}\n"
        f"Torta;Bodega central;50;;{early}\nNunca vendido;Talca;7;;{early}\nMarraqueta;;60;90;{late}\n"
    )
    send(scope, text.encode(), "inventario.csv", connection)
    at = {(s.product, s.branch): s for s in features.stock_by_branch(scope, connection, last)}
    assert at["Café", "Sucursal Talca"].left == 400 - sold("Café", early, "Talca")
    assert at["Café", "Centro"].left == 300 - sold("Café", late, "Centro")
    assert not at["Torta", "Bodega central"].followed
    assert [(s.product, s.left) for s in features.stock(scope, connection, last, ("Café",), "Talca")] == [
        ("Café", at["Café", "Sucursal Talca"].left)
    ]
    whole = {s.product: s for s in features.stock(scope, connection, last)}
    assert whole["Café"].left == 700 - sold("Café", early, "Talca") - sold("Café", late, "Centro")
    assert whole["Café"].counted_on == early
    # What was sold where nobody counted left the store-room.
    assert whole["Torta"].left == 550 - sold("Torta", early)
    assert whole["Marraqueta"].left == 60 - sold("Marraqueta", late)

    value = features.stock_value(scope, connection, last)
    cost = {"Café": Decimal(100), "Marraqueta": Decimal(90)}  # of its latest count
    day = max(x.day for x in LINES if x.product == "Torta" and x.kind == "sale" and x.cost and x.quantity)
    there = [x for x in LINES if x.product == "Torta" and x.kind == "sale" and x.day == day and x.cost and x.quantity]
    cost["Torta"] = sum((x.cost or Decimal(0) for x in there), Decimal(0)) / sum(
        (x.quantity or Decimal(0) for x in there), Decimal(0)
    )
    wanted = {name: one * whole[name].left for name, one in cost.items() if whole[name].left > 0}
    assert {v.product: round(v.value, 6) for v in value.known} == {k: round(v, 6) for k, v in wanted.items()}
    assert {v.product: v.by for v in value.known}["Torta"] == "sales"
    assert value.unknown == ("Nunca vendido",)
    assert abs(value.total - sum(wanted.values())) < Decimal("0.001")


def test_expenses_by_what_a_line_of_a_book_says(scope: Scope, connection: Connection):
    """By kind, over time, in pairs and filtered by each: plain sums of the same lines."""
    kinds = {s[1] or "(sin tipo)" for s in SPENT}
    rows = features.run(Query(("expenses",), ALL, Grain.month, "expense_kind"), scope, connection).rows
    assert {r.member for r in rows} == kinds
    for row in rows:
        assert row.value == spent(row.period, kind=row.member.replace("(sin tipo)", "")), row
    pairs = features.run(Query(("expenses",), ALL, None, "expense_kind", across="branch"), scope, connection).rows
    for row in pairs:
        told = {"kind": row.member.replace("(sin tipo)", ""), "branch": row.across.replace("(sin sucursal)", "")}
        assert row.value == spent(ALL, **told), row
    assert sum(r.value or 0 for r in pairs) == spent(ALL)
    some = (Filter("expense_kind", ("Luz", "(sin tipo)")), Filter("branch", ("Talca",), exclude=True))
    query = Query(("expenses",), ALL, filters=some)
    wanted = Decimal(sum(s[3] for s in SPENT if s[1] in ("Luz", "") and s[2] != "Talca"))
    assert features.run(query, scope, connection).value() == wanted
    assert sum(r.total for r in features.expense_rows(query, scope, connection, 100, 0)) == wanted
    suppliers = features.run(Query(("expenses",), ALL, dimension="supplier"), scope, connection)
    assert {r.member: r.value for r in suppliers.rows} == {"(sin proveedor)": spent(ALL)}


def test_sales_have_no_kind_of_expense_and_expenses_no_product(scope: Scope, connection: Connection):
    by_kind = Query(("sales", "expenses", "operating_result"), ALL, dimension="expense_kind")
    found = features.run(by_kind, scope, connection)
    assert set(found.missing) == {"sales", "operating_result"}
    assert {r.metric for r in found.rows} == {"expenses"}
    assert "solo los gastos" in features.need(features.metric("sales"), found.missing["sales"])
    only = replace(by_kind, dimension=None, filters=(Filter("product", ("Torta",)),))
    assert set(features.run(only, scope, connection).missing) == {"expenses", "operating_result"}
    columns = features.coverage(scope, connection).columns
    offered = {m: {d.id for d in features.dimensions_of([features.metric(m)], columns)} for m in by_kind.metrics}
    assert offered["expenses"] == {"branch", "expense_kind", "supplier"}
    assert offered["operating_result"] == {"branch"}
    assert {"product", "branch", "hour"} <= offered["sales"]
    assert not {"expense_kind", "supplier"} & offered["sales"]
