"""`ayni up`: the database, then web, worker and schedule as children of this process, and all of it down at the end."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

from core import auth, db, folders
from core.errors import Conflict
from core.settings import settings
from server import demo, economy
from server.ready import make_ready

_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # our own door, whatever proxy is set
START_SECONDS = 90
STOP_SECONDS = 8
ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)  # Ctrl-C, a polite request, a closed terminal


PRIVATE = ("uploads", "exports", "tmp", "mails", "queue")
PR_SET_PDEATHSIG = 1
# Looked up before any fork. Linux only: elsewhere a killed parent's children are found by the next start's busy port.
_prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else None


class Stopped(Exception):
    """Ctrl-C, or a polite request to end."""


def up() -> int:
    """Run until told to stop; 0 then, 1 where a part of it ended by itself."""
    for ending in ENDINGS:
        signal.signal(ending, _stop)
    try:
        _claim_port()
        _say("Preparando la base de datos…")
        for name in PRIVATE:  # an earlier version left some of them open
            folders.folder(name)
        make_ready()
        economy.load()
        if settings().demo and settings().development:
            _demo()
        db.close()
        with _children() as children:
            _wait_until_up(children)
            _welcome()
            return _watch(children)
    except Stopped:
        _say("Ayni se detuvo. Tus datos quedan guardados.")
        return 0


def command(part: str) -> list[str]:
    """How each part is started; production starts the same ones."""
    folder = folders.folder()
    celery = [sys.executable, "-m", "celery", "--app", "server.celery", "--quiet"]
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "WARNING"]
    parts = {
        "web": [
            *(sys.executable, "-m", "uvicorn", "--factory", "server.app:create_app"),
            *("--host", settings().host, "--port", str(settings().port)),
            *("--log-level", "warning", "--timeout-graceful-shutdown", "3"),
        ],
        "worker": [*celery, "worker", *quiet],
        "schedule": [*celery, "beat", "--loglevel", "WARNING", "--pidfile=", "--schedule", str(folder / "schedule")],
    }
    return parts[part]


@contextmanager
def _children() -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    home = Path(__file__).resolve().parents[1]
    environment = {**os.environ, "AYNI_DATA_DIR": str(settings().data_dir.resolve())}
    children: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for part in ("web", "worker", "schedule"):
            children[part] = start(command(part), cwd=home, env=environment)
        yield children
    finally:
        _end(list(children.values()))


def start(words: list[str], **how: Any) -> subprocess.Popen[bytes]:
    """A part of this process: in a session of its own, since the terminal's Ctrl-C is for this process, which then ends
    each part once, in order; and ended by the system where this process is killed and can't do it."""
    parent = os.getpid()

    def die_with_parent() -> None:
        if _prctl is not None:
            _prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
            if os.getppid() != parent:  # it ended while this was starting
                os._exit(1)

    return subprocess.Popen(words, start_new_session=True, preexec_fn=die_with_parent, **how)


def _end(children: list[subprocess.Popen[bytes]]) -> None:
    """Ask, wait, insist. What a worker was doing is resumed at the next start, so insisting loses nothing."""
    for ending in ENDINGS:
        signal.signal(ending, signal.SIG_IGN)
    family = [p for child in children for p in _family(child.pid)]
    for child in children:
        if child.poll() is None:
            child.terminate()
    _, alive = psutil.wait_procs(family, timeout=STOP_SECONDS)
    for process in alive:
        if process.is_running():
            process.kill()
    psutil.wait_procs(alive, timeout=2)


def _family(pid: int) -> list[psutil.Process]:
    try:
        parent = psutil.Process(pid)
        return [parent, *parent.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _claim_port() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings().host, settings().port))
        except OSError:
            raise Conflict(
                "port",
                f"El puerto {settings().port} está ocupado.",
                f"¿Ayni ya está corriendo en {settings().url}? Si no, elige otro con AYNI_PORT.",
            ) from None


def _demo() -> None:
    if not any(c.slug == demo.SLUG for c in auth.companies()):
        _say("Creando la empresa de muestra, Panadería La Espiga (solo la primera vez)…")
    demo.ensure(datetime.now(UTC).date())
    demo.compare_later()


def _wait_until_up(children: dict[str, subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        _check(children)
        try:
            with _direct.open(f"http://{settings().host}:{settings().port}/healthz", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise Conflict("start", "La web no respondió a tiempo.", "Mira los mensajes de arriba.")


def _check(children: dict[str, subprocess.Popen[bytes]]) -> None:
    ended = next((part for part, child in children.items() if child.poll() is not None), None)
    if ended is not None:
        raise Conflict("ended", f"Se detuvo una parte de Ayni ({ended}).", "Mira los mensajes de arriba.")


def _watch(children: dict[str, subprocess.Popen[bytes]]) -> int:
    while True:
        _check(children)
        time.sleep(0.5)


def _welcome() -> None:
    _say(f"\nAyni está listo: {settings().url}")
    if settings().demo and settings().development:
        _say(f"  Entra a la muestra con {demo.EMAIL}, clave {demo.password()}")
    _say("  Ctrl-C para detener.\n")


def _say(text: str) -> None:
    print(text, flush=True)


def _stop(*_: object) -> None:
    raise Stopped
