"""What every request passes: security headers, a size limit, and the refusal of writes that another site
sends, or of files that nobody known does.

The session is a SameSite=Lax cookie; on top of it a browser's unsafe request must come from our own pages, which it
says in `Sec-Fetch-Site` or `Origin`. A bearer token is not sent by browsers on their own, so it is exempt.
"""

import asyncio
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core import auth
from core.auth.logos import MOST_SENT
from core.errors import AyniError, Forbidden, NotSignedIn, TooLarge
from core.settings import settings
from server.channels.whatsapp import router as whatsapp
from server.problems import response_for

SAFE = {"GET", "HEAD", "OPTIONS"}
MOST_BODY = 1_000_000
UPLOAD_SLACK = 1_000_000  # the multipart envelope around a file
LOGO = "/empresa/logo"
MAIL_IN = "/api/v1/mail/inbound"
MOST_MAIL = 10_000_000  # a reply that quotes our pictures, a report that returns all of a mail
# The chat's frame is made of inline scripts and compiles chart expressions; our own pages need neither.
PAGES = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)
CHAT = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' blob: data:; media-src 'self' blob:; "
    "worker-src 'self' blob:; form-action 'self'; base-uri 'self'; frame-ancestors 'none'"
)
# A mail as a page of its own: styles and pictures inside it as mail clients want them, and nothing that runs.
MAIL = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox allow-popups; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
MAILS = ("/resumen/correo", "/dev/mails/")
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}


class Guard:
    """Outermost middleware, plain ASGI so that streams and websockets pass untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers, path = Headers(scope=scope), scope["path"]
        unsafe = scope["type"] == "websocket" or scope["method"] not in SAFE
        if unsafe and not own_site(headers):
            await self._refuse(scope, receive, send, Forbidden("cross_site", "Esta petición viene de otro sitio."))
            return
        if scope["type"] == "websocket":
            await self.app(scope, receive, send)
            return
        if unsafe and takes_files(path) and not await asyncio.to_thread(known, headers):
            # The framework reads a body to its end before it asks who sent it: no stranger fills the disk.
            problem = NotSignedIn("signed_out", "Necesitas entrar.", "Entra con tu correo y tu clave.")
            await self._refuse(scope, receive, send, problem)
            return
        most = limit(path)
        if int(headers.get("content-length") or 0) > most:
            await self._refuse(scope, receive, send, too_large(most))
            return
        await self.app(scope, _counted(receive, most), _dressed(send, path))

    async def _refuse(self, scope: Scope, receive: Receive, send: Send, problem: AyniError) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 4403})
            return
        await response_for(problem, Headers(scope=scope), scope["path"])(scope, receive, _dressed(send, scope["path"]))


def own_site(headers: Headers) -> bool:
    """Whether a write was sent by our own pages, or by no browser at all. Pure."""
    if headers.get("authorization", "").lower().startswith("bearer "):
        return True
    origin, fetched = headers.get("origin"), headers.get("sec-fetch-site")
    if origin and origin.rstrip("/") == settings().public_url.rstrip("/"):
        return True
    if fetched is not None:
        return fetched in ("same-origin", "none")
    return origin is None or urlsplit(origin).netloc == headers.get("host")


def known(headers: Headers) -> bool:
    """Whether the sender is somebody at all; what they may do is the route's to say."""
    kind, _, token = headers.get("authorization", "").partition(" ")
    cookie = cookie_parser(headers.get("cookie", "")).get(auth.COOKIE)
    try:
        if kind.lower() == "bearer":
            auth.token_scope(token.strip())
        else:
            auth.read_session(cookie)
    except NotSignedIn:
        return False
    return True


def takes_files(path: str) -> bool:
    return path.startswith(("/api/v1/uploads", "/datos", "/chat/project/file", LOGO))


def limit(path: str) -> int:
    """How many bytes a request to `path` may carry."""
    if path == MAIL_IN:
        return MOST_MAIL
    if path == LOGO:
        return MOST_SENT + UPLOAD_SLACK
    if path == whatsapp.PATH:
        return whatsapp.MOST_BODY
    return settings().max_upload_mb * 1_000_000 + UPLOAD_SLACK if takes_files(path) else MOST_BODY


def policy(path: str) -> str:
    """What a page at `path` may load. Pure."""
    if path.startswith("/chat"):
        return CHAT
    return MAIL if path.startswith(MAILS) else PAGES


def too_large(most: int) -> TooLarge:
    return TooLarge(
        "too_large",
        f"Eso pesa más de {most // 1_000_000} MB.",
        "Divide el archivo, por ejemplo por año, y sube las partes.",
    )


def _counted(receive: Receive, most: int) -> Receive:
    seen = 0

    async def counting() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > most:  # a chunked body has no length to look at beforehand
            raise HTTPException(413)  # of the framework's own kind: it would make a 400 of any other
        return message

    return counting


def _dressed(send: Send, path: str) -> Send:
    async def dressing(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers[name] = value
            headers["Content-Security-Policy"] = policy(path)
            if settings().url.startswith("https://"):
                headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
            if not path.startswith(("/static/", "/chat")) and "cache-control" not in headers:
                headers["Cache-Control"] = "no-store"
        await send(message)

    return dressing
