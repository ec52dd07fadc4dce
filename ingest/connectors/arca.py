"""Argentina's tax agency ARCA (AFIP), "Mis Comprobantes": issued documents, and received ones, which are no sales."""

import polars as pl

from ingest.connectors.types import Connector


def documents(rows: pl.DataFrame) -> pl.DataFrame:
    """The document's own number is its kind, point of sale and number together, with and without leading zeros."""
    kind = pl.col("kind").str.extract(r"^(\d+)", 1).fill_null("0")
    return rows.with_columns(
        pl.concat_str(kind, _bare("branch"), _bare("order"), separator="-").alias("order"),
        _bare("branch").alias("branch"),
    )


def _bare(name: str) -> pl.Expr:
    return pl.col(name).str.strip_chars_start("0\x01").fill_null("")


ISSUED = Connector(
    id="arca_emitidos",
    name="Mis Comprobantes emitidos (ARCA)",
    marks=frozenset({"punto de venta", "numero desde", "denominacion receptor", "imp total"}),
    mapping={
        "fecha de emision": "date", "fecha": "date", "tipo de comprobante": "kind", "tipo": "kind",
        "punto de venta": "branch", "numero desde": "order", "nro doc receptor": "customer_tax_id",
        "denominacion receptor": "customer", "moneda": "currency", "iva": "tax", "total iva": "tax",
        "imp total": "total",
    },
    prepare=documents,
    notes=("Son tus comprobantes emitidos en ARCA: una línea por comprobante, las notas de crédito restan.",),
)  # fmt: skip

RECEIVED = Connector(
    id="arca_recibidos",
    name="Mis Comprobantes recibidos (ARCA)",
    marks=frozenset({"punto de venta", "numero desde", "denominacion emisor", "imp total"}),
    refusal="Estos son los comprobantes que recibiste: dicen lo que compraste, no lo que vendiste.",
    remedy="En ARCA entra a Mis Comprobantes, elige Emitidos, descarga el CSV y súbelo.",
)
