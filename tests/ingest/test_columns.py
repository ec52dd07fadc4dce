"""Headers by their names alone."""

import pytest

from ingest.columns import by_name


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Total c/IVA", "total"), ("Total IVA incl.", "total"), ("Monto con IVA", "total"), ("Venta c/ IVA", "total"),
        ("P. Unit. c/IVA", "unit_price"), ("Precio sin IVA", "unit_price"), ("Costo c/IVA", "unit_cost"),
        ("Costo neto", "unit_cost"), ("Valor s/IVA", "net"), ("Total sin IVA", "net"), ("Monto neto s/IVA", "net"),
        ("Total IVA", "tax"), ("IVA 19%", "tax"), ("Monto IVA", "tax"),
    ],
)  # fmt: skip
def test_what_holds_the_tax_is_no_tax(header: str, field: str) -> None:
    assert by_name([header], {}) == {field: 0}
