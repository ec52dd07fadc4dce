"""The operations board: branches, the week's hours, products, stock."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import features
from core.language import join, plural
from core.money import money_short, number
from core.periods import WEEKDAYS, Grain, day_label
from features.catalog.books import STOCK
from features.catalog.types import Unit
from features.query import Query
from server.panel import draw
from server.panel.desk import Desk
from server.panel.members import MOST, ranked
from server.panel.types import Block

NO_STOCK = (
    "No lo puedo saber todavía: me has enviado ventas, pero no inventario. Si subes tu planilla de stock (producto y "
    "cantidad basta), te digo qué se está acabando y qué no se mueve."
)


def blocks(desk: Desk) -> Iterator[Block]:
    yield ranked(desk, "branches", "Sucursales", "branch", ("transactions", "average_ticket"))
    yield _hours(desk)
    yield ranked(desk, "products", "Productos", "product", ("units",))
    yield _stock(desk)


def _hours(desk: Desk) -> Block:
    """Sales of an hour on a weekday, the mean over the month's days of that name."""
    title = "Horas y días"
    lacking = desk.lacks("hour", "hours", title)
    if lacking:
        return lacking
    span = desk.month.overlap(desk.known.period) if desk.known.period else None
    found = desk.run(Query(("sales",), span or desk.month, Grain.day, "hour"))
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in found.rows:
        sums[row.member, WEEKDAYS[row.period.start.weekday()]] += row.value or 0
    days = Counter(WEEKDAYS[p.start.weekday()] for p in (span or desk.month).spans(Grain.day))
    order = {h: i for i, h in enumerate(features.dimension("hour").order)}
    hours = sorted({h for h, _ in sums if h in order}, key=order.__getitem__)
    if not hours:
        return Block("hours", title, empty="Este mes ninguna venta trae su hora.")
    hours = list(order)[order[hours[0]] : order[hours[-1]] + 1]
    names = [d for d in WEEKDAYS if days[d]]
    mean = {(h, d): sums[h, d] / days[d] for h in hours for d in names}
    best = max(mean, key=lambda cell: mean[cell])
    currency = desk.scope.company.currency
    return Block(
        "hours",
        title,
        lead=f"Lo más fuerte: {best[1]} a las {best[0].removesuffix(' h')}, con {money_short(mean[best], currency)} "
        "en promedio.",
        spec=draw.grid(
            [(h, d, mean[h, d]) for d in names for h in hours], features.metric("sales").unit, "Ventas", "Hora", "Día"
        ),
        table={
            "head": ["Hora", *names],
            "rows": [[h, *(desk.shown("sales", mean[h, d]) for d in names)] for h in hours],
        },
        note="Ventas promedio de esa hora en los días de ese nombre.",
    )


def _stock(desk: Desk) -> Block:
    """What runs out first. Of the latest month as it is now, of one before as it was at its end."""
    if STOCK not in desk.known.columns:
        return Block("stock", "Stock", empty=NO_STOCK)
    last = desk.known.last
    until = date.max if last is None or desk.month.end >= last else desk.month.end
    found = features.stock(desk.scope, desk.connection, until)
    if not found:
        return Block("stock", "Stock", empty="Ese mes todavía no me habías enviado inventario.")
    ending = [s for s in found if s.days is not None][:MOST]
    still = sum(s.days is None and s.left > 0 for s in found)
    low = sum(s.low for s in found)
    told = [f"{plural(low, 'producto está', 'productos están')} en su mínimo o menos"] if low else []
    told += [f"{plural(still, 'producto no se vende', 'productos no se venden')} hace cuatro semanas"] if still else []
    return Block(
        "stock",
        "Stock: lo que se acaba primero",
        lead=f"{join(told)}.".capitalize() if told else "",
        spec=draw.bars([(s.product, s.days) for s in ending], Unit.days, "días") if ending else None,
        table={
            "head": ["Producto", "Queda", "Alcanza para", "Se vende al día", "Contado el"],
            "rows": [_row(s) for s in (ending or found[:MOST])],
        },
        note="Días que alcanza lo que queda, al ritmo de las últimas cuatro semanas." if ending else "",
    )


def _row(one: features.Stock) -> list[str]:
    days = "—" if one.days is None else plural(int(one.days), "día", "días")
    pace = number(one.pace, 1).removesuffix(",0")
    return [one.product, number(one.left), days, pace, day_label(one.counted_on)]
