"""The operations board: branches, the week's hours, products, stock."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal

import features
from core.money import money_short
from core.periods import WEEKDAYS, Grain
from features.query import Query
from server.panel import draw
from server.panel.desk import Desk
from server.panel.members import ranked
from server.panel.types import Block

STOCK = (
    "No lo puedo saber todavía: me has enviado ventas, pero no inventario. Si subes tu planilla de stock (producto y "
    "cantidad basta), te digo qué se está acabando y qué lleva meses sin moverse."
)


def blocks(desk: Desk) -> Iterator[Block]:
    yield ranked(desk, "branches", "Sucursales", "branch", ("transactions", "average_ticket"))
    yield _hours(desk)
    yield ranked(desk, "products", "Productos", "product", ("units",))
    yield Block("stock", "Stock", empty=STOCK)


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
