"""Expenses and stock in the chat: exact figures where the books were sent, the honest no where they were not."""

import asyncio
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest

import assistant
import features
import ingest
from assistant.parts import Answer, Question
from core import db
from core.periods import Period
from core.tenancy import Scope
from features.query import Filter, Query
from tests.features.gold import gold
from tests.features.sample import draw, load

LINES = draw(21, 600, date(2026, 6, 1), 150)
LAST = max(x.day for x in LINES)
SPENT = (
    ("01/09/2026", "Arriendo", "Inmobiliaria Sur", 850_000),
    ("05/09/2026", "Luz y agua", "CGE", 120_350),
    ("20/09/2026", "Harina", "Molino Real", 410_000),
    ("01/10/2026", "Arriendo", "Inmobiliaria Sur", 850_000),
    ("08/10/2026", "Luz y agua", "CGE", 133_990),
    ("15/10/2026", "Harina", "Molino Real", 395_500),
)
COUNTED = LAST - timedelta(days=12)


@pytest.fixture
def company(scope: Scope) -> Scope:
    expenses = "Fecha;Tipo de gasto;Proveedor;Monto\n" + "\n".join(";".join(map(str, s)) for s in SPENT)
    stock = f"Producto;Stock;Stock mínimo;Fecha\nTorta;30;50;{COUNTED}\nCafé;900;2;{COUNTED}\n"
    with db.tenant(scope) as connection:
        load(LINES, scope, connection)
        for name, text in (("gastos.csv", expenses), ("inventario.csv", stock)):
            sent = ingest.receive(scope, name, BytesIO(text.encode()), connection)
            assert ingest.process(scope, sent.id, connection).upload.state == "ready"
    return scope


def ask(scope: Scope, text: str) -> Answer:
    return asyncio.run(assistant.answer(Question(text, as_of=LAST), scope))


def spent(month: int, kind: str = "") -> Decimal:
    return Decimal(sum(s[3] for s in SPENT if int(s[0][3:5]) == month and kind in ("", s[1], s[2])))


@pytest.mark.parametrize(
    "text",
    [
        "¿cuánto gasté en octubre?",
        "gastos de octubre",
        "¿cuáles fueron mis gastos de octubre?",
        "cuanto gastamos en octubre",
    ],
)
def test_the_whole(company: Scope, text: str):
    told = ask(company, text)
    assert (told.status, told.verified) == ("answered", True)
    assert (told.figures[0].metric, told.figures[0].value) == ("expenses", spent(10))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("¿cuánto gasté en arriendo en octubre?", "Arriendo"),
        ("gastos de luz y agua en octubre", "Luz y agua"),
        ("¿cuánto pagué de arriendo en octubre?", "Arriendo"),
        ("¿cuánto gasté en Molino Real en octubre?", "Molino Real"),
    ],
)
def test_one_kind_or_supplier(company: Scope, text: str, name: str):
    told = ask(company, text)
    assert told.status == "answered", told.text
    assert told.verified
    assert spent(10, name) in [f.value for f in told.figures]
    assert name in told.text


def test_what_is_not_there_is_asked_back_and_never_the_whole(company: Scope):
    told = ask(company, "¿cuánto gasté en publicidad en octubre?")
    assert told.status != "answered"
    told = ask(company, "¿cuánto gasté en manicure en octubre?")
    assert told.status == "clarify"
    assert not told.figures
    assert "manicure" in told.text


@pytest.mark.parametrize(
    ("text", "by"),
    [
        ("¿en qué gasté más en octubre?", 1),
        ("gastos por tipo en octubre", 1),
        ("gastos por proveedor en octubre", 2),
        ("¿qué proveedor me cuesta más en octubre?", 2),
    ],
)
def test_ranked(company: Scope, text: str, by: int):
    told = ask(company, text)
    wanted = sorted(((s[3], s[by]) for s in SPENT if s[0][3:5] == "10"), reverse=True)
    listed = [(f.value, f.label) for f in told.figures if f.metric in ("expenses_category", "expenses_supplier")]
    assert listed == [(Decimal(v), n) for v, n in wanted]
    assert told.verified


def test_the_result_and_a_comparison(company: Scope):
    told = ask(company, "¿cuál fue mi resultado después de gastos en octubre?")
    profit = gold("gross_profit", Period.month(2026, 10), LINES, LINES)
    assert profit is not None
    assert told.figures[0].value == profit - spent(10)
    two = ask(company, "compara los gastos de septiembre con los de octubre")
    assert {spent(9), spent(10)} <= {f.value for f in two.figures}


def test_what_was_paid_in_cash_are_sales(company: Scope):
    told = ask(company, "¿cuánto se pagó en efectivo en octubre?")
    paid = Filter("payment_method", ("Efectivo",))
    query = Query(("sales",), Period.month(2026, 10), filters=(paid,))
    with db.tenant(company) as connection:
        (row,) = features.run(query, company, connection).rows
    assert row.value
    assert (told.figures[0].metric, told.figures[0].value) == ("sales", row.value)


def test_months_that_the_books_do_not_cover_are_not_zero(company: Scope):
    told = ask(company, "¿en qué gasté más en julio?")
    assert told.status == "no_data"
    assert "sep-2026" in told.text
    whole = ask(company, "¿cuánto gasté en julio?")
    assert Decimal(0) not in [f.value for f in whole.figures]


@pytest.mark.parametrize(
    "text", ["¿cuánto stock me queda de torta?", "¿cuántas tortas me quedan?", "stock de torta", "¿cuánta torta queda?"]
)
def test_what_is_left_of_one(company: Scope, text: str):
    told = ask(company, text)
    assert told.status == "answered", told.text
    since = sum(x.quantity or 0 for x in LINES if x.product == "Torta" and x.day > COUNTED)
    assert told.figures[0].value == max(30 - since, 0)
    assert told.verified
    assert told.citations[0].href.startswith("/datos/")


def test_what_runs_out(company: Scope):
    told = ask(company, "¿qué se me está acabando?")
    assert told.status == "answered"
    assert told.figures[0].label.endswith("de Torta")
    assert told.verified


def test_without_the_books_the_answer_stays_no(scope: Scope):
    with db.tenant(scope) as connection:
        load(LINES, scope, connection)
    for text in ("¿cuánto gasté en octubre?", "¿cuánto stock me queda?", "¿en qué gasté más?"):
        told = ask(scope, text)
        assert told.status == "no_data"
        assert "planilla" in told.text
        assert not told.figures


@pytest.mark.parametrize("text", ["¿cuántas tortas me quedan en Talca?", "stock por sucursal"])
def test_stock_asked_by_branch_says_that_it_is_of_all(company: Scope, text: str):
    told = ask(company, text)
    assert told.status == "answered", told.text
    assert "no dice la sucursal" in told.text
    assert told.verified


def test_what_will_run_out(company: Scope):
    assert ask(company, "¿qué se me va a acabar primero?").figures[0].label.endswith("de Torta")


@pytest.mark.parametrize("text", ["¿cuánto gasté en octubre?", "¿por qué cambió mi gasto en octubre?"])
def test_what_expenses_lead_to_can_be_answered(company: Scope, text: str):
    told = ask(company, text)
    assert told.follow_ups
    assert not [q for q in told.follow_ups if "producto" in q]
    assert ask(company, "¿En qué gasté más?").status == "answered"


def series(told: Answer) -> list[tuple[date, Decimal | None]]:
    return [(f.start, f.value) for f in told.figures if f.metric == "expenses"]


@pytest.mark.parametrize(
    "text", ["gastos de arriendo por mes", "¿cómo ha evolucionado el gasto en arriendo?", "arriendo gastos mensuales"]
)
def test_one_kind_over_time(company: Scope, text: str):
    told = ask(company, text)
    assert told.status == "answered", told.text
    assert told.verified
    assert "Arriendo" in told.text
    assert [v for _, v in series(told)][-2:] == [spent(9, "Arriendo"), spent(10, "Arriendo")]
    assert told.charts


@pytest.fixture
def whole(company: Scope) -> Scope:
    """With fixed costs by month, stock by branch, and costs."""
    fixed = "Gasto;sep-26;oct-26\nSueldos;1.000.000;1.100.000\nInternet;20.000;21.000\n"
    stock = (
        "Producto;Sucursal;Stock;Costo unitario;Fecha\n"
        f"Torta;Talca;4000;5000;{COUNTED}\nTorta;Centro;3000;5000;{COUNTED}\nHallulla;Talca;200;;{COUNTED}\n"
        f"Cajas de cartón;Bodega central;70;120;{COUNTED}\nBolsas;Bodega central;90;;{COUNTED}\n"
    )
    with db.tenant(company) as connection:
        for name, text in (("fijos.csv", fixed), ("inventario dos.csv", stock)):
            sent = ingest.receive(company, name, BytesIO(text.encode()), connection)
            assert ingest.process(company, sent.id, connection).upload.state == "ready"
    return company


FIXED = {9: 1_020_000, 10: 1_121_000}


def sold_since(product: str, *branches: str) -> Decimal:
    lines = [x for x in LINES if x.product == product and x.day > COUNTED and (not branches or x.branch in branches)]
    return sum((x.quantity or Decimal(0) for x in lines), Decimal(0))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("¿cuánto gasté en octubre?", spent(10) + FIXED[10]),
        ("¿cuánto gasté en sueldos en octubre?", Decimal(1_100_000)),
        ("gastos de CGE en octubre", spent(10, "CGE")),
        ("compara los gastos de sueldos de octubre con septiembre", Decimal(1_100_000)),
        ("¿gasté más en luz y agua en octubre que en septiembre?", spent(10, "Luz y agua")),
    ],
)
def test_what_is_known_by_month_is_told_with_the_rest(whole: Scope, text: str, value: Decimal):
    told = ask(whole, text)
    assert told.status == "answered", told.text
    assert told.verified
    assert value in [f.value for f in told.figures]


@pytest.mark.parametrize(
    "text",
    [
        "¿cuánto gané después de gastos en octubre?",
        "¿cuánto gané limpio en octubre?",
        "¿gané o perdí plata en octubre?",
        "¿me quedó plata en octubre?",
    ],
)
def test_what_is_left_after_expenses(whole: Scope, text: str):
    profit = gold("gross_profit", Period.month(2026, 10), LINES, LINES)
    assert profit is not None
    assert ask(whole, text).figures[0].value == profit - spent(10) - FIXED[10]


@pytest.mark.parametrize(
    "text", ["¿cuánto gasté el 3 de octubre?", "gastos por día de octubre", "gastos de sueldos por semana"]
)
def test_days_of_what_is_known_by_month_are_not_made_up(whole: Scope, text: str):
    told = ask(whole, text)
    assert (told.status, told.figures) == ("no_data", [])
    assert "solo el mes" in told.text


def test_kinds_beside_each_other_by_month(whole: Scope):
    told = ask(whole, "gastos por tipo y por mes")
    found = {(f.label, f.start.month): f.value for f in told.figures if f.metric == "expenses_spent" and f.start}
    assert found["Sueldos", 9] == 1_000_000
    assert found["Arriendo", 10] == spent(10, "Arriendo")
    assert told.verified


def test_stock_in_a_branch_and_in_a_store_room(whole: Scope):
    talca = ask(whole, "¿cuánto stock me queda de torta en Talca?")
    assert talca.figures[0].value == 4000 - sold_since("Torta", "Talca")
    assert talca.verified
    room = ask(whole, "¿cuántas cajas de cartón quedan en bodega central?")
    assert room.figures[0].value == 70
    assert "no dicen qué ha salido" in room.text
    lacking = ask(whole, "¿cuánto stock me queda de hallulla en Centro?")
    assert (lacking.status, lacking.figures) == ("no_data", [])
    assert "Talca" in lacking.text
    by_branch = ask(whole, "stock por sucursal")
    assert all(name in by_branch.text for name in ("Talca", "Centro", "Bodega central"))
    assert by_branch.verified


def test_what_the_stock_is_worth_and_what_is_left_out(whole: Scope):
    told = ask(whole, "¿cuánto vale mi inventario?")
    torta = (4000 - sold_since("Torta", "Talca")) + (3000 - sold_since("Torta", "Centro"))
    named = {f.label: f.value for f in told.figures}
    assert named["Torta"] == torta * 5000
    assert named["Cajas de cartón"] == 70 * 120
    assert named["valor del inventario"] == sum(v for n, v in named.items() if n != "valor del inventario" and v)
    assert "Bolsas" in told.text
    assert "no conozco el costo" in told.text
    assert told.verified
    one = ask(whole, "¿cuánto vale el stock de torta en Talca?")
    assert one.figures[0].value == (4000 - sold_since("Torta", "Talca")) * 5000


def test_what_stands_still_and_what_ends_this_week(whole: Scope):
    still = ask(whole, "¿qué productos de mi inventario no se mueven?")
    assert {f.label for f in still.figures if f.metric == "units_left"} == {
        "lo que queda de Cajas de cartón", "lo que queda de Bolsas",
    }  # fmt: skip
    low = ask(whole, "¿qué productos están bajo el mínimo?")
    assert low.status == "answered"
    assert low.verified
    week = ask(whole, "¿qué productos se me acaban esta semana?")
    assert week.verified
    assert "de aquí al" in week.text


def test_who_is_paid_most_is_somebody_with_a_name(whole: Scope):
    told = ask(whole, "¿a qué proveedor le compro más?")
    listed = [f.label for f in told.figures if f.metric == "expenses_supplier"]
    assert listed[0] == "Inmobiliaria Sur"
    assert listed[-1] == "(sin proveedor)"
    assert len([f for f in ask(whole, "top 2 gastos de octubre").figures if f.metric == "expenses_category"]) == 2


def turns(scope: Scope, *texts: str) -> list[Answer]:
    """The answers of one conversation."""
    asked = [Question(text, "books", as_of=LAST) for text in texts]
    return [asyncio.run(assistant.answer(question, scope)) for question in asked]


def test_a_follow_up_names_another_kind_of_expense(company: Scope) -> None:
    whole, rent, light, earlier, unknown = turns(
        company, "¿cuánto gasté en octubre?", "¿y en arriendo?", "y en luz", "¿y en septiembre?", "¿y en publicidad?"
    )
    assert whole.figures[0].value == spent(10)
    for answer, month, kind in ((rent, 10, "Arriendo"), (light, 10, "Luz y agua"), (earlier, 9, "Luz y agua")):
        assert kind in answer.text
        assert spent(month, kind) in [figure.value for figure in answer.figures]
    assert (unknown.status, unknown.figures) == ("clarify", [])


def test_a_follow_up_names_another_product_in_stock(company: Scope) -> None:
    cake, coffee, none = turns(company, "¿cuánto me queda de torta?", "¿y de café?", "¿y de helado?")
    assert "Torta" in cake.text
    assert "Café" in coffee.text
    assert none.status == "clarify"


def test_a_follow_up_narrows_the_same_product_to_a_branch(whole: Scope) -> None:
    cake, talca = turns(whole, "¿cuántos días me dura la torta?", "¿y en Talca?")
    assert (cake.status, "Torta" in cake.text) == ("answered", True), cake.text
    assert talca.figures[0].value == 4000 - sold_since("Torta", "Talca"), talca.text


def test_stock_that_knows_no_branch_is_not_called_a_branchs(company: Scope) -> None:
    branch = next(x.branch for x in LINES if x.branch)
    found = ask(company, f"¿qué se me está acabando en {branch}?")
    assert "para todo el negocio" in found.text
    assert f"primero en {branch}" not in found.text


def test_expenses_as_a_part_of_sales(whole: Scope):
    told = ask(whole, "¿qué porcentaje de mis ventas se fue en gastos en octubre?")
    sales = gold("sales", Period.month(2026, 10), LINES, LINES)
    assert sales
    assert told.verified
    assert abs((told.figures[0].value or 0) - (spent(10) + FIXED[10]) / sales) < Decimal("1e-12")
    assert ask(whole, "inventario valorizado").figures[0].label == "valor del inventario"


@pytest.mark.parametrize("text", ["¿por qué subieron mis gastos en octubre?", "¿por qué gasté más en octubre?"])
def test_a_change_of_expenses_is_told_by_kind_and_then_by_supplier(company: Scope, text: str):
    told = ask(company, text)
    assert told.status == "answered"
    assert "tipo de gasto" in told.text
    assert "sucursal" not in told.text
    moved = {f.slice.get("expense_kind"): f.value for f in told.figures if "expense_kind" in f.slice}
    rose = {k: spent(10, k) - spent(9, k) for k in {s[1] for s in SPENT} if spent(10, k) > spent(9, k)}
    fell = {k: spent(10, k) - spent(9, k) for k in {s[1] for s in SPENT} if spent(10, k) < spent(9, k)}
    assert moved == (rose if spent(10) > spent(9) else fell)
    assert {f.slice["supplier"] for f in told.figures if "supplier" in f.slice} <= {s[2] for s in SPENT}


@pytest.mark.parametrize(
    ("text", "first"),
    [("¿qué gasto subió más en octubre?", "Luz y agua"), ("¿cuál fue el gasto que más bajó en octubre?", "Harina")],
)
def test_the_kind_of_expense_that_moved_most(company: Scope, text: str, first: str):
    told = ask(company, text)
    assert told.text.startswith(f"**{first}** es el que más")
    assert told.figures[0].value == spent(10, first) - spent(9, first)
