"""Why a figure moved: by what it is made of."""

import asyncio
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import assistant
from assistant.parts import Question
from core import db
from core.tenancy import Scope
from tests.features.sample import Line, load


def test_more_and_much_smaller_sales_fell_by_their_size(new_scope: Callable[..., Scope]) -> None:
    """Twice as many receipts of a fifth: the fall is the ticket's, though the receipts changed by more percent."""
    scope = new_scope()
    sold = [Line(date(2026, 9, d), Decimal(5000), order=f"a{d}") for d in range(1, 31)]
    sold += [Line(date(2026, 10, 1 + n % 31), Decimal(1000), order=f"b{n}") for n in range(62)]
    with db.tenant(scope) as connection:
        load(sold, scope, connection)
    told = asyncio.run(assistant.answer(Question("¿por qué bajó octubre?", None, "test", date(2026, 10, 31)), scope))
    assert "sobre todo por ticket promedio: transacciones +106,7 %, ticket promedio −80 %" in told.text
