"""What a metric lacks, said so that the owner knows what to send."""

from collections.abc import Sequence

from core.language import join
from features.catalog.types import Dimension, Metric

COLUMN_NAMES = {
    "order_ref": "el número de boleta o pedido",
    "sold_hour": "la hora de cada venta",
    "product_id": "el producto",
    "category": "la categoría de cada producto",
    "customer_id": "el cliente",
    "store_id": "la sucursal",
    "channel_id": "el canal de venta",
    "seller": "el vendedor",
    "payment_method": "el medio de pago",
    "city": "la ciudad o comuna",
    "country": "el país",
    "quantity": "la cantidad",
    "unit_price": "el precio unitario",
    "discount": "el descuento",
    "cost": "el costo",
    "tax": "el impuesto",
}
"""Fact columns as an owner calls them."""


def need(asked: Metric | Dimension, missing: Sequence[str]) -> str:
    """'Para el margen bruto necesito el costo. Si subes …' for what `Result.missing` names."""
    columns = join([COLUMN_NAMES[c] for c in missing])
    article = f"la{'s' if _many(asked) else ''}" if asked.feminine else "los" if _many(asked) else "el"
    aim = f"Para {article} {asked.name}" if isinstance(asked, Metric) else f"Para separar por {asked.name}"
    one = len(missing) == 1
    return (
        f"{aim} necesito {columns}, y tus archivos no {'lo' if one else 'los'} traen. "
        f"Si subes una planilla de ventas que tenga {columns}, te respondo al tiro."
    )


def _many(asked: Metric | Dimension) -> bool:
    return isinstance(asked, Metric) and asked.plural
