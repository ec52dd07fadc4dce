"""The one door on a real database, against sums of the same lines in plain Python."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import assistant
import features
from assistant import conversation
from assistant.citations import decode
from assistant.parts import Answer, Question
from core import db
from core.tenancy import Scope
from tests.features.sample import Line, draw, load

LINES = draw(11, 400, date(2025, 11, 20), 100)
TODAY = date(2026, 2, 27)


@pytest.fixture(scope="module")
def shop() -> list[Scope]:
    """Filled by the first test that needs it: a company with 400 lines of November to February."""
    return []


@pytest.fixture
def company(shop: list[Scope], new_scope: Callable[..., Scope]) -> Scope:
    if not shop:
        scope = new_scope()
        with db.tenant(scope) as connection:
            load(LINES, scope, connection)
            features.refresh(scope, connection)
        shop.append(scope)
    return shop[0]


def ask(scope: Scope, text: str, conversation: str | None = None) -> Answer:
    return asyncio.run(assistant.answer(Question(text, conversation, "test", TODAY), scope))


def total(lines: list[Line], month: int, **wanted: str) -> Decimal:
    return sum(
        (x.total for x in lines if x.day.month == month and all(getattr(x, k) == v for k, v in wanted.items())),
        Decimal(0),
    )


def test_a_value_with_its_source(company: Scope) -> None:
    answer = ask(company, "¿cuánto vendí en enero?")
    first = answer.figures[0]
    assert answer.status == "answered"
    assert answer.verified
    assert first.value == total(LINES, 1)
    assert (first.start, first.end) == (date(2026, 1, 1), date(2026, 1, 31))
    citation = next(c for c in answer.citations if c.id == first.citation)
    with db.tenant(company) as connection:
        assert features.run(decode(citation.href), company, connection).value() == first.value


def test_filters_and_exclusion(company: Scope) -> None:
    only = ask(company, "¿cuánto vendió Talca en enero?").figures[0].value
    without = ask(company, "ventas de enero sin Talca").figures[0].value
    assert only == total(LINES, 1, branch="Talca")
    assert only is not None
    assert without is not None
    assert only + without == total(LINES, 1)


def test_a_ranking_is_in_order(company: Scope) -> None:
    answer = ask(company, "top 3 productos de enero")
    products = {x.product for x in LINES if x.product}
    expected = sorted(products, key=lambda p: -total(LINES, 1, product=p))[:3]
    assert [f.slice["product"] for f in answer.figures[:3]] == expected
    assert answer.figures[0].value == total(LINES, 1, product=expected[0])
    drawn = [row["valor"] for row in answer.charts[0].spec["data"]["values"]]
    assert drawn == [float(f.value or 0) for f in answer.figures[:3]]


def test_a_comparison_holds_both_and_the_change(company: Scope) -> None:
    answer = ask(company, "compara enero con diciembre")
    now, was, change = (f.value for f in answer.figures[:3])
    assert (now, was) == (total(LINES, 1), total(LINES, 12))
    assert change == (total(LINES, 1) - total(LINES, 12)) / total(LINES, 12)


def test_why_after_which_branch_moved_most_is_about_that_branch(company: Scope) -> None:
    thread = uuid4().hex
    which = ask(company, "¿qué sucursal bajó más en enero?", thread)
    branch = which.figures[0].slice["branch"]
    why = ask(company, "¿por qué?", thread)
    assert why.understood is not None
    assert [(f["dimension"], f["members"]) for f in why.understood.filters] == [("branch", [branch])]
    assert why.figures[0].value == total(LINES, 1, branch=branch)
    whole = ask(company, "¿por qué bajaron las ventas en enero?", thread)
    assert whole.understood is not None
    assert not whole.understood.filters


def test_a_stretch_without_a_line_is_told_as_such(company: Scope) -> None:
    sold = {x.day for x in LINES}
    closed = next((d for n in range(60) if (d := date(2025, 12, 1) + timedelta(n)) not in sold), None)
    if closed is not None:
        text = ask(company, f"¿cuánto vendí el {closed:%d-%m-%Y}?").text
        assert "ninguna línea de venta" in text
    assert "ninguna línea de venta" not in ask(company, "¿cuánto vendí en enero?").text


def test_this_year_names_no_day_beyond_the_data_and_one_comparison_once(company: Scope) -> None:
    text = ask(company, "¿cuánto vendí este año?").text
    assert "hasta el 27-feb" not in text or max(x.day for x in LINES) >= TODAY
    assert text.count("01-ene-2025") <= 1


def test_the_thread_is_kept_by_conversation(company: Scope) -> None:
    thread = f"t-{uuid4()}"
    ask(company, "¿cuánto vendió Talca en enero?", thread)
    assert ask(company, "¿y en diciembre?", thread).figures[0].value == total(LINES, 12, branch="Talca")
    source = ask(company, "¿de dónde sale ese número?", thread)
    assert source.status == "answered"
    assert "líneas" in source.text
    assert ask(company, "¿y en diciembre?", f"t-{uuid4()}").status == "clarify"


def test_a_thread_is_its_members_own(company: Scope) -> None:
    thread, colleague = f"t-{uuid4()}", replace(company, user_id=uuid4())
    ask(company, "¿cuánto vendió Talca en enero?", thread)
    assert ask(colleague, "¿y en diciembre?", thread).status == "clarify"
    ask(colleague, "¿cuánto vendí en enero?", thread)
    assert ask(company, "¿y en diciembre?", thread).figures[0].value == total(LINES, 12, branch="Talca")
    with db.tenant(company) as connection:
        assert conversation.earlier(thread, colleague, connection) == ["¿y en diciembre?", "¿cuánto vendí en enero?"]


def test_what_there_is_no_data_for(company: Scope) -> None:
    assert ask(company, "¿cuánto vendí en 2021?").status == "no_data"
    assert "27-feb-2026" in ask(company, "¿cuánto vendí en 2021?").text
    assert ask(company, "ventas por ciudad").status == "no_data"
    assert ask(company, "ventas por ciudad").figures == []


def test_an_empty_company_is_told_what_to_do(scope: Scope) -> None:
    answer = ask(scope, "¿cuánto vendí ayer?")
    assert answer.status == "no_data"
    assert "Sube" in answer.text


def test_another_company_is_never_seen(company: Scope, scope: Scope) -> None:
    assert ask(scope, "¿cuánto vendió Talca en enero?").figures == []


def test_each_exchange_is_recorded(company: Scope) -> None:
    mark = "por favor, ¿cuánto vendí en enero?"
    ask(company, mark)
    with db.tenant(company) as connection:
        row = connection.execute("SELECT planner, channel FROM exchanges WHERE question = %s", [mark]).fetchone()
    assert row == ("rules", "test")


ASKED = (
    "¿cómo me fue en enero?", "¿cómo me fue?", "ventas por mes", "ventas por canal en enero",
    "¿por qué bajaron las ventas?",
    "¿qué producto explica la baja?", "¿qué clientes dejaron de comprar?", "pareto de productos", "¿hay algo raro?",
    "mis récords", "¿los fines de semana venden más?", "¿cuál fue el mejor día de enero?", "promedio diario de enero",
    "¿cuánto crecieron las ventas en enero?", "¿qué porcentaje vende Talca?", "Talca vs Centro en enero",
    "clientes nuevos y recurrentes de enero", "¿cómo voy con la meta?", "necesito $5M en ventas este mes",
    "margen por categoría", "horas pico", "¿qué es el churn?", "hola", "ticket promedio de los sábados",
    "últimos 7 días",
)  # fmt: skip


@pytest.mark.parametrize("text", ASKED)
def test_every_number_said_is_backed(company: Scope, text: str) -> None:
    answer = ask(company, text)
    assert answer.understood is not None
    assert answer.understood.intent != "error"
    assert answer.verified, answer.text
    assert answer.status == "answered" or not answer.figures


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.lists(
        st.sampled_from(
            [
                "cuánto",
                "vendí",
                "qué",
                "producto",
                "sucursal",
                "más",
                "menos",
                "por",
                "mes",
                "enero",
                "ayer",
                "Talca",
                "torta",
                "vs",
                "sin",
                "y",
                "margen",
                "clientes",
                "mejor",
                "día",
                "promedio",
                "hora",
                "los",
                "sábados",
                "año",
                "pasado",
                "por",
                "qué",
                "%",
                "top",
                "3",
                "🤷",
                "0",
                "2021",
            ]
        ),
        max_size=9,
    ).map(" ".join)
)
def test_never_raises_and_never_invents(company: Scope, text: str) -> None:
    answer = ask(company, text)
    assert answer.understood is None or answer.understood.intent != "error"
    assert answer.verified
    assert answer.status == "answered" or not answer.figures


def test_holidays_are_a_set_of_days(company: Scope) -> None:
    feasts = {date(2025, 12, 8), date(2025, 12, 14), date(2025, 12, 25), date(2026, 1, 1)}  # the 14th: elections
    answer = ask(company, "¿cuánto vendí los feriados?")
    due = sum((x.total for x in LINES if x.day in feasts), Decimal(0))
    assert (answer.status, answer.verified) == ("answered", True)
    assert answer.figures[0].value == due
    rest = ask(company, "ventas de todos los meses sin contar los feriados").figures[0].value
    assert rest == sum((x.total for x in LINES), Decimal(0)) - due


def test_the_biggest_sale(company: Scope) -> None:
    orders: dict[tuple[str, date], Decimal] = {}
    for n, x in enumerate(LINES):
        if x.kind == "sale" and x.day.month == 1:
            key = (x.order or f"line {n}", x.day)
            orders[key] = orders.get(key, Decimal(0)) + x.total
    answer = ask(company, "las 3 ventas más grandes de enero")
    assert [f.value for f in answer.figures] == sorted(orders.values(), reverse=True)[:3]
    assert answer.verified
    assert len(answer.charts) == 1


@pytest.mark.parametrize(
    "text",
    ["¿cuánto vendí en enero?", "¿cómo me fue en enero?", "enero contra diciembre", "¿cuánto vendí la semana pasada?"],
)
def test_a_chart_draws_the_figures(company: Scope, text: str) -> None:
    answer = ask(company, text)
    shown = {float(f.value) for f in answer.figures if f.value is not None}
    assert answer.charts
    for chart in answer.charts:
        assert {row["valor"] for row in chart.spec["data"]["values"]} <= shown


@pytest.mark.parametrize(
    "text",
    ["¿cuánto vendí en enero?", "¿cómo me fue en enero?", "enero contra diciembre", "top 3 productos de enero",
     "ventas por sucursal en enero", "¿cuál fue el mejor día de enero?", "¿por qué cambiaron las ventas en enero?",
     "hola", "¿cuál fue la venta más grande?", "¿cuánto vendí los feriados?"],
)  # fmt: skip
def test_what_is_suggested_is_answered(company: Scope, text: str) -> None:
    for n, suggested in enumerate(ask(company, text).follow_ups):
        thread = f"{text}{n}{uuid4()}"
        ask(company, text, thread)
        assert ask(company, suggested, thread).status == "answered", suggested


def test_members_over_an_amount(company: Scope) -> None:
    sums = {x.branch: total(LINES, 1, branch=x.branch) for x in LINES}
    bound = sorted(sums.values())[-2]
    answer = ask(company, f"sucursales que vendieron más de {int(bound)} en enero")
    told = {f.slice["branch"]: f.value for f in answer.figures if f.metric == "sales"}
    assert told == {name: value for name, value in sums.items() if value > int(bound)}
    assert answer.verified


def test_two_questions_get_two_answers(company: Scope) -> None:
    answer = ask(company, "ventas de Talca en enero y de Centro en diciembre")
    told = [(f.slice.get("branch"), f.value) for f in answer.figures if f.metric == "sales"]
    assert ("Talca", total(LINES, 1, branch="Talca")) in told
    assert ("Centro", total(LINES, 12, branch="Centro")) in told
    assert answer.verified


def test_an_average_of_saturdays_counts_saturdays_alone(company: Scope) -> None:
    answer = ask(company, "¿cuánto vendo en promedio los sábados de enero?")
    sold = sum((x.total for x in LINES if x.day.month == 1 and x.day.weekday() == 5), Decimal(0))
    assert answer.figures[0].value == sold / 5
