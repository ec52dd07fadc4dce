"""Gold figures by plain pandas over the raw files: what an answer must say, computed a second way.

A gold expression, as the case files write it:

    {metric: sales, period: 2026-10}                                  one figure
    {…, filter: {branch: Talca}, exclude: {channel: Delivery}}         of those lines only
    {…, by: product, top: 5, order: asc}                              a ranking, in order (top: 1, who leads)
    {…, by: branch}                                                   a breakdown: each member's figure
    {…, by: product, above: 500000}                                   those over a mark (`below`: under it), in order;
                                                                      with `grain` in place of `by`: those spans
    {…, grain: month, pick: max}                                      the best span, with `pick: min` the worst
    {…, grain: month}                                                 a series: one figure a span
    {…, share: {branch: Talca}}                                       that part's share of the whole
    {…, versus: 2026-09}                                              two figures: the period, then the other one
    {…, versus: 2026-09, delta: true}                                 their difference
    {…, per: day, over: open}                                         the average per span; `open`, of days with
                                                                      sales; `whole`, of spans that are complete
    {…, of: transactions}                                             the metric divided by another
    {around: real, period: 2026-05}                                   with prices, rates and peers: eval/around.py
    {any: [expression, …]}                                            any of these is right

A list in place of a metric, period or dimension names readings of which any is right (with the words used in the
question one cannot tell); a list of expressions wants all of them, in that order.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import product as combinations
from typing import Any

import pandas as pd

from eval import around
from eval.measured import Frame, members, ratio, select, value, within
from eval.spans import Span, clip, parse_span, spans_of

Spec = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Expected:
    """One gold figure. `member` is the ranked or broken-down member, under `dimension`."""

    metric: str
    span: Span
    value: Decimal | None
    dimension: str = ""
    member: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """Figures that belong together. `kind`: one, ranked (order counts), members (any order), series, all (these
    and no other), derived (a ratio or an average made of figures: its metric is not compared)."""

    kind: str
    rows: tuple[Expected, ...]
    filters: dict[str, Any] = field(default_factory=dict)


def readings(gold: Spec | list[Spec], frame: Frame, as_of: date) -> list[tuple[Block, ...]]:
    """The acceptable readings of `gold`, each the blocks that an answer must hold, in order."""
    known = until(frame, as_of)
    if isinstance(gold, dict) and "any" in gold:
        return [reading for one in gold["any"] for reading in readings(one, known, as_of)]
    specs = gold if isinstance(gold, list) else [gold]
    return list(combinations(*([block(one, known) for one in _alternatives(spec)] for spec in specs)))


def until(frame: Frame, as_of: date) -> Frame:
    """What is known on `as_of`: nothing of the future."""
    return frame[frame["day"] <= pd.Timestamp(as_of)]


def _alternatives(spec: Spec) -> Iterator[Spec]:
    keys = [k for k in ("metric", "period", "by", "versus", "grain", "over", "of") if isinstance(spec.get(k), list)]
    for values in combinations(*(spec[k] for k in keys)):
        yield {**spec, **dict(zip(keys, values, strict=True))}


def block(spec: Spec, frame: Frame) -> Block:
    """One expression without alternatives, evaluated on `frame`."""
    if "around" in spec:
        amount = around.value(spec, frame, parse_span(str(spec.get("period", "all")), frame))
        return Block(
            "derived", (Expected(str(spec.get("metric", "sales")), parse_span(str(spec["period"]), frame), amount),)
        )
    metric, filters = str(spec["metric"]), spec.get("filter", {})
    span = parse_span(str(spec.get("period", "all")), frame)
    lines = select(frame, filters, spec.get("exclude", {}))
    if "by" in spec:
        return _by(spec, metric, lines, span)
    if "grain" in spec:
        return _series(spec, metric, lines, span)
    if "share" in spec:
        part = value(metric, select(lines, spec["share"], {}), span)
        whole = value(metric, lines, span)
        return Block("derived", (Expected(metric, span, ratio(part, whole)),), {**filters, **spec["share"]})
    if "of" in spec:
        quotient = ratio(value(metric, lines, span), value(str(spec["of"]), lines, span))
        return Block("derived", (Expected(metric, span, quotient),), filters)
    if "per" in spec:
        return Block("derived", (_average(spec, metric, lines, span),), filters)
    rows = [Expected(metric, span, value(metric, lines, span))]
    if "versus" in spec:
        other = parse_span(str(spec["versus"]), frame)
        rows.append(Expected(metric, other, value(metric, lines, other)))
    if "delta" in spec:
        gap = (rows[0].value or Decimal(0)) - (rows[1].value or Decimal(0))
        return Block("derived", (Expected(metric, span, gap),), filters)
    return Block("one", tuple(rows), filters)


def _average(spec: Spec, metric: str, lines: Frame, span: Span) -> Expected:
    held = clip(span, lines)
    spans = list(spans_of(str(spec["per"]), held))
    count = len(spans)
    if spec.get("over") == "open":
        count = within(lines, span)["day"].nunique()
    if spec.get("over") == "whole":
        whole = [one for one in spans if one in set(spans_of(str(spec["per"]), _padded(span)))]
        held, count = Span(whole[0].start, whole[-1].end), len(whole)
    return Expected(metric, held, ratio(value(metric, lines, held), Decimal(count)))


def _padded(span: Span) -> Span:
    """The span with what surrounds it, so that none of its own spans is cut."""
    return Span(span.start - timedelta(days=366), span.end + timedelta(days=366))


def _by(spec: Spec, metric: str, lines: Frame, span: Span) -> Block:
    dimension, down = str(spec["by"]), spec.get("order", "desc") == "desc"
    found = members(metric, dimension, lines, span)
    rows = [Expected(metric, span, v, dimension, m) for m, v in found.items() if v is not None]
    rows.sort(key=lambda r: ((-1 if down else 1) * (r.value or Decimal(0)), r.member))
    if beyond(spec):
        rows = marked(spec, rows)
        return Block("all", tuple(rows), spec.get("filter", {}))
    top = spec.get("top")
    if top is None:
        return Block("members", tuple(rows), spec.get("filter", {}))
    cut = [r for r in rows[:top] if r.value is not None]
    ties = [r for r in rows[top:] if cut and r.value == cut[-1].value]
    return Block("ranked", tuple(cut + ties), {**spec.get("filter", {}), "top": top})


def _series(spec: Spec, metric: str, lines: Frame, span: Span) -> Block:
    rows = [Expected(metric, s, value(metric, lines, s)) for s in spans_of(str(spec["grain"]), clip(span, lines))]
    if beyond(spec):
        return Block("all", tuple(marked(spec, rows)), spec.get("filter", {}))
    pick = spec.get("pick")
    if pick is None:
        return Block("series", tuple(rows), spec.get("filter", {}))
    held = [r for r in rows if r.value is not None and not within(lines, r.span).empty]
    best = (max if pick == "max" else min)(held, key=lambda r: r.value or Decimal(0))
    return Block("one", (best,), spec.get("filter", {}))


def beyond(spec: Spec) -> bool:
    """Whether only what lies over or under a mark is wanted."""
    return "above" in spec or "below" in spec


def marked(spec: Spec, rows: list[Expected]) -> list[Expected]:
    """Those strictly over, or strictly under, the mark."""
    over, under = Decimal(str(spec.get("above", "-Infinity"))), Decimal(str(spec.get("below", "Infinity")))
    return [row for row in rows if row.value is not None and over < row.value < under]
