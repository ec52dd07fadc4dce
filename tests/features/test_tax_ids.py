"""Customers by their tax ids."""

from io import BytesIO

import features
import ingest
from core import db
from core.tenancy import Scope


def test_a_tax_id_gives_the_name_it_goes_by(scope: Scope) -> None:
    rows = (
        "Fecha;Boleta;Producto;RUT Cliente;Cliente;Total",
        "01/10/2026;1;Té;12.345.678-5;Ana Soto;1000",
        "02/10/2026;2;Té;12345678-5;ANA SOTO;2000",
        "03/10/2026;3;Té;7.654.321-K;Luis Vera;3000",
        "04/10/2026;4;Té;9.111.222-3;Rosa Díaz;3000",
        "05/10/2026;5;Té;9.333.444-5;Rosa Díaz;3000",
        "06/10/2026;6;Té;;Eva Paz;3000",
    )
    with db.tenant(scope) as connection:
        sent = ingest.receive(scope, "ventas.csv", BytesIO("\n".join(rows).encode()), connection)
        assert ingest.process(scope, sent.id, connection).upload.state == "ready"
        found = features.tax_ids(scope, connection)
        members = features.members("customer", scope, connection)
    assert set(found) == {"123456785", "7654321k"}  # two of one name: a filter by it would be of both
    assert set(found.values()) <= set(members)
