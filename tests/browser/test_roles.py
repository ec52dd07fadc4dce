"""Each page as its role meets it: somebody of every role walks the menu, page after page, on a phone and on a desk."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from core import auth
from core.tenancy import PERMISSIONS, Role
from server.pages.menu import MAIN, MORE
from server.panel.boards import BOARDS, Board
from tests.browser.conftest import PASSWORD, Person
from tests.browser.test_chat import PHONE, bakery, sales

__all__ = ["bakery", "sales"]

pytestmark = pytest.mark.browser

DESK = (1280, 900)
FIRST = {
    Role.owner: Board.owner,
    Role.analyst: Board.owner,
    Role.operations: Board.operations,
    Role.marketing: Board.marketing,
    Role.finance: Board.finance,
    Role.viewer: Board.owner,
}
LINES = [item for item in (*MAIN, *MORE) if item.here != "chat"]


def member(bakery: Person, role: Role) -> Person:
    """Somebody of this role in the bakery."""
    user = auth.create_user(f"{role}-{bakery.email}", PASSWORD, str(role))
    company = bakery.scope.company
    auth.add_member(company, user.email, role)
    return Person(user.email, auth.scope_for(user.id, company.slug), auth.session_token(user, company.slug))


@pytest.mark.parametrize("role", list(FIRST))
def test_a_role_walks_every_page_of_its_menu(visit: Callable[..., Page], bakery: Person, role: Role) -> None:
    page = visit(member(bakery, role), "/panel")
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    boards = page.get_by_role("navigation", name="Paneles")
    expect(boards.locator("[aria-current]")).to_have_text(BOARDS[FIRST[role]].name)
    menu = page.get_by_role("navigation", name="Principal")
    theirs = [item for item in LINES if item.permission in PERMISSIONS[role]]
    menu.locator("summary").click()
    for item in LINES:
        expect(menu.get_by_role("link", name=item.name, exact=True)).to_have_count(1 if item in theirs else 0)
    page.keyboard.press("Escape")
    for item in theirs:
        page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
        link = menu.get_by_role("link", name=item.name, exact=True)
        if not item.short and item in MORE:
            menu.locator("summary").click()
        link.click()
        expect(page).to_have_url(re.compile(re.escape(item.href) + r"(/|\?|$)"))
        expect(page.locator("main h1")).to_be_visible()
        for width, height in (DESK, PHONE):
            page.set_viewport_size({"width": width, "height": height})
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (item.href, width)
    assert refused == []
