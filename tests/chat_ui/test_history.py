"""Chats are kept as they were said, each for the member who had it, in the order in which it was written."""

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from chainlit.step import StepDict
from chainlit.types import Feedback, Pagination, ThreadFilter

from chat_ui.gate import identifier
from chat_ui.history import History
from core import db
from tests.chat_ui.conftest import Member


def step(thread: str, output: str, **extra: Any) -> StepDict:
    body: dict[str, Any] = {
        "id": str(uuid4()),
        "threadId": thread,
        "parentId": None,
        "name": "Ayni",
        "type": "assistant_message",
        "output": output,
        "createdAt": "2026-11-01T10:00:00.000000Z",
        "metadata": {},
        "autoCollapse": False,
        **extra,
    }
    return body  # type: ignore[return-value]


class Card:
    """What Chainlit hands over as an element."""

    def __init__(self, thread: str, for_id: str, props: dict[str, Any]) -> None:
        self.body = {"id": str(uuid4()), "threadId": thread, "forId": for_id, "type": "custom", "name": "AyniAnswer"}
        self.body |= {"display": "inline", "props": props, "chainlitKey": "a file of the session"}  # type: ignore[dict-item]

    def to_dict(self) -> dict[str, Any]:
        return self.body


@pytest.fixture
def history(monkeypatch: pytest.MonkeyPatch) -> History:
    """Without Chainlit's queue, which needs a browser's session: it holds writes back until the first message."""
    return History()


create_step: Callable[..., Any] = History.create_step.__wrapped__  # type: ignore[attr-defined]
update_step: Callable[..., Any] = History.update_step.__wrapped__  # type: ignore[attr-defined]
delete_step: Callable[..., Any] = History.delete_step.__wrapped__  # type: ignore[attr-defined]
create_element: Callable[..., Any] = History.create_element.__wrapped__  # type: ignore[attr-defined]


def test_what_was_said_is_read_again_with_its_charts_by_a_new_process(history: History, member: Member) -> None:
    thread, props = str(uuid4()), {"charts": [{"title": "Ventas", "spec": {"mark": "bar"}}]}

    async def talk() -> None:
        await history.update_thread(thread, name="¿cuánto vendí?", metadata={"a": 1})
        asked = step(thread, "¿cuánto vendí?", type="user_message")
        run = step(thread, "", type="run", parentId=asked["id"], createdAt="2026-11-01T10:00:01.000000Z")
        said = step(thread, "**$1**", parentId=run["id"], createdAt="2026-11-01T10:00:02.000000Z")
        for one in (asked, run, said):
            await create_step(history, one)
        await create_element(history, Card(thread, said["id"], props))
        await history.upsert_feedback(Feedback(forId=run["id"], value=1, comment="bien"))

    with member.signed_in():
        asyncio.run(talk())
        db.close()  # as after a restart: nothing but the tables is left
        read = asyncio.run(History().get_thread(thread))
    assert read is not None
    assert [s["output"] for s in read["steps"]] == ["¿cuánto vendí?", "", "**$1**"]
    assert read["steps"][1]["feedback"] is not None
    assert (read["steps"][1]["feedback"]["value"], read["steps"][1]["feedback"]["comment"]) == (1, "bien")
    assert read["elements"] is not None
    assert read["elements"][0]["props"] == props
    assert read["elements"][0].get("chainlitKey") is None
    assert read["userIdentifier"] == identifier(member.scope)
    assert (read["name"], read["metadata"]) == ("¿cuánto vendí?", {"a": 1})


def test_the_last_version_of_a_step_holds(history: History, member: Member) -> None:
    thread = str(uuid4())
    said = step(thread, "")

    async def write() -> None:
        versions = [create_step(history, said)]
        versions += [update_step(history, {**said, "output": "x" * n}) for n in range(1, 30)]
        tasks = [asyncio.get_running_loop().create_task(version) for version in versions]
        await asyncio.gather(*tasks)

    with member.signed_in():
        asyncio.run(write())
        read = asyncio.run(history.get_thread(thread))
    assert read is not None
    assert read["steps"][0]["output"] == "x" * 29


@pytest.mark.parametrize("same_company", [True, False])
def test_nobody_sees_or_overwrites_anothers_chat(
    history: History, new_member: Callable[..., Member], same_company: bool
) -> None:
    mine = new_member()
    other = new_member(mine.scope.company if same_company else None)
    thread = str(uuid4())
    said = step(thread, "secreto")
    with mine.signed_in():
        asyncio.run(create_step(history, said))
    with other.signed_in():
        assert asyncio.run(history.get_thread(thread)) is None
        assert asyncio.run(history.get_thread_author(thread)) == ""
        listed = asyncio.run(history.list_threads(Pagination(first=10), ThreadFilter(search="secreto")))
        assert listed.data == []
        with pytest.raises(LookupError):
            asyncio.run(history.upsert_feedback(Feedback(forId=said["id"], value=0)))
        asyncio.run(update_step(history, {**said, "output": "pisado"}))
        asyncio.run(delete_step(history, said["id"]))
        asyncio.run(history.delete_thread(thread))
    with mine.signed_in():
        read = asyncio.run(history.get_thread(thread))
    assert read is not None
    assert [s["output"] for s in read["steps"]] == ["secreto"]


def test_chats_come_newest_first_in_pages_and_can_be_searched(history: History, member: Member) -> None:
    async def talk() -> None:
        for n in range(5):
            await history.update_thread(f"t{n}", name=f"Pregunta {n}")
        await create_step(history, step("t1", "Talca bajó en Mayo, según la FACTURACIÓN"))

    def names(**filters: Any) -> list[str | None]:
        page = asyncio.run(history.list_threads(Pagination(first=10), ThreadFilter(**filters)))
        return [t["name"] for t in page.data]

    with member.signed_in():
        asyncio.run(talk())
        assert names()[0] == "Pregunta 1"  # the one last spoken in
        assert names(search="facturacion") == ["Pregunta 1"]
        first = asyncio.run(history.list_threads(Pagination(first=2), ThreadFilter()))
        rest = asyncio.run(history.list_threads(Pagination(first=10, cursor=first.pageInfo.endCursor), ThreadFilter()))
    assert first.pageInfo.hasNextPage
    assert not rest.pageInfo.hasNextPage
    assert len({t["id"] for t in [*first.data, *rest.data]}) == 5


def test_a_thumb_can_be_turned_and_taken_back(history: History, member: Member) -> None:
    said = step(str(uuid4()), "hola")
    with member.signed_in():
        asyncio.run(create_step(history, said))
        kept = asyncio.run(history.upsert_feedback(Feedback(forId=said["id"], value=1)))
        assert asyncio.run(history.upsert_feedback(Feedback(forId=said["id"], value=0, id=kept))) == kept
        with db.tenant(member.scope) as connection:
            assert connection.execute("SELECT step_id, value FROM chat_feedback").fetchall() == [(said["id"], 0)]
        asyncio.run(history.delete_feedback(kept))
        read = asyncio.run(history.get_thread(said["threadId"]))
    assert read is not None
    assert "feedback" not in read["steps"][0]


def test_a_deleted_chat_leaves_nothing(history: History, member: Member) -> None:
    said = step(str(uuid4()), "hola")
    with member.signed_in():
        asyncio.run(create_step(history, said))
        asyncio.run(history.delete_thread(said["threadId"]))
        with db.tenant(member.scope) as connection:
            assert connection.execute("SELECT count(*) FROM chat_steps").fetchone() == (0,)


def test_a_failed_write_is_not_swallowed(history: History, member: Member) -> None:
    with member.signed_in(), pytest.raises(psycopg.Error):
        asyncio.run(create_step(history, step("x" * 200, "hola")))


def test_chainlit_knows_only_who_is_signed_in(history: History, member: Member) -> None:
    with member.signed_in():
        known = asyncio.run(history.get_user(identifier(member.scope)))
        assert known is not None
        assert known.display_name == member.scope.company.name
        assert asyncio.run(history.get_user("otra@empresa")) is None
