"""Failures are told in Spanish, as JSON to programs and as a page to people."""

from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest
from fastapi.testclient import TestClient
from starlette.exceptions import HTTPException

from core import db
from core.errors import NotFound
from core.tenancy import Scope
from server.problems import problem_of
from tests.server.conftest import Person


def test_programs_get_json_and_people_a_page(browser: TestClient):
    told = browser.get("/nada", headers={"accept": "application/json"})
    assert (told.status_code, told.json()["code"]) == (404, "not_found")
    page = browser.get("/nada", headers={"accept": "text/html"})
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "Aquí no hay nada" in page.text


def test_an_unknown_page_stays_404_for_whoever_is_signed_in(owner: Person):
    assert owner.browser.get("/chatx", headers={"accept": "text/html"}).status_code == 404


def test_a_visitor_is_sent_to_the_door_and_back(browser: TestClient):
    page = browser.get("/datos", headers={"accept": "text/html"})
    assert (page.status_code, page.headers["location"]) == (303, "/entrar?next=%2Fdatos")
    piece = browser.get("/datos/lista", headers={"hx-request": "true"})
    assert (piece.status_code, piece.headers["hx-redirect"]) == (401, "/entrar")
    assert browser.get("/api/v1/uploads", headers={"accept": "text/html"}).json()["code"] == "signed_out"


def test_what_does_not_parse_names_what_is_missing(owner: Person):
    told = owner.browser.post("/api/v1/ask", json={"pregunta": "¿cuánto?"})
    assert (told.status_code, told.json()["code"]) == (400, "invalid")
    assert "question" in told.json()["message"]


@pytest.mark.parametrize("status", [400, 405, 418])
def test_a_framework_failure_keeps_its_status(status: int):
    assert problem_of(HTTPException(status)).http_status == status


def test_our_own_fault_gives_nothing_away():
    problem = problem_of(RuntimeError("password=secreta"))
    assert problem.http_status == 500
    assert "secreta" not in problem.spanish
    known = NotFound("x", "No está.")
    assert problem_of(known) is known


def test_a_link_with_its_filters_is_where_the_login_leads(browser: TestClient):
    wanted = "/fuentes?metric=sales&start=2026-10-01&end=2026-10-31&product=Pan+%26+leche"
    answered = browser.get(wanted, headers={"accept": "text/html"})
    assert answered.status_code == 303
    assert parse_qs(urlsplit(answered.headers["location"]).query) == {"next": [wanted]}


@pytest.mark.parametrize("path", ["/privacidad/solicitudes", "/privacidad/buscar"])
def test_a_character_that_no_database_holds_is_the_senders_mistake(owner: Person, path: str):
    typed = {"kind": "access", "name": "Rosa Ma\0tus", "tax": "11.111.111-1", "email": "rosa\0@example.test"}
    told = owner.browser.post(path, data=typed)
    assert told.status_code < 500, told.text[:300]


def test_such_a_character_reaching_the_database_is_told_in_spanish(scope: Scope):
    with db.tenant(scope) as connection, pytest.raises(psycopg.DataError) as refused:
        connection.execute("SELECT %s::text", ["a\0b"])
    assert problem_of(refused.value).http_status == 400
