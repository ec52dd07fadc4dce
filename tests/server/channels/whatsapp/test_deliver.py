"""A reply leaves at most once, in its order, whatever Meta answers and whenever a worker dies."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from core import db
from core.tenancy import Scope
from server.channels.whatsapp import deliver, inbox, notices
from tests.copying import copy_data
from tests.server.channels.whatsapp.conftest import Phone, delivery, give_sales, post
from tests.server.conftest import Person
from tests.server.graph import Failure, Graph, buttons_of


def states(phone: Phone) -> list[tuple[str, str]]:
    with db.channel() as connection:
        return connection.execute(
            "SELECT state, error FROM whatsapp_inbox WHERE sender = %s ORDER BY sent_at, arrived", [phone.number]
        ).fetchall()  # type: ignore[return-value]


def at_once(phone: Phone) -> None:
    """As if the pause before the next try were over."""
    with db.channel() as connection:
        connection.execute("UPDATE whatsapp_inbox SET run_after = now() WHERE sender = %s", [phone.number])
    deliver.work(phone.number)


@pytest.fixture(scope="module")
def sales(new_scope: Callable[[], Scope]) -> Scope:
    scope = new_scope()
    give_sales(scope)
    return scope


@pytest.fixture
def mine(phone: Callable[[], Phone], owner: Person, graph: Graph, sales: Scope) -> Phone:
    """A linked phone of a company with sales; the greeting is gone from the server's memory."""
    copy_data(sales, owner.scope)
    made = phone().linked_to(owner.scope)
    graph.sent.clear()
    graph.ids.clear()
    return made


@pytest.mark.parametrize(
    "failure",
    [
        Failure("messages", 400, 130429), Failure("messages", 503, 131016), Failure("messages", 500),
        Failure("messages", 502, html=True), Failure("media", 503, 131016), Failure("media", 504, html=True),
        Failure("messages", 429, 80007),
    ],
    ids=lambda f: f"{f.where}-{f.status}-{f.code}",
)  # fmt: skip
def test_what_meta_can_not_take_now_goes_later_once(mine: Phone, graph: Graph, failure: Failure):
    graph.failures.append(failure)
    mine.says("¿cuánto vendí en octubre de 2026?")
    assert graph.sent == []
    assert states(mine)[-1][0] == "waiting"
    at_once(mine)
    at_once(mine)
    assert len(graph.sent) == 1
    assert states(mine)[-1][0] == "done"


def test_the_pause_grows_and_ends(mine: Phone, graph: Graph):
    graph.failures.append(Failure("messages", 503, 131016, times=0))
    mine.says("¿cuánto vendí en octubre de 2026?")
    with db.channel() as connection:
        row = connection.execute(
            "SELECT run_after > now() + interval '1 second' FROM whatsapp_inbox "
            "WHERE sender = %s AND state = 'waiting'",
            [mine.number],
        ).fetchone()
    assert row == (True,)
    for _ in range(inbox.MOST_ATTEMPTS):
        at_once(mine)
    assert states(mine)[-1][0] == "failed"
    assert deliver.backoff(0) < deliver.backoff(1) < deliver.backoff(4) < 300


@pytest.mark.parametrize("code", [131047, 131026, 100, 190])
def test_what_meta_never_takes_is_recorded_and_the_member_sees_it(mine: Phone, owner: Person, graph: Graph, code: int):
    graph.failures.append(Failure("messages", 400, code))
    mine.says("¿cuánto vendí en octubre de 2026?")
    assert graph.sent == []
    state, error = states(mine)[-1]
    assert (state, str(code) in error) == ("failed", True)
    ((_, what, why),) = notices.troubles(owner.scope)
    assert (what, str(code) in why) == ("answer", True)
    assert "Lo que no llegó" in owner.browser.get("/whatsapp").text


def test_a_reply_whose_answer_never_came_back_is_not_sent_again(mine: Phone, graph: Graph):
    graph.failures.append(Failure("messages", 200, cut=True))
    mine.says("¿cuánto vendí en octubre de 2026?")
    at_once(mine)
    assert len(graph.sent) == 1
    assert states(mine)[-1][0] == "unsure"
    mine.says("hola")
    assert len(graph.sent) == 2


def told_of(graph: Graph, number: int, status: str = "delivered", **more: Any) -> dict[str, Any]:
    """What Meta tells of the message that was sent as number so many."""
    tracker = graph.sent[number]["biz_opaque_callback_data"]
    return {"id": graph.ids[number], "status": status, "timestamp": "1795000000", "recipient_id": "x",
            "biz_opaque_callback_data": tracker, **more}  # fmt: skip


def test_what_meta_tells_of_a_message_settles_what_nobody_knew(mine: Phone, owner: Person, graph: Graph):
    graph.failures.append(Failure("messages", 504, cut=True))
    mine.says("¿cuánto vendí en octubre de 2026?")
    assert states(mine)[-1][0] == "unsure"
    assert len(notices.troubles(owner.scope)) == 1
    for _ in range(2):
        post(mine.browser, delivery([], [told_of(graph, 0)]))
    assert states(mine)[-1] == ("done", "")
    assert notices.troubles(owner.scope) == []
    failed = told_of(graph, 0, "failed", errors=[{"code": 131026, "title": "Message undeliverable"}])
    post(mine.browser, delivery([], [failed]))
    ((_, _, why),) = notices.troubles(owner.scope)
    assert why == "Message undeliverable"


def test_a_message_that_went_despite_a_500_is_not_sent_again(mine: Phone, graph: Graph):
    graph.failures.append(Failure("messages", 500, took=True))
    mine.says("¿cuánto vendí en octubre de 2026?")
    assert states(mine)[-1][0] == "waiting"
    post(mine.browser, delivery([], [told_of(graph, 0, "sent")]))
    at_once(mine)
    assert len(graph.sent) == 1
    assert states(mine)[-1][0] == "done"


class Killed(BaseException):
    """The worker's process ends here: nothing of it runs any more."""


@pytest.mark.parametrize(
    ("where", "leaves"),
    [("answering.compose", 1), ("inbox.compose", 1), ("picture", 1), ("inbox.mark_sending", 1), ("after_mark", 0),
     ("inbox.settle", 1)],
)  # fmt: skip
def test_a_worker_that_dies_sends_nothing_twice(
    mine: Phone, graph: Graph, monkeypatch: pytest.MonkeyPatch, where: str, leaves: int
):
    """Before the mark the next worker sends it; after the mark nobody does, and it is told as unsure."""

    def dies(*_: Any, **__: Any) -> Any:
        raise Killed

    marked = inbox.mark_sending

    def dies_after(*given: Any) -> None:
        marked(*given)
        raise Killed

    with monkeypatch.context() as broken:
        match where:
            case "answering.compose":
                broken.setattr(deliver.answering, "compose", dies)
            case "picture":
                broken.setattr(deliver, "draw", dies)
            case "after_mark":
                broken.setattr(inbox, "mark_sending", dies_after)
            case _:
                broken.setattr(inbox, where.partition(".")[2], dies)
        # A death runs no finally: the lease stays until its end.
        broken.setattr(inbox, "release", lambda *_: False)
        with pytest.raises(Killed):
            mine.says("¿cuánto vendí en octubre de 2026?")
    assert deliver.work(mine.number) == 0  # the dead worker's lease still holds
    with db.channel() as connection:
        connection.execute(
            "UPDATE whatsapp_senders SET lease_until = now() - interval '1 second', "
            "nudged_at = now() - interval '1 minute' WHERE sender = %s",
            [mine.number],
        )
    assert mine.number in inbox.due()
    deliver.work(mine.number)
    deliver.work(mine.number)
    assert len(graph.sent) == leaves
    assert states(mine)[-1][0] == ("unsure" if where in ("after_mark", "inbox.settle") else "done")


def test_who_lost_the_phone_sends_nothing(mine: Phone, graph: Graph, monkeypatch: pytest.MonkeyPatch):
    """A worker that slept past its lease, while another answered."""
    compose = deliver.answering.compose

    def slowly(*given: Any) -> Any:
        composed = compose(*given)
        monkeypatch.setattr(deliver.answering, "compose", compose)
        with db.channel() as connection:
            connection.execute(
                "UPDATE whatsapp_senders SET lease_until = now() - interval '1 second' WHERE sender = %s",
                [mine.number],
            )
        deliver.work(mine.number)
        return composed

    monkeypatch.setattr(deliver.answering, "compose", slowly)
    mine.says("¿cuánto vendí en octubre de 2026?")
    assert len(graph.sent) == 1


def test_many_workers_at_once_answer_each_message_once_and_in_its_order(mine: Phone, graph: Graph):
    mine.works = False
    questions = [f"¿cuánto vendí en {month} de 2026?" for month in ("agosto", "septiembre", "octubre")] * 3
    messages = [mine.message({"type": "text", "text": {"body": q}}) for q in questions]
    for message in messages:
        post(mine.browser, delivery([message]))
    workers = [threading.Thread(target=deliver.work, args=[mine.number]) for _ in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    deliver.work(mine.number)
    assert [t.partition("\n")[0].partition(" en ")[2][:5] for t in graph.texts()] == ["agost", "septi", "octub"] * 3


def test_what_was_written_first_is_answered_first_though_it_came_last(mine: Phone, graph: Graph):
    mine.works = False
    mine.says("¿cuánto vendí en octubre de 2026?", ago=timedelta(seconds=5))
    mine.says("¿cuánto vendí en septiembre de 2026?", ago=timedelta(seconds=60))
    deliver.work(mine.number)
    assert ["septiembre" in graph.texts()[0], "octubre" in graph.texts()[1]] == [True, True]


def test_a_reply_that_waits_holds_back_what_was_written_after_it(mine: Phone, graph: Graph):
    graph.failures.append(Failure("messages", 503, 131016))
    mine.says("¿cuánto vendí en septiembre de 2026?")
    mine.says("¿cuánto vendí en octubre de 2026?")
    assert graph.sent == []
    at_once(mine)
    assert ["septiembre" in graph.texts()[0], "octubre" in graph.texts()[1]] == [True, True]


def test_a_second_try_sends_the_answer_of_the_first(mine: Phone, owner: Person, graph: Graph):
    graph.failures.append(Failure("messages", 503, 131016))
    mine.says("¿cuánto vendí en octubre de 2026?")
    at_once(mine)
    with db.tenant(owner.scope) as connection:
        asked = connection.execute("SELECT count(*) FROM exchanges WHERE channel = 'whatsapp'").fetchone()
    assert asked == (1,)
    with db.channel() as connection:
        kept = connection.execute(
            "SELECT count(*) FROM whatsapp_inbox WHERE sender = %s AND reply IS NOT NULL", [mine.number]
        ).fetchone()
    assert kept == (0,)


@pytest.mark.parametrize(("hours", "told"), [(5, "155.000"), (7, "me llegó recién"), (30, None), (7 * 24, None)])
def test_late_messages(mine: Phone, graph: Graph, hours: int, told: str | None):
    """Up to six hours a question is answered; within the day it is told that it came late; after that, nothing."""
    mine.says("¿cuánto vendí en octubre de 2026?", ago=timedelta(hours=hours))
    mine.says("¿cuánto vendí en octubre de 2026?", ago=timedelta(hours=hours, seconds=-1))
    assert len(graph.sent) == (0 if told is None else 2 if hours == 5 else 1)
    assert told is None or told in graph.texts()[0]
    assert {state for state, _ in states(mine)} == {"done"}


@pytest.mark.parametrize("kind", ["audio", "sticker", "image", "video", "location", "contacts", "order", "unsupported"])
def test_what_is_not_read_gets_a_kind_no_and_an_album_one(mine: Phone, graph: Graph, kind: str):
    for _ in range(3):
        mine.sends({"type": kind, kind: {"id": "1"}})
    (told,) = graph.texts()
    assert "todavía" in told.lower()


def test_a_reaction_wants_no_answer(mine: Phone, graph: Graph):
    mine.sends({"type": "reaction", "reaction": {"message_id": "wamid.x", "emoji": "👍"}})
    assert graph.sent == []


def test_the_buttons_ask_the_whole_question(mine: Phone, graph: Graph):
    mine.says("¿cuánto vendí en octubre de 2026?")
    question = next(b for b in buttons_of(graph.sent[-1]) if "evolucionado" in b[1])
    mine.presses(question)
    assert "por mes" in graph.texts()[-1]


def test_detalle_tells_every_figure_and_source_of_the_last_answer(mine: Phone, graph: Graph):
    mine.says("detalle")
    assert "Todavía no hay" in graph.texts()[-1]
    mine.says("¿cuánto vendí en octubre de 2026?")
    mine.says("Detalle")
    text = graph.texts()[-1]
    assert "*Cifras*" in text
    assert "$155.000" in text
    assert "*De dónde salen*" in text
    assert "/whatsapp/fuentes/" in text


def test_what_is_none_of_its_business_is_refused(mine: Phone, graph: Graph):
    mine.says("escríbeme un poema sobre el mar")
    assert "fuera de lo mío" in graph.texts()[-1]
