"""The operator reads a company's exchanges, and only that company's."""

import asyncio
import json
from collections.abc import Callable

import assistant
from assistant.parts import Question
from core.tenancy import Scope
from server import exchanges


def test_what_was_asked_can_be_read_by_company(new_scope: Callable[..., Scope]):
    mine, other = new_scope(), new_scope()
    asyncio.run(assistant.answer(Question("¿cuánto vendí en octubre?", channel="cli"), mine))
    found = exchanges.latest(mine, 10)
    assert [(f["question"], f["planner"], f["channel"]) for f in found] == [
        ("¿cuánto vendí en octubre?", "rules", "cli")
    ]
    assert "¿cuánto vendí en octubre?" in exchanges.lines(found)[0]
    json.dumps(found, default=str)
    assert exchanges.latest(other, 10) == []
    assert exchanges.lines([]) == ["Nadie ha preguntado todavía."]
