"""Judging answers made by hand."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from assistant.parts import Answer, Figure, Understood
from eval.case import Case
from eval.gold import Block, Expected
from eval.score import Horizon, equal, judge, made_of
from eval.spans import Span

OCTOBER = Span(date(2026, 10, 1), date(2026, 10, 31))
HORIZON = Horizon(date(2024, 9, 1), date(2026, 10, 31))
CASE = Case(
    id="x.1", group="x", category="value", company="demo", as_of=date(2026, 10, 31), turns=("¿cuánto vendí?",),
    status=("answered",), gold={"metric": "sales"}, says=(), reads={}, listed=False,
)  # fmt: skip


def figure(value: str, metric: str = "sales", **members: str) -> Figure:
    return Figure("f", metric, "ventas", Decimal(value), "CLP", OCTOBER.start, OCTOBER.end, members, "c")


def answer(*figures: Figure, status: str = "answered", text: str = "") -> Answer:
    read = Understood("value", ("sales",), {"start": "2026-10-01", "end": "2026-10-31", "label": "octubre 2026"})
    return Answer(status=status, text=text, understood=read, figures=list(figures))  # type: ignore[arg-type]


def ranked(*rows: tuple[str, str], top: int) -> list[tuple[Block, ...]]:
    due = tuple(Expected("sales", OCTOBER, Decimal(value), "product", member) for member, value in rows)
    return [(Block("ranked", due, {"top": top}),)]


ONE = [(Block("one", (Expected("sales", OCTOBER, Decimal("100.25")),)),)]


def test_the_exact_figure_passes() -> None:
    verdict = judge(CASE, ONE, answer(figure("100.25")), HORIZON)
    assert verdict.passed
    assert not verdict.wrong_figure


@pytest.mark.parametrize("value", ["100.26", "100", "-100.25"])
def test_another_figure_is_wrong(value: str) -> None:
    verdict = judge(CASE, ONE, answer(figure(value)), HORIZON)
    assert not verdict.measures["figures"]
    assert verdict.wrong_figure


def test_the_right_figure_must_come_first() -> None:
    verdict = judge(CASE, ONE, answer(figure("7"), figure("100.25")), HORIZON)
    assert not verdict.measures["figures"]


def test_a_refusal_of_an_answerable_question_shows_no_wrong_figure() -> None:
    verdict = judge(CASE, ONE, answer(status="no_data"), HORIZON)
    assert verdict.measures == {"status": False, "figures": False}
    assert not verdict.wrong_figure


def test_a_figure_where_a_refusal_is_due_is_wrong() -> None:
    refusal = replace(CASE, status=("no_data",), gold=None)
    assert judge(refusal, [], answer(figure("1")), HORIZON).wrong_figure
    assert judge(refusal, [], answer(status="no_data"), HORIZON).passed


def test_spans_are_compared_as_far_as_there_is_data() -> None:
    year = Span(date(2026, 1, 1), date(2026, 12, 31))
    due = [(Block("one", (Expected("sales", year, Decimal(5)),)),)]
    cut = replace(figure("5"), start=date(2026, 1, 1), end=date(2026, 10, 31))
    assert judge(CASE, due, answer(cut), HORIZON).measures["figures"]


def test_a_ranking_counts_in_order() -> None:
    due = ranked(("Pan", "9"), ("Té", "5"), top=2)
    right = [figure("9", product="Pan"), figure("5", product="Té")]
    assert judge(CASE, due, answer(*right, text="Pan"), HORIZON).measures["figures"]
    assert not judge(CASE, due, answer(*reversed(right)), HORIZON).measures["figures"]


def test_members_that_tie_may_change_places() -> None:
    due = ranked(("Pan", "9"), ("Té", "5"), ("Café", "5"), top=2)
    assert judge(CASE, due, answer(figure("9", product="Pan"), figure("5", product="Café"), text="Pan"), HORIZON).passed


def test_the_leading_name_must_be_in_the_text() -> None:
    due = ranked(("Pan", "9"), top=1)
    assert not judge(CASE, due, answer(figure("9", product="Pan"), text="Gana otro"), HORIZON).measures["names"]


def test_words_that_must_be_said_have_alternatives() -> None:
    missing = replace(CASE, status=("no_data",), gold=None, says=("stock|inventario",))
    assert judge(missing, [], answer(status="no_data", text="Sube tu inventario"), HORIZON).passed
    assert not judge(missing, [], answer(status="no_data", text="No sé"), HORIZON).passed


def test_exact_to_the_cent_and_ratios_to_nine_places() -> None:
    assert equal(Decimal("10.001"), Decimal("10.00"))
    assert not equal(Decimal("10.01"), Decimal("10.00"))
    assert not equal(Decimal("0.5001"), Decimal("0.5"))
    assert equal(Decimal("0.5000000001"), Decimal("0.5"))


def test_what_is_made_of_figures() -> None:
    held = [Decimal(120), Decimal(100)]
    assert made_of(Decimal("0.2"), held)
    assert made_of(Decimal(-20), held)
    assert not made_of(Decimal("0.3"), held)
