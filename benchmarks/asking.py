"""`ask()` without a model: how long an answer takes and when its first words come, over a fixed set of questions."""

import asyncio
import statistics
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks import child, filing
from benchmarks.table import Row

MODULE = "benchmarks.asking"
ROUNDS = 3

QUESTIONS = (
    "¿cuánto vendí el mes pasado?",
    "¿cuánto vendí ayer?",
    "¿cómo me fue el mes pasado?",
    "ventas de los últimos 90 días por semana",
    "ventas por mes este año",
    "¿cuál fue mi mejor mes?",
    "¿qué día de la semana vendo más?",
    "¿a qué hora vendo más?",
    "ticket promedio del mes pasado comparado con el anterior",
    "¿cuánto vendí este año comparado con el año pasado?",
    "los 10 productos más vendidos del mes pasado",
    "los 5 productos que menos se venden",
    "¿qué sucursal vende más?",
    "ventas por sucursal del mes pasado",
    "¿qué sucursal explica la baja?",
    "ventas por canal y mes pasado",
    "margen bruto por categoría",
    "¿cuál es mi margen?",
    "¿cuánto gané en el primer trimestre?",
    "descuentos del mes pasado por categoría",
    "devoluciones de los últimos 6 meses",
    "¿cuántos clientes nuevos tuve el mes pasado?",
    "mis 10 mejores clientes",
    "¿qué clientes dejaron de comprar?",
    "tasa de recompra del año pasado",
    "ventas de {product} en los últimos 3 meses",
    "margen de {category} en {branch} los sábados",
    "ventas en {branch} sin contar {channel}",
    "¿qué porcentaje de las ventas viene de {category}?",
    "ventas de {branch} el mes pasado por medio de pago",
    "¿cómo calculas el margen?",
    "¿cuánto stock me queda?",
)


def measure(rows: int, today: date, folder: Path) -> list[Row]:
    """On the big company, where it was made in this run, and on the demo."""
    found = []
    if (folder / "big").is_dir():
        found += _rows(
            f"{rows:,} lines", 300, child.run(MODULE, filing.COMPANY, today.isoformat(), data_dir=folder / "big")
        )
    return found + _rows("demo", 100, child.run(MODULE, "demo", today.isoformat(), data_dir=folder / "demo"))


def _rows(where: str, at_most: float, done: dict[str, Any]) -> list[Row]:
    asked = f"{done['questions']} questions × {ROUNDS}, {done['answered']} answered; slowest: {done['slowest']}"
    return [
        Row(where, "ask() p50", done["p50"], "ms", None, done["bare"]),
        Row(where, "ask() p95", done["p95"], "ms", at_most, done["bare"], asked),
        Row(where, "ask() slowest", done["max"], "ms"),
        Row(where, "first streamed text p95", done["first"], "ms", 300),
    ]


def _work(company: str, today: date) -> dict[str, Any]:
    from core import auth, db

    if company == "demo":
        from server import demo
        from server.ready import make_ready

        make_ready()
        demo.ensure(today)
        company = demo.SLUG
    scope = auth.operator_scope(company)
    try:
        return asyncio.run(_ask_all(scope))
    finally:
        db.close()


async def _ask_all(scope: Any) -> dict[str, Any]:
    questions = _filled(scope)
    await _one(questions[0], scope)  # the first question of a process loads what the others find loaded
    timed = [(*await _one(question, scope), question) for _ in range(ROUNDS) for question in questions]
    totals = [total for total, *_ in timed]
    return {
        "questions": len(questions),
        "answered": sum(status == "answered" for _, _, status, _ in timed) // ROUNDS,
        "p50": statistics.median(totals),
        "p95": _p95(totals),
        "max": max(totals),
        "first": _p95([first for _, first, *_ in timed]),
        "slowest": max(timed)[-1],
        "bare": _bare(scope),
    }


def _filled(scope: Any) -> list[str]:
    """The questions with this company's own names."""
    import features
    from core import db

    with db.tenant(scope) as connection:
        names = {
            name: features.members(name, scope, connection)[0] for name in ("product", "category", "branch", "channel")
        }
    return [question.format(**names) for question in QUESTIONS]


async def _one(question: str, scope: Any) -> tuple[float, float, str]:
    """Milliseconds to the end and to the first text, and how it ended."""
    import assistant
    from assistant.parts import Outcome, Question, Text

    started, first, status = time.perf_counter(), None, "none"
    async for part in assistant.ask(Question(question, channel="bench"), scope):
        if isinstance(part, Text) and first is None:
            first = time.perf_counter() - started
        if isinstance(part, Outcome):
            status = part.status
    total = time.perf_counter() - started
    return total * 1000, (first or total) * 1000, status


def _bare(scope: Any) -> float:
    """The bare limit: one SQL sum over the last month's lines, median of ten."""
    from core import db

    sql = """SELECT sum(total) FROM fact_sales WHERE company_id = %s AND sold_on >= date_trunc('month',
             (SELECT max(sold_on) FROM fact_sales WHERE company_id = %s))"""
    taken = []
    for _ in range(10):
        started = time.perf_counter()
        with db.tenant(scope) as connection:
            connection.execute(sql, [scope.company_id, scope.company_id]).fetchone()
        taken.append((time.perf_counter() - started) * 1000)
    return statistics.median(taken)


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20, method="inclusive")[-1]


if __name__ == "__main__":
    child.tell(lambda: _work(sys.argv[1], date.fromisoformat(sys.argv[2])))
