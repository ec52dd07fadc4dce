"""An answer being written: text, figures with their citations, charts. Every number said has its figure here."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from assistant.answers.wording import exact, of_query, unit_of
from assistant.citations import encode
from assistant.parts import Chart, Citation, CitationKind, Figure, FollowUp, Outcome, Part, Status, Text, Understood
from core.periods import Period
from features import metric as declared
from features.query import Query


@dataclass(slots=True)
class Report:
    """Collects the parts of one answer in the order they are said."""

    currency: str
    status: Status = "answered"
    lines: list[str] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    charts: list[Chart] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    follow_ups: list[str] = field(default_factory=list)
    understood: Understood | None = None
    cited: Query | None = None
    """The query behind the first figure, for 'de dónde sale ese número'."""
    facts: list[str] = field(default_factory=list)
    """Texts whose numbers may be said without being figures: dates, spans, names."""

    def say(self, line: str) -> None:
        if line:
            self.lines.append(line)

    def note(self, line: str) -> None:
        """Say what was assumed or is missing; the days it names need no figure."""
        self.say(line)
        self.facts.append(line)

    def cite(self, query: Query) -> str:
        """The citation of `query`, made once."""
        href = encode(query)
        known = next((c.id for c in self.citations if c.href == href), None)
        if known:
            return known
        id = f"c{len(self.citations) + 1}"
        one = declared(query.metrics[0])
        self.citations.append(Citation(id, "metric", one.name.capitalize(), of_query(query), href))
        self.cited = self.cited or query
        return id

    def cite_other(self, kind: CitationKind, title: str, excerpt: str, href: str) -> str:
        """The citation of what is no metric of the company's own: a macro series, a benchmark."""
        known = next((c.id for c in self.citations if (c.kind, c.title) == (kind, title)), None)
        if known:
            return known
        id = f"c{len(self.citations) + 1}"
        self.citations.append(Citation(id, kind, title, excerpt, href))
        return id

    def figure(
        self,
        query: Query,
        value: Decimal | None,
        *,
        label: str = "",
        slice: dict[str, str] | None = None,
        period: Period | None = None,
        unit: str = "",
        kind: str = "",
        citation: str = "",
    ) -> Figure:
        """One figure resting on `query`'s first metric; `kind` names what was made of it (change, share …) and
        `citation` what it rests on besides, where that is no line of the company's."""
        one = declared(query.metrics[0])
        span = period or query.period
        made = Figure(
            f"f{len(self.figures) + 1}",
            f"{one.id}_{kind}" if kind else one.id,
            label or one.name,
            value,
            unit or unit_of(one, self.currency),
            span.start,
            span.end,
            {**_slice(query), **(slice or {})},
            citation or self.cite(query),
        )
        self.figures.append(made)
        return made

    def told(self, figure: Figure) -> str:
        return exact(figure.value, figure.unit)

    def chart(self, title: str, spec: dict[str, Any]) -> None:
        self.charts.append(Chart(title, spec))

    def parts(self, verified: bool) -> list[Part]:
        """The answer as the stream of parts that a channel renders."""
        made: list[Part] = [self.understood] if self.understood else []
        made.append(Text("\n\n".join(self.lines)))
        made += [*self.figures, *self.charts, *self.citations]
        made += [FollowUp(f) for f in dict.fromkeys(self.follow_ups)][:4]
        made.append(Outcome(self.status, "rules", verified))
        return made


def _slice(query: Query) -> dict[str, str]:
    return {f.dimension: ", ".join(f.members) for f in query.filters if not f.exclude}
