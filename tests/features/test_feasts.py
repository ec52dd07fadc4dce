"""Holidays by country and year, and what is said of those that moved: when they were, never what they did."""

from datetime import date

import pytest

from core.periods import Period
from features.feasts import VOTING, beside, feast_names, feasts, moved


@pytest.mark.parametrize(
    ("country", "name"),
    [("CL", "Viernes Santo"), ("AR", "Viernes Santo"), ("CO", "Jueves Santo"), ("PE", "Jueves Santo"),
     ("BR", "Sexta-feira Santa"), ("MX", "Año Nuevo")],
)  # fmt: skip
def test_names_are_in_the_countrys_own_language(country: str, name: str) -> None:
    known = feasts(country, 2026).values()
    assert name in known
    assert not any(word in told for told in known for word in ("Day", "Good", "Christmas"))


def test_days_of_elections_are_holidays_in_chile_alone() -> None:
    assert feasts("CL", 2025)[date(2025, 11, 16)] == VOTING
    assert date(2025, 11, 16) not in feasts("AR", 2025)
    assert feasts("ZZ", 2025) == {}


def test_a_span_over_the_turn_of_the_year() -> None:
    found = feast_names("CL", Period(date(2026, 12, 25), date(2027, 1, 1)))
    assert list(found) == [date(2026, 12, 25), date(2027, 1, 1)]


def test_what_moved_is_told_from_both_months() -> None:
    said = "Viernes Santo y Sábado Santo cayeron este año en marzo y el anterior en abril."
    assert moved("CL", date(2027, 3, 1)) == said
    assert moved("CL", date(2027, 4, 1)) == said
    assert moved("CL", date(2026, 5, 1)) == ""
    voted = "Día de elecciones cayó este año en diciembre y el anterior en octubre."
    assert moved("CL", date(2025, 12, 1)) == voted
    assert moved("CL", date(2026, 12, 1)) == "Día de elecciones: feriado solo el año anterior."


def test_a_day_beside_a_holiday() -> None:
    assert beside("CL", date(2026, 10, 13)) == (
        "Junto a ese día hubo feriado: el lunes 12-oct-2026 (Día del Encuentro de dos Mundos)."
    )
    assert beside("CL", date(2026, 10, 20)) == ""
