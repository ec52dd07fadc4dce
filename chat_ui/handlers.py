"""What Chainlit calls: a question arrives, a file arrives, a chat is opened again. Imported after `site.prepare`."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any
from uuid import UUID

import chainlit as cl
from chainlit.config import config
from chainlit.element import CustomElement, Element
from chainlit.types import ThreadDict

import assistant
import features
from assistant.parts import Answer, Question, Text
from chat_ui import attachments, render
from chat_ui.attachments import Attach
from chat_ui.gate import current_scope
from chat_ui.history import History
from chat_ui.starters import WELCOME, starters_for
from core import db
from core.errors import AyniError
from core.settings import settings
from core.tenancy import Scope

logger = logging.getLogger(__name__)

BROKEN = (
    "Algo falló de nuestro lado y no pude terminar. Tus datos están a salvo. Prueba de nuevo en un minuto; "
    "si sigue igual, avísanos."
)
_following: set[asyncio.Task[None]] = set()


def register(attach: Attach) -> None:
    """Hand Chainlit our callbacks; `attach` is how a file becomes an upload."""
    cl.data_layer(History)
    upload = config.features.spontaneous_file_upload
    assert upload is not None
    upload.max_size_mb = settings().max_upload_mb

    async def on_message(message: cl.Message) -> None:
        await told(receive(message, attach))

    cl.on_message(on_message)
    cl.on_chat_start(on_chat_start)
    cl.on_chat_resume(on_chat_resume)
    cl.set_starters(set_starters)


async def told(work: Coroutine[Any, Any, None]) -> None:
    """Do it; what goes wrong is told in Spanish, with what to do about it."""
    try:
        await work
    except AyniError as problem:
        await cl.Message(content=render.markdown(problem.spanish)).send()
    except Exception:
        logger.exception("A chat message failed")
        await cl.Message(content=BROKEN).send()


async def on_chat_start() -> None:
    scope = await asyncio.to_thread(current_scope)
    if not await asyncio.to_thread(has_data, scope):
        await cl.Message(content=WELCOME).send()


async def set_starters(user: cl.User | None, language: str | None) -> list[cl.Starter]:
    questions = await asyncio.to_thread(lambda: starters_for(current_scope()))
    return [cl.Starter(label=question, message=question) for question in questions]


async def on_chat_resume(thread: ThreadDict) -> None:
    """Cards of uploads that were on their way when the chat was left are followed again."""
    scope = await asyncio.to_thread(current_scope)
    for element in thread.get("elements") or []:
        props = element.get("props") or {}
        if element.get("name") == attachments.UPLOAD and props.get("state") not in attachments.ENDED:
            card = CustomElement(name=attachments.UPLOAD, props=props, id=element["id"], display="inline")
            card.for_id, card.thread_id = element["forId"], thread["id"]
            in_background(show_progress(scope, UUID(props["uploadId"]), card))


async def receive(message: cl.Message, attach: Attach) -> None:
    scope = await asyncio.to_thread(current_scope)
    if message.elements and not message.content.strip():  # a chat that begins with a file is named after it
        await History().update_thread(cl.context.session.thread_id, name=message.elements[0].name)
    for element in message.elements:
        await told(take(scope, element, attach))
    if message.content.strip():
        await answer(scope, message.content)


async def answer(scope: Scope, text: str) -> None:
    """Ask, and show the parts as they come."""
    question = Question(text.strip(), conversation=cl.context.session.thread_id, channel="web")
    reply, whole = cl.Message(content=""), Answer()
    async for part in assistant.ask(question, scope):
        whole.add(part)
        if isinstance(part, Text):
            await reply.stream_token(render.markdown(part.text))
    reply.content = render.markdown(whole.text.strip())
    drawn = render.properties(whole)
    if drawn:
        reply.elements.append(CustomElement(name=render.ANSWER, props=drawn, display="inline"))  # type: ignore[arg-type]  # its TypeVar is unbound
    await reply.send()


async def take(scope: Scope, element: Element, attach: Attach) -> None:
    """Hand a file over and show its card; the rest happens while the owner may already ask."""
    upload_id = await asyncio.to_thread(hand_over, scope, element, attach)
    first = await asyncio.to_thread(attachments.read, scope, upload_id)
    if first.state == "ready":
        await cl.Message(content=attachments.known(first)).send()
        return
    card = CustomElement(name=attachments.UPLOAD, props=attachments.card(first), display="inline")
    await cl.Message(content="", elements=[card]).send()
    in_background(see_through(scope, upload_id, card))


def hand_over(scope: Scope, element: Element, attach: Attach) -> UUID:
    with attachments.open_file(str(element.path)) as stream:
        return attach(scope, element.name, stream)


async def see_through(scope: Scope, upload_id: UUID, card: CustomElement) -> None:
    """Follow the upload to its end; if it became data, say so with a first look at it."""
    await show_progress(scope, upload_id, card)
    done = await asyncio.to_thread(attachments.read, scope, upload_id)
    if done.state != "ready":
        return
    await cl.Message(content=attachments.summary(done)).send()
    first_look = attachments.first_question(done, scope)
    if first_look:
        await answer(scope, first_look)


async def show_progress(scope: Scope, upload_id: UUID, card: CustomElement) -> None:
    async for props in attachments.follow(scope, upload_id):
        card.props = props
        card.content = "{}"  # the browser reads the properties; a file of them each half second would be litter
        await card.update()


def in_background(work: Coroutine[Any, Any, None]) -> None:
    task = asyncio.get_running_loop().create_task(told(work))
    _following.add(task)
    task.add_done_callback(_following.discard)


def has_data(scope: Scope) -> bool:
    with db.tenant(scope) as connection:
        return features.coverage(scope, connection).period is not None
