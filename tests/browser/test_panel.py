"""The panel as its roles meet it: boards, charts that are drawn under our policy, and the question that a card asks."""

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Person, point_at
from tests.browser.test_chat import PHONE, bakery, last_month, pesos, sales

__all__ = ["bakery", "last_month", "sales"]

pytestmark = pytest.mark.browser

Visit = Callable[..., Page]


def seen(page: Page) -> None:
    """Scroll through, so that every chart is drawn."""
    figures = page.locator("figure[data-chart]")
    for i in range(figures.count()):
        figures.nth(i).scroll_into_view_if_needed()
        expect(figures.nth(i)).to_have_attribute("data-state", "ready")


@pytest.mark.parametrize(("size", "scheme"), [((1280, 900), "light"), (PHONE, "dark")])
@pytest.mark.parametrize("board", ["dueno", "operaciones", "marketing", "finanzas"])
def test_every_board_draws_its_charts_and_fits(
    visit: Visit, bakery: Person, board: str, size: tuple[int, int], scheme: str
) -> None:
    page = visit(bakery, "/cuenta", size=size, scheme=scheme)
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    page.goto(page.url.replace("/cuenta", f"/panel/{board}"))
    seen(page)
    assert refused == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "it scrolls sideways"
    if size == PHONE:
        small = page.evaluate(
            "[...document.querySelectorAll('figure svg text')].filter((t) => t.getBoundingClientRect().height < 10)"
            ".map((t) => t.textContent)"
        )
        assert small == [], "labels too small to read"


def test_the_panel_walks_through_its_months_and_boards(visit: Visit, bakery: Person) -> None:
    page = visit(bakery, "/panel")
    expect(page.get_by_role("navigation", name="Paneles").locator("[aria-current]")).to_have_text("Dueño")
    title = page.locator("h1").inner_text()
    page.get_by_role("link", name="Mes anterior").click()
    expect(page.locator("h1")).not_to_have_text(title)
    month = page.locator("#mes").input_value()
    page.get_by_role("link", name="Operaciones").click()
    expect(page).to_have_url(re.compile(f"/panel/operaciones\\?mes={month}"))
    expect(page.get_by_role("heading", name="Sucursales")).to_be_visible()
    page.locator("#mes").select_option(index=0)
    expect(page).not_to_have_url(re.compile(month))


def test_a_legend_hides_a_series_and_a_chart_comes_nearer(visit: Visit, bakery: Person) -> None:
    page = visit(bakery, "/panel/finanzas")
    figure = page.locator("#result figure")
    figure.scroll_into_view_if_needed()
    expect(figure.locator(".mark-line path")).to_have_count(3)
    button = figure.get_by_role("button", name="Costo")
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-pressed", "false")
    expect(figure.locator(".mark-line path")).to_have_count(2)
    page.keyboard.press("Enter")
    expect(figure.locator(".mark-line path")).to_have_count(3)
    point_at(figure.locator(".mark-symbol path").first)
    expect(page.locator("#vg-tooltip-element")).to_contain_text("$")


def test_a_bar_leads_to_its_lines(visit: Visit, bakery: Person) -> None:
    page = visit(bakery, "/panel/operaciones")
    figure = page.locator("#branches figure")
    figure.scroll_into_view_if_needed()
    expect(figure).to_have_attribute("data-state", "ready")  # a mark listens from then on
    figure.locator(".mark-rect path").first.click()
    expect(page).to_have_url(re.compile(r"/fuentes\?metric=sales.*branch="))


def test_a_card_asks_its_question_once(
    visit: Visit, bakery: Person, sales: tuple[Path, Decimal], last_month: str
) -> None:
    page = visit(bakery, "/panel")
    page.locator("[data-metric=sales]").get_by_role("link", name="Preguntar sobre esto").click()
    asked = page.locator("[data-step-type=user_message]")
    expect(asked).to_contain_text("ventas")
    expect(asked).to_contain_text(last_month)
    expect(page.locator(".ai-message").last).to_contain_text(pesos(sales[1]))
    assert "pregunta" not in page.url
    page.goto(page.url.split("/chat")[0] + "/chat")
    expect(page.locator("#chat-input")).to_be_visible()
    expect(asked).to_have_count(0)


def test_another_sites_question_waits_for_the_visitor(visit: Visit, bakery: Person) -> None:
    page = visit(bakery, "/chat?pregunta=%C2%BFcu%C3%A1nto+vend%C3%AD%3F")  # as from an address bar or another site
    expect(page.locator("#chat-input")).to_have_value("¿cuánto vendí?")
    expect(page.locator("#chat-submit")).to_be_enabled()
    expect(page.locator("[data-step-type=user_message]")).to_have_count(0)


def test_the_chat_leads_to_panel_and_data(visit: Visit, bakery: Person) -> None:
    page = visit(bakery)
    for name, path in (("Panel", "/panel"), ("Datos", "/datos")):
        expect(page.locator(f'a[href="{path}"]').first, name).to_have_attribute("target", "_self")
