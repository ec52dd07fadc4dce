"""A phone's question through the one door, and what was answered last."""

import asyncio
import os
import threading
from typing import Any
from uuid import UUID

import assistant
from assistant.parts import Question
from core import db
from core.tenancy import Scope
from server.channels.whatsapp import render, words
from server.channels.whatsapp.reply import Reply

_LOCAL = threading.local()


def ask(text: str, thread: str, scope: Scope, company: str = "", before: str = "") -> Reply:
    """The assistant's answer as one message, through the one door."""
    found = _runner().run(assistant.answer(Question(text, thread, "whatsapp"), scope))
    last = latest(thread, scope)
    return render.answer(
        found, source_link(last[0]) if last and found.citations else "", company, before, words.say(render.MORE, scope)
    )


def _runner() -> asyncio.Runner:
    """One event loop a thread of a process, kept: a model's client holds on to the loop it was first used in."""
    kept: tuple[int, asyncio.Runner] | None = getattr(_LOCAL, "runner", None)
    if kept is None or kept[0] != os.getpid():
        kept = _LOCAL.runner = (os.getpid(), asyncio.Runner())
    return kept[1]


def conversation(sender: str) -> str:
    """One thread a phone; in a company, since threads are kept by company."""
    return f"whatsapp:{sender}"


def latest(thread: str, scope: Scope) -> tuple[UUID, dict[str, Any]] | None:
    """The last answer of the member's thread, as it was recorded."""
    with db.tenant(scope) as connection:
        row = connection.execute(
            "SELECT id, answer FROM exchanges WHERE company_id = %s AND user_id = %s AND conversation_id = %s "
            "ORDER BY created_at DESC LIMIT 1",
            [scope.company_id, scope.user_id, thread],
        ).fetchone()
    return (row[0], dict(row[1])) if row else None


def source_link(exchange: UUID) -> str:
    """Opens an answer's sources, after login, for who asked."""
    return f"{words.page()}/fuentes/{exchange.hex}"
