"""Answer parts become Markdown that fetches nothing and properties that the elements draw."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.parts import Chart, Citation, Figure, FollowUp, Outcome, Part, Text, fold_parts
from chat_ui import render

SPEC: dict[str, Any] = {"mark": "bar", "data": {"values": [{"url": "es un dato", "v": 1}]}, "encoding": {}}


def source(href: str = "/fuentes?metric=sales") -> Citation:
    return Citation("c1", "metric", "Ventas", "Suma de 2.318 líneas.", href)


def parts(*extra: Part) -> list[Part]:
    figure = Figure("f1", "sales", "ventas", Decimal(1), "CLP", date(2026, 10, 1), date(2026, 10, 31), {}, "c1")
    return [Text("**$1** en octubre."), figure, *extra, Outcome("answered")]


def test_all_that_is_drawn_travels_in_the_properties() -> None:
    answer = fold_parts(parts(Chart("Ventas", SPEC), source(), FollowUp("¿Y en septiembre?")))
    drawn = render.properties(answer)
    assert drawn is not None
    assert drawn["charts"] == [{"title": "Ventas", "spec": SPEC}]
    assert drawn["citations"][0]["href"] == "/fuentes?metric=sales"
    assert drawn["followUps"] == ["¿Y en septiembre?"]
    assert json.loads(json.dumps(drawn)) == drawn


def test_an_answer_of_text_alone_draws_nothing() -> None:
    assert render.properties(fold_parts(parts())) is None


def test_the_same_follow_up_is_offered_once() -> None:
    drawn = render.properties(fold_parts(parts(*[FollowUp("¿Y antes?")] * 2, *[FollowUp(f"p{i}") for i in range(9)])))
    assert drawn is not None
    assert drawn["followUps"] == ["¿Y antes?", "p0", "p1", "p2"]


@pytest.mark.parametrize(
    "spec",
    [
        {"data": {"url": "https://example.org/x.csv"}},
        {"layer": [{"mark": "bar"}, {"data": {"url": "/fuentes"}}]},
        {"encoding": {"href": {"field": "a"}}},
        {"transform": [{"lookup": "a", "from": {"data": {"url": "x"}}}]},
    ],
)
def test_a_chart_that_would_fetch_is_not_drawn(spec: dict[str, Any]) -> None:
    assert not render.is_self_contained(Chart("Malo", spec))
    assert render.properties(fold_parts(parts(Chart("Malo", spec)))) is None


def test_a_column_named_url_is_only_data() -> None:
    assert render.is_self_contained(Chart("Bueno", SPEC))


@pytest.mark.parametrize("href", ["https://example.org", "//example.org", "javascript:alert(1)", "/\\example.org", "x"])
def test_a_source_leads_nowhere_but_here(href: str) -> None:
    assert render.citation(source(href))["href"] == ""


@given(st.text())
def test_no_text_becomes_a_picture_or_a_directive(text: str) -> None:
    shown = render.markdown(text)
    assert "![" not in shown
    assert plain(shown) == plain(text)


def plain(text: str) -> str:
    for written, meant in (("!\\[", "!["), ("\\]\\(", "]("), ("\\]\\[", "]["), ("\\:", ":")):
        text = text.replace(written, meant)
    return text


@pytest.mark.parametrize("to", ["https://example.org", "//example.org", "/\\example.org", "javascript:alert(1)", "x"])
def test_a_name_leads_nowhere_but_here(to: str) -> None:
    assert "](" not in render.markdown(f"[Pan amasado]({to})")
    assert "][" not in render.markdown(f"[Pan amasado][1] [1]{to}")
    assert render.markdown("[Ver la carga](/datos/1)") == "[Ver la carga](/datos/1)"


@given(st.text())
def test_marking_twice_is_marking_once(text: str) -> None:
    assert render.markdown(render.markdown(text)) == render.markdown(text)


def test_figures_and_times_stay_as_they_are() -> None:
    said = "**$8.412.350** (+7,8\u00a0%), entre 12:30 y 13:00: mejor."
    assert render.markdown(said) == said


def test_a_sign_is_never_parted_from_its_figure_by_the_end_of_a_line() -> None:
    assert render.markdown("Talca (−$141 mil, −4,1 %)") == "Talca (−\u2060$141 mil, −\u20604,1\u00a0%)"
