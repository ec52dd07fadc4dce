"""Judging one answer against what is due: pure, no database, nothing of how the answer was made."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from assistant.parts import Answer, Figure
from core.language import fold
from eval.case import REFUSALS, Case
from eval.gold import Block, Expected
from eval.spans import Span

CENT = Decimal("0.005")
RATIO = Decimal("1e-9")
UNKNOWN = "(sin "
"""How the member under which lines without a name are counted begins."""
Readings = Sequence[tuple[Block, ...]]


@dataclass(frozen=True, slots=True)
class Horizon:
    """The days that have data and are not after the asking: spans are compared as far as they lie in it."""

    first: date
    last: date

    def cut(self, start: date, end: date) -> Span:
        if end < self.first or start > self.last:
            return Span(start, end)
        return Span(max(start, self.first), min(end, self.last))


@dataclass(slots=True)
class Verdict:
    """`measures` are True, False, or absent where they don't apply; `notes` say what was expected instead."""

    case: Case
    measures: dict[str, bool] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    wrong_figure: bool = False
    """A figure was shown that is not the one due."""
    took_ms: float = 0.0

    @property
    def passed(self) -> bool:
        return all(self.measures.values())

    def judge(self, measure: str, good: bool, note: str = "") -> None:
        self.measures[measure] = self.measures.get(measure, True) and good
        if not good and note:
            self.notes.append(f"{measure}: {note}")


def judge(case: Case, readings: Readings, answer: Answer, horizon: Horizon) -> Verdict:
    """Status, metric, period, figures and names of `answer`."""
    verdict = Verdict(case, took_ms=answer.took_ms)
    allowed = answer.status in case.status
    verdict.judge("status", allowed, f"{answer.status}, expected {' or '.join(case.status)}")
    for words in case.says:
        said = any(fold(word) in fold(answer.text) for word in words.split("|"))
        verdict.judge("says", said or answer.status not in case.status, f"nothing of {words!r} in the text")
    _reading(case, answer, verdict)
    if answer.status in REFUSALS:
        if case.answerable and not allowed:
            verdict.judge("figures", False, "refused an answerable question")
    elif not case.answerable:
        verdict.wrong_figure = case.refusal and bool(answer.figures)
    else:
        _figures(case, readings, answer, horizon, verdict)
    if case.refusal:
        verdict.judge("refusal", allowed)
    return verdict


def _figures(case: Case, readings: Readings, answer: Answer, horizon: Horizon, verdict: Verdict) -> None:
    exact = [reading for reading in readings if matches(reading, answer.figures, horizon)]
    verdict.judge("figures", bool(exact), f"{_shown(answer.figures)}; expected {_due(readings)}")
    verdict.wrong_figure = bool(answer.figures) and not exact
    metrics = {block.rows[0].metric for reading in readings for block in reading if block.rows}
    read = answer.understood
    verdict.judge("metric", read is not None and bool(metrics & set(read.metrics)), f"read {read and read.metrics}")
    spans = {horizon.cut(b.rows[0].span.start, b.rows[0].span.end) for r in readings for b in r if b.kind == "one"}
    if spans and not any("pick" in str(spec) for spec in [case.gold]):
        period = read.period if read else None
        shown = period and horizon.cut(date.fromisoformat(period["start"]), date.fromisoformat(period["end"]))
        verdict.judge("period", shown in spans, f"read {period and (period['start'], period['end'])}")
    names = [b.rows[0].member for b in (exact[0] if exact else ()) if b.kind in ("ranked", "members") and b.rows]
    for name in names:
        verdict.judge("names", named(name, answer.text), f"{name!r} is not in the text")


def _reading(case: Case, answer: Answer, verdict: Verdict) -> None:
    read = answer.understood
    for key, due in case.reads.items():
        got = getattr(read, key, None) if read else None
        verdict.judge("reading", got == due, f"{key} is {got!r}, expected {due!r}")


def matches(reading: tuple[Block, ...], figures: Sequence[Figure], horizon: Horizon) -> bool:
    """Whether the figures hold every block, the first one first."""
    if not figures or not all(holds(block, figures, horizon) for block in reading):
        return False
    first = reading[0]
    if first.kind != "one":
        return True
    due = [row.value for row in first.rows if row.value is not None]
    value = figures[0].value  # a question of growth is answered with the change first
    return same(figures[0], first.rows[0], horizon) or (len(due) > 1 and value is not None and made_of(value, due))


def holds(block: Block, figures: Sequence[Figure], horizon: Horizon) -> bool:
    """Whether the figures hold this block."""
    rows = block.rows
    match block.kind:
        case "one":
            return all(any(same(f, row, horizon) for f in figures) for row in rows)
        case "derived":
            return any(equal(f.value, rows[0].value) for f in figures)
        case "ranked":
            return _ranked(block, _of(rows, figures), horizon)
        case "members":
            shown = _of(rows, figures)
            shown = [f for f in shown if not _member(f, rows).startswith(UNKNOWN)]
            due = {folded(row.member): row for row in rows}
            right = all(folded(_member(f, rows)) in due for f in shown) and all(
                same(f, due[folded(_member(f, rows))], horizon) for f in shown
            )
            held = {folded(_member(f, rows)) for f in shown}
            return right and all(folded(row.member) in held for row in rows[:5])
        case "series":
            return all(any(same(f, row, horizon) for f in figures) for row in rows)
        case "all":
            return _exactly(rows, figures, horizon)
    raise ValueError(f"unknown kind of block {block.kind!r}")


def _ranked(block: Block, shown: list[Figure], horizon: Horizon) -> bool:
    """The first ones in order; members that tie may change places."""
    count = min(int(block.filters["top"]), len(block.rows))
    if len(shown) < count:
        return False
    for place, figure in enumerate(shown[:count]):
        value = block.rows[place].value
        tied = [row for row in block.rows if row.value == value]
        if not any(
            same(figure, row, horizon) and folded(row.member) == folded(_member(figure, block.rows)) for row in tied
        ):
            return False
    return count > 0


def _exactly(rows: Sequence[Expected], figures: Sequence[Figure], horizon: Horizon) -> bool:
    """Every one that lies beyond the mark, and none that doesn't."""
    if rows and rows[0].dimension:
        figures = [f for f in _of(rows, figures) if not _member(f, rows).startswith(UNKNOWN)]
        due = {folded(row.member): row for row in rows}
        told = {folded(_member(f, rows)): f for f in figures}
        return set(due) == set(told) and all(same(told[name], row, horizon) for name, row in due.items())
    figures = [f for f in figures if not rows or f.metric == rows[0].metric]
    return len(figures) == len(rows) and all(any(same(f, row, horizon) for f in figures) for row in rows)


def _of(rows: Sequence[Expected], figures: Sequence[Figure]) -> list[Figure]:
    if not rows:
        return []
    shown: dict[str, Figure] = {}
    for figure in figures:  # a member's share or change may follow its value
        member = figure.slice.get(rows[0].dimension)
        if member is not None and figure.metric == rows[0].metric:
            shown.setdefault(member, figure)
    return list(shown.values())


def _member(figure: Figure, rows: Sequence[Expected]) -> str:
    return figure.slice.get(rows[0].dimension, "")


def same(figure: Figure, row: Expected, horizon: Horizon) -> bool:
    """The same metric over the same days with the same value."""
    return (
        figure.metric == row.metric
        and horizon.cut(figure.start, figure.end) == horizon.cut(row.span.start, row.span.end)
        and equal(figure.value, row.value)
    )


def equal(shown: Decimal | None, due: Decimal | None) -> bool:
    """Exact to the cent; ratios to nine places."""
    if shown is None or due is None:
        return shown is due
    gap = abs(shown - due)
    return gap <= RATIO if abs(due) <= 1 else gap < CENT


def made_of(value: Decimal, figures: Sequence[Decimal]) -> bool:
    """Whether `value` is a difference, a change or a share of two of the figures, or of one and their sum."""
    whole = sum(figures, Decimal(0))
    for a in figures:
        if whole and equal(value, a / whole):
            return True
        for b in figures:
            if equal(value, a - b) or (b and (equal(value, (a - b) / b) or equal(value, a / b))):
                return True
    return False


def folded(name: str) -> str:
    return fold(name).replace("_", " ")


def named(name: str, text: str) -> bool:
    return folded(name) in folded(text)


def _shown(figures: Sequence[Figure]) -> str:
    if not figures:
        return "no figures"
    parts = [f"{f.metric} {f.start}..{f.end} {f.slice or ''} = {f.value}" for f in figures[:3]]
    return f"{'; '.join(parts)} ({len(figures)} figures)"


def _due(readings: Readings) -> str:
    told = []
    for reading in readings[:4]:
        rows = [row for block in reading for row in block.rows[:2]]
        kinds = "+".join(block.kind for block in reading)
        told.append(
            kinds + " " + ", ".join(f"{r.metric} {r.span.start}..{r.span.end} {r.member} = {r.value}" for r in rows[:3])
        )
    return " | ".join(told) + (" | …" if len(readings) > 4 else "")
