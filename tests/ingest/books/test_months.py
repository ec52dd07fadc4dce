"""Sheets of expenses that know the month and not the day: long, with a column a month, or with the month as title."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import Workbook

from core import db
from core.tenancy import Scope
from ingest import Outcome, process, receive, rejected_rows, remap, undo
from ingest.books.months import month_of, names_month, only_month
from tests.ingest.books.test_books import bring, rows

LINES = "SELECT spent_on, category, total, by_month FROM fact_expenses ORDER BY source_line, part"
SEP, OCT, NOV = date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1)


def told(scope: Scope) -> list[tuple[date, str, int, bool]]:
    return [(day, kind, int(total), by_month) for day, kind, total, by_month in rows(scope, LINES)]  # type: ignore[call-overload]


def sheet(*lines: list[object], title: str = "Hoja1") -> bytes:
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = title
    for line in lines:
        page.append(line)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("octubre 2026", OCT), ("Oct-26", OCT), ("OCT. 26", OCT), ("octubre de 2026", OCT), ("2026-10", OCT),
        ("10/2026", OCT), ("2026-10-01", OCT), ("2026-10-01 00:00:00", OCT), ("set-26", SEP), ("Octubre", None),
        ("total", None), ("13/2026", None), ("mayoristas", None), ("05-10-2026", None), ("450.000", None),
    ],
)  # fmt: skip
def test_a_month_as_it_is_written(text: str, found: date | None):
    assert month_of(text) == found
    assert month_of("Octubre", 2026) == OCT
    assert names_month("Octubre")
    assert not names_month("2026-10-05")
    assert only_month(["Gastos enero a octubre 2026", "Gastos octubre 2026"]) is None
    assert only_month(["Pyme", "Gastos_octubre_2026.xlsx"]) == OCT


LONG = "Mes;Concepto;Monto\noctubre 2026;arriendo;450.000\noctubre 2026;luz;38.900\nsep-26;luz;41.200\n"
ARRANGED = [(OCT, "arriendo", 450_000, True), (OCT, "luz", 38_900, True), (SEP, "luz", 41_200, True)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (LONG, "gastos.csv"),
        (LONG.replace("Mes;", "Fecha;"), "gastos.csv"),
        (LONG.replace("Mes;Concepto;Monto", "Mes;Gasto;Valor"), "planilla.csv"),
        (LONG.replace("Concepto", "Detalle") + "Total;;530.100\n", "egresos del local.csv"),
        ("Año;Mes;Gasto;Monto\n2026;octubre;arriendo;450.000\n2026;10;luz;38.900\n2026;Sep;luz;41.200\n", "x.csv"),
        (
            "Gastos del año 2026\nMes;Gasto;Monto\noctubre;arriendo;450.000\nOctubre;luz;38.900\nsept;luz;41.200\n",
            "x.csv",
        ),
    ],
)
def test_a_line_a_month(scope: Scope, text: str, name: str):
    done = bring(scope, text, name)
    assert done.upload.state == "ready", done.upload.message
    assert told(scope) == ARRANGED
    assert (done.upload.first_day, done.upload.last_day) == (SEP, date(2026, 10, 31))


WIDE = (
    "Gasto;sep-26;oct-26;Total\nArriendo;450.000;450.000;900.000\nLuz;41.200;38.900;80.100\nPublicidad;;-;0\n"
    "Total;491.200;488.900;980.100\n"
)
SPREAD = [
    (SEP, "Arriendo", 450_000, True), (OCT, "Arriendo", 450_000, True), (SEP, "Luz", 41_200, True),
    (OCT, "Luz", 38_900, True),
]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (WIDE, "x.csv"),
        (WIDE.replace("Gasto;sep-26;oct-26", ";Septiembre;Octubre"), "Gastos 2026.csv"),
        (sheet(["Gastos fijos"], [None, 2026], ["Item", "septiembre", "octubre"], ["Arriendo", 450000, 450000],
               ["Luz", 41200, 38900], ["Total", 491200, 488900]), "planilla.xlsx"),
        (sheet(["Concepto", date(2026, 9, 1), date(2026, 10, 1)], ["Gastos fijos"], ["Arriendo", 450000, 450000],
               ["Luz", 41200, 38900], [None, 491200, 488900], title="Gastos"), "planilla.xlsx"),
        (sheet(["Flujo", "sep-26", "oct-26"], ["Ventas", 9000000, 8000000], ["Arriendo", 450000, 450000],
               ["Luz", 41200, 38900], ["Utilidad", 8508800, 7511100]), "caja.xlsx"),
    ],
)  # fmt: skip
def test_a_column_a_month(scope: Scope, data: str | bytes, name: str):
    done = bring(scope, data, name)
    assert done.upload.state == "ready", done.upload.message
    assert told(scope) == SPREAD
    assert "una columna por mes" in done.upload.message


def test_the_month_stands_in_the_title(scope: Scope):
    text = "Concepto;Monto\narriendo;450.000\nluz;38.900\nTotal gastos;488.900\n;488.900\n"
    done = bring(scope, text, "Gastos octubre 2026.csv")
    assert told(scope) == ARRANGED[:2]
    assert "octubre 2026" in done.upload.message
    assert "Salté 1 fila de totales" in done.upload.message
    assert done.upload.set_aside == 1


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [
        ("Gasto;enero;febrero\nArriendo;450.000;450.000\n", "gastos.csv", "de qué año"),
        ("Mes;Gasto;Monto\nenero;Arriendo;450.000\n", "gastos.csv", "de qué año"),
        ("Concepto;Monto\nArriendo;450.000\n", "gastos.csv", "fecha (o mes)"),
        ("Fecha;Proveedor\n01/10/2026;Molino\n02/10/2026;CGE\n", "gastos.csv", "la columna de monto"),
    ],
)
def test_without_year_or_month_nothing_is_made_up(scope: Scope, text: str, name: str, said: str):
    done = bring(scope, text, name)
    assert done.upload.state == "failed"
    assert said in done.upload.message
    assert done.upload.reading["mapping"]
    assert told(scope) == []


def test_what_a_later_sheet_says_of_a_month_stands(scope: Scope):
    bring(scope, WIDE, "gastos.csv")
    later = bring(scope, WIDE.replace("38.900", "40.000").replace("oct-26;", "oct-26;nov-26;", 1).replace(
        "Arriendo;450.000;450.000", "Arriendo;450.000;450.000;450.000"), "gastos nov.csv")  # fmt: skip
    assert "1 monto cambia lo que decía «gastos.csv»" in later.upload.message
    assert (NOV, "Arriendo", 450_000, True) in told(scope)
    with db.tenant(scope) as connection:
        undo(scope, later.upload.id, connection)
    assert told(scope) == SPREAD


def test_a_cell_that_is_no_amount_leaves_the_others_of_its_row(scope: Scope):
    done = bring(scope, WIDE.replace("Luz;41.200;38.900", "Luz;pendiente;38.900"), "gastos.csv")
    assert told(scope) == [SPREAD[0], SPREAD[1], SPREAD[3]]
    with db.tenant(scope) as connection:
        aside = rejected_rows(scope, done.upload.id, connection)
    assert [(r.line, r.code) for r in aside] == [(3, "bad_total")]
    assert "«sep-26» no se entiende: «pendiente»" in aside[0].reason


def test_the_owner_says_what_a_column_is_and_takes_it_back(scope: Scope):
    text = "Fecha;Cosa;Quien;Neto;Pagado\n01/10/2026;Arriendo;Sur;100;119\n02/10/2026;Luz;CGE;200;238\n"

    def again(mapping: dict[str, str]) -> Outcome:
        with db.tenant(scope) as connection:
            remap(scope, first.upload.id, mapping, connection)
            return process(scope, first.upload.id, connection)

    first = bring(scope, text, "gastos.csv")
    fields = {m["column"]: m["field"] for m in first.upload.reading["mapping"]}
    assert fields["Fecha"] == "date"
    again({"Pagado": "total", "Quien": "supplier", "Cosa": "category"})
    kept = rows(scope, "SELECT category, supplier, total FROM fact_expenses ORDER BY total")
    assert kept == [("Arriendo", "Sur", Decimal(119)), ("Luz", "CGE", Decimal(238))]
    again({"Pagado": "", "Neto": "total"})
    assert rows(scope, "SELECT sum(total) FROM fact_expenses") == [(Decimal(300),)]
    next_one = bring(scope, text.replace("01/10", "11/10").replace("02/10", "12/10"), "gastos dos.csv")
    assert {m["column"]: m["why"] for m in next_one.upload.reading["mapping"]}["Neto"] == "remembered"


def test_a_month_column_is_left_out_and_only_months_are_months(scope: Scope):
    done = bring(scope, WIDE, "gastos.csv")
    with db.tenant(scope) as connection:
        remap(scope, done.upload.id, {"sep-26": ""}, connection)
        process(scope, done.upload.id, connection)
    assert told(scope) == [SPREAD[1], SPREAD[3]]
    with db.tenant(scope) as connection, pytest.raises(Exception, match="no es el nombre de un mes"):
        remap(scope, done.upload.id, {"Total": "monthly"}, connection)


def test_a_stock_sheet_is_corrected_too(scope: Scope):
    with db.tenant(scope) as connection:
        text = "Artículo;Stock;Stock en tránsito;Bodega\nPan;5;70;Talca\n"
        sent = receive(scope, "inventario.csv", BytesIO(text.encode()), connection)
        process(scope, sent.id, connection)
        remap(scope, sent.id, {"Stock en tránsito": "quantity"}, connection)
        process(scope, sent.id, connection)
        found = connection.execute("SELECT product, branch, quantity FROM fact_stock").fetchall()
    assert found == [("Pan", "Talca", Decimal(70))]
