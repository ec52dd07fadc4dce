"""A forgotten password: the mail's link works once, for an hour, and nobody learns who has an account."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient

from core import auth, db
from core.auth import resets, tickets
from core.errors import NotFound
from core.tenancy import Role
from tests.server.conftest import PASSWORD, Person
from tests.server.mailbox import link_for, mails_to

NEW = "otra clave larga"


def _ask(browser: TestClient, email: str) -> str:
    return browser.post("/recuperar", data={"email": email}).text.replace(email, "X")


def test_the_link_sets_a_password_once_and_closes_every_session(owner: Person, browser: TestClient):
    assert "Revisa tu correo" in _ask(browser, f" {owner.user.email.upper()} ".strip())
    path = link_for(owner.user.email)
    ticket = path.partition("t=")[2]
    assert "Tu clave nueva" in browser.get(path).text
    assert browser.get(path).status_code == 200  # looking is not using
    assert browser.post("/recuperar/nueva", data={"t": ticket, "password": "corta"}).status_code == 400
    done = browser.post("/recuperar/nueva", data={"t": ticket, "password": NEW})
    assert (done.status_code, done.headers["location"]) == (303, "/entrar?clave=1")
    assert owner.browser.get("/api/v1/uploads").status_code == 401
    for again in (browser.get(path), browser.post("/recuperar/nueva", data={"t": ticket, "password": PASSWORD})):
        assert again.status_code == 404
        assert "ya no sirve" in again.text
    assert browser.post("/entrar", data={"email": owner.user.email, "password": PASSWORD}).status_code == 401
    assert browser.post("/entrar", data={"email": owner.user.email, "password": NEW}).status_code == 303
    with db.tenant(owner.scope) as connection:
        noted = connection.execute("SELECT action, user_id FROM audit_log").fetchall()
    assert noted == [("password_reset", owner.user.id)]


def test_a_reset_tells_of_the_keys_and_ends_them_where_asked(
    owner: Person, person: Callable[..., Person], browser: TestClient
):
    other = person()
    auth.add_member(other.scope.company, owner.user.email, Role.viewer)
    abroad = auth.scope_for(owner.user.id, other.scope.company.slug)
    keys = []
    for scope in (owner.scope, abroad, other.scope):
        with db.tenant(scope) as connection:
            keys.append(auth.create_key("Caja", ["look"], None, scope, connection))

    def stands() -> list[bool]:
        tries = [browser.get("/api/v1/metrics", headers={"authorization": f"Bearer {key}"}) for key in keys]
        return [answer.status_code == 200 for answer in tries]

    for ends, expected in (({}, [True, True, True]), ({"end_keys": "true"}, [False, False, True])):
        _ask(browser, owner.user.email)
        path = link_for(owner.user.email)
        assert "mis 2 claves de API" in browser.get(path).text
        sent = {"t": path.partition("t=")[2], "password": NEW, **ends}
        assert browser.post("/recuperar/nueva", data=sent).status_code == 303
        assert stands() == expected
    with db.tenant(abroad) as connection:
        noted = connection.execute("SELECT user_id FROM audit_log WHERE action = 'key_revoked'").fetchall()
    assert noted == [(owner.user.id,)]


def test_an_unknown_address_is_told_the_same_and_gets_nothing(owner: Person, browser: TestClient):
    nobody = f"{uuid4().hex}@example.test"
    assert _ask(browser, nobody) == _ask(browser, owner.user.email)
    assert mails_to(nobody) == []
    assert len(mails_to(owner.user.email)) == 1


def test_asking_is_limited_for_known_and_unknown_alike(owner: Person, browser: TestClient):
    for email in (owner.user.email, f"{uuid4().hex}@example.test"):
        told = [browser.post("/recuperar", data={"email": email}).status_code for _ in range(resets.ASKED_ACCOUNT + 1)]
        assert told == [200] * resets.ASKED_ACCOUNT + [429]
    assert len(mails_to(owner.user.email)) == resets.ASKED_ACCOUNT


def test_a_ticket_of_another_kind_another_time_or_another_key_is_worth_nothing(owner: Person):
    claims = {"user": str(owner.user.id), "version": 0}
    late = datetime.now(UTC) - timedelta(seconds=resets.SECONDS + 1)
    for bad in (
        tickets.sign("email", 3600, **claims),
        tickets.sign("code", 3600, **claims),
        tickets.sign("reset", resets.SECONDS, late, **claims),
        tickets.sign("reset", 3600, user=str(UUID(int=0)), version=0),
        auth.session_token(owner.user, None),
        tickets.sign("reset", 3600, **claims)[:-3],
        "",
        "no\0sé",
        "ñ",
    ):
        with pytest.raises(NotFound):
            auth.reset_password(bad, NEW, "10.0.0.1")
    assert auth.sign_in(owner.user.email, PASSWORD, f"ip-{uuid4()}").id == owner.user.id


def test_a_link_ends_with_any_other_change_of_the_password(owner: Person, browser: TestClient):
    _ask(browser, owner.user.email)
    auth.set_password(owner.user.email, NEW)
    assert browser.get(link_for(owner.user.email)).status_code == 404


def test_what_a_mail_carries_is_in_no_log(owner: Person, browser: TestClient, caplog: pytest.LogCaptureFixture):
    with caplog.at_level("DEBUG"):
        _ask(browser, owner.user.email)
        ticket = link_for(owner.user.email).partition("t=")[2]
        browser.get("/recuperar/nueva", params={"t": ticket})
    ours = "\n".join(r.getMessage() for r in caplog.records if not r.name.startswith("httpx"))
    assert not re.search(re.escape(ticket[:40]), ours)
