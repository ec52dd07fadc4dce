"""The pages an owner sees: the door, their files, where a figure comes from, the panel."""

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from uuid import uuid4

import jwt
import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr
from starlette.responses import Response

import ingest
from core import auth, db
from core.auth import session
from core.settings import settings
from core.tenancy import Role
from server import identity, jobs, uploads
from server.pages.datos import changed, mark
from server.pages.entrar import inside
from server.pages.reading import steps
from server.uploads import csv_lines
from tests.server.conftest import PASSWORD, SALES, Person


def test_the_door_opens_with_one_cookie_for_pages_api_and_chat(owner: Person, browser: TestClient):
    form = {"email": owner.user.email, "password": PASSWORD, "next": "/panel"}
    entered = browser.post("/entrar", data=form)
    assert (entered.status_code, entered.headers["location"]) == (303, "/panel")
    cookie = entered.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert browser.get("/panel").status_code == 200
    assert browser.get("/api/v1/uploads").json() == []
    assert browser.get("/chat/", headers={"accept": "text/html"}).status_code == 200
    assert browser.get("/entrar").headers["location"] == "/chat"
    assert browser.post("/salir").headers["location"] == "/entrar"
    assert browser.get("/panel").status_code in (303, 401)


@pytest.mark.parametrize(
    ("env", "url", "secure"),
    [("development", "", False), ("production", "", True), ("development", "https://ayni.test", True)],
)
def test_the_cookie_travels_in_the_clear_in_development_only(
    monkeypatch: pytest.MonkeyPatch, env: str, url: str, secure: bool
):
    given = settings().model_copy(update={"env": env, "public_url": url, "secret_key": SecretStr("k" * 40)})
    for module in (identity, session):
        monkeypatch.setattr(module, "settings", lambda: given)
    response = Response()
    identity.give_cookie(response, "un.token.cualquiera")
    assert ("secure" in response.headers["set-cookie"].lower().split("; ")) is secure


def test_a_wrong_password_is_told_on_the_page_and_gives_no_cookie(owner: Person, browser: TestClient):
    told = browser.post("/entrar", data={"email": owner.user.email, "password": "otra", "next": "/datos"})
    assert told.status_code == 401
    assert "no coinciden" in told.text
    assert owner.user.email in told.text
    assert "set-cookie" not in told.headers


def test_leaving_everywhere_ends_the_other_devices_too(owner: Person, browser: TestClient):
    browser.cookies.set(auth.COOKIE, auth.session_token(owner.user, None))
    assert browser.get("/api/v1/uploads").status_code == 200
    owner.browser.post("/salir", data={"everywhere": "true"})
    assert browser.get("/api/v1/uploads").status_code == 401


def test_the_same_file_again_is_told_as_such(owner: Person):
    files = {"files": ("ventas.csv", SALES.encode())}
    htmx = {"hx-request": "true"}
    first = owner.browser.post("/datos", files=files, headers=htmx).text
    assert "ya lo tenía" not in first
    again = owner.browser.post("/datos", files=files, headers=htmx).text
    assert again.index('hx-swap-oob="true"') < again.index("ya lo tenía")  # beside the list, which renews itself
    assert "ya lo tenía" in owner.browser.post("/datos", files=files).text


@pytest.mark.parametrize(
    "away", ["//malo.test", "https://malo.test", "/\\malo.test", "malo", "/entrar?next=/x", "/a\nb", ""]
)
def test_the_door_leads_nowhere_else(away: str):
    assert inside(away) == "/chat"


@given(st.text(max_size=40))
def test_wherever_the_door_leads_is_ours(address: str):
    assert inside(address).startswith("/")
    assert not inside(address).startswith("//")


def test_one_of_several_companies_is_chosen_in_the_session(owner: Person):
    second = auth.create_company(f"Segunda {uuid4().hex[:8]}")
    auth.add_member(second, owner.user.email, Role.viewer)
    assert second.name in owner.browser.get("/datos").text
    moved = owner.browser.post("/empresa", data={"slug": second.slug})
    assert moved.status_code == 303
    token = moved.headers["set-cookie"].split(";")[0].partition("=")[2]
    claims = jwt.decode(token, options={"verify_signature": False})
    assert claims["metadata"]["company"] == second.slug


def test_a_file_goes_in_by_the_page_and_its_rows_can_be_mended(owner: Person, no_queue: list[object]):
    empty = owner.browser.get("/datos").text
    assert "Aún no has subido nada" in empty
    sent = owner.browser.post(
        "/datos",
        files=[("files", ("ventas.csv", SALES.encode())), ("files", ("vacio.csv", b""))],
        headers={"hx-request": "true"},
    )
    assert "vacio.csv" in sent.text
    assert 'hx-trigger="every 1s"' in sent.text  # it looks again by itself while something is being read
    upload_id = owner.browser.get("/api/v1/uploads").json()[0]["id"]
    jobs.settle(owner.scope, upload_id)
    page = owner.browser.get(f"/datos/{upload_id}").text
    for words in ("Cómo entendí las columnas", "Filas apartadas", "Deshacer esta carga", 'value="branch" selected'):
        assert words in page
    assert "every 1s" not in owner.browser.get("/datos/lista").text
    columns = {f"col.{name}": "" for name in ("Sucursal",)}
    assert owner.browser.post(f"/datos/{upload_id}/columnas", data=columns).status_code == 303
    jobs.settle(owner.scope, upload_id)
    assert 'value="branch" selected' not in owner.browser.get(f"/datos/{upload_id}").text
    owner.browser.post(f"/datos/{upload_id}/deshacer")  # unasked for is undone for
    assert owner.browser.get(f"/api/v1/uploads/{upload_id}").json()["stage"] == ""
    owner.browser.post(f"/datos/{upload_id}/deshacer", data={"confirmed": "true"})
    assert "Deshaciendo" in owner.browser.get(f"/datos/{upload_id}/avance").text
    jobs.settle(owner.scope, upload_id)
    assert "deshecha" in owner.browser.get(f"/datos/{upload_id}").text


def test_an_undone_file_shows_no_rows_to_mend(owner: Person, no_queue: list[object]):
    upload_id, _ = uploads.receive(owner.scope, "ventas.csv", BytesIO(SALES.encode()))
    jobs.settle(owner.scope, upload_id)
    assert "Filas apartadas" in owner.browser.get(f"/datos/{upload_id}").text
    owner.browser.post(f"/datos/{upload_id}/deshacer", data={"confirmed": "true"})
    jobs.settle(owner.scope, upload_id)
    assert "Filas apartadas" not in owner.browser.get(f"/datos/{upload_id}").text
    assert "Ya no cuenta" in owner.browser.get("/datos").text


def test_a_text_that_calls_itself_a_workbook_is_read_and_told_as_text(owner: Person, no_queue: list[object]):
    told = []
    for content in (SALES, "hola\nmundo\n"):
        upload_id, _ = uploads.receive(owner.scope, "ventas.xlsx", BytesIO(content.encode()))
        jobs.settle(owner.scope, upload_id)
        told.append(owner.browser.get(f"/datos/{upload_id}").text)
    assert all("Se llama .xlsx, pero por dentro es texto" in page for page in told)
    assert "Líneas aceptadas" in told[0]
    assert "No pude usar este archivo" in told[1]


def test_what_changed_is_told_once_and_its_steps_in_order(owner: Person, no_queue: list[object]):
    upload_id, _ = uploads.receive(owner.scope, "ventas.csv", BytesIO(SALES.encode()))
    with db.tenant(owner.scope) as connection:
        waiting = ingest.uploads(owner.scope, connection)
    assert [u.id for u in changed(None, waiting)] == [upload_id]
    known = {u.id: mark(u) for u in waiting}
    assert changed(known, waiting) == []
    reading = replace(waiting[0], state="working", stage="cleaning", rows_read=5)
    assert changed(known, [reading]) == [reading]
    assert [when for _, when in steps(reading)] == ["past", "past", "past", "now", "", ""]
    jobs.settle(owner.scope, upload_id)
    with db.tenant(owner.scope) as connection:
        done = ingest.uploads(owner.scope, connection)
    assert changed(None, done) == []
    assert changed(None, done, [upload_id]) == list(done)  # it ended while the page was on its way
    assert changed(known, done) == list(done)


def test_the_panel_and_the_sources_show_the_same_figure(owner: Person, no_queue: list[object]):
    assert "Subir mis ventas" in owner.browser.get("/panel").text
    assert owner.browser.get("/fuentes").status_code == 404
    sent = owner.browser.post("/api/v1/uploads", files={"file": ("ventas.csv", SALES.encode())})
    jobs.settle(owner.scope, sent.json()["id"])
    panel = owner.browser.get("/panel").text
    assert "$18.390" in panel
    assert "$18.390" in owner.browser.get("/fuentes?metric=sales&start=2026-10-01&end=2026-10-31").text
    assert owner.browser.get("/fuentes?metric=gross_margin").text.count("costo") >= 1
    assert owner.browser.get("/fuentes?metric=felicidad").status_code == 404


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("start=0001-01-01&end=9999-12-31&grain=day", 400),
        ("start=1900-01-01&end=2026-12-31&grain=day", 400),
        ("start=9999-12-01&end=9999-12-31&grain=week", 400),
        ("start=2026-10-02&end=2026-10-01", 400),
        ("start=1900-01-01&end=2200-12-31&grain=month", 200),
        ("branch=%00", 200),
        ("branch=%ff&not.channel=%27%3B--", 200),
    ],
)
def test_no_address_makes_the_server_fail_or_toil(owner: Person, no_queue: list[object], asked: str, status: int):
    upload_id, _ = uploads.receive(owner.scope, "ventas.csv", BytesIO(SALES.encode()))
    jobs.settle(owner.scope, upload_id)
    assert owner.browser.get(f"/api/v1/metrics/sales?{asked}").status_code == status
    assert owner.browser.get(f"/fuentes?metric=sales&{asked}").status_code == status
    assert owner.browser.get(f"/fuentes.csv?metric=sales&{asked}").status_code == status
    assert owner.browser.get("/fuentes.csv?metric=nada").status_code == 404


def test_numbers_stay_numbers():
    assert "".join(csv_lines(iter([["-1.200,5", None, "-a", 'x;"y"']]))) == '\ufeff-1.200,5;;\'-a;"x;""y"""\r\n'


def test_an_upload_of_nobody_is_a_page_that_says_so(person: Callable[..., Person]):
    page = person().browser.get(f"/datos/{uuid4()}", headers={"accept": "text/html"})
    assert page.status_code == 404
    assert "No encuentro esa carga" in page.text
