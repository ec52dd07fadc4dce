"""`make run`, installing aside: the first start, with the demo, and the second, until a visitor is let in."""

import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from datetime import date
from pathlib import Path

from benchmarks import child
from benchmarks.table import Row

LIMIT_SECONDS = 180


def measure(rows: int, today: date, folder: Path) -> list[Row]:
    """Start, stop, start again in the same folder."""
    data = folder / "start"
    first, _ = _start(data)
    second, alive = _start(data)
    bare = child.run("benchmarks.starting", data_dir=folder / "bare")
    return [
        Row("start", "first, until ready (database made, demo loaded)", first, "s", 120),
        Row("start", "second, until the process answers (/healthz)", alive, "s", 15),
        Row("start", "second, until ready (/readyz)", second, "s", 15, bare["seconds"]),
    ]


def _start(data: Path) -> tuple[float, float]:
    """Seconds until `/readyz` and until `/healthz` answer 200; everything started is stopped again."""
    port = free_port()
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "server.cli", "up"],
        cwd=child.HOME,
        env=child.environment(data, AYNI_PORT=str(port)),
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        alive = _wait(process, f"http://127.0.0.1:{port}/healthz") - started
        return _wait(process, f"http://127.0.0.1:{port}/readyz") - started, alive
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(timeout=30)


def _wait(process: subprocess.Popen[bytes], address: str) -> float:
    """The moment `address` answers 200."""
    until = time.perf_counter() + LIMIT_SECONDS
    while time.perf_counter() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return time.perf_counter()
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise TimeoutError(f"{address} did not answer")


def free_port() -> int:
    """One that nothing listens on, from below those that the system gives out by itself: nobody takes it meanwhile."""
    for port in random.sample(range(15_000, 30_000), 100):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise RuntimeError("no free port")


def _bare() -> dict[str, float]:
    """The bare limit: the embedded database's own start, once it is made."""
    from core.db.embedded import get_server

    os.environ["LC_ALL"] = "C.UTF-8"
    folder = Path(os.environ["AYNI_DATA_DIR"]) / "postgres"
    folder.mkdir(parents=True)
    get_server(folder).cleanup()
    started = time.perf_counter()
    get_server(folder).get_uri()
    return {"seconds": time.perf_counter() - started}


if __name__ == "__main__":
    child.tell(_bare)
