"""Chile's tax service: the register of sales (RCV), and the registers that are no sales."""

import polars as pl

from ingest.connectors.types import Connector

KINDS = {
    "30": "Factura", "32": "Factura exenta", "33": "Factura electrónica", "34": "Factura exenta electrónica",
    "35": "Boleta", "38": "Boleta exenta", "39": "Boleta electrónica", "41": "Boleta exenta electrónica",
    "45": "Factura de compra", "46": "Factura de compra electrónica", "48": "Pago electrónico",
    "55": "Nota de débito", "56": "Nota de débito electrónica", "60": "Nota de crédito",
    "61": "Nota de crédito electrónica", "110": "Factura de exportación", "111": "Nota de débito de exportación",
    "112": "Nota de crédito de exportación",
}  # fmt: skip


def documents(rows: pl.DataFrame) -> pl.DataFrame:
    """One row a document: a row without any amount only goes on with the taxes of the one above."""
    rows = rows.filter(pl.any_horizontal(pl.col(c).is_not_null() for c in ("_number", "total", "net", "_exempt")))
    return rows.with_columns(
        pl.concat_str(pl.col("kind").fill_null("0"), "order", separator="-").alias("order"),
        pl.col("kind").replace(KINDS),
        # Lines end in more separators than the header; what stands there are further taxes of the document.
        pl.lit(False).alias("beyond"),
    ).drop("_number", "_exempt")


RCV_SALES = Connector(
    id="sii_rcv_ventas",
    name="Registro de ventas del SII",
    marks=frozenset({"tipo doc", "tipo venta", "rut cliente", "folio", "fecha docto", "monto total"}),
    mapping={
        "nro": "_number", "tipo doc": "kind", "rut cliente": "customer_tax_id", "razon social": "customer",
        "folio": "order", "fecha docto": "date", "monto exento": "_exempt", "monto neto": "net", "monto iva": "tax",
        "monto total": "total",
    },
    prepare=documents,
    notes=("Es el registro de ventas del SII: una línea por documento, las notas de crédito restan.",),
)  # fmt: skip

RCV_PURCHASES = Connector(
    id="sii_rcv_compras",
    name="Registro de compras del SII",
    marks=frozenset({"tipo doc", "tipo compra", "rut proveedor"}),
    refusal="Este es el registro de compras del SII: dice lo que compraste, no lo que vendiste.",
    remedy="En el SII entra a Registro de Compras y Ventas, elige la pestaña Venta, descarga el detalle y súbelo.",
)
