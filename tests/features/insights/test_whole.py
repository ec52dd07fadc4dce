"""What moved the whole is told the way that the whole went."""

from decimal import Decimal

import pytest

from features.insights import Member
from features.insights.rules.whole import changes, record
from tests.features.insights.test_rules import monthly, signals


def branch(name: str, before: float, now: float) -> Member:
    """Three years at `before`, and the last month at `now`."""
    return Member("branch", name, {"sales": monthly([before] * 25 + [now])})


@pytest.mark.parametrize(
    ("moves", "said"),
    [
        # The biggest single move goes against the rise: it is told as what went against it, not as what made it.
        ({"Talca": (500, 200), "Curicó": (300, 650), "Linares": (200, 420)},
         "Lo que más sumó fue Curicó: +$350."),
        ({"Talca": (900, 500), "Curicó": (300, 610), "Linares": (200, 560)},
         "Lo que más sumó fue Linares: +$360; en contra, Talca: −$400."),
        ({"Talca": (500, 200), "Curicó": (300, 260), "Linares": (200, 240)},
         "Lo que más restó fue Talca: −$300."),
        ({"Talca": (500, 780), "Curicó": (500, 100), "Linares": (200, 50), "Osorno": (500, 450)},
         "Lo que más restó fue Curicó: −$400."),
    ],
)  # fmt: skip
def test_what_weighed_most_goes_the_way_that_sales_went(moves: dict[str, tuple[int, int]], said: str) -> None:
    members = [branch(name, before, now) for name, (before, now) in moves.items()]
    whole = [float(sum(before for before, _ in moves.values()))] * 25 + [float(sum(now for _, now in moves.values()))]
    seen = signals(metrics={"sales": monthly(whole)}, members=members)
    told = [i for i in (*changes(seen), *record(seen)) if i.rule != "change_year"]
    assert {i.rule for i in told} == {"change_previous", "record"}
    assert {i.todo for i in told} == {said}
    assert {i.good for i in told} == {whole[-1] > whole[0]}


def test_without_parts_a_point_is_told() -> None:
    seen = signals(metrics={"sales": monthly([1000.0] * 25 + [1500.0])}, members=[branch("Única", 1000, 1500)])
    assert record(seen)[0].todo == "Un 1 % más de ventas son $15 al mes."
    assert Decimal(seen.sales) == 1500
