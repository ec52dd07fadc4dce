"""The owner's board: growth, cash, where one stands, the economy's winds and what deserves attention."""

from collections.abc import Iterator
from dataclasses import asdict
from decimal import Decimal
from typing import Any

import features
from core.money import percent
from core.periods import Grain, Period, day_label, label
from features import benchmarks, macro
from features.catalog.books import EXPENSE
from features.catalog.types import Unit
from server.panel import around, draw
from server.panel.cards import SPARK
from server.panel.desk import Desk
from server.panel.types import Block
from server.views.view import Chart

CASH = (
    "Todavía no sé cuánto sale: me has enviado ventas, no gastos. Con una planilla de gastos (fecha, a quién, monto) "
    "te muestro la plata que entra, la que sale y la que queda."
)


def blocks(desk: Desk) -> Iterator[Block]:
    yield _growth(desk)
    yield _cash(desk)


def _cash(desk: Desk) -> Block:
    """What came in and what went out, where the books tell the latter."""
    if EXPENSE not in desk.known.columns:
        return Block("cash", "Caja", empty=CASH)
    metrics = ("sales", "expenses", "operating_result")
    found = desk.course(metrics)
    told = [features.metric(m) for m in metrics if m not in found.missing]
    names = {"sales": "Entró (ventas)", "expenses": "Salió (gastos)", "operating_result": "Queda después del costo"}
    courses = {names[m.id]: desk.recent(found, m.id) for m in told}
    return Block(
        "cash",
        "Caja",
        lead="No es el saldo de tu banco: son tus ventas y los gastos que enviaste.",
        spec=draw.lines(courses, Unit.money, ("@1", "@2", "@3")),
        table=draw.by_month(
            ("Mes", *courses),
            [p for p, _ in next(iter(courses.values()))],
            *([desk.shown(m.id, v) for _, v in desk.recent(found, m.id)] for m in told),
        ),
    )


def surroundings(desk: Desk) -> dict[str, Any]:
    """Insights, ranks with whom they are among, and winds."""
    who, ranks = around.ranks(desk.scope, desk.connection, desk.month)
    return {
        "insights": around.notable(desk.scope, desk.connection, desk.month),
        "who": who,
        "ranks": [asdict(r) for r in ranks],
        "takes_part": benchmarks.takes_part(desk.scope, desk.connection),
        "winds": [asdict(w) for w in around.winds(desk.scope, desk.connection, desk.month)],
    }


def _growth(desk: Desk) -> Block:
    course = desk.of(desk.course(("sales",)), "sales")
    now, past = course[-SPARK:], {p.start: v for p, v in course}
    before = [past.get(year.start) if (year := desk.year_before(p)) else None for p, _ in now]
    if now and desk.under_way:
        before[-1] = None  # a whole month, beside some days
    unit = features.metric("sales").unit
    table = draw.by_month(
        ("Mes", "Ventas", "Un año antes", "Cambio"),
        [p for p, _ in now],
        [desk.shown("sales", v) for _, v in now],
        ["—" if b is None else desk.shown("sales", b) for b in before],
        [desk.change("sales", v, b) for (_, v), b in zip(now, before, strict=True)],
    )
    ticks = any(b is not None for b in before)
    return Block(
        "growth",
        "Ventas por mes",
        lead=_so_far(desk) or _real(desk, course[-1][1] if course else None, before[-1] if before else None),
        spec=draw.months_beside_last_year(now, course, unit, "ventas"),
        table=table,
        href=desk.explore(("sales",), Grain.month, Chart.line, Period(now[0][0].start, desk.month.end)) if now else "",
        note="La raya marca el mismo mes del año anterior." if ticks else "",
    )


def _so_far(desk: Desk) -> str:
    if not desk.under_way:
        return ""
    return f"{label(desk.month).capitalize()} va hasta el {day_label(desk.days.period.end)}."


def _real(desk: Desk, value: Decimal | None, before: Decimal | None) -> str:
    """Growth in a year, nominal and without what prices explain, where both are known."""
    if value is None or not before or before <= 0:
        return ""
    year = desk.month.year_before()
    nominal = value / before - 1
    told = f"{percent(nominal, signed=True)} frente a {label(year)}"
    prices = macro.load(desk.scope.company.country, "cpi", desk.connection)
    rise = macro.inflation(macro.price_index(prices), year, desk.month) if prices and prices.days else None
    if rise is None:
        return f"{told}."
    return f"{told}; descontada la inflación, {percent(macro.real_change(nominal, rise), signed=True)}."
