"""Mail leaves over SMTP, or lands in a folder."""

from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest
from pydantic import SecretStr

from core.errors import BadInput, Conflict
from core.settings import settings
from server.channels import email
from server.channels.email import Relay, relay
from tests.server.smtp import Post, running


def mail(text: str = "Hola") -> EmailMessage:
    made = EmailMessage(policy=SMTP)
    made["From"], made["To"] = "Ayni <resumen@ayni.test>", "Rosa <rosa@example.test>"
    made["Subject"], made["Message-ID"] = "Tu semana: $1,8 millones", "<1@ayni.test>"
    made.set_content(text)
    return made


@pytest.fixture
def post(monkeypatch):
    with running() as server:
        monkeypatch.setattr(settings(), "smtp_url", SecretStr(server.url))
        yield server


@pytest.mark.parametrize(
    ("url", "meant"),
    [
        ("smtp://mail.example.com", Relay("mail.example.com", 587, "starttls")),
        ("smtps://u%40x:p%2Fw@mail.example.com", Relay("mail.example.com", 465, "tls", "u@x", "p/w")),
        ("smtp://u:p@mail.example.com:2525?tls=no", Relay("mail.example.com", 2525, "no", "u", "p")),
        ("smtp://127.0.0.1", Relay("127.0.0.1", 25, "no")),
    ],
)
def test_the_setting_is_read(url, meant):
    assert relay(url) == meant


@pytest.mark.parametrize("url", ["mail.example.com", "http://x", "smtp://", "smtp://x:no", "smtp://x?tls=maybe"])
def test_a_setting_that_means_nothing_is_refused(url):
    with pytest.raises(BadInput):
        relay(url)


def test_lines_and_letters_arrive_as_they_were(post: Post):
    text = ".empieza con un punto\n..y con dos\nñandú, $1.234 €\n"
    email.deliver(mail(text), lambda: None)
    [arrived] = post.mails
    assert arrived.get_content().replace("\r\n", "\n") == text
    assert arrived["Subject"] == "Tu semana: $1,8 millones"


def test_nothing_is_final_before_it_is_marked(post: Post):
    seen = []
    email.deliver(mail(), lambda: seen.append(len(post.mails)))
    assert seen == [0]
    assert len(post.mails) == 1


def test_whoever_may_not_mark_sends_nothing(post: Post):
    def refuse() -> None:
        raise LookupError

    with pytest.raises(LookupError):
        email.deliver(mail(), refuse)
    assert post.mails == []


@pytest.mark.parametrize(
    ("command", "reply", "permanent"),
    [
        ("MAIL", "550 who are you", False),
        ("RCPT", "550 no such person", True),
        ("RCPT", "450 later", False),
        ("DATA", "554 no", True),
    ],
)
def test_a_refusal_says_whether_to_try_again(post: Post, command, reply, permanent):
    post.refuse = {command: reply}
    with pytest.raises(email.NotDelivered) as problem:
        email.deliver(mail(), lambda: None)
    assert (str(problem.value), problem.value.permanent) == (reply, permanent)


def test_a_line_that_breaks_at_the_end_is_unknown(post: Post):
    post.answers = ["drop"]
    with pytest.raises(email.Unknown):
        email.deliver(mail(), lambda: None)


def test_no_server_is_a_reason_to_try_again(monkeypatch):
    monkeypatch.setattr(settings(), "smtp_url", SecretStr("smtp://127.0.0.1:1"))
    with pytest.raises(email.NotDelivered) as problem:
        email.deliver(mail(), lambda: None)
    assert not problem.value.permanent


def test_in_development_mails_land_in_a_folder_once(monkeypatch, tmp_path: Path):
    monkeypatch.setattr(settings(), "data_dir", tmp_path)
    for _ in range(2):
        email.deliver(mail(), lambda: None)
    [landed] = (tmp_path / "mails").iterdir()
    assert b"Message-ID: <1@ayni.test>" in landed.read_bytes()


def test_in_production_nothing_lands_in_a_folder(monkeypatch, tmp_path: Path):
    monkeypatch.setattr(settings(), "data_dir", tmp_path)
    monkeypatch.setattr(settings(), "env", "production")
    assert not email.able()
    with pytest.raises(email.NotDelivered):
        email.deliver(mail(), lambda: None)
    with pytest.raises(Conflict):
        email.sender()
    assert list(tmp_path.iterdir()) == []
