"""The lines as a till's export would write them, and the targets an owner would have set."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl

from core.periods import add_months

HEADERS = {
    "at": "Fecha",
    "kind": "Tipo documento",
    "document": "N° documento",
    "product": "Producto",
    "sku": "SKU",
    "category": "Categoría",
    "branch": "Sucursal",
    "channel": "Canal",
    "customer": "Cliente",
    "seller": "Vendedor",
    "payment_method": "Medio de pago",
    "quantity": "Cantidad",
    "unit_price": "Precio unitario",
    "discount": "Descuento",
    "total": "Total",
    "unit_cost": "Costo unitario",
}


@dataclass(frozen=True, slots=True)
class Target:
    """What the owner wants to sell in the month that begins on `month`."""

    month: date
    value: Decimal
    metric: str = "sales"


def write_csv(lines: pl.DataFrame, path: Path) -> None:
    """Write the lines as UTF-8 with a BOM (as Excel likes it), `;`, dd/mm/yyyy HH:MM, $1.234 and decimal commas."""
    formatted = lines.select(
        pl.col("at").dt.strftime("%d/%m/%Y %H:%M"),
        *(pl.col(name) for name in ("kind", "document", "product", "sku", "category", "branch", "channel")),
        *(pl.col(name) for name in ("customer", "seller", "payment_method")),
        _decimal_comma("quantity"),
        *(_pesos(name) for name in ("unit_price", "discount", "total")),
        _decimal_comma("unit_cost"),
    ).rename(HEADERS)
    with path.open("wb") as file:
        file.write(b"\xef\xbb\xbf")
        formatted.write_csv(file, separator=";", null_value="", line_terminator="\r\n")


def targets(lines: pl.DataFrame, rise: Decimal = Decimal("1.08")) -> tuple[Target, ...]:
    """Monthly sales targets: the same month a year earlier and `rise` on it, rounded to $100.000; to the month after
    the last one, which is the running one."""
    months = lines.group_by(pl.col("at").dt.truncate("1mo").dt.date().alias("month")).agg(pl.col("total").sum())
    return tuple(
        Target(add_months(month, 12), (total * rise / 100_000).quantize(Decimal(1)) * 100_000)
        for month, total in months.sort("month").iter_rows()
        if add_months(month, 11) <= months["month"].max()  # type: ignore[operator]
    )


def _pesos(name: str) -> pl.Expr:
    digits = pl.col(name).abs().cast(pl.String)
    grouped = digits.str.replace(r"(\d)(\d{3})$", "$1.$2").str.replace(r"(\d)(\d{3})\.", "$1.$2.")
    return (pl.when(pl.col(name) < 0).then(pl.lit("-")).otherwise(pl.lit("")) + pl.lit("$") + grouped).alias(name)


def _decimal_comma(name: str) -> pl.Expr:
    return (
        pl.col(name).round(2).cast(pl.String).str.replace(r"\.0$", "").str.replace(".", ",", literal=True).alias(name)
    )
