"""The pages as an owner meets them: through the door, a file in, its rows mended, taken back; phone and desk."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import ingest
from core import db
from tests.browser.conftest import PASSWORD, Person, holding, patiently

pytestmark = pytest.mark.browser

PHONE = (390, 844)
SALES = (
    "Fecha;Boleta;Producto;Sucursal;Cantidad;Total\n"
    "01/10/2026;1;Pan amasado;Talca;2;2.400\n"
    "02/10/2026;2;Kuchen de nuez;Talca;1;9.990\n"
    "31/10/2026;3;Pan amasado;Curicó;5;6.000\n"
    "04/10/2026;4;Marraqueta;Curicó;1;no sé\n"
)


def fits(page: Page) -> None:
    """Nothing stands out to the right."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "light"), ((1280, 800), "dark")])
def test_a_file_goes_in_is_watched_corrected_and_taken_back(
    visit: Callable[..., Page], new_person: Callable[..., Person], tmp_path: Path, size: tuple[int, int], scheme: str
):
    owner, path = new_person(), tmp_path / "octubre.csv"
    path.write_text(SALES)
    page = visit(None, "/datos", size, scheme)
    expect(page).to_have_url(re.compile(r"/entrar\?next=%2Fdatos"))
    page.get_by_label("Correo").fill(owner.email)
    page.get_by_label("Clave").fill(PASSWORD)
    page.get_by_role("button", name="Entrar").click()
    page.set_input_files("input[name=files]", path)
    expect(page.get_by_text("Listo", exact=True)).to_be_visible()  # by itself, with nothing pressed
    fits(page)
    page.get_by_role("link", name="octubre.csv").click()
    expect(page.get_by_role("heading", name="Filas apartadas")).to_be_visible()
    fits(page)
    page.get_by_label("Sucursal").select_option("")
    page.get_by_role("button", name="Guardar y volver a leer").click()
    expect(page.get_by_text("Listo", exact=True)).to_be_visible()
    expect(page.get_by_label("Sucursal")).to_have_value("")
    page.goto(page.url.rsplit("/datos", 1)[0] + "/panel")
    fits(page)
    page.get_by_role("link", name="ver de dónde sale").first.click()
    expect(page.get_by_text("$18.390")).to_be_visible()
    fits(page)
    page.get_by_role("link", name="octubre.csv").click()
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Deshacer esta carga").click()
    expect(page.get_by_text("Esta carga está deshecha")).to_be_visible()


def test_a_file_chosen_before_the_scripts_came_is_sent_too(
    visit: Callable[..., Page], new_person: Callable[..., Person], tmp_path: Path
):
    path = tmp_path / "octubre.csv"
    path.write_text(SALES)
    page = visit(new_person(), "/cuenta")
    let_go = holding(page, "**/htmx.min.js*")
    with page.expect_request("**/htmx.min.js*"):
        page.goto(page.url.rsplit("/cuenta", 1)[0] + "/datos", wait_until="commit")
    page.set_input_files("input[name=files]", path)
    let_go()
    expect(page.get_by_text("Listo", exact=True)).to_be_visible()


def test_a_file_that_was_done_before_its_stream_came_is_told_all_the_same(
    visit: Callable[..., Page], new_person: Callable[..., Person], tmp_path: Path
):
    owner, path = new_person(), tmp_path / "octubre.csv"
    path.write_text(SALES)
    page = visit(owner, "/cuenta")
    let_go = holding(page, "**/datos/eventos*")
    page.route("**/datos/lista", lambda route: route.abort())
    page.goto(page.url.rsplit("/cuenta", 1)[0] + "/datos")
    page.set_input_files("input[name=files]", path)
    expect(page.get_by_role("link", name="octubre.csv")).to_be_visible()

    def read() -> bool:
        with db.tenant(owner.scope) as connection:
            return [u.state for u in ingest.uploads(owner.scope, connection)] == ["ready"]

    patiently(read)
    let_go()
    expect(page.get_by_text("Listo", exact=True)).to_be_visible()
