"""The page of the summary, its one-click end, and the mails of development."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from core import auth, db
from core.settings import settings
from core.tenancy import Role
from server import jobs
from server.channels import email
from server.digest import choices, command, sending
from server.digest.editions import parse
from tests.server.conftest import Person
from tests.server.digest.conftest import TODAY, as_queue
from tests.server.smtp import Post


def frequency(owner: Person) -> str:
    with db.tenant(owner.scope) as connection:
        return choices.choice(owner.scope, connection).frequency


def test_an_owner_changes_how_often_it_comes(owner: Person) -> None:
    assert frequency(owner) == "weekly"
    answer = owner.browser.post("/resumen", data={"frequency": "monthly"})
    assert (answer.status_code, frequency(owner)) == (303, "monthly")
    assert '<option value="monthly" selected>' in owner.browser.get("/resumen").text
    assert owner.browser.post("/resumen", data={"frequency": "hourly"}).status_code == 400


def test_a_reader_chooses_by_which_way_and_what_is_in_it(shop: Callable[..., Person]) -> None:
    owner = shop()
    kept = {"frequency": "daily", "by": "both", "section": ["kpis", "watch"]}
    assert owner.browser.post("/resumen", data=kept).status_code == 303
    with db.tenant(owner.scope) as connection:
        chosen = choices.choice(owner.scope, connection)
    assert chosen == choices.Choice("daily", "both", frozenset({"insights", "peers", "winds"}))
    page = owner.browser.get("/resumen").text
    assert '<option value="both" selected>' in page
    assert page.count(" checked>") == 2
    mail = owner.browser.get("/resumen/correo", params={"edicion": "2026-W44"}).text
    assert "Lo que importa" not in mail
    assert "Transacciones" in mail
    for wrong in ({"by": "paloma"}, {"section": ["todo"]}):
        assert owner.browser.post("/resumen", data={"frequency": "weekly", **wrong}).status_code == 400


def test_every_format_is_previewed_as_mail_and_paper(shop: Callable[..., Person]) -> None:
    owner = shop()
    for edition in ("2026-10-31", "2026-W44", "2026-10", "2026-10-cierre"):
        answer = owner.browser.get("/resumen/correo", params={"edicion": edition})
        assert answer.status_code == 200, edition
        paper = owner.browser.get("/resumen/resumen.pdf", params={"edicion": edition})
        assert (paper.status_code == 200) == ("TUS CIFRAS" in answer.text or "Lo que importa" in answer.text), edition
    for template in ("daily", "weekly", "monthly", "closing", "otra"):
        assert owner.browser.get("/resumen", params={"formato": template}).status_code == 200


def test_what_failed_is_sent_again_when_its_reader_asks(
    shop: Callable[..., Person], person: Callable[..., Person], post: Post, no_queue: list[object]
) -> None:
    owner = shop()
    scope = as_queue(owner.scope)
    with db.tenant(scope) as connection:
        one = choices.subscribers(scope, connection)[0]
    post.answers = ["drop"]
    assert sending.send(parse("2026-W44"), one, TODAY, scope) == "unsure"
    page = owner.browser.get("/resumen").text
    assert "No sabemos si llegó" in page
    assert "Enviármelo otra vez" in page
    stranger = person()
    assert stranger.browser.post("/resumen/otra-vez", data={"key": "2026-W44"}).status_code == 404
    assert owner.browser.post("/resumen/otra-vez", data={"key": "2026-W44"}).status_code == 303
    [job] = no_queue
    assert isinstance(job, jobs.Job)
    assert jobs.run(job.company_id, job.id)
    assert [m["Message-ID"] for m in post.mails] == [post.mails[0]["Message-ID"]] * 2
    assert "Enviármelo otra vez" not in owner.browser.get("/resumen").text
    assert owner.browser.post("/resumen/otra-vez", data={"key": "2026-W44"}).status_code == 404  # it was sent


def test_a_stranger_is_sent_to_the_door(browser: TestClient) -> None:
    for path in ("/resumen", "/resumen/correo", "/resumen/resumen.pdf"):
        assert browser.get(path, headers={"accept": "text/html"}).status_code == 303


def test_without_sales_it_says_what_to_do(owner: Person) -> None:
    assert "De ese período no hay ventas que resumir" in owner.browser.get("/resumen").text
    assert owner.browser.get("/resumen/correo").status_code == 404


def test_the_preview_is_the_mail_and_runs_nothing(shop: Callable[..., Person]) -> None:
    owner = shop()
    page = owner.browser.get("/resumen/correo", params={"edicion": "2026-W44"})
    assert "Talca" in page.text
    assert "data:image/png;base64," in page.text
    assert "cid:" not in page.text
    assert "style-src 'unsafe-inline'" in page.headers["content-security-policy"]
    assert "script" not in page.headers["content-security-policy"]
    paper = owner.browser.get("/resumen/resumen.pdf", params={"edicion": "2026-W44"})
    assert paper.content.startswith(b"%PDF")


def test_one_click_ends_it_and_looking_does_not(owner: Person, browser: TestClient) -> None:
    path = urlsplit(choices.leave_url(owner.scope.company_id, owner.user.id)).path
    assert "¿Dejamos de enviarte" in browser.get(path).text
    assert frequency(owner) == "weekly"
    # As a mail program's server posts it: no cookie, no origin.
    assert browser.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert frequency(owner) == "off"


def test_a_leave_address_cannot_be_made_up(owner: Person, person: Callable[..., Person], browser: TestClient) -> None:
    path = urlsplit(choices.leave_url(owner.scope.company_id, owner.user.id)).path
    stranger = urlsplit(choices.leave_url(owner.scope.company_id, person().user.id)).path
    session = auth.session_token(owner.user, owner.scope.company.slug)
    for wrong in (path[:-2] + "xx", f"{choices.PATH}x", f"{choices.PATH}{session}", stranger):
        assert browser.post(wrong).status_code == 404
    assert frequency(owner) == "weekly"


def test_in_development_a_reader_looks_at_their_mails(
    shop: Callable[..., Person], person: Callable[..., Person], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    owner, stranger = shop(), person()
    scope = as_queue(owner.scope)
    with db.tenant(scope) as connection:
        reader = choices.subscribers(scope, connection)[0]
    monkeypatch.setattr(email, "folder", lambda: tmp_path)
    assert sending.send(parse("2026-W44"), reader, TODAY, scope) == "sent"
    name = next(tmp_path.glob("*.eml")).stem
    assert f"/dev/mails/{name}" in owner.browser.get("/dev/mails").text
    page = owner.browser.get(f"/dev/mails/{name}")
    assert "Talca" in page.text
    assert "data:image/png;base64," in page.text
    assert owner.browser.get("/dev/mails/otro").status_code == 404
    assert name not in stranger.browser.get("/dev/mails").text
    assert stranger.browser.get(f"/dev/mails/{name}").status_code == 404
    monkeypatch.setattr(settings(), "secret_key", SecretStr(settings().secret()))
    monkeypatch.setattr(settings(), "env", "production")
    assert owner.browser.get("/dev/mails").status_code == 404
    assert owner.browser.get(f"/dev/mails/{name}").status_code == 404


def test_the_command_writes_files_and_sends_nothing(shop: Callable[..., Person], tmp_path: Path) -> None:
    owner = shop()
    done = command.write(parse("2026-W44"), TODAY, tmp_path / "out", as_queue(owner.scope))
    assert done.good
    assert {p.suffix for p in (tmp_path / "out").iterdir()} == {".eml", ".html", ".txt", ".pdf"}
    with db.tenant(owner.scope) as connection:
        assert connection.execute("SELECT count(*) FROM mails").fetchone() == (0,)
    assert owner.scope.role is Role.owner
