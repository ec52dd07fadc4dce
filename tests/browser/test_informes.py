"""A report put together: dragged with a mouse, by keyboard alone, on a phone; sent, and found in the mailbox."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email import policy
from email.parser import BytesParser
from io import BytesIO

import pytest
from playwright.sync_api import CDPSession, Locator, Page, expect
from python_calamine import CalamineWorkbook

import features
from core import auth, db
from core.periods import Grain, Period
from features.query import Query
from server import jobs
from server.channels import email
from server.reports import sending
from tests.browser.axe import serious
from tests.browser.conftest import Person, holding, patiently, settled
from tests.browser.test_chat import PHONE, bakery, sales

__all__ = ["bakery", "sales"]

pytestmark = pytest.mark.browser

Visit = Callable[..., Page]


def today(person: Person) -> datetime:
    return datetime.now(UTC).astimezone(person.scope.company.tz)


def expected(person: Person, dimension: str | None = None) -> dict[str, str]:
    """Last month's sales, written."""
    month = Period.of(Grain.month, today(person).date()).previous()
    with db.tenant(person.scope) as connection:
        rows = features.run(Query(("sales",), month, dimension=dimension), person.scope, connection).rows
    return {r.member: features.shown(features.metric("sales"), r.value, person.scope.company) for r in rows}


def blank(page: Page) -> None:
    page.get_by_role("button", name="En blanco").click()
    expect(page.get_by_role("heading", name="Bloque 1")).to_be_visible()


def still(page: Page) -> None:
    """No block is being drawn again and nothing that came is still put in its place: what stands here stays."""
    expect(page.locator("[data-block][aria-busy]")).to_have_count(0)
    settled(page)
    moves = "document.getElementById('editor').getAnimations({subtree: true}).length"
    patiently(lambda: not page.evaluate(moves))  # not wait_for_function: our policy forbids the page to evaluate a text


def drag(page: Page, source: Locator, target: Locator) -> None:
    """With the mouse's own events, in steps, as a hand does."""
    still(page)
    target.evaluate("e => e.scrollIntoView({block: 'center'})")
    source.scroll_into_view_if_needed()
    start, end = source.bounding_box(), target.bounding_box()
    assert start is not None
    assert end is not None
    page.mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
    page.mouse.down()
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + 12, steps=12)
    page.mouse.up()


def zone(page: Page, name: str, block: int = 0) -> Locator:
    return page.locator("[data-block]").nth(block).locator(f"[data-zone={name}]")


def field(page: Page, name: str) -> Locator:
    return page.locator(".campos").get_by_role("button", name=name, exact=True)


def view(page: Page, block: int = 0) -> Locator:
    return page.locator("[data-block]").nth(block).locator(".vista")


def test_dragged_together_saved_scheduled_and_found_in_the_mailbox(visit: Visit, bakery: Person) -> None:
    page = visit(bakery, "/informes", size=(1280, 900))
    blank(page)
    page.get_by_label("Nombre del informe").fill("Mis sucursales")
    drag(page, field(page, "ventas"), zone(page, "metric"))
    expect(page.get_by_label("Medida 1 del bloque 1")).to_have_value("sales")
    expect(page.get_by_role("status")).to_have_text("«ventas» está en medidas del bloque 1.")
    drag(page, field(page, "sucursal"), zone(page, "rows"))
    page.get_by_role("radio", name="Tabla").check()
    by_branch = expected(bakery, "branch")
    for name, value in by_branch.items():
        expect(view(page).get_by_role("row", name=re.compile(f"{re.escape(name)}.*{re.escape(value)}"))).to_be_visible()
    # A second measure in front of the first one, then back behind it; one that belongs elsewhere is refused.
    drag(page, field(page, "transacciones"), zone(page, "metric").locator("select").first)
    expect(page.get_by_label("Medida 1 del bloque 1")).to_have_value("transactions")
    drag(page, zone(page, "metric").locator("[data-handle]").nth(1), zone(page, "metric").locator("select").first)
    expect(page.get_by_label("Medida 1 del bloque 1")).to_have_value("sales")
    drag(page, field(page, "unidades"), zone(page, "rows"))
    expect(page.get_by_role("status")).to_have_text("«unidades» no va en filas.")
    expect(page.get_by_label("Filas del bloque 1")).to_have_value("branch")
    # From the rows to the columns and back.
    drag(page, zone(page, "rows").locator("[data-handle]").first, zone(page, "columns"))
    expect(page.get_by_label("Columnas del bloque 1")).to_have_value("branch")
    expect(page.get_by_label("Filas del bloque 1")).to_have_value("")
    drag(page, zone(page, "columns").locator("[data-handle]"), zone(page, "rows"))
    # A filter, of which one branch is ticked.
    drag(page, field(page, "sucursal"), zone(page, "filter"))
    kept = next(iter(by_branch))
    page.get_by_label(kept, exact=True).check()
    gone = next(name for name in by_branch if name != kept)
    expect(view(page).get_by_role("row", name=re.compile(re.escape(gone)))).to_have_count(0)
    expect(view(page)).to_contain_text(by_branch[kept])
    # A chart of its own block.
    page.get_by_role("group", name="Agregar un bloque").get_by_role("button", name="Línea", exact=True).click()
    expect(page.get_by_role("heading", name="Bloque 2")).to_be_visible()
    drag(page, field(page, "ventas"), view(page, 1))
    drag(page, field(page, "semana"), zone(page, "rows", 1))
    expect(view(page, 1).locator("figure")).to_have_attribute("data-state", "ready")
    page.get_by_role("button", name="Guardar").click()
    expect(page.get_by_role("heading", name="Mis sucursales")).to_be_visible()
    expect(page.get_by_text("Guardado.")).to_be_visible()
    expect(page.get_by_text(by_branch[kept]).first).to_be_visible()

    page.get_by_text("Más acciones").click()
    page.get_by_role("link", name="Enviar por correo").click()
    page.get_by_label("Cada cuánto").select_option("daily")
    page.get_by_label("A las").select_option(str(today(bakery).hour))
    page.get_by_label("Excel").check()
    page.get_by_role("button", name="Programar el envío").click()
    expect(page.get_by_text(re.compile("Se envía cada día"))).to_be_visible()
    sent_once(bakery)
    page.reload()
    expect(page.get_by_text(re.compile("Enviado"))).to_be_visible()
    page.goto(page.url.split("/informes")[0] + "/dev/mails")
    page.get_by_role("link", name=re.compile("Mis sucursales")).click()
    expect(page.get_by_role("link", name="Abrir el informe")).to_be_visible()
    mails = [BytesParser(policy=policy.default).parsebytes(p.read_bytes()) for p in email.folder().glob("*.eml")]
    [mail] = [m for m in mails if str(m["Subject"]).startswith("Mis sucursales") and bakery.email in str(m["To"])]
    files = {str(a.get_filename()).rpartition(".")[2]: a.get_payload(decode=True) for a in mail.iter_attachments()}
    assert files["pdf"].startswith(b"%PDF")
    rows = CalamineWorkbook.from_filelike(BytesIO(files["xlsx"])).get_sheet_by_index(0).to_python()
    assert rows[1][0] == kept


def sent_once(person: Person) -> None:
    """The schedule's job, as if the report had been planned yesterday; a second one sends nothing."""
    with db.tenant(person.scope) as connection:
        connection.execute("UPDATE report_schedules SET since = now() - interval '1 day'")
    now, queue = datetime.now(UTC), auth.company_scope(person.scope.company_id)
    assert person.scope.company_id in sending.companies_due(now)
    for _ in range(2):
        with db.tenant(queue) as connection:
            job = jobs.enqueue(queue, "report", {}, connection)
        done, deadline = False, time.monotonic() + 60
        while not done:  # by this process, or by the worker that happens to be at it
            assert time.monotonic() < deadline
            if not jobs.run(job.company_id, job.id):
                time.sleep(0.1)
            with db.tenant(queue) as connection:
                row = connection.execute("SELECT state FROM jobs WHERE id = %s", [job.id]).fetchone()
            done = row == ("done",)
        assert person.scope.company_id not in sending.companies_due(now)


def tab_to(page: Page, name: str, role: str = "button", most: int = 400) -> None:
    """Tab until the control of that name, the last one of it, has the focus."""
    wanted = (
        page.locator("summary", has_text=name) if role == "summary" else page.get_by_role(role, name=name, exact=True)
    )  # type: ignore[arg-type]
    for _ in range(most):
        page.keyboard.press("Tab")
        if wanted.last.evaluate("e => e === document.activeElement"):
            return
    raise AssertionError(f"no way to {name} with the Tab key")


def test_put_together_by_keyboard_alone(visit: Visit, bakery: Person) -> None:
    page = visit(bakery, "/informes", size=(1280, 900))
    tab_to(page, "En blanco Elige tú los campos.")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Bloque 1")).to_be_visible()
    status = page.get_by_role("status")
    for name, moves, said in (
        ("ventas", 0, "«ventas» está en medidas del bloque 1."),
        ("transacciones", 0, "«transacciones» está en medidas del bloque 1."),
        ("sucursal", 0, "«sucursal» está en filas del bloque 1."),
        ("mes", 1, "«mes» está en columnas del bloque 1."),
    ):
        tab_to(page, name)
        page.keyboard.press("Enter")
        expect(page.get_by_role("menuitem").first).to_be_focused()
        for _ in range(moves):
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(status).to_have_text(said)
        expect(field(page, name)).to_be_focused()
    tab_to(page, "Mover la medida 2")
    page.keyboard.press("ArrowUp")
    expect(status).to_have_text("«transacciones» es la medida 1 de 2.")
    expect(page.get_by_label("Medida 1 del bloque 1")).to_have_value("transactions")
    page.keyboard.press("ArrowUp")
    expect(status).to_have_text("«transacciones» ya está al comienzo.")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Medida 1 del bloque 1")).to_have_value("sales")
    expect(page.get_by_role("button", name="Mover la medida 2")).to_be_focused()
    page.keyboard.press("Delete")
    expect(status).to_have_text("Quité «transacciones».")
    tab_to(page, "Mover lo de las columnas")
    page.keyboard.press("Enter")
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Columnas del bloque 1")).to_have_value("")
    tab_to(page, "Texto")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Bloque 2")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Subir el bloque 2")).to_be_focused()
    page.keyboard.press("Enter")
    expect(status).to_have_text("Bloque subido.")
    expect(page.locator("[data-block]").first).to_contain_text("Escribe algo")
    tab_to(page, "Nombre del informe", "textbox")
    page.keyboard.press("Control+A")
    page.keyboard.type("Con teclado")
    tab_to(page, "Guardar")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Con teclado")).to_be_visible()
    for value in expected(bakery, "branch").values():
        expect(page.get_by_role("cell", name=value).or_(page.get_by_text(value)).first).to_be_attached()
    tab_to(page, "Más acciones", "summary")
    page.keyboard.press("Enter")
    tab_to(page, "Enviar por correo", "link")
    page.keyboard.press("Enter")
    tab_to(page, "Cada cuánto", "combobox")
    page.keyboard.press("Home")
    expect(page.get_by_label("Cada cuánto")).to_have_value("daily")
    tab_to(page, "A las", "combobox")
    page.keyboard.press("Home")
    for _ in range(hour := today(bakery).hour):
        page.keyboard.press("ArrowDown")
    expect(page.get_by_label("A las")).to_have_value(str(hour))
    tab_to(page, "Programar el envío")
    page.keyboard.press("Enter")
    expect(page.get_by_text(re.compile("Se envía cada día"))).to_be_visible()
    sent_once(bakery)
    tab_to(page, "Enviármelo ahora")
    page.reload()
    expect(page.get_by_text(re.compile("Enviado"))).to_be_visible()


def press(page: Page, x: float, y: float) -> CDPSession:
    """A finger on the screen, as Chromium gets it from one."""
    finger = page.context.new_cdp_session(page)
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    return finger


def slide(finger: CDPSession, start: tuple[float, float], end: tuple[float, float], steps: int = 10) -> None:
    for n in range(1, steps + 1):
        x, y = (a + (b - a) * n / steps for a, b in zip(start, end, strict=True))
        finger.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x, "y": y}]})


def lift(finger: CDPSession) -> None:
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    finger.detach()


def middle(one: Locator) -> tuple[float, float]:
    box = one.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


@contextmanager
def quickly(page: Page) -> Iterator[None]:
    """A hand is quick however slow the machine is: what the page counts the time of has not come meanwhile."""
    page.evaluate("window.timed = window.setTimeout; window.setTimeout = (go) => window.timed(go, 600000); 0")
    yield
    page.evaluate("window.setTimeout = window.timed; 0")


def at_rest(one: Locator) -> tuple[float, float]:
    """Its middle, once it has come to rest (a stroke lets things roll on for a while) and nothing lies over it."""
    was: tuple[float, float] | None = None

    def rests() -> bool:
        nonlocal was
        before, was = was, middle(one)
        return was == before and one.evaluate("(e, at) => e.contains(document.elementFromPoint(...at))", list(was))

    patiently(rests)
    assert was is not None
    return was


def carry(page: Page, source: Locator, target: Locator) -> None:
    """With a finger: held until the thing comes along, then slid there."""
    still(page)
    for one in (source, target):
        one.evaluate("e => e.scrollIntoView({block: 'center'})")
    start = at_rest(source)
    finger = press(page, *start)
    expect(page.locator(".fantasma")).to_be_visible()
    slide(finger, start, middle(target))
    lift(finger)


def order(page: Page) -> list[str]:
    return page.locator("[data-block]").evaluate_all("all => all.map(e => e.dataset.block)")


def test_kinds_and_blocks_are_dragged_too_and_everything_is_undone(visit: Visit, bakery: Person) -> None:
    page = visit(bakery, "/informes", size=(1280, 900))
    blank(page)
    status = page.get_by_role("status")
    drag(page, field(page, "ventas"), zone(page, "metric"))
    drag(page, field(page, "sucursal"), zone(page, "rows"))
    drag(page, field(page, "producto"), zone(page, "rows"))
    expect(page.get_by_label("Segunda fila del bloque 1")).to_have_value("product")
    drag(page, field(page, "canal"), zone(page, "rows"))
    expect(status).to_have_text("Caben 2 campos en filas. Quita uno.")
    drag(page, field(page, "Tabla"), page.locator("[data-block]").first)
    expect(status).to_have_text("El bloque 1 ahora es: tabla.")
    expect(view(page).locator("tr.grupo")).to_have_count(len(expected(bakery, "branch")))
    for name, value in expected(bakery, "branch").items():
        expect(view(page).locator("tr.grupo", has_text=name)).to_contain_text(value)
    # A kind that falls between blocks becomes one of its own, there; then the blocks change places.
    drag(page, field(page, "Texto"), page.get_by_role("group", name="Agregar un bloque"))
    expect(page.get_by_role("heading", name="Bloque 2")).to_be_visible()
    expect(status).to_have_text("Bloque agregado.")  # its heading got the focus, and the page has scrolled there
    assert order(page) == ["b1", "b2"]
    still(page)
    grip = page.locator("[data-grip]").nth(1)
    grip.scroll_into_view_if_needed()
    x, y = middle(grip)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - 10, steps=3)
    expect(page.locator(".arrastra-bloque")).to_be_attached()
    head = page.locator("[data-block]").first.bounding_box()
    assert head is not None
    page.mouse.move(x, head["y"] + 4, steps=6)
    page.mouse.up()
    expect(status).to_have_text("Bloque movido.")
    assert order(page) == ["b2", "b1"]
    # Backwards, by button and by keys, and forwards again.
    page.get_by_role("button", name="Deshacer").click()
    expect(status).to_have_text("Deshice el último cambio.")
    assert order(page) == ["b1", "b2"]
    page.keyboard.press("Control+z")
    expect(page.get_by_role("heading", name="Bloque 2")).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(page.get_by_role("radio", name="Barras")).to_be_checked()
    page.keyboard.press("Control+Shift+z")
    expect(page.get_by_role("radio", name="Tabla")).to_be_checked()
    expect(page.get_by_label("Segunda fila del bloque 1")).to_have_value("product")
    settled(page)
    page.get_by_role("button", name="Guardar").click()
    expect(page.get_by_text("Guardado.")).to_be_visible()
    expect(page.locator("tr.grupo").first).to_be_visible()


def test_on_a_phone_a_finger_drags_and_still_scrolls(visit: Visit, bakery: Person) -> None:
    page = visit(bakery, "/informes", size=PHONE)
    blank(page)
    page.get_by_text("Campos", exact=True).click()
    # A stroke over the fields scrolls them and takes none along.
    start = at_rest(field(page, "producto"))
    with quickly(page):
        finger = press(page, *start)
        slide(finger, start, (start[0], start[1] - 160))
        lift(finger)
    patiently(lambda: page.evaluate("document.querySelector('.campos details').scrollTop + window.scrollY > 40"))
    expect(page.locator(".fantasma")).to_have_count(0)
    expect(page.get_by_label("Filas del bloque 1")).to_have_value("")
    carry(page, field(page, "ventas"), zone(page, "metric"))
    expect(page.get_by_label("Medida 1 del bloque 1")).to_have_value("sales")
    carry(page, field(page, "sucursal"), zone(page, "rows"))
    expect(page.get_by_label("Filas del bloque 1")).to_have_value("branch")
    carry(page, field(page, "Tabla"), page.locator(".tipos").first)
    expect(page.get_by_role("radio", name="Tabla")).to_be_checked()
    for value in expected(bakery, "branch").values():
        expect(view(page)).to_contain_text(value)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_on_a_phone_without_dragging(visit: Visit, bakery: Person) -> None:
    page = visit(bakery, "/informes", size=PHONE)
    blank(page)
    page.get_by_label("Medida 1 del bloque 1").select_option("sales")
    page.get_by_label("Filas del bloque 1").select_option("product")
    page.get_by_role("radio", name="Tabla").check()
    page.get_by_text("Más opciones").first.click()
    page.get_by_label("Orden").select_option("desc")
    page.get_by_label("Cuántas filas").fill("3")
    page.get_by_label("Cuántas filas").blur()
    expect(view(page).locator("tbody tr")).to_have_count(4)
    page.get_by_text("Campos", exact=True).click()
    field(page, "ticket promedio").click()
    page.get_by_role("menuitem", name="Poner en medidas del bloque 1").click()
    expect(page.get_by_label("Medida 2 del bloque 1")).to_have_value("average_ticket")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.get_by_role("button", name="Guardar").click()
    expect(page.get_by_text("Guardado.")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_what_was_chosen_before_the_scripts_came_counts(visit: Visit, bakery: Person) -> None:
    page = visit(bakery, "/informes", size=PHONE)
    let_go = holding(page, "**/htmx.min.js*")
    with page.expect_request("**/htmx.min.js*"):
        page.get_by_role("button", name="En blanco").click(no_wait_after=True)
    page.get_by_label("Medida 1 del bloque 1").select_option("sales")
    let_go()
    expect(view(page)).to_contain_text(next(iter(expected(bakery).values())))


def test_what_was_typed_is_not_lost_by_leaving_and_a_deletion_is_undone(visit: Visit, bakery: Person) -> None:
    page = visit(bakery, "/informes", size=(1280, 900))
    page.get_by_role("button", name=re.compile("^Clientes")).click()
    expect(page.locator(".campos")).to_be_visible()  # its scripts are there
    page.get_by_label("Nombre del informe").fill("Mis clientes")
    asked: list[str] = []
    page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.get_by_role("link", name="Salir", exact=True).click()
    expect(page.get_by_label("Nombre del informe")).to_have_value("Mis clientes")
    assert asked == ["beforeunload"]
    page.get_by_role("button", name="Guardar").click()
    expect(page.get_by_text("Guardado.")).to_be_visible()
    page.get_by_role("link", name="Informes", exact=True).first.click()
    page.get_by_role("button", name="Borrar Mis clientes").click()
    expect(page.get_by_role("link", name="Mis clientes", exact=True)).to_have_count(0)
    page.get_by_role("button", name="Deshacer").click()
    expect(page.get_by_role("heading", name="Mis clientes")).to_be_visible()


@pytest.mark.parametrize(("size", "scheme"), [((1280, 900), "light"), (PHONE, "dark")])
def test_nobody_is_kept_out_and_nothing_runs_over(
    visit: Visit, bakery: Person, size: tuple[int, int], scheme: str
) -> None:
    page = visit(bakery, "/informes", size=size, scheme=scheme)
    assert serious(page) == []
    page.get_by_role("button", name=re.compile("^Ventas por sucursal")).click()
    page.locator("figure").first.scroll_into_view_if_needed()  # a chart is drawn once it comes near
    expect(page.locator("figure").first).to_have_attribute("data-state", "ready")
    page.get_by_label("Agregar un filtro al bloque 1").select_option("branch")
    expect(page.get_by_role("group", name="Nombres de sucursal")).to_be_visible()
    for after in ("", "/envio", "/compartir", None):
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url
        assert serious(page) == [], page.url
        if after == "":
            page.get_by_role("button", name="Guardar").click()
            expect(page.get_by_text("Guardado.")).to_be_visible()
        elif after:
            page.goto(re.sub(r"(/informes/[0-9a-f-]+).*", rf"\1{after}", page.url))
