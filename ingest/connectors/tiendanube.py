"""Tiendanube's (Nuvemshop's) orders: a row an item, the order's own fields only on its first row."""

import polars as pl

from ingest import numbers
from ingest.connectors.types import Connector
from ingest.numbers import MONEY, TYPED

OF_THE_ORDER = (
    "date", "status", "payment_status", "currency", "customer", "customer_tax_id", "city", "country",
    "payment_method", "channel", "branch", "seller", "discount",
)  # fmt: skip


def items(rows: pl.DataFrame) -> pl.DataFrame:
    """Every item with its order's fields, and its part of the order's discount, to the cent."""
    for name in (*OF_THE_ORDER, "order", "quantity", "unit_price", "product"):
        if name not in rows.columns:
            rows = rows.with_columns(pl.lit(None, pl.String).alias(name))
    rows = rows.with_columns(pl.col("order").forward_fill()).with_columns(
        *(pl.col(name).forward_fill().over("order") for name in OF_THE_ORDER)
    )
    mark = _mark(rows)
    money = rows.select(
        "order",
        *(numbers.parse(rows[f], mark).alias(f) for f in ("quantity", "unit_price", "discount")),
    ).with_columns((pl.col("quantity").fill_null(1) * pl.col("unit_price")).cast(MONEY).alias("gross"))
    shares = money.with_columns(
        pl.when(pl.col("gross").sum().over("order") != 0)
        .then(
            (pl.col("discount").cast(pl.Float64) * pl.col("gross").cast(pl.Float64))
            / pl.col("gross").cast(pl.Float64).sum().over("order")
        )
        .otherwise(0.0)
        .round(2)
        .cast(MONEY)
        .alias("share")
    )
    # What rounding leaves over goes to the order's first item, so that the order adds up.
    left = pl.col("discount") - pl.col("share").sum().over("order")
    first = pl.int_range(pl.len()).over("order") == 0
    share = shares.select((pl.col("share") + pl.when(first).then(left).otherwise(0)).cast(MONEY)).to_series()
    return rows.with_columns((pl.lit(TYPED) + share.cast(pl.String)).alias("discount"))


def _mark(rows: pl.DataFrame) -> numbers.Mark:
    seen = sum((numbers.evidence(rows[f].unique()) for f in ("unit_price", "discount")), numbers.Evidence())
    return seen.mark or ","


ORDERS = Connector(
    id="tiendanube",
    name="Ventas de Tiendanube",
    marks=frozenset({"numero de orden", "estado de la orden", "nombre del producto", "precio del producto"}),
    mapping={
        "numero de orden": "order", "fecha": "date", "estado de la orden": "status", "estado del pago": "payment_status",  # noqa: E501
        "moneda": "currency", "descuento": "discount", "nombre del comprador": "customer", "dni cuit": "customer_tax_id",  # noqa: E501
        "ciudad": "city", "pais": "country", "medio de pago": "payment_method", "nombre del producto": "product",
        "precio del producto": "unit_price", "cantidad del producto": "quantity", "sku": "sku", "canal": "channel",
        "sucursal de venta": "branch", "vendedor": "seller",
    },
    prepare=items,
    whole=True,
    notes=(
        "Es la exportación de Tiendanube: cada producto es una línea, con su parte del descuento de la orden.",
        "El costo de envío no se cuenta como venta.",
    ),
)  # fmt: skip
