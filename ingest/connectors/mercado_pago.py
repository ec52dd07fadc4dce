"""Mercado Pago's settlement report: a row a movement of money."""

import polars as pl

from ingest.connectors.types import Connector


def payments(rows: pl.DataFrame) -> pl.DataFrame:
    """The order by which a refund finds its payment. Ids that a spreadsheet turned into '2E+15' name nothing."""
    return rows.with_columns(
        pl.coalesce(_whole_id("order"), _whole_id("_reference"), _whole_id("_payment")).alias("order")
    ).drop("_reference", "_payment")


def _whole_id(name: str) -> pl.Expr:
    return pl.when(~pl.col(name).str.contains(r"(?i)^\d+([.,]\d+)?e\+?\d+$")).then(pl.col(name))


SETTLEMENT = Connector(
    id="mercado_pago_settlement",
    name="Reporte de liquidaciones de Mercado Pago",
    marks=frozenset({"source id", "external reference", "transaction type", "transaction amount", "transaction date"}),
    mapping={
        "external reference": "_reference", "source id": "_payment", "order id": "order", "payment method": "payment_method",  # noqa: E501
        "transaction type": "kind", "transaction amount": "total", "transaction currency": "currency",
        "transaction date": "date",
    },
    prepare=payments,
    notes=(
        "Es el reporte de Mercado Pago: conté el monto que pagó el cliente, antes de comisiones; "
        "las devoluciones y contracargos restan.",
    ),
)  # fmt: skip
