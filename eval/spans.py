"""Spans of days, as the case files write them and as pandas cuts them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `start` to `end`, both included."""

    start: date
    end: date


def parse_span(text: str, frame: pd.DataFrame) -> Span:
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


def clip(span: Span, frame: pd.DataFrame) -> Span:
    """The part of the span that has data at all."""
    return Span(max(span.start, frame["day"].min().date()), min(span.end, frame["day"].max().date()))


def spans_of(grain: str, span: Span) -> Iterator[Span]:
    """The spans of `grain` that touch `span`, cut to it at both ends."""
    code = {"day": "D", "week": "W-SUN", "month": "M", "quarter": "Q-DEC", "year": "Y-DEC"}[grain]
    for one in pd.period_range(span.start, span.end, freq=code):
        yield Span(max(one.start_time.date(), span.start), min(one.end_time.date(), span.end))
