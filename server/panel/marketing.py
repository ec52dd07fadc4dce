"""The marketing board: who comes and comes back, segments, channels, cohorts."""

from collections.abc import Iterator
from decimal import Decimal

import features
from core.money import percent
from core.periods import Grain, Period, label
from features import cohorts, rfm
from features.catalog.types import Unit
from server.panel import draw
from server.panel.desk import Desk
from server.panel.members import ranked
from server.panel.types import Block

FOLLOWED = 6
"""So many months of each cohort are drawn: further right nobody reads on a phone; the table has all."""


def blocks(desk: Desk) -> Iterator[Block]:
    yield _new_and_returning(desk)
    yield _segments(desk)
    yield ranked(desk, "channels", "Canales", "channel", ("transactions", "average_ticket"))
    yield _cohorts(desk)


def _lacks(desk: Desk, id: str, title: str) -> Block | None:
    return desk.lacks("customer", id, title)


def _new_and_returning(desk: Desk) -> Block:
    title = "Clientes nuevos y que vuelven"
    lacking = _lacks(desk, "customers", title)
    if lacking:
        return lacking
    found = desk.course(("returning_customers", "new_customers"))
    back, new = (desk.recent(found, m) for m in ("returning_customers", "new_customers"))
    return Block(
        "customers",
        title,
        spec=draw.stacked({"Ya habían comprado": back, "Nuevos": new}, Unit.count, ("@1", "@2")),
        table=draw.by_month(
            ("Mes", "Ya habían comprado", "Nuevos"),
            [p for p, _ in back],
            [desk.shown("returning_customers", v) for _, v in back],
            [desk.shown("new_customers", v) for _, v in new],
        ),
    )


def _segments(desk: Desk) -> Block:
    title = "Segmentos de clientes"
    lacking = _lacks(desk, "segments", title)
    if lacking:
        return lacking
    found = rfm.rfm(desk.month.end, desk.scope, desk.connection)
    if not found.customers:
        return Block("segments", title, empty="En los últimos doce meses ninguna venta nombra a su cliente.")
    some = [s for s in found.shares if s.customers]
    return Block(
        "segments",
        title,
        lead=f"{features.shown(features.metric('active_customers'), Decimal(found.customers), desk.scope.company)} "
        f"clientes que compraron {label(found.window)}, según cuán reciente, seguido y cuánto compran.",
        spec=draw.bars([(s.segment.name, Decimal(s.customers)) for s in some], Unit.count, "clientes"),
        table={
            "head": ["Segmento", "Clientes", "Parte de las ventas", "Quiénes son", "Qué hacer"],
            "text": [3, 4],
            "rows": [
                [
                    s.segment.name,
                    desk.shown("active_customers", Decimal(s.customers)),
                    percent(s.sales / found.sales) if found.sales else "—",
                    s.segment.meaning,
                    s.segment.advice,
                ]
                for s in some
            ],
        },
    )


def _cohorts(desk: Desk) -> Block:
    title = "¿Vuelven los que llegan?"
    lacking = _lacks(desk, "cohorts", title)
    if lacking:
        return lacking
    found = cohorts.cohorts(desk.month, desk.known, desk.scope, desk.connection)
    if not found:
        return Block(
            "cohorts",
            title,
            empty="Se ve con dos meses de datos y clientes nuevos en ellos: todavía no los hay.",
        )
    names = {c.month: draw.month_name(Period.of(Grain.month, c.month)) for c in found}
    most = max(len(c.back) for c in found)
    cells = [
        (f"{k}", names[c.month], rate)
        for c in found
        for k in range(1, min(most, FOLLOWED) + 1)
        if (rate := c.rate(k)) is not None
    ]
    after = cohorts.average(found, 1)
    return Block(
        "cohorts",
        title,
        lead=f"De cada 100 clientes nuevos, {round(after * 100)} compran también al mes siguiente." if after else "",
        spec=draw.grid(cells, Unit.ratio, "Volvieron", "Meses después", "Llegaron en", height=26 * len(found) + 20),
        table={
            "head": ["Llegaron en", "Clientes", *(f"Mes {k}" for k in range(1, most + 1))],
            "rows": [
                [
                    label(Period.of(Grain.month, c.month)),
                    desk.shown("active_customers", Decimal(c.customers)),
                    *("" if (r := c.rate(k)) is None else percent(r, 0) for k in range(1, most + 1)),
                ]
                for c in found
            ],
        },
        note="Cada fila son los que compraron por primera vez ese mes; cada columna, cuántos compraron tantos meses "
        "después.",
    )
