"""An alert as an owner meets it: asked for on the page, a bad week goes in, it stands on every page and in the mail."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import serious
from tests.browser.conftest import Person, patiently
from tests.server.alerts.conftest import BAD_WEEK, FIRST, sheet

pytestmark = pytest.mark.browser


def fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def send(page: Page, path: Path) -> None:
    page.goto(page.url.split("/", 3)[0] + "//" + page.url.split("/", 3)[2] + "/datos")
    page.set_input_files("input[name=files]", path)
    mine = page.locator("#lista li", has=page.get_by_role("link", name=path.name))  # another file is there, and done
    expect(mine.get_by_text("Listo", exact=True)).to_be_visible()


@pytest.mark.parametrize(("size", "scheme"), [((390, 844), "light"), ((1280, 800), "dark")])
def test_a_bad_week_is_told_everywhere_and_put_away(
    visit: Callable[..., Page], new_person: Callable[..., Person], tmp_path: Path, size: tuple[int, int], scheme: str
):
    owner = new_person()
    page = visit(owner, "/datos", size, scheme)
    send(page, sheet(tmp_path / "antes.csv", FIRST, (date(2026, 11, 2) - FIRST).days))
    here = page.url.split("/datos")[0]
    page.goto(f"{here}/avisos")
    expect(page.get_by_text("Todavía no vigilo nada.")).to_be_visible()
    assert serious(page) == []
    fits(page)
    page.get_by_role("link", name="Llega a un nivel").click()
    page.get_by_label("Qué", exact=True).select_option("gross_margin")
    page.get_by_label("Qué nivel").fill("tanto")
    page.get_by_label("Lo miro").select_option("week")
    page.get_by_text("A quién y cuándo").click()
    page.get_by_label("No molestar desde las (hora)").fill("0")
    page.get_by_label("Hasta las (hora)").fill("0")
    assert serious(page) == []
    fits(page)
    page.get_by_role("button", name="Avísame").click()
    expect(page.get_by_role("alert")).to_contain_text("No entiendo «tanto»")
    expect(page.get_by_label("Qué", exact=True)).to_have_value("gross_margin")
    page.get_by_label("Qué nivel").fill("30 %")
    page.get_by_role("button", name="Avísame").click()
    expect(page.get_by_text("Te aviso si el margen bruto de una semana baja de 30 %")).to_be_visible()
    send(page, sheet(tmp_path / "mala.csv", BAD_WEEK, 7, cost=80))
    bell = page.get_by_role("link", name="1 aviso por ver")

    def rings() -> bool:
        page.goto(f"{here}/empresa")
        return bell.is_visible()

    patiently(rings)
    bell.click()
    expect(page.get_by_role("heading", name="El margen bruto bajó de 30 %: 20 %")).to_be_visible()
    assert serious(page) == []
    fits(page)
    page.get_by_role("link", name="De dónde sale").click()
    expect(page.get_by_text("20 %").first).to_be_visible()

    def mailed() -> bool:
        page.goto(f"{here}/dev/mails")
        return page.get_by_text("El margen bruto bajó de 30 %").count() > 0

    patiently(mailed)
    expect(page.get_by_text("El margen bruto bajó de 30 %")).to_have_count(1)
    page.goto(f"{here}/avisos")
    page.get_by_role("button", name="Vista").click()
    expect(page.get_by_text("Anotada como vista.")).to_be_visible()
    expect(bell).to_have_count(0)
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Quitar: si el margen bruto").click()
    expect(page.get_by_text("Todavía no vigilo nada.")).to_be_visible()
