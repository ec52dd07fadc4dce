"""Lines over time as an owner reads them."""

import json
from datetime import date
from decimal import Decimal

import pytest

from assistant.answers import charts
from assistant.parts import Figure
from core.periods import Grain, Period, add_months


def months(count: int) -> list[Figure]:
    spans = [Period.of(Grain.month, add_months(date(2026, 7, 1), -n)) for n in reversed(range(count))]
    return [
        Figure(f"f{n}", "sales", "ventas", Decimal(n), "CLP", span.start, span.end, {}, "c1")
        for n, span in enumerate(spans)
    ]


@pytest.mark.parametrize(("count", "each"), [(4, True), (13, True), (26, False)])
def test_a_few_months_have_a_tick_each_and_none_between(count: int, each: bool) -> None:
    spec = charts.line(months(count), "Ventas", Grain.month)
    wanted = {"interval": "month", "step": 1} if each else None
    assert spec["encoding"]["x"]["axis"].get("tickCount") == wanted


def test_days_are_days_of_the_readers_clock() -> None:
    assert charts.line(months(1), "Ventas", Grain.month)["data"]["values"][0]["desde"] == "2026-07-01T00:00:00"


@pytest.mark.parametrize(("unit", "value", "shown"), [("BRL", "1234567", "R$"), ("CLP", "1234567", "$1.234.567")])
def test_a_bar_tells_its_figure_in_the_figures_own_currency(unit: str, value: str, shown: str) -> None:
    figure = Figure("f1", "sales", "ventas", Decimal(value), unit, date(2026, 10, 1), date(2026, 10, 31), {}, "c1")
    spec = charts.bars([figure], ["octubre"], "Ventas")
    assert spec["data"]["values"][0]["cifra"].startswith(shown)
    assert json.dumps(charts.label_expression(unit))[1:-1] in json.dumps(spec["encoding"]["x"]["axis"])
