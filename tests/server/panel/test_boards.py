"""The boards as they are gathered: what each shows, what it asks for where something lacks, and when it is kept."""

import json
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from fastapi.testclient import TestClient

import features
import ingest
from core import db
from core.periods import Grain, Period
from core.tenancy import Role, Scope
from features import own as own_metrics
from features.catalog.types import Good, Unit
from features.targets import Target, set_target
from server import economy
from server.panel import around, keep
from server.panel.boards import Board, own
from server.panel.types import Block, Card
from server.panel.types import Board as Shown
from tests.copying import copy_data
from tests.features.sample import Line, draw, load
from tests.server.conftest import Person

FIRST = date(2024, 12, 1)
MONTH = "2026-01"


@pytest.fixture(scope="module")
def stock(new_scope: Callable[[], Scope]) -> Scope:
    scope = new_scope()
    with db.tenant(scope) as connection:
        load(draw(3, 900, FIRST, 427), scope, connection)
        features.refresh(scope, connection)
    return scope


@pytest.fixture
def shop(stock: Scope, scope: Scope) -> Scope:
    return copy_data(stock, scope)


def look(scope: Scope, board: Board, month: str = MONTH) -> Shown:
    with db.tenant(scope) as connection:
        return keep.board(board, month, scope, connection).shown


def block(shown: Shown, id: str) -> Block:
    return next(b for b in shown.blocks if b.id == id)


def send(scope: Scope, name: str, text: str) -> None:
    with db.tenant(scope) as connection:
        upload = ingest.receive(scope, name, BytesIO(text.encode()), connection)
        outcome = ingest.process(scope, upload.id, connection, lambda _: None)
        assert outcome.upload.state != "failed", outcome.upload.message


def test_every_board_tells_of_its_month(shop: Scope) -> None:
    for board in Board:
        shown = look(shop, board)
        assert (shown.board, shown.month, shown.label) == (board.value, MONTH, "enero 2026")
        assert len(shown.cards) >= 6
        assert shown.missing == ()
        json.dumps(shown.cards[0].course)


def test_a_board_of_lines_without_columns_says_what_to_send(scope: Scope) -> None:
    with db.tenant(scope) as connection:
        load([Line(date(2026, 1, d), Decimal(1000 * d)) for d in range(1, 29)], scope, connection)
        features.refresh(scope, connection)
    owner = look(scope, Board.owner)
    assert "active_customers" not in {c.metric for c in owner.cards}  # unknown is not none
    assert any("el cliente" in text for text in owner.missing)
    assert "gastos" in block(owner, "cash").empty
    for board, id in ((Board.operations, "branches"), (Board.operations, "hours"), (Board.operations, "stock"),
                      (Board.marketing, "segments"), (Board.marketing, "cohorts"), (Board.finance, "expenses"),
                      (Board.finance, "targets")):  # fmt: skip
        assert block(look(scope, board), id).empty, id


def test_the_hours_make_up_the_month(shop: Scope) -> None:
    hours = block(look(shop, Board.operations), "hours")
    assert hours.spec is not None
    days = {"lunes": 4, "martes": 4, "miércoles": 4, "jueves": 5, "viernes": 5, "sábado": 5, "domingo": 4}
    told = sum(Decimal(str(c["valor"])) * days[c["y"]] for c in hours.spec["data"]["values"])
    lines = [x for x in draw(3, 900, FIRST, 427) if x.day >= date(2026, 1, 1) and x.hour is not None]
    lines = [x for x in lines if x.day <= date(2026, 1, 31)]
    assert told == pytest.approx(sum(x.total for x in lines))


def test_expenses_and_stock_are_shown_where_they_were_sent(shop: Scope) -> None:
    send(shop, "gastos.csv", "Fecha;Tipo de gasto;Proveedor;Monto\n05/01/2026;Arriendo;Inmobiliaria;450.000\n"
         "08/01/2026;Luz;Compañía;80.000\n05/12/2025;Arriendo;Inmobiliaria;440.000\n")  # fmt: skip
    send(shop, "stock.csv", "Producto;Stock;Stock mínimo;Fecha inventario\nMarraqueta;40;50;31/01/2026\n"
         "Torta;12;2;31/01/2026\n")  # fmt: skip
    finance = look(shop, Board.finance)
    card = next(c for c in finance.cards if c.metric == "expenses")
    assert (card.value, card.shown) == ("530000", "$530.000")
    spent = block(finance, "expenses").table
    assert spent is not None
    assert spent["rows"][0][:2] == ["Arriendo", "$450.000"]
    assert block(look(shop, Board.owner), "cash").spec is not None
    stock = block(look(shop, Board.operations), "stock")
    assert stock.table is not None
    assert {row[0] for row in stock.table["rows"]} == {"Marraqueta", "Torta"}
    assert "1 producto está en su mínimo" in stock.lead


def test_a_board_is_kept_exactly_as_long_as_it_holds(shop: Scope) -> None:
    first = look(shop, Board.finance)
    assert look(shop, Board.finance) is first
    month = Period.month(2026, 1)
    with db.tenant(shop) as connection:
        set_target(Target("sales", month, Grain.month, "", "", Decimal(999)), shop, connection)
    second = look(shop, Board.finance)
    assert second is not first
    goal = next(c for c in second.cards if c.metric == "sales").goal
    assert goal is not None
    assert goal.shown == "$999"
    with db.tenant(shop) as connection:
        set_target(Target("sales", month, Grain.month, "", "", Decimal(500)), shop, connection)
    assert next(c for c in look(shop, Board.finance).cards if c.metric == "sales").goal != goal
    with db.tenant(shop) as connection:
        load([Line(date(2026, 1, 15), Decimal(77_000))], shop, connection)
    before, after = (next(c for c in b.cards if c.metric == "sales").value for b in (second, look(shop, Board.finance)))
    assert Decimal(after or 0) - Decimal(before or 0) == 77_000  # before any refresh
    told = look(shop, Board.finance)
    with db.tenant(shop) as connection:
        features.refresh(shop, connection)
    assert look(shop, Board.finance) is not told
    assert look(shop, Board.finance).cards == told.cards


def test_what_one_company_keeps_no_other_sees(shop: Scope, new_scope: Callable[..., Scope]) -> None:
    other = new_scope()
    with db.tenant(other) as connection:
        load([Line(date(2026, 1, 3), Decimal(5))], other, connection)
        features.refresh(other, connection)
    mine, theirs = look(shop, Board.owner), look(other, Board.owner)
    assert mine.cards[0].value != theirs.cards[0].value == "5"


def test_a_role_begins_with_its_own_board(shop: Scope) -> None:
    assert [own(r) for r in (Role.owner, Role.marketing, Role.operations, Role.finance, Role.viewer)] == [
        Board.owner, Board.marketing, Board.operations, Board.finance, Board.owner,
    ]  # fmt: skip


def test_the_page_and_the_api_tell_the_same(shop: Scope, person: Callable[..., Person]) -> None:
    someone = person(Role.marketing, shop)
    page = someone.browser.get("/panel")
    assert "Clientes nuevos y que vuelven" in page.text  # marketing's own
    for board in Board:
        data = someone.browser.get(f"/api/v1/panel/{board.value}")
        text = someone.browser.get(f"/panel/{board.value}").text
        assert data.json()["month"] == MONTH
        for card in data.json()["cards"]:
            assert card["shown"] in text
        again = someone.browser.get(f"/api/v1/panel/{board.value}", headers={"If-None-Match": data.headers["etag"]})
        assert again.status_code == 304
    assert someone.browser.get("/panel/gerencia", headers={"accept": "text/html"}).status_code == 404
    assert someone.browser.get("/api/v1/panel/dueno?mes=2026-13").status_code in (400, 422)


def test_a_company_without_data_is_told_to_send_some(person: Callable[..., Person]) -> None:
    someone = person()
    assert "Subir mis ventas" in someone.browser.get("/panel/finanzas").text
    assert someone.browser.get("/api/v1/panel/finanzas").json()["cards"] == []


def test_a_stranger_gets_nothing(browser: TestClient) -> None:
    assert browser.get("/api/v1/panel/dueno").status_code == 401


def test_a_companys_own_metric_has_its_card(shop: Scope) -> None:
    with db.tenant(shop) as connection:
        own_metrics.define("venta por unidad", "ventas / unidades", Unit.money, Good.up, shop, connection)
    card = look(shop, Board.owner).cards[-1]
    month = Period.month(2026, 1)
    with db.tenant(shop) as connection:
        parts = features.run(features.Query(("sales", "units"), month), shop, connection)
    assert card.name == "venta por unidad"
    assert Decimal(card.value or 0) == pytest.approx((parts.value("sales") or 0) / (parts.value("units") or 1))


def test_a_chart_leads_to_where_it_can_be_explored(shop: Scope, person: Callable[..., Person]) -> None:
    someone = person(Role.viewer, shop)
    for board in Board:
        for one in look(shop, board).blocks:
            if one.href:
                assert someone.browser.get(one.href).status_code == 200, one.href


def test_winds_are_those_of_the_series_as_they_are(shop: Scope) -> None:
    economy.load()
    month = Period.month(2026, 1)

    def told() -> list[str]:
        with db.tenant(shop) as connection:
            return [w.text for w in around.winds(shop, connection, month)]

    before = told()
    assert before
    with db.owner() as connection:
        kept = connection.execute("SELECT * FROM macro_values WHERE country = 'CL'").fetchall()
        connection.execute("DELETE FROM macro_values WHERE country = 'CL'")
    try:
        assert told() == []
    finally:
        with db.owner() as connection, connection.cursor() as cursor:
            cursor.executemany("INSERT INTO macro_values VALUES (%s, %s, %s, %s, %s, %s)", kept)
    assert told() == before


def test_a_month_under_way_is_set_against_the_same_days(person: Callable[..., Person]) -> None:
    owner = person(Role.owner)
    lines = draw(41, 600, date(2025, 1, 1), 410)  # to the 14th of February 2026
    with db.tenant(owner.scope) as connection:
        load(lines, owner.scope, connection)
        features.refresh(owner.scope, connection)
    last = max(x.day for x in lines)
    assert last.month == 2
    assert last.day < 20

    def sold(first: date, end: date) -> Decimal:
        return sum((x.total for x in lines if first <= x.day <= end), Decimal(0))

    shown = look(owner.scope, Board.owner, "2026-02")
    sales = next(c for c in shown.cards if c.metric == "sales")
    now, before = sold(date(2026, 2, 1), last), sold(date(2026, 1, 1), last.replace(month=1))
    year = sold(date(2025, 2, 1), last.replace(year=2025))
    assert sales.value is not None
    assert Decimal(sales.value) == now
    assert sales.previous is not None
    assert sales.year is not None
    company = owner.scope.company
    assert sales.previous.value == features.shown(features.metric("sales"), before, company)
    assert sales.previous.against == "los mismos días de enero 2026"
    assert sales.year.value == features.shown(features.metric("sales"), year, company)
    assert (sales.usual, sales.direction) == ("", "up" if now > before else "down")
    page = owner.browser.get("/panel/dueno?mes=2026-02").text
    assert "cada cifra se compara con los mismos días de antes" in page
    assert "mismos días" not in owner.browser.get("/panel/dueno?mes=2026-01").text
    branches = block(look(owner.scope, Board.operations, "2026-02"), "branches").table
    assert branches is not None
    name, _, change = branches["rows"][0][:3]
    mine = [x for x in lines if x.branch == name]
    ratio = sum((x.total for x in mine if date(2026, 2, 1) <= x.day), Decimal(0)) / sum(
        (x.total for x in mine if date(2026, 1, 1) <= x.day <= last.replace(month=1)), Decimal(0)
    ) - 1  # fmt: skip
    assert change.startswith(f"{abs(ratio) * 100:.1f}".removesuffix(".0").replace(".", ","))


def test_a_month_within_which_the_data_begins_measures_nothing(person: Callable[..., Person]) -> None:
    owner = person(Role.owner)
    with db.tenant(owner.scope) as connection:
        load(draw(43, 300, date(2025, 11, 20), 100), owner.scope, connection)
        features.refresh(owner.scope, connection)

    def sales(month: str) -> Card:
        return next(c for c in look(owner.scope, Board.owner, month).cards if c.metric == "sales")

    assert sales("2025-12").previous is None  # eleven days of November are no November
    assert (sales("2025-12").direction, len(sales("2025-12").course)) == ("", 1)
    assert (sales("2026-01").previous is not None, len(sales("2026-01").course)) == (True, 2)
    assert sales("2025-11").value is not None


def test_who_has_no_script_sees_each_chart_as_a_picture(person: Callable[..., Person]) -> None:
    owner = person(Role.owner)
    with db.tenant(owner.scope) as connection:
        load(draw(44, 300, date(2025, 11, 20), 100), owner.scope, connection)
        features.refresh(owner.scope, connection)
    for board in Board:
        page = owner.browser.get(f"/panel/{board}?mes={MONTH}").text
        pictures = re.findall(r'<noscript><img [^>]*src="([^"]+)"', page)
        assert len(pictures) == page.count("data-chart") > 0
        for address in pictures:
            assert owner.browser.get(address).content.startswith(b"\x89PNG"), address
    assert owner.browser.get(f"/panel/dueno/nada.png?mes={MONTH}").status_code == 404
