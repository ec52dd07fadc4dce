"""Each figure on the panel is the one the chat answers: every card by the question that it asks, and the branches."""

import asyncio
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest

import assistant
import features
from assistant.parts import Answer, Question
from core import auth, db
from core.periods import Period
from core.tenancy import Scope
from server.panel import keep
from server.panel.boards import BOARDS, Board
from server.panel.types import Board as Shown
from tests.features.sample import draw, load

MONTH = "2026-01"
SPAN = Period.month(2026, 1)
CARDS = [(board, metric) for board, about in BOARDS.items() for metric in about.metrics]


@pytest.fixture(scope="module")
def shop(database: None) -> Scope:
    """A shop with 15 months of lines that carry everything."""
    company = auth.create_company("Panadería Los Aromos", f"aromos-{uuid4().hex[:8]}", "panaderia")
    scope = auth.operator_scope(company.slug)
    with db.tenant(scope) as connection:
        load(draw(23, 2500, date(2024, 11, 1), 458), scope, connection)
        features.refresh(scope, connection)
    return scope


@pytest.fixture(scope="module")
def boards(shop: Scope) -> Iterator[dict[Board, Shown]]:
    with db.tenant(shop) as connection:
        yield {board: keep.board(board, MONTH, shop, connection).shown for board in Board}


def told(question: str, scope: Scope) -> Answer:
    return asyncio.run(assistant.answer(Question(question, as_of=date(2026, 2, 10)), scope))


def value_of(answer: Answer, metric: str, **members: str) -> Decimal:
    """The answer's own figure of the month."""
    found = [
        f.value
        for f in answer.figures
        if (f.metric, f.start, f.end, f.slice) == (metric, SPAN.start, SPAN.end, members)
    ]
    assert found, (metric, answer.text, answer.figures)
    assert found[0] is not None
    return found[0]


@pytest.mark.parametrize(("board", "metric"), CARDS)
def test_a_card_says_what_the_chat_answers(shop: Scope, boards: dict[Board, Shown], board: Board, metric: str) -> None:
    card = next(c for c in boards[board].cards if c.metric == metric)
    answer = told(card.question, shop)
    assert answer.status == "answered", answer.text
    assert card.value is not None
    assert Decimal(card.value) == value_of(answer, metric)
    assert card.shown in answer.text.replace("\N{NO-BREAK SPACE}", " ")


def test_a_branch_says_what_the_chat_answers(shop: Scope, boards: dict[Board, Shown]) -> None:
    block = next(b for b in boards[Board.operations].blocks if b.id == "branches")
    assert block.spec is not None
    assert block.table is not None
    drawn = {row["nombre"]: row["valor"] for row in block.spec["data"]["values"]}
    for name, shown, *_ in block.table["rows"]:
        if name.startswith("("):
            continue
        value = value_of(told(f"¿cuánto vendí en {name} en enero de 2026?", shop), "sales", branch=name)
        assert shown == features.shown(features.metric("sales"), value, shop.company)
        assert drawn[name] == float(value)


def test_twenty_figures_are_compared() -> None:
    assert len(CARDS) >= 20
