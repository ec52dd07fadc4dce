"""Exports that repeat an order's total on each of its lines: what was paid for each line is found from the prices."""

from collections.abc import Collection, Iterator
from dataclasses import replace

import polars as pl

from core.language import plural
from ingest import numbers
from ingest.numbers import MONEY
from ingest.reading import Reading
from ingest.tables import LINE

_SURE, _CLOSE, _FEWEST = 0.8, 0.01, 1
"""The share of the orders that must add up, how nearly, and how many there must be."""


def with_line_amounts(reading: Reading) -> Reading:
    """The reading with the `amounts` of lines whose own total stands for the whole order, where the file is so."""
    if reading.connector or not {"order", "total"} <= reading.fields.keys():
        return reading
    first = next(_lines(reading), None)
    if first is None or not _repeats(_orders(first)):
        return reading
    if "unit_price" not in reading.fields:
        note = (
            "En las ventas de varias líneas, todas las líneas traen el mismo total, y las conté todas. Si es el total "
            "de la venta entera, agrega el precio de cada producto y súbelo de nuevo: así no se cuenta dos veces."
        )
        return replace(reading, notes=(*reading.notes, note)) if _orders(first).height >= 3 else reading
    lines = pl.concat(list(_lines(reading)))
    orders = _orders(lines)
    if not _adds_up(orders):
        return reading
    note = (
        f"El total que trae cada línea es el de la venta entera ({plural(orders.height, 'venta', 'ventas')} de varias "
        "líneas): lo repartí según el precio de cada producto, para contarlo una sola vez."
    )
    return replace(reading, amounts=_shared(lines, orders), notes=(*reading.notes, note))


def _lines(reading: Reading) -> Iterator[pl.DataFrame]:
    """`line, order, total, gross, net, discount` of the rows that have an order and a total."""
    wanted = {"date", "order", "total", "unit_price", "quantity", "discount"} & reading.fields.keys()
    for rows in reading.rows(wanted):
        money = rows.select(LINE, "order").with_columns(
            *(numbers.parse(rows[f], reading.marks.get(f, ",")).alias(f) for f in wanted - {"date", "order"})
        )
        yield money.filter(pl.col("order").is_not_null(), pl.col("total").is_not_null()).select(
            LINE, "order", "total", *_worth(money.columns)
        )


def _worth(have: Collection[str]) -> list[pl.Expr]:
    quantity = pl.col("quantity").fill_null(1) if "quantity" in have else pl.lit(1).cast(MONEY)
    gross = (quantity * pl.col("unit_price")).cast(MONEY) if "unit_price" in have else pl.lit(None, MONEY)
    discount = pl.col("discount").fill_null(0).abs() if "discount" in have else pl.lit(0).cast(MONEY)
    return [gross.alias("gross"), discount.cast(MONEY).alias("discount")]


def _orders(lines: pl.DataFrame) -> pl.DataFrame:
    """The orders of two lines or more."""
    return (
        lines.group_by("order")
        .agg(
            pl.len().alias("lines"),
            pl.col("total").first(),
            (pl.col("total").n_unique() == 1).alias("one_total"),
            pl.col("gross").sum().alias("gross"),
            pl.col("discount").sum().alias("discounts"),
            pl.col("discount").max().alias("discount"),
        )
        .filter(pl.col("lines") > 1)
    )


def _repeats(orders: pl.DataFrame) -> bool:
    return orders.height >= _FEWEST and float(orders["one_total"].mean() or 0) >= _SURE  # type: ignore[arg-type]


def _adds_up(orders: pl.DataFrame) -> bool:
    """Whether the lines' prices come to the order's total, before or after discounts of lines or order."""
    total, gross = pl.col("total").cast(pl.Float64), pl.col("gross").cast(pl.Float64)
    near = pl.max_horizontal(total.abs() * _CLOSE, pl.lit(1.0))
    ways = [gross, *(gross - pl.col(d).cast(pl.Float64) for d in ("discounts", "discount"))]
    good = pl.any_horizontal((way - total).abs() <= near for way in ways) & pl.col("one_total") & (gross != 0)
    return _repeats(orders) and float(orders.select(good.mean()).item() or 0) >= _SURE


def _shared(lines: pl.DataFrame, orders: pl.DataFrame) -> pl.DataFrame:
    """`line, amount`: each order's total by its lines' prices, to the cent; what rounding leaves goes to its first."""
    whole = orders.filter("one_total", pl.col("gross") != 0).select("order", pl.col("gross").alias("all"))
    inside = lines.join(whole, on="order", maintain_order="left")
    share = pl.col("total").cast(pl.Float64) * pl.col("gross").cast(pl.Float64) / pl.col("all").cast(pl.Float64)
    inside = inside.with_columns(
        pl.when(pl.col("total") == pl.col("all")).then("gross").otherwise(share.round(2).cast(MONEY)).alias("amount")
    )
    left = pl.col("total") - pl.col("amount").sum().over("order")
    first = pl.int_range(pl.len()).over("order") == 0
    return inside.select(LINE, (pl.col("amount") + pl.when(first).then(left).otherwise(0)).cast(MONEY).alias("amount"))
