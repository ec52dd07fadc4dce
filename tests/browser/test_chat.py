"""The chat as an owner meets it: send a file, ask, open the sources, leave and come back."""

import csv
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

import ingest
from core import db
from core.periods import MONTHS, add_months
from server import uploads
from tests.browser.conftest import Ayni, Person, make_person, patiently, point_at

pytestmark = pytest.mark.browser

PHONE = (390, 844)
Visit = Callable[..., Page]
PRODUCTS = (("Marraqueta", 1990, 900), ("Hallulla", 1790, 850), ("Empanada de pino", 2500, 1300))


def last_months(count: int) -> tuple[date, date]:
    """The last full months before today, as the companies here count their days."""
    first = datetime.now(ZoneInfo("America/Santiago")).date().replace(day=1)
    return add_months(first, -count), first - timedelta(days=1)


def write_sales(path: Path, months: int = 4) -> Decimal:
    """A till's export of the last full months, with a line nobody can use; the last month's sales."""
    start, end = last_months(months)
    total = Decimal(0)
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, delimiter=";")
        out.writerow(["Fecha", "Boleta", "Producto", "Sucursal", "Cantidad", "Precio", "Total", "Costo unitario"])
        for day in range((end - start).days + 1):
            sold = start + timedelta(days=day)
            for n, (product, price, cost) in enumerate(PRODUCTS):
                quantity = 1 + (day * 7 + n * 3) % 5
                branch = ("Centro", "Talca")[(day + n) % 2]
                out.writerow(
                    [
                        f"{sold:%d-%m-%Y}",
                        f"B{day}-{n}",
                        product,
                        branch,
                        quantity,
                        price,
                        price * quantity,
                        cost,
                    ]
                )
                total += price * quantity if sold >= end.replace(day=1) else 0
        out.writerow(["no es fecha", "B-mala", "Marraqueta", "Centro", 1, 1990, 1990, 900])
    return total


@pytest.fixture(scope="module")
def sales(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Decimal]:
    path = tmp_path_factory.mktemp("ventas") / "ventas.csv"
    return path, write_sales(path)


@pytest.fixture(scope="module")
def bakery(ayni: Ayni, sales: tuple[Path, Decimal]) -> Person:
    """A company with data, sent by the same door as the chat's attachments and read by the running worker; one for all
    files, which leave its sales as they are."""
    if ayni.bakery is not None:
        return ayni.bakery
    person = make_person()
    with sales[0].open("rb") as stream:
        upload_id = uploads.attach(person.scope, "ventas.csv", stream)

    def read() -> bool:
        with db.tenant(person.scope) as connection:
            upload = ingest.upload(person.scope, upload_id, connection)
        assert upload.state != "failed", upload.message
        return upload.state == "ready"

    patiently(read)
    ayni.bakery = person
    return person


@pytest.fixture
def last_month() -> str:
    return MONTHS[last_months(1)[0].month - 1]


def pesos(value: Decimal) -> str:
    return f"${value:,.0f}".replace(",", ".")


def ask(page: Page, text: str) -> None:
    expect(page.locator("#upload-button")).to_be_enabled()  # the socket is connected, and no answer under way
    box = page.locator("#chat-input")
    box.click()
    box.press_sequentially(text)
    expect(box).to_have_value(text)
    expect(page.locator("#chat-submit")).to_be_enabled()
    page.locator("#chat-submit").click()


def drawn(page: Page, nth: int = 0) -> None:
    """Wait until an answer's chart is there."""
    expect(page.get_by_test_id("chart").nth(nth)).to_have_attribute("data-state", "ready")


def test_a_stranger_logs_in_and_lands_in_the_chat(visit: Visit, new_person: Callable[..., Person]) -> None:
    person = new_person()
    page = visit()
    expect(page).to_have_url(re.compile("/entrar"))
    page.fill("[name=email]", person.email)
    page.fill("[name=password]", "una clave larga")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/chat"))
    expect(page.locator("#chat-input")).to_be_visible()


@pytest.mark.parametrize("language", ["es-CL", "es-419", "en-US"])
def test_the_chat_is_in_spanish_whatever_the_browser(visit: Visit, bakery: Person, language: str) -> None:
    page = visit(bakery, language=language)
    expect(page.locator("#welcome-screen")).to_be_visible()
    assert page.evaluate("document.documentElement.lang").startswith("es")
    expect(page.get_by_role("textbox", name=re.compile("Pregunta por tu negocio"))).to_be_visible()
    words = page.locator("body").inner_text()
    assert not re.search(r"\b(Type your message|Upload|Search|Login|Readme|New Chat|LLMs|Today)\b", words)


def test_a_company_without_data_is_told_to_send_some(visit: Visit, new_person: Callable[..., Person]) -> None:
    page = visit(new_person(), size=PHONE)
    expect(page.get_by_text("sube tu primer archivo")).to_be_visible()


def test_starters_are_about_the_companys_own_data(visit: Visit, bakery: Person, last_month: str) -> None:
    page = visit(bakery, size=PHONE)
    expect(page.locator("#starters")).to_contain_text(f"¿Cómo me fue en {last_month}?")
    expect(page.locator("#starters")).to_contain_text("por sucursal")
    page.locator("#starters button").first.click()
    expect(page.get_by_test_id("citation").first).to_be_visible()


@pytest.mark.parametrize(("size", "scheme"), [((1280, 800), "light"), (PHONE, "dark")])
def test_an_answer_has_its_figure_and_its_sources(
    visit: Visit, bakery: Person, sales: tuple[Path, Decimal], last_month: str, size: tuple[int, int], scheme: str
) -> None:
    page = visit(bakery, size=size, scheme=scheme)
    ask(page, f"¿cuánto vendí en {last_month}?")
    expect(page.locator(".ai-message").last).to_contain_text(pesos(sales[1]))
    source = page.get_by_test_id("citation").first
    source.locator("summary").click()
    expect(source.locator("p").first).to_be_visible()
    link = source.locator("a").first
    assert (link.get_attribute("href") or "").startswith("/")
    with page.context.expect_page() as opened:
        link.click()
    expect(opened.value.locator("body")).to_contain_text("ventas.csv")


def test_an_opened_source_stays_open_and_its_chart_stands_while_more_is_asked(
    visit: Visit, bakery: Person, last_month: str
) -> None:
    page = visit(bakery, size=PHONE)
    ask(page, f"¿cuánto vendí en {last_month}?")
    drawn(page)
    source = page.get_by_test_id("citation").first
    source.locator("summary").click()
    expect(source.locator("p").first).to_be_visible()
    page.evaluate("document.querySelector('[data-testid=chart] svg').dataset.first = 'yes'")
    ask(page, "¿y el mes anterior?")
    expect(page.get_by_test_id("answer-extras")).to_have_count(2)
    expect(page.locator("#stop-button")).to_have_count(0)  # nothing is awaited any more
    expect(source.locator("p").first).to_be_visible()
    expect(page.locator("[data-testid=chart] svg[data-first=yes]")).to_have_count(1)


@pytest.mark.parametrize(("size", "scheme"), [((1280, 800), "light"), (PHONE, "dark")])
def test_a_chart_fits_and_its_tooltip_speaks_as_people_do_here(
    visit: Visit, bakery: Person, size: tuple[int, int], scheme: str
) -> None:
    page = visit(bakery, size=size, scheme=scheme)
    ask(page, "¿cómo vienen mis ventas mes a mes?")
    drawn(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "it scrolls sideways"
    point_at(page.locator("[data-testid=chart] svg .mark-symbol path, [data-testid=chart] svg .mark-rect path").last)
    expect(page.locator("#vg-tooltip-element")).to_contain_text(re.compile(r"\$\d{1,3}(\.\d{3})+"))


def test_a_follow_up_asks_its_question(visit: Visit, bakery: Person, last_month: str) -> None:
    page = visit(bakery)
    ask(page, f"¿cuánto vendí en {last_month}?")
    button = page.get_by_test_id("follow-ups").locator("button").first
    text = button.inner_text()
    button.click()
    expect(page.locator("[data-step-type=user_message]").nth(1)).to_contain_text(text)
    expect(page.locator(".ai-message").nth(1)).not_to_be_empty()


def test_a_conversation_remembers_what_it_is_about(visit: Visit, bakery: Person, last_month: str) -> None:
    page = visit(bakery)
    ask(page, f"¿cuánto vendí en {last_month} en Talca?")
    expect(page.locator(".ai-message").first).to_contain_text("$")
    ask(page, "¿y en Centro?")
    expect(page.locator(".ai-message").nth(1)).to_contain_text("Centro")
    expect(page.locator(".ai-message").nth(1)).to_contain_text(last_month)


def test_what_cannot_be_answered_is_said_with_what_it_needs(visit: Visit, bakery: Person) -> None:
    page = visit(bakery, size=PHONE)
    ask(page, "¿cuánto stock me queda?")
    expect(page.locator(".ai-message").last).to_contain_text(re.compile("stock|inventario"))
    assert not re.search(r"\$\d", page.locator(".ai-message").last.inner_text())


def test_a_file_dropped_on_the_chat_becomes_answers(
    visit: Visit, new_person: Callable[..., Person], sales: tuple[Path, Decimal], last_month: str
) -> None:
    person = new_person()
    page = visit(person, size=PHONE)
    expect(page.get_by_text("sube tu primer archivo")).to_be_visible()
    page.locator("input[type=file]").first.set_input_files(sales[0])
    expect(page.locator("#chat-submit")).to_be_enabled()
    page.locator("#chat-submit").click()
    card = page.get_by_test_id("upload")
    expect(card).to_have_attribute("data-state", "ready", timeout=120_000)
    expect(page.get_by_test_id("rows-set-aside")).to_contain_text("1")
    page.get_by_test_id("mapping").locator("summary").click()
    expect(page.get_by_test_id("mapping")).to_contain_text("Producto")
    expect(page.get_by_text("Ya puedes preguntar")).to_be_visible()
    expect(page.locator(".ai-message").last).to_contain_text(last_month)
    with page.expect_download() as download:
        page.get_by_test_id("rejected").click()
    assert "no es fecha" in Path(download.value.path()).read_text("utf-8-sig")


def test_a_file_that_is_not_sales_says_why(visit: Visit, new_person: Callable[..., Person], tmp_path: Path) -> None:
    path = tmp_path / "carta.csv"
    path.write_text("Estimada vecina:\nLe escribo para saludarla.\n", "utf-8")
    page = visit(new_person(), size=PHONE)
    expect(page.get_by_text("sube tu primer archivo")).to_be_visible()
    page.locator("input[type=file]").first.set_input_files(path)
    expect(page.locator("#chat-submit")).to_be_enabled()
    page.locator("#chat-submit").click()
    expect(page.get_by_test_id("upload")).to_have_attribute("data-state", "failed", timeout=120_000)
    expect(page.get_by_test_id("problem")).not_to_be_empty()


@pytest.fixture
def rated(bakery: Person) -> Callable[[], list[int]]:
    def values() -> list[int]:
        with db.tenant(bakery.scope) as connection:
            return [row[0] for row in connection.execute("SELECT value FROM chat_feedback").fetchall()]

    return values


def test_a_thumb_is_stored(visit: Visit, bakery: Person, last_month: str, rated: Callable[[], list[int]]) -> None:
    page = visit(bakery)
    ask(page, f"¿cuánto vendí en {last_month}?")
    expect(page.get_by_test_id("citation").first).to_be_visible()
    page.locator("button.positive-feedback-off").first.click()
    page.locator("#submit-feedback").click()
    expect(page.locator("button.positive-feedback-on").first).to_be_visible()
    patiently(rated)
    assert rated() == [1]


def test_the_history_survives_a_restart(ayni: Ayni, visit: Visit, bakery: Person, last_month: str) -> None:
    page = visit(bakery)
    question = f"¿cuántas unidades vendí en {last_month}?"
    ask(page, question)
    expect(page.get_by_test_id("citation").first).to_be_visible()
    said = page.locator(".ai-message").first.inner_text()
    page.context.close()
    ayni.restart()
    page = visit(bakery)
    page.locator("#header #sidebar-trigger-button").click()
    page.get_by_text(question).first.click()
    expect(page.get_by_test_id("citation").first).to_be_visible()
    expect(page.locator(".ai-message").first).to_contain_text(said.split("\n")[0], use_inner_text=True)
    ask(page, "¿y el mes anterior?")
    expect(page.locator(".ai-message").nth(1)).to_contain_text("unidades")
