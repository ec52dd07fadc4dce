"""A dimension's members in the month: a bar each, and a table beside the month before and the year before."""

from collections.abc import Sequence
from decimal import Decimal

import features
from core.periods import Grain, Period
from features.catalog.types import Metric
from features.query import Query, Row
from server.panel import draw
from server.panel.desk import Desk
from server.panel.types import Block
from server.views.view import Chart

MOST = 10


def ranked(desk: Desk, id: str, title: str, dimension: str, also: Sequence[str] = (), most: int = MOST) -> Block:
    """The members by sales; `also` are further metrics of the table."""
    lacking = desk.lacks(dimension, id, title)
    if lacking:
        return lacking
    months = Period(desk.month.previous().start, desk.month.end)
    found = desk.run(Query(("sales", *also), months, Grain.month, dimension))
    now = _of(found.rows, "sales", desk.month)
    if desk.under_way:
        before, past = (_sales(desk, dimension, days) for days in desk.same_days)
    else:
        held, year = desk.same_days  # a month within which the data begins is no measure
        before = _of(found.rows, "sales", months_first(months)) if held else {}
        past = _sales(desk, dimension, year)
    top = sorted(now, key=lambda name: (-(now[name] or 0), name))[:most]
    if not top:
        return Block(id, title, empty=f"En {title.lower()} no hay ventas este mes.")
    told = [m for m in map(features.metric, also) if m.id not in found.missing]
    values = {m.id: _of(found.rows, m.id, desk.month) for m in told}
    head = [features.dimension(dimension).name.capitalize(), "Ventas", "Que el mes anterior", "Que hace un año"]
    rows = [
        [
            name,
            desk.shown("sales", now[name]),
            desk.change("sales", now[name], before.get(name)),
            desk.change("sales", now[name], past.get(name)),
            *(desk.shown(m.id, values[m.id].get(name)) for m in told),
        ]
        for name in top
    ]
    links = [desk.sources("sales", **{dimension: name}) for name in top]
    return Block(
        id,
        title,
        lead=_lead(now, len(top)),
        spec=draw.bars([(n, now[n]) for n in top], features.metric("sales").unit, "ventas", links),
        table={"head": head + [_headed(m) for m in told], "rows": rows, "links": links},
        href=desk.explore(("sales", *(m.id for m in told)), dimension, Chart.bar),
    )


def _sales(desk: Desk, dimension: str, days: Period | None) -> dict[str, Decimal | None]:
    return _of(desk.run(Query(("sales",), days, dimension=dimension)).rows, "sales", days) if days else {}


def months_first(months: Period) -> Period:
    return Period.of(Grain.month, months.start)


def _lead(now: dict[str, Decimal | None], shown: int) -> str:
    return f"Los {shown} de más ventas, de {len(now)}." if len(now) > shown else ""


def _headed(metric: Metric) -> str:
    return metric.name.capitalize()


def _of(rows: Sequence[Row], metric: str, span: Period) -> dict[str, Decimal | None]:
    return {r.member: r.value for r in rows if r.metric == metric and r.period == span}
