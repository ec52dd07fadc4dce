"""Workbooks as tills and people make them, written here by another library, through the whole reader."""

import zipfile
from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import pytest
from openpyxl import Workbook  # type: ignore[import-untyped]

from core import db
from core.settings import settings
from core.tenancy import Scope
from ingest import Outcome, process, receive, rejected_rows

Rows = Iterable[Iterable[Any]]


def book(**sheets: Rows) -> bytes:
    made = Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    return saved(made)


def saved(made: Workbook) -> bytes:
    stream = BytesIO()
    made.save(stream)
    return stream.getvalue()


def bring(scope: Scope, data: bytes, name: str = "ventas.xlsx") -> Outcome:
    with db.tenant(scope) as connection:
        return process(scope, receive(scope, name, BytesIO(data), connection).id, connection)


def facts(scope: Scope) -> list[tuple[Any, ...]]:
    with db.tenant(scope) as connection:
        return connection.execute(
            """SELECT f.sold_on, f.sold_hour, p.name, f.quantity, f.total FROM fact_sales f
               LEFT JOIN dim_products p ON p.company_id = f.company_id AND p.id = f.product_id
               ORDER BY f.source_line"""
        ).fetchall()


def total(scope: Scope) -> tuple[int, Any]:
    rows = facts(scope)
    return len(rows), sum((row[4] for row in rows), Decimal(0))


HEADER = ("Fecha", "Producto", "Cantidad", "Total")
TWO = (HEADER, (date(2025, 10, 3), "Pan", 2, 3000), (date(2025, 10, 4), "Kuchen", 1, 8900))


def test_real_dates_serial_dates_and_numbers_as_text(scope: Scope) -> None:
    outcome = bring(
        scope,
        book(
            Ventas=[
                HEADER,
                (datetime.fromisoformat("2025-10-03T14:05:00"), "Pan", 2, 3000),
                (45934.5, "Hallulla", 1, 1200.5),
                ("05/10/2025", "Kuchen", "1", "$ 8.900"),
                ("06-10-2025 9:30", "Torta", "1,5", "12.345,50"),
            ]
        ),
    )
    assert (outcome.upload.state, outcome.upload.set_aside) == ("ready", 0), outcome.upload.message
    assert facts(scope) == [
        (date(2025, 10, 3), 14, "Pan", 2, 3000),
        (date(2025, 10, 4), 12, "Hallulla", 1, Decimal("1200.5")),
        (date(2025, 10, 5), None, "Kuchen", 1, 8900),
        (date(2025, 10, 6), 9, "Torta", Decimal("1.5"), Decimal("12345.5")),
    ]


def test_the_sheet_with_sales_is_taken_and_the_others_are_told(scope: Scope) -> None:
    outcome = bring(
        scope, book(Portada=[("Mi negocio",)], Ventas=TWO, Notas=[("Acordarse", "de llamar"), ("a", "b")], Vacía=[])
    )
    assert outcome.upload.reading["sheet"] == "«Ventas»"
    assert outcome.upload.reading["skipped_sheets"].keys() == {"Portada", "Notas", "Vacía"}
    assert "Notas" in " ".join(outcome.upload.reading["notes"])
    assert total(scope) == (2, 11900)


def test_a_sheet_for_each_month_is_read_whole(scope: Scope) -> None:
    november = (HEADER, (date(2025, 11, 3), "Pan", 2, 100))
    outcome = bring(scope, book(Octubre=TWO, Noviembre=november, Notas=[("x",)]))
    assert total(scope) == (3, 12000), outcome.upload.message
    assert outcome.upload.first_day == date(2025, 10, 3)
    assert outcome.upload.last_day == date(2025, 11, 3)


def test_sheets_that_repeat_or_are_something_else_are_left_out(scope: Scope) -> None:
    november = (HEADER, (date(2025, 11, 3), "Pan", 2, 100), (date(2025, 11, 4), "Pan", "x", "y"))
    outcome = bring(
        scope,
        book(Octubre=TWO, Noviembre=november, Todo_2025=[*TWO, *november[1:]], Compras_2025=[HEADER, *TWO[1:]]),
    )
    assert total(scope) == (3, 12000), outcome.upload.message
    assert outcome.upload.reading["skipped_sheets"].keys() == {"Octubre", "Noviembre", "Compras_2025"}


def test_a_bad_row_of_the_second_sheet_is_told_by_its_own_row(scope: Scope) -> None:
    november = (HEADER, (date(2025, 11, 3), "Pan", 2, 100), (date(2025, 11, 4), "Pan", 1, "y"))
    outcome = bring(scope, book(Octubre=TWO, Noviembre=november))
    with db.tenant(scope) as connection:
        (row,) = rejected_rows(scope, outcome.upload.id, connection)
    assert "hoja «Noviembre», fila 3" in row.reason


def test_merged_title_blank_rows_and_totals(scope: Scope) -> None:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    sheet["A1"] = "Informe de ventas — Octubre 2025"
    sheet.merge_cells("A1:D1")
    sheet["A2"] = "Desde 01/10/2025 hasta 31/10/2025"
    for row in ((), HEADER, *TWO[1:], (), ("Total general", None, 3, 11900)):
        sheet.append(list(row) or [None])
    outcome = bring(scope, saved(made))
    assert total(scope) == (2, 11900), outcome.upload.message
    assert outcome.upload.set_aside == 0


def test_a_header_of_two_rows(scope: Scope) -> None:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    for row in (
        ("Ventas de octubre",), ("Fecha", "Detalle", None, "Sucursal"), (None, "Producto", "Total", None),
        (date(2025, 10, 1), "Pan", 1000, "Talca"), (date(2025, 10, 2), "Torta", 18990, "Talca"),
        ("Total", None, 19990, None),
    ):  # fmt: skip
        sheet.append(list(row))
    sheet.merge_cells("B2:C2")
    sheet.merge_cells("A2:A3")
    outcome = bring(scope, saved(made))
    assert total(scope) == (2, 19990), outcome.upload.message
    assert {m["column"]: m["field"] for m in outcome.upload.reading["mapping"]} == {
        "Fecha": "date", "Producto": "product", "Total": "total", "Sucursal": "branch",
    }  # fmt: skip


def test_bsale_has_its_header_in_row_12(scope: Scope) -> None:
    preamble = [("Búsqueda de documentos",), ("Empresa", "Panadería SpA"), *[(f"Filtro {i}",) for i in range(9)]]
    header = ("Tipo Documento", "Nº Documento", "Fecha Emisión", "Sucursal", "Cliente", "Neto", "IVA", "Total")
    rows = [
        ("Boleta Electrónica", 101, date(2025, 10, 3), "Centro", "Ana", 1000, 190, 1190),
        ("Factura Electrónica", 55, date(2025, 10, 4), "Norte", "Luis", 2000, 380, 2380),
        ("Nota De Crédito Electrónica", 7, date(2025, 10, 5), "Norte", "Luis", 2000, 380, 2380),
    ]
    outcome = bring(scope, book(docSearchExport_20251101=[*preamble, header, *rows]))
    assert outcome.upload.reading["header_line"] == 12
    assert total(scope) == (3, 1190), outcome.upload.message


def test_a_bad_row_of_a_sheet_keeps_its_line_and_text(scope: Scope) -> None:
    outcome = bring(scope, book(Ventas=[*TWO, (date(2025, 10, 5), "Pan", 1, "mucho")]))
    with db.tenant(scope) as connection:
        (row,) = rejected_rows(scope, outcome.upload.id, connection)
    assert (row.line, row.code) == (4, "bad_number")
    assert "mucho" in row.raw
    assert "Total" in row.reason


def test_a_column_of_real_times(scope: Scope) -> None:
    bring(scope, book(Ventas=[("Fecha", "Hora", "Total"), (date(2025, 10, 3), time(14, 5), 3000)]))
    assert facts(scope)[0][1] == 14


MERCADO_LIBRE = (
    "# de venta", "Fecha de venta", "Estado", "Descripción del estado", "Paquete de varios productos", "Unidades",
    "Ingresos por productos (CLP)", "Anulaciones y reembolsos (CLP)", "Total (CLP)", "SKU", "Título de la publicación",
    "Precio unitario de venta de la publicación (CLP)", "Comprador", "Comuna", "Estado", "Forma de entrega", "Unidades",
    "Forma de entrega", "Canal de venta",
)  # fmt: skip


def test_mercado_libre(scope: Scope) -> None:
    def sale(
        number: str, state: str, units: Any, paid: Any, back: Any, title: str, price: Any, buyer: str
    ) -> Iterable[Any]:
        when = "1 de octubre de 2025 14:05 hs."
        return (
            number, when, state, "", "No", units, paid, back, None, f"S-{title}", title, price, buyer, "Talca", "Maule",
            "Envío", units, "", "Venta directa",
        )  # fmt: skip

    rows = [
        ("Ventas",), ("Período: octubre",), (), ("",), ("Ventas", "", "", "", "", "Publicación"), MERCADO_LIBRE,
        sale("200001", "Entregado", 2, 20000, None, "Lámpara", 10000, "Ana"),
        sale("200002", "Paquete de 2 productos", None, 15000, None, "", None, "Luis"),
        sale("200003", "Entregado", 1, None, None, "Taza", 5000, ""),
        sale("200004", "Entregado", 2, None, None, "Plato", 5000, ""),
        sale("200005", "Cancelada", 1, 9000, -9000, "Reloj", 9000, "Eva"),
    ]  # fmt: skip
    outcome = bring(scope, book(Ventas=rows))
    assert (outcome.upload.state, outcome.upload.set_aside) == ("ready", 0), outcome.upload.message
    assert outcome.upload.reading["connector"] == "mercado_libre_cl"
    assert outcome.upload.reading["header_line"] == 6
    assert {(row[2], row[4]) for row in facts(scope)} >= {("Lámpara", 20000), ("Taza", 5000), ("Plato", 10000)}
    assert total(scope)[1] == 35000
    assert {row[:2] for row in facts(scope)} == {(date(2025, 10, 1), 14)}


def test_a_page_that_poses_as_xls(scope: Scope) -> None:
    page = """<html><head><meta charset="utf-8"></head><body><table><tr><td colspan=3>Informe</td></tr>
        <tr><th>Fecha</th><th>Producto</th><th>Total</th></tr>
        <tr><td>03/10/2025</td><td>Pi&ntilde;a</td><td>$ 1.500</td></tr>
        <tr><td>04/10/2025<td>Pan<td>2.500</tr></table></body></html>"""
    outcome = bring(scope, page.encode(), "ventas.xls")
    assert [row[2] for row in facts(scope)] == ["Piña", "Pan"], outcome.upload.message
    assert total(scope) == (2, 4000)


def test_an_xls_without_sales_is_refused_kindly(scope: Scope, shared: Path) -> None:
    path = next((shared / "layouts").glob("cl_bcch*.xls"))
    outcome = bring(scope, path.read_bytes(), path.name)
    assert outcome.upload.state == "failed"
    assert outcome.upload.error_code in ("no_amounts", "no_dates", "no_header"), outcome.upload.message


def test_a_zip_bomb_is_not_opened(scope: Scope) -> None:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(settings().max_expanded_mb * 1_000_000 + 1))
    outcome = bring(scope, stream.getvalue())
    assert (outcome.upload.state, outcome.upload.error_code) == ("failed", "expanded_too_large")
    assert "100 MB" in outcome.upload.message


@pytest.mark.parametrize(
    ("limit", "most", "code"), [("_MOST_CELLS", 15, "expanded_too_large"), ("_MOST_SHEETS", 2, "too_many_sheets")]
)
def test_many_sheets_are_measured_together(
    scope: Scope, monkeypatch: pytest.MonkeyPatch, limit: str, most: int, code: str
) -> None:
    monkeypatch.setattr(f"ingest.sheets.{limit}", most)
    outcome = bring(scope, book(Octubre=TWO, Noviembre=TWO, Diciembre=TWO))  # each by itself would fit
    assert (outcome.upload.state, outcome.upload.error_code) == ("failed", code)


def test_a_zip_that_is_no_workbook(scope: Scope) -> None:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("ventas.csv", "Fecha;Total\n")
    done = bring(scope, stream.getvalue()).upload
    assert done.error_code == "zip"
    assert "«ventas.csv»" in done.message


def test_a_workbook_with_a_password(scope: Scope) -> None:
    # What Excel writes then: an OLE file whose directory names the encrypted package instead of a workbook.
    outcome = bring(scope, encrypted())
    assert (outcome.upload.state, outcome.upload.error_code) == ("failed", "password")
    assert "contraseña" in outcome.upload.message


def encrypted() -> bytes:
    def entry(name: str, kind: int, child: int, left: int, start: int, size: int) -> bytes:
        spelled = name.encode("utf-16-le")
        none = 0xFFFFFFFF
        return (
            spelled.ljust(64, b"\0") + (len(spelled) + 2).to_bytes(2, "little") + bytes([kind, 1])
            + left.to_bytes(4, "little") + none.to_bytes(4, "little") + child.to_bytes(4, "little") + bytes(36)
            + start.to_bytes(4, "little") + size.to_bytes(8, "little")
        )  # fmt: skip

    free, end, fat = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    little: Final = "little"
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + bytes.fromhex("3e000300feff09000600") + bytes(10)
    header += (1).to_bytes(4, little) + (1).to_bytes(4, little) + bytes(4) + (0).to_bytes(4, little)
    header += end.to_bytes(4, little) + bytes(4) + end.to_bytes(4, little) + bytes(4)
    header += (0).to_bytes(4, little) + free.to_bytes(4, little) * 108
    chain = [fat, end, *range(3, 10), end, *range(11, 18), end]
    sectors = b"".join(x.to_bytes(4, little) for x in chain).ljust(512, b"\xff")
    directory = entry("Root Entry", 5, 2, free, end, 0) + entry("EncryptedPackage", 2, free, free, 2, 4096)
    directory += entry("EncryptionInfo", 2, free, 1, 10, 4096) + bytes(128)
    return header[:512] + sectors + directory + bytes(4096) + bytes(4096)


@pytest.mark.parametrize("keep", [0.3, 0.9])
def test_a_truncated_workbook(scope: Scope, keep: float) -> None:
    whole = book(Ventas=TWO)
    outcome = bring(scope, whole[: int(len(whole) * keep)])
    assert (outcome.upload.state, outcome.upload.error_code) == ("failed", "broken_workbook"), outcome.upload.message


def test_the_same_sales_from_a_workbook_and_from_text_are_one(new_scope: Callable[..., Scope]) -> None:
    scope = new_scope()
    codes = [("Boleta", "SKU"), (7, 1001), (8, 1002.0)]
    bring(scope, book(Ventas=[(*row, *more) for row, more in zip(TWO, codes, strict=True)]))
    text = "Fecha;Producto;Cantidad;Total;Boleta;SKU\n03/10/2025;Pan;2;3.000;7;1001\n04/10/2025;Kuchen;1;8.900;8;1002\n"
    assert bring(scope, text.encode(), "ventas.csv").upload.already_known == 2
    assert total(scope) == (2, 11900)
