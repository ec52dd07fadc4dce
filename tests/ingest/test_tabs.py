"""Workbooks with a tab of sales beside one of expenses and one of stock: each read as what it is, within one upload."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from io import BytesIO
from time import process_time
from typing import Any

import pandas as pd
import pytest

from core import db
from core.periods import Period
from core.tenancy import Scope
from features import source_rows, stock
from features.query import Query
from ingest import Upload, process, receive, reclassify, rejected_rows, remap, undo
from ingest.merging import readings
from ingest.sheets import assembled
from ingest.tabs import guess, parts
from tests.ingest.test_sheets import book

SALES = (
    ("Fecha", "Boleta", "Producto", "Cantidad", "Total"),
    (date(2026, 10, 1), 101, "Marraqueta", 2, 3000),
    (date(2026, 10, 2), 102, "Kuchen", 1, 8900),
    (date(2026, 10, 3), 103, "Kuchen", 1, "no sé"),
)
SPENT = (
    ("Gastos del local",), (),
    ("Fecha", "Tipo de gasto", "Proveedor", "Forma de pago", "Monto"),
    (date(2026, 10, 1), "Arriendo", "Inmobiliaria Sur", "Transferencia", 850_000),
    (date(2026, 10, 5), "Luz", "CGE", "Efectivo", "120.350"),
    (date(2026, 10, 6), "Luz", "CGE", "Efectivo", "mucho"),
    ("Total", None, None, None, 970_350),
)  # fmt: skip
COUNTED = (("Producto", "Stock actual", "Costo unitario"), ("Marraqueta", 35, 250), ("Kuchen", 4, 3200), (None, 9, 1))
NOTES = (("Acordarse", "de llamar"), ("a", "b"))


def bring(scope: Scope, data: bytes, name: str = "octubre.xlsx") -> Upload:
    with db.tenant(scope) as connection:
        return process(scope, receive(scope, name, BytesIO(data), connection).id, connection).upload


def again(scope: Scope, found: Upload, *tabs: str) -> Upload:
    with db.tenant(scope) as connection:
        reclassify(scope, found.id, "", connection, tabs)
        return process(scope, found.id, connection).upload


def sums(scope: Scope) -> dict[str, tuple[int, Any]]:
    with db.tenant(scope) as connection:
        row = connection.execute(
            "SELECT (SELECT count(*) FROM fact_sales), (SELECT coalesce(sum(total), 0) FROM fact_sales),"
            " (SELECT count(*) FROM fact_expenses), (SELECT coalesce(sum(total), 0) FROM fact_expenses),"
            " (SELECT count(*) FROM fact_stock), (SELECT coalesce(sum(quantity), 0) FROM fact_stock)"
        ).fetchone()
    assert row is not None
    return {"sales": row[0:2], "expenses": row[2:4], "stock": row[4:6]}


NOTHING = {"sales": (0, 0), "expenses": (0, 0), "stock": (0, 0)}


@pytest.fixture(scope="module")
def three() -> bytes:
    return book(Ventas=SALES, Gastos=SPENT, Inventario=COUNTED, Notas=NOTES)


def test_each_tab_is_read_by_its_own_kind_and_undone_with_the_others(scope: Scope, three: bytes) -> None:
    done = bring(scope, three)
    assert done.state == "ready", done.message
    spent = pd.read_excel(BytesIO(three), sheet_name="Gastos", header=2).iloc[:-1]
    amounts = pd.to_numeric(spent["Monto"].astype(str).str.replace(".", ""), errors="coerce").dropna()
    counted = pd.read_excel(BytesIO(three), sheet_name="Inventario").dropna(subset="Producto")["Stock actual"]
    sold = pd.to_numeric(pd.read_excel(BytesIO(three), sheet_name="Ventas")["Total"], errors="coerce").dropna()
    expected = {
        "sales": (len(sold), Decimal(int(sold.sum()))), "expenses": (len(amounts), Decimal(int(amounts.sum()))),
        "stock": (len(counted), Decimal(int(counted.sum()))),
    }  # fmt: skip
    assert sums(scope) == expected
    assert (done.accepted, done.set_aside, done.rows_read) == (6, 3, 9)
    assert (done.first_day, done.last_day) == (date(2026, 10, 1), date(2026, 10, 2))
    assert done.message.startswith(
        "Leí «Ventas» (ventas: 2 líneas, 1 apartada), «Gastos» (gastos: 2 líneas, 1 apartada) y "
        "«Inventario» (inventario: 2 líneas, 1 apartada)."
    )
    assert "No usé la hoja «Notas»" in done.message
    with db.tenant(scope) as connection:
        aside = rejected_rows(scope, done.id, connection)
    assert [r.code for r in aside] == ["bad_number", "bad_total", "bad_product"]
    assert "hoja «Gastos», fila 6" in aside[1].reason
    assert aside[1].raw.startswith("2026-10-06;Luz;CGE")
    with db.tenant(scope) as connection:
        process(scope, done.id, connection)
        assert receive(scope, "otro nombre.xlsx", BytesIO(three), connection).known
    assert sums(scope) == expected
    with db.tenant(scope) as connection:
        undo(scope, done.id, connection)
    assert sums(scope) == NOTHING
    assert bring(scope, three).id != done.id
    assert sums(scope) == expected


def test_the_owner_says_what_each_tab_is(scope: Scope, three: bytes) -> None:
    done = bring(scope, three)
    less = again(scope, done, "sales", "", "stock", "")
    assert (less.state, sums(scope)["expenses"]) == ("ready", (0, 0)), less.message
    other = again(scope, done, "", "expenses", "", "")
    assert other.message.startswith("Leí 2 líneas de gastos, 1 apartada.")
    assert sums(scope) == {**NOTHING, "expenses": (2, Decimal(970_350))}
    none = again(scope, done, "", "expenses", "", "sales")
    assert none.state == "ready"
    assert "No leí «Notas»" in none.message


def test_two_tables_of_sales_are_not_both_taken(scope: Scope, three: bytes) -> None:
    done = bring(scope, three)
    refused = again(scope, done, "sales", "sales", "", "")
    assert (refused.state, refused.error_code) == ("failed", "two_tables_of_sales")
    assert sums(scope) == NOTHING
    back = again(scope, done, "sales", "expenses", "", "")
    assert (back.state, sums(scope)["expenses"]) == ("ready", (2, Decimal(970_350)))


def test_the_columns_of_each_tab_are_corrected_apart(scope: Scope) -> None:
    spent = (
        ("Fecha", "Gasto", "Neto", "Valor"),
        (date(2026, 10, 1), "Luz", 100, 119),
        (date(2026, 10, 2), "Gas", 50, 60),
    )
    done = bring(scope, book(Ventas=SALES, Gastos=spent))
    assert sums(scope)["expenses"] == (2, Decimal(179))
    part = next(i for i, r in enumerate(readings(done)) if r["kind"] == "expenses")
    with db.tenant(scope) as connection:
        remap(scope, done.id, {"Neto": "total", "Valor": ""}, connection, part)
        process(scope, done.id, connection)
    assert sums(scope)["expenses"] == (2, Decimal(150))
    assert sums(scope)["sales"] == (2, Decimal(11_900))


def test_a_tab_that_sums_up_another_is_not_counted_twice(scope: Scope) -> None:
    months = (("Gasto", "Octubre 2026"), ("Arriendo", 850_000), ("Luz", 120_350))
    done = bring(scope, book(Gastos_mes=months, Gastos=SPENT, Resumen_gastos=months, Ventas=SALES))
    assert sums(scope)["expenses"] == (2, Decimal(970_350)), done.message
    assert "No leí «Gastos_mes»: Suma lo mismo que «Gastos»" in done.message
    assert "«Resumen_gastos»: parece un resumen" in done.message


def test_a_tab_for_each_month_or_branch_of_expenses_is_read_whole(scope: Scope) -> None:
    tabs = {
        f"Gastos {name} 2026": (("Concepto", "Monto"), ("Arriendo", 500), ("Luz", i), ("Total", 500 + i))
        for i, name in enumerate(("enero", "febrero", "marzo"), start=1)
    }
    done = bring(scope, book(**tabs), "libro.xlsx")
    assert done.state == "ready", done.message
    assert sums(scope)["expenses"] == (6, Decimal(1506))
    with db.tenant(scope) as connection:
        months = connection.execute("SELECT spent_on, sum(total) FROM fact_expenses GROUP BY 1 ORDER BY 1").fetchall()
    assert months == [(date(2026, m, 1), 500 + m) for m in (1, 2, 3)]
    header = ("Fecha", "Gasto", "Monto")
    both = book(
        Centro=[header, (date(2026, 11, 1), "Arriendo", 500)], Talca=[header, (date(2026, 11, 1), "Arriendo", 500)]
    )
    bring(scope, both, "gastos noviembre.xlsx")
    with db.tenant(scope) as connection:
        found = connection.execute("SELECT count(*), sum(total) FROM fact_expenses WHERE spent_on > '2026-10-31'")
        assert found.fetchall() == [(1, 500)]  # the second tab repeats every row of the first


def test_a_tab_that_cannot_be_read_leaves_the_others(scope: Scope) -> None:
    done = bring(scope, book(Ventas=SALES, Gastos=(("Fecha", "Gasto", "Comentario"), ("1-10-2026", "Luz", "alta"))))
    assert (done.state, done.accepted) == ("ready", 2)
    assert "No leí «Gastos»: No encontré la columna de monto" in done.message
    assert sums(scope)["sales"] == (2, Decimal(11_900))


def test_the_counts_of_a_workbook_answer_beside_its_sales(scope: Scope, three: bytes) -> None:
    bring(scope, three)
    query = Query(("expenses",), Period.month(2026, 10))
    with db.tenant(scope) as connection:
        found = {s.product: (s.counted, s.source_line) for s in stock(scope, connection, date(2030, 1, 1))}
        lines = [(r.filename, r.source_line, r.total) for r in source_rows(query, scope, connection)]
    assert found == {"Marraqueta": (35, 2), "Kuchen": (4, 3)}
    named = "octubre.xlsx, hoja «Gastos»"
    assert lines == [(named, 4, 850_000), (named, 5, 120_350)]


@pytest.mark.parametrize(
    ("sheets", "kinds"),
    [
        ({"Ventas": SALES, "Compras": SALES, "Gastos": SPENT}, ["sales", "", "expenses"]),
        ({"Ventas": SALES, "Compras 2026": SPENT, "Proveedores": SPENT}, ["sales", "", ""]),
        ({"Gastos": SPENT, "Caja": (("Fecha", "Total"), ("01-10-2026", 5000))}, ["expenses", ""]),
        ({"Gastos": SPENT, "Ventas": (("Fecha", "Total"), ("01-10-2026", 5000))}, ["expenses", "sales"]),
        ({"Ventas": SALES, "Presupuesto gastos": SPENT, "Gastos copia": SPENT}, ["sales", "", ""]),
        ({"Ventas": SALES, "Gastos": SPENT[:3]}, ["sales", ""]),
        ({"Inventario": (("Producto", "Cantidad"), ("Pan", 3)), "Ventas": SALES}, ["stock", "sales"]),
    ],
)
def test_what_each_tab_is(sheets: Mapping[str, Any], kinds: list[str]) -> None:
    grids = {name: [tuple(str(c or "") for c in row) for row in rows] for name, rows in sheets.items()}
    table = assembled(grids)
    assert list(guess(table, "libro.xlsx").values()) == kinds


def test_hundreds_of_tabs_of_one_kind_are_taken_apart_in_a_moment() -> None:
    tabs = {f"Inventario {n}": [COUNTED[0], (f"Pan {n}", str(n), "9")] for n in range(300)}
    table = assembled(tabs)
    before = process_time()
    found = parts(table, guess(table, "bodega.xlsx"))
    assert [part.table.describe()["sheet"] for part in found.parts[:2]] == ["«Inventario 0»", "«Inventario 1»"]
    assert len(found.parts) == 300
    assert process_time() - before < 8
