"""A file dropped and followed as it is read; what leaves, who may be forgotten, what was done, and a company's end."""

import re
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from playwright.sync_api import Page, expect

from server import operation
from tests.browser.conftest import Person

pytestmark = pytest.mark.browser

PHONE = (390, 844)
SALES = (
    "Fecha;Boleta;Cliente;RUT Cliente;Producto;Sucursal;Cantidad;Total\n"
    "01/10/2026;1;Fidelia Quintrileo Paz;12.345.678-5;Pan amasado;Talca;2;2.400\n"
    "02/10/2026;2;Pedro Rojas Díaz;11.111.111-1;Kuchen de nuez;Talca;1;9.990\n"
    "04/10/2026;3;Fidelia Quintrileo Paz;12.345.678-5;Marraqueta;Curicó;1;no sé\n"
)
DROP = """(text) => {
    const data = new DataTransfer();
    data.items.add(new File([text], "octubre.csv", { type: "text/csv" }));
    for (const kind of ["dragenter", "dragover", "drop"])
        document.querySelector("h1").dispatchEvent(
            new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
}"""


def fits(page: Page) -> None:
    """Nothing stands out to the right."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "dark"), ((1280, 800), "light")])
def test_the_rooms_around_the_data(
    visit: Callable[..., Page], new_person: Callable[..., Person], tmp_path: Path, size: tuple[int, int], scheme: str
):
    owner = new_person()
    page = visit(owner, "/cuenta", size, scheme)
    with page.expect_response("**/datos/eventos*"):
        page.goto(page.url.replace("/cuenta", "/datos"))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate(DROP, SALES)  # beside the zone: it counts all the same
    expect(page.get_by_text("Listo", exact=True)).to_be_visible()
    expect(page.locator("body")).to_have_attribute("data-live", "true")  # told by the stream, not asked for
    assert not [url for url in asked if url.endswith("/datos/lista")]
    fits(page)

    page.goto(page.url.replace("/datos", "/descargas"))
    fits(page)
    with page.expect_download() as getting:
        page.get_by_role("link", name="Ventas, línea por línea en Parquet").click()
    getting.value.save_as(tmp_path / "ventas.parquet")
    assert pl.read_parquet(tmp_path / "ventas.parquet").height == 2

    page.goto(page.url.replace("/descargas", "/privacidad"))
    page.get_by_label("RUT").fill("12345678-5")
    page.get_by_label("Nombre completo").fill("Fidelia Quintrileo Paz")
    page.get_by_role("button", name="Buscar").click()
    expect(page.get_by_role("cell", name="Fidelia Quintrileo Paz")).to_be_visible()
    fits(page)
    page.get_by_label("Entiendo que no se puede deshacer").check()
    page.get_by_role("button", name="Registrar y borrar").click()
    expect(page.get_by_text("Ahora es (cliente eliminado 1)")).to_be_visible()  # by itself, once it is done
    fits(page)
    page.get_by_role("link", name="← Datos personales").click()
    expect(page.get_by_text("(cliente eliminado 1)", exact=True)).to_be_visible()
    assert "Fidelia" not in page.content()
    fits(page)

    page.goto(re.sub(r"/privacidad.*", "/actividad", page.url))
    expect(page.get_by_text("Registró una solicitud de supresión")).to_be_visible()
    fits(page)

    page.goto(page.url.replace("/actividad", "/cierre"))
    page.get_by_role("button", name="Preparar una copia completa").click()
    expect(page.get_by_role("link", name=re.compile("Descargar"))).to_be_visible()
    page.get_by_label("Para confirmar").fill("Panadería Los Aromos")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Pedir el cierre").click()
    expect(page.get_by_text("se borrará el")).to_be_visible()
    fits(page)
    page.get_by_role("button", name="Cancelar el cierre").click()
    expect(page.get_by_role("button", name="Pedir el cierre")).to_be_visible()

    operation.grant(owner.email, True)
    for path in ("", "/trabajos", "/empresas", "/modelos", "/preguntas", "/errores"):
        page.goto(re.sub(r"/(cierre|operador).*", f"/operador{path}", page.url))
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        fits(page)
