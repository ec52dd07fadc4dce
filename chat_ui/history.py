"""Where chats are kept: Chainlit's data layer on our own tables, each call as the member who is signed in.

Writes of one thread are done in the order in which Chainlit asked for them: it starts each as a task of its own, and
an older version of a step must not overtake a newer one. A failure is raised, not swallowed.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar, cast
from uuid import uuid4
from weakref import WeakValueDictionary

from chainlit.data.base import BaseDataLayer
from chainlit.data.utils import queue_until_user_message
from chainlit.element import Element, ElementDict
from chainlit.step import StepDict
from chainlit.types import Feedback, PageInfo, PaginatedResponse, Pagination, ThreadDict, ThreadFilter
from chainlit.user import PersistedUser, User
from psycopg.types.json import Jsonb

from chat_ui.gate import current_scope, identifier
from core import db
from core.db import Connection
from core.tenancy import Scope

T = TypeVar("T")
Method = TypeVar("Method", bound=Callable[..., Any])
TITLE = 80


def after_first_message(method: Method) -> Method:
    """Chainlit's own way of keeping chats out of the history in which nobody said anything."""
    return cast(Method, queue_until_user_message()(method))


class History(BaseDataLayer):
    """Chainlit's `BaseDataLayer` in Postgres. Row-level security confines every statement to one member's rows."""

    def __init__(self) -> None:
        self._order: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def get_user(self, identifier: str) -> PersistedUser | None:
        return persisted(await asyncio.to_thread(current_scope), identifier)

    async def create_user(self, user: User) -> PersistedUser | None:
        return await self.get_user(user.identifier)

    @after_first_message
    async def create_step(self, step_dict: StepDict) -> None:
        await self._write(str(step_dict["threadId"]), lambda c, s: save_step(c, s, dict(step_dict)))

    @after_first_message
    async def update_step(self, step_dict: StepDict) -> None:
        await self._write(str(step_dict["threadId"]), lambda c, s: save_step(c, s, dict(step_dict)))

    @after_first_message
    async def delete_step(self, step_id: str) -> None:
        await self._do(lambda c, s: delete_step(c, step_id))

    @after_first_message
    async def create_element(self, element: Element) -> None:
        body = dict(element.to_dict())
        if body.get("threadId") and body.get("forId"):
            await self._write(str(body["threadId"]), lambda c, s: save_element(c, s, body))

    async def get_element(self, thread_id: str, element_id: str) -> ElementDict | None:
        found: ElementDict | None = await self._do(lambda c, s: read_element(c, thread_id, element_id))
        return found

    @after_first_message
    async def delete_element(self, element_id: str, thread_id: str | None = None) -> None:
        await self._do(lambda c, s: c.execute("DELETE FROM chat_elements WHERE id = %s", [element_id]))

    async def upsert_feedback(self, feedback: Feedback) -> str:
        return await self._do(lambda c, s: save_feedback(c, s, feedback))

    async def delete_feedback(self, feedback_id: str) -> bool:
        await self._do(lambda c, s: c.execute("DELETE FROM chat_feedback WHERE id = %s", [feedback_id]))
        return True

    async def get_thread_author(self, thread_id: str) -> str:
        return await self._do(lambda c, s: identifier(s) if exists(c, thread_id) else "")

    async def get_thread(self, thread_id: str) -> ThreadDict | None:
        return await self._do(lambda c, s: read_thread(c, s, thread_id))

    async def list_threads(self, pagination: Pagination, filters: ThreadFilter) -> PaginatedResponse[ThreadDict]:
        return await self._do(lambda c, s: list_threads(c, s, pagination, filters))

    async def update_thread(
        self,
        thread_id: str,
        name: str | None = None,
        user_id: str | None = None,
        metadata: dict[str, Any] | None = None,
        tags: list[str] | None = None,
    ) -> None:
        await self._write(thread_id, lambda c, s: save_thread(c, s, thread_id, name, metadata))

    async def delete_thread(self, thread_id: str) -> None:
        await self._write(thread_id, lambda c, s: c.execute("DELETE FROM chat_threads WHERE id = %s", [thread_id]))

    async def get_favorite_steps(self, user_id: str) -> list[StepDict]:
        return []  # the feature is off

    async def build_debug_url(self) -> str:
        return ""

    async def close(self) -> None:
        """The pool belongs to the application."""

    async def _write(self, thread_id: str, work: Callable[[Connection, Scope], object]) -> None:
        lock = self._order.setdefault(thread_id, asyncio.Lock())
        async with lock:
            await self._do(work)

    async def _do(self, work: Callable[[Connection, Scope], T]) -> T:
        def run() -> T:
            scope = current_scope()
            with db.tenant(scope) as connection:
                return work(connection, scope)

        return await asyncio.to_thread(run)


def persisted(scope: Scope, claimed: str) -> PersistedUser | None:
    """The signed-in member, if that is who `claimed` names."""
    if claimed != identifier(scope):
        return None
    return PersistedUser(id=claimed, identifier=claimed, display_name=scope.company.name, createdAt="")


def save_thread(
    connection: Connection, scope: Scope, thread_id: str, name: str | None, metadata: dict[str, Any] | None
) -> None:
    connection.execute(
        "INSERT INTO chat_threads (company_id, user_id, id, name, metadata) VALUES (%s, %s, %s, %s, %s) "
        "ON CONFLICT (company_id, user_id, id) DO UPDATE SET name = coalesce(excluded.name, chat_threads.name), "
        "metadata = chat_threads.metadata || excluded.metadata, updated_at = now()",
        [scope.company_id, scope.user_id, thread_id, name[:TITLE] if name else None, Jsonb(metadata or {})],
    )


def save_step(connection: Connection, scope: Scope, step: dict[str, Any]) -> None:
    """The last word on a step holds; fields that it doesn't name stay as they were."""
    save_thread(connection, scope, step["threadId"], None, None)
    connection.execute(
        "INSERT INTO chat_steps (company_id, user_id, id, thread_id, body, created_at) "
        "VALUES (%s, %s, %s, %s, %s, coalesce(%s, clock_timestamp())) ON CONFLICT (company_id, user_id, id) "
        "DO UPDATE SET body = chat_steps.body || jsonb_strip_nulls(excluded.body)",
        [scope.company_id, scope.user_id, step["id"], step["threadId"], Jsonb(step), instant(step.get("createdAt"))],
    )


def delete_step(connection: Connection, step_id: str) -> None:
    connection.execute("DELETE FROM chat_elements WHERE step_id = %s", [step_id])
    connection.execute("DELETE FROM chat_feedback WHERE step_id = %s", [step_id])
    connection.execute("DELETE FROM chat_steps WHERE id = %s", [step_id])


def save_element(connection: Connection, scope: Scope, element: dict[str, Any]) -> None:
    """An element is its properties: charts, sources and upload cards are drawn from them again."""
    save_thread(connection, scope, element["threadId"], None, None)
    connection.execute(
        "INSERT INTO chat_elements (company_id, user_id, id, thread_id, step_id, body) VALUES (%s, %s, %s, %s, %s, %s) "
        "ON CONFLICT (company_id, user_id, id) DO UPDATE SET body = excluded.body",
        [
            scope.company_id,
            scope.user_id,
            element["id"],
            element["threadId"],
            element["forId"],
            Jsonb({**element, "chainlitKey": None}),  # a file of the session's folder: gone when it is read again
        ],
    )


def save_feedback(connection: Connection, scope: Scope, feedback: Feedback) -> str:
    row = connection.execute(
        "INSERT INTO chat_feedback (company_id, user_id, id, thread_id, step_id, value, comment) "
        "SELECT %s, %s, %s, thread_id, id, %s, %s FROM chat_steps WHERE id = %s "
        "ON CONFLICT (company_id, user_id, step_id) DO UPDATE SET value = excluded.value, comment = excluded.comment "
        "RETURNING id",
        [scope.company_id, scope.user_id, str(uuid4()), feedback.value, feedback.comment, feedback.forId],
    ).fetchone()
    if row is None:
        raise LookupError(f"no step {feedback.forId} of this member to rate")
    return str(row[0])


def exists(connection: Connection, thread_id: str) -> bool:
    return connection.execute("SELECT 1 FROM chat_threads WHERE id = %s", [thread_id]).fetchone() is not None


def read_thread(connection: Connection, scope: Scope, thread_id: str) -> ThreadDict | None:
    row = connection.execute(
        "SELECT id, name, metadata, created_at FROM chat_threads WHERE id = %s", [thread_id]
    ).fetchone()
    if row is None:
        return None
    thread = thread_dict(scope, *row)
    steps = connection.execute(
        "SELECT s.body, f.id, f.value, f.comment FROM chat_steps s "
        "LEFT JOIN chat_feedback f ON (f.company_id, f.user_id, f.step_id) = (s.company_id, s.user_id, s.id) "
        "WHERE s.thread_id = %s ORDER BY s.created_at, s.id",
        [thread_id],
    ).fetchall()
    thread["steps"] = [step_dict(*step) for step in steps]
    elements = connection.execute(
        "SELECT body FROM chat_elements WHERE thread_id = %s ORDER BY created_at, id", [thread_id]
    ).fetchall()
    thread["elements"] = [body for (body,) in elements]
    return thread


def read_element(connection: Connection, thread_id: str, element_id: str) -> Any:
    row = connection.execute(
        "SELECT body FROM chat_elements WHERE thread_id = %s AND id = %s", [thread_id, element_id]
    ).fetchone()
    return row[0] if row else None


def list_threads(
    connection: Connection, scope: Scope, pagination: Pagination, filters: ThreadFilter
) -> PaginatedResponse[ThreadDict]:
    """The newest first, a page at a time; `search` looks in titles and in what was said."""
    words = f"%{filters.search}%" if filters.search else None
    rows = connection.execute(
        "SELECT t.id, t.name, t.metadata, t.updated_at FROM chat_threads t "
        "WHERE (%(words)s::text IS NULL OR fold(t.name) LIKE fold(%(words)s) OR EXISTS (SELECT FROM chat_steps s "
        "WHERE s.thread_id = t.id AND fold(s.body ->> 'output') LIKE fold(%(words)s))) "
        "AND (%(value)s::smallint IS NULL OR EXISTS (SELECT FROM chat_feedback f WHERE f.thread_id = t.id "
        "AND f.value = %(value)s)) "
        "AND (%(after)s::text IS NULL OR (t.updated_at, t.id) < (SELECT c.updated_at, c.id FROM chat_threads c "
        "WHERE c.id = %(after)s)) ORDER BY t.updated_at DESC, t.id DESC LIMIT %(most)s",
        {"words": words, "value": filters.feedback, "after": pagination.cursor, "most": pagination.first + 1},
    ).fetchall()
    page = [thread_dict(scope, *row) for row in rows[: pagination.first]]
    ends = (page[0]["id"], page[-1]["id"]) if page else (None, None)
    return PaginatedResponse(PageInfo(len(rows) > pagination.first, ends[0], ends[1]), page)


def thread_dict(scope: Scope, thread_id: str, name: str | None, metadata: dict[str, Any], at: datetime) -> ThreadDict:
    return ThreadDict(
        id=thread_id,
        createdAt=at.isoformat(),
        name=name,
        userId=identifier(scope),
        userIdentifier=identifier(scope),
        tags=[],
        metadata=metadata,
        steps=[],
        elements=[],
    )


def step_dict(body: dict[str, Any], feedback: str | None, value: int | None, comment: str | None) -> StepDict:
    step: dict[str, Any] = {**body, "streaming": False}
    if feedback is not None:
        step["feedback"] = {"forId": body["id"], "id": feedback, "value": value, "comment": comment}
    return step  # type: ignore[return-value]


def instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
