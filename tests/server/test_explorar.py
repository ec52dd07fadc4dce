"""Explorar: views as addresses, steps in and out, filters, files, and nobody else's figures."""

import csv
import html
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

import openpyxl
import pypdf
import pytest
from fastapi.testclient import TestClient
from PIL import Image

import features
import ingest
from core import db
from core.periods import Period
from core.tenancy import Scope
from features import own
from features.catalog.types import Good, Unit
from features.query import Filter
from server.views import address, steps
from server.views.tables import table
from server.views.view import Chart, Compare, View
from tests.copying import copy_data
from tests.features.gold import MEMBER, gold
from tests.features.sample import Line, draw, load
from tests.server.conftest import Person

LINES = draw(23, 500, date(2025, 9, 10), 425)
OCTOBER = Period.month(2026, 10)
NASTY = (
    "=1+1",
    "O'Higgins; DROP TABLE fact_sales; --",
    "<script>alert(1)</script>",
    '"><img src=x>',
    "%_\\",
    "+SUM(A1)",
)
PAGE = {"accept": "text/html"}


@pytest.fixture(scope="module")
def stock(new_scope: Callable[[], Scope]) -> Scope:
    return filled(new_scope(), LINES)


@pytest.fixture
def shop(person: Callable[..., Person], stock: Scope) -> Person:
    someone = person()
    copy_data(stock, someone.scope)
    return someone


def filled(scope: Scope, lines: list[Line]) -> Scope:
    with db.tenant(scope) as connection:
        load(lines, scope, connection)
        features.refresh(scope, connection)
    return scope


def stocked(someone: Person, lines: list[Line]) -> Person:
    filled(someone.scope, lines)
    return someone


def href(view: View, kind: str = "") -> str:
    return f"/explorar{kind}?{address.encode(view)}"


def get(browser: TestClient, path: str, status: int = 200) -> str:
    answer = browser.get(path, headers=PAGE)
    assert answer.status_code == status, answer.text[:300]
    return answer.text


def names(page: str) -> list[str]:
    found = re.findall(r'<tr><th scope="row" data-v="[^"]*">(?:<a href="[^"]*">)?(.*?)(?:</a>)?</th>', page)
    return [html.unescape(n) for n in found]


def links(page: str) -> dict[str, str]:
    found = re.findall(r'<tr><th scope="row" data-v="[^"]*"><a href="([^"]*)">(.*?)</a></th>', page)
    return {html.unescape(n): html.unescape(h) for h, n in found}


def view_of(path: str) -> View:
    return address.decode(parse_qsl(urlsplit(path).query), OCTOBER)


def test_without_data_it_says_what_to_do(owner: Person):
    page = get(owner.browser, "/explorar")
    assert "Subir mis ventas" in page


def test_it_begins_with_the_latest_twelve_full_months(shop: Person):
    page = get(shop.browser, "/explorar")
    assert "Ventas por mes, del 1-nov-2025 al 31-oct-2026" in page
    assert names(page)[-1] == "octubre 2026"
    assert page.count("<option value=") > 20


def test_a_stranger_is_led_to_the_door(browser: TestClient):
    assert browser.get("/explorar", headers=PAGE).headers["location"].startswith("/entrar")


def test_down_from_the_year_to_the_hour_and_back(shop: Person):
    page = get(
        shop.browser, href(View(("sales",), Period(date(2025, 1, 1), date(2026, 12, 31)), "year", chart=Chart.line))
    )
    for name in ("2026", "octubre 2026"):
        step = links(page)[name]
        page = get(shop.browser, step)
    day = next(iter(links(page)))
    assert view_of(links(page)[day]).rows == "hour"
    assert view_of(step).period == OCTOBER
    assert view_of(step).rows == "day"
    crumbs = re.findall(r'<li><a href="([^"]*)">([^<]*)</a></li>', page)
    assert [n for _, n in crumbs] == ["Todos los años", "2026"]
    back = view_of(html.unescape(crumbs[1][0]))
    assert (back.period, back.rows) == (Period(date(2026, 1, 1), date(2026, 12, 31)), "month")


def test_down_from_the_category_to_the_product_to_its_months(shop: Person):
    page = get(shop.browser, href(View(("sales",), OCTOBER, "category")))
    inside = links(page)["Pan"]
    assert view_of(inside).filters == (Filter("category", ("Pan",)),)
    page = get(shop.browser, inside)
    assert set(names(page)) <= {"Marraqueta", "Hallulla"}
    crumbs = [n for _, n in re.findall(r'<li><a href="([^"]*)">([^<]*)</a></li>', page)]
    assert crumbs == ["Todos los años", "2026", "Categorías"]
    assert view_of(links(page)["Hallulla"]).rows == "day"


def test_filters_are_chosen_searched_combined_and_taken_back(shop: Person):
    ten = Period(date(2026, 1, 1), date(2026, 10, 31))
    view = View(("sales",), ten, "channel", filters=(Filter("seller", ("Ana",)),))
    page = get(shop.browser, href(view) + "&filtrar=branch")
    assert [n for n in ("Talca", "Centro", "Ñuñoa") if f'name="m" value="{n}"' in page] == ["Talca", "Centro", "Ñuñoa"]
    found = get(shop.browser, f"/explorar/miembros?{address.encode(view)}&filtrar=branch&buscar=nuno&m=Talca")
    assert re.findall(r'value="([^"]*)"( checked)?', found) == [("Talca", " checked"), ("Ñuñoa", "")]
    chosen = [
        *address.pairs(view),
        ("filtrar", "branch"),
        ("m", "Talca"),
        ("m", "Ñuñoa"),
        ("modo", "menos"),
        ("aplicar", "1"),
    ]
    answer = shop.browser.get(f"/explorar?{urlencode(chosen)}", headers=PAGE)
    assert answer.status_code == 303
    now = view_of(answer.headers["location"])
    assert now.filters == (Filter("seller", ("Ana",)), Filter("branch", ("Talca", "Ñuñoa"), exclude=True))
    page = get(shop.browser, answer.headers["location"])
    assert "sin Talca" in page
    assert "sin Ñuñoa" in page
    kept = [x for x in LINES if MEMBER["seller"](x) == "Ana" and MEMBER["branch"](x) not in ("Talca", "Ñuñoa")]
    expected = features.shown(features.metric("sales"), gold("sales", ten, kept, LINES), shop.scope.company)
    assert f">{expected}</a></td></tr></tfoot>" in page


def test_a_part_beside_filters_all_and_lets_go_again(shop: Person):
    view = View(("sales",), OCTOBER, "category")
    page = get(shop.browser, href(view))
    kept = next(h for h in re.findall(r'<li><a href="([^"]*)"><span class="name">Talca', page))
    page = get(shop.browser, html.unescape(kept))
    assert view_of(html.unescape(kept)).filters == (Filter("branch", ("Talca",)),)
    again = next(h for h in re.findall(r'<li><a href="([^"]*)" aria-current="true"><span class="name">Talca', page))
    assert view_of(html.unescape(again)) == view


def test_a_stretch_of_the_chart_becomes_the_period(shop: Person):
    year = View(("sales",), Period(date(2025, 11, 1), date(2026, 10, 31)), "month", chart=Chart.line)
    answer = shop.browser.get(href(year) + "&desde=2026-02-10&hasta=2026-07-20", headers=PAGE)
    now = view_of(answer.headers["location"])
    assert (now.period, now.rows) == (Period(date(2026, 3, 1), date(2026, 7, 31)), "month")
    few = steps.brushed(year, date(2026, 10, 20), date(2026, 8, 25))
    assert (few.period, few.rows) == (Period(date(2026, 9, 1), date(2026, 10, 31)), "day")
    assert steps.brushed(year, date(2026, 10, 2), date(2026, 10, 3)) == year


def test_every_option_of_the_form_gives_a_page(shop: Person):
    for chart in Chart:
        for rows, columns in (
            ("month", "branch"),
            ("branch", ""),
            ("", "branch"),
            ("branch", "branch"),
            ("day", "month"),
            ("", ""),
        ):
            for compare in Compare:
                view = {"metric": "sales", "rows": rows, "columns": columns, "chart": chart, "compare": compare,
                        "start": "2026-08-01", "end": "2026-10-31"}  # fmt: skip
                page = get(shop.browser, f"/explorar?{urlencode(view)}&metric=average_ticket")
                assert "Resultado" in page


def test_what_was_typed_wrong_is_told_and_the_rest_stays(shop: Person):
    page = get(shop.browser, "/explorar?metric=units&start=2026-10-31&end=2026-10-01&rows=branch&branch=Talca", 400)
    assert "El período termina antes de empezar." in page
    assert 'value="2026-10-31"' in page
    assert 'value="2026-10-01"' in page
    assert "Talca" in names(page)
    for broken in ("metric=nada", "rows=xyz", "limit=9999999", "chart=3d", "start=mañana", "metric=own_" + "0" * 32):
        assert 'role="alert"' in get(shop.browser, f"/explorar?{broken}", 400)


def test_a_figure_s_page_leads_to_its_course(shop: Person):
    source = "/fuentes?metric=sales&start=2026-01-01&end=2026-10-31&branch=Talca"
    link = re.search(r'href="(/explorar[^"]*)"[^>]*>Explorar esto', get(shop.browser, source))
    assert link
    page = get(shop.browser, html.unescape(link[1]))
    assert "Ventas por mes, del 1-ene-2026 al 31-oct-2026 (sucursal: Talca)" in page
    assert len(names(page)) == 10


def test_a_shared_address_shows_each_their_own(person: Callable[..., Person], shop: Person):
    other = stocked(
        person(), [Line(date(2026, 10, 5), Decimal(7_777), branch="Talca", channel="Local", quantity=Decimal(1))]
    )
    colleague = person(company=shop.scope)
    shared = href(View(("sales",), OCTOBER, "branch", filters=(Filter("branch", ("Talca", "Centro")),)))
    mine, theirs = get(shop.browser, shared), get(other.browser, shared)
    assert re.findall(r"<tfoot>.*", mine) == re.findall(r"<tfoot>.*", get(colleague.browser, shared))
    assert names(theirs) == ["Talca"]
    assert "$7.777" in theirs
    assert "Centro" not in names(theirs)
    only_mine = href(View(("sales",), OCTOBER, "product", filters=(Filter("seller", ("Ana",)),)))
    nothing = get(other.browser, only_mine)
    assert "$7.777" not in nothing
    for kind in (".csv", ".xlsx", ".pdf", ".png"):
        assert (
            other.browser.get(href(view_of(shared), kind)).content
            != shop.browser.get(href(view_of(shared), kind)).content
        )


def test_another_s_own_metric_is_not_there(person: Callable[..., Person], shop: Person, stock: Scope):
    with db.tenant(shop.scope) as connection:
        secret = own.define("Secreto de Rosa", "ventas / unidades", Unit.money, Good.up, shop.scope, connection)
    view = View((secret.id, "sales"), OCTOBER, "branch")
    assert "Secreto de Rosa" in get(shop.browser, href(view))
    empty, alike = person(), person()
    copy_data(stock, alike.scope)
    for other in (empty, alike):
        answer = other.browser.get(href(view), headers=PAGE)
        assert answer.status_code in (200, 400)
        assert "Secreto" not in answer.text
        for kind in (".csv", ".png"):
            answer = other.browser.get(href(view, kind))
            assert answer.status_code == 404
            assert "Secreto" not in answer.text


def test_names_stay_names(person: Callable[..., Person]):
    shop = stocked(person(), [
        Line(date(2026, 10, 1 + i), Decimal(1000 + i), branch=n, channel="Local", quantity=Decimal(1))
        for i, n in enumerate(NASTY)
    ])  # fmt: skip
    page = get(shop.browser, href(View(("sales",), OCTOBER, "branch")))
    assert sorted(names(page)) == sorted(NASTY)
    assert "<script>alert(1)" not in page
    assert '"><img' not in page
    for i, name in enumerate(NASTY):
        one = get(shop.browser, href(View(("sales",), OCTOBER, "channel", filters=(Filter("branch", (name,)),))))
        assert f"$1.00{i}</a></td></tr></tfoot>" in one
        picker = get(shop.browser, f"/explorar/miembros?filtrar=branch&buscar={quote(name)}&m={quote(name)}%00")
        assert (
            f'value="{html.escape(name, quote=True).replace("&#x27;", "&#39;").replace("&quot;", "&#34;")}" checked'
            in picker
        )
    assert "Resultado" in get(shop.browser, f"/explorar?branch={quote(NASTY[1])}%00&branch=%00")


def test_files_carry_real_types_and_no_formula(person: Callable[..., Person]):
    shop = stocked(person(), [
        Line(date(2026, 9 + i % 2, 1 + i), Decimal(1000 + i), branch=n, quantity=Decimal(1), cost=Decimal(400))
        for i, n in enumerate(NASTY)
    ])  # fmt: skip
    view = View(("sales", "gross_margin"), Period(date(2026, 9, 1), date(2026, 10, 31)), "branch")
    sheet = openpyxl.load_workbook(BytesIO(shop.browser.get(href(view, ".xlsx")).content)).active
    assert sheet is not None
    cells = [c for row in sheet.iter_rows() for c in row if c.value is not None]
    assert all(c.data_type != "f" for c in cells)
    by_name = {
        str(row[0].value).removeprefix("'"): row[1]
        for row in sheet.iter_rows()
        if row[0].value in NASTY or str(row[0].value).startswith("'")
    }
    assert by_name["=1+1"].value == 1000
    assert by_name["=1+1"].data_type == "n"
    months = openpyxl.load_workbook(
        BytesIO(shop.browser.get(href(View(("sales",), view.period, "month"), ".xlsx")).content)
    ).active
    assert months is not None
    assert any(c.is_date for row in months.iter_rows() for c in row)
    answer = shop.browser.get(href(view, ".csv"))
    lines = list(csv.reader(StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert len(lines) == len(NASTY) + 2
    assert not any(cell.startswith(("=", "+", "@", "-")) for row in lines for cell in row[:1])
    assert (
        answer.headers["content-disposition"]
        == 'attachment; filename="ventas-y-margen-bruto-por-sucursal-del-1-sep-2026-al-31-oct-2026.csv"'
    )


def test_a_view_on_paper_and_as_a_picture(shop: Person):
    view = View(("sales",), OCTOBER, "branch", compare=Compare.previous)
    for chart in Chart:
        with Image.open(
            BytesIO(shop.browser.get(href(View(("sales",), OCTOBER, "branch", chart=chart), ".png")).content)
        ) as image:
            assert image.format == "PNG"
            assert image.width > 400
    pdf = pypdf.PdfReader(BytesIO(shop.browser.get(href(view, ".pdf")).content))
    text = pdf.pages[0].extract_text()
    assert "octubre 2026" in text
    assert "Talca" in text
    empty = View(("sales",), Period.month(2020, 1), "branch")
    assert shop.browser.get(href(empty, ".png")).status_code == 404
    assert shop.browser.get("/explorar.exe").status_code in (400, 404, 422)


SPENT = [
    ("01/10/2026", "Arriendo", "Inmobiliaria Sur", 450_000), ("03/10/2026", "Harina", "Molino Real", 380_000),
    ("05/10/2026", "Luz", "CGE", 61_300), ("20/10/2026", "Harina", "Molino Real", 120_500),
    ("21/10/2026", "Harina", "Granos Ñuble", 33_000), ("02/09/2026", "Harina", "Molino Real", 210_000),
]  # fmt: skip


def test_expenses_open_from_kind_to_supplier_to_days_as_the_chat_tells_them(shop: Person):
    sheet = "\n".join(["Fecha;Tipo de gasto;Proveedor;Monto", *(";".join(map(str, s)) for s in SPENT)]).encode()
    with db.tenant(shop.scope) as connection:
        upload = ingest.receive(shop.scope, "gastos.csv", BytesIO(sheet), connection)
        assert ingest.process(shop.scope, upload.id, connection).upload.state == "ready"
    view = View(("expenses",), OCTOBER, "expense_kind", order="desc")
    page = get(shop.browser, href(view))
    assert names(page) == ["Harina", "Arriendo", "Luz"]
    with db.tenant(shop.scope) as connection:
        mine = {"expense_kind": table(view, shop.scope, connection)}
        mine["supplier"] = table(View(("expenses",), OCTOBER, "supplier"), shop.scope, connection)
    for question, by in (
        ("gastos por tipo en octubre 2026", "expense_kind"), ("gastos por proveedor en octubre 2026", "supplier"),
    ):  # fmt: skip
        told = shop.browser.post(
            "/api/v1/ask", json={"question": question, "as_of": "2026-11-30"}, headers={"Origin": "http://ayni.test"}
        ).json()
        theirs = {f["label"]: f["value"] for f in told["figures"] if f["slice"]}
        assert theirs == {row[0]: float(str(row[1])) for row in mine[by].rows}, told["text"]
    ask = re.search(r'href="/chat\?pregunta=([^"]*)"', page)
    assert ask
    asked = {"question": unquote(ask[1]), "as_of": "2026-11-30"}
    told = shop.browser.post("/api/v1/ask", json=asked, headers={"Origin": "http://ayni.test"}).json()
    assert {f["label"]: f["value"] for f in told["figures"] if f["slice"]}["Harina"] == 533_500, told["text"]
    picker = get(shop.browser, href(view) + "&filtrar=supplier")
    assert set(re.findall(r'name="m" value="([^"]*)"', picker)) == {
        "Inmobiliaria Sur", "Molino Real", "CGE", "Granos Ñuble",
    }  # fmt: skip
    inside = links(page)["Harina"]
    assert view_of(inside) == View(
        ("expenses",), OCTOBER, "supplier", filters=(Filter("expense_kind", ("Harina",)),), limit=steps.TOP
    )
    page = get(shop.browser, inside)
    assert names(page) == ["Molino Real", "Granos Ñuble"]
    assert "Tipos de gasto" in page
    assert 'aria-current="page">Harina' in page
    page = get(shop.browser, links(page)["Molino Real"])
    assert [n for n in names(page) if "oct" in n][:1] == ["1-oct-2026"]
    assert "$500.500" in page
    lines = get(shop.browser, "/fuentes?metric=expenses&start=2026-10-01&end=2026-10-31&supplier=Molino+Real")
    assert "$500.500" in lines
    assert "Granos" not in lines


def test_what_a_figure_cannot_be_split_by_says_so_with_a_way_out(shop: Person):
    sheet = b"Fecha;Tipo de gasto;Proveedor;Monto\n01/10/2026;Luz;CGE;61300"
    with db.tenant(shop.scope) as connection:
        upload = ingest.receive(shop.scope, "gastos.csv", BytesIO(sheet), connection)
        ingest.process(shop.scope, upload.id, connection)
    page = get(shop.browser, href(View(("expenses",), OCTOBER, "product", filters=(Filter("channel", ("Web",)),))))
    assert "Los gastos no se separan por producto y canal" in page
    assert "$0" not in page
    ways = {
        n: html.unescape(h) for h, n in re.findall(r'<a class="button plain" href="([^"]*)">(Ver por [^<]*)</a>', page)
    }
    assert list(ways) == ["Ver por tipo de gasto", "Ver por día"]
    assert names(get(shop.browser, ways["Ver por tipo de gasto"])) == ["Luz"]
    assert "eso lo traen solo los gastos" in get(shop.browser, href(View(("sales",), OCTOBER, "supplier")))


def test_time_by_time_compares_or_says_why_not(shop: Person):
    years = Period(date(2025, 9, 1), date(2026, 10, 31))
    page = get(shop.browser, href(View(("sales",), years, "month", "year")))
    assert names(page)[:3] == ["enero", "febrero", "marzo"]
    picture = re.search(r'<noscript><img [^>]*src="(/explorar.png[^"]*)" alt="Gráfico: Ventas por mes y año', page)
    assert picture
    assert shop.browser.get(html.unescape(picture[1])).headers["content-type"] == "image/png"
    assert "Ver desde el 1-ene-2025" not in page  # the data begins in September
    assert view_of(links(page)["octubre"]).period == OCTOBER
    crossed = get(shop.browser, href(View(("sales",), years, "day", "year")))
    assert "Cada día cae en un solo año" in crossed
    assert "Ver por mes y año" in crossed
    assert "Ver por día" in crossed


SAME = [
    ("¿cuánto vendí en octubre 2026?", View(("sales",), OCTOBER)),
    ("ventas por sucursal en octubre 2026", View(("sales",), OCTOBER, "branch")),
    ("ventas por canal en septiembre 2026", View(("sales",), Period.month(2026, 9), "channel")),
    ("ticket promedio en octubre 2026", View(("average_ticket",), OCTOBER)),
    ("ticket promedio por sucursal en octubre 2026", View(("average_ticket",), OCTOBER, "branch")),
    ("margen bruto en 2026", View(("gross_margin",), Period(date(2026, 1, 1), date(2026, 12, 31)))),
    ("margen bruto por categoría en octubre 2026", View(("gross_margin",), OCTOBER, "category")),
    ("transacciones por mes en 2026", View(("transactions",), Period(date(2026, 1, 1), date(2026, 12, 31)), "month")),
    ("ventas por mes en 2026", View(("sales",), Period(date(2026, 1, 1), date(2026, 12, 31)), "month")),
    ("unidades por producto en octubre 2026", View(("units",), OCTOBER, "product")),
    ("clientes activos en octubre 2026", View(("active_customers",), OCTOBER)),
    ("ventas por vendedor en octubre 2026", View(("sales",), OCTOBER, "seller")),
    ("ventas por medio de pago en octubre 2026", View(("sales",), OCTOBER, "payment_method")),
    ("ventas de Talca en octubre 2026", View(("sales",), OCTOBER, filters=(Filter("branch", ("Talca",)),))),
    ("ventas de Talca por mes en 2026",
     View(("sales",), Period(date(2026, 1, 1), date(2026, 12, 31)), "month", filters=(Filter("branch", ("Talca",)),))),
    ("devoluciones en octubre 2026", View(("returns",), OCTOBER)),
    ("retención en octubre 2026", View(("retention_rate",), OCTOBER)),
    ("clientes nuevos en octubre 2026", View(("new_customers",), OCTOBER)),
    ("ventas por día de la semana en octubre 2026", View(("sales",), OCTOBER, "weekday")),
    ("ventas por hora en octubre 2026", View(("sales",), OCTOBER, "hour")),
]  # fmt: skip


def test_the_page_and_the_chat_tell_the_same_figures(shop: Person):
    """Each figure that the chat tells of a view stands in the page's table, to the digit."""
    compared = 0
    for question, view in SAME:
        answer = shop.browser.post(
            "/api/v1/ask", json={"question": question, "as_of": "2026-11-30"}, headers={"Origin": "http://ayni.test"}
        )
        assert answer.status_code == 200, answer.text
        told = answer.json()
        assert told["status"] == "answered", (question, told["text"])
        with db.tenant(shop.scope) as connection:
            found = table(view, shop.scope, connection)
        place = next(i for i, c in enumerate(found.columns) if c.kind == "value")
        mine = {
            (str(row[0]) if not isinstance(row[0], Period) else row[0].start.isoformat()): row[place]
            for row in found.rows
        }
        page = get(shop.browser, href(view))
        seen = 0
        for figure in told["figures"]:
            if figure["metric"] != view.metrics[0] or figure.get("kind", "value") not in ("value", None):
                continue
            member = next((m for d, m in figure["slice"].items() if d == view.rows), None)
            start, end = figure["period"]["start"], figure["period"]["end"]
            if view.rows == "month":
                key = start if end[:7] == start[:7] else None
            elif view.rows:
                key = member if start == view.period.start.isoformat() else None
            else:
                last = min(view.period.end, max(x.day for x in LINES)).isoformat()
                key = "Total" if (start, end) == (view.period.start.isoformat(), last) else None
            if (
                key is None
                or key not in mine
                or any(d != view.rows and d not in [f.dimension for f in view.filters] for d in figure["slice"])
            ):
                continue
            value = mine[key]
            if figure["value"] is None:
                assert value is None
            else:
                assert isinstance(value, Decimal)
                assert float(value) == pytest.approx(figure["value"], rel=1e-12), (question, key)
                assert features.shown(features.metric(view.metrics[0]), value, shop.scope.company) in html.unescape(
                    page
                )
            seen += 1
        assert seen, (question, [(f["metric"], f["period"], f["slice"]) for f in told["figures"]][:5])
        compared += seen
    assert compared > 60
