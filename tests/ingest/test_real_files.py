"""Real exports through the whole reader, against totals computed from the files alone."""

import csv
import io
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from core import db
from core.tenancy import Scope
from ingest import Outcome, process, receive


def bring(scope: Scope, data: bytes) -> Outcome:
    with db.tenant(scope) as connection:
        return process(scope, receive(scope, "archivo.csv", io.BytesIO(data), connection).id, connection)


def facts(scope: Scope) -> tuple[int, Decimal]:
    with db.tenant(scope) as connection:
        row = connection.execute("SELECT count(*), coalesce(sum(total), 0) FROM fact_sales").fetchone()
    assert row is not None
    return row[0], row[1]


def rows_of(path: Path, encoding: str = "utf-8") -> Iterator[dict[str, str]]:
    with path.open(encoding=encoding, newline="") as file:
        yield from csv.DictReader(file, delimiter=";")


@pytest.mark.parametrize(
    "name",
    ["extra-empty-impuestos-rows", "missing-required-fields", "multiple-dte-referencias",
     "rz_leading_trailing_whitespace", "validation-errors"],
)  # fmt: skip
def test_the_sii_sales_register(shared: Path, scope: Scope, name: str) -> None:
    path = shared / "layouts" / "sii_rcv" / f"RCV-venta-{name}.csv"
    documents = [r for r in rows_of(path) if r["Nro"]]
    gold = sum(Decimal(r["Monto total"]) * (-1 if r["Tipo Doc"] in ("60", "61", "112") else 1) for r in documents)
    outcome = bring(scope, path.read_bytes())
    assert (outcome.upload.state, outcome.upload.set_aside) == ("ready", 0), outcome.upload.message
    assert facts(scope) == (len(documents), gold)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "utf-16"])
def test_tiendanube(shared: Path, new_scope: Callable[..., Scope], encoding: str) -> None:
    scope = new_scope(country="AR", currency="ARS", timezone="America/Argentina/Buenos_Aires")
    path = next((shared / "layouts" / "ar").glob("tiendanube_ventas.utf8.csv"))
    gold = [
        Decimal(r["Precio del producto"].replace(",", ".")) * int(r["Cantidad del producto"]) for r in rows_of(path)
    ]
    bring(scope, path.read_text(encoding="utf-8").encode(encoding))
    assert facts(scope) == (len(gold), sum(gold))


@pytest.mark.parametrize("quoted", [False, True])
def test_arca_issued_documents(shared: Path, new_scope: Callable[..., Scope], quoted: bool) -> None:
    scope = new_scope(country="AR", currency="ARS", timezone="America/Argentina/Buenos_Aires")
    path = shared / "layouts" / "ar" / "arca_mis_comprobantes_emitidos.csv"
    rows = list(rows_of(path))
    gold = sum(Decimal(r["Imp. Total"].replace(",", ".")) for r in rows)
    data = path.read_bytes()
    if quoted:
        buffer = io.StringIO()
        csv.writer(buffer, quoting=csv.QUOTE_ALL).writerows(csv.reader(path.open(encoding="utf-8"), delimiter=";"))
        data = buffer.getvalue().replace("101000,00", "101.000,00").encode("latin-1")
    bring(scope, data)
    assert facts(scope) == (len(rows), gold)


def test_mercado_pago(shared: Path, new_scope: Callable[..., Scope]) -> None:
    scope = new_scope(country="BR", currency="BRL", timezone="America/Sao_Paulo")
    path = shared / "layouts" / "ar" / "mercadopago_settlement_report.csv"
    rows = list(rows_of(path))
    bring(scope, path.read_bytes())
    assert facts(scope) == (len(rows), sum(Decimal(r["TRANSACTION_AMOUNT"]) for r in rows))


def test_purchases_and_statements_are_refused(shared: Path, scope: Scope) -> None:
    folder = shared / "layouts"
    files = [
        *folder.glob("sii_rcv/RCV-compra-*.csv"),
        *folder.glob("us_banks/*.csv"),
        folder / "ar" / "arca_mis_comprobantes_recibidos.csv",
        folder / "cl" / "banco_chile_cartola_tabla.csv",
    ]
    for path in files:
        assert bring(scope, path.read_bytes()).upload.error_code == "not_sales", path.name


def test_ten_olist_sellers_to_the_cent(shared: Path, new_scope: Callable[..., Scope]) -> None:
    lines = pd.read_csv(shared / "olist" / "sales_lines.csv.gz", dtype=str)
    sellers = lines["seller_id"].value_counts().index[5:305:30]
    for seller in sellers:
        mine = lines[lines["seller_id"] == seller]
        # The rule, told apart from ours: an order that was cancelled is no sale; every other line is worth its price.
        gold = sum((Decimal(p) for p in mine.loc[mine["order_status"] != "canceled", "price"]), Decimal(0))
        scope = new_scope(country="BR", currency="BRL", timezone="America/Sao_Paulo")
        outcome = bring(scope, mine.to_csv(index=False).encode())
        assert outcome.upload.set_aside == 0, outcome.upload.message
        assert facts(scope) == (len(mine), gold)
