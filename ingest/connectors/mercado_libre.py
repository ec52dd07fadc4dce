"""MercadoLibre Chile's sales: a row a sale; a package is a row with the money and rows below it with the items."""

import polars as pl

from ingest import numbers
from ingest.connectors.types import Connector
from ingest.numbers import MONEY, TYPED


def sales(rows: pl.DataFrame) -> pl.DataFrame:
    """Items with what was paid for them: a package's income is shared among its items by price; what was given back
    is taken off, and a sale that was wholly given back is cancelled."""
    rows = rows.with_columns(
        *(numbers.parse(rows[f], ",").alias(f"n_{f}") for f in ("total", "unit_price", "quantity", "_refund")),
        # Cancelled or refunded by money alone: 'Devolución finalizada' may well leave the money with the seller.
        pl.col("status").str.extract(r"(?i)paquete de (\d+)", 1).cast(pl.Int64).alias("size"),
    ).with_columns(pl.col("size").is_not_null().cum_sum().alias("package"))
    rows = rows.with_columns(
        pl.int_range(pl.len()).over("package").alias("place"),
        *(
            pl.col(c).first().over("package").alias(f"p_{c}")
            for c in ("n_total", "n__refund", "date", "order", "customer", "size")
        ),
    )
    inside = pl.col("p_size").is_not_null() & (pl.col("place") > 0) & (pl.col("place") <= pl.col("p_size"))
    rows = rows.with_columns(
        inside.alias("inside"), (pl.col("n_quantity").fill_null(1) * pl.col("n_unit_price")).cast(MONEY).alias("gross")
    )
    group = ["package", "inside"]
    gross, whole = pl.col("gross").cast(pl.Float64), pl.col("gross").cast(pl.Float64).sum().over(group)

    def shared(name: str) -> pl.Expr:
        part = (
            pl.when(whole != 0)
            .then((pl.col(f"p_{name}").cast(pl.Float64) * gross / whole).round(0))
            .otherwise(0.0)
            .cast(MONEY)
        )
        left = pl.col(f"p_{name}") - part.sum().over(group)
        first = pl.int_range(pl.len()).over(group) == 0
        return pl.when("inside").then((part + pl.when(first).then(left).otherwise(0)).cast(MONEY)).otherwise(name)

    rows = rows.with_columns(shared("n_total").alias("income"), shared("n__refund").fill_null(0).alias("back"))
    rows = rows.filter(pl.col("size").is_null())
    void = (pl.col("back") != 0) & (pl.col("income") + pl.col("back") == 0)
    paid = pl.when(void).then("income").otherwise((pl.col("income") + pl.col("back")).cast(MONEY))
    return (
        rows.with_columns(
            (pl.lit(TYPED) + paid.cast(pl.String)).alias("total"),
            pl.when(void).then(pl.lit("cancelada")).otherwise(pl.lit("vendida")).alias("status"),
            *(pl.when("inside").then(pl.coalesce(c, f"p_{c}")).otherwise(c).alias(c) for c in ("date", "customer")),
            pl.when("inside").then("p_order").otherwise("order").alias("order"),
            pl.lit("MercadoLibre").alias("channel"),
        )
        .select(
            c
            for c in rows.columns
            if not c.startswith(("n_", "p_", "_"))
            and c not in ("size", "package", "place", "inside", "gross", "income", "back")
        )
        .with_columns()
    )


SALES = Connector(
    id="mercado_libre_cl",
    name="Ventas de MercadoLibre",
    marks=frozenset({"de venta", "fecha de venta", "ingresos por productos clp", "titulo de la publicacion"}),
    mapping={
        "de venta": "order", "fecha de venta": "date", "estado": "status", "unidades": "quantity",
        "ingresos por productos clp": "total", "anulaciones y reembolsos clp": "_refund", "sku": "sku",
        "titulo de la publicacion": "product", "precio unitario de venta de la publicacion clp": "unit_price",
        "comprador": "customer", "comuna": "city", "canal de venta": "channel",
    },
    prepare=sales,
    whole=True,
    notes=("Es la exportación de MercadoLibre: conté los ingresos por productos, con IVA, antes de cargos y envíos.",),
)  # fmt: skip
