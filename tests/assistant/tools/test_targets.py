"""How a target stands: with what was due by now while its month runs, as a result when it is over, and until when."""

import asyncio
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import assistant
import features
from assistant.parts import Answer, Question
from core import db
from core.periods import Grain, Period
from core.tenancy import Scope
from tests.features.sample import Line, load

LAST = date(2026, 11, 14)


def test_a_target_ahead_of_the_sales_is_told(new_scope: Callable[..., Scope]) -> None:
    scope = new_scope()
    with db.tenant(scope) as connection:
        load([Line(date(2026, 10, d), Decimal(1000)) for d in range(1, 32)], scope, connection)
        ahead = features.Target("sales", Period.month(2026, 11), Grain.month, "", "", Decimal(40_000))
        features.set_target(ahead, scope, connection)
    told = asyncio.run(assistant.answer(Question("¿cómo voy con la meta?", None, "test", LAST), scope))
    assert "es para noviembre 2026" in told.text
    assert "31-oct-2026" in told.text


def test_targets_are_told_as_they_stand(new_scope: Callable[..., Scope]) -> None:
    scope = new_scope()
    first = date(2026, 7, 6)  # a Monday; closed on Sundays ever since
    days = [first + timedelta(days=d) for d in range((LAST - first).days + 1)]
    sold = [Line(d, Decimal(1000), order=str(d), branch="Talca", cost=Decimal(600)) for d in days if d.weekday() < 6]

    def ask(text: str, today: date) -> Answer:
        answer = asyncio.run(assistant.answer(Question(text, None, "test", today), scope))
        assert answer.verified, answer.text
        return answer

    with db.tenant(scope) as connection:
        load(sold, scope, connection)
        features.refresh(scope, connection)
    assert "Todavía no tienes una meta de ventas" in ask("¿cómo voy con la meta?", LAST).text
    with db.tenant(scope) as connection:
        for month, metric, goal in (
            (10, "sales", 30_000), (11, "sales", 25_000), (12, "sales", 40_000), (11, "cost", 9_000),
        ):  # fmt: skip
            one = features.Target(metric, Period.month(2026, month), Grain.month, "", "", Decimal(goal))
            features.set_target(one, scope, connection)
    running = ask("¿cómo voy con la meta?", LAST)
    assert "Te faltan **$13.000**: llevas $12.000 de la meta de $25.000 (48 %)" in running.text
    # Twelve of November's 25 open days: exactly what was due, where the calendar would say 14/30.
    assert "tocaba llevar $12.000, según cuánto vendes cada día de la semana" in running.text
    assert {f.value for f in running.figures} >= {12_000, 25_000, 13_000}
    over = ask("¿cómo me fue con la meta de octubre?", LAST)
    assert (
        "No alcanzaste la meta en octubre 2026: **$27.000** de una meta de $30.000 (90 %). Faltaron $3.000" in over.text
    )
    costs = ask("¿cómo voy con la meta de costos?", LAST)
    assert "Vas dentro de la meta: **$7.200** de un máximo de $9.000" in costs.text
    later = ask("¿cómo voy con la meta?", date(2026, 12, 20))
    assert "Te faltan **$13.000**" in later.text  # the rest of November may have sold: it only was not sent
    assert "De diciembre 2026 todavía no tengo ventas: las tuyas llegan hasta el 14-nov-2026." in later.text
    assert "Tu meta para diciembre 2026 es $40.000." in later.text
    ahead = ask("¿cuál es mi meta de diciembre?", date(2026, 12, 20))
    assert (ahead.status, ahead.figures[0].value) == ("answered", 40_000)
    branch = ask("¿cómo voy con la meta de Talca?", LAST)
    assert (branch.status, branch.figures) == ("no_data", [])
    assert "para todo el negocio sí" in branch.text
