"""Expenses and counts of stock: recognised, read, set aside, overlapping, undone, and never taken for sales."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import Workbook

from core import db
from core.tenancy import Scope
from ingest import Outcome, process, receive, reclassify, rejected_rows, undo
from ingest.books import recognise

EXPENSES = (
    "Fecha;Tipo de gasto;Proveedor;Detalle;Monto\n"
    "01/10/2026;Arriendo;Inmobiliaria Sur;Local octubre;$850.000\n"
    "05/10/2026;Luz y agua;CGE;Boleta 9912;120.350\n"
    "05/10/2026;Luz y agua;CGE;Boleta 9912;120.350\n"
    "no sé;Harina;Molino;;40.000\n"
    "12/10/2026;Harina;Molino;Sacos;mucho\n"
    "TOTAL;;;;1.090.700\n"
)
STOCK = (
    "Código;Producto;Stock actual;Stock mínimo;Costo unitario\n"
    "P1;Marraqueta;35;20;250\nP2;Kuchen de nuez;4,5;6;3.200\nP3;Café;;2;900\n;;12;;\n"
)


def bring(scope: Scope, text: str | bytes, name: str = "planilla.csv") -> Outcome:
    data = text if isinstance(text, bytes) else text.encode()
    with db.tenant(scope) as connection:
        return process(scope, receive(scope, name, BytesIO(data), connection).id, connection)


def rows(scope: Scope, query: str) -> list[tuple[object, ...]]:
    with db.tenant(scope) as connection:
        return connection.execute(query).fetchall()


def test_expenses_become_facts_and_what_cannot_be_used_says_why(scope: Scope):
    done = bring(scope, EXPENSES)
    assert done.upload.state == "ready", done.upload.message
    assert done.touched == ()
    assert rows(scope, "SELECT spent_on, category, supplier, total FROM fact_expenses ORDER BY source_line") == [
        (date(2026, 10, 1), "Arriendo", "Inmobiliaria Sur", Decimal(850_000)),
        (date(2026, 10, 5), "Luz y agua", "CGE", Decimal(120_350)),
        (date(2026, 10, 5), "Luz y agua", "CGE", Decimal(120_350)),
    ]
    assert rows(scope, "SELECT count(*) FROM fact_sales") == [(0,)]
    with db.tenant(scope) as connection:
        aside = rejected_rows(scope, done.upload.id, connection)
    assert [(r.line, r.code) for r in aside] == [(5, "bad_date"), (6, "bad_total")]
    assert "mucho" in aside[1].reason


def test_a_count_of_stock(scope: Scope):
    done = bring(scope, STOCK, "inventario.csv")
    assert done.upload.state == "ready", done.upload.message
    assert "lo tomé como contado el" in done.upload.message
    assert rows(scope, "SELECT product, quantity, minimum, unit_cost FROM fact_stock ORDER BY source_line") == [
        ("Marraqueta", Decimal(35), Decimal(20), Decimal(250)),
        ("Kuchen de nuez", Decimal("4.5"), Decimal(6), Decimal(3200)),
    ]
    assert done.upload.set_aside == 2


def test_a_workbook_with_dates_and_negative_amounts(scope: Scope):
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Egresos 2026"])
    sheet.append(["Fecha", "Categoría", "Proveedor", "Egreso"])
    sheet.append([date(2026, 9, 30), "Sueldos", "", -1_200_000.5])
    sheet.append([date(2026, 10, 30), "Sueldos", "", -1_300_000])
    out = BytesIO()
    book.save(out)
    done = bring(scope, out.getvalue(), "egresos.xlsx")
    assert done.upload.state == "ready", done.upload.message
    found = rows(scope, "SELECT spent_on, total FROM fact_expenses ORDER BY 1")
    assert found == [(date(2026, 9, 30), Decimal("1200000.5")), (date(2026, 10, 30), Decimal(1_300_000))]
    assert "en negativo" in done.upload.message


def test_equal_lines_of_two_exports_share_their_key_and_undo_takes_one_file_alone(scope: Scope):
    bring(scope, EXPENSES)
    longer = bring(scope, EXPENSES + "20/10/2026;Sueldos;;Octubre;900.000\n", "octubre completo.csv")
    keys = rows(scope, "SELECT count(*), count(DISTINCT line_key) FROM fact_expenses")
    assert keys == [(7, 4)]
    with db.tenant(scope) as connection:
        undo(scope, longer.upload.id, connection)
    assert rows(scope, "SELECT count(*), count(DISTINCT line_key) FROM fact_expenses") == [(3, 3)]


def test_processed_again_changes_nothing(scope: Scope):
    done = bring(scope, STOCK)
    with db.tenant(scope) as connection:
        process(scope, done.upload.id, connection)
    assert rows(scope, "SELECT count(*) FROM fact_stock") == [(2,)]


def test_the_owners_word_stands(scope: Scope):
    sales = "Fecha;Detalle;Monto\n01/10/2026;Pan;1.000\n02/10/2026;Leche;2.000\n"
    done = bring(scope, sales)
    assert rows(scope, "SELECT count(*) FROM fact_sales") == [(2,)]
    with db.tenant(scope) as connection:
        reclassify(scope, done.upload.id, "expenses", connection)
        process(scope, done.upload.id, connection)
    assert rows(scope, "SELECT (SELECT count(*) FROM fact_sales), (SELECT sum(total) FROM fact_expenses)") == [
        (0, Decimal(3000))
    ]


@pytest.mark.parametrize(
    ("headers", "name", "kind"),
    [
        ("Fecha;Boleta;Producto;Cantidad;Precio;Total", "ventas.csv", "sales"),
        ("Fecha;Producto;Stock;Cantidad;Total;Vendedor", "ventas con stock.csv", "sales"),
        ("Fecha;Nº Boleta;Producto;Stock", "ventas.csv", "sales"),
        ("Fecha venta;Proveedor;Producto;Total", "ventas.csv", "sales"),
        ("Fecha;Cliente;Proveedor;Monto", "x.csv", "sales"),
        ("Fecha;Detalle;Monto", "movimientos.csv", "sales"),
        ("Fecha;Detalle;Monto", "Gastos octubre.xlsx", "expenses"),
        ("Fecha;Proveedor;Monto", "x.csv", "expenses"),
        ("Fecha;Gasto;Cuenta", "x.csv", "expenses"),
        ("Producto;Existencias", "x.csv", "stock"),
        ("SKU;Nombre;Stock;Bodega", "x.csv", "stock"),
        ("Fecha;Producto;Inventario", "x.csv", "stock"),
    ],
)
def test_what_a_file_is(headers: str, name: str, kind: str):
    assert recognise(headers.split(";"), name) == kind


def test_a_book_without_its_columns_is_refused_and_leaves_nothing(scope: Scope):
    done = bring(scope, "Proveedor;Comentario\nMolino;harina\nCGE;luz\n", "gastos.csv")
    assert done.upload.state == "failed"
    assert rows(scope, "SELECT count(*) FROM fact_expenses") == [(0,)]
