"""A generated export of any number of lines, as a point of sale writes it: plain, or the Latin-American way."""

from datetime import date, timedelta
from pathlib import Path
from typing import Literal

import numpy as np
import polars as pl

from core.periods import add_months

Style = Literal["plain", "latin"]

SEED = 11
MONTHS = 36
PRODUCTS = 400
CUSTOMERS = 8_000
BRANCHES = ("Santiago Centro", "Providencia", "Maipú", "Ñuñoa", "Valparaíso", "Concepción", "La Serena", "Temuco")
CHANNELS = ("Tienda", "Web", "Teléfono")
CATEGORIES = ("Ferretería", "Jardín", "Pinturas", "Electricidad", "Baño", "Cocina", "Iluminación", "Herramientas")
PAYMENTS = ("Débito", "Crédito", "Efectivo", "Transferencia")


def lines(rows: int, today: date) -> pl.DataFrame:
    """`rows` sale lines over the 36 months before `today`'s, about one in a hundred a return. The same each time."""
    chance = np.random.default_rng(SEED)
    last = today.replace(day=1) - timedelta(days=1)
    first = add_months(last.replace(day=1), 1 - MONTHS)
    order = np.sort(chance.integers(0, max(1, rows * 2 // 5), rows))
    moment = np.sort(chance.integers(0, (last - first).days + 1, order[-1] + 1)) * 1440
    moment += chance.integers(9 * 60, 20 * 60, len(moment))
    product = np.minimum((chance.pareto(1.1, rows) * 25).astype(np.int64), PRODUCTS - 1)
    price = np.round(np.exp(chance.normal(9, 0.9, PRODUCTS)), 2)[product]
    quantity = 1 + chance.integers(0, 3, rows)
    back = np.where(chance.random(rows) < 0.01, -1, 1)
    discount = np.where(chance.random(rows) < 0.08, np.round(quantity * price * 0.1, 2), 0.0)
    return pl.DataFrame(
        {
            "Fecha": pl.Series(
                (np.datetime64(first) + moment[order].astype("timedelta64[m]")).astype("datetime64[us]")
            ),
            "Boleta": order + 100_001,
            "SKU": _label("P-", product),
            "Producto": _label("Artículo ", product),
            "Categoría": _named(CATEGORIES, product % len(CATEGORIES)),
            "Sucursal": _named(BRANCHES, (chance.beta(1, 2, order[-1] + 1) * len(BRANCHES)).astype(int)[order]),
            "Canal": _named(CHANNELS, chance.integers(0, len(CHANNELS), order[-1] + 1)[order]),
            "Cliente": _label("Cliente ", chance.integers(0, CUSTOMERS, order[-1] + 1)[order]),
            "Medio de pago": _named(PAYMENTS, chance.integers(0, len(PAYMENTS), order[-1] + 1)[order]),
            "Cantidad": quantity * back,
            "Precio unitario": price,
            "Descuento": discount * back,
            "Total": np.round((quantity * price - discount) * back, 2),
            "Costo unitario": np.round(price * 0.6, 2),
        }
    )


def write(frame: pl.DataFrame, path: Path, style: Style) -> None:
    """`plain`: UTF-8, commas, ISO dates, 1234.56. `latin`: Latin-1, semicolons, dd/mm/yyyy, 1.234,56."""
    if style == "plain":
        frame.with_columns(pl.col("Fecha").dt.strftime("%Y-%m-%d %H:%M")).write_csv(path)
        return
    amounts = [name for name, kind in frame.schema.items() if kind == pl.Float64]
    spelled = frame.with_columns(pl.col("Fecha").dt.strftime("%d/%m/%Y %H:%M"), *(_latin(name) for name in amounts))
    path.write_bytes(spelled.write_csv(separator=";").encode("latin-1"))


def bare(path: Path, style: Style) -> pl.DataFrame:
    """The bare limit: read the file as one who knows its format, and sum by month and branch."""
    if style == "plain":
        read = pl.read_csv(path).with_columns(pl.col("Fecha").str.to_datetime("%Y-%m-%d %H:%M"))
    else:
        text = path.read_bytes().decode("latin-1").encode()
        plain = pl.col("Total").str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
        read = pl.read_csv(text, separator=";", infer_schema=False).with_columns(
            pl.col("Fecha").str.to_datetime("%d/%m/%Y %H:%M"), plain.cast(pl.Float64)
        )
    return read.group_by(pl.col("Fecha").dt.truncate("1mo"), "Sucursal").agg(pl.col("Total").sum(), pl.len())


def _named(names: tuple[str, ...], index: np.ndarray) -> pl.Series:
    return pl.Series(names, dtype=pl.String).gather(index)


def _label(prefix: str, number: np.ndarray) -> pl.Series:
    return pl.select(pl.lit(prefix) + pl.Series(number).cast(pl.String).str.zfill(4)).to_series()


def _latin(name: str) -> pl.Expr:
    cents = (pl.col(name).abs() * 100).round().cast(pl.Int64)
    whole = (cents // 100).cast(pl.String)
    for _ in range(2):
        whole = whole.str.replace(r"^(\d+)(\d{3})(\.|$)", "$1.$2$3")
    sign = pl.when(pl.col(name) < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    return (sign + whole + "," + (cents % 100).cast(pl.String).str.zfill(2)).alias(name)
