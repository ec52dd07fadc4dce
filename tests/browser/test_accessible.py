"""Every page of the menu, and those beside it, on a phone and on a desk, by day and by night: axe finds nothing serious
and nothing scrolls sideways."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from server import operation
from server.pages.menu import MAIN, MORE
from server.pages.operador import TABS
from server.panel.boards import Board
from tests.browser.axe import serious
from tests.browser.conftest import Ayni, Person
from tests.browser.test_chat import PHONE, bakery, sales

__all__ = ["bakery", "sales"]

pytestmark = pytest.mark.browser

Visit = Callable[..., Page]

DESK = (1280, 900)
PAGES = (
    *(item.href for item in (*MAIN, *MORE) if item.here != "chat"),
    *(f"/panel/{board}" for board in Board),
    "/fuentes?metric=sales",
)


def settled(page: Page) -> None:
    """Its charts drawn, where it has any."""
    figures = page.locator("figure[data-chart]")
    for i in range(figures.count()):
        figures.nth(i).scroll_into_view_if_needed()
        expect(figures.nth(i)).to_have_attribute("data-state", "ready")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_pages_are_accessible(ayni: Ayni, visit: Visit, bakery: Person, size: tuple[int, int], scheme: str) -> None:
    """In one window, one after the other, as people walk through them."""
    page = visit(bakery, PAGES[0], size=size, scheme=scheme)
    found: dict[str, list[str]] = {}
    for path in PAGES:
        page.goto(ayni.url + path)
        settled(page)
        found[path] = serious(page)
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            found[path].append("it scrolls sideways")
    assert {path: problems for path, problems in found.items() if problems} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_door_and_the_reference_are_accessible(visit: Visit, scheme: str) -> None:
    for path in ("/entrar", "/api/docs"):
        assert serious(visit(None, path, size=PHONE, scheme=scheme)) == []


@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "light"), (DESK, "dark")], ids=["phone", "desk"])
def test_who_runs_ayni_finds_their_pages_in_the_menu_and_they_are_accessible(
    visit: Visit, new_person: Callable[..., Person], size: tuple[int, int], scheme: str
) -> None:
    person = new_person()
    operation.grant(person.email, True)
    page = visit(person, "/cuenta", size=size, scheme=scheme)
    page.get_by_text("Más", exact=True).click()
    page.get_by_role("link", name="Operador").click()
    for _, path, name in TABS:
        page.get_by_role("navigation", name="Operador").get_by_role("link", name=name).click()
        expect(page).to_have_url(re.compile(f"{path}$"))
        assert serious(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path


def test_a_page_without_data_is_accessible(visit: Visit, new_person: Callable[..., Person]) -> None:
    person = new_person()
    for path in ("/panel", "/datos"):
        assert serious(visit(person, path, size=PHONE)) == []
