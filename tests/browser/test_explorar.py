"""The explorer with hands on it: into a bar and out again, filters, sorting, a shared link, files, on a phone too."""

import re
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, Route, expect

from core import auth, db
from core.tenancy import Role
from features import members
from tests.browser.axe import serious
from tests.browser.conftest import PASSWORD, Person, holding, settled
from tests.browser.test_chat import PHONE, bakery, sales

__all__ = ["bakery", "sales"]

pytestmark = pytest.mark.browser

Visit = Callable[..., Page]
BY_PRODUCT = "/explorar?metric=sales&rows=product&chart=bar"


def drawn(page: Page) -> None:
    figure = page.locator("#explorar-grafico figure")
    figure.scroll_into_view_if_needed()  # it is drawn when it is seen
    expect(figure).to_have_attribute("data-state", "ready")


@pytest.mark.parametrize(("size", "scheme"), [((1280, 900), "light"), (PHONE, "dark"), (PHONE, "light")])
def test_nobody_is_kept_out_and_nothing_runs_over(
    visit: Visit, bakery: Person, size: tuple[int, int], scheme: str
) -> None:
    for path in ("/explorar", f"{BY_PRODUCT}&columns=month&compare=previous&filtrar=product", "/explorar?rows=xyz"):
        page = visit(bakery, path, size=size, scheme=scheme)
        drawn(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
        assert serious(page) == []


def test_a_month_opens_into_its_days_and_back(visit: Visit, bakery: Person) -> None:
    page = visit(bakery, "/explorar")
    drawn(page)
    page.locator("#explorar-grafico .mark-symbol path").last.click(force=True)
    expect(page).to_have_url(re.compile("rows=day"))
    expect(page.locator("table.explored tbody tr").nth(27)).to_be_attached()
    drawn(page)
    page.get_by_role("navigation", name="Dónde estás").get_by_role("link").last.click()
    expect(page).to_have_url(re.compile("rows=month"))
    page.go_back()
    expect(page).to_have_url(re.compile("rows=day"))


def test_a_bar_filters_and_its_chip_takes_that_back(visit: Visit, bakery: Person) -> None:
    page = visit(bakery, BY_PRODUCT)
    drawn(page)
    first = page.locator("table.explored tbody th a").first.inner_text()
    page.locator("#explorar-grafico .mark-rect path").first.click()
    expect(page.locator(".crumbs [aria-current]").last).to_have_text(first)
    page.get_by_role("link", name=re.compile(f"{re.escape(first)}.*quitar")).click()
    expect(page.locator(".chip", has_text="quitar")).to_have_count(0)
    expect(page).not_to_have_url(re.compile("product="))


def test_members_are_searched_and_left_out(visit: Visit, bakery: Person) -> None:
    with db.tenant(bakery.scope) as connection:
        names = members("product", bakery.scope, connection)
    name = names[1]
    page = visit(bakery, BY_PRODUCT)
    expect(page.get_by_role("cell", name=name).or_(page.get_by_role("rowheader", name=name))).to_have_count(1)
    page.locator(".filters summary").click()
    page.locator(".filters").get_by_role("link", name="Producto").click()
    expect(page.locator("#miembros li")).to_have_count(len(names))
    settled(page)
    let_go = holding(page, "**/explorar/miembros?*")
    with page.expect_request("**/explorar/miembros?*"):
        page.locator("#buscar").press_sequentially(name[:4].upper())
    page.locator("#miembros").get_by_label(name).check()  # while its search is on its way
    let_go()
    expect(page.locator("#miembros li")).to_have_count(sum(name[:4].lower() in n.lower() for n in names))
    expect(page.locator("#miembros").get_by_label(name)).to_be_checked()
    page.get_by_label("Todos menos estos").check()
    page.get_by_role("button", name="Aplicar").click()
    expect(page.locator(".chip", has_text=f"sin {name}")).to_be_visible()
    expect(page.get_by_role("rowheader", name=name)).to_have_count(0)


def test_the_form_swaps_without_losing_its_place(visit: Visit, bakery: Person) -> None:
    page = visit(bakery, "/explorar")
    page.locator("#metric-1").focus()
    page.locator("#metric-1").select_option("transactions")
    expect(page).to_have_url(re.compile("metric=transactions"))
    expect(page.locator("#explorar-dicho")).to_contain_text("Transacciones por mes")
    expect(page.locator("#metric-1")).to_be_focused()
    drawn(page)


def test_two_choices_in_a_row_both_count(visit: Visit, bakery: Person) -> None:
    page = visit(bakery, "/explorar")
    held: list[Route] = []
    page.route("**/explorar?*", lambda route: route.continue_() if held else held.append(route))
    page.locator("#metric-1").select_option("transactions")
    page.locator("#rows").select_option("week")
    expect(page).to_have_url(re.compile("metric=transactions.*rows=week"))


def test_days_in_the_wrong_order_are_told_and_stay(visit: Visit, bakery: Person) -> None:
    page = visit(bakery, "/explorar")
    page.locator("#end").fill("2020-01-01")
    page.locator("#end").dispatch_event("change")
    expect(page.get_by_role("alert")).to_contain_text("termina antes de empezar")
    expect(page.locator("#end")).to_have_value("2020-01-01")
    expect(page.locator("table.explored")).to_be_visible()


def test_a_stretch_drawn_on_the_line_becomes_the_period(visit: Visit, bakery: Person) -> None:
    page = visit(bakery, "/explorar?rows=day&chart=line")
    drawn(page)
    box = page.locator("#explorar-grafico svg").bounding_box()
    assert box is not None
    before = page.locator("#start").input_value()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 80)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.7, box["y"] + 90, steps=6)
    page.mouse.up()
    expect(page.locator("#start")).not_to_have_value(before)
    expect(page).not_to_have_url(re.compile("desde="))
    drawn(page)


def test_a_head_sorts_by_keyboard(visit: Visit, bakery: Person) -> None:
    page = visit(bakery, BY_PRODUCT)
    head = page.locator("table.explored thead th").nth(1)
    head.get_by_role("button").focus()
    page.keyboard.press("Enter")
    expect(head).to_have_attribute("aria-sort", "descending")
    page.keyboard.press("Enter")
    expect(head).to_have_attribute("aria-sort", "ascending")
    values = [float(v or 0) for v in page.locator("table.explored tbody td:nth-child(2)").evaluate_all(
        "cells => cells.map((c) => c.dataset.v)")]  # fmt: skip
    assert values == sorted(values)


def test_a_link_is_copied_and_opened_by_a_colleague_and_by_a_stranger(
    visit: Visit, bakery: Person, new_person: Callable[..., Person]
) -> None:
    page = visit(bakery, BY_PRODUCT)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copiar enlace").click()
    expect(page.locator("#explorar-dicho")).to_contain_text("Enlace copiado")
    link = page.evaluate("navigator.clipboard.readText()")
    path = link.removeprefix(re.match(r"https?://[^/]+", link)[0])  # type: ignore[index]
    user = auth.create_user(f"colega-{bakery.email}", PASSWORD, "Colega")
    auth.add_member(bakery.scope.company, user.email, Role.viewer)
    colleague = Person(
        user.email,
        auth.scope_for(user.id, bakery.scope.company.slug),
        auth.session_token(user, bakery.scope.company.slug),
    )
    theirs = visit(colleague, path)
    assert theirs.locator("table.explored").inner_text() == page.locator("table.explored").inner_text()
    stranger = visit(new_person("Otra empresa"), path)
    expect(stranger.get_by_role("link", name="Subir mis ventas")).to_be_visible()


def test_the_files_are_what_is_seen(visit: Visit, bakery: Person, tmp_path: Path) -> None:
    page = visit(bakery, BY_PRODUCT)
    rows = page.locator("table.explored tbody tr").count()
    heads = {"Excel": b"PK", "CSV": b"\xef\xbb\xbf", "PDF": b"%PDF", "Imagen": b"\x89PNG"}
    for name, head in heads.items():
        with page.expect_download() as waiting:
            page.get_by_role("group", name="Descargar").get_by_role("link", name=name).click()
        path = tmp_path / waiting.value.suggested_filename
        waiting.value.save_as(path)
        assert path.read_bytes().startswith(head)
    sheet = openpyxl.load_workbook(next(tmp_path.glob("*.xlsx"))).active
    assert sheet is not None
    numbers = [c.value for row in sheet.iter_rows() for c in row if c.data_type == "n" and c.value is not None]
    assert len(numbers) == rows + 1
    seen = page.locator("table.explored tbody td:nth-child(2)").evaluate_all(
        "cells => cells.map((c) => Number(c.dataset.v))"
    )
    assert [round(float(n), 2) for n in numbers[:rows]] == [round(n, 2) for n in seen]


def test_it_works_without_a_script(visit: Visit, bakery: Person) -> None:
    page = visit(bakery, "/explorar")
    context = page.context.browser.new_context(java_script_enabled=False)  # type: ignore[union-attr]
    context.add_cookies([{"name": auth.COOKIE, "value": bakery.token, "url": page.url}])
    plain = context.new_page()
    plain.goto(page.url)
    plain.locator("#rows").select_option("product")
    plain.get_by_role("button", name="Ver", exact=True).click()
    expect(plain).to_have_url(re.compile("rows=product"))
    plain.locator("table.explored tbody th a").first.click()
    expect(plain.locator(".crumbs")).to_be_visible()
    plain.locator(".filters summary").click()
    plain.locator(".filters").get_by_role("link", name="Producto").click()
    plain.locator("#miembros input").first.check()
    plain.get_by_role("button", name="Aplicar").click()
    expect(plain.locator(".chip", has_text="quitar")).to_have_count(1)
    context.close()
