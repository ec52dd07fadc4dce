"""`ayni up` and its parts: what is left where the process that started them is gone."""

import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import psutil
import pytest

from core.settings import settings
from server import up
from tests.server.conftest import environment

STARTER = "import sys; from server import up; print(up.start(sys.argv[1:]).pid, flush=True); sys.stdin.read()"


@pytest.mark.skipif(sys.platform != "linux", reason="the system ends orphans on Linux only")
def test_a_part_ends_with_a_killed_parent():
    sleeper = [sys.executable, "-c", "import time; time.sleep(300)"]
    words = [sys.executable, "-c", STARTER, *sleeper]
    with subprocess.Popen(words, env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        part = psutil.Process(int(parent.stdout.readline()))
        try:
            assert part.is_running()
            parent.kill()
            assert part.wait(timeout=20) is None
        finally:
            if part.is_running():
                part.kill()


def test_the_web_is_asked_directly_whatever_proxy_is_set(monkeypatch: pytest.MonkeyPatch):
    class Alive(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Alive) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setattr(up, "settings", lambda: settings().model_copy(update={"port": server.server_port}))
        monkeypatch.setattr(up, "START_SECONDS", 5)
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
            monkeypatch.setenv(name, "http://127.0.0.1:9")
        monkeypatch.setenv("no_proxy", "")
        up._wait_until_up({})
        server.shutdown()
