"""A local server that speaks the OpenAI chat-completions protocol, streamed, and does what a test scripts.

A script is a function of the request (its JSON) and of how many came before; it returns what to do: say a text, call
tools, or fail in one of the ways that real endpoints fail.
"""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Request = dict[str, Any]


@dataclass(frozen=True)
class Say:
    """Stream `text`. `cut` ends the stream half way, without a word; `usage` tells what it cost."""

    text: str
    cut: bool = False
    usage: bool = True


@dataclass(frozen=True)
class Call:
    """Ask for a tool, with `arguments` as JSON text, right or wrong."""

    name: str
    arguments: str


@dataclass(frozen=True)
class Fail:
    """An HTTP status with a body that must never be shown."""

    status: int


@dataclass(frozen=True)
class Hang:
    """Answer nothing until the server is stopped."""


Reply = Say | Call | Fail | Hang
Script = Callable[[Request, int], Reply]


@dataclass
class Stub:
    """`url` is the base URL; `requests` are the bodies that came, in order, and `keys` their authorization."""

    url: str
    requests: list[Request] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)


@contextmanager
def serving(script: Script) -> Iterator[Stub]:
    """Serve `script` on a free port of the loopback."""
    stopped = threading.Event()
    stub = Stub("")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            assert self.path == "/v1/chat/completions"
            request = json.loads(self.rfile.read(int(self.headers["content-length"])))
            stub.requests.append(request)
            stub.keys.append(self.headers.get("authorization", ""))
            assert request["stream"] is True
            match script(request, len(stub.requests) - 1):
                case Hang():
                    stopped.wait()
                case Fail(status):
                    self._fail(status)
                case Say(text, cut, usage):
                    words = [f"{word} " for word in text.split(" ")]
                    deltas = [{"content": word} for word in (words[: len(words) // 2] if cut else words)]
                    self._stream(deltas, None if cut else "stop", usage)
                case Call(name, arguments):
                    head = {"index": 0, "id": "call_1", "type": "function", "function": {"name": name, "arguments": ""}}
                    half = len(arguments) // 2
                    tails = [{"index": 0, "function": {"arguments": a}} for a in (arguments[:half], arguments[half:])]
                    self._stream([{"tool_calls": [d]} for d in (head, *tails)], "tool_calls", True)

        def _fail(self, status: int) -> None:
            body = json.dumps({"error": {"message": "bad key sk-secret-1234", "type": "x"}}).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _stream(self, deltas: list[dict[str, Any]], finish: str | None, usage: bool) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/event-stream")
            self.send_header("connection", "close")
            self.end_headers()
            self.close_connection = True
            for delta in [{"role": "assistant", "content": ""}, *deltas]:
                self._event({"choices": [{"index": 0, "delta": delta, "finish_reason": None}]})
            if finish is None:
                return
            self._event({"choices": [{"index": 0, "delta": {}, "finish_reason": finish}]})
            if usage:
                told = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}
                self._event({"choices": [], "usage": told})
            self.wfile.write(b"data: [DONE]\n\n")

        def _event(self, event: dict[str, Any]) -> None:
            whole = {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "stub", **event}
            self.wfile.write(f"data: {json.dumps(whole)}\n\n".encode())

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    stub.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    try:
        yield stub
    finally:
        stopped.set()
        server.shutdown()
        server.server_close()
        thread.join()


def tool_results(request: Request) -> list[str]:
    """What the tools have brought so far."""
    return [m["content"] for m in request["messages"] if m["role"] == "tool"]
