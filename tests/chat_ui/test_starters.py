"""The questions to begin with are ones that the data can answer."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from chat_ui import starters
from core.periods import Period
from core.tenancy import Scope

TODAY = date(2026, 11, 20)
ALL = frozenset({"product_id", "store_id", "cost"})


def test_of_a_company_with_three_branches() -> None:
    data = Period(date(2024, 9, 1), date(2026, 10, 31))
    assert starters.starters(data, ALL, 3, TODAY) == (
        "¿Cómo me fue en octubre?",
        "¿Qué productos vendieron más en octubre?",
        "Ventas por sucursal en octubre",
        "¿Cuánto me queda de cada 100 pesos?",
    )


def test_nothing_is_offered_that_lacks_its_columns() -> None:
    data = Period(date(2024, 9, 1), date(2026, 10, 31))
    assert starters.starters(data, frozenset(), 1, TODAY) == (
        "¿Cómo me fue en octubre?",
        "¿Cómo vienen mis ventas mes a mes?",
    )


def test_without_data_they_help_to_send_some() -> None:
    assert starters.starters(None, frozenset(), 0, TODAY) == starters.WITHOUT_DATA


def test_a_month_begun_is_not_the_last_one() -> None:
    assert starters.last_full_month(Period(date(2026, 1, 5), date(2026, 11, 12)), TODAY) == date(2026, 10, 1)


def test_the_only_month_is_the_last_one() -> None:
    assert starters.last_full_month(Period(date(2026, 11, 3), date(2026, 11, 12)), TODAY) == date(2026, 11, 1)


def test_an_older_year_is_named() -> None:
    assert starters.month_name(date(2026, 10, 1), TODAY) == "octubre"
    assert starters.month_name(date(2025, 12, 1), TODAY) == "diciembre"
    assert starters.month_name(date(2024, 12, 1), TODAY) == "diciembre de 2024"


@given(st.dates(date(2010, 1, 1), TODAY), st.integers(0, 3000))
def test_the_month_lies_in_the_data(first: date, days: int) -> None:
    data = Period(first, min(first + timedelta(days=days), TODAY))
    month = starters.last_full_month(data, TODAY)
    assert month.day == 1
    assert data.start.replace(day=1) <= month <= data.end


def test_a_new_company_has_none_to_ask_about(scope: Scope) -> None:
    assert starters.starters_for(scope) == starters.WITHOUT_DATA
