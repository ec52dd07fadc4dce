"""A local server that speaks Meta's Graph API as far as the channel uses it: real HTTP, its checks and its errors."""

import itertools
import json
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import uuid4

PHONE_ID = "106540352242922"
TOKEN = "EAAG-local-token"
PERSON = re.compile(r"\d{5,20}")


@dataclass
class Failure:
    """What the next calls to `where` ('messages', 'media' or 'document') answer: Meta's code, or a bare HTTP status.
    `times` 0 is for ever. `took`: the message is taken all the same; `cut`: the connection is broken off before the
    answer, too."""

    where: str
    status: int
    code: int = 0
    times: int = 1
    took: bool = False
    cut: bool = False
    html: bool = False


@dataclass
class Graph:
    """The server's memory. `sent` are the payloads of the messages that were taken, in their order."""

    url: str = ""
    sent: list[dict[str, Any]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    pictures: dict[str, bytes] = field(default_factory=dict)
    documents: dict[str, bytes] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    outside: set[str] = field(default_factory=set)
    """Phones that did not write within the day: anything but a template is refused with 131047."""
    templates: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(("resumen_listo", "aviso", "archivo_leido"), 2)
    )
    lie_about_size: bool = False
    moved_to: str = ""
    """Where documents are said to lie now; what is asked of `/elsewhere` is in `strayed`."""
    strayed: list[str] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1_000_000_001))

    def number(self) -> str:
        return str(next(self._numbers))

    def hold(self, content: bytes) -> str:
        """A document that somebody sent: its media id."""
        id = self.number()
        self.documents[id] = content
        return id

    def texts(self) -> list[str]:
        return [text_of(message) for message in self.sent]

    def fail(self, where: str) -> Failure | None:
        found = next((f for f in self.failures if f.where == where), None)
        if found is not None and found.times:
            found.times -= 1
            if not found.times:
                self.failures.remove(found)
        return found


def text_of(message: dict[str, Any]) -> str:
    """What the phone shows of a message."""
    match message["type"]:
        case "text":
            return str(message["text"]["body"])
        case "image":
            return str(message["image"].get("caption", ""))
        case "interactive":
            return str(message["interactive"]["body"]["text"])
    return json.dumps(message["template"], ensure_ascii=False)


def buttons_of(message: dict[str, Any]) -> list[tuple[str, str]]:
    action = message.get("interactive", {}).get("action", {})
    return [(b["reply"]["title"], b["reply"]["id"]) for b in action.get("buttons", [])]


def wrong_with(message: dict[str, Any], graph: Graph) -> str:
    """What Meta would refuse in a payload, '' where nothing: the documented limits. Pure."""
    if message.get("messaging_product") != "whatsapp":
        return "messaging_product"
    if not PERSON.fullmatch(str(message.get("to", ""))) and not message.get("recipient"):
        return "to"
    if len(message.get("biz_opaque_callback_data", "")) > 512:
        return "biz_opaque_callback_data"
    match message.get("type"):
        case "text":
            return "" if 0 < len(message["text"]["body"]) <= 4096 else "text.body"
        case "image":
            known = message["image"].get("id") in graph.pictures
            return "" if known and len(message["image"].get("caption", "")) <= 1024 else "image"
        case "interactive":
            return _wrong_with_interactive(message["interactive"], graph)
        case "template":
            return _wrong_with_template(message["template"], graph)
    return "type"


def _wrong_with_interactive(inside: dict[str, Any], graph: Graph) -> str:
    header, action = inside.get("header"), inside["action"]
    if not 0 < len(inside["body"]["text"]) <= 1024 or len(inside.get("footer", {}).get("text", "")) > 60:
        return "interactive.body"
    if header and (header["type"] != "image" or header["image"].get("id") not in graph.pictures):
        return "interactive.header"
    if inside["type"] == "button":
        replies = [b["reply"] for b in action["buttons"] if b["type"] == "reply"]
        fine = 1 <= len(replies) <= 3 and all(0 < len(r["title"]) <= 20 and 0 < len(r["id"]) <= 256 for r in replies)
        unique = len({r["id"] for r in replies}) == len(replies) == len({r["title"] for r in replies})
        return "" if fine and unique else "interactive.action.buttons"
    rows = [row for section in action["sections"] for row in section["rows"]]
    fine = 1 <= len(rows) <= 10 and len(action["button"]) <= 20 and not header
    fine = fine and all(
        0 < len(r["title"]) <= 24 and len(r["id"]) <= 200 and len(r.get("description", "")) <= 72 for r in rows
    )
    return "" if fine and len({r["id"] for r in rows}) == len(rows) else "interactive.action.sections"


def _wrong_with_template(inside: dict[str, Any], graph: Graph) -> str:
    values = [p["text"] for c in inside["components"] if c["type"] == "body" for p in c["parameters"]]
    if graph.templates.get(inside["name"]) != len(values) or inside["language"]["code"] != "es":
        return "template"
    return "" if all(v and not re.search(r"[\n\t]| {5,}", v) for v in values) else "template.parameters"


@contextmanager
def running() -> Iterator[Graph]:
    """The server on a port of its own, until the block ends."""
    graph = Graph()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:
            pass

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if not self._known():
                return
            if self.path == f"/v26.0/{PHONE_ID}/messages":
                self._message(json.loads(body))
            elif self.path == f"/v26.0/{PHONE_ID}/media":
                self._media(body)
            else:
                self._error(404, 100, "Unsupported post request")

        def do_GET(self) -> None:
            if self.path.startswith("/elsewhere"):
                graph.strayed.append(self.path)
                self._bytes(200, "text/csv", b"Fecha;Total\n")
                return
            if not self._known():
                return
            id = self.path.rpartition("/")[2]
            failure = graph.fail("document")
            if failure:
                self._failed(failure)
            elif id not in graph.documents:
                self._error(404, 100, "Object does not exist")
            elif self.path.startswith("/file/") and graph.moved_to:
                self.send_response(302)
                self.send_header("Location", graph.moved_to)
                self.send_header("Content-Length", "0")
                self.end_headers()
            elif self.path.startswith("/file/"):
                self._bytes(200, "application/octet-stream", graph.documents[id])
            else:
                size = 10 if graph.lie_about_size else len(graph.documents[id])
                self._json(200, {
                    "messaging_product": "whatsapp", "url": f"{graph.url.rpartition('/')[0]}/file/{id}", "id": id,
                    "mime_type": "text/csv", "sha256": "", "file_size": size,
                })  # fmt: skip

        def _known(self) -> bool:
            if self.headers.get("Authorization") == f"Bearer {TOKEN}":
                return True
            self._error(401, 190, "Invalid OAuth access token")
            return False

        def _message(self, message: dict[str, Any]) -> None:
            failure = graph.fail("messages")
            wrong = wrong_with(message, graph)
            to = str(message.get("to") or message.get("recipient"))
            if wrong:
                graph.refused.append(wrong)
                self._error(400, 100, f"Invalid parameter: {wrong}")
            elif to in graph.outside and message["type"] != "template":
                self._error(400, 131047, "Re-engagement message")
            elif failure and not (failure.cut or failure.took):
                self._failed(failure)
            else:
                graph.sent.append(message)
                wamid = f"wamid.{uuid4().hex}"
                graph.ids.append(wamid)
                if failure and failure.took:
                    self._failed(failure)
                    return
                if failure:
                    self.close_connection = True
                    self.connection.close()
                    return
                self._json(200, {
                    "messaging_product": "whatsapp", "contacts": [{"input": to, "wa_id": to}],
                    "messages": [{"id": wamid}],
                })  # fmt: skip

        def _media(self, body: bytes) -> None:
            failure = graph.fail("media")
            if failure:
                self._failed(failure)
                return
            head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
            parts = {
                part.get_param("name", header="content-disposition"): part
                for part in BytesParser(policy=HTTP).parsebytes(head + body).iter_parts()  # type: ignore[attr-defined]
            }
            picture = parts["file"].get_payload(decode=True)
            if parts["messaging_product"].get_content().strip() != "whatsapp" or len(picture) > 5_000_000:
                self._error(400, 100, "Invalid parameter")
                return
            id = graph.number()
            graph.pictures[id] = picture
            self._json(200, {"id": id})

        def _failed(self, failure: Failure) -> None:
            if failure.html:
                self._bytes(failure.status, "text/html", b"<html>Bad Gateway</html>")
            else:
                self._error(failure.status, failure.code or failure.status, "Failed on request")

        def _error(self, status: int, code: int, message: str) -> None:
            error = {"message": f"(#{code}) {message}", "type": "OAuthException", "code": code, "fbtrace_id": "A1",
                     "error_data": {"messaging_product": "whatsapp", "details": message}}  # fmt: skip
            self._json(status, {"error": error})

        def _json(self, status: int, body: dict[str, Any]) -> None:
            self._bytes(status, "application/json", json.dumps(body).encode())

        def _bytes(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            """A caller that went away in the middle is what some tests are about."""
            if not isinstance(sys.exception(), ConnectionError):
                super().handle_error(request, client_address)  # type: ignore[arg-type]

    server = Server(("127.0.0.1", 0), Handler)
    graph.url = f"http://127.0.0.1:{server.server_address[1]}/v26.0"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield graph
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)
