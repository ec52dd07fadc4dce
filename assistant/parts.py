"""What an answer is made of: a closed union of parts that every channel renders, and the fold into one JSON answer."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal

Status = Literal["answered", "clarify", "no_data", "out_of_scope", "refused"]
CitationKind = Literal["metric", "benchmark", "macro", "insight", "forecast", "upload", "definition"]


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked. `as_of` stands for today; `conversation` is the thread it belongs to."""

    text: str
    conversation: str | None = None
    channel: str = "api"
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of the answer's text (Markdown: bold, lists, tables). Pieces are joined as they come."""

    text: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One exact figure, unrounded, in the metric's unit. `slice` maps dimension ids to members."""

    id: str
    metric: str
    label: str
    value: Decimal | None
    unit: str
    start: date
    end: date
    slice: dict[str, str]
    citation: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A Vega-Lite spec with its data inline."""

    title: str
    spec: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a figure comes from: its definition, period, filters and source rows in a sentence, and a page."""

    id: str
    kind: CitationKind
    title: str
    excerpt: str
    href: str


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A natural next question, as the owner would type it."""

    text: str


@dataclass(frozen=True, slots=True)
class Understood:
    """How the question was read; `period` has start, end and label, `compare` likewise or None."""

    intent: str
    metrics: tuple[str, ...] = ()
    period: dict[str, str] | None = None
    compare: dict[str, str] | None = None
    dimension: str | None = None
    filters: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """The last part: how it ended. `verified` says that every figure in the text was checked against the evidence."""

    status: Status
    planner: Literal["rules", "llm"] = "rules"
    verified: bool = True


Part = Text | Figure | Chart | Citation | FollowUp | Understood | Outcome


@dataclass(slots=True)
class Answer:
    """All parts of one answer, collected."""

    status: Status = "answered"
    text: str = ""
    understood: Understood | None = None
    figures: list[Figure] = field(default_factory=list)
    charts: list[Chart] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    follow_ups: list[str] = field(default_factory=list)
    planner: str = "rules"
    verified: bool = True
    took_ms: float = 0

    def add(self, part: Part) -> None:
        match part:
            case Text():
                self.text += part.text
            case Figure():
                self.figures.append(part)
            case Chart():
                self.charts.append(part)
            case Citation():
                self.citations.append(part)
            case FollowUp():
                self.follow_ups.append(part.text)
            case Understood():
                self.understood = part
            case Outcome():
                self.status, self.planner, self.verified = part.status, part.planner, part.verified

    def json(self) -> dict[str, Any]:
        """The answer as the API, the command line and the evaluation see it."""
        read = asdict(self.understood) if self.understood else asdict(Understood(intent="unknown"))
        return {
            "status": self.status,
            "text": self.text.strip(),
            "understood": read,
            "figures": [_figure(f) for f in self.figures],
            "charts": [asdict(c) for c in self.charts],
            "citations": [asdict(c) for c in self.citations],
            "follow_ups": self.follow_ups,
            "planner": self.planner,
            "verified": self.verified,
            "took_ms": round(self.took_ms, 1),
        }


async def collect(parts: AsyncIterator[Part]) -> Answer:
    """Fold a stream into one answer, for channels that don't stream."""
    answer = Answer()
    async for part in parts:
        answer.add(part)
    return answer


def fold_parts(parts: Iterable[Part]) -> Answer:
    """The same, of parts already there."""
    answer = Answer()
    for part in parts:
        answer.add(part)
    return answer


def _figure(figure: Figure) -> dict[str, Any]:
    value = figure.value
    return {
        "id": figure.id,
        "metric": figure.metric,
        "label": figure.label,
        "value": None if value is None else (int(value) if value == value.to_integral_value() else float(value)),
        "unit": figure.unit,
        "period": {"start": figure.start.isoformat(), "end": figure.end.isoformat()},
        "slice": figure.slice,
        "citation": figure.citation,
    }
