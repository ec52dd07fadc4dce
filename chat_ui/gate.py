"""What stands before Chainlit: the one login's cookie, and only the routes that the chat uses.

Chainlit knows no companies: whoever asks gets, towards the inside, a token of its own naming user and company, so
that all its checks ("is this your session, your thread?") hold per member. The login's cookie never reaches it.
"""

import asyncio
import hmac
import re
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie
from urllib.parse import quote

import jwt
from starlette.datastructures import Headers
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Send
from starlette.types import Scope as Connection

from chat_ui import vega
from core import auth
from core.errors import AyniError, NotSignedIn
from core.settings import settings
from core.tenancy import Scope

PATH = "/chat"
OPEN = re.compile(r"/(assets|public|avatars|favicon|logo|project/translations)(/|$)")
"""What a page needs before anyone is known: files of the interface."""
CLOSED = re.compile(
    r"/(login/callback|auth/(jwt|header|oauth)|project/(share|thread/share)|mcp|copilot|slack|teams|health)(/|$)"
)
"""Chainlit's other doors: its own logins, sharing, tools. Not ours, so not there."""

_token: ContextVar[str] = ContextVar("chat_token")


def current_scope() -> Scope:
    """Who is at the other end, looked up anew: a removed member or an ended session is out at once (NotSignedIn)."""
    try:
        return auth.session_scope(_token.get())
    except LookupError:
        raise NotSignedIn("not_signed_in", "Tu sesión terminó.", "Vuelve a entrar.") from None


def identifier(scope: Scope) -> str:
    """The user as Chainlit knows them: one member of one company."""
    return f"{scope.user_id}@{scope.company.slug}"


def inner_secret() -> str:
    """Signs the tokens between gate and Chainlit; derived, so that none of them is worth anything as a login."""
    return hmac.digest(settings().secret().encode(), b"ayni chat", "sha256").hex()


def inner_token(scope: Scope) -> str:
    now = datetime.now(UTC)
    claims = {
        "identifier": identifier(scope),
        "display_name": scope.company.name,
        "metadata": {},
        "iat": now,
        "exp": now + timedelta(seconds=auth.SESSION_SECONDS),
    }
    return jwt.encode(claims, inner_secret(), algorithm="HS256")


class Gate:
    """ASGI middleware around Chainlit's application."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, connection: Connection, receive: Receive, send: Send) -> None:
        if connection["type"] not in ("http", "websocket"):
            return
        path = inside(connection)
        if CLOSED.match(path):
            await refuse(connection, receive, send, 404)
        elif path == vega.ADDRESS:
            await vega.response(connection)(connection, receive, send)
        elif OPEN.match(path):
            await self.app(connection, receive, send)
        else:
            await self.let_in(connection, receive, send, path)

    async def let_in(self, connection: Connection, receive: Receive, send: Send, path: str) -> None:
        cookie = SimpleCookie(Headers(scope=connection).get("cookie", "")).get(auth.COOKIE)
        token = cookie.value if cookie else ""
        try:
            scope = await asyncio.to_thread(auth.session_scope, token)
        except AyniError as problem:
            await turn_away(connection, receive, send, path, problem)
            return
        if path == "/login":  # Chainlit's own login page: whoever is here has passed ours
            await RedirectResponse(PATH, status_code=303)(connection, receive, send)
            return
        _token.set(token)
        await self.app(with_cookie(connection, inner_token(scope)), receive, send)


async def turn_away(connection: Connection, receive: Receive, send: Send, path: str, problem: AyniError) -> None:
    """A page sends its visitor to the login and back; everything else is told why not."""
    accepts = Headers(scope=connection).get("accept", "") if connection["type"] == "http" else ""
    if isinstance(problem, NotSignedIn) and "text/html" in accepts:
        back = PATH if path == "/login" else PATH + path.rstrip("/")
        await RedirectResponse(f"/login?next={quote(back)}", status_code=303)(connection, receive, send)
    else:
        await refuse(connection, receive, send, problem.http_status, problem.spanish)


def inside(connection: Connection) -> str:
    """The path as Chainlit sees it, without where it is mounted."""
    path, root = str(connection["path"]), str(connection.get("root_path", ""))
    return (path.removeprefix(root) if root else path) or "/"


def with_cookie(connection: Connection, token: str) -> Connection:
    """The same call, with Chainlit's own token in the place of all cookies."""
    others = [(name, value) for name, value in connection["headers"] if name != b"cookie"]
    return {**connection, "headers": [*others, (b"cookie", f"{auth.COOKIE}={token}".encode())]}


async def refuse(connection: Connection, receive: Receive, send: Send, status: int, why: str = "") -> None:
    if connection["type"] == "websocket":
        await send({"type": "websocket.close", "code": 4000 + status})
        return
    response: Response = JSONResponse({"detail": why or "No disponible."}, status_code=status)
    await response(connection, receive, send)
