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

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import product as combinations
from typing import Any

import pandas as pd

from eval import around
from eval.raw import SCALE

Frame = pd.DataFrame
Spec = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `start` to `end`, both included."""

    start: date
    end: date


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


def select(frame: Frame, filters: Spec, exclude: Spec) -> Frame:
    """The lines whose members are among those of every filter and of no exclusion."""
    for dimension, wanted in filters.items():
        frame = frame[frame[dimension].isin(_list(wanted))]
    for dimension, unwanted in exclude.items():
        frame = frame[~frame[dimension].isin(_list(unwanted))]
    return frame


def within(frame: Frame, span: Span) -> Frame:
    """The lines of the span; a frame is in order of its days."""
    days = frame["day"].to_numpy()
    first = days.searchsorted(pd.Timestamp(span.start).to_datetime64(), side="left")
    last = days.searchsorted(pd.Timestamp(span.end).to_datetime64(), side="right")
    return frame.iloc[first:last]


def members(metric: str, dimension: str, frame: Frame, span: Span) -> dict[str, Decimal | None]:
    """The metric for each member of `dimension` with lines in the span; a line without a name belongs to none."""
    here = within(frame, span)
    names = [m for m in here[dimension].dropna().unique() if m != ""]
    return {str(m): value(metric, frame[frame[dimension] == m], span) for m in names}


def value(metric: str, frame: Frame, span: Span) -> Decimal | None:
    """One metric over the lines of `frame` in the span; customers' histories see the lines before it too."""
    here = within(frame, span)
    sold = here[here["quantity"] > 0] if "quantity" in here else here[here["total"] > 0]
    match metric:
        case "sales":
            return _sum(here, "total")
        case "units":
            return _sum(here, "quantity")
        case "transactions":
            return Decimal(_orders(sold))
        case "average_ticket":
            return ratio(_sum(here, "total"), Decimal(_orders(sold)))
        case "units_per_transaction":
            return ratio(_sum(here, "quantity"), Decimal(_orders(sold)))
        case "average_price":
            return ratio(_sum(here, "total"), _sum(here, "quantity"))
        case "cost":
            return _sum(here, "cost")
        case "gross_profit":
            return _sum(here, "total") - _sum(here, "cost")
        case "gross_margin":
            return ratio(_sum(here, "total") - _sum(here, "cost"), _sum(here, "total"))
        case "discount":
            return _sum(here, "discount")
        case "discount_rate":
            return ratio(_sum(here, "discount"), _sum(here, "total") + _sum(here, "discount"))
        case "returns":
            return _sum(sold, "total") - _sum(here, "total")
        case "return_rate":
            return ratio(_sum(sold, "total") - _sum(here, "total"), _sum(sold, "total"))
        case _:
            return _customers(metric, frame, sold, here, span)


def _customers(metric: str, frame: Frame, sold: Frame, here: Frame, span: Span) -> Decimal | None:
    active = _people(sold)
    before = _people(_sales(frame[frame["day"] < pd.Timestamp(span.start)]))
    match metric:
        case "active_customers":
            return Decimal(len(active))
        case "new_customers":
            return Decimal(len(active - before))
        case "returning_customers":
            return Decimal(len(active & before))
        case "sales_per_customer":
            return ratio(_sum(_named(here), "total"), Decimal(len(active)))
        case "purchase_frequency":
            return ratio(Decimal(_orders(_named(sold))), Decimal(len(active)))
        case "repurchase_rate":
            orders = _named(sold).groupby("customer", observed=True)["order"].nunique()
            return ratio(Decimal(int((orders > 1).sum())), Decimal(len(active)))
        case "customer_lifetime_value":
            ever = _named(frame[frame["day"] <= pd.Timestamp(span.end)])
            return ratio(_sum(ever[ever["customer"].isin(active)], "total"), Decimal(len(active)))
        case "retention_rate" | "churn_rate":
            last = _people(_sales(within(frame, previous(span))))
            kept = ratio(Decimal(len(last & active)), Decimal(len(last)))
            return kept if metric == "retention_rate" or kept is None else 1 - kept
    raise ValueError(f"no gold for the metric {metric!r}")


def _sales(frame: Frame) -> Frame:
    return frame[frame["quantity"] > 0] if "quantity" in frame else frame[frame["total"] > 0]


def _named(frame: Frame) -> Frame:
    return frame[frame["customer"].fillna("") != ""]


def _people(frame: Frame) -> set[str]:
    return set(_named(frame)["customer"])


def _orders(sold: Frame) -> int:
    return int(sold["order"].nunique()) if "order" in sold else len(sold)


def _sum(frame: Frame, column: str) -> Decimal:
    return Decimal(int(frame[column].sum())) / SCALE


def ratio(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    return part / whole if part is not None and whole else None


def _list(wanted: Any) -> list[str]:
    return [str(w) for w in wanted] if isinstance(wanted, list) else [str(wanted)]


# Spans, as the case files write them.


def parse_span(text: str, frame: Frame) -> Span:
    """'2026', '2026-10', '2026-Q3', '2026-H1', '2026-W43', '2026-10-03', 'A..B' of any of these, or 'all'."""
    if text == "all":
        return Span(frame["day"].min().date(), frame["day"].max().date())
    if ".." in text:
        first, last = text.split("..")
        return Span(parse_span(first, frame).start, parse_span(last, frame).end)
    if match := re.fullmatch(r"(\d{4})-W(\d{2})", text):
        monday = date.fromisocalendar(int(match[1]), int(match[2]), 1)
        return Span(monday, monday + timedelta(days=6))
    if match := re.fullmatch(r"(\d{4})-([QH])(\d)", text):
        months = 3 if match[2] == "Q" else 6
        first_month = (int(match[3]) - 1) * months + 1
        return _months(int(match[1]), first_month, months)
    if re.fullmatch(r"\d{4}", text):
        return _months(int(text), 1, 12)
    if match := re.fullmatch(r"(\d{4})-(\d{2})", text):
        return _months(int(match[1]), int(match[2]), 1)
    day = date.fromisoformat(text)
    return Span(day, day)


def _months(year: int, month: int, count: int) -> Span:
    after = year * 12 + month - 1 + count
    return Span(date(year, month, 1), date(after // 12, after % 12 + 1, 1) - timedelta(days=1))


def previous(span: Span) -> Span:
    """The span before: of as many whole months, of the week before, or of as many days."""
    after = span.end + timedelta(days=1)
    if span.start.day == 1 and after.day == 1:
        count = (after.year - span.start.year) * 12 + after.month - span.start.month
        first = span.start.year * 12 + span.start.month - 1 - count
        return _months(first // 12, first % 12 + 1, count)
    days = (span.end - span.start).days + 1
    return Span(span.start - timedelta(days=days), span.start - timedelta(days=1))


def clip(span: Span, frame: Frame) -> Span:
    """The part of the span that has data at all."""
    return Span(max(span.start, frame["day"].min().date()), min(span.end, frame["day"].max().date()))


def spans_of(grain: str, span: Span) -> Iterator[Span]:
    """The spans of `grain` that touch `span`, cut to it at both ends."""
    code = {"day": "D", "week": "W-SUN", "month": "M", "quarter": "Q-DEC", "year": "Y-DEC"}[grain]
    for one in pd.period_range(span.start, span.end, freq=code):
        yield Span(max(one.start_time.date(), span.start), min(one.end_time.date(), span.end))
