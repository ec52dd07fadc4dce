"""The finance board: what came in, what it cost, what was left; discounts, returns, expenses, targets."""

from collections.abc import Iterator, Sequence

import features
from core.money import number
from core.periods import Grain, Period, label
from features.catalog.books import EXPENSE
from features.catalog.types import Unit
from features.query import Query
from features.targets import Target
from server.panel import draw
from server.panel.desk import Desk
from server.panel.types import Block
from server.views.view import Chart

EXPENSES = (
    "Me has enviado ventas, no gastos: arriendo, sueldos, luz. Con una planilla de gastos (fecha, a quién, monto) te "
    "muestro cuánto queda después de pagarlos."
)
NO_TARGETS = "Todavía no has puesto metas para este mes. Ponlas en Metas y aquí verás cómo vas."


def blocks(desk: Desk) -> Iterator[Block]:
    yield _result(desk)
    yield _margins(desk)
    yield _leaks(desk)
    yield _targets(desk)
    yield _expenses(desk)


def _result(desk: Desk) -> Block:
    metrics = ("sales", "cost", "gross_profit")
    found = desk.course(metrics)
    told = [features.metric(m) for m in metrics if m not in found.missing]
    courses = {m.name.capitalize(): desk.recent(found, m.id) for m in told}
    months = [p for p, _ in courses["Ventas"]]
    lacking = found.missing.get("cost", ())
    return Block(
        "result",
        "Ventas, costo y ganancia bruta",
        spec=draw.lines(courses, Unit.money, ("@1", "@2", "@3")),
        table=draw.by_month(
            ("Mes", *courses), months, *([desk.shown(m.id, v) for _, v in desk.recent(found, m.id)] for m in told)
        ),
        note=features.need(features.metric("cost"), lacking) if lacking else "",
        zoom=True,
        href=desk.explore([m.id for m in told], Grain.month, Chart.line, Period(months[0].start, months[-1].end)),
    )


def _margins(desk: Desk) -> Block:
    title = "Margen por categoría"
    lacking = desk.lacks("category", "margins", title)
    if lacking:
        return lacking
    found = desk.run(Query(("gross_margin", "gross_profit", "sales"), desk.month, dimension="category"))
    if "gross_margin" in found.missing:
        return Block(
            "margins", title, empty=features.need(features.metric("gross_margin"), found.missing["gross_margin"])
        )
    by = {m: {r.member: r.value for r in found.rows if r.metric == m} for m in found.query.metrics}
    names = sorted(
        (n for n, v in by["gross_margin"].items() if v is not None), key=lambda n: (-(by["gross_margin"][n] or 0), n)
    )
    if not names:
        return Block("margins", title, empty="Este mes muy pocas ventas traen su costo.")
    return Block(
        "margins",
        title,
        lead="De cada 100 pesos vendidos, cuántos quedan después de pagar la mercadería.",
        spec=draw.bars([(n, by["gross_margin"][n]) for n in names], Unit.ratio, "margen bruto"),
        table={
            "head": ["Categoría", "Margen bruto", "Ganancia bruta", "Ventas"],
            "rows": [[n, *(desk.shown(m, by[m].get(n)) for m in found.query.metrics)] for n in names],
            "links": [desk.sources("gross_margin", category=n) for n in names],
        },
        href=desk.explore(("gross_margin", "sales"), "category", Chart.bar),
    )


def _leaks(desk: Desk) -> Block:
    metrics = ("discount_rate", "return_rate")
    found = desk.course(metrics)
    told = [features.metric(m) for m in metrics if m not in found.missing]
    courses = {m.name.capitalize(): desk.recent(found, m.id) for m in told}
    months = [p for p, _ in next(iter(courses.values()))]
    lacking = found.missing.get("discount_rate", ())
    return Block(
        "leaks",
        "Descuentos y devoluciones",
        lead="Qué parte de lo que vendes se va en cada uno.",
        spec=draw.lines(courses, Unit.ratio, ("@2", "@3") if len(told) == 2 else ("@3",)),
        table=draw.by_month(
            ("Mes", *courses), months, *([desk.shown(m.id, v) for _, v in desk.recent(found, m.id)] for m in told)
        ),
        note=features.need(features.metric("discount_rate"), lacking) if lacking else "",
    )


def _expenses(desk: Desk) -> Block:
    if EXPENSE not in desk.known.columns:
        return Block("expenses", "Gastos", empty=EXPENSES)
    now = features.spending(desk.month, "category", (), desk.scope, desk.connection)
    earlier = () if desk.under_way else features.spending(
        desk.month.previous(), "category", (), desk.scope, desk.connection
    )  # fmt: skip
    before = {s.name: s.total for s in earlier}
    if not now:
        return Block("expenses", "Gastos", empty=f"No tengo gastos de {label(desk.month)}. Sube la planilla del mes.")
    return Block(
        "expenses",
        "Gastos por tipo",
        spec=draw.bars([(s.name, s.total) for s in now], Unit.money, "gastos"),
        table={
            "head": ["Tipo", "Gastos", "Que el mes anterior"],
            "rows": [
                [s.name, desk.shown("expenses", s.total), desk.change("expenses", s.total, before.get(s.name))]
                for s in now
            ],
        },
    )


def _targets(desk: Desk) -> Block:
    title = "Metas del mes"
    if not desk.all_targets:
        return Block("targets", title, empty=NO_TARGETS, href="/metas")
    return Block(
        "targets",
        title,
        table={
            "head": ["Meta", "Fue", "Querías", "Llegaste a", "Estado"]
            if not desk.under_way
            else ["Meta", "Va en", "Quieres", "Llevas", "Estado"],
            "text": [4],
            "rows": [_row(desk, t) for t in _ordered(desk.all_targets)],
        },
        lead=f"Las que pusiste para {label(desk.month)}.",
        href="/metas",
    )


def _row(desk: Desk, wanted: Target) -> list[str]:
    metric = features.metric(wanted.metric)
    value = desk.run(wanted.query).value()
    reached = features.attainment(value, wanted.value, metric.good)
    part = f"{number(reached.ratio * 100)} %" if reached and reached.ratio is not None else "—"
    where = f" · {wanted.member}" if wanted.member else ""
    short = "todavía no" if desk.under_way else "no se logró"
    state = "sin dato" if reached is None else "lograda" if reached.reached else short
    return [
        f"{metric.name.capitalize()}{where}",
        desk.shown(metric.id, value),
        desk.shown(metric.id, wanted.value),
        part,
        state,
    ]


def _ordered(found: Sequence[Target]) -> list[Target]:
    return sorted(found, key=lambda t: (t.metric, t.dimension, t.member))
