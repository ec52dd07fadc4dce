"""Exports of Argentina in the shapes that the public samples do not show."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest

from core import db
from core.tenancy import Scope
from ingest import Upload, process, receive

ORDERS = (
    "Número de orden;Email;Fecha;Estado de la orden;Estado del pago;Estado del envío;Moneda;Subtotal de productos;"
    "Descuento;Costo de envío;Total;Nombre del comprador;DNI / CUIT;Ciudad;País;Medio de pago;Nombre del producto;"
    "Precio del producto;Cantidad del producto;SKU;Canal;Código de tracking del envío;Sucursal de venta;Vendedor\n"
)
WIDE = (
    '"Mis Comprobantes Emitidos - CUIT 20123456786"\n'
    '"Fecha","Tipo","Punto de Venta","Número Desde","Número Hasta","Cód. Autorización","Tipo Doc. Receptor",'
    '"Nro. Doc. Receptor","Denominación Receptor","Tipo Cambio","Moneda","Neto Grav. IVA 0%","IVA 2,5%",'
    '"Neto Grav. IVA 2,5%","IVA 5%","Neto Grav. IVA 5%","IVA 10,5%","Neto Grav. IVA 10,5%","IVA 21%",'
    '"Neto Grav. IVA 21%","IVA 27%","Neto Grav. IVA 27%","Neto Gravado Total","Neto No Gravado","Op. Exentas",'
    '"Otros Tributos","Total IVA","Imp. Total"\n'
)


@pytest.fixture
def argentine(new_scope: Callable[..., Scope]) -> Scope:
    return new_scope(country="AR", currency="ARS", timezone="America/Argentina/Buenos_Aires")


def bring(scope: Scope, text: str, encoding: str = "latin-1") -> Upload:
    with db.tenant(scope) as connection:
        return process(
            scope, receive(scope, "export.csv", BytesIO(text.encode(encoding)), connection).id, connection
        ).upload


def facts(scope: Scope) -> list[tuple[Any, ...]]:
    with db.tenant(scope) as connection:
        return connection.execute(
            """SELECT f.order_ref, p.name, c.name, f.sold_on, f.kind, f.discount, f.total FROM fact_sales f
               LEFT JOIN dim_products p ON p.company_id = f.company_id AND p.id = f.product_id
               LEFT JOIN dim_customers c ON c.company_id = f.company_id AND c.id = f.customer_id
               ORDER BY f.source_line"""
        ).fetchall()


def order(number: str, state: str, discount: str, shipping: str, total: str, buyer: str, *item: str) -> str:
    """An order's row; without a buyer, one of its further items, on which only the number stands."""
    name, price, quantity = item
    if not buyer:
        return f"{number};" + ";" * 15 + f'{name};{price};{quantity};{name}-1;;="";;\n'
    return (
        f"{number};a@b.c;20/12/2025 10:00:00;{state};Recibido;Enviado;ARS;;{discount};{shipping};{total};{buyer};"
        f'{number};Rosario;Argentina;MP;{name};{price};{quantity};{name}-1;Web;="TRACK123";;\n'
    )


def test_tiendanube_orders_of_several_items_share_their_discount(argentine: Scope) -> None:
    text = ORDERS + order("1001", "Abierta", "100,00", "500,00", "3.400,00", "Ana", "Taza", "1.000,00", "1")
    text += order("1001", "", "", "", "", "", "Plato", "1.000,00", "2")
    text += order("1002", "Abierta", "0,00", "0,00", "10,00", "Luis", "Vaso", "10,00", "1")
    text += order("1003", "Cancelada", "0,00", "0,00", "999,00", "Eva", "Reloj", "999,00", "1")
    upload = bring(argentine, text)
    assert (upload.state, upload.set_aside) == ("ready", 0), upload.message
    rows = facts(argentine)
    assert [(row[0], row[1], row[2]) for row in rows[:3]] == [
        ("1001", "Taza", "Ana"), ("1001", "Plato", "Ana"), ("1002", "Vaso", "Luis"),
    ]  # fmt: skip
    assert [row[6] for row in rows[:2]] == [Decimal("966.67"), Decimal("1933.33")]
    assert sum(row[6] for row in rows) == 2910


def test_arca_with_a_column_for_each_tax_rate(argentine: Scope) -> None:
    def document(kind: str, number: str, currency: str, total: str) -> str:
        zeros = ",".join('"0,00"' for _ in range(15))
        return f'"03/10/2025","{kind}","00002","{number}","{number}","751","80","30712345678","ACME SA","1","{currency}",{zeros},"0,00","{total}"\n'  # noqa: E501

    text = (
        WIDE + document("1 - Factura A", "00000010", "$", "1.500,00") + document("6 - Factura B", "11", "PES", "0,50")
    )
    text += document("3 - Nota de Crédito A", "00000004", "$", "500,00")
    upload = bring(argentine, text)
    assert (upload.state, upload.set_aside) == ("ready", 0), upload.message
    assert upload.reading["connector"] == "arca_emitidos"
    rows = facts(argentine)
    assert [(row[4], row[6]) for row in rows] == [("sale", 1500), ("sale", Decimal("0.5")), ("return", -500)]
    assert {row[3] for row in rows} == {date(2025, 10, 3)}
