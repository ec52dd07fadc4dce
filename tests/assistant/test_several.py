"""Questions that ask several things get all of them, or are asked back."""

import pytest

from tests.assistant.bakery import plan, stop


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("ventas de octubre por canal y por sucursal", "channel", "branch"),
        ("mejor hora y día en octubre", "hour", "weekday"),
        ("¿qué día de la semana y a qué hora vendo más?", "weekday", "hour"),
    ],
)
def test_two_dimensions(text: str, first: str, second: str) -> None:
    found = plan(text)
    assert (found.dimension, [p.dimension for p in found.also]) == (first, [second])
    assert found.also[0].intent == found.intent


def test_the_figure_and_then_who_leads() -> None:
    found = plan("¿cuánto vendí en octubre y cuál fue el producto más vendido?")
    (other,) = found.also
    assert (found.intent, other.intent, other.dimension) == ("value", "ranking", "product")
    assert found.whens == other.whens


def test_two_figures_of_different_months() -> None:
    found = plan("¿cuánto vendí en octubre y cuántos clientes nuevos tuve en septiembre?")
    (other,) = found.also
    assert (found.metrics, other.metrics) == (("sales",), ("new_customers",))
    assert found.whens[0].period > other.whens[0].period


def test_two_places_of_different_months() -> None:
    found = plan("ventas de Talca en septiembre y de Curicó en agosto")
    (other,) = found.also
    assert [f.members for p in (found, other) for f in p.filters] == [("Talca",), ("Curicó",)]


def test_one_question_with_an_and_stays_one() -> None:
    for text in ("ventas y ticket promedio de octubre", "¿cuánto vendí ayer y cuánto hoy?", "compara Talca y Curicó"):
        assert plan(text).also == ()


def test_crossed_members_are_asked_back() -> None:
    assert stop("ventas de empanadas en Curicó y de pan en Talca").status == "clarify"


def test_the_later_month_is_told_against_the_earlier() -> None:
    for text in (
        "compara agosto con octubre",
        "octubre contra agosto",
        "¿cómo cambiaron las ventas de agosto a octubre?",
    ):
        now, before = plan(text).whens
        assert now.period > before.period, text
