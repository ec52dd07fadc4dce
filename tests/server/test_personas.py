"""Personas: invited by mail, joined by its link, given and taken roles; as people do it in the browser."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

from core import auth, db
from core.tenancy import PERMISSIONS, Permission, Role
from server import roles
from server.channels import email as channel
from tests.server.conftest import PASSWORD, Person
from tests.server.mailbox import link_for, mails_to


def _address() -> str:
    return f"{uuid4().hex[:12]}@example.test"


def _invite(owner: Person, email: str, role: str = "analyst") -> str:
    answer = owner.browser.post("/personas/invitaciones", data={"email": email, "role": role})
    assert answer.headers["location"] == "/personas?hecho=enviada"
    return link_for(email)


def _ticket(path: str) -> str:
    return path.partition("t=")[2]


def test_from_the_invitation_to_the_first_visit(owner: Person, browser: TestClient):
    email = _address()
    path = _invite(owner, email)
    assert email in owner.browser.get("/personas").text
    shown = browser.get(path).text
    assert owner.scope.company.name in shown
    assert "analista" in shown
    form = {"t": _ticket(path), "name": "Ana Soto", "password": "corta"}
    told = browser.post("/invitacion", data=form)
    assert told.status_code == 400
    assert "Ana Soto" in told.text
    done = browser.post("/invitacion", data={**form, "password": PASSWORD})
    assert (done.status_code, done.headers["location"]) == (303, "/chat")
    assert browser.get("/cuenta").status_code == 200
    assert browser.get("/personas").status_code == 403
    page = owner.browser.get("/personas").text
    assert "Ana Soto" in page
    assert "Esperan respuesta" not in page
    assert browser.get(path).status_code == 404


def test_whoever_has_an_account_signs_in_and_adds_the_company(person: Callable[..., Person], browser: TestClient):
    owner, guest = person(), person()
    path = _invite(owner, guest.user.email, "viewer")
    new = {"t": _ticket(path), "name": "Otra", "password": PASSWORD}
    told = browser.post("/invitacion", data=new)
    assert told.status_code == 409
    assert "/entrar?next=" in told.text
    came = browser.post("/entrar", data={"email": guest.user.email, "password": PASSWORD, "next": path})
    assert came.headers["location"] == path
    assert "Sumarme a" in browser.get(path).text
    joined = browser.post("/invitacion/aceptar", data={"t": _ticket(path)})
    assert joined.status_code == 303
    assert [m.company for m in auth.memberships(guest.user.id)] == [guest.scope.company, owner.scope.company]
    assert owner.scope.company.name in browser.get("/cuenta").text


def test_a_forwarded_invitation_lets_nobody_else_in(person: Callable[..., Person]):
    owner, other = person(), person()
    path = _invite(owner, _address())
    assert "la invitación es para" in other.browser.get(path).text
    assert other.browser.post("/invitacion/aceptar", data={"t": _ticket(path)}).status_code == 403
    assert len(auth.memberships(other.user.id)) == 1


def test_the_inviter_is_told_the_same_whether_the_address_has_an_account(person: Callable[..., Person]):
    owner, guest = person(), person()
    pages = []
    for email in (guest.user.email, _address()):
        _invite(owner, email)
        pages.append(owner.browser.get("/personas?hecho=enviada").text.count(email))
    assert pages[0] == pages[1]
    first, second = (mails_to(e)[-1] for e in (guest.user.email, email))
    assert first["Subject"] == second["Subject"]


def test_sent_again_and_revoked(owner: Person, browser: TestClient):
    email = _address()
    first = _invite(owner, email)
    with db.tenant(owner.scope) as connection:
        id = auth.invitations.open_invitations(owner.scope, connection)[0].id
    assert owner.browser.post(f"/personas/invitaciones/{id}/reenviar").status_code == 303
    assert browser.get(first).status_code == 404
    second = link_for(email)
    assert browser.get(second).status_code == 200
    assert owner.browser.post(f"/personas/invitaciones/{id}/anular").status_code == 303
    assert browser.get(second).status_code == 404


def test_a_mail_that_does_not_leave_is_told_and_can_be_sent_later(owner: Person, monkeypatch: pytest.MonkeyPatch):
    def broken(*_: object) -> None:
        raise channel.NotDelivered("421", permanent=False)

    monkeypatch.setattr(channel, "deliver", broken)
    answer = owner.browser.post("/personas/invitaciones", data={"email": _address(), "role": "viewer"})
    assert answer.headers["location"] == "/personas?hecho=guardada"
    assert "el correo no salió" in owner.browser.get("/personas").text


def test_wrong_words_are_told_and_stay_typed(owner: Person):
    for form in ({"email": "sin-arroba", "role": "finance"}, {"email": owner.user.email, "role": "finance"}):
        told = owner.browser.post("/personas/invitaciones", data=form)
        assert told.status_code in (400, 409)
        assert f'value="{form["email"]}"' in told.text


def test_a_name_is_written_as_text_in_page_and_mail(person: Callable[..., Person]):
    owner = person()
    auth.rename_user(owner.user, "<b>Rosa</b> & Cía")
    email = _address()
    _invite(owner, email)
    assert "&lt;b&gt;Rosa" in owner.browser.get("/personas").text
    html = mails_to(email)[-1].get_body(("html",))
    assert html is not None
    assert "<b>Rosa" not in html.get_content()
    assert "&lt;b&gt;Rosa" in html.get_content()


def test_a_role_is_given_and_a_member_removed_at_once(person: Callable[..., Person]):
    owner = person()
    member = person(Role.viewer, owner.scope)
    path = f"/personas/miembros/{member.user.id}"
    assert owner.browser.post(f"{path}/rol", data={"role": "operator"}).status_code == 400
    assert owner.browser.post(f"{path}/rol", data={"role": "owner"}).status_code == 303
    assert member.browser.get("/personas").status_code == 200
    assert owner.browser.post(f"{path}/quitar").status_code == 303
    assert member.browser.get("/cuenta").status_code == 403
    alone = owner.browser.post(f"/personas/miembros/{owner.user.id}/quitar")
    assert alone.status_code == 409
    assert "al menos un dueño" in alone.text


def test_the_table_on_the_page_is_the_table_that_decides(owner: Person):
    names, rows = roles.table()
    assert names == ["dueño", "analista", "operaciones", "marketing", "finanzas", "visor"]
    for (_, who), permission in zip(rows, roles.TOLD, strict=True):
        assert who == [permission in PERMISSIONS[role] for role in roles.ROLES]
    assert set(roles.TOLD) == set(Permission) - {Permission.operate}
    page = owner.browser.get("/personas").text
    assert page.count("✓") == sum(sum(who) for _, who in rows)
