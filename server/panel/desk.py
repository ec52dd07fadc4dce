"""What the boards' parts share: the month, and a few ways to ask about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from urllib.parse import urlencode

import features
from assistant import horizon
from core.db import Connection
from core.periods import Grain, Period, add_months, label
from core.tenancy import Scope
from features.query import Coverage, Query, Result
from features.targets import Target, targets
from server.panel.cards import SPARK, change_words
from server.panel.draw import Course
from server.panel.types import Block
from server.views.address import encode
from server.views.view import Chart, View

MONTHS = 25
"""Two years and the month they began with: each month of the last year beside the same one before."""

MOST_ROWS = 10


@dataclass
class Desk:
    """The month of a board, as one company's; asks once for what several parts need."""

    month: Period
    known: Coverage
    scope: Scope
    connection: Connection

    def run(self, query: Query) -> Result:
        return features.run(query, self.scope, self.connection)

    @cached_property
    def days(self) -> horizon.Span:
        """The month's days that are told: cut where it is under way, by the rule that the chat goes by."""
        have = self.known.period
        assert have is not None  # a board without data is not gathered
        full = horizon.latest_full(Grain.month, have)
        under_way = have.end < self.month.end and (full is None or full.start < self.month.start)
        period = Period(self.month.start, have.end) if under_way else self.month
        return horizon.Span(period, label(self.month), to_date=under_way, months=1)

    @property
    def under_way(self) -> bool:
        return self.days.to_date

    @cached_property
    def same_days(self) -> tuple[Period | None, Period | None]:
        """The days of the month and of the year before beside a month under way; None where they lack data."""
        have = self.known.period
        assert have is not None
        return horizon.before(self.days, have), horizon.year_before(self.days, have)

    def year_before(self, month: Period) -> Period | None:
        """The same month a year before, where the data hold it whole."""
        have = self.known.period
        return horizon.year_before(horizon.Span(month, ""), have) if have else None

    @cached_property
    def span(self) -> Period:
        return Period(add_months(self.month.start, 1 - MONTHS), self.month.end)

    def course(self, metrics: Sequence[str]) -> Result:
        """Each metric by month over two years."""
        return self.run(Query(tuple(metrics), self.span, Grain.month))

    def of(self, found: Result, metric: str, last: int | None = None) -> Course:
        """A metric's months that the data reaches, oldest first; the `last` ones."""
        first = self.known.first
        rows = [(r.period, r.value) for r in found.rows if r.metric == metric and first and r.period.end >= first]
        return rows[-last:] if last else rows

    def values(self, found: Result, metric: str) -> list[Decimal | None]:
        """A metric by month, oldest first, up to the board's. A month within which the data begins is left out: nothing
        is to be measured by it."""
        course = self.of(found, metric)
        if len(course) > 1 and self.known.period:
            second = horizon.Span(course[1][0], "")
            course = course if horizon.before(second, self.known.period) else course[1:]
        return [value for _, value in course]

    def recent(self, found: Result, metric: str) -> Course:
        return self.of(found, metric, SPARK)

    @cached_property
    def all_targets(self) -> tuple[Target, ...]:
        """Those set for the month, the company's and its parts'."""
        return tuple(t for t in targets(self.scope, self.connection) if t.period == self.month)

    @cached_property
    def targets(self) -> Mapping[str, Decimal]:
        """The company's own for the month, by metric."""
        return {t.metric: t.value for t in self.all_targets if not t.dimension}

    def shown(self, metric: str, value: Decimal | None) -> str:
        return features.shown(features.metric(metric), value, self.scope.company)

    def change(self, metric: str, value: Decimal | None, before: Decimal | None) -> str:
        """'7,8 % más', '—' where there is nothing to set it against."""
        declared = features.metric(metric)
        return change_words(features.change(value, before, declared), declared.unit)[0] or "—"

    def sources(self, metric: str, **members: str) -> str:
        """The page behind a figure of the month."""
        query = {"metric": metric, "start": self.month.start, "end": self.month.end, **members}
        return f"/fuentes?{urlencode(query)}"

    def explore(self, metrics: Sequence[str], rows: str, drawn: Chart, over: Period | None = None) -> str:
        """The same figures on the page where they can be turned about."""
        limit = None if rows in set(Grain) else MOST_ROWS
        view = View(tuple(metrics), over or self.month, rows, chart=drawn, limit=limit, order="desc" if limit else "")
        return f"/explorar?{encode(view)}"

    def lacks(self, dimension: str, id: str, title: str) -> Block | None:
        """The empty block of a dimension that the data lacks, None where it has it."""
        declared = features.dimension(dimension)
        absent = tuple(c for c in declared.needs if c not in self.known.columns)
        return Block(id, title, empty=features.need(declared, absent)) if absent else None
