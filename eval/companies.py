"""The companies that the cases are about: their files, how to read them, and bringing them in the way owners do."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from os import environ
from pathlib import Path

import pandas as pd

from eval.raw import Layout
from ingest import demo

SHARED = Path(environ.get("AYNI_SHARED", Path(__file__).resolve().parents[1] / ".." / "shared")) / "data"
OLIST = SHARED / "olist" / "sales_lines.csv.gz"
TODAY = date(2026, 11, 3)
"""The day from which the demo is generated: it ends on 31 October 2026."""


@dataclass(frozen=True, slots=True)
class Source:
    """A company and its one file. `write` makes the file; `needs` must exist for that."""

    slug: str
    name: str
    country: str
    currency: str
    timezone: str
    layout: Layout
    write: Callable[[Path], None]
    needs: Path | None = None
    sector: str = ""

    @property
    def missing(self) -> str:
        """Why this company can't be had here, or ''."""
        return f"no está {self.needs.name}" if self.needs is not None and not self.needs.exists() else ""


def _demo(path: Path) -> None:
    demo.write_csv(demo.generate(demo.LA_ESPIGA, TODAY), path)


def _sparse(path: Path) -> None:
    """A kiosk that keeps a day and an amount, and nothing else."""
    chance = random.Random(11)
    lines = ["Fecha;Total"]
    for n in range(426):
        day = date(2025, 9, 1) + timedelta(days=n)
        for _ in range(chance.randint(2, 6) + 3 * (day.weekday() >= 5)):
            amount = f"{chance.randint(80_000, 2_500_000) / 100:,.2f}".translate(str.maketrans(",.", ".,"))
            lines.append(f"{day:%d/%m/%Y};{amount}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _olist(seller: str, headers: dict[str, str], separator: str) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        lines = pd.read_csv(OLIST, dtype=str, keep_default_na=False)
        mine = lines[lines["seller_id"] == seller].sort_values(["date", "order_id", "order_item_id"], kind="stable")
        mine[list(headers)].rename(columns=headers).to_csv(path, index=False, sep=separator)

    return write


_ENGLISH = {name: name for name in ("date", "order_id", "product_id", "category", "price", "payment_type")}
_PORTUGUESE = dict(
    zip(_ENGLISH, ("Data", "Pedido", "Produto", "Categoria", "Valor", "Forma de pagamento"), strict=True)
)


def _olist_source(slug: str, seller: str, headers: dict[str, str], separator: str = ",") -> Source:
    names = ("day", "order", "product", "category", "total", "payment_method")
    return Source(
        slug=slug,
        name=f"Loja {slug}",
        country="BR",
        currency="BRL",
        timezone="America/Sao_Paulo",
        layout=Layout(dict(zip(names, headers.values(), strict=True)), separator=separator),
        write=_olist(seller, headers, separator),
        needs=OLIST,
    )


SOURCES: tuple[Source, ...] = (
    Source(
        slug="demo",
        name="Panadería La Espiga",
        country="CL",
        currency="CLP",
        timezone="America/Santiago",
        sector="panaderia",
        layout=Layout(
            {
                "day": "Fecha",
                "time": "Fecha",
                "order": "N° documento",
                "product": "Producto",
                "category": "Categoría",
                "branch": "Sucursal",
                "channel": "Canal",
                "customer": "Cliente",
                "seller": "Vendedor",
                "payment_method": "Medio de pago",
                "quantity": "Cantidad",
                "discount": "Descuento",
                "total": "Total",
                "unit_cost": "Costo unitario",
            },
            separator=";",
            decimal=",",
            thousands=".",
            day_format="%d/%m/%Y",
        ),
        write=_demo,
    ),
    Source(
        slug="kiosco",
        name="Kiosco de la esquina",
        country="AR",
        currency="ARS",
        timezone="America/Argentina/Buenos_Aires",
        layout=Layout(
            {"day": "Fecha", "total": "Total"}, separator=";", decimal=",", thousands=".", day_format="%d/%m/%Y"
        ),
        write=_sparse,
    ),
    _olist_source("olist-a", "7c67e1448b00f6e969d365cea6b010ab", _ENGLISH),
    _olist_source("olist-b", "4869f7a5dfa277a7dca6462dcf3b52b2", _PORTUGUESE, ";"),
    _olist_source("olist-c", "fa1c13f2614d7b5c4749cbc52fecda94", _ENGLISH, "\t"),
)
