"""A file's whole way into the facts."""

from io import BytesIO

from core import db
from core.tenancy import Scope
from ingest import process, receive

CSV = (
    "Fecha;Boleta;Producto;Cantidad;Precio;Total\n"
    "03/10/2025 10:15;1;Marraqueta;2;1.500;3.000\n"
    "03/10/2025 10:15;1;Hallulla;1;1.200,50;1.200,50\n"
    "25/10/2025 11:00;2;Kuchen;1;8.900;8.900\n"
    "25/10/2025 11:00;2;Kuchen;1;8.900;8.900\n"
    "31/31/2025 11:00;3;Kuchen;1;8.900;8.900\n"
    "TOTAL;;;;;31.901\n"
)


def test_a_clean_file_becomes_facts(scope: Scope) -> None:
    with db.tenant(scope) as connection:
        upload = receive(scope, "ventas.csv", BytesIO(CSV.encode()), connection)
        outcome = process(scope, upload.id, connection)
        rows = connection.execute("SELECT sold_on::text, total, quantity, order_ref FROM fact_sales ORDER BY source_line").fetchall()
    assert outcome.upload.state == "ready", outcome.upload.message
    assert [(str(r[0]), str(r[1])) for r in rows] == [("2025-10-03", "3000"), ("2025-10-03", "1200.5"), ("2025-10-25", "8900"), ("2025-10-25", "8900")]
    assert (outcome.upload.accepted, outcome.upload.set_aside, outcome.upload.possible_duplicates) == (4, 1, 1)
