"""Which month is shown, how a change is told, what a card carries."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest

from core.periods import Period
from core.tenancy import Company
from features.catalog.registry import metric
from features.catalog.types import Good, Metric, Unit
from features.compare import change
from server.panel.cards import Beside, card, change_words, question, spark
from server.panel.months import around, latest_full_month, months, shown_month


@pytest.mark.parametrize(
    ("first", "last", "month"),
    [
        (date(2026, 1, 1), date(2026, 10, 31), 10),
        (date(2026, 1, 1), date(2026, 10, 30), 9),
        (date(2026, 10, 5), date(2026, 10, 20), 10),
    ],
)
def test_the_latest_full_month(first: date, last: date, month: int):
    assert latest_full_month(Period(first, last)) == Period.month(2026, month)


def test_a_change_is_told_in_words():
    def told(now: str, before: str, unit: Unit = Unit.money, good: Good = Good.up) -> tuple[str, str]:
        metric = Metric("m", "m", unit, good, "1", "")
        return change_words(change(Decimal(now), Decimal(before), metric), unit)

    assert told("108", "100") == ("8 % más", "good")
    assert told("92.5", "100") == ("7,5 % menos", "bad")
    assert told("0.38", "0.40", Unit.ratio) == ("2 puntos menos", "bad")
    assert told("100", "100") == ("igual", "neutral")
    assert change_words(None, Unit.money) == ("", "")


def test_the_months_that_can_be_chosen():
    known = Period(date(2025, 11, 20), date(2026, 2, 3))
    listed = months(known)
    assert [f"{m.start:%Y-%m}" for m in listed] == ["2026-02", "2026-01", "2025-12", "2025-11"]
    assert around(listed, "2026-01") == ("2025-12", "2026-02")
    assert around(listed, "2025-11") == ("", "2025-12")
    assert around(listed, "2020-01") == ("", "")
    assert shown_month(known, "2025-12") == Period.month(2025, 12)
    assert shown_month(known, "2020-01") == shown_month(known, "") == Period.month(2026, 1)
    assert months(None) == []


def test_a_sparkline_runs_from_edge_to_edge():
    path, end = spark([Decimal(1), None, Decimal(3)])
    assert (path, end) == ("M3.0 25.0L97.0 3.0", (97.0, 3.0))
    assert spark([Decimal(5), Decimal(5)])[0] == "M3.0 14.0L97.0 14.0"
    assert spark([Decimal(5), None]) == spark([Decimal(5)]) == ("", None)


COMPANY = Company(uuid4(), "x", "X", "panaderia", "CL", "CLP", "America/Santiago", "es-CL")
COURSE = [Decimal(100 + i % 3) for i in range(24)] + [Decimal(150)]


def test_a_card_carries_its_past_its_target_and_its_question():
    made = card(metric("sales"), Period.month(2026, 10), COURSE, Decimal(200), None, COMPANY)
    assert (made.value, made.shown, made.direction) == ("150", "$150", "up")
    assert made.usual == "fuera de lo normal de un mes a otro"
    assert made.previous is not None
    assert made.year is not None
    assert made.previous.against == "septiembre 2026"
    assert made.year.against == "octubre 2025"
    assert made.goal is not None
    assert (made.goal.attainment, made.goal.width, made.goal.reached) == ("75 %", 75, False)
    assert len(made.course) == 13
    assert made.question == "¿Cómo estuvieron mis ventas en octubre de 2026?"


def test_where_less_is_better_a_target_is_a_ceiling():
    made = card(metric("discount"), Period.month(2026, 10), [Decimal(90), Decimal(80)], Decimal(100), None, COMPANY)
    assert made.goal is not None
    assert made.goal.reached
    assert made.previous is not None
    assert made.previous.tone == "good"
    assert made.year is None


def test_what_is_written_differently_is_not_called_the_same():
    def told(before: str, now: str) -> tuple[str, str] | None:
        course = [Decimal(before), Decimal(now)]
        move = card(metric("discount_rate"), Period.month(2026, 10), course, None, None, COMPANY).previous
        return move and (move.words, move.value)

    assert told("0.0014", "0.0017") == ("casi igual", "0,1 %")
    assert told("0.0016", "0.0017") == ("igual", "0,2 %")


def test_a_month_under_way_stands_beside_the_same_days():
    """Not beside whole months, which it can't have reached yet; nor is it judged or drawn by them."""
    beside = Beside((Decimal(60), "los mismos días de septiembre 2026"), (None, ""))
    course = [Decimal(100 + i % 3) for i in range(24)] + [Decimal(66)]
    made = card(metric("sales"), Period.month(2026, 10), course, None, None, COMPANY, beside)
    assert made.previous is not None
    assert (made.previous.words, made.previous.against) == ("10 % más", "los mismos días de septiembre 2026")
    assert (made.direction, made.usual, made.z, made.year) == ("up", "", None, None)
    assert (made.value, made.course[-1], len(made.course)) == ("66", "102", 13)


def test_a_question_agrees_with_its_metric():
    assert (
        question(metric("gross_margin"), Period.month(2026, 9)) == "¿Cómo estuvo mi margen bruto en septiembre de 2026?"
    )
