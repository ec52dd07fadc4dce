"""A report and the fields of its form say the same; what nobody offers is left out; the buttons change the draft."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInput
from server.reports import form, text
from server.reports.actions import apply
from server.reports.spans import Kind
from server.reports.spec import MOST_BLOCKS, MOST_FILTERS, UNTITLED, Block, Draft, Only, Spec
from server.reports.templates import TEMPLATES
from server.views.view import Chart, Compare

NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,20}", fullmatch=True)
LINES = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp", "Zs"]), max_size=20)
MEMBERS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), min_size=1, max_size=20)
FILTERS = st.builds(
    Only, dimension=NAMES, members=st.lists(MEMBERS, max_size=4, unique=True).map(tuple), exclude=st.booleans()
)
BLOCKS = st.builds(
    Block,
    id=st.from_regex(r"[a-z0-9]{1,12}", fullmatch=True),
    chart=st.sampled_from(Chart),
    title=LINES,
    metrics=st.lists(NAMES, max_size=4, unique=True).map(tuple),
    rows=st.one_of(st.just(""), NAMES),
    columns=st.one_of(st.just(""), NAMES),
    filters=st.lists(FILTERS, max_size=3).map(tuple),
    span=st.one_of(st.none(), st.sampled_from(Kind)),
    compare=st.sampled_from(Compare),
    order=st.sampled_from(["", "asc", "desc"]),
    limit=st.one_of(st.none(), st.integers(1, 1000)),
    text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=60),
)
NESTED = st.tuples(BLOCKS, NAMES).map(
    lambda t: t[0].model_copy(update={"within": t[1]}) if t[0].rows not in ("", t[1]) else t[0]
)
SPECS = st.builds(
    Spec,
    span=st.sampled_from(Kind),
    start=st.one_of(st.none(), st.dates(date(1990, 1, 1), date(2100, 1, 1))),
    end=st.one_of(st.none(), st.dates(date(1990, 1, 1), date(2100, 1, 1))),
    blocks=st.lists(
        st.one_of(BLOCKS, NESTED.filter(lambda b: b.rows != b.within)), max_size=4, unique_by=lambda b: b.id
    ).map(tuple),
)
DRAFTS = st.builds(Draft, title=LINES.map(lambda t: t or UNTITLED), spec=SPECS)


@given(DRAFTS)
def test_what_is_written_into_the_form_is_read_from_it(draft: Draft) -> None:
    assert form.draft(form.fields(draft)) == draft
    assert Spec.model_validate_json(draft.spec.model_dump_json()) == draft.spec


KEYS = st.sampled_from(
    [
        "title",
        "span",
        "start",
        "block",
        "b1.chart",
        "b1.metric",
        "b1.limit",
        "b1.filter",
        "b1.0.dimension",
        "b1.0.member",
    ]
)


@given(st.lists(st.tuples(KEYS, st.text(max_size=400)), max_size=30))
def test_whatever_is_sent_something_can_be_shown(pairs: list[tuple[str, str]]) -> None:
    draft = form.draft([("block", "b1"), ("block", "<b>"), *pairs])
    assert "\0" not in draft.model_dump_json()
    assert all(b.id == "b1" or b.id.isalnum() for b in draft.spec.blocks)


def test_what_nobody_offers_is_left_out() -> None:
    sent = [
        ("title", "  "), ("span", "ayer"), ("start", "2026-13-01"), ("block", "b1"), ("block", "b1"),
        ("b1.metric", "sales; drop"), ("b1.metric", "sales"), ("b1.metric", "sales"), ("b1.rows", "../x"),
        ("b1.limit", "99999"), ("b1.chart", "volcano"), ("b1.compare", "god"), ("b1.title", "x" * 500),
    ]  # fmt: skip
    draft = form.draft(sent)
    assert (draft.title, draft.spec.span, draft.spec.start) == (UNTITLED, Kind.last_month, None)
    [block] = draft.spec.blocks
    assert (block.metrics, block.rows, block.limit, block.chart) == (("sales",), "", 1000, Chart.bar)
    assert len(block.title) == 120


def draft_of(*ids: str) -> Draft:
    return Draft(spec=Spec(blocks=tuple(Block(id=i) for i in ids)))


def ids(draft: Draft) -> list[str]:
    return [b.id for b in draft.spec.blocks]


def test_buttons() -> None:
    draft = draft_of("b1", "b2", "b3")
    assert ids(apply(draft, "up:b3")[0]) == ["b1", "b3", "b2"]
    assert ids(apply(draft, "up:b1")[0]) == ["b1", "b2", "b3"]
    assert ids(apply(draft, "down:b1")[0]) == ["b2", "b1", "b3"]
    copied, about = apply(draft, "copy:b1")
    assert (ids(copied), about) == (["b1", "b4", "b2", "b3"], "b4")
    assert apply(draft, "remove:b2") == (draft_of("b1", "b3"), "b3")
    assert apply(draft_of("b1"), "remove:b1") == (draft_of(), "")
    added, about = apply(draft_of("b2"), "add:heatmap")
    assert (about, added.spec.blocks[-1].chart) == ("b1", Chart.heatmap)
    for nothing in ("fly:b1", "up:b9", "add:volcano", "", ":::", "unfilter:b1:x", "filter:b1"):
        assert apply(draft, nothing)[0] == draft
    filtered, _ = apply(draft, "filter:b1", "branch")
    assert filtered.spec.blocks[0].filters == (Only(dimension="branch"),)
    assert apply(filtered, "filter:b1", "branch")[0] == filtered
    assert apply(filtered, "unfilter:b1:0")[0] == draft


def test_there_is_an_end_to_blocks_and_filters() -> None:
    full = draft_of(*(f"b{n}" for n in range(MOST_BLOCKS)))
    for action in ("add:bar", "copy:b1"):
        with pytest.raises(BadInput):
            apply(full, action)
    draft = draft_of("b1")
    for n in range(MOST_FILTERS):
        draft, _ = apply(draft, "filter:b1", f"d{n}")
    with pytest.raises(BadInput):
        apply(draft, "filter:b1", "another")


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda t: t.id)
def test_templates_pass_through_the_form(template) -> None:
    assert form.draft(form.fields(template.draft)) == template.draft


def test_text_has_few_marks_and_the_rest_is_text() -> None:
    said = "## Título\nUno **dos** <b>tres</b>\ncuatro\n- a\n- **b**\n\n**sin cerrar"
    pieces = text.parse(said)
    assert [p.kind for p in pieces] == ["title", "paragraph", "list", "paragraph"]
    assert [(r.text, r.strong) for r in pieces[1].lines[0]] == [
        ("Uno ", False), ("dos", True), (" <b>tres</b> cuatro", False),
    ]  # fmt: skip
    assert text.plain(said) == "Título\n\nUno dos <b>tres</b> cuatro\n\n• a\n\n• b\n\n**sin cerrar"


@given(st.text(max_size=200))
def test_no_text_is_lost(said: str) -> None:
    kept = "".join(r.text for p in text.parse(said) for line in p.lines for r in line)
    for word in said.replace("**", " ").split():
        assert word.strip("-# ") in kept.replace("**", "") or word.startswith(("-", "#"))
