"""The whole of Ayni as `ayni up` runs it, beside this process on the same data, and a real browser to look at it."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest
from playwright.sync_api import Browser, Error, Locator, Page, Playwright, Request, Route, expect, sync_playwright

from benchmarks.starting import free_port
from core import auth
from core.db.connect import admin_address
from core.tenancy import Role, Scope
from tests.conftest import DATA
from tests.prepare import chromium

PASSWORD = "una clave larga"
HERE = Path(__file__).resolve().parent
HOME = HERE.parents[1]
# A busy machine is slow, not broken: who waits in vain waits long, nobody else.
START_SECONDS = 240
STOP_SECONDS = 120
PATIENCE = 120_000  # milliseconds


@dataclass
class Ayni:
    """A running Ayni: web, worker and schedule."""

    port: int
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    bakery: "Person | None" = None  # whose data all files read (test_chat.py)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        environment = {**os.environ, "AYNI_PORT": str(self.port), "AYNI_DATA_DIR": str(DATA), "AYNI_DEMO": "false"}
        log = (DATA / "up.log").open("ab")
        command = [sys.executable, "-m", "server.cli", "up"]
        self.process = subprocess.Popen(command, cwd=HOME, env=environment, stdout=log, stderr=log)
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((DATA / "up.log").read_text("utf-8")[-4000:])
            time.sleep(0.1)

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=STOP_SECONDS)

    def restart(self) -> None:
        self.stop()
        self.start()

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=2):
                return True
        except (urllib.error.URLError, OSError):
            return False


def patiently(done: Callable[[], object]) -> None:
    """Wait for what happens outside the browser."""
    deadline = time.monotonic() + START_SECONDS
    while not done():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)


def settled(page: Page) -> None:
    """What was asked for has come, stands in its place and listens: htmx wires it a moment after it can be seen."""
    page.wait_for_load_state()
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added")).to_have_count(0)


def point_at(mark: Locator) -> None:
    """Rest the mouse on a mark until its tooltip is there: a chat may still scroll, a chart be drawn once more."""

    def told() -> bool:
        mark.page.mouse.move(0, 0)
        mark.scroll_into_view_if_needed()
        mark.hover(force=True)  # a line's marks lie under what listens for the nearest one
        with suppress(AssertionError):
            expect(mark.page.locator("#vg-tooltip-element")).to_be_visible(timeout=2_000)
            return True
        return False

    patiently(told)


def holding(page: Page, address: str) -> Callable[[], None]:
    """What the page asks for at `address` waits until the function given back is called."""
    waiting: list[Route] = []
    free = False

    def handle(route: Route) -> None:
        if free:
            go_on(route)
        else:
            waiting.append(route)

    def go_on(route: Route) -> None:
        with suppress(Error):  # the page no longer waits for it
            route.continue_()

    def let_go() -> None:
        nonlocal free
        free = True
        for route in waiting:
            go_on(route)

    page.route(address, handle)
    return let_go


@dataclass(frozen=True)
class Person:
    """Somebody with an account, and their scope."""

    email: str
    scope: Scope
    token: str


@dataclass
class House:
    """What this folder's files share, one after the other: starting it takes longer than most files."""

    ayni: Ayni | None = None
    playwright: Playwright | None = None
    browser: Browser | None = None

    def leave(self) -> None:
        if self.browser is not None and self.browser.is_connected():
            self.browser.close()
        if self.playwright is not None:
            self.playwright.stop()
        if self.ayni is not None:
            self.ayni.stop()
        self.ayni = self.playwright = self.browser = None


HOUSE = House()


@pytest.fixture(scope="session")
def house(database: None) -> Iterator[House]:
    yield HOUSE
    HOUSE.leave()  # where the run is broken off


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """All of it ends before another folder's tests begin: its worker takes every job of this database, and those tests
    look at theirs; and while Playwright runs, this thread's event loop is Playwright's."""
    try:
        return (yield)
    finally:
        if nextitem is None or HERE not in nextitem.path.parents:
            HOUSE.leave()


@pytest.fixture(scope="module")
def ayni(house: House) -> Ayni:
    if house.ayni is None:
        _forget_what_others_left()
        started = Ayni(free_port())
        try:
            started.start()
        except BaseException:
            started.stop()
            raise
        house.ayni = started
    return house.ayni


def _forget_what_others_left() -> None:
    """Other files leave hundreds of companies with jobs that never ran: the schedule would do them all first."""
    with psycopg.connect(admin_address(), autocommit=True) as connection:
        connection.execute("SET lock_timeout = '20s'")
        connection.execute("TRUNCATE companies, whatsapp_inbox CASCADE")


@pytest.fixture(scope="module")
def browser(house: House) -> Browser:
    path = chromium()
    if path is None:
        pytest.skip("no Chromium here (python -m tests.prepare)")
    expect.set_options(timeout=PATIENCE)
    if house.playwright is None:
        house.playwright = sync_playwright().start()
    if house.browser is None or not house.browser.is_connected():
        house.browser = house.playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
    return house.browser


@pytest.fixture
def new_person(database: None) -> Callable[..., Person]:
    return make_person


def make_person(company_name: str = "") -> Person:
    """The owner of a new company."""
    name = uuid4().hex[:10]
    company = auth.create_company(company_name or "Panadería Los Aromos", f"aromos-{name}", "panaderia")
    user = auth.create_user(f"{name}@example.cl", PASSWORD, "Dueña")
    auth.add_member(company, user.email, Role.owner)
    return Person(user.email, auth.scope_for(user.id, company.slug), auth.session_token(user, company.slug))


@pytest.fixture
def visit(ayni: Ayni, browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens a page as a person. The test fails if anything was asked of another host, or if the page broke."""
    foreign: list[str] = []
    broken: list[str] = []
    pages: list[Page] = []

    def note(request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname != "127.0.0.1":
            foreign.append(request.url)

    def open_page(
        person: Person | None = None,
        path: str = "/chat",
        size: tuple[int, int] = (1280, 800),
        scheme: str = "light",
        language: str = "es-CL",
    ) -> Page:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if scheme == "dark" else "light",
            locale=language,
        )
        context.on("request", note)
        if person is not None:
            context.add_cookies([{"name": auth.COOKIE, "value": person.token, "url": ayni.url}])
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: broken.append(str(error)))
        page.goto(ayni.url + path)
        pages.append(page)
        return page

    yield open_page
    for page in pages:
        page.context.close()
    assert foreign == []
    assert broken == []
