"""The page /whatsapp: a code shown once, one's own phones, and the sources of one's own answers."""

import re
from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest

from core import auth, db
from core.settings import settings
from core.tenancy import Role, Scope
from server.channels.whatsapp import links
from tests.server.conftest import Person


@pytest.fixture
def able(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An account that nobody calls."""
    for name in ("PHONE_ID", "TOKEN", "APP_SECRET", "VERIFY_TOKEN"):
        monkeypatch.setenv(f"AYNI_WHATSAPP_{name}", "1")
    monkeypatch.setenv("AYNI_WHATSAPP_NUMBER", "+56 9 1111 2222")
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


def link(scope: Scope) -> str:
    """A phone of the member's."""
    sender = f"569{uuid4().int % 10**8:08}"
    with db.channel() as connection:
        connection.execute("INSERT INTO whatsapp_senders (sender, last_message_at) VALUES (%s, now())", [sender])
    assert links.claim(sender, links.code_in(links.make_code(scope, opt_in=False)))
    return sender


def test_a_code_is_shown_with_the_chat_it_goes_to(owner: Person, able: None):
    assert "Dame un código" in owner.browser.get("/whatsapp").text
    shown = owner.browser.post("/whatsapp/codigo").text
    found = re.search(r"https://wa\.me/56911112222\?text=Conectar%20(AYNI-\w{4}-\w{4})", shown)
    assert found
    assert links.code_in(found[1])
    assert found[1] not in owner.browser.get("/whatsapp").text  # it is kept nowhere that could show it again


def test_without_an_account_it_says_what_is_missing(owner: Person):
    page = owner.browser.get("/whatsapp")
    assert page.status_code == 200
    assert "Todavía no hay WhatsApp aquí" in page.text
    assert owner.browser.post("/whatsapp/codigo").status_code == 404


def test_one_sees_and_changes_ones_own_phones_alone(owner: Person, person: Callable[..., Person], able: None):
    colleague, stranger = person(Role.viewer, owner.scope), person()
    mine = link(owner.scope)
    assert f"···· {mine[-4:]}" in owner.browser.get("/whatsapp").text
    for other in (colleague, stranger):
        assert mine[-4:] not in other.browser.get("/whatsapp").text
        other.browser.post("/whatsapp/desconectar", data={"phone": mine})
        other.browser.post("/whatsapp/avisos", data={"phone": mine, "wanted": "true"})
    assert [p.opted_in for p in links.phones(owner.scope)] == [False]
    owner.browser.post("/whatsapp/avisos", data={"phone": mine, "wanted": "true"})
    assert [p.opted_in for p in links.phones(owner.scope)] == [True]
    owner.browser.post("/whatsapp/avisos", data={"phone": mine})
    assert [p.opted_in for p in links.phones(owner.scope)] == [False]
    owner.browser.post("/whatsapp/desconectar", data={"phone": mine})
    assert links.phones(owner.scope) == []


def answered(scope: Scope) -> str:
    """An exchange of the member's, with a source."""
    answer = (
        '{"text": "**$155.000** en octubre", "figures": [], "citations": [{"id": "c1", "kind": "metric", '
        '"title": "Ventas", "excerpt": "Suma. Período: octubre 2026.", '
        '"href": "/fuentes?metric=sales&start=2026-10-01&end=2026-10-31"}, '
        '{"id": "c2", "kind": "metric", "title": "Otra", "excerpt": "x", "href": "//malo.test"}]}'
    )
    with db.tenant(scope) as connection:
        row = connection.execute(
            "INSERT INTO exchanges (company_id, user_id, channel, question, answer, planner) "
            "VALUES (%s, %s, 'whatsapp', '¿?', %s, 'rules') RETURNING id",
            [scope.company_id, scope.user_id, answer],
        ).fetchone()
    assert row is not None
    return f"/whatsapp/fuentes/{row[0].hex}"


def test_sources_open_for_who_asked_and_after_login(owner: Person, person: Callable[..., Person], able: None):
    path = answered(owner.scope)
    page = owner.browser.get(path)
    link = '<a href="/fuentes?metric=sales&amp;start=2026-10-01&amp;end=2026-10-31">octubre 2026</a>'
    assert page.text.count("<dt>Ventas</dt>") == 1
    assert link in page.text
    assert "malo.test" not in page.text
    for other in (person(), person(Role.owner, owner.scope)):
        assert other.browser.get(path).status_code == 404
    owner.browser.cookies.clear()
    sent = owner.browser.get(path, headers={"accept": "text/html"})
    assert (sent.status_code, sent.headers["location"].partition("next=")[2]) == (303, path.replace("/", "%2F"))


def test_sources_of_another_company_of_ones_own_open_in_that_company(owner: Person, able: None):
    other = auth.create_company(f"Otra {uuid4().hex[:6]}")
    auth.add_member(other, owner.user.email, Role.owner)
    path = answered(auth.scope_for(owner.user.id, other.slug))
    sent = owner.browser.get(path)
    assert (sent.status_code, sent.headers["location"]) == (303, path)
    page = owner.browser.get(path)
    assert page.status_code == 200
    assert other.name in page.text
