"""The chart beside a figure: the spans around it, so that one number is seen in its series."""

from datetime import timedelta

from assistant.answers import charts
from assistant.answers.report import Report
from assistant.desk import Desk
from assistant.horizon import Span
from core.periods import Grain, Period, label
from features import metric as declared
from features.query import Filter, Query

_BACK = {Grain.day: 13, Grain.week: 12, Grain.month: 12, Grain.quarter: 7}
"""How many spans before the asked one are drawn: two weeks of days, a quarter of weeks, a year and a month …"""
_DAYS = 62


def window(found: Span, have: Period) -> tuple[Grain, Period]:
    """The grain and the days of the series beside `found`."""
    inside = found.period.overlap(have) or found.period
    grain = found.period.grain
    if grain in _BACK and not found.everything:
        return grain, Period(grain.after(grain.first_day(found.period.start), -_BACK[grain]), inside.end)
    if inside.days <= _DAYS and not found.everything:
        return Grain.day, inside
    return Grain.month, inside


def series(id: str, found: Span, filters: tuple[Filter, ...], desk: Desk, report: Report) -> None:
    """Draw the metric over its neighbouring spans; nothing where they are too few to say anything."""
    grain, days = window(found, desk.have)
    first = grain.first_day(max(days.start, desk.have.start))
    if first < desk.have.start - timedelta(days=3):
        first = grain.after(first)  # a first month that the data cuts would look like a bad one
    if first >= days.end:
        return
    held = Query((id,), Period(max(first, desk.have.start), days.end), grain=grain, filters=filters)
    rows = [r for r in desk.run(held).rows if r.value is not None]
    if len(rows) < 2:
        return
    query = Query((id,), held.period, filters=filters)
    only = {f.dimension: ", ".join(f.members) for f in filters if not f.exclude}
    same = [f for f in report.figures if f.metric == id and f.value is not None and f.slice == only]
    known = {(f.start, f.end): f for f in same}
    drawn = [
        known.get((r.period.start, r.period.end))
        or report.figure(query, r.value, label=label(r.period), period=r.period)
        for r in rows
    ]
    name = declared(id).name.capitalize()
    report.chart(f"{name} por {_WORDS[grain]}", charts.line(drawn, name, grain))


_WORDS = {Grain.day: "día", Grain.week: "semana", Grain.month: "mes", Grain.quarter: "trimestre", Grain.year: "año"}
