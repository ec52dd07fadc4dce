"""The demo's other books: expenses of a year and a half, and a count of its stock, made from its sales."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from core.periods import add_months
from ingest.demo.profile import Profile

MONTHS = 18
RENT = 0.055
"""Of a branch's average monthly sales; the other shares are of the month's own."""
SHARES = (
    ("Sueldos", "", "Remuneraciones del mes", 28, 0.205),
    ("Gas", "Abastible", "Gas de los hornos", 9, 0.021),
    ("Luz y agua", "CGE", "Cuenta de electricidad", 12, 0.016),
    ("Luz y agua", "Aguas Nuevosur", "Cuenta de agua", 14, 0.005),
    ("Comisiones", "Transbank", "Comisión de tarjetas", 3, 0.011),
    ("Envases", "Distribuidora Maule", "Bolsas y cajas", 6, 0.013),
    ("Contabilidad", "Estudio contable", "Honorarios", 10, 0.0),
    ("Aseo y mantención", "", "Insumos y reparaciones", 18, 0.009),
)
FLAT = {"Contabilidad": 95_000}
COUNTED_BEFORE = 3
"""Days between the count of the stock and the last day with sales."""


def write_expenses(profile: Profile, lines: pl.DataFrame, path: Path) -> None:
    """A sheet of expenses as owners keep it: Fecha;Tipo de gasto;Proveedor;Detalle;Sucursal;Monto."""
    chance = np.random.default_rng(profile.seed + 7)
    day = pl.col("at").dt.date()
    last: date = lines.select(day.max()).item()
    first = add_months(last.replace(day=1), -MONTHS)
    months = lines.filter(day >= first).group_by(pl.col("at").dt.truncate("1mo").dt.date().alias("month"), "branch")
    sold = months.agg(pl.col("total").sum()).sort("month", "branch")
    rows: list[tuple[date, str, str, str, str, int]] = []
    for branch in profile.branches:
        usual = float(sold.filter(pl.col("branch") == branch.name)["total"].mean() or 0)  # type: ignore[arg-type]
        rows += [
            (month, "Arriendo", "Corredora del Maule", f"Local {branch.name}", branch.name, _round(usual * RENT))
            for month in sold["month"].unique().sort().to_list()
        ]
    for (month,), part in sold.group_by("month", maintain_order=True):
        total = float(part["total"].sum())
        for kind, supplier, detail, on, share in SHARES:
            amount = FLAT.get(kind) or _round(total * share * chance.uniform(0.93, 1.07))
            rows.append((month.replace(day=on), kind, supplier, detail, "", amount))
    rows = sorted(row for row in rows if row[0] <= last)
    text = ["Fecha;Tipo de gasto;Proveedor;Detalle;Sucursal;Monto"]
    text += [
        f"{d:%d/%m/%Y};{kind};{who};{what};{where};${_pesos(amount)}" for d, kind, who, what, where, amount in rows
    ]
    path.write_text("\n".join(text) + "\n", "utf-8")


def write_stock(profile: Profile, lines: pl.DataFrame, path: Path) -> None:
    """A count of the stock: what keeps lasts some weeks, and two things are about to run out."""
    chance = np.random.default_rng(profile.seed + 8)
    last: date = lines.select(pl.col("at").dt.date().max()).item()
    counted = last - timedelta(days=COUNTED_BEFORE)
    recent = lines.filter(pl.col("at").dt.date() > last - timedelta(days=28))
    pace = recent.group_by("product").agg((pl.col("quantity").sum() / 28).alias("pace"), pl.col("unit_cost").mean())
    pace = pace.filter(pl.col("pace") > 0).sort("pace", "product", descending=[True, False])
    text = ["Producto;Stock actual;Stock mínimo;Costo unitario;Fecha"]
    for i, (product, a_day, cost) in enumerate(pace.iter_rows()):
        lasts = 4.5 if i in (3, 7) else chance.uniform(18, 45)
        stock, least = round(a_day * lasts), round(a_day * 7)
        text.append(f"{product};{stock};{least};{_pesos(round(cost or 0))};{counted:%d/%m/%Y}")
    path.write_text("\n".join(text) + "\n", "utf-8")


def _round(amount: float) -> int:
    return int(round(amount / 10) * 10)


def _pesos(amount: int) -> str:
    return f"{amount:,}".replace(",", ".")
