"""What companies are compared by: ratios, growth and prices rather than amounts."""

from dataclasses import dataclass

from features.catalog.types import Good, Unit


@dataclass(frozen=True, slots=True)
class Measure:
    """`metric` is the catalog's id where the measure is that metric by month, '' where it is derived here."""

    id: str
    name: str
    unit: Unit
    good: Good
    metric: str = ""
    feminine: bool = False


MEASURES = (
    Measure("average_ticket", "ticket promedio", Unit.money, Good.up, "average_ticket"),
    Measure("gross_margin", "margen bruto", Unit.ratio, Good.up, "gross_margin"),
    Measure("real_growth", "crecimiento real en un año", Unit.ratio, Good.up),
    Measure("repurchase_rate", "tasa de recompra", Unit.ratio, Good.up, "repurchase_rate", feminine=True),
    Measure("discount_rate", "tasa de descuento", Unit.ratio, Good.down, "discount_rate", feminine=True),
    Measure("return_rate", "tasa de devolución", Unit.ratio, Good.down, "return_rate", feminine=True),
    Measure("units_per_transaction", "unidades por venta", Unit.number, Good.up, "units_per_transaction"),
    Measure("concentration", "peso del producto principal", Unit.ratio, Good.neither),
    Measure("sales_per_hour", "ventas por hora abierta", Unit.money, Good.up, feminine=True),
)
SIZE = "size_uf"
"""Not a measure but the size: sales of the twelve months ending with the month, in UF."""

_BY_ID = {m.id: m for m in MEASURES}


def measure(id: str) -> Measure:
    return _BY_ID[id]
