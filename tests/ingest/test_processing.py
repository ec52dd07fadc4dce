"""A file's whole way into the facts."""

from collections.abc import Callable
from decimal import Decimal
from io import BytesIO

import pytest

from core import db
from core.errors import BadInput, Conflict
from core.tenancy import Scope
from ingest import Outcome, process, receive, rejected_rows, remap, undo, upload
from ingest.storing import path_of
from ingest.uploads import digest_of

HEADER = "Fecha;Boleta;Producto;Cantidad;Precio;Total\n"
ROWS = (
    "03/10/2025 10:15;1;Marraqueta;2;1.500;3.000\n",
    "03/10/2025 10:15;1;Hallulla;1;1.200,50;1.200,50\n",
    "25/10/2025 11:00;2;Kuchen;1;8.900;8.900\n",
    "25/10/2025 11:00;2;Kuchen;1;8.900;8.900\n",
)
CSV = HEADER + "".join(ROWS)
Bring = Callable[..., Outcome]


def bring(scope: Scope, text: str | bytes, name: str = "ventas.csv") -> Outcome:
    data = text if isinstance(text, bytes) else text.encode()
    with db.tenant(scope) as connection:
        return process(scope, receive(scope, name, BytesIO(data), connection).id, connection)


def totals(scope: Scope) -> tuple[int, Decimal]:
    with db.tenant(scope) as connection:
        row = connection.execute("SELECT count(*), coalesce(sum(total), 0) FROM fact_sales").fetchone()
    assert row is not None
    return row[0], row[1]


def test_a_clean_file_becomes_facts(scope: Scope) -> None:
    outcome = bring(scope, CSV + "31/31/2025 11:00;3;Kuchen;1;8.900;8.900\nTOTAL;;;;;22.000,50\n")
    assert outcome.upload.state == "ready", outcome.upload.message
    assert totals(scope) == (4, Decimal("22000.50"))
    assert (outcome.upload.accepted, outcome.upload.set_aside, outcome.upload.possible_duplicates) == (4, 1, 1)
    assert [p.start.isoformat() for p in outcome.touched] == ["2025-10-01"]
    with db.tenant(scope) as connection:
        (row,) = rejected_rows(scope, outcome.upload.id, connection)
    assert (row.line, row.code, row.raw) == (6, "bad_date", "31/31/2025 11:00;3;Kuchen;1;8.900;8.900")


def test_the_same_file_twice_changes_nothing(scope: Scope) -> None:
    first = bring(scope, CSV)
    with db.tenant(scope) as connection:
        again = receive(scope, "otro nombre.csv", BytesIO(CSV.encode()), connection)
        assert again.known
        assert again.id == first.upload.id
        process(scope, again.id, connection)
    assert totals(scope) == (4, Decimal("22000.50"))


def test_a_longer_export_adds_only_what_is_new_and_undo_keeps_what_another_file_brought(scope: Scope) -> None:
    first = bring(scope, CSV)
    second = bring(scope, CSV + "02/11/2025 09:00;3;Pan;1;1.000;1.000\n25/10/2025 11:00;2;Kuchen;1;8.900;8.900\n")
    assert second.upload.already_known == 4
    assert totals(scope) == (6, Decimal("31900.50"))
    with db.tenant(scope) as connection:
        touched = undo(scope, first.upload.id, connection)
    assert touched
    assert totals(scope) == (6, Decimal("31900.50"))
    with db.tenant(scope) as connection:
        undo(scope, second.upload.id, connection)
    assert totals(scope) == (0, Decimal(0))
    bring(scope, CSV)
    assert totals(scope) == (4, Decimal("22000.50"))


def test_a_cancelled_order_counts_nothing_whichever_export_comes_first(new_scope: Callable[..., Scope]) -> None:
    header = "Fecha;Pedido;Producto;Estado;Total\n"
    paid = header + "01/10/2025;A1;Pan;Pagada;1000\n15/10/2025;A2;Pan;Pagada;500\n"
    gone = header + "01/10/2025;A1;Pan;Cancelada;1000\n15/10/2025;A2;Pan;Pagada;500\n16/10/2025;A3;Pan;Pagada;70\n"
    for files in ((paid, gone), (gone, paid)):
        scope = new_scope()
        for file in files:
            outcome = bring(scope, file)
        assert totals(scope)[1] == Decimal(570), outcome.upload.reading["notes"]


def test_a_cancellation_beside_its_sale_takes_it_back(scope: Scope) -> None:
    bring(scope, "Fecha;Pedido;Producto;Estado;Total\n01/10/2025;A1;Pan;Pagada;1000\n15/10/2025;A1;Pan;Anulada;1000\n")
    assert totals(scope) == (2, Decimal(0))


def test_credit_notes_are_negative(scope: Scope) -> None:
    bring(
        scope,
        "Fecha;Tipo documento;Folio;Cantidad;Total\n01/10/2025;Boleta;1;2;1000\n15/10/2025;Nota de Crédito;2;1;400\n",
    )
    assert totals(scope) == (2, Decimal(600))


def test_the_owners_mapping_is_remembered(scope: Scope) -> None:
    text = "Fecha;Producto;Total;Pagado\n13/10/2025;Pan;100;90\n14/10/2025;Pan;100;80\n"
    first = bring(scope, text)
    assert totals(scope)[1] == Decimal(200)
    with db.tenant(scope) as connection:
        remap(scope, first.upload.id, {"Pagado": "total"}, connection)
        assert upload(scope, first.upload.id, connection).state == "received"
        process(scope, first.upload.id, connection)
    assert totals(scope)[1] == Decimal(170)
    bring(scope, text + "15/10/2025;Pan;100;70\n")
    assert totals(scope) == (3, Decimal(240))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"%PDF-1.7 x", "not_a_table"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "not_a_table"),
        (b"PK\x03\x04 broken", "broken_workbook"),
        (b"   \n\n", "file_empty"),
        (b"1;2;3\n4;5;6\n", "no_header"),
        (b"Producto;Total\nPan;100\n", "no_dates"),
        (b"Fecha;Producto\n01/10/2025;Pan\n", "no_amounts"),
        (b"Fecha;Total\n", "file_empty"),
        ("Fecha;Descripción;Cargos (CLP);Abonos (CLP);Saldo (CLP)\n01/10/2025;x;1;2;3\n".encode(), "not_sales"),
    ],
)
def test_what_is_no_sales_file_is_refused_in_spanish(scope: Scope, data: bytes, code: str) -> None:
    outcome = bring(scope, data)
    assert (outcome.upload.state, outcome.upload.error_code) == ("failed", code)
    assert outcome.upload.message.endswith(".")
    assert totals(scope)[0] == 0


def test_an_empty_file_is_not_received(scope: Scope) -> None:
    with db.tenant(scope) as connection, pytest.raises(BadInput):
        receive(scope, "x.csv", BytesIO(b""), connection)


def test_a_later_export_with_a_column_more_knows_its_old_lines(scope: Scope) -> None:
    bring(scope, CSV)
    more = HEADER.strip() + ";Sucursal\n" + "".join(row.strip() + ";Talca\n" for row in ROWS)
    second = bring(scope, more + "02/11/2025 09:00;3;Pan;1;1.000;1.000;Talca\n")
    assert second.upload.already_known == 4
    assert totals(scope) == (5, Decimal("23000.50"))
    third = bring(scope, CSV + "03/11/2025 09:00;4;Pan;1;1.000;1.000\n")
    assert third.upload.already_known == 4


def test_a_file_that_cannot_be_read_again_loses_no_line(scope: Scope) -> None:
    first, second = bring(scope, HEADER + "".join(ROWS[:2])), bring(scope, CSV)
    with db.tenant(scope) as connection:
        path = path_of(scope, digest_of(scope, second.upload.id, connection))
    path.rename(path.with_suffix(".away"))
    with pytest.raises(Conflict) as told, db.tenant(scope) as connection:
        undo(scope, first.upload.id, connection)
    assert told.value.code == "shared_lines"
    with db.tenant(scope) as connection:
        remap(scope, first.upload.id, {"Boleta": ""}, connection)
        process(scope, first.upload.id, connection)
        assert upload(scope, second.upload.id, connection).state == "ready"
    assert totals(scope)[0] >= 4
    path.with_suffix(".away").rename(path)
    with db.tenant(scope) as connection:
        undo(scope, first.upload.id, connection)
    assert totals(scope) == (4, Decimal("22000.50"))
