"""A view's address and back, whatever it names; and what is no view is refused in Spanish."""

from datetime import date
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

import features
from core.errors import BadInput
from core.periods import Grain, Period
from features.query import Filter
from server.views import address
from server.views.view import Chart, Compare, View

YEAR = Period(date(2025, 11, 1), date(2026, 10, 31))
DIMENSIONS = [d.id for d in features.DIMENSIONS]
METRICS = list(features.METRIC_BY_ID)
DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31))
MEMBERS = st.lists(
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=40),
    min_size=1, max_size=4, unique=True,
)  # fmt: skip


@st.composite
def views(draw: st.DrawFn) -> View:
    start, end = sorted([draw(DAYS), draw(DAYS)])
    splits = st.sampled_from(["", *DIMENSIONS, *(g.value for g in Grain if g is not Grain.day)])
    which = draw(st.lists(st.tuples(st.sampled_from(DIMENSIONS), st.booleans()), max_size=4, unique=True))
    return View(
        metrics=tuple(draw(st.lists(st.sampled_from(METRICS), min_size=1, max_size=6, unique=True))),
        period=Period(start, end),
        rows=draw(splits),
        columns=draw(splits),
        filters=tuple(Filter(d, tuple(draw(MEMBERS)), exclude) for d, exclude in which),
        compare=draw(st.sampled_from(Compare)),
        chart=draw(st.sampled_from(Chart)),
        order=draw(st.sampled_from(["", "asc", "desc"])),
        limit=draw(st.none() | st.integers(1, address.MOST_ROWS)),
    )  # fmt: skip


@given(views())
def test_a_view_comes_back_from_its_address(view: View):
    assert address.decode(parse_qsl(address.encode(view), keep_blank_values=True), YEAR) == view
    assert address.decode(address.pairs(view), YEAR) == view


@given(st.lists(st.tuples(
    st.sampled_from([*address.PARTS, *DIMENSIONS, "not.branch", "company_id", "next"]) | st.text(max_size=8),
    st.text(max_size=30) | st.sampled_from(["branch", "month", "2026-10-01", "9" * 5000, "' OR 1=1 --", "\0"]),
), max_size=12))  # fmt: skip
def test_anything_else_is_a_view_or_a_plain_no(pairs: list[tuple[str, str]]):
    said = ""
    try:
        assert "\0" not in repr(address.decode(pairs, YEAR))
    except BadInput as problem:
        said = problem.message
    assert len(said) < 200


def test_what_is_left_open_is_filled_in():
    found = address.decode([("metric", ""), ("start", ""), ("rows", ""), ("branch", "")], YEAR)
    assert found == View(("sales",), YEAR)


@pytest.mark.parametrize("pairs", [
    [("metric", "drop table")], [("start", "ayer")], [("start", "2026-02-01"), ("end", "2026-01-01")],
    [("end", "9999-12-31")], [("rows", "company_id")], [("columns", "f.total")], [("compare", "siempre")],
    [("chart", "3d")], [("order", "random()")], [("limit", "0")], [("limit", "-1")], [("limit", "٣")],
    [("metric", m) for m in METRICS[:7]], [("product", str(i)) for i in range(201)],
    [("product", "x" * 301)], [("metric", "own_1")], [("rows", "day"), ("start", "1900-01-01"), ("end", "2200-01-01")],
])  # fmt: skip
def test_nonsense_is_refused_in_spanish(pairs: list[tuple[str, str]]):
    with pytest.raises(BadInput):
        address.decode(pairs, YEAR)


def test_a_name_may_be_anything():
    names = ("=1+1", "O'Higgins & Cía", "<b>", "a\0b", "ñandú; DROP TABLE x", "%_")
    found = address.decode([("branch", n) for n in names], YEAR)
    assert found.filters == (Filter("branch", tuple(n.replace("\0", "") for n in names)),)
