"""Metas: set, proposed, measured against the figures, taken away and brought back."""

import asyncio
import html
import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

import assistant
import features
from assistant.parts import Question
from core import db
from core.periods import Grain, Period
from core.tenancy import Role
from server.pages.metas import _is_now, _rounded
from tests.features.sample import draw, load
from tests.server.conftest import Person

TODAY = datetime.now(ZoneInfo("America/Santiago")).date()
THIS = Period.of(Grain.month, TODAY)
YEAR_AGO = THIS.year_before()
LINES = draw(3, 600, date(THIS.start.year - 1, THIS.start.month, 1), 200)


@pytest.fixture
def shop(owner: Person) -> Person:
    with db.tenant(owner.scope) as connection:
        load(LINES, owner.scope, connection)
    return owner


def kept(person: Person) -> list[features.Target]:
    with db.tenant(person.scope) as connection:
        return list(features.targets(person.scope, connection))


def text(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_a_target_is_set_as_people_write_and_measured(shop: Person):
    span = f"month:{YEAR_AGO.start}"
    assert shop.browser.get("/metas").text.count("Todavía no tienes metas") == 1
    sent = shop.browser.post("/metas", data={"metric": "sales", "span": span, "value": "$1,5 millones"})
    assert sent.status_code == 303
    (one,) = kept(shop)
    assert (one.metric, one.period, one.value, one.member) == ("sales", YEAR_AGO, Decimal(1_500_000), "")
    sold = sum((x.total for x in LINES if YEAR_AGO.holds(x.day)), Decimal(0))
    page = shop.browser.get("/metas").text
    assert features.shown(features.metric("sales"), sold, shop.scope.company) in text(page)
    shop.browser.post("/metas", data={"metric": "sales", "span": span, "value": "2.000.000"})
    assert [t.value for t in kept(shop)] == [Decimal(2_000_000)]


def test_a_branch_a_percentage_and_a_lower_that_is_better(shop: Person):
    shop.browser.post("/metas", data={"metric": "gross_margin", "span": f"month:{YEAR_AGO.start}", "value": "35"})
    shop.browser.post(
        "/metas", data={"metric": "returns", "span": f"year:{THIS.start}", "value": "9", "branch": "Talca"}
    )
    margin, returns = sorted(kept(shop), key=lambda t: t.metric)
    assert margin.value == Decimal("0.35")
    assert (returns.dimension, returns.member, returns.grain) == ("branch", "Talca", Grain.year)
    assert "35 %" in text(shop.browser.get("/metas").text)


@pytest.mark.parametrize(
    "wrong",
    [
        {"value": "mucho"},
        {"metric": "average_ticket", "value": "-5"},
        {"span": "month:ayer"},
        {"span": "siglo:2026-01-01"},
        {"branch": "Marte"},
        {"metric": "sueldos"},
    ],
)
def test_what_cannot_be_read_is_told_and_what_was_typed_stays(shop: Person, wrong: dict[str, str]):
    form = {"metric": "sales", "span": f"month:{THIS.start}", "value": "1234567", **wrong}
    told = shop.browser.post("/metas", data=form)
    assert told.status_code in (400, 404)
    assert kept(shop) == []
    if told.status_code == 400 and "value" not in wrong:
        assert 'value="1234567"' in told.text


def test_proposing_leaves_what_is_there_and_follows_last_year(shop: Person):
    shop.browser.post("/metas", data={"metric": "sales", "span": f"month:{THIS.start}", "value": "7"})
    assert shop.browser.post("/metas/proponer", data={"metric": "sales", "growth": "10"}).status_code == 303
    found = {t.period: t.value for t in kept(shop)}
    assert found[THIS] == 7
    for period, value in found.items():
        if period == THIS:
            continue
        was = sum((x.total for x in LINES if period.year_before().holds(x.day)), Decimal(0))
        assert abs(value / (was * Decimal("1.1")) - 1) <= Decimal("0.006")
    assert len(found) > 3
    assert shop.browser.post("/metas/proponer", data={"metric": "sales", "growth": "x"}).status_code == 400


def test_removed_and_brought_back(shop: Person):
    shop.browser.post("/metas", data={"metric": "average_ticket", "span": f"month:{THIS.start}", "value": "8450,5"})
    gone = shop.browser.post(
        "/metas/borrar", data={"metric": "average_ticket", "grain": "month", "start": str(THIS.start)}
    ).text
    assert kept(shop) == []
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', gone.split("Deshacer")[0]))
    assert shop.browser.post("/metas", data=fields).status_code == 303
    assert [t.value for t in kept(shop)] == [Decimal("8450.5")]


def test_who_may_not_plan_looks_and_another_company_sees_nothing(person: Callable[..., Person], shop: Person):
    shop.browser.post("/metas", data={"metric": "sales", "span": f"month:{THIS.start}", "value": "777777"})
    viewer, stranger = person(Role.viewer, shop.scope), person()
    assert "777.777" in viewer.browser.get("/metas").text
    form = {"metric": "sales", "span": f"month:{THIS.start}", "value": "1"}
    for path, data in (
        ("/metas", form),
        ("/metas/proponer", {}),
        ("/metas/borrar", {**form, "grain": "month", "start": str(THIS.start)}),
    ):
        assert viewer.browser.post(path, data=data).status_code == 403
    assert "777.777" not in stranger.browser.get("/metas").text
    stranger.browser.post("/metas/borrar", data={"metric": "sales", "grain": "month", "start": str(THIS.start)})
    assert len(kept(shop)) == 1


def test_the_month_under_way_stands_first_and_earlier_ones_are_folded():
    last = date(2026, 10, 31)
    today = date(2026, 11, 21)
    assert _is_now(Period.month(2026, 11), today, last)
    assert _is_now(Period.month(2026, 10), today, last)  # the data ends there
    assert _is_now(Period(date(2026, 1, 1), date(2026, 12, 31)), today, None)
    assert not _is_now(Period.month(2026, 9), today, last)
    assert not _is_now(Period.month(2026, 12), today, date(2026, 12, 1))  # sales of tomorrow are no reason


def test_the_chat_tells_how_far_it_is(shop: Person):
    shop.browser.post("/metas", data={"metric": "sales", "span": f"month:{YEAR_AGO.start}", "value": "1000000"})
    asked = Question("¿cómo voy con la meta de este mes?", as_of=YEAR_AGO.end)
    told = asyncio.run(assistant.answer(asked, shop.scope))
    assert told.status == "answered"
    wanted = [f.value for f in told.figures if f.label == "meta"]
    assert wanted == [Decimal(1_000_000)]


@pytest.mark.parametrize(("value", "rounded"), [("8412350.7", "8410000"), ("0.3456", "0.346"), ("12.34", "12.3")])
def test_a_proposal_reads_like_one(value: str, rounded: str):
    metric = features.metric("gross_margin" if value.startswith("0.") else "sales")
    assert _rounded(Decimal(value), metric) == Decimal(rounded)
