"""What a metric lacks, said so that the owner knows what to send."""

from collections.abc import Sequence

from core.language import join
from features.catalog.books import BOOK_DIMENSIONS, BY_MONTH_ONLY, EXPENSE, NOT_OF_SALES, STOCK, splits
from features.catalog.dimensions import DIMENSIONS
from features.catalog.registry import dimension
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
    EXPENSE: "tus gastos",
    STOCK: "tu inventario",
    "measure_by_day": "ese número por día (lo anotas por mes)",
    **{f"measure_by_{d.id}": f"ese número por {d.name}" for d in DIMENSIONS},
    BY_MONTH_ONLY: "el día de cada gasto (tu planilla dice solo el mes)",
    **{f"expense_by_{d.id}": f"los gastos por {d.name}" for d in DIMENSIONS},
    NOT_OF_SALES: "el tipo de gasto o el proveedor",
}
"""Fact columns as an owner calls them."""


def need(asked: Metric | Dimension, missing: Sequence[str]) -> str:
    """'Para el margen bruto necesito el costo. Si subes …' for what `Result.missing` names."""
    measured = next((c for c in missing if c.startswith("measure_by_")), None)
    if measured:
        return f"Para {_the(asked)} no tengo {COLUMN_NAMES[measured]}: se lleva por mes, y por sucursal si la anotaste."
    if BY_MONTH_ONLY in missing:
        return (
            f"Para {_the(asked)} de días o semanas necesito la fecha de cada gasto: tu planilla dice solo el mes. Por "
            "meses completos sí te lo puedo decir."
        )
    if NOT_OF_SALES in missing:
        return "Por tipo de gasto y por proveedor se separan solo los gastos: tus ventas no traen esas dos cosas."
    odd = next((c for c in missing if c.startswith("expense_by_")), None)
    if odd:
        return f"Tus planillas no traen {COLUMN_NAMES[odd]}: se separan por sucursal, tipo de gasto o proveedor."
    if EXPENSE in missing:
        return (
            f"Para {_the(asked)} necesito tus gastos. Si subes una planilla con fecha, detalle y monto, te respondo "
            "al tiro."
        )
    columns = join([COLUMN_NAMES[c] for c in missing])
    if isinstance(asked, Metric) and columns == _the(asked):
        return f"Tus archivos no traen {columns}. Si subes una planilla de ventas que lo tenga, te respondo al tiro."
    aim = f"Para {_the(asked)}" if isinstance(asked, Metric) else f"Para separar por {asked.name}"
    one = len(missing) == 1
    return (
        f"{aim} necesito {columns}, y tus archivos no {'lo' if one else 'los'} traen. "
        f"Si subes una planilla de ventas que tenga {columns}, te respondo al tiro."
    )


def unsplit(metric: Metric, names: Sequence[str]) -> str:
    """Why `metric` can't be split or filtered by all of these dimensions, '' where it can."""
    odd = [dimension(name) for name in names if name not in splits(metric)]
    if not odd:
        return ""
    the = _the(metric)
    verb = "no se separan" if metric.plural else "no se separa"
    if any(d in BOOK_DIMENSIONS for d in odd):
        return f"{the[:1].upper()}{the[1:]} {verb} por {join([d.name for d in odd])}: eso lo traen solo los gastos."
    return (
        f"{the[:1].upper()}{the[1:]} {verb} por {join([d.name for d in odd])}: tus planillas de gastos traen solo "
        "sucursal, tipo de gasto y proveedor."
    )


def _the(asked: Metric | Dimension) -> str:
    article = f"la{'s' if _many(asked) else ''}" if asked.feminine else "los" if _many(asked) else "el"
    return f"{article} {asked.name}"


def _many(asked: Metric | Dimension) -> bool:
    return isinstance(asked, Metric) and asked.plural
