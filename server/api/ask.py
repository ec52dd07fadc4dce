"""POST /api/v1/ask: a question in, the answer as one JSON or as a stream of its parts."""

import json
import logging
from collections.abc import AsyncIterator
from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Header
from fastapi.encoders import jsonable_encoder
from pydantic import BaseModel, Field
from starlette.responses import JSONResponse, Response, StreamingResponse

import assistant
from assistant.parts import Part, Question
from core.errors import AyniError
from core.tenancy import Scope
from server.identity import SignedIn
from server.problems import problem_of

logger = logging.getLogger(__name__)
router = APIRouter(prefix="/api/v1", tags=["preguntas"])


class Asked(BaseModel):
    """A question as it comes in. The company is the login's: nothing here can name one."""

    question: str = Field(min_length=1, max_length=2000, examples=["¿cuánto vendí en octubre?"])
    conversation: str | None = Field(None, max_length=200, description="El hilo al que pertenece, para «¿y en mayo?»")
    as_of: date | None = Field(None, description="El día que vale como hoy")


@router.post("/ask", summary="Pregunta y recibe la respuesta con sus cifras y fuentes")
async def ask(asked: Asked, scope: SignedIn, accept: Annotated[str, Header()] = "") -> Response:
    """With `Accept: text/event-stream`, each part is one event named by its type; the last one is `outcome`."""
    thread = asked.conversation and asked.conversation.replace("\0", "")  # which no database can hold
    question = Question(asked.question, thread, "api", asked.as_of)
    if "text/event-stream" in accept:
        return StreamingResponse(_events(question, scope), media_type="text/event-stream")
    answer = await assistant.answer(question, scope)
    return JSONResponse(answer.json())


async def _events(question: Question, scope: Scope) -> AsyncIterator[str]:
    try:
        async for part in assistant.ask(question, scope):
            yield event(type(part).__name__.lower(), _plain(part))
    except Exception as error:  # the status line is gone: the failure is told as the last event
        problem = problem_of(error)
        if not isinstance(error, AyniError):
            logger.exception("A streamed answer failed")
        yield event("problem", {"code": problem.code, "message": problem.message, "remedy": problem.remedy})


def event(name: str, data: Any) -> str:
    """One server-sent event. Pure."""
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


def _plain(part: Part) -> Any:
    return jsonable_encoder(asdict(part))
