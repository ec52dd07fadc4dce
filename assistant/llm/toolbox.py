"""The tools as the model gets them: the planner's own, and search. What they bring is kept as evidence."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

import retrieval
from assistant.answers.report import Report
from assistant.desk import Desk, Knowledge
from assistant.llm.arguments import Consult, Find
from assistant.plan import Stop
from assistant.tools import BY_NAME
from assistant.tools.common import check
from core import db
from core.errors import AyniError
from core.tenancy import Scope
from retrieval import Chunk

_HITS = 6
_LONGEST = 6_000


@dataclass(slots=True)
class Toolbox:
    """Bound to one question's scope; a call opens its own short transaction, since a model thinks for seconds."""

    scope: Scope
    knowledge: Knowledge
    today: date
    report: Report = field(init=False)
    texts: list[str] = field(default_factory=list)
    chunks: dict[tuple[str, str], Chunk] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.report = Report(self.scope.company.currency)

    def consult(self, asked: Consult) -> str:
        """Carry out a plan by the planner's tools; what they say, as quoted data."""
        with db.tenant(self.scope) as connection:
            desk = Desk(self.scope, connection, self.knowledge, self.today)
            before = len(self.report.lines)
            try:
                plan = asked.plan(self.members)
                stop = check(plan, desk) if plan.intent != "definition" else None
                stop = stop or BY_NAME[plan.intent].run(plan, desk, self.report)
            except AyniError as error:
                return quoted({"error": error.spanish})
        if isinstance(stop, Stop):
            return quoted({"sin_respuesta": stop.text})
        return self._brought(self.report.lines[before:])

    def find(self, asked: Find) -> str:
        """Search the company's chunks; their texts, as quoted data."""
        with db.tenant(self.scope) as connection:
            hits = retrieval.search(asked.text, self.scope, connection, limit=_HITS, kinds=asked.kinds)
        for hit in hits:
            self.chunks[hit.chunk.kind, hit.chunk.key] = hit.chunk
        return self._brought([f"{hit.chunk.title}: {hit.chunk.text}" for hit in hits])

    @property
    def members(self) -> dict[str, tuple[str, ...]]:
        return {d: tuple(names) for d, names in self.knowledge.lexicon.names.members.items()}

    def _brought(self, lines: Sequence[str]) -> str:
        fitting = list(_fitting(lines))
        self.texts += fitting
        return quoted({"datos": fitting})


def quoted(content: object) -> str:
    """JSON between marks that nothing inside can close: what a file says stays data."""
    text = json.dumps(content, ensure_ascii=False)
    return f"<datos>{text.replace('<', chr(92) + 'u003c').replace('>', chr(92) + 'u003e')}</datos>"


def _fitting(lines: Sequence[str]) -> Iterator[str]:
    """The first lines that fit into what one call may bring; a line longer than all of it is cut."""
    left = _LONGEST
    for line in lines:
        if left <= 0:
            return
        yield line[:left]
        left -= len(line)
