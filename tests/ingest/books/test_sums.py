"""Messy sheets of expenses against sums that pandas makes of the lines meant: no group, total, credit note or foreign
amount is added as it stands."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import StringIO

import pandas as pd
import pytest

from core import db
from core.tenancy import Scope
from ingest import rejected_rows
from ingest.books import sums
from tests.ingest.books.test_books import bring, rows

CREDIT = (
    "Fecha;Tipo documento;Folio;Proveedor;Neto;IVA;Total\n"
    "01/10/2026;Factura electrónica;11;Molino;100.000;19.000;119.000\n"
    "02/10/2026;Nota de crédito;12;Molino;10.000;1.900;11.900\n"
    "03/10/2026;Factura;13;CGE;50.000;9.500;59.500\n"
)
WIDE = (
    "Gastos 2026;;;;\n"
    "Cuenta;Enero;Febrero;Marzo;Total\n"
    "GASTOS DEL LOCAL;350;400;390;1140\n"
    "GASTOS FIJOS;300;330;310;940\n"
    "Arriendo;200;200;200;600\n"
    "Luz;100;130;110;340\n"
    "Insumos;50;70;80;200\n"
    "Harina;40;50;60;150\n"
    "Gas;10;20;20;50\n"
    "Total gastos enero a marzo;350;400;390;1140\n"
)
BELOW = (
    "Concepto;ene-26;feb-26\nArriendo;200;200\nLuz;100;130\nFijos;300;330\nHarina;40;50\nTOTAL MENSUAL 2026;340;380\n"
)
STEADY = "Gasto;ene-26;feb-26\nInternet;20;20\nTeléfono;20;20\nLuz;40;40\n"


def total(scope: Scope) -> Decimal:
    return Decimal(str(rows(scope, "SELECT coalesce(sum(total), 0) FROM fact_expenses")[0][0]))


def leaves(text: str, skip: int, names: list[str]) -> int:
    sheet = pd.read_csv(StringIO(text), sep=";", skiprows=skip, dtype=str)
    months = [c for c in sheet.columns[1:] if c != "Total"]
    return int(sheet[sheet.iloc[:, 0].isin(names)][months].astype(int).to_numpy().sum())


def test_a_suppliers_credit_note_takes_away_what_it_says(scope: Scope) -> None:
    done = bring(scope, CREDIT, "compras octubre.csv")
    sheet = pd.read_csv(StringIO(CREDIT), sep=";", dtype=str)
    amounts = sheet["Total"].str.replace(".", "").astype(int)
    amounts[sheet["Tipo documento"].str.startswith("Nota de cr")] *= -1
    assert total(scope) == int(amounts.sum())
    assert "1 nota de crédito resta" in done.upload.message


def test_a_credit_note_with_its_sign_is_left_as_it_is(scope: Scope) -> None:
    bring(scope, CREDIT.replace("11.900", "-11.900"), "compras octubre.csv")
    assert total(scope) == 119_000 - 11_900 + 59_500


@pytest.mark.parametrize(
    ("text", "skip", "names", "skipped"),
    [
        (WIDE, 1, ["Arriendo", "Luz", "Harina", "Gas"], 4),
        (BELOW, 0, ["Arriendo", "Luz", "Harina"], 2),
        (STEADY, 0, ["Internet", "Teléfono", "Luz"], 0),
    ],
)
def test_groups_are_not_added_to_their_parts(
    scope: Scope, text: str, skip: int, names: list[str], skipped: int
) -> None:
    done = bring(scope, text, "gastos.csv")
    assert total(scope) == leaves(text, skip, names), done.upload.message
    assert (f"Salté {skipped} filas de totales" in done.upload.message) is bool(skipped)
    assert done.upload.set_aside == 0


def test_an_amount_in_another_currency_is_set_aside(new_scope: Callable[..., Scope]) -> None:
    said = "Fecha;Gasto;Monto\n01/10/2026;Luz;$100\n02/10/2026;Hosting;USD 20\n03/10/2026;Contador;UF 2,5\n"
    said += "04/10/2026;Gas;CLP 30\n"
    scope = new_scope()
    done = bring(scope, said, "gastos.csv")
    with db.tenant(scope) as connection:
        aside = rejected_rows(scope, done.upload.id, connection)
    assert (total(scope), [(r.line, r.code) for r in aside]) == (130, [(3, "foreign"), (4, "foreign")])
    other = new_scope()
    column = (
        "Fecha;Gasto;Moneda;Monto\n01/10/2026;Luz;CLP;100\n02/10/2026;Hosting;Dólares;20\n03/10/2026;Gas;Pesos;30\n"
    )
    done = bring(other, column, "gastos.csv")
    assert (total(other), done.upload.set_aside) == (130, 1)


def test_negative_amounts_with_a_refund_among_them(scope: Scope) -> None:
    done = bring(
        scope, "Fecha;Gasto;Monto\n01/10/2026;Luz;-100\n02/10/2026;Gas;(200)\n03/10/2026;Gas;50\n", "gastos.csv"
    )
    assert total(scope) == 250
    assert "los positivos como devoluciones" in done.upload.message


def test_the_last_of_a_products_figures_is_its_stock(scope: Scope) -> None:
    bring(scope, "Producto;Stock inicial;Entradas;Salidas;Stock final;Stock mínimo\nPan;10;5;3;12;4\n", "stock.csv")
    assert rows(scope, "SELECT quantity, minimum FROM fact_stock") == [(12, 4)]


@pytest.mark.parametrize(
    ("text", "is_total"),
    [
        ("Total gastos octubre", True), ("TOTAL A PAGAR:", True), ("Subtotal gastos fijos", True),
        ("Total mes de octubre 2026", True), ("Totales", True), ("Total Energies", False), ("Totalpack", False),
    ],
)  # fmt: skip
def test_labels_of_totals(text: str, is_total: bool) -> None:
    assert sums.totals(text) is is_total


def test_a_group_is_told_by_its_label_or_by_parts_that_change() -> None:
    def row(*amounts: int) -> dict[date, Decimal]:
        return {date(2026, m, 1): Decimal(a) for m, a in enumerate(amounts, start=1)}

    assert sums.summing([("Gastos fijos", row(3)), ("Luz", row(1)), ("Gas", row(2))]) == {0}
    assert sums.summing([("Internet", row(3)), ("Luz", row(1)), ("Gas", row(2))]) == set()
    assert sums.summing([("Luz", row(1, 5)), ("Gas", row(2, 2)), ("Fijos", row(3, 7))]) == {2}
    assert sums.summing([("Gastos", row(1, 5)), ("Luz", row(1, 5))]) == set()
