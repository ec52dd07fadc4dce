"""The production shape without its containers: Redis as queue, Postgres by address, secrets given, and web, worker and
schedule as processes of their own. A file sent over the API is read by the worker and can be asked about."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import redis
import yaml

from benchmarks.starting import free_port
from core.db import embedded
from core.tenancy import Scope
from ingest import demo
from server.channels import email
from tests.conftest import DATA

HOME = Path(__file__).resolve().parents[2]
LIMIT_SECONDS = 300  # a busy machine is slow, not broken


@pytest.fixture
def services(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Redis and Postgres, and the environment that points to them."""
    if not shutil.which("redis-server"):
        pytest.skip("redis-server is not installed")
    port = free_port()
    command = [
        "redis-server",
        "--port",
        str(port),
        "--bind",
        "127.0.0.1",
        "--appendonly",
        "yes",
        "--dir",
        str(tmp_path),
    ]
    with _running(command, dict(os.environ)):
        _until(lambda: redis.Redis(port=port).ping(), redis.ConnectionError)
        yield {
            **{name: value for name, value in os.environ.items() if not name.startswith("AYNI_")},
            "AYNI_ENV": "production",
            "AYNI_SECRET_KEY": uuid4().hex * 2,
            "AYNI_DATA_DIR": str(tmp_path / "files"),
            # Not in pytest's folder: as root the server is another user, and each pytest begun shuts that folder anew.
            "AYNI_DATABASE_URL": embedded.start(DATA / f"elsewhere-{uuid4().hex[:8]}"),
            "AYNI_BROKER_URL": f"redis://127.0.0.1:{port}/0",
            "AYNI_PORT": str(free_port()),
        }


def test_a_file_goes_through_redis_to_a_worker_and_is_asked_about(services: dict[str, str], tmp_path: Path) -> None:
    _ayni(services, "migrate")
    made = ["Café Austral", "--slug", "cafe", "--owner-email", "dueno@example.org"]
    _ayni(services, "company", "create", *made)
    token = _ayni(services, "tokens", "create", "--company", "cafe", "--email", "dueno@example.org").strip()
    lines = demo.generate(demo.LA_ESPIGA, date(2026, 11, 21)).tail(300)
    demo.write_csv(lines, tmp_path / "ventas.csv")
    web = ["-m", "uvicorn", "--factory", "server.app:create_app", "--port", services["AYNI_PORT"]]
    celery = ["-m", "celery", "--app", "server.celery"]
    beat = [*celery, "beat", "--schedule", str(tmp_path / "beat"), "--pidfile="]
    with ExitStack() as running:
        for part in (web, [*celery, "worker", "--concurrency", "1"], beat):
            running.enter_context(_running([sys.executable, *part], services))
        _until(lambda: _get(services, "/readyz")["broker"], OSError)  # not there yet, or no answer
        upload = _send(services, token, tmp_path / "ventas.csv")
        path = f"/api/v1/uploads/{upload['id']}"
        _until(lambda: _get(services, path, token)["state"] in ("ready", "failed"))
        assert _get(services, path, token)["accepted"] == 300
        answer = _get(services, "/api/v1/ask", token, {"question": "¿cuánto vendí en octubre de 2026?"})
    assert answer["figures"][0]["value"] == lines["total"].sum()


def test_outside_development_there_is_no_default_secret(tmp_path: Path) -> None:
    bare = {name: value for name, value in os.environ.items() if not name.startswith("AYNI_")}
    with pytest.raises(subprocess.CalledProcessError) as refused:
        _ayni({**bare, "AYNI_ENV": "production", "AYNI_DATA_DIR": str(tmp_path)}, "migrate")
    assert "AYNI_SECRET_KEY" in refused.value.stderr


def test_the_compose_file_asks_for_every_secret_and_migrates_first() -> None:
    text = (HOME / "docker-compose.yml").read_text()
    parts = yaml.safe_load(text)["services"]
    assert {n for n, part in parts.items() if "profiles" not in part} == {
        "database", "queue", "migrate", "web", "worker", "schedule",
    }  # fmt: skip
    for secret in ("AYNI_SECRET_KEY", "AYNI_POSTGRES_PASSWORD", "AYNI_REDIS_PASSWORD"):
        assert f"${{{secret}:?" in text
        assert f"${{{secret}:-" not in text
    for name in ("web", "worker", "schedule"):
        assert parts[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
        assert "files:/data" in parts[name]["volumes"]
    assert "--appendonly yes" in parts["queue"]["command"][2]


def test_the_mail_catcher_is_asked_for_and_stays_on_the_machine() -> None:
    parts = yaml.safe_load((HOME / "docker-compose.yml").read_text())["services"]
    catcher = parts["mailpit"]
    assert catcher["profiles"] == ["mail"]
    assert re.fullmatch(r"axllent/mailpit:v\d+\.\d+", catcher["image"])
    assert all(port.startswith("127.0.0.1:") for port in catcher["ports"])
    # What its comment tells one to set is an address that Ayni understands.
    told = re.search(r"AYNI_SMTP_URL=(\S+)", (HOME / "docker-compose.yml").read_text())
    assert told is not None
    assert email.relay(told[1]) == email.Relay("mailpit", 1025, "no")
    for name in ("AYNI_SMTP_URL", "AYNI_MAIL_FROM", "AYNI_MAIL_INBOUND_DOMAIN", "AYNI_MAIL_INBOUND_SECRET"):
        assert parts["web"]["environment"][name] == f"${{{name}:-}}"


def test_the_image_has_the_embedded_databases_major_version(scope: Scope) -> None:
    from core import db

    with db.tenant(scope) as connection:
        major = connection.execute("SELECT current_setting('server_version_num')::int / 10000").fetchone()
    assert major is not None
    assert f"pgvector/pgvector:pg{major[0]}" in (HOME / "docker-compose.yml").read_text()


@contextmanager
def _running(command: list[str], environment: dict[str, str]) -> Iterator[None]:
    """A process, and its children, for as long as the block lasts."""
    process = subprocess.Popen(
        command, cwd=HOME, env=environment, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _ayni(environment: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "-m", "server.cli", *arguments]
    return subprocess.run(command, cwd=HOME, env=environment, check=True, capture_output=True, text=True).stdout


def _until(done: Callable[[], object], *passing: type[Exception]) -> None:
    """Wait for `done`; exceptions in `passing` mean not yet."""
    until = time.monotonic() + LIMIT_SECONDS
    pause = 0.05
    while time.monotonic() < until:
        try:
            if done():
                return
        except passing:
            pass
        time.sleep(pause)
    raise TimeoutError("it did not happen in time")


def _get(services: dict[str, str], path: str, token: str = "", body: dict[str, Any] | None = None) -> dict[str, Any]:
    headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
    data = json.dumps(body).encode() if body else None
    request = urllib.request.Request(f"http://127.0.0.1:{services['AYNI_PORT']}{path}", data, headers)
    with urllib.request.urlopen(request, timeout=30) as response:
        found: dict[str, Any] = json.load(response)
    return found


def _send(services: dict[str, str], token: str, path: Path) -> dict[str, Any]:
    edge = uuid4().hex
    head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{path.name}"\r\n\r\n'
    request = urllib.request.Request(
        f"http://127.0.0.1:{services['AYNI_PORT']}/api/v1/uploads",
        head.encode() + path.read_bytes() + f"\r\n--{edge}--\r\n".encode(),
        {"Authorization": f"Bearer {token}", "Content-Type": f"multipart/form-data; boundary={edge}"},
    )
    with urllib.request.urlopen(request, timeout=30) as response:
        found: dict[str, Any] = json.load(response)
    return found
