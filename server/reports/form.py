"""A report as the fields of a form, and back. Pure; whatever was typed comes back as something that can be shown:
what is too long is cut, what nobody offers is left out.

title, span, start, end, and `block` once for each block in order. Of block b1: b1.chart, b1.title, b1.metric (up to
four), b1.rows (up to two, the second within the first), b1.columns, b1.span, b1.compare, b1.order, b1.limit, b1.text,
`b1.filter` once for each filter (0, 1 …); of filter 0: b1.0.dimension, b1.0.mode (only | not), b1.0.member once for
each member.
"""

import re
from collections.abc import Iterable
from datetime import date
from typing import Literal

from server.reports import spans
from server.reports.spec import (
    LONGEST_MEMBER,
    LONGEST_TEXT,
    LONGEST_TITLE,
    MOST_BLOCKS,
    MOST_FILTERS,
    MOST_MEMBERS,
    MOST_METRICS,
    MOST_ROWS,
    UNTITLED,
    Block,
    Draft,
    Only,
    Spec,
)
from server.views.view import Chart, Compare

Pairs = list[tuple[str, str]]
_NAME = re.compile(r"[a-z0-9_]{1,60}")
_ID = re.compile(r"[a-z0-9]{1,12}")


def fields(draft: Draft) -> Pairs:
    """The form's names and values."""
    spec = draft.spec
    found = [("title", draft.title), ("span", spec.span.value)]
    found += [(k, v.isoformat()) for k, v in (("start", spec.start), ("end", spec.end)) if v]
    for block in spec.blocks:
        found += [("block", block.id), *_block_fields(block)]
    return found


def draft(pairs: Iterable[tuple[str, str]]) -> Draft:
    """What the fields say."""
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        given.setdefault(name, []).append(value.replace("\0", "").replace("\r\n", "\n"))
    ids = [i for i in dict.fromkeys(given.get("block", ())) if _ID.fullmatch(i)][:MOST_BLOCKS]
    kind = _one(given, "span")
    spec = Spec(
        span=_span(kind) or spans.Kind.last_month,
        start=_day(_one(given, "start")),
        end=_day(_one(given, "end")),
        blocks=tuple(_block(given, i) for i in ids),
    )
    return Draft(title=" ".join(_one(given, "title").split())[:LONGEST_TITLE] or UNTITLED, spec=spec)


def new_id(draft: Draft) -> str:
    """An id that no block of the report has."""
    taken = {b.id for b in draft.spec.blocks}
    return next(f"b{n}" for n in range(1, MOST_BLOCKS + 2) if f"b{n}" not in taken)


def _block_fields(block: Block) -> Pairs:
    at = block.id
    found = [
        (f"{at}.chart", block.chart.value),
        (f"{at}.title", block.title),
        *((f"{at}.metric", m) for m in block.metrics),
        (f"{at}.rows", block.rows),
        (f"{at}.rows", block.within),
        (f"{at}.columns", block.columns),
        (f"{at}.span", block.span.value if block.span else ""),
        (f"{at}.compare", block.compare.value),
        (f"{at}.order", block.order),
        (f"{at}.limit", str(block.limit or "")),
        (f"{at}.text", block.text),
    ]
    for n, only in enumerate(block.filters):
        found += [
            (f"{at}.filter", str(n)),
            (f"{at}.{n}.dimension", only.dimension),
            (f"{at}.{n}.mode", "not" if only.exclude else "only"),
            *((f"{at}.{n}.member", m) for m in only.members),
        ]
    return found


def _block(given: dict[str, list[str]], at: str) -> Block:
    metrics = [m for m in dict.fromkeys(given.get(f"{at}.metric", ())) if _NAME.fullmatch(m)]
    rows = [r for r in dict.fromkeys(given.get(f"{at}.rows", ())) if r and _NAME.fullmatch(r)] + ["", ""]
    chart, span = _one(given, f"{at}.chart"), _one(given, f"{at}.span")
    compare, order = _one(given, f"{at}.compare"), _one(given, f"{at}.order")
    limit = _one(given, f"{at}.limit").strip()
    ordered: Literal["", "asc", "desc"] = "asc" if order == "asc" else "desc" if order == "desc" else ""
    return Block(
        id=at,
        chart=Chart(chart) if chart in Chart.__members__ else Chart.bar,
        title=" ".join(_one(given, f"{at}.title").split())[:LONGEST_TITLE],
        metrics=tuple(metrics[:MOST_METRICS]),
        rows=rows[0],
        within=rows[1],
        columns=_name(_one(given, f"{at}.columns")),
        filters=tuple(_filters(given, at)),
        span=_span(span),
        compare=Compare(compare) if compare in Compare.__members__ else Compare.none,
        order=ordered,
        limit=min(MOST_ROWS, max(1, int(limit))) if re.fullmatch(r"[0-9]{1,6}", limit) else None,
        text=_one(given, f"{at}.text")[:LONGEST_TEXT],
    )


def _filters(given: dict[str, list[str]], at: str) -> list[Only]:
    found = []
    for n in dict.fromkeys(given.get(f"{at}.filter", ())):
        dimension = _name(_one(given, f"{at}.{n}.dimension"))
        members = [m for m in dict.fromkeys(given.get(f"{at}.{n}.member", ())) if 0 < len(m) <= LONGEST_MEMBER]
        if dimension:
            exclude = _one(given, f"{at}.{n}.mode") == "not"
            found.append(Only(dimension=dimension, members=tuple(members[:MOST_MEMBERS]), exclude=exclude))
    return found[:MOST_FILTERS]


def _one(given: dict[str, list[str]], name: str) -> str:
    return given[name][0] if given.get(name) else ""


def _name(text: str) -> str:
    return text if _NAME.fullmatch(text) else ""


def _span(text: str) -> spans.Kind | None:
    return spans.Kind(text) if text in spans.Kind.__members__ else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
