"""What every answer must hold, whatever was asked: sources that open, charts and text that say what the figures say."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import accumulate
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

import features
import ingest
from assistant.parts import Answer, Citation, Figure
from core.db import Connection
from core.errors import NotFound
from core.periods import Period
from core.tenancy import Scope
from eval import measured
from eval.measured import Frame
from eval.score import UNKNOWN, Verdict, equal, made_of
from eval.spans import Span, previous
from features.query import Filter, Query

MADE = ("_change", "_difference", "_share")
"""What the names of figures that are made of two others end with."""
SOURCES = "/fuentes"
UPLOAD = "/datos/"


def citations(answer: Answer, verdict: Verdict, scope: Scope, connection: Connection) -> None:
    """Every figure has a citation, and every citation opens onto what it names."""
    known = {citation.id for citation in answer.citations}
    for figure in answer.figures:
        verdict.judge("citations", figure.citation in known, f"figure {figure.id} cites {figure.citation!r}")
    for citation in answer.citations:
        problem = _closed(citation, scope, connection)
        verdict.judge("citations", not problem, f"{citation.href}: {problem}")


def _closed(citation: Citation, scope: Scope, connection: Connection) -> str:
    """Why the citation can't be opened, or ''."""
    if not citation.title or not citation.excerpt:
        return "it says nothing"
    if citation.href.startswith(SOURCES):
        query = query_of(citation.href)
        if query is None:
            return "its address names no metric or no days"
        found = features.sources(query, scope, connection)
        value = features.run(query, scope, connection).value()
        return "" if found.lines or not value else "no line is behind it"
    if citation.href.startswith(UPLOAD):
        try:
            ingest.upload(scope, UUID(citation.href.removeprefix(UPLOAD)), connection)
        except (NotFound, ValueError):
            return "no such upload"
    return ""


def query_of(href: str) -> Query | None:
    """The slice behind a source's address: `/fuentes?metric&start&end&<dimension>&not.<dimension>`."""
    pairs = parse_qsl(urlsplit(href).query)
    said = dict(pairs)
    if not {"metric", "start", "end"} <= set(said) or said["metric"] not in features.METRIC_BY_ID:
        return None
    members: dict[str, list[str]] = {}
    for name, member in pairs:
        if name.removeprefix("not.") in features.DIMENSION_BY_ID:
            members.setdefault(name, []).append(member)
    filters = tuple(Filter(n.removeprefix("not."), tuple(m), n.startswith("not.")) for n, m in members.items())
    return Query((said["metric"],), Period(*(date.fromisoformat(said[k]) for k in ("start", "end"))), filters=filters)


def figures(answer: Answer, verdict: Verdict, frame: Frame) -> None:
    """Every figure shown, computed again from the raw file by its citation's own slice; what is made of figures (a
    difference, a change, a share) is made again of what the file gives over the spans that the answer speaks of."""
    hrefs = {citation.id: citation.href for citation in answer.citations}
    for figure in answer.figures:
        query = query_of(hrefs.get(figure.citation, ""))
        if query is None or figure.value is None:
            continue
        lines = _lines(figure, query, frame)
        base = query.metrics[0]
        if lines is None or figure.metric not in (base, *(base + made for made in MADE)):
            continue
        due = measured.value(base, lines, Span(figure.start, figure.end))
        good = equal(figure.value, due) if figure.metric == base else _made(figure, base, lines, frame, answer)
        verdict.wrong_figure |= not good
        told = f"{figure.label}: {figure.metric} {figure.slice} = {figure.value}, by the file {due}"
        verdict.judge("recomputed", good, told)


def _lines(figure: Figure, query: Query, frame: Frame) -> Frame | None:
    """The file's lines behind a figure; None where the file can't tell them."""
    for one in query.filters:
        if one.dimension not in frame:
            return None
        hit = frame[one.dimension].isin(one.members)
        frame = frame[~hit if one.exclude else hit]
    for dimension, member in figure.slice.items():
        if dimension not in frame:
            return None
        if not any(one.dimension == dimension and not one.exclude for one in query.filters):
            frame = frame[frame[dimension] == ("" if member.startswith(UNKNOWN) else member)]
    return frame


def _made(figure: Figure, metric: str, lines: Frame, frame: Frame, answer: Answer) -> bool:
    """Whether a difference, change or share follows from the file."""
    assert figure.value is not None
    values = [value for span in _spans(answer) if (value := measured.value(metric, lines, span)) is not None]
    span = Span(figure.start, figure.end)
    wholes = [measured.value(metric, frame, span), *(f.value for f in answer.figures)]
    if made_of(figure.value, [*values, *(whole for whole in wholes if whole)]):
        return True
    return any(equal(figure.value, share) for share in _concentration(metric, lines, span, answer))


def _spans(answer: Answer) -> set[Span]:
    """The spans that an answer speaks of, and those before them."""
    read = answer.understood
    told = [p for p in ((read.period, read.compare) if read else ()) if p]
    spans = {Span(date.fromisoformat(p["start"]), date.fromisoformat(p["end"])) for p in told if "start" in p}
    spans |= {Span(figure.start, figure.end) for figure in answer.figures}
    return spans | {previous(span) for span in spans}


def _concentration(metric: str, lines: Frame, span: Span, answer: Answer) -> Iterator[Decimal]:
    """The shares that the first member, the first two, … make up together."""
    dimension = answer.understood.dimension if answer.understood else None
    if dimension is None or dimension not in lines:
        return
    values = sorted((v for v in measured.members(metric, dimension, lines, span).values() if v), reverse=True)
    for whole in (sum(values), measured.value(metric, lines, span)):
        for share in accumulate(values):
            yield share / whole if whole else Decimal(0)


def charts(answer: Answer, verdict: Verdict) -> None:
    """Every figure that a chart draws has the figure's value: none is drawn otherwise."""
    for chart in answer.charts:
        drawn = list(_drawn(chart.spec))
        shown = [figure.value for figure in answer.figures if figure.value is not None]
        verdict.judge("chart", bool(drawn), "nothing is drawn")
        for number in drawn:
            near = any(abs(float(value) - number) <= max(1e-9 * abs(number), 1e-9) for value in shown)
            verdict.judge("chart", near, f"draws {number}, which is none of the figures")


def _drawn(spec: dict[str, Any]) -> Iterator[float]:
    """The numbers of the quantitative fields of the inline data."""
    fields = set(_quantitative(spec))
    for row in spec.get("data", {}).get("values", []):
        yield from (float(row[name]) for name in fields if isinstance(row.get(name), int | float))


def _quantitative(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if node.get("type") == "quantitative" and "field" in node:
            yield str(node["field"])
        for inner in node.values():
            yield from _quantitative(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from _quantitative(inner)


_AMOUNT = re.compile(
    r"(?<!sobre )(?<!bajo )(?<!bajan de )(?<!suben de )\$\s?(\d[\d.]*(?:,\d+)?)(?:\s(millones|millón|mil)\b)?"
)
_SCALES = {"": Decimal(1), "mil": Decimal(1000), "millón": Decimal(1_000_000), "millones": Decimal(1_000_000)}


def text(answer: Answer, verdict: Verdict) -> None:
    """Every amount of money in the text is a figure, rounded as written, or the difference of two; a bound that the
    question sets is none."""
    values = [figure.value for figure in answer.figures if figure.value is not None]
    if not values:
        return
    due = {abs(v) for v in values} | {abs(a - b) for a in values for b in values}
    for digits, scale in _AMOUNT.findall(answer.text):
        said = Decimal(digits.replace(".", "").replace(",", "."))
        places = len(digits.partition(",")[2])
        half = _SCALES[scale] * Decimal(5).scaleb(-places - 1)
        near = any(abs(value - said * _SCALES[scale]) <= half for value in due)
        verdict.judge("text", near, f"says ${digits} {scale}, which is none of the figures")
