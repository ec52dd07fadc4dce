"""The panel on the million-line company: its data, how much of it a second, and how soon a page is painted.

One web process, as `ayni up` starts it, on the machine's own cores together with the database and the clients. The bare
limit is an endpoint of the same application, behind the same login, that does one indexed select under row-level
security; for what is gathered anew, that select alone; for the paint, a page of the same frame that asks for nothing.
"""

import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from http.client import HTTPConnection
from itertools import cycle, islice
from pathlib import Path
from typing import Any
from uuid import uuid4

from benchmarks import child, filing
from benchmarks.starting import _wait, free_port
from benchmarks.table import Row

MODULE = "benchmarks.panels"
BOARDS = ("dueno", "operaciones", "marketing", "finanzas")
DATA = [f"/api/v1/panel/{board}" for board in BOARDS]
BARE, BARE_PAGE = "/bare", "/bare.html"
ROUNDS = 10
WANTED = 200
"""Requests a second that a panel's data must bear."""
SECONDS = 10
CLIENTS = 4
PAINTS = 5
FIRST_PAINT = """() => new Promise((done) => new PerformanceObserver((list) => {
    const paint = list.getEntriesByName("first-contentful-paint")[0];
    if (paint) done(paint.startTime);
}).observe({ type: "paint", buffered: true }))"""


def measure(rows: int, today: date, folder: Path) -> list[Row]:
    """On the big company, where it was made in this run."""
    data = folder / "big"
    if not data.is_dir():
        return []
    made = child.run(MODULE, "gather", data_dir=data)
    section = f"panel, {rows:,} lines"
    with _served(data) as port:
        token = made["token"]
        _all_out(port, token, [BARE, *DATA], 2)  # what is loaded once is loaded
        bare, full = _all_out(port, token, [BARE], SECONDS), _all_out(port, token, DATA, SECONDS)
        bare_paced, paced = (_paced(port, token, some, SECONDS) for some in ([BARE], DATA))
        painted = child.run(MODULE, "paint", str(port), token, data_dir=data)
    return [
        Row(section, "a board gathered anew p50", made["p50"], "ms", None, made["bare"]),
        Row(section, "a board gathered anew p95", made["p95"], "ms", 150, made["bare"], f"slowest: {made['slowest']}"),
        Row(section, f"data at {WANTED} requests/s, p95", _p95(paced), "ms", 150, _p95(bare_paced),
            f"p50 {statistics.median(paced):.1f} ms, slowest {max(paced):.0f} ms"),
        Row(section, f"data, a request's share at full load ({CLIENTS} clients)", 1000 / full, "ms", 1000 / WANTED,
            1000 / bare, f"{full:.0f} requests/s; the bare endpoint {bare:.0f}"),
        *_painted(section, painted),
    ]  # fmt: skip


def _painted(section: str, done: dict[str, Any]) -> list[Row]:
    if not done.get("paints"):
        return []  # no browser here
    note = f"{len(done['paints'])} visits with an empty cache; p50 {statistics.median(done['paints']):.0f} ms"
    return [Row(section, "first paint p95", _p95(done["paints"]), "ms", 400, _p95(done["bare"]), note)]


@contextmanager
def _served(data: Path) -> Iterator[int]:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", MODULE, "serve", str(port)],
        cwd=child.HOME,
        env=child.environment(data, AYNI_PORT=str(port)),
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait(process, f"http://127.0.0.1:{port}/healthz")
        yield port
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(timeout=30)


def _all_out(port: int, token: str, paths: list[str], seconds: float) -> float:
    """Requests a second that `CLIENTS` get, each asking again as soon as it is answered."""
    until = time.perf_counter() + seconds

    def ask() -> int:
        count, some = 0, cycle(paths)
        with _connected(port) as connection:
            while time.perf_counter() < until:
                _get(connection, next(some), token)
                count += 1
        return count

    started = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        done = sum(pool.map(lambda _: ask(), range(CLIENTS)))
    return done / (time.perf_counter() - started)


def _paced(port: int, token: str, paths: list[str], seconds: float) -> list[float]:
    """Milliseconds of each request when they come at an even pace, each from the moment at which it was due."""
    begin = time.perf_counter() + 0.2

    def ask(first: int) -> list[float]:
        taken = []
        with _connected(port) as connection:
            for number in range(first, int(WANTED * seconds), 2 * CLIENTS):
                due = begin + number / WANTED
                time.sleep(max(0.0, due - time.perf_counter()))
                _get(connection, paths[number // (2 * CLIENTS) % len(paths)], token)
                taken.append((time.perf_counter() - due) * 1000)
        return taken

    with ThreadPoolExecutor(2 * CLIENTS) as pool:
        return [one for some in pool.map(ask, range(2 * CLIENTS)) for one in some]


@contextmanager
def _connected(port: int) -> Iterator[HTTPConnection]:
    connection = HTTPConnection("127.0.0.1", port)
    try:
        yield connection
    finally:
        connection.close()


def _get(connection: HTTPConnection, path: str, token: str) -> None:
    connection.request("GET", path, headers={"Cookie": f"access_token={token}"})
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != 200 or not body:
        raise RuntimeError(f"{path}: {answer.status} {body[:200]!r}")


def _gather() -> dict[str, Any]:
    """Each board of the latest months, nothing kept; and somebody who may look."""
    from core import auth, db
    from core.tenancy import Role
    from server import economy
    from server.panel import keep
    from server.panel.boards import Board

    db.migrate()
    economy.load()
    scope = auth.operator_scope(filing.COMPANY)
    user = auth.create_user(f"{uuid4().hex[:10]}@example.cl", "una clave larga", "Medida")
    auth.add_member(scope.company, user.email, Role.owner)
    taken: list[tuple[float, str]] = []
    for month in islice(cycle(("2026-10", "2026-09", "2026-08")), ROUNDS):
        for board in Board:
            keep.forget()
            started = time.perf_counter()
            with db.tenant(scope) as connection:
                keep.board(board, month, scope, connection)
            taken.append(((time.perf_counter() - started) * 1000, board.value))
    token = auth.session_token(user, scope.company.slug)
    bare = statistics.median(_selected(scope) for _ in range(50))
    db.close()
    times = [t for t, _ in taken]
    slow = f"{max(taken)[1]}, {max(times):.0f} ms"
    return {"p50": statistics.median(times), "p95": _p95(times), "slowest": slow, "bare": bare, "token": token}


def _selected(scope: Any) -> float:
    """Milliseconds of one indexed select."""
    from core import db

    started = time.perf_counter()
    with db.tenant(scope) as connection:
        connection.execute("SELECT lines FROM feature_state WHERE company_id = %s", [scope.company_id]).fetchone()
    return (time.perf_counter() - started) * 1000


def _serve(port: int) -> None:
    """The application with the two bare routes beside its own."""
    import uvicorn
    from fastapi.responses import HTMLResponse

    from core import db
    from server.app import create_app
    from server.identity import CurrentVisitor, SignedIn
    from server.pages.shared import page

    app = create_app()

    @app.get(BARE)
    def bare(scope: SignedIn) -> dict[str, int]:
        with db.tenant(scope) as connection:
            row = connection.execute(
                "SELECT lines FROM feature_state WHERE company_id = %s", [scope.company_id]
            ).fetchone()
        return {"lines": row[0] if row else 0}

    @app.get(BARE_PAGE)
    def bare_page(visitor: CurrentVisitor) -> HTMLResponse:
        return page("pagina.html", visitor, "panel")

    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", access_log=False)


def _paint(port: int, token: str) -> dict[str, Any]:
    """First contentful paints in milliseconds, each visit with an empty cache."""
    from playwright.sync_api import Browser, sync_playwright

    from tests.prepare import chromium

    path = chromium()
    if path is None:
        return {}
    home = f"http://127.0.0.1:{port}"

    def visit(browser: Browser, where: str) -> float:
        context = browser.new_context(viewport={"width": 390, "height": 844})
        context.add_cookies([{"name": "access_token", "value": token, "url": home}])
        page = context.new_page()
        page.goto(home + where)
        painted: float = page.evaluate(FIRST_PAINT)
        context.close()
        return painted

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        visit(browser, BARE)  # the browser itself has started
        bare = [visit(browser, BARE_PAGE) for _ in range(PAINTS)]
        paints = [visit(browser, f"/panel/{board}") for _ in range(PAINTS) for board in BOARDS]
        browser.close()
    return {"paints": paints, "bare": bare}


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20, method="inclusive")[-1]


if __name__ == "__main__":
    what, *rest = sys.argv[1:]
    if what == "serve":
        _serve(int(rest[0]))
    else:
        child.tell(_gather if what == "gather" else lambda: _paint(int(rest[0]), rest[1]))
