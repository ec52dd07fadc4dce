"""Questions from the command line: one, or a file of them with one start-up for all."""

import json
import time
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from pydantic import BaseModel, Field, ValidationError

import assistant
from assistant.parts import Answer, Question
from core.errors import BadInput
from core.tenancy import Scope
from server.problems import problem_of


class Line(BaseModel):
    """One line of a batch."""

    id: str | int
    question: str = Field(min_length=1)
    as_of: date | None = None
    conversation: str | None = None


async def one(text: str, scope: Scope, conversation: str | None, as_of: date | None) -> Answer:
    return await assistant.answer(Question(text, conversation, "cli", as_of), scope)


async def batch(lines: Iterable[str], scope: Scope, as_of: date | None, write: Callable[[str], None]) -> bool:
    """Answer each line in its order and write one line for it, with its `id`. A line that fails says so in its place
    (`error`) and the next one is answered all the same; whether all were answered."""
    good = True
    for number, text in enumerate(lines, 1):
        if text.strip():
            result = await _line(text, number, scope, as_of)
            good = good and "error" not in result
            write(json.dumps(result, ensure_ascii=False, default=str))
    return good


async def _line(text: str, number: int, scope: Scope, as_of: date | None) -> dict[str, Any]:
    started, known = time.perf_counter(), _id(text)
    try:
        line = _read(text, number)
        answer = await one(line.question, scope, line.conversation, line.as_of or as_of)
        return {"id": line.id, **answer.json()}
    except Exception as error:
        problem = problem_of(error)
        failed = Answer(status="refused", text=problem.spanish, took_ms=(time.perf_counter() - started) * 1000)
        told = {"code": problem.code, "message": problem.message, "remedy": problem.remedy}
        return {"id": known, **failed.json(), "error": told}


def _read(text: str, number: int) -> Line:
    try:
        return Line.model_validate_json(text)
    except ValidationError as error:
        raise BadInput("line", f"La línea {number} no es una pregunta.", 'Usa {"id": …, "question": …}.') from error


def _id(text: str) -> Any:
    """The line's id, as far as it can be made out."""
    try:
        data = json.loads(text)
    except ValueError:
        return None
    return data.get("id") if isinstance(data, dict) else None


def text(answer: Answer) -> str:
    """An answer for a terminal: its words, where they come from, and what could be asked next."""
    parts = [answer.text.strip().replace("**", "")]
    if answer.citations:
        parts.append("Fuentes:\n" + "\n".join(f"  · {c.title}: {c.excerpt}" for c in answer.citations))
    if answer.follow_ups:
        parts.append("También puedes preguntar:\n" + "\n".join(f"  › {f}" for f in answer.follow_ups))
    return "\n\n".join(parts)
