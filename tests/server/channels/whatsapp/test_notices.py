"""What Ayni writes by itself: to who asked for it, once, as text within the day and as a template after it."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from core import db
from server import jobs
from server.channels.whatsapp import Button, Notice, Reply, links, notices, notify, template
from server.channels.whatsapp.notices import send_waiting
from tests.server.channels.whatsapp.conftest import Phone, delivery, post
from tests.server.conftest import Person
from tests.server.graph import Failure, Graph

NOTICE = Notice(
    "digest-2026-W44",
    Reply("*$155.000* la semana pasada.", (Button("¿Por qué?", "q:¿Por qué cambió?"),)),
    template("resumen_listo", "Café Uno", "vendiste $155.000"),
)


@pytest.fixture
def wanting(phone: Callable[[], Phone], owner: Person, graph: Graph) -> Phone:
    """A phone that asked for notices and wrote just now."""
    made = phone().linked_to(owner.scope, opt_in=True)
    graph.sent.clear()
    graph.ids.clear()
    return made


def a_day_later(phone: Phone, graph: Graph) -> None:
    with db.channel() as connection:
        connection.execute(
            "UPDATE whatsapp_senders SET last_message_at = now() - interval '25 hours' WHERE sender = %s",
            [phone.number],
        )
    graph.outside.add(phone.number)


def at_once(owner: Person) -> None:
    with db.tenant(owner.scope) as connection:
        connection.execute("UPDATE whatsapp_sent SET run_after = now()")
    assert owner.scope.company_id in notices.companies_due()
    send_waiting(owner.scope)


def test_within_the_day_it_is_text_and_only_once(wanting: Phone, owner: Person, graph: Graph):
    for _ in range(3):
        assert notify(NOTICE, owner.user.id, owner.scope) == "sent"
    assert graph.texts() == ["*$155.000* la semana pasada."]


def test_after_the_day_it_is_the_approved_template(wanting: Phone, owner: Person, graph: Graph):
    a_day_later(wanting, graph)
    assert notify(NOTICE, owner.user.id, owner.scope) == "sent"
    (sent,) = graph.sent
    assert sent["template"]["name"] == "resumen_listo"
    assert [p["text"] for p in sent["template"]["components"][0]["parameters"]] == ["Café Uno", "vendiste $155.000"]


def test_who_answers_the_template_sees_the_whole(wanting: Phone, owner: Person, graph: Graph):
    a_day_later(wanting, graph)
    notify(NOTICE, owner.user.id, owner.scope)
    graph.outside.clear()
    wanting.sends({"type": "button", "button": {"text": "Ver más", "payload": "Ver más"}})
    assert graph.texts()[-1] == NOTICE.reply.text


def test_after_the_day_nothing_goes_without_a_template(wanting: Phone, owner: Person, graph: Graph):
    a_day_later(wanting, graph)
    assert notify(Notice("x", Reply("hola")), owner.user.id, owner.scope) == "failed"
    assert graph.sent == []
    assert "más de un día" in owner.browser.get("/whatsapp").text


def test_who_did_not_ask_gets_nothing(phone: Callable[[], Phone], owner: Person, graph: Graph):
    assert notify(NOTICE, owner.user.id, owner.scope) == "no_phone"
    mine = phone().linked_to(owner.scope)
    assert notify(NOTICE, owner.user.id, owner.scope) == "no_phone"
    links.opt(owner.scope, mine.number, True, "page")
    graph.sent.clear()
    assert notify(NOTICE, owner.user.id, owner.scope) == "sent"
    links.opt(owner.scope, mine.number, False, "page")
    assert notify(Notice("other", NOTICE.reply), owner.user.id, owner.scope) == "no_phone"
    assert len(graph.sent) == 1


def test_a_member_of_another_company_is_never_written_to(
    wanting: Phone, owner: Person, person: Callable[..., Person], graph: Graph
):
    assert notify(NOTICE, owner.user.id, person().scope) == "no_phone"
    assert graph.sent == []


def test_without_an_account_it_is_off(owner: Person):
    assert notify(NOTICE, owner.user.id, owner.scope) == "off"


def test_meta_says_at_once_that_it_is_too_late_for_text(wanting: Phone, owner: Person, graph: Graph):
    """Our clock says within the day, Meta's does not."""
    graph.outside.add(wanting.number)
    assert notify(NOTICE, owner.user.id, owner.scope) == "sent"
    assert [m["type"] for m in graph.sent] == ["template"]


def test_meta_says_later_that_it_was_too_late_for_text(wanting: Phone, owner: Person, graph: Graph):
    """The text was taken, and its failure told by a status: the template goes, once."""
    assert notify(NOTICE, owner.user.id, owner.scope) == "sent"
    error = {"code": 131047, "title": "Re-engagement message"}
    status = {"id": graph.ids[-1], "status": "failed", "timestamp": "1790000000", "errors": [error]}
    for _ in range(2):
        post(wanting.browser, delivery([], [status]))
    assert owner.scope.company_id in notices.companies_due()
    for _ in range(2):
        send_waiting(owner.scope)
    assert [m["type"] for m in graph.sent] == ["interactive", "template"]
    assert owner.scope.company_id not in notices.companies_due()


def test_a_trouble_of_metas_is_tried_again_by_the_queue(
    wanting: Phone, owner: Person, graph: Graph, no_queue: list[Any]
):
    graph.failures.append(Failure("messages", 400, 130429))
    assert notify(NOTICE, owner.user.id, owner.scope) == "waiting"
    with db.tenant(owner.scope) as connection:
        connection.execute("UPDATE whatsapp_sent SET run_after = now()")
    jobs.spread("whatsapp", [c for c in notices.companies_due() if c == owner.scope.company_id])
    (job,) = no_queue
    jobs.run(job.company_id, job.id)  # type: ignore[attr-defined]
    assert len(graph.sent) == 1
    assert notify(NOTICE, owner.user.id, owner.scope) == "sent"


def test_it_is_not_tried_for_ever(wanting: Phone, owner: Person, graph: Graph):
    graph.failures.append(Failure("messages", 503, 131016, times=0))
    notify(NOTICE, owner.user.id, owner.scope)
    for _ in range(5):
        at_once(owner)
    assert notify(NOTICE, owner.user.id, owner.scope) == "failed"
    assert graph.sent == []


def test_who_stops_wanting_it_meanwhile_is_left_in_peace(wanting: Phone, owner: Person, graph: Graph):
    graph.failures.append(Failure("messages", 503, 131016))
    notify(NOTICE, owner.user.id, owner.scope)
    links.opt(owner.scope, wanting.number, False, "phone")
    at_once(owner)
    assert graph.sent == []


def test_many_at_once_send_one(wanting: Phone, owner: Person, graph: Graph):
    threads = [threading.Thread(target=notify, args=[NOTICE, owner.user.id, owner.scope]) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(graph.sent) == 1


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize(("where", "sent"), [("draw", 1), ("_mark", 1), ("after", 0), ("_settle", 1)])
def test_a_worker_that_dies_sends_nothing_twice(
    wanting: Phone, owner: Person, graph: Graph, monkeypatch: pytest.MonkeyPatch, where: str, sent: int
):
    marked = notices._mark

    def dies(*_: Any, **__: Any) -> Any:
        raise Killed

    def after(*given: Any) -> None:
        marked(*given)
        raise Killed

    with monkeypatch.context() as broken:
        broken.setattr(notices, "_mark" if where == "after" else where, after if where == "after" else dies)
        with pytest.raises(Killed):
            notify(NOTICE, owner.user.id, owner.scope)
    assert notify(NOTICE, owner.user.id, owner.scope) == "waiting"  # the dead one's claim still holds
    with db.tenant(owner.scope) as connection:
        connection.execute("UPDATE whatsapp_sent SET claimed_until = now() - interval '1 second'")
    at_once(owner)
    send_waiting(owner.scope)
    assert len(graph.sent) == sent
    assert notify(NOTICE, owner.user.id, owner.scope) == ("unsure" if where in ("after", "_settle") else "sent")


def test_what_cannot_be_known_is_unsure_and_shown(wanting: Phone, owner: Person, graph: Graph):
    graph.failures.append(Failure("messages", 200, cut=True))
    assert notify(NOTICE, owner.user.id, owner.scope) == "unsure"
    assert notify(NOTICE, owner.user.id, owner.scope) == "unsure"
    assert len(graph.sent) == 1
    assert "Lo que no llegó" in owner.browser.get("/whatsapp").text


def test_a_templates_values_are_single_lines():
    made = template("aviso", "Tu margen\nbajó\tmucho     de verdad", "x" * 400)
    assert made.values[0] == "Tu margen bajó mucho de verdad"
    assert len(made.values[1]) == 300
    with pytest.raises(ValueError, match="takes 2"):
        template("aviso", "uno")


def test_a_status_settles_a_notice_that_nobody_knew_of(wanting: Phone, owner: Person, graph: Graph):
    graph.failures.append(Failure("messages", 200, cut=True))
    assert notify(NOTICE, owner.user.id, owner.scope) == "unsure"
    told = {"id": graph.ids[0], "status": "read", "timestamp": "1795000000",
            "biz_opaque_callback_data": graph.sent[0]["biz_opaque_callback_data"]}  # fmt: skip
    other = {**told, "biz_opaque_callback_data": told["biz_opaque_callback_data"].replace("text", "template")}
    post(wanting.browser, delivery([], [other]))
    assert notify(NOTICE, owner.user.id, owner.scope) == "unsure"
    post(wanting.browser, delivery([], [told]))
    assert notify(NOTICE, owner.user.id, owner.scope) == "sent"
    assert len(graph.sent) == 1
