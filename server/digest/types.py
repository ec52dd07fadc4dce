"""What a summary says, before it is an e-mail, a PDF or a page: plain data, each figure with where it comes from."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from assistant.citations import encode
from core.periods import Period
from core.tenancy import Company
from features.query import Query
from server.digest.editions import Edition

Tone = Literal["good", "bad", "neutral"]


@dataclass(frozen=True, slots=True)
class Fact:
    """One exact figure: the query that gives it, its value, and how it is written."""

    label: str
    query: Query
    value: Decimal
    shown: str

    @property
    def href(self) -> str:
        return encode(self.query)


@dataclass(frozen=True, slots=True)
class Versus:
    """A change against another span: '+7,8 %' 'semana anterior', and whether that is good."""

    fact: Fact
    shown: str
    than: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class Kpi:
    """A figure of the span, what it is compared with, and the spans before it, oldest first."""

    fact: Fact
    versus: tuple[Versus, ...]
    course: tuple[tuple[Period, Decimal | None], ...]


@dataclass(frozen=True, slots=True)
class Story:
    """Something worth knowing of `period`: a title with its figure, one line of why, one of what to do, and what to
    ask the chat about it."""

    period: Period
    title: str
    why: str
    todo: str
    facts: tuple[Fact, ...]
    ask: str
    chart: dict[str, Any] | None = None
    chart_says: str = ""


@dataclass(frozen=True, slots=True)
class Digest:
    """`full` has all there is; `quiet` is one line, since nothing matters; `stale` asks for newer data, once;
    `empty` has never had any and is not sent."""

    kind: Literal["full", "quiet", "stale", "empty"]
    edition: Edition
    company: Company
    subject: str
    lead: str
    note: str = ""
    kpis: tuple[Kpi, ...] = ()
    stories: tuple[Story, ...] = ()
    peers: tuple[str, ...] = ()
    peers_note: str = ""
    winds: tuple[str, ...] = ()
    watch: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    """Figures of the lead and of `watch` that stand in no card and no story."""
    stale_since: str = ""
    """For `stale`: the last day with data, so that one and the same silence is told once."""

    @property
    def key(self) -> str:
        """What is sent once to each reader: the edition, or the silence since a day."""
        return f"stale-{self.stale_since}" if self.kind == "stale" else self.edition.id

    @property
    def cited(self) -> tuple[Fact, ...]:
        """All figures, each once."""
        strip = tuple(f for k in self.kpis for f in (k.fact, *(v.fact for v in k.versus)))
        every = (*self.facts, *strip, *(f for s in self.stories for f in s.facts))
        return tuple({(f.href, f.label): f for f in every}.values())
