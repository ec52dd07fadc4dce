"""Mi cuenta, the second step and the API keys, as their person uses them in the browser."""

import base64
import re
import time
from collections.abc import Callable
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

from core import auth, db
from core.auth import second_factor, totp
from core.tenancy import Role
from server.devices import told
from tests.server.conftest import PASSWORD, Person
from tests.server.mailbox import link_for, mails_to

NEW = "otra clave larga"


def _sign_in(browser: TestClient, person: Person, password: str = PASSWORD) -> None:
    form = {"email": person.user.email, "password": password}
    agent = "Mozilla/5.0 (Linux; Android 15) AppleWebKit Chrome/140 Mobile Safari"
    assert browser.post("/entrar", data=form, headers={"user-agent": agent}).status_code == 303


def test_sessions_are_listed_and_closed(owner: Person, browser: TestClient):
    _sign_in(browser, owner)
    page = owner.browser.get("/cuenta").text
    assert "Chrome en Android" in page
    assert page.count("esta sesión") == 1
    other = next(d for d in auth.devices(owner.user.id) if "Android" in d.agent)
    assert owner.browser.post(f"/cuenta/sesiones/{other.id}/cerrar").status_code == 303
    assert browser.get("/cuenta", headers={"accept": "text/html"}).headers["location"].startswith("/entrar")
    mine = auth.devices(owner.user.id)[0].id
    assert owner.browser.post(f"/cuenta/sesiones/{mine}/cerrar").headers["location"] == "/entrar"
    assert auth.devices(owner.user.id) == []


def test_leaving_closes_the_session_on_the_server_too(owner: Person, browser: TestClient):
    stolen = owner.browser.cookies[auth.COOKIE]
    owner.browser.post("/salir")
    browser.cookies.set(auth.COOKIE, stolen)
    assert browser.get("/api/v1/uploads").status_code == 401


def test_to_change_company_keeps_the_one_session(owner: Person):
    second = auth.create_company(f"Segunda {uuid4().hex[:8]}")
    auth.add_member(second, owner.user.email, Role.viewer)
    owner.browser.post("/empresa", data={"slug": second.slug})
    assert second.name in owner.browser.get("/cuenta").text
    assert len(auth.devices(owner.user.id)) == 1


def test_a_new_password_ends_the_other_sessions_and_not_this_one(owner: Person, browser: TestClient):
    _sign_in(browser, owner)
    wrong = owner.browser.post("/cuenta/clave", data={"current": "no es", "new": NEW})
    assert wrong.status_code == 400
    assert "no es tu clave" in wrong.text
    assert owner.browser.post("/cuenta/clave", data={"current": PASSWORD, "new": NEW}).status_code == 303
    assert owner.browser.get("/cuenta?hecho=clave").status_code == 200
    assert browser.get("/api/v1/uploads").status_code == 401
    _sign_in(browser, owner, NEW)


def test_a_name_and_an_address_are_changed(owner: Person, browser: TestClient):
    owner.browser.post("/cuenta/nombre", data={"name": " Rosa  Díaz "})
    assert "Rosa Díaz ·" in owner.browser.get("/cuenta").text
    assert owner.browser.post("/cuenta/nombre", data={"name": " "}).status_code == 400
    new, old = f"{uuid4().hex}@example.test", owner.user.email
    assert owner.browser.post("/cuenta/correo", data={"email": new, "password": PASSWORD}).status_code == 303
    path = link_for(new)
    assert "¿Usamos este correo" in browser.get(path).text
    assert auth.user(owner.user.id).email == old  # a mail scanner that opens the link changes nothing
    assert new in browser.post("/cuenta/correo/confirmar", data={"t": path.partition("t=")[2]}).text
    assert auth.user(owner.user.id).email == new
    warned = mails_to(old)[-1].get_body(("plain",))
    assert warned is not None
    assert new in warned.get_content()
    assert owner.browser.get("/cuenta").status_code == 401


def test_an_address_of_somebody_else_is_not_told_until_its_owner_reads_the_mail(person: Callable[..., Person]):
    me, other = person(), person()
    answer = me.browser.post("/cuenta/correo", data={"email": other.user.email, "password": PASSWORD})
    assert answer.headers["location"] == "/cuenta?hecho=correo"


def _secret(page: str) -> bytes:
    typed = re.search(r"<code>([A-Z2-7 ]+)</code>", page)
    assert typed is not None
    return base64.b32decode(typed.group(1).replace(" ", ""))


def test_the_second_step_from_square_to_login(owner: Person, browser: TestClient):
    path = "/cuenta/segundo-paso"
    assert owner.browser.post(path, data={"password": "no es"}).status_code == 400
    assert owner.browser.post(path, data={"password": PASSWORD}).status_code == 303
    page = owner.browser.get(path).text
    assert "<svg" in page
    assert "style=" not in page
    secret = _secret(page)
    assert owner.browser.post(f"{path}/confirmar", data={"code": "no"}).status_code == 400
    step = int(time.time()) // totp.STEP_SECONDS
    shown = owner.browser.post(f"{path}/confirmar", data={"code": totp.code(secret, step)}).text
    codes = re.findall(r"<code>([a-z2-9]{5}-[a-z2-9]{5})</code>", shown)
    assert len(codes) == second_factor.CODES
    assert codes[0] not in owner.browser.get(path).text
    asked = browser.post("/entrar", data={"email": owner.user.email, "password": PASSWORD, "next": "/datos"})
    assert "set-cookie" not in asked.headers
    ticket = re.search(r'name="ticket" value="([^"]+)"', asked.text)
    assert ticket is not None
    form = {"ticket": ticket.group(1), "next": "/datos"}
    again = browser.post("/entrar/codigo", data={**form, "code": "000"})
    assert (again.status_code, "set-cookie" in again.headers) == (401, False)
    assert "Ese código no es" in again.text
    done = browser.post("/entrar/codigo", data={**form, "code": codes[0]})
    assert (done.status_code, done.headers["location"]) == (303, "/datos")
    assert browser.get("/cuenta").status_code == 200
    elsewhere = browser.post("/entrar/codigo", data={**form, "code": codes[1], "next": "//malo.test"})
    assert elsewhere.headers["location"] == "/chat"


def test_a_new_password_by_mail_does_not_turn_the_second_step_off(owner: Person, browser: TestClient):
    secret = second_factor.begin(owner.user, PASSWORD, f"ip-{uuid4()}")
    now = time.time()
    second_factor.confirm(owner.user, totp.code(secret, int(now) // 30), f"ip-{uuid4()}", now)
    browser.post("/recuperar", data={"email": owner.user.email})
    ticket = link_for(owner.user.email).partition("t=")[2]
    browser.post("/recuperar/nueva", data={"t": ticket, "password": NEW})
    asked = browser.post("/entrar", data={"email": owner.user.email, "password": NEW})
    assert "Ahora, tu código" in asked.text
    assert "set-cookie" not in asked.headers


def test_a_late_ticket_goes_back_to_the_door(browser: TestClient):
    told = browser.post("/entrar/codigo", data={"ticket": "x.y.z", "code": "123456"})
    assert told.status_code == 401
    assert 'name="password"' in told.text


def test_a_key_is_shown_once_used_and_revoked(owner: Person, browser: TestClient):
    refused = owner.browser.post("/claves", data={"name": "Caja", "days": "90"})
    assert refused.status_code == 400
    assert 'value="Caja"' in refused.text
    made = owner.browser.post("/claves", data={"name": "Caja", "scopes": ["upload"], "days": "30"}).text
    found = re.search(r'value="(ayni_[\w-]+)"', made)
    assert found is not None
    key = {"authorization": f"Bearer {found.group(1)}"}
    assert found.group(1) not in owner.browser.get("/claves").text
    assert browser.get("/api/v1/uploads", headers=key).status_code == 200
    told = browser.post("/api/v1/ask", json={"question": "¿cuánto vendí?"}, headers=key)
    assert (told.status_code, told.json()["code"]) == (403, "key_scope")
    assert "sin uso" not in owner.browser.get("/claves").text
    with db.tenant(owner.scope) as connection:
        id = auth.keys(owner.scope, connection)[0].id
    assert owner.browser.post(f"/claves/{id}/revocar").status_code == 303
    assert browser.get("/api/v1/uploads", headers=key).status_code == 401


def test_a_viewer_is_offered_no_scope_that_is_not_theirs(person: Callable[..., Person]):
    viewer = person(Role.viewer)
    assert re.findall(r'name="scopes" value="(\w+)"', viewer.browser.get("/claves").text) == ["look"]
    forced = viewer.browser.post("/claves", data={"name": "x", "scopes": ["look", "upload"]})
    assert forced.status_code == 403


@pytest.mark.parametrize(
    ("agent", "expected"),
    [
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Mobile Safari/604.1", "Safari en iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge en Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox en Linux"),
        ("python-httpx/0.28", "Otro programa"),
        ("", "Otro programa"),
    ],
)
def test_a_device_is_told_as_people_call_it(agent: str, expected: str):
    assert told(agent) == expected


def test_a_new_password_ends_ones_keys_only_where_asked(owner: Person):
    with db.tenant(owner.scope) as connection:
        key = auth.create_key("Caja", ["look"], None, owner.scope, connection)
    assert "mi clave de API" in owner.browser.get("/cuenta").text
    old = PASSWORD
    for asked, stands in (({}, 200), ({"end_keys": "true"}, 401)):
        wrong = owner.browser.post("/cuenta/clave", data={"current": "no es", "new": "otra larga", **asked})
        assert (wrong.status_code, 'value="true" checked' in wrong.text) == (400, bool(asked))
        new = f"{old} más"
        sent = {"current": old, "new": new, **asked}
        assert owner.browser.post("/cuenta/clave", data=sent).status_code == 303
        nobody = TestClient(owner.browser.app, base_url="http://ayni.test")
        assert nobody.get("/api/v1/metrics", headers={"authorization": f"Bearer {key}"}).status_code == stands
        old = new
    assert "clave de API</span>" not in owner.browser.get("/cuenta").text
