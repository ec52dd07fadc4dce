"""Text files as tills, tax offices and people leave them: each with what it must come to, to the cent."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest

from core import db
from core.tenancy import Scope
from ingest import Upload, process, receive, rejected_rows
from ingest.facts import customer_key

TRANSBANK = (
    "".join(f"Dato {i};valor {i};;\n" for i in range(36))
    + ";;;\n;;;\n"
    + "Fecha Venta;Local;Tipo Movimiento;Tipo Tarjeta;Identificador;Tipo Cuota;Monto Venta;Código Autorización;"
    "Nº Cuota;Monto Afecto;Nº Boleta\n"
    "03/10/2025;12345;Venta;Débito;X1;;$ 12.990;A1;;12.990;0000000101\n"
    "04/10/2025;12345;Venta;Crédito;X2;3C;$ 7.010;A2;;7.010;0000000102\n"
    "05/10/2025;12345;Anulación;Débito;X3;;$ 12.990;A3;;12.990;0000000103\n"
)
FILES: dict[str, tuple[str, int, str, int]] = {
    "a preamble of 38 lines": (TRANSBANK, 3, "7010", 0),
    "a pivot's footer": (
        "Etiquetas de fila;Fecha;Suma de Total\nPan;03/10/2025;1.000\nKuchen;04/10/2025;2.500\nTotal general;;3.500\n",
        2, "3500", 0,
    ),
    "negatives in brackets and after": (
        "Fecha;Producto;Total\n03/10/2025;Pan;1.500\n04/10/2025;Pan;(1.200)\n05/10/2025;Pan;100-\n06/10/2025;Pan;-50\n",
        4, "150", 0,
    ),
    "peso signs, trailing separators, blank lines": (
        "Fecha;Producto;Total;\n\n03/10/2025;Pan;$ 12.990;\n;;;\n04/10/2025;Torta;$1.000.000;\n\n;;;\n",
        2, "1012990", 0,
    ),
    "null and dashes": (
        "Fecha;Producto;Cliente;Descuento;Total\n03/10/2025;Pan;null;-;1000\n04/10/2025;-;Ana;N/A;500\n"
        "-;Pan;Ana;0;700\n05/10/2025;Pan;Ana;0;-\n", 2, "1500", 2,
    ),
    "line breaks in quotes and doubled quotes": (
        'Fecha,Producto,Total\n03/10/2025,"Torta ""Selva\nNegra"", grande","1.500"\n04/10/2025,Pan,500\n', 2, "2000", 0,
    ),
    "an inch sign": (
        'Fecha;Producto;Total\n03/10/2025;Tornillo 1/2";100\n04/10/2025;Clavo 3";200\n05/10/2025;Tuerca;300\n',
        3, "600", 0,
    ),
    "ragged rows": (
        "Fecha;Producto;Total;Nota\n03/10/2025;Pan;100\n04/10/2025;Pan;200;ok\n05/10/2025;Pan;1;000;ok;x\n",
        2, "300", 1,
    ),
    "one name twice": (
        "Fecha;Producto;Total;Total\n03/10/2025;Pan;100;9\n04/10/2025;Pan;200;9\n", 2, "300", 0,
    ),
    "tabs": ("Fecha\tProducto\tTotal\n03/10/2025\tPan, dulce\t1.000,50\n", 1, "1000.50", 0),
    "a line that says the separator": ("sep=;\nFecha;Producto;Total\n03/10/2025;Pan;1000\n", 1, "1000", 0),
    "old line ends": ("Fecha;Producto;Total\r03/10/2025;Pan;1000\r04/10/2025;Pan;1\r", 2, "1001", 0),
    "Excel's formula texts": ('Fecha;Producto;Total\n="03/10/2025";="Pan";="1000"\n', 1, "1000", 0),
    "American": ("Date,Item,Qty,Amount\n10/31/2025,Bread,2,\"1,234.50\"\n11/01/2025,Cake,1,10.25\n", 2, "1244.75", 0),
    "daily subtotals": (
        "Fecha;Producto;Total\n03/10/2025;Pan;100\nSubtotal;;100\n04/10/2025;Pan;50\nSubtotal día;;50\nTOTAL;;150\n",
        2, "150", 0,
    ),
    "the header again on each page": (
        "Fecha;Producto;Total\n03/10/2025;Pan;100\nFecha;Producto;Total\n04/10/2025;Pan;50\n", 2, "150", 0,
    ),
    "discounts in percent": (
        "Fecha;Producto;Cantidad;Precio;Descuento\n03/10/2025;Pan;2;1.000;10%\n04/10/2025;Pan;1;500;0%\n", 2, "2300", 0,
    ),
    "a column of discount percents": (
        "Fecha;Producto;Cantidad;Precio;% Descuento\n03/10/2025;Pan;2;1.000;0,1\n04/10/2025;Pan;1;500;0\n",
        2, "2300", 0,
    ),
    "percents as whole numbers": (
        "Fecha;Producto;Cantidad;Precio;Descuento %\n03/10/2025;Pan;2;1.000;10\n04/10/2025;Pan;1;500;0\n", 2, "2300", 0,
    ),
    "headers that say nothing": (
        "col1;col2;col3\n03/10/2025;Pan amasado;1.500\n14/10/2025;Kuchen;8.900\n15/10/2025;Pan amasado;1.500\n",
        3, "11900", 0,
    ),
    "an order's total on each of its rows": (
        "Fecha;Boleta;Producto;Cantidad;Precio;Total\n03/10/2025;1;Pan;2;1.000;2.500\n03/10/2025;1;Té;1;500;2.500\n"
        "04/10/2025;2;Pan;1;1.000;1.000\n05/10/2025;3;Té;1;500;1.500\n05/10/2025;3;Pan;1;1.000;1.500\n", 5, "5000", 0,
    ),
}  # fmt: skip


def bring(scope: Scope, data: bytes, name: str = "ventas.csv") -> Upload:
    with db.tenant(scope) as connection:
        return process(scope, receive(scope, name, BytesIO(data), connection).id, connection).upload


def facts(scope: Scope) -> list[tuple[Any, ...]]:
    with db.tenant(scope) as connection:
        return connection.execute(
            """SELECT f.sold_on, p.name, f.total FROM fact_sales f
               LEFT JOIN dim_products p ON p.company_id = f.company_id AND p.id = f.product_id ORDER BY f.source_line"""
        ).fetchall()


@pytest.mark.parametrize("name", FILES)
def test_exact_totals(scope: Scope, name: str) -> None:
    text, lines, total, aside = FILES[name]
    upload = bring(scope, text.encode())
    assert upload.state == "ready", upload.message
    with db.tenant(scope) as connection:
        rejected = rejected_rows(scope, upload.id, connection)
    assert upload.set_aside == aside, rejected
    rows = facts(scope)
    assert (len(rows), sum(row[2] for row in rows)) == (lines, Decimal(total)), rows


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252", "cp850", "utf-16", "utf-16-le"])
def test_encodings(scope: Scope, encoding: str) -> None:
    text = (
        "Fecha;Descripción;Categoría;Total\n03/10/2025;Piñón y café;Panadería;1.500\n04/10/2025;Ñoquis ¿sí?;Salón;500\n"
    )
    upload = bring(scope, text.encode(encoding))
    assert [row[1] for row in facts(scope)] == ["Piñón y café", "Ñoquis ¿sí?"], upload.message


def test_days_that_fit_both_ways_are_read_as_the_country_does_and_told(scope: Scope) -> None:
    upload = bring(scope, b"Fecha;Producto;Total\n03/04/2025;Pan;100\n05/06/2025;Pan;200\n")
    assert [row[0] for row in facts(scope)] == [date(2025, 4, 3), date(2025, 6, 5)]
    assert any("día/mes" in note for note in upload.reading["notes"])


@pytest.mark.parametrize("month", ["oct-25", "octubre 2025", "10/2025", "2025-10", "Octubre"])
def test_months_without_days_are_refused_with_a_way_out(scope: Scope, month: str) -> None:
    upload = bring(scope, f"Fecha;Producto;Total\n{month};Pan;100\n{month};Té;200\n".encode())
    assert (upload.state, upload.error_code) == ("failed", "no_days"), upload.message
    assert "día" in upload.message
    assert not facts(scope)


def test_lines_that_were_there_are_told(scope: Scope) -> None:
    bring(scope, b"Fecha;Producto;Total\n03/10/2025;Pan;100\n03/10/2025;Kuchen;900\n", "talca.csv")
    upload = bring(scope, b"Fecha;Producto;Total\n03/10/2025;Pan;100\n03/10/2025;Torta;500\n", "curico.csv")
    assert upload.already_known == 1
    assert any("talca.csv" in note for note in upload.reading["notes"]), upload.reading["notes"]


def test_line_totals_are_said_to_be_used(scope: Scope) -> None:
    upload = bring(scope, FILES["an order's total on each of its rows"][0].encode())
    assert any("venta entera" in note for note in upload.reading["notes"]), upload.reading["notes"]


def test_a_buyer_who_gave_no_name_is_no_customer(scope: Scope) -> None:
    text = "Fecha;RUT;Cliente;Producto;Total\n03/10/2025;66.666.666-6;;Pan;100\n04/10/2025;66666666-6;null;Té;200\n"
    bring(scope, (text + "05/10/2025;11.111.111-1;Ana;Té;300\n").encode())
    with db.tenant(scope) as connection:
        assert connection.execute("SELECT name FROM dim_customers").fetchall() == [("Ana",)]


def test_a_tax_id_is_one_customer_however_it_is_spelled(scope: Scope) -> None:
    head, spelled = "Fecha;RUT;Cliente;Producto;Total\n", ("7.654.321-K", "7654321-k", "7654321K", "07.654.321 - K")
    rows = [f"0{day}/10/2025;{rut};Ana Soto;Pan;{day}00\n" for day, rut in enumerate(spelled, 1)]
    bring(scope, (head + "".join(rows[:3])).encode())
    bring(scope, (head + rows[3] + "05/10/2025;7.654.322-8;Ana Soto;Pan;500\n").encode(), "otra.csv")
    with db.tenant(scope) as connection:
        found = connection.execute(
            "SELECT d.key, d.name, sum(f.total)::int FROM dim_customers d JOIN fact_sales f ON f.customer_id = d.id "
            "GROUP BY d.key, d.name ORDER BY d.key"
        ).fetchall()
    assert found == [("7654321k", "Ana Soto", 1000), ("76543228", "Ana Soto", 500)]


@pytest.mark.parametrize(
    "spelled",
    [
        ("12.345.678-K", "12345678-k", "12345678K", "012.345.678 - k", "12 345 678-K"),
        ("7.654.321-5", "76543215", "07654321-5"),
        ("20-12345678-9", "20123456789", "20-12.345.678-9", "20 12345678 9"),  # CUIT
        ("12.345.678", "12345678"),  # DNI
        ("123.456.789-09", "12345678909", "123456789-09"),  # CPF
        ("12.345.678/0001-95", "12345678000195", "12345678/0001-95"),  # CNPJ
        ("900.123.456-7", "900123456-7"),  # NIT
    ],
)
def test_an_id_has_one_key(spelled: tuple[str, ...]) -> None:
    assert len({customer_key(one) for one in spelled}) == 1


@pytest.mark.parametrize(
    "apart",
    [
        ("1-1234567", "11-234567", "112-34567", "1123-4567"),  # codes of a branch and a number in it
        ("2024/0001234", "20240001/234", "20240/001234"),
        ("+56 9 1234 5678", "912345678"),
        ("0012", "12", "000012"),
        ("\uff11234567", "\uff12234567", "234567"),
        ("Ana", "Ana 2"),
    ],
)
def test_two_customers_have_two_keys(apart: tuple[str, ...]) -> None:
    assert len({customer_key(one) for one in apart}) == len(apart)


def test_a_name_is_told_as_it_is_usually_written(scope: Scope) -> None:
    text = "Fecha;Sucursal;Producto;Total\n03/10/2025;ÑUÑOA;Pan;100\n04/10/2025;Ñuñoa;Té;200\n05/10/2025;Ñuñoa;Té;300\n"
    bring(scope, text.encode())
    with db.tenant(scope) as connection:
        assert connection.execute("SELECT name FROM dim_stores").fetchall() == [("Ñuñoa",)]


def test_a_dash_is_no_name(scope: Scope) -> None:
    text = "Fecha;Boleta;SKU;Producto;Cliente;Total\n14/10/2025;7;10;-;null;100\n15/10/2025;8;10;Pan;Ana;100\n"
    bring(scope, text.encode())
    with db.tenant(scope) as connection:
        names = connection.execute("SELECT name FROM dim_products").fetchall()
        customers = connection.execute("SELECT name FROM dim_customers").fetchall()
    assert (names, customers) == ([("Pan",)], [("Ana",)])


def test_a_file_cut_off_in_the_middle_keeps_what_is_whole(scope: Scope) -> None:
    upload = bring(scope, b'Fecha;Producto;Total\n03/10/2025;Pan;100\n04/10/2025;"Tor')
    assert (upload.accepted, upload.set_aside) == (1, 1), upload.message
    with db.tenant(scope) as connection:
        (row,) = rejected_rows(scope, upload.id, connection)
    assert (row.line, row.code, row.raw) == (3, "no_amount", '04/10/2025;"Tor')


def test_a_receipt_number_of_zeros_is_none(scope: Scope) -> None:
    bring(scope, b"Fecha;Boleta;Total\n13/10/2025;0000000000;100\n14/10/2025; ;200\n15/10/2025;0000000012;300\n")
    with db.tenant(scope) as connection:
        found = connection.execute("SELECT order_ref FROM fact_sales ORDER BY source_line").fetchall()
    assert found == [(None,), (None,), ("0000000012",)]


@pytest.mark.parametrize("what", ["Visitas", "Temperatura"])
def test_figures_that_are_no_money_are_not_taken_for_sales(scope: Scope, what: str) -> None:
    upload = bring(scope, f"Fecha;Producto;{what}\n03/10/2025;Pan;15\n14/10/2025;Kuchen;7\n15/10/2025;Pan;9\n".encode())
    assert (upload.state, upload.error_code) == ("failed", "no_amounts"), upload.message


def test_unknown_words_over_money_are_understood(scope: Scope) -> None:
    upload = bring(scope, b"Cuando;Que;Plata\n03/10/2025;Pan;$ 1.500\n14/10/2025;Kuchen;$ 900\n")
    assert sum(row[2] for row in facts(scope)) == 2400, upload.message


def test_brazilian_amounts(new_scope: Callable[..., Scope]) -> None:
    scope = new_scope(country="BR", currency="BRL", timezone="America/Sao_Paulo")
    bring(scope, "Data da venda;Produto;Valor total\n03/10/2025;Pão;R$ 1.234,56\n04/10/2025;Bolo;R$ 10,00\n".encode())
    assert sum(row[2] for row in facts(scope)) == Decimal("1244.56")


@pytest.mark.parametrize(
    "text",
    [
        "Fecha;Producto;Total\n03/10/2025;Pan;$ 1.500\n14/10/2025;Kuchen;US$ 90\n",
        "Fecha;Producto;Total\n03/10/2025;Pan;$ 1.500\n14/10/2025;Kuchen;R$ 90,00\n",
        "Fecha;Producto;Moneda;Total\n03/10/2025;Pan;CLP;1.500\n14/10/2025;Kuchen;USD;90\n",
    ],
)
def test_another_currency_is_set_aside_and_never_summed(scope: Scope, text: str) -> None:
    upload = bring(scope, text.encode())
    assert sum(row[2] for row in facts(scope)) == 1500, upload.message
    with db.tenant(scope) as connection:
        (row,) = rejected_rows(scope, upload.id, connection)
    assert (row.code, "otra moneda" in row.reason) == ("foreign", True)


def test_an_amount_nobody_wrote_down_is_no_other_currency(scope: Scope) -> None:
    upload = bring(scope, b"Fecha;Producto;Total\n03/10/2025;Pan;$1.500\n04/10/2025;Te;s/i\n")
    with db.tenant(scope) as connection:
        (row,) = rejected_rows(scope, upload.id, connection)
    assert "moneda" not in row.reason
    assert "monto" in row.reason


def test_a_discount_in_english_is_one(scope: Scope) -> None:
    bring(scope, b"Date,Item,Discounts,Net Sales\n2025-10-03,Pan,-$10.50,$90.00\n2025-10-14,Pan,$0.00,$100.00\n")
    with db.tenant(scope) as connection:
        found = connection.execute("SELECT sum(discount), sum(total) FROM fact_sales").fetchone()
    assert found == (Decimal("10.50"), 190)


def currency_of(scope: Scope) -> str:
    with db.tenant(scope) as connection:
        row = connection.execute("SELECT currency FROM companies WHERE id = %s", [scope.company_id]).fetchone()
    assert row is not None
    return str(row[0])


def test_the_first_file_decides_the_currency_and_no_later_one(scope: Scope) -> None:
    upload = bring(scope, b"Fecha;Producto;Moneda;Total\n03/10/2025;Pan;BRL;15,50\n14/10/2025;Kuchen;BRL;90,00\n")
    assert (upload.accepted, currency_of(scope)) == (2, "BRL")
    assert any("BRL" in note for note in upload.reading["notes"])
    later = bring(scope, b"Fecha;Producto;Moneda;Total\n03/11/2025;Pan;CLP;1500\n")
    assert (later.accepted, later.set_aside, currency_of(scope)) == (0, 1, "BRL")


def test_a_bare_sign_is_the_countrys_currency(scope: Scope) -> None:
    bring(scope, b"Fecha;Producto;Total\n03/10/2025;Pan;$ 1.500\n")
    assert currency_of(scope) == "CLP"


@pytest.mark.parametrize("headers", ["Comprobante;Numero", "Tipo comprobante;Nro", "Documento;Nº"])
def test_the_kind_of_a_document_is_not_its_number(scope: Scope, headers: str) -> None:
    bring(
        scope,
        f"Fecha;{headers};Producto;Total\n03/10/2025;Factura;101;Pan;1000\n03/10/2025;Factura;101;Te;500\n"
        "04/10/2025;Boleta;102;Pan;1000\n05/10/2025;Nota de crédito;103;Pan;400\n".encode(),
    )
    with db.tenant(scope) as connection:
        found = connection.execute("SELECT order_ref, sum(total) FROM fact_sales GROUP BY 1 ORDER BY 1").fetchall()
    assert found == [("101", 1500), ("102", 1000), ("103", -400)]


def test_a_documents_number_under_its_plain_name_is_kept(scope: Scope) -> None:
    bring(scope, b"Fecha;Comprobante;Producto;Total\n03/10/2025;A-0001;Pan;1000\n03/10/2025;A-0002;Te;500\n")
    with db.tenant(scope) as connection:
        found = connection.execute("SELECT order_ref, total FROM fact_sales ORDER BY 1").fetchall()
    assert found == [("A-0001", 1000), ("A-0002", 500)]
