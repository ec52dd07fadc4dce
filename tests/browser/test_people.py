"""People and their accounts in a real browser: invited by mail, second step on, another company, a session closed."""

import base64
import re
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from core import auth
from core.auth import totp
from core.tenancy import Role
from tests.browser.axe import serious
from tests.browser.conftest import PASSWORD, Ayni, Person
from tests.server.mailbox import link_for

pytestmark = pytest.mark.browser

SIZES = [((390, 844), "light"), ((1280, 900), "dark")]


def good(page: Page) -> None:
    """Nothing stands out to the right, and axe finds nothing serious."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert serious(page) == []


@pytest.mark.parametrize(("size", "scheme"), SIZES)
def test_an_owner_invites_and_the_guest_comes_in_by_the_mail(
    ayni: Ayni, visit: Callable[..., Page], new_person: Callable[..., Person], size: tuple[int, int], scheme: str
):
    email = f"{uuid4().hex[:10]}@example.cl"
    page = visit(new_person(), "/personas", size, scheme)
    good(page)
    page.get_by_label("Correo").fill(email)
    page.get_by_label("Rol", exact=True).select_option("finance")
    page.get_by_role("button", name="Enviar invitación").click()
    expect(page.get_by_text("Invitación enviada.")).to_be_visible()
    good(page)
    guest = visit(None, link_for(email), size, scheme)
    good(guest)
    guest.get_by_label("Tu nombre").fill("Ana Soto")
    guest.get_by_label("Elige una clave").fill(PASSWORD)
    guest.get_by_role("button", name="Crear mi cuenta y entrar").click()
    expect(guest).to_have_url(re.compile("/chat"))
    guest.goto(f"{ayni.url}/cuenta")
    expect(guest.get_by_text("esta sesión")).to_be_visible()
    good(guest)
    page.reload()
    expect(page.get_by_text("Ana Soto", exact=True)).to_be_visible()


@pytest.mark.parametrize(("size", "scheme"), SIZES)
def test_the_second_step_is_turned_on_and_asked_for(
    ayni: Ayni, visit: Callable[..., Page], new_person: Callable[..., Person], size: tuple[int, int], scheme: str
):
    person = new_person()
    page = visit(person, "/cuenta", size, scheme)
    page.get_by_role("link", name="Encenderlo").click()
    page.get_by_label("Tu clave").fill(PASSWORD)
    page.get_by_role("button", name="Seguir").click()
    expect(page.get_by_role("img", name="Código cuadrado")).to_be_visible()
    good(page)
    box = page.locator(".square svg").bounding_box()
    assert box is not None
    assert box["width"] > 150
    secret = base64.b32decode(page.locator("p code").inner_text().replace(" ", ""))
    page.get_by_label("Código de 6 números").fill(totp.code(secret, int(time.time()) // 30))
    page.get_by_role("button", name="Encender").click()
    codes = page.locator(".codes code")
    expect(codes).to_have_count(10)
    good(page)
    door = visit(None, "/entrar?next=/cuenta", size, scheme)
    door.get_by_label("Correo").fill(person.email)
    door.get_by_label("Clave").fill(PASSWORD)
    door.get_by_role("button", name="Entrar").click()
    expect(door.get_by_role("heading", name="Ahora, tu código")).to_be_visible()
    good(door)
    door.get_by_label("Código").fill(codes.first.inner_text())
    door.get_by_role("button", name="Entrar").click()
    expect(door).to_have_url(f"{ayni.url}/cuenta")
    others = door.get_by_role("button", name="Cerrar la sesión de")
    expect(others).to_have_count(2)
    others.last.click()  # the first browser's
    expect(others).to_have_count(1)
    page.goto(f"{ayni.url}/cuenta")
    expect(page).to_have_url(re.compile("/entrar"))


@pytest.mark.parametrize(("size", "scheme"), SIZES)
def test_an_owner_founds_another_company_and_goes_on_in_it(
    visit: Callable[..., Page], new_person: Callable[..., Person], size: tuple[int, int], scheme: str
):
    page = visit(new_person(), "/empresa", size, scheme)
    page.get_by_text("Más", exact=True).click()
    page.get_by_role("link", name="Nueva empresa").and_(page.locator(":visible")).click()
    expect(page.get_by_role("heading", name="Nueva empresa")).to_be_visible()
    good(page)
    page.get_by_label("Nombre").fill("Café Luna")
    page.get_by_label("Rubro").select_option("cafeteria")
    page.get_by_label("RUT").fill("76.543.210-9")
    page.get_by_role("button", name="Crear empresa").click()
    expect(page.get_by_role("alert")).to_contain_text("no es un RUT")
    expect(page.get_by_label("Nombre")).to_have_value("Café Luna")
    page.get_by_label("RUT").fill("76.543.210-3")
    page.get_by_role("button", name="Crear empresa").click()
    expect(page).to_have_url(re.compile("/datos$"))
    expect(page.get_by_text("Aún no has subido nada.")).to_be_visible()
    expect(page.get_by_role("contentinfo")).to_contain_text("Café Luna")


@pytest.mark.parametrize(("size", "scheme"), SIZES)
def test_one_changes_company_where_one_sees_its_name(
    visit: Callable[..., Page], new_person: Callable[..., Person], size: tuple[int, int], scheme: str
):
    person, name = new_person(), f"Café {uuid4().hex[:8]}"
    auth.add_member(auth.create_company(name), person.email, Role.analyst)
    page = visit(person, "/empresa", size, scheme)
    left_open = page.context.new_page()
    left_open.goto(page.url)
    phone = size[0] < 641
    page.locator("nav .more summary" if phone else ".switch summary").click()
    good(page)
    page.get_by_role("button", name=name).click()
    expect(page).to_have_url(re.compile("/panel"))
    expect(page.locator(".foot")).to_contain_text(name)
    expect(left_open.locator(".foot")).to_contain_text(name)  # nothing is sent to the wrong company from there
    page.locator("nav .more summary").click()
    expect(page.get_by_role("link", name="Personas")).to_have_count(0)  # an analyst there


@pytest.mark.parametrize(("size", "scheme"), SIZES)
def test_the_company_gets_a_logo_and_a_program_its_key(
    ayni: Ayni, visit: Callable[..., Page], new_person: Callable[..., Person], tmp_path: Path,
    size: tuple[int, int], scheme: str,
):  # fmt: skip
    drawn, path = BytesIO(), tmp_path / "logo.png"
    Image.new("RGB", (800, 300), "#1a6a57").save(drawn, "PNG")
    path.write_bytes(drawn.getvalue())
    page = visit(new_person(), "/empresa", size, scheme)
    page.get_by_label("Región").select_option("Ñuble")
    page.get_by_role("button", name="Guardar").click()
    expect(page.get_by_label("Región")).to_have_value("Ñuble")
    page.set_input_files("#file", path)
    page.get_by_role("button", name="Usar esta imagen").click()
    logo = page.get_by_role("img", name="Logo de")
    expect(logo).to_be_visible()
    assert logo.evaluate("image => image.decode().then(() => image.naturalWidth)") == 400
    good(page)
    page.goto(f"{ayni.url}/claves")
    page.get_by_label("¿Dónde la vas a usar?").fill("Caja de Talca")
    page.get_by_role("button", name="Crear clave").click()
    expect(page.get_by_label("Tu clave nueva")).to_have_value(re.compile("^ayni_"))
    good(page)
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Revocar").click()
    expect(page.get_by_text("Clave revocada")).to_be_visible()


@pytest.mark.parametrize("path", ["/recuperar", "/recuperar/nueva?t=nada", "/invitacion?t=nada", "/entrar"])
def test_the_doors_can_be_used_by_everybody(visit: Callable[..., Page], path: str):
    for size, scheme in SIZES:
        good(visit(None, path, size, scheme))
