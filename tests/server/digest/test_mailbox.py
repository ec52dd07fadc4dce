"""A reply is answered once, as its writer, into its thread; machines never; what bounced is noted and pauses."""

import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from core import auth, db
from core.settings import settings
from core.tenancy import Role
from features import alerts
from server import addresses, jobs, mailbox, mails, outbox, replies
from server.api.mail import PATH, signature
from server.channels import inbound
from server.digest import choices, sending
from server.digest.editions import parse
from tests.server.conftest import Person
from tests.server.digest.conftest import TODAY, as_queue
from tests.server.smtp import Post

DOMAIN = "in.ayni.test"


@pytest.fixture(autouse=True)
def inbox(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings(), "mail_inbound_domain", DOMAIN)
    monkeypatch.setattr(settings(), "mail_inbound_secret", SecretStr("una clave compartida"))


def summary(owner: Person, today: object = TODAY) -> str:
    scope = as_queue(owner.scope)
    with db.tenant(scope) as connection:
        one = choices.subscribers(scope, connection)[0]
    return sending.send(parse("2026-W44"), one, TODAY, scope)


def reply(owner: Person, text: str = "¿cuánto vendí en octubre?", **headers: str) -> bytes:
    mail = EmailMessage(policy=SMTP)
    given = {
        "From": f"Rosa <{owner.user.email}>",
        "To": addresses.reply_to(owner.user.id, owner.scope.company_id),
        "Subject": "Re: Tu semana",
        "Message-ID": "<pregunta-1@correo.test>",
        "In-Reply-To": "<ayni.1@ayni.test>",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    for name, value in given.items():
        if value:
            mail[name] = value
    mail.set_content(f"{text}\n\nEl lun, 2 nov 2026, Ayni escribió:\n> Vendiste $1\n")
    return mail.as_bytes()


def worked(no_queue: list[object]) -> None:
    while no_queue:
        job = no_queue.pop(0)
        assert isinstance(job, jobs.Job)
        jobs.run(job.company_id, job.id)  # the company's next one too


def test_a_reply_is_answered_once_in_its_thread(
    shop: Callable[..., Person],
    post: Post,
    no_queue: list[object],
) -> None:
    owner = shop()
    assert summary(owner) == "sent"
    [digest] = post.mails
    assert digest["Reply-To"] == addresses.reply_to(owner.user.id, owner.scope.company_id)
    assert "Responde este correo" in str(digest.get_body(("plain",)))
    raw = reply(owner, "¿cuánto vendí en octubre de 2026?", In_Reply_To=digest["Message-ID"])
    assert mailbox.take(raw) == "question"
    assert mailbox.take(raw).startswith("ignored")
    worked(no_queue)
    assert mailbox.take(raw).startswith("ignored")
    assert not no_queue
    answer = post.mails[1]
    assert len(post.mails) == 2
    assert answer["To"].endswith(f"<{owner.user.email}>")
    assert answer["In-Reply-To"] == "<pregunta-1@correo.test>"
    assert answer["References"].split() == [digest["Message-ID"], "<pregunta-1@correo.test>"]
    assert answer["Auto-Submitted"] == "auto-replied"
    assert answer["Subject"] == "Re: Tu semana"
    html, text = str(answer.get_body(("html",)).get_content()), str(answer.get_body(("plain",)).get_content())
    asked = owner.browser.post("/api/v1/ask", json={"question": "¿cuánto vendí en octubre de 2026?"}).json()
    bold = asked["text"].split("**")[1]
    assert bold in html
    assert bold in text
    assert asked["citations"][0]["href"].replace("&", "&amp;") in html
    assert settings().url + asked["citations"][0]["href"] in text.replace("\n", "")
    assert replies.answer("<pregunta-1@correo.test>", as_queue(owner.scope)) == "sent"
    assert len(post.mails) == 2
    assert mailbox.take(bytes(answer)).startswith("ignored: Auto-Submitted")


def test_the_next_question_leans_on_the_one_before(
    shop: Callable[..., Person],
    post: Post,
    no_queue: list[object],
) -> None:
    owner = shop()
    assert mailbox.take(reply(owner, "¿cuánto vendí en octubre de 2026?")) == "question"
    second = reply(
        owner, "¿y en Talca?", Message_ID="<2@c.test>", References="<ayni.1@ayni.test> <pregunta-1@correo.test>"
    )
    assert mailbox.take(second) == "question"
    worked(no_queue)
    text = str(post.mails[1].get_body(("plain",)).get_content())
    assert "Talca" in text
    assert "octubre" in text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Auto-Submitted", "auto-replied"),
        ("Auto-Submitted", "auto-generated (vacation)"),
        ("Precedence", "bulk"),
        ("List-Id", "<x>"),
        ("Return-Path", "<>"),
        ("X-Auto-Response-Suppress", "All"),
        ("From", "MAILER-DAEMON@correo.test"),
        ("From", "otra@correo.test"),
        ("To", f"reply+{'a' * 52}@{DOMAIN}"),
        ("To", f"hola@{DOMAIN}"),
        ("From", ""),
    ],
)
def test_machines_and_strangers_get_nothing(
    owner: Person, post: Post, no_queue: list[object], name: str, value: str
) -> None:
    assert mailbox.take(reply(owner, **{name.replace("-", "_"): value})).startswith("ignored")
    assert not no_queue
    assert not post.mails


def test_an_address_is_of_one_reader_and_one_company(person: Callable[..., Person], no_queue: list[object]) -> None:
    owner, other = person(), person()
    own = addresses.reply_to(owner.user.id, owner.scope.company_id)
    assert len(own.partition("@")[0]) <= 64
    assert own == own.lower()
    found = addresses.replied_to([f"Ayni <{own.upper()}>"])
    assert found is not None
    assert (found.user_id, found.company_id, found.role) == (owner.user.id, owner.scope.company_id, Role.owner)
    crossed = addresses.reply_to(owner.user.id, other.scope.company_id)
    assert addresses.replied_to([crossed]) is None  # signed, but they belong to no such company
    token = own[6:58]
    changed = ("b" if token[-8] == "a" else "a").join((token[:-8], token[-7:]))
    assert addresses.replied_to([f"reply+{changed}@{DOMAIN}"]) is None
    assert addresses.replied_to([own.replace(DOMAIN, "otro.test")]) is None
    # Another reader's address, with one's own sender: not theirs to use.
    assert mailbox.take(reply(other, To=own)).startswith("ignored: not from the reader")


def test_a_day_has_an_end(owner: Person, no_queue: list[object], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox, "MOST_A_DAY", 2)
    taken = [mailbox.take(reply(owner, Message_ID=f"<{n}@c.test>")) for n in range(3)]
    assert [t.split(":")[0] for t in taken] == ["question", "question", "ignored"]


def test_a_busy_mail_server_is_asked_again(
    shop: Callable[..., Person],
    post: Post,
    no_queue: list[object],
) -> None:
    owner = shop()
    post.answers = ["451 later"]
    assert mailbox.take(reply(owner)) == "question"
    worked(no_queue)
    assert not post.mails
    assert owner.scope.company_id not in outbox.companies_waiting(replies.PREFIX)
    with db.tenant(owner.scope) as connection:
        connection.execute("UPDATE mails SET run_after = now() - interval '1 minute'")
    assert owner.scope.company_id in outbox.companies_waiting(replies.PREFIX)
    assert replies.answer_waiting(as_queue(owner.scope)) == ["sent"]
    assert len(post.mails) == 1


def report(message_id: str, status: str = "5.1.1", action: str = "failed", to: str = f"bounce@{DOMAIN}") -> bytes:
    lines = [
        "From: MAILER-DAEMON@mx.test", f"To: {to}", "Subject: Undelivered Mail", "MIME-Version: 1.0",
        "Auto-Submitted: auto-replied", 'Content-Type: multipart/report; report-type=delivery-status; boundary="b"', "",
        "--b", "Content-Type: text/plain", "", "I'm sorry.",
        "--b", "Content-Type: message/delivery-status", "", "Reporting-MTA: dns; mx.test", "",
        "Final-Recipient: rfc822; rosa@correo.test", f"Action: {action}", f"Status: {status}",
        "Diagnostic-Code: smtp; 550 5.1.1 no such user <b>here</b>", "",
        "--b", "Content-Type: text/rfc822-headers", "", *([f"Message-ID: {message_id}"] if message_id else []),
        "Subject: Tu semana", "", "--b--", "",
    ]  # fmt: skip
    return "\r\n".join(lines).encode()


def state(owner: Person) -> str:
    with db.tenant(owner.scope) as connection:
        row = connection.execute("SELECT state FROM mails WHERE key = '2026-W44'").fetchone()
    assert row is not None
    return str(row[0])


@pytest.mark.parametrize("named_by", ["message id", "address"])
def test_a_mail_that_bounced_pauses_its_reader_until_they_say(
    shop: Callable[..., Person],
    person: Callable[..., Person],
    post: Post,
    no_queue: list[object],
    named_by: str,
) -> None:
    owner = shop()
    colleague = person(Role.owner, owner.scope)
    assert summary(owner) == "sent"
    [mail] = post.mails
    assert post.envelopes[0] == addresses.bounces_to(mail["Message-ID"])
    raw = report(mail["Message-ID"]) if named_by == "message id" else report("", to=post.envelopes[0])
    assert mailbox.take(report(mail["Message-ID"], action="delayed", status="4.4.1")).startswith("ignored")
    assert mailbox.take(raw) == "bounce"
    assert mailbox.take(raw).startswith("ignored")
    assert state(owner) == "bounced"
    page = owner.browser.get("/resumen").text
    assert "Rebotó" in page
    assert "no such user &lt;b&gt;here" in page
    assert "Volver a enviarme" in page
    assert "Lo que no llegó a tu equipo" not in page
    assert owner.user.email in colleague.browser.get("/resumen").text.partition("Lo que no llegó a tu equipo")[2]
    [told] = mails.latest(owner.scope.company.slug, True, 5)
    assert (told["state"], told["paused"]) == ("bounced", True)
    monday = datetime(2026, 11, 9, 8, 5, tzinfo=owner.scope.company.tz)
    assert "paused" in sending.send_due(as_queue(owner.scope), monday)
    assert len(post.mails) == 1 + len([m for m in post.mails if colleague.user.email in m["To"]])
    assert owner.browser.post("/resumen/reanudar").status_code == 303
    assert "Volver a enviarme" not in owner.browser.get("/resumen").text
    with db.tenant(owner.scope) as connection:
        one = choices.subscribers(owner.scope, connection)[0]
    assert not outbox.paused(one.reader, owner.scope)


def test_a_full_mailbox_pauses_nobody(shop: Callable[..., Person], post: Post) -> None:
    owner = shop()
    assert summary(owner) == "sent"
    assert mailbox.take(report(post.mails[0]["Message-ID"], status="5.2.2")) == "bounce"
    assert state(owner) == "bounced"
    assert "Volver a enviarme" not in owner.browser.get("/resumen").text


def test_a_bounce_of_nothing_of_ours_changes_nothing(owner: Person) -> None:
    for id in ("<ayni.0@ayni.test>", "", "<x@y>"):
        assert mailbox.take(report(id)).startswith("ignored")


def test_whatever_comes_is_read() -> None:
    for raw in (
        b"",
        b"\xff\xfe\x00",
        b"From: \xe1\n\n",
        b"Content-Type: multipart/report\n\nx",
        b"From: a@b\nTo: " + b"x" * 99999,
    ):
        assert mailbox.take(raw).startswith("ignored")
        assert inbound.read(raw).message_id


def test_the_hook_takes_only_what_is_signed(owner: Person, browser: TestClient, no_queue: list[object]) -> None:
    raw, now = reply(owner), int(datetime.now(UTC).timestamp())

    def sent(body: bytes, header: str) -> int:
        return browser.post(PATH, content=body, headers={"X-Ayni-Signature": header}).status_code

    good = signature(raw, now)
    assert sent(raw, "") == sent(raw, "t=1,v1=2") == sent(raw + b"x", good) == 403
    assert sent(raw, signature(raw, now - 3600)) == 403
    assert sent(raw, good.replace(f"t={now}", f"t={now + 1}")) == 403
    assert not no_queue
    said = b"%d." % now + raw
    assert good == f"t={now},v1={hmac.digest(b'una clave compartida', said, 'sha256').hex()}"
    answer = browser.post(PATH, content=raw, headers={"X-Ayni-Signature": good})
    assert (answer.status_code, json.loads(answer.content)) == (200, {"taken": "question"})
    assert len(no_queue) == 1


def test_without_a_secret_the_hook_is_shut(
    owner: Person, browser: TestClient, monkeypatch: pytest.MonkeyPatch, no_queue: list[object]
) -> None:
    header = signature(reply(owner), int(datetime.now(UTC).timestamp()))
    monkeypatch.setattr(settings(), "mail_inbound_secret", None)
    assert browser.post(PATH, content=reply(owner), headers={"X-Ayni-Signature": header}).status_code == 403
    assert not addresses.answered()
    assert not no_queue


def test_who_left_the_company_is_not_answered(
    shop: Callable[..., Person],
    person: Callable[..., Person],
    post: Post,
    no_queue: list[object],
) -> None:
    owner = shop()
    viewer = person(Role.viewer, owner.scope)
    raw = reply(viewer)
    assert mailbox.take(raw) == "question"
    with db.owner() as connection:
        connection.execute("DELETE FROM memberships WHERE user_id = %s", [viewer.user.id])
    worked(no_queue)
    assert not post.mails
    assert mailbox.take(reply(viewer, Message_ID="<2@c.test>")).startswith("ignored")
    assert auth.memberships(viewer.user.id) == []


def handed_over(browser: TestClient, raw: bytes) -> str:
    """By the hook, as the receiving server does it."""
    header = signature(raw, int(datetime.now(UTC).timestamp()))
    return str(browser.post(PATH, content=raw, headers={"X-Ayni-Signature": header}).json()["taken"])


@pytest.mark.parametrize(
    ("results", "said", "rules"),
    [
        ("mx.ayni.test; dmarc=pass header.from=example.test", "Te aviso", 1),
        ("mx.ayni.test; dmarc=none header.from=example.test", "Desde aquí no puedo cambiar avisos", 0),
        ("mx.other.test; dmarc=pass header.from=example.test", "Desde aquí no puedo cambiar avisos", 0),
        ("", "Desde aquí no puedo cambiar avisos", 0),
        ("mx.ayni.test; dmarc=fail header.from=example.test", "", 0),
    ],
)
def test_only_who_is_proven_changes_anything_by_mail(
    shop: Callable[..., Person],
    post: Post,
    no_queue: list[object],
    browser: TestClient,
    monkeypatch: pytest.MonkeyPatch,
    results: str,
    said: str,
    rules: int,
) -> None:
    monkeypatch.setattr(settings(), "mail_authserv", "mx.ayni.test")
    owner = shop()
    # What came with the mail lies below what the receiving server put above it.
    forged = b"Authentication-Results: mx.ayni.test; dmarc=pass header.from=example.test\r\n"
    own = f"Authentication-Results: {results}\r\n".encode() if results else b""
    below = forged if results.startswith("mx.ayni.test") else b""
    taken = handed_over(browser, own + below + reply(owner, "avísame si las ventas bajan de $1.000.000"))
    worked(no_queue)
    with db.tenant(owner.scope) as connection:
        assert len(alerts.rules(owner.scope, connection)) == rules
    if not said:
        assert taken == "ignored: not from its sender"
        assert not post.mails
        handed_over(browser, own + reply(owner, "¿cuánto vendí?", Message_ID="<2@c.test>"))
        with db.tenant(owner.scope) as connection:
            noted = connection.execute("SELECT user_id, subject FROM audit_log WHERE action = 'mail_forged'").fetchall()
        assert noted == [(None, owner.user.email)]  # once a day, and done by nobody of the company
        return
    assert taken == "question"
    assert said in str(post.mails[-1].get_body(("plain",)).get_content()).replace("\n", " ")


def test_without_a_server_to_believe_questions_are_answered_all_the_same(
    shop: Callable[..., Person], post: Post, no_queue: list[object], browser: TestClient
) -> None:
    owner = shop()
    forged = b"Authentication-Results: mx.ayni.test; dmarc=pass header.from=example.test\r\n"
    assert handed_over(browser, forged + reply(owner, "¿cuánto vendí en octubre de 2026?")) == "question"
    assert handed_over(browser, forged + reply(owner, "avísame si el margen baja de 30 %", Message_ID="<2@c.test>"))
    worked(no_queue)
    answer, refusal = (str(m.get_body(("plain",)).get_content()) for m in post.mails)
    assert "octubre 2026" in answer
    assert "no puedo cambiar avisos" in refusal
