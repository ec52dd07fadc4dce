"""Counts of stock with a column for each branch."""

from decimal import Decimal
from io import StringIO

import pandas as pd
import pytest

from core import db
from core.tenancy import Scope
from features.stock import stock, stock_by_branch
from ingest import process, rejected_rows, remap
from ingest.books.shelves import branch_columns, named
from ingest.columns import Column
from tests.ingest.books.test_books import bring, rows

SHEET = (
    "Inventario al 20-10-2026;;;;;;\n"
    "Código;Producto;Centro;Sucursal Talca;Bodega;Total;Costo unitario\n"
    "P1;Marraqueta;35;1.200;;1.235;250\n"
    "P2;Kuchen de nuez;4,5;0;2;6,5;3.200\n"
    "P3;Café;3;dos;1;4;900\n"
    ";TOTAL;42,5;1.200;3;1.245,5;\n"
)
SALES = "Fecha;Sucursal;Producto;Cantidad;Total\n01/10/2026;Centro;Café;1;900\n21/10/2026;Talca;Marraqueta;10;2.500\n"


def test_each_branch_has_its_own_count(scope: Scope) -> None:
    bring(scope, SALES, "ventas.csv")
    done = bring(scope, SHEET, "inventario.csv")
    assert done.upload.state == "ready", done.upload.message
    assert "Trae una columna por sucursal: Centro, Talca y Bodega." in done.upload.message
    sheet = pd.read_csv(StringIO(SHEET), sep=";", skiprows=1, dtype=str).iloc[:-1]
    expected = {}
    for header, branch in (("Centro", "Centro"), ("Sucursal Talca", "Talca"), ("Bodega", "Bodega")):
        text = sheet[header].str.replace(".", "").str.replace(",", ".")
        counts = pd.to_numeric(text, errors="coerce")
        expected |= {(p, branch): Decimal(str(n)) for p, n in zip(sheet["Producto"], counts, strict=True) if n == n}
    found = rows(scope, "SELECT product, branch, quantity FROM fact_stock")
    assert {(p, b): q for p, b, q in found} == expected
    assert (len(found), done.upload.accepted, done.upload.set_aside) == (7, 7, 1)
    with db.tenant(scope) as connection:
        (aside,) = rejected_rows(scope, done.upload.id, connection)
        day = scope.company.day_of(done.upload.created_at)
        whole = {s.product: s.counted for s in stock(scope, connection, day)}
        talca = {s.product: s.counted for s in stock_by_branch(scope, connection, day) if s.branch == "Talca"}
    assert (aside.line, "«Talca»" in aside.reason) == (5, True)
    assert whole == {"Marraqueta": 1235, "Kuchen de nuez": Decimal("6.5"), "Café": 4}
    assert talca == {"Marraqueta": 1200, "Kuchen de nuez": 0}
    with db.tenant(scope) as connection:
        process(scope, done.upload.id, connection)
    assert len(rows(scope, "SELECT 1 FROM fact_stock")) == 7


def test_a_column_that_is_no_branch_is_taken_out(scope: Scope) -> None:
    done = bring(scope, "Producto;Stock Centro;Stock Talca;Stock Vitrina\nPan;1;2;9\n", "x.csv")
    assert len(rows(scope, "SELECT 1 FROM fact_stock")) == 3
    with db.tenant(scope) as connection:
        remap(scope, done.upload.id, {"Stock Vitrina": ""}, connection)
        process(scope, done.upload.id, connection)
    assert rows(scope, "SELECT branch, quantity FROM fact_stock ORDER BY part") == [("Centro", 1), ("Talca", 2)]


@pytest.mark.parametrize(
    ("headers", "known", "branches"),
    [
        ("Producto;Centro;Talca", (), ["Centro", "Talca"]),
        ("Producto;Centro;Curicó;Vendidos mes", ("centro",), ["Centro", "Curicó"]),
        ("Producto;Ancho cm;Largo cm", (), []),
        ("Producto;Rojo;Azul", ("centro",), []),
        ("Producto;Stock;Centro;Talca", (), []),
        ("Producto;Stock total;Centro;Talca", ("talca",), ["Centro", "Talca"]),
        ("Producto;Stock inicial;Entradas;Salidas;Saldo", (), []),
        ("Producto;Stock Sucursal Centro;Stock Sucursal Talca", (), ["Centro", "Talca"]),
        ("Producto;Enero;Febrero", (), []),
        ("Producto;Sucursal;Stock;Reserva", (), []),
    ],
)
def test_which_columns_are_branches(headers: str, known: tuple[str, ...], branches: list[str]) -> None:
    fields = {"Producto": "product", "Stock": "quantity", "Saldo": "quantity", "Stock total": "quantity",
              "Sucursal": "branch", "Stock Sucursal Centro": "quantity"}  # fmt: skip
    columns = [Column(i, h, fields.get(h, ""), None) for i, h in enumerate(headers.split(";"))]
    assert list(branch_columns(columns, lambda i: i > 0, known).values()) == branches


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("Stock actual", ""),
        ("Stock Centro", "Centro"),
        ("Local de Ñuñoa", "Ñuñoa"),
        ("Bodega", "Bodega"),
        ("Total", ""),
    ],
)
def test_the_place_that_a_header_names(header: str, name: str) -> None:
    assert named(header) == name
