"""Headers on everything, a limit on what is sent, and no writes from other sites."""

import asyncio

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message

from server.guard import MOST_BODY, limit, own_site
from tests.server.conftest import Person


@pytest.mark.parametrize(
    ("headers", "own"),
    [
        ({}, True),  # no browser
        ({"host": "ayni.test", "origin": "http://ayni.test"}, True),
        ({"host": "ayni.test", "origin": "http://malo.test"}, False),
        ({"host": "ayni.test", "origin": "null"}, False),
        ({"host": "ayni.test", "origin": "http://ayni.test.malo.test"}, False),
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"sec-fetch-site": "same-site", "host": "ayni.test", "origin": "http://ayni.test"}, False),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "cross-site", "authorization": "Bearer x"}, True),
    ],
)
def test_a_write_is_our_own_only_from_our_own_pages(headers: dict[str, str], own: bool):
    assert own_site(Headers(headers)) is own


@given(st.text(alphabet="abc./:-", max_size=30))
def test_any_other_origin_is_another_site(origin: str):
    headers = Headers({"host": "ayni.test", "origin": f"https://{origin}x.test"})
    assert not own_site(headers)


def test_every_answer_carries_the_headers(browser: TestClient):
    for path in ("/entrar", "/healthz", "/nada", "/api/v1/uploads", "/static/ayni.css"):
        headers = browser.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]


def test_another_site_can_neither_sign_out_nor_upload(owner: Person):
    for path in ("/salir", "/datos", "/api/v1/uploads", "/api/v1/ask"):
        answer = owner.browser.post(path, headers={"origin": "http://malo.test"})
        assert (answer.status_code, answer.json()["code"]) == (403, "cross_site")
    assert owner.browser.delete("/api/v1/uploads/x", headers={"sec-fetch-site": "cross-site"}).status_code == 403


def test_too_much_is_refused_before_it_is_read(owner: Person):
    answer = owner.browser.post("/api/v1/ask", content=b"x" * (MOST_BODY + 1))
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    pieces = (b"x" * 100_000 for _ in range(11))  # no length said beforehand
    answer = owner.browser.post("/api/v1/ask", content=pieces, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert limit("/api/v1/uploads") > 10 * MOST_BODY


@pytest.mark.parametrize("path", ["/datos", "/api/v1/uploads"])
@pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer ayni_x"}, {"cookie": "access_token=x.y.z"}])
def test_a_strangers_file_is_refused_before_it_is_read(application: ASGIApp, path: str, headers: dict[str, str]):
    sent: list[Message] = []

    async def receive() -> Message:
        raise AssertionError("the body was read")

    async def send(message: Message) -> None:
        sent.append(message)

    named = {"host": "ayni.test", "content-type": "multipart/form-data; boundary=b", **headers}
    scope = {
        "type": "http", "method": "POST", "path": path, "raw_path": path.encode(), "query_string": b"",
        "headers": [(k.encode(), v.encode()) for k, v in named.items()], "scheme": "http", "http_version": "1.1",
        "server": ("ayni.test", 80), "client": ("10.0.0.1", 1), "root_path": "",
    }  # fmt: skip
    asyncio.run(application(scope, receive, send))
    assert sent[0]["status"] == 401
