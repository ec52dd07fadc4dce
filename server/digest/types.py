"""What a summary says, before it is an e-mail, a PDF or a page: plain data, each figure with where it comes from."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from assistant.citations import encode
from core.periods import Period
from core.tenancy import Company
from features.query import Query
from server.digest.editions import TEMPLATES, Edition

Tone = Literal["good", "bad", "neutral"]


@dataclass(frozen=True, slots=True)
class Fact:
    """One exact figure: the query that gives it, its value, and how it is written. `page` is where one opens that is
    none of the company's own lines, a percentile; its query is then only what it is of, and when."""

    label: str
    query: Query
    value: Decimal
    shown: str
    page: str = ""

    @property
    def href(self) -> str:
        return self.page or encode(self.query)


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
class Cell:
    """One cell of a sheet: a figure that opens, a change with its tone, or '' where there is nothing to say."""

    shown: str
    fact: Fact | None = None
    tone: Tone = "neutral"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table of the month's closing: a row a name, `head` over its columns (the first one is the names')."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]


@dataclass(frozen=True, slots=True)
class Digest:
    """`full` has all there is; `quiet` is one line, since nothing matters, and is not sent; `stale` asks for newer
    data, once; `empty` has never had any and is not sent either."""

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
    sheets: tuple[Sheet, ...] = ()
    facts: tuple[Fact, ...] = ()
    """Figures of the lead and of `watch` that stand in no card and no story."""
    peer_facts: tuple[Fact, ...] = ()
    """The percentiles that `peers` tells."""
    stale_since: str = ""
    """For `stale`: the last day with data, so that one and the same silence is told once."""
    logo: bytes | None = None
    """The company's own, a PNG."""

    @property
    def key(self) -> str:
        """What is sent once to each reader: the edition, or the silence since a day."""
        return f"stale-{self.stale_since}" if self.kind == "stale" else self.edition.id

    @property
    def titled(self) -> str:
        """What kind of summary it is: 'resumen semanal', 'cierre de mes'."""
        name = TEMPLATES[self.edition.template]
        return name if self.edition.template == "closing" else f"resumen {name}"

    @property
    def listed(self) -> tuple[Fact, ...]:
        """Those that paper lists at its end: a table's open where they stand."""
        tabled = {(c.fact.href, c.fact.label) for s in self.sheets for _, cells in s.rows for c in cells if c.fact}
        return tuple(f for f in self.cited if (f.href, f.label) not in tabled)

    @property
    def cited(self) -> tuple[Fact, ...]:
        """All figures, each once."""
        strip = tuple(f for k in self.kpis for f in (k.fact, *(v.fact for v in k.versus)))
        sheets = (c.fact for s in self.sheets for _, cells in s.rows for c in cells if c.fact)
        every = (*self.facts, *strip, *(f for s in self.stories for f in s.facts), *self.peer_facts, *sheets)
        return tuple({(f.href, f.label): f for f in every}.values())
