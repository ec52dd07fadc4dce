"""Who gets through to Chainlit, and as whom."""

from collections.abc import Callable
from typing import Any

import jwt
import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Mount
from starlette.testclient import TestClient
from starlette.types import Receive, Send
from starlette.types import Scope as Connection

from chat_ui import gate
from core import auth
from core.errors import NotSignedIn
from tests.chat_ui.conftest import Member


async def echo(connection: Connection, receive: Receive, send: Send) -> None:
    """Stands where Chainlit stands: says what reached it."""
    headers = {name.decode(): value.decode() for name, value in connection["headers"]}
    try:
        company = gate.current_scope().company.slug
    except NotSignedIn:
        company = None
    await JSONResponse({"cookie": headers.get("cookie"), "company": company})(connection, receive, send)


@pytest.fixture
def client() -> TestClient:
    app = Starlette(routes=[Mount("/chat", gate.Gate(echo))])
    return TestClient(app, base_url="http://testserver", follow_redirects=False)


def get(client: TestClient, path: str, member: Member | None = None, accept: str = "*/*") -> Any:
    cookies = {"cookie": f"{auth.COOKIE}={member.token}; other=1"} if member else {}
    return client.get(path, headers={"accept": accept, **cookies})


def test_a_stranger_is_sent_to_the_login_and_back(client: TestClient) -> None:
    answer = get(client, "/chat/thread/abc", accept="text/html")
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?next=/chat/thread/abc")


def test_a_strangers_call_is_refused(client: TestClient) -> None:
    assert get(client, "/chat/user").status_code == 401
    assert client.post("/chat/project/threads", json={}).status_code == 401


def test_chainlits_own_login_page_is_ours(client: TestClient, member: Member) -> None:
    assert get(client, "/chat/login", accept="text/html").headers["location"] == "/login?next=/chat"
    assert get(client, "/chat/login", member, "text/html").headers["location"] == "/chat"


@pytest.mark.parametrize(
    "path", ["auth/jwt", "auth/oauth/google", "mcp", "project/share/x", "project/thread/share", "copilot/index.js"]
)
def test_chainlits_other_doors_are_shut(client: TestClient, member: Member, path: str) -> None:
    assert get(client, f"/chat/{path}", member).status_code == 404


@pytest.mark.parametrize("path", ["assets/x.js", "public/theme.json", "favicon", "logo", "project/translations"])
def test_files_of_the_interface_are_open(client: TestClient, path: str) -> None:
    answer = get(client, f"/chat/{path}")
    assert answer.status_code == 200
    assert answer.json() == {"cookie": None, "company": None}


def test_inside_one_is_a_member_of_a_company_and_the_login_stays_outside(client: TestClient, member: Member) -> None:
    inside = get(client, "/chat/user", member).json()
    name, _, token = inside["cookie"].partition("=")
    claims = jwt.decode(token, gate.inner_secret(), algorithms=["HS256"])
    assert (name, inside["company"]) == (auth.COOKIE, member.scope.company.slug)
    assert claims["identifier"] == f"{member.scope.user_id}@{member.scope.company.slug}"
    assert member.token not in inside["cookie"]


def test_the_inner_token_is_no_login(client: TestClient, member: Member) -> None:
    with pytest.raises(NotSignedIn):
        auth.session_scope(gate.inner_token(member.scope))


def test_a_session_ended_elsewhere_is_ended_here(client: TestClient, member: Member) -> None:
    assert get(client, "/chat/user", member).status_code == 200
    assert member.scope.user_id is not None
    auth.sign_out_everywhere(member.scope.user_id)
    assert get(client, "/chat/user", member).status_code == 401


def test_a_user_of_two_companies_is_two_members(new_member: Callable[..., Member]) -> None:
    one, other = new_member(), new_member()
    auth.add_member(other.scope.company, one.email, one.scope.role)
    assert one.scope.user_id is not None
    elsewhere = auth.scope_for(one.scope.user_id, other.scope.company.slug)
    assert gate.identifier(elsewhere) != gate.identifier(one.scope)


def test_nobody_is_anybody_without_a_session() -> None:
    with pytest.raises(NotSignedIn):
        gate.current_scope()
