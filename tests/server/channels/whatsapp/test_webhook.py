"""Meta's webhook: who may call it, what is kept of a delivery, and that a second one changes nothing."""

import json
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

from core import db
from core.settings import settings
from server.app import create_app
from server.channels.whatsapp import inbox
from server.channels.whatsapp.router import signed
from tests.server.channels.whatsapp.conftest import VERIFY, Phone, delivery, post, signature
from tests.server.graph import Graph


def kept(phone: Phone) -> list[dict[str, Any]]:
    with db.channel() as connection:
        rows = connection.execute(
            "SELECT wamid, message, state FROM whatsapp_inbox WHERE sender = %s ORDER BY sent_at, arrived",
            [phone.number],
        ).fetchall()
    return [{"wamid": r[0], "message": r[1], "state": r[2]} for r in rows]


@pytest.fixture
def quiet(phone: Callable[[], Phone]) -> Phone:
    """A phone whose messages are stored and not worked on."""
    made = phone()
    made.works = False
    return made


def text(phone: Phone, body: str = "hola") -> dict[str, Any]:
    return phone.message({"type": "text", "text": {"body": body}})


def test_the_challenge_is_given_back_to_who_knows_the_word(quiet: Phone):
    asked = {"hub.mode": "subscribe", "hub.verify_token": VERIFY, "hub.challenge": "1158201444"}
    answered = quiet.browser.get("/whatsapp/webhook", params=asked)
    assert (answered.status_code, answered.text) == (200, "1158201444")
    for wrong in ({"hub.verify_token": "otra"}, {"hub.mode": "unsubscribe"}, {"hub.verify_token": "ñandú"}):
        assert quiet.browser.get("/whatsapp/webhook", params={**asked, **wrong}).status_code == 403


def test_a_call_that_meta_did_not_sign_keeps_nothing(quiet: Phone):
    body = json.dumps(delivery([text(quiet)])).encode()
    for headers in ({}, {"X-Hub-Signature-256": signature(body, "otro")}, {"X-Hub-Signature-256": "sha256="},
                    {"X-Hub-Signature-256": signature(body + b" ")}, {"X-Hub-Signature-256": "sha256=ñ".encode("latin-1")}):  # noqa: E501  # fmt: skip
        assert quiet.browser.post("/whatsapp/webhook", content=body, headers=headers).status_code == 403
    assert kept(quiet) == []
    assert signed(body, signature(body), "app-secret-of-the-tests")


def test_the_signature_is_over_the_bytes_and_not_over_what_they_mean(quiet: Phone):
    message = text(quiet, "¿cuánto vendí en año nuevo? 🥐")
    pretty = json.dumps(delivery([message]), ensure_ascii=False, indent=3).encode()
    assert post(quiet.browser, None, pretty).status_code == 200
    # The same message in the same second, in other bytes.
    assert post(quiet.browser, delivery([message])).status_code == 200
    (one,) = kept(quiet)
    assert one["message"]["text"]["body"] == "¿cuánto vendí en año nuevo? 🥐"


def test_a_batch_is_kept_whole_and_only_once(quiet: Phone, nudges: list[str]):
    messages = [text(quiet, f"{n}") for n in range(20)]
    both = delivery(messages[:12])
    both["entry"] += delivery(messages[8:])["entry"]
    for _ in range(3):
        assert post(quiet.browser, both).status_code == 200
    assert [m["message"]["text"]["body"] for m in kept(quiet)] == [str(n) for n in range(20)]
    assert nudges == [quiet.number]


def test_many_deliveries_of_the_same_messages_at_once_keep_each_once(quiet: Phone):
    messages = [text(quiet, f"{n}") for n in range(10)]
    answers: list[int] = []

    def deliver(turned: bool) -> None:
        answers.append(post(quiet.browser, delivery(messages[::-1] if turned else messages)).status_code)

    threads = [threading.Thread(target=deliver, args=[n % 2 == 0]) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [200] * 8
    assert len(kept(quiet)) == 10


@pytest.mark.parametrize("contacts", [True, False])
def test_what_a_payload_lacks_is_done_without(quiet: Phone, contacts: bool):
    """A contact has no `user_id`, or there are no contacts; no timestamp; a type nobody knows."""
    unknown = quiet.message({"type": "hologram", "hologram": {"depth": 3}})
    bare = {"from": quiet.number, "id": f"wamid.{uuid4()}", "type": "text", "text": {"body": "sin hora"}}
    assert post(quiet.browser, delivery([unknown, bare], contacts=contacts)).status_code == 200
    assert {m["message"]["type"] for m in kept(quiet)} == {"hologram", "text"}


def test_who_hides_their_number_is_known_by_their_id(quiet: Phone):
    quiet.number = f"CL.{uuid4().int % 10**16}"
    message = text(quiet)
    message.pop("from")
    payload = delivery([message])
    payload["entry"][0]["changes"][0]["value"]["contacts"] = [{"user_id": quiet.number, "profile": {"name": "R"}}]
    assert post(quiet.browser, payload).status_code == 200
    assert len(kept(quiet)) == 1


def test_what_no_database_keeps_is_taken_out(quiet: Phone):
    body = json.dumps(delivery([text(quiet, "pan\x00 \ud83e y más")])).encode()
    assert post(quiet.browser, None, body).status_code == 200
    assert kept(quiet)[0]["message"]["text"]["body"] == "pan \ufffd y más"


@pytest.mark.parametrize(
    "payload",
    [
        None, [], "hola", {}, {"entry": None}, {"entry": [{"changes": [{"field": "messages", "value": 3}]}]},
        {"entry": [{"changes": [{"field": "account_update", "value": {"messages": [{"id": "x", "from": "1"}]}}]}]},
    ],
)  # fmt: skip
def test_signed_nonsense_is_acknowledged(quiet: Phone, payload: Any):
    assert post(quiet.browser, payload).status_code == 200
    assert post(quiet.browser, None, b"\xff\xfe{").status_code == 200


def test_what_is_for_another_number_or_of_a_group_is_not_ours(quiet: Phone):
    other = delivery([text(quiet)])
    other["entry"][0]["changes"][0]["value"]["metadata"]["phone_number_id"] = "999"
    grouped = delivery([{**text(quiet), "group_id": "Y2FwaV9ncm91cDo"}])
    for payload in (other, grouped):
        assert post(quiet.browser, payload).status_code == 200
    assert kept(quiet) == []


def test_a_large_delivery_is_taken_and_a_larger_one_is_not(quiet: Phone):
    payload = delivery([text(quiet)])
    payload["filler"] = "x" * 2_500_000
    assert post(quiet.browser, payload).status_code == 200
    payload["filler"] = "x" * 3_200_000
    assert post(quiet.browser, payload).status_code == 413


def test_statuses_in_any_order_and_again_have_one_effect(quiet: Phone):
    id = f"wamid.{uuid4()}"

    def status(name: str, **more: Any) -> dict[str, Any]:
        return {"id": id, "status": name, "timestamp": "1790000000", "recipient_id": quiet.number, **more}

    for name in ("read", "sent", "delivered", "read", "sent", "hologram"):
        assert post(quiet.browser, delivery([], [status(name)])).status_code == 200
    error = {"code": 131026, "title": "Undeliverable", "error_data": {"details": "not on WhatsApp"}}
    with db.channel() as connection:
        found = connection.execute("SELECT status, code FROM whatsapp_statuses WHERE wamid = %s", [id]).fetchall()
    assert found == [("read", None)]
    post(quiet.browser, delivery([], [status("failed", errors=[error]), status("delivered")]))
    with db.channel() as connection:
        row = connection.execute("SELECT status, code, error FROM whatsapp_statuses WHERE wamid = %s", [id]).fetchone()
    assert row == ("failed", 131026, "not on WhatsApp")


def test_a_message_from_tomorrow_opens_no_longer_day(quiet: Phone):
    quiet.says("hola", ago=-timedelta(days=3))
    with db.channel() as connection:
        row = connection.execute(
            "SELECT last_message_at <= now() FROM whatsapp_senders WHERE sender = %s", [quiet.number]
        ).fetchone()
    assert row == (True,)


def test_half_an_account_refuses_to_start(graph: Graph, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("AYNI_WHATSAPP_APP_SECRET")
    settings.cache_clear()
    with pytest.raises(RuntimeError, match="AYNI_WHATSAPP_APP_SECRET"):
        create_app()


def test_without_an_account_there_is_no_webhook(browser: TestClient):
    assert post(browser, {}).status_code == 404
    assert browser.get("/whatsapp/webhook").status_code == 404


def test_nobody_sees_what_phones_wrote(quiet: Phone, scope: Any):
    quiet.says("mi secreto")
    for door in (db.identity(), db.tenant(scope)):
        with door as connection:
            for table in ("whatsapp_inbox", "whatsapp_senders", "whatsapp_statuses"):
                assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)  # noqa: S608


def test_what_is_old_and_settled_is_forgotten_and_the_rest_stays(quiet: Phone):
    quiet.says("viejo")
    quiet.says("nuevo")
    first = kept(quiet)[0]["wamid"]
    inbox.settle(first, "done")
    with db.channel() as connection:
        connection.execute(
            "UPDATE whatsapp_inbox SET finished_at = now() - interval '31 days' WHERE wamid = %s", [first]
        )
    inbox.forget_old()
    assert [m["message"]["text"]["body"] for m in kept(quiet)] == ["nuevo"]
