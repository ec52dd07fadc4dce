"""An alert answered from its mail: by its link, which asks before it does, and by a reply in words; by nobody else."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from assistant.answered import wish_of
from core import auth, db
from core.auth import tickets as signed
from core.periods import Grain
from core.settings import settings
from core.tenancy import Role
from features import alerts
from features.alerts import Alert, Quiet, Rule, Wish, planning
from server import addresses, jobs, mailbox
from server.alerts import delivering, tickets
from tests.server.conftest import Person
from tests.server.smtp import Post

Shop = Callable[..., Person]
FRIDAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("said", "until"),
    [
        ("visto", None), ("Vista.", None), ("ok, visto gracias", None), ("ya la vi", None), ("Enterada", None),
        ("márcala como vista", None), ("posponer", 21), ("Pospón 3 días", 23), ("posponer 1 día", 21),
        ("posponer hasta el lunes", 23), ("recuérdamelo mañana", 21), ("recuérdame en una semana", 27),
        ("posponla para el viernes", 27), ("dale, posponer dos días por favor", 22),
    ],
)  # fmt: skip
def test_words_that_answer_an_alert(said: str, until: int | None) -> None:
    assert wish_of(said, FRIDAY) == Wish(date(2026, 11, until) if until else None)


@pytest.mark.parametrize(
    "said",
    ["", "¿por qué?", "gracias", "ok", "no la he visto", "¿cuánto vendí ayer?", "avísame mañana", "posponer 0 días",
     "vista previa", "visto el margen, ¿qué hago?", "recuérdame pagar el arriendo"],
)  # fmt: skip
def test_words_that_do_not(said: str) -> None:
    assert wish_of(said, FRIDAY) is None


def told(owner: Person, post: Post, **how: object) -> tuple[UUID, EmailMessage]:
    """An alert that just reached its owner by mail."""
    now = datetime.now(UTC)
    rule = Rule("stale", "sales", "above", 1, Grain.day, quiet=Quiet(0, 0), **how)  # type: ignore[arg-type]
    with db.tenant(owner.scope) as connection:
        alerts.create(rule, owner.scope, connection, datetime(2026, 11, 1, 15, tzinfo=UTC))
        assert planning.evaluate(owner.scope, connection, now) == 1
        id = alerts.history(owner.scope, connection, now)[0].id
    assert "sent" in delivering.deliver_due(auth.company_scope(owner.scope.company_id), now)
    return id, post.mails[-1]


def link_in(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    found = re.search(rf"https?://[^\s?]+{tickets.PATH}[^\s?]+", body.get_content())
    assert found is not None
    return urlsplit(found.group()).path


def state(owner: Person, id: UUID) -> Alert:
    with db.tenant(owner.scope) as connection:
        return alerts.alert(id, owner.scope, connection)


def test_the_mails_link_asks_and_then_does(shop: Shop, post: Post, browser: TestClient) -> None:
    owner = shop()
    id, mail = told(owner, post)
    path = link_in(mail)
    for wanted in ("vista", "posponer", "<script>"):
        asked = browser.get(path, params={"hacer": wanted})
        assert asked.status_code == 200
        assert "no llegan ventas nuevas" in asked.text
        assert "<script>" not in asked.text
    assert browser.head(path).status_code in (200, 405)
    assert state(owner, id).acknowledged_at is None  # whoever only looks changes nothing
    assert state(owner, id).snoozed_until is None
    days = {"hacer": "posponer", "days": "3"}
    assert "Pospuesta. Te la recuerdo el" in browser.post(path, data=days).text
    assert browser.post(path, data=days).status_code == 200  # twice is once: the reminder is still due
    until = state(owner, id).snoozed_until
    assert until is not None
    with db.tenant(owner.scope) as connection:
        due = connection.execute("SELECT reason FROM alert_deliveries WHERE state = 'waiting'").fetchall()
    assert due == [(f"again-{until}",)]
    assert browser.post(path, data={"hacer": "posponer", "days": "900"}).status_code in (400, 422)
    assert browser.post(path, data={"hacer": "borrar"}).status_code in (400, 422)
    assert "Anotada como vista" in browser.post(path, data={"hacer": "vista"}).text
    assert state(owner, id).acknowledged_by == "Rosa"
    assert browser.post(path, data=days).status_code == 409
    assert "Ya está marcada como vista por Rosa" in browser.get(path).text


def test_no_other_ticket_opens_an_alert(shop: Shop, person: Shop, post: Post, browser: TestClient) -> None:
    owner, stranger = shop(), person()
    id, mail = told(owner, post)
    good = link_in(mail).removeprefix(tickets.PATH)
    claims = {"a": str(id), "u": str(stranger.user.id), "c": str(stranger.scope.company_id)}
    bad = {
        "mine, for theirs": signed.sign("alert", 60, **claims),
        "me, in their company": signed.sign("alert", 60, **{**claims, "c": str(owner.scope.company_id)}),
        "them, in my company": signed.sign("alert", 60, **{**claims, "u": str(owner.user.id)}),
        "another purpose": signed.sign("reset", 60, **{**claims, "u": str(owner.user.id)}),
        "over": signed.sign("alert", -1, a=str(id), u=str(owner.user.id), c=str(owner.scope.company_id)),
        "no such alert": signed.sign(
            "alert", 60, a=str(uuid4()), u=str(owner.user.id), c=str(owner.scope.company_id)
        ),
        "changed": good[:-4] + "AAAA",
        "nothing": "x",
    }  # fmt: skip
    for why, ticket in bad.items():
        assert browser.get(f"{tickets.PATH}{ticket}").status_code == 404, why
        assert browser.post(f"{tickets.PATH}{ticket}", data={"hacer": "vista"}).status_code == 404, why
    cross = browser.post(f"{tickets.PATH}{good}", data={"hacer": "vista"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert cross.status_code == 403
    assert state(owner, id).acknowledged_at is None


def test_who_left_or_was_never_told_may_not(shop: Shop, person: Shop, post: Post, browser: TestClient) -> None:
    owner = shop()
    viewer = person(Role.viewer, owner.scope)
    id, _ = told(owner, post)
    company = owner.scope.company_id
    theirs = urlsplit(tickets.link(id, viewer.user.id, company)).path
    assert browser.post(theirs, data={"hacer": "vista"}).status_code == 403
    with db.tenant(owner.scope) as connection:
        connection.execute("DELETE FROM memberships WHERE user_id = %s", [viewer.user.id])
    assert browser.post(theirs, data={"hacer": "vista"}).status_code == 404
    assert state(owner, id).acknowledged_at is None


def test_a_reply_in_words_does_it_and_is_told(
    shop: Shop, post: Post, no_queue: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings(), "mail_inbound_domain", "in.ayni.test")
    monkeypatch.setattr(settings(), "mail_inbound_secret", SecretStr("una clave compartida"))
    monkeypatch.setattr(settings(), "mail_authserv", "mx.ayni.test")
    owner = shop()
    id, mail = told(owner, post)
    assert "responde a este correo" in str(mail.get_body(("plain",)))

    def reply(text: str, thread: str, proof: str = "pass") -> str:
        no_queue.clear()
        answer = EmailMessage(policy=SMTP)
        answer["Authentication-Results"] = f"mx.ayni.test; dmarc={proof} header.from=example.test"
        answer["From"] = owner.user.email
        answer["To"] = addresses.reply_to(owner.user.id, owner.scope.company_id)
        answer["Subject"], answer["Message-ID"] = "Re: aviso", f"<{uuid4().hex}@c.test>"
        answer["References"] = thread
        answer.set_content(text)
        assert mailbox.take(answer.as_bytes()) == "question"
        (job,) = no_queue
        assert isinstance(job, jobs.Job)
        jobs.run(job.company_id, job.id)
        body = post.mails[-1].get_body(("plain",))
        return str(body.get_content()) if body else ""

    thread = str(mail["Message-ID"])
    reply("visto", "<otra@ayni.test>")  # in no alert's thread it is only words
    assert "No pude comprobar" in reply("visto", thread, "none")
    assert state(owner, id).acknowledged_at is None
    assert "Pospuesta" in reply("posponer 2 días\n\nEnviado desde mi teléfono", thread)
    until = owner.scope.company.day_of(datetime.now(UTC)) + timedelta(days=2)
    assert state(owner, id).snoozed_until == until
    both = reply("Visto, gracias\n¿cuánto vendí en octubre de 2026?", thread)
    assert state(owner, id).acknowledged_at is not None
    assert "Anotada como vista" in both
    assert "$31.000" in both
