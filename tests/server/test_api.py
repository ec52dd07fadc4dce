"""The API as a program uses it, and as somebody who should not."""

import json
from collections.abc import Callable
from uuid import uuid4

import jwt
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr

from core import auth
from core.auth.session import session_secret
from core.settings import settings
from core.tenancy import Role
from server import jobs
from server.api.reference import grouped
from tests.server.conftest import SALES, Person


def upload(person: Person, text: str = SALES, name: str = "ventas.csv") -> str:
    """Send a file and bring its jobs to their end; its id."""
    answer = person.browser.post("/api/v1/uploads", files={"file": (name, text.encode())})
    assert answer.status_code == 202, answer.text
    upload_id = str(answer.json()["id"])
    jobs.settle(person.scope, answer.json()["id"])
    return upload_id


@pytest.fixture
def filed(owner: Person, no_queue: list[object]) -> tuple[Person, str]:
    return owner, upload(owner)


def test_a_file_goes_in_and_its_figures_come_out(filed: tuple[Person, str]):
    owner, upload_id = filed
    status = owner.browser.get(f"/api/v1/uploads/{upload_id}").json()
    assert (status["state"], status["accepted"], status["set_aside"]) == ("ready", 3, 1)
    assert {m["column"]: m["field"] for m in status["reading"]["mapping"]}["Sucursal"] == "branch"
    assert [u["id"] for u in owner.browser.get("/api/v1/uploads").json()] == [upload_id]
    catalog = owner.browser.get("/api/v1/metrics").json()
    assert catalog["data"] == {"start": "2026-10-01", "end": "2026-10-03", "lines": 3}
    assert next(m for m in catalog["metrics"] if m["id"] == "gross_margin")["missing"] == ["cost"]
    by_branch = owner.browser.get("/api/v1/metrics/sales", params={"dimension": "branch", "order": "desc"}).json()
    assert [(v["member"], v["value"]) for v in by_branch["values"]] == [("Talca", 12390), ("Curicó", 6000)]
    only = owner.browser.get("/api/v1/metrics/sales", params={"branch": "Talca", "start": "2026-10-02"}).json()
    assert [v["value"] for v in only["values"]] == [9990]
    rest = owner.browser.get("/api/v1/metrics/sales", params={"not.branch": "Talca", "grain": "day"}).json()
    assert sum(v["value"] or 0 for v in rest["values"]) == 6000


def test_rows_set_aside_come_back_without_formulas(filed: tuple[Person, str]):
    owner, upload_id = filed
    answer = owner.browser.get(f"/api/v1/uploads/{upload_id}/rejected.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    assert "attachment" in answer.headers["content-disposition"]
    head, row = answer.text.removeprefix("\ufeff").splitlines()
    assert head == "línea;razón;original"
    assert row.startswith("5;")


def test_the_same_file_again_changes_nothing(filed: tuple[Person, str]):
    owner, upload_id = filed
    assert upload(owner) == upload_id
    assert owner.browser.get("/api/v1/metrics/sales").json()["values"][0]["value"] == 18390


def test_a_corrected_column_is_read_again_and_an_undone_file_is_gone(filed: tuple[Person, str]):
    owner, upload_id = filed
    path = f"/api/v1/uploads/{upload_id}"
    answer = owner.browser.put(f"{path}/mapping", json={"mapping": {"Sucursal": ""}})
    assert answer.status_code == 202, answer.text
    jobs.settle(owner.scope, upload_id)
    dimensions = owner.browser.get("/api/v1/metrics").json()["dimensions"]
    assert not next(d for d in dimensions if d["id"] == "branch")["available"]
    assert owner.browser.put(f"{path}/mapping", json={"mapping": {"Otra": "date"}}).status_code == 400
    assert owner.browser.delete(path).json()["stage"] == "undoing"
    jobs.settle(owner.scope, upload_id)
    assert owner.browser.get(path).json()["state"] == "undone"
    assert owner.browser.get("/api/v1/metrics").json()["data"]["lines"] == 0
    assert owner.browser.delete(path).status_code == 409


def test_a_question_is_answered_as_json_and_as_a_stream(filed: tuple[Person, str]):
    owner, _ = filed
    asked = {"question": "¿cuánto vendí en octubre?", "as_of": "2026-11-10"}
    answer = owner.browser.post("/api/v1/ask", json=asked).json()
    assert (answer["status"], answer["figures"][0]["value"]) == ("answered", 18390)
    stream = owner.browser.post("/api/v1/ask", json=asked, headers={"accept": "text/event-stream"})
    assert stream.headers["content-type"].startswith("text/event-stream")
    events = [dict(line.split(": ", 1) for line in e.splitlines()) for e in stream.text.strip().split("\n\n")]
    assert events[-1]["event"] == "outcome"
    assert json.loads(events[-1]["data"])["status"] == "answered"
    figure = next(json.loads(e["data"]) for e in events if e["event"] == "figure")
    assert figure["id"] == answer["figures"][0]["id"]


def test_a_citation_opens_on_the_page_of_its_rows(filed: tuple[Person, str]):
    owner, upload_id = filed
    odd = "hilo\0uno"  # no database holds such a letter
    asked = {"question": "¿cuánto vendí en Talca en octubre?", "as_of": "2026-11-10", "conversation": odd}
    answer = owner.browser.post("/api/v1/ask", json=asked).json()
    href = next(c["href"] for c in answer["citations"] if c["href"].startswith("/fuentes"))
    page = owner.browser.get(href)
    assert page.status_code == 200
    assert "$12.390" in page.text
    assert f"/datos/{upload_id}" in page.text
    lines = owner.browser.get(href.replace("/fuentes", "/fuentes.csv")).text.splitlines()
    assert len(lines) == 3
    assert "Kuchen de nuez" in lines[2]


def test_another_companys_upload_does_not_exist(filed: tuple[Person, str], person: Callable[..., Person]):
    stranger, upload_id = person(), filed[1]
    api = f"/api/v1/uploads/{upload_id}"
    calls = [
        stranger.browser.get(api),
        stranger.browser.get(f"{api}/rejected.csv"),
        stranger.browser.delete(api),
        stranger.browser.put(f"{api}/mapping", json={"mapping": {"Sucursal": ""}}),
        stranger.browser.get(f"/datos/{upload_id}"),
        stranger.browser.get(f"/datos/{upload_id}/avance"),
        stranger.browser.get(f"/datos/{upload_id}/apartadas.csv"),
        stranger.browser.post(f"/datos/{upload_id}/deshacer", data={"confirmed": "true"}),
        stranger.browser.post(f"/datos/{upload_id}/columnas", data={"col.Sucursal": ""}),
    ]
    assert [c.status_code for c in calls] == [404] * len(calls)
    assert stranger.browser.get("/api/v1/uploads").json() == []
    assert filed[0].browser.get(api).json()["state"] == "ready"


def test_a_company_named_in_the_request_is_ignored(filed: tuple[Person, str], person: Callable[..., Person]):
    stranger, target = person(), filed[0].scope.company
    named = {"company": target.slug, "company_id": str(target.id), "slug": target.slug}
    asked = {"question": "¿cuánto vendí en octubre?", "as_of": "2026-11-10", **named}
    answer = stranger.browser.post("/api/v1/ask", json=asked, params=named, headers={"x-company": target.slug}).json()
    assert answer["status"] != "answered"
    assert answer["figures"] == []
    assert stranger.browser.get("/api/v1/metrics/sales", params=named).json()["values"] == []
    moved = stranger.browser.post("/empresa", data={"slug": target.slug})
    assert moved.status_code == 404
    assert "set-cookie" not in moved.headers


def test_a_viewer_looks_and_changes_nothing(filed: tuple[Person, str], person: Callable[..., Person]):
    owner, upload_id = filed
    viewer = person(Role.viewer, owner.scope)
    assert viewer.browser.get(f"/api/v1/uploads/{upload_id}").status_code == 200
    calls = [
        viewer.browser.post("/api/v1/uploads", files={"file": ("x.csv", b"a;b\n1;2\n")}),
        viewer.browser.delete(f"/api/v1/uploads/{upload_id}"),
        viewer.browser.put(f"/api/v1/uploads/{upload_id}/mapping", json={"mapping": {}}),
        viewer.browser.post(f"/datos/{upload_id}/deshacer", data={"confirmed": "true"}),
    ]
    assert [c.status_code for c in calls] == [403] * len(calls)
    refused = viewer.browser.post("/datos", files={"files": ("x.csv", b"a;b\n1;2\n")})
    assert "Tu cuenta puede mirar" in refused.text
    assert "Deshacer" not in viewer.browser.get(f"/datos/{upload_id}").text


@pytest.mark.parametrize("forge", ["none", "other key", "expired", "another's id"])
def test_a_forged_session_is_nobody(owner: Person, person: Callable[..., Person], forge: str):
    victim = person()
    claims = jwt.decode(auth.session_token(victim.user, None), options={"verify_signature": False})
    forged = {
        "none": jwt.encode(claims, None, "none"),
        "other key": jwt.encode(claims, "x" * 40, "HS256"),
        "expired": jwt.encode({**claims, "exp": 1}, session_secret(), "HS256"),
        "another's id": jwt.encode({**claims, "identifier": str(uuid4())}, session_secret(), "HS256"),
    }[forge]
    owner.browser.cookies.clear()
    owner.browser.cookies.set(auth.COOKIE, forged)
    for path in ("/api/v1/uploads", "/api/v1/metrics"):
        assert owner.browser.get(path).status_code == 401
    assert owner.browser.get("/chat/", headers={"accept": "text/html"}).status_code in (303, 307)


def test_a_token_opens_the_api_without_a_cookie(filed: tuple[Person, str], browser: TestClient):
    owner, upload_id = filed
    token = auth.create_token(auth.operator_scope(owner.scope.company.slug), owner.user.email, "caja")
    found = browser.get("/api/v1/uploads", headers={"authorization": f"Bearer {token}"}).json()
    assert [u["id"] for u in found] == [upload_id]
    for wrong in (f"Bearer {token}x", "Bearer ", f"Basic {token}"):
        assert browser.get("/api/v1/uploads", headers={"authorization": wrong}).status_code == 401


def test_what_is_unknown_is_said_so(owner: Person):
    assert owner.browser.get("/api/v1/metrics/felicidad").status_code == 404
    assert owner.browser.get("/api/v1/metrics/sales", params={"dimension": "signo"}).status_code == 400
    assert owner.browser.get("/api/v1/metrics/sales", params={"start": "ayer"}).status_code == 400
    assert owner.browser.get(f"/api/v1/uploads/{uuid4()}").status_code == 404
    assert owner.browser.post("/api/v1/uploads", files={"file": ("vacio.csv", b"")}).status_code == 400


def test_alive_ready_and_counted(application: FastAPI, browser: TestClient):
    assert browser.get("/healthz").json() == {"status": "ok"}
    assert browser.get("/readyz").json() == {"status": "ok", "database": True, "broker": True}
    browser.request("INVENTED", "/healthz")
    here = TestClient(application, base_url="http://ayni.test", client=("127.0.0.1", 50000))
    counted = here.get("/metrics").text
    assert "INVENTED" not in counted
    assert 'route="/healthz"' in counted
    assert "ayni_jobs" in counted


def test_the_counts_are_for_this_machine_or_for_who_has_the_token(
    application: FastAPI, browser: TestClient, monkeypatch: pytest.MonkeyPatch
):
    here = TestClient(application, base_url="http://ayni.test", client=("::1", 50000))
    assert browser.get("/metrics").status_code == 403  # from elsewhere
    assert here.get("/metrics").status_code == 200
    for proxied in ("x-forwarded-for", "forwarded", "x-real-ip"):  # a proxy on this machine, for somebody else
        assert here.get("/metrics", headers={proxied: "127.0.0.1"}).status_code == 403
    monkeypatch.setattr(settings(), "metrics_token", SecretStr("una clave"))
    for sent in ({}, {"authorization": "Bearer otra"}, {"authorization": "Basic una clave"}):
        assert here.get("/metrics", headers=sent).status_code == 401
    assert browser.get("/metrics", headers={"authorization": "Bearer una clave"}).status_code == 200


def test_the_reference_says_each_thing_to_ask_for_and_needs_no_script(browser: TestClient):
    page = browser.get("/api/docs").text
    assert "<script" not in page
    document = browser.get("/api/openapi.json").json()
    assert {"/api/v1/ask", "/api/v1/uploads", "/api/v1/metrics/{metric_id}"} <= set(document["paths"])
    for path, methods in document["paths"].items():
        assert f"<code>{path}</code>" in page
        for said in methods.values():
            assert f'id="{said["operationId"]}"' in page
            assert f"<h3>{said.get('summary', path)}</h3>" in page


def test_what_may_be_sent_is_said_in_words():
    document = {
        "paths": {
            "/x/{id}": {
                "post": {
                    "operationId": "x", "tags": ["equis"], "summary": "Equis",
                    "parameters": [
                        {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}},
                        {"name": "f", "in": "query", "required": False, "schema": {"enum": ["csv", "parquet"]}},
                        {"name": "d", "in": "query", "required": False, "description": "Desde",
                         "schema": {"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]}},
                    ],
                    "requestBody": {"content": {"multipart/form-data": {"schema": {"$ref": "#/components/schemas/B"}}}},
                }
            }
        },
        "components": {"schemas": {"B": {"required": ["file"], "properties": {
            "file": {"type": "string", "contentMediaType": "application/octet-stream"}, "n": {"type": "integer"}}}}},
    }  # fmt: skip
    ((tag, (one,)),) = grouped(document).items()
    assert (tag, one.method, one.body) == ("equis", "POST", "multipart/form-data")
    assert [(f.name, f.place, f.kind, f.required, f.about) for f in one.fields] == [
        ("id", "en la dirección", "id", True, ""),
        ("f", "en la consulta", "csv o parquet", False, ""),
        ("d", "en la consulta", "fecha, AAAA-MM-DD", False, "Desde"),
        ("file", "en el cuerpo", "archivo", True, ""),
        ("n", "en el cuerpo", "número entero", False, ""),
    ]
