"""The summary's pages: what landed in the development folder is for its reader alone."""

from collections.abc import Callable
from email.message import EmailMessage
from uuid import uuid4

from fastapi.testclient import TestClient

from server.channels import email
from tests.server.conftest import Person


def landed(to: str) -> str:
    mail = EmailMessage()
    mail["To"], mail["Subject"], mail["Message-ID"] = f"Rosa <{to}>", f"Tu semana {to}", f"<{uuid4()}@ayni.test>"
    mail.set_content("Vendiste $1.234")
    mail.add_alternative("<p>Vendiste $1.234</p>", subtype="html")
    before = set(email.folder().glob("*.eml"))
    email.deliver(mail, lambda: None)
    (path,) = set(email.folder().glob("*.eml")) - before
    return path.stem


def test_mails_in_the_folder_are_their_readers_own(person: Callable[..., Person], browser: TestClient):
    mine, other = person(), person()
    name = landed(mine.user.email)
    assert email.folder().stat().st_mode & 0o077 == 0  # nor for the machine's other users
    assert mine.user.email in mine.browser.get("/dev/mails").text
    assert "$1.234" in mine.browser.get(f"/dev/mails/{name}").text
    assert mine.user.email not in other.browser.get("/dev/mails").text
    assert other.browser.get(f"/dev/mails/{name}").status_code == 404
    for path in ("/dev/mails", f"/dev/mails/{name}"):
        assert browser.get(path).status_code == 401
