"""The parts of several groups, asked for in one question instead of one or more a group.

What `features.run` would answer about a group is told from its answer about all of them by pairs, and so are the
groups' own figures: each cell is still a figure of its own, and never a sum of others.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

import features
from core.db import Connection
from core.periods import Period
from core.tenancy import Scope
from features.query import Filter, Query, Result, Row, ranked
from server.views.places import Run
from server.views.view import View
from server.views.words import is_grain

MOST_WITHIN = 400
"""Members that groups are parted by. Of more, a group's biggest are asked for by themselves."""
Key = tuple[tuple[str, ...], Period]
"""Metrics and days."""


@dataclass(frozen=True, slots=True)
class Together:
    """The groups of `view` (members of its rows), parted by `within`."""

    view: View
    within: str
    groups: tuple[str, ...]
    scope: Scope
    connection: Connection
    pairs: dict[Key, Result] = field(default_factory=dict)
    wholes: dict[Key, Result] = field(default_factory=dict)

    def of(self, group: str) -> Run:
        """What answers for one of the groups."""

        def run(query: Query) -> Result:
            if query.grain is None and query.across is None and query.dimension == self.within:
                return self._parts(query, group)
            if query.grain is None and query.dimension is None:
                return self._whole(query, group)
            return features.run(query, self.scope, self.connection)

        return run

    def _parts(self, query: Query, group: str) -> Result:
        found = self._asked(query, self.pairs, self.within)
        only = [f for f in query.filters if f.dimension == self.within and f not in self.view.filters]
        rows: list[Row] = []
        for metric in query.metrics:
            some = [r for r in found.rows if r.metric == metric and r.member == group]
            rows += (replace(r, member=r.across, across="") for r in some if all(r.across in f.members for f in only))
        return replace(found, query=query, rows=_ordered(rows, query))

    def _whole(self, query: Query, group: str) -> Result:
        found = self._asked(query, self.wholes, None)
        rows = {r.metric: r for r in found.rows if r.member == group}
        told = [replace(rows[m], member="") if m in rows else _nothing(m, query) for m in query.metrics]
        return replace(found, query=query, rows=tuple(r for r in told if r.metric not in found.missing))

    def _asked(self, query: Query, known: dict[Key, Result], across: str | None) -> Result:
        key = query.metrics, query.period
        if key not in known:
            filters = (*self.view.filters, Filter(self.view.rows, self.groups))
            asked = Query(query.metrics, query.period, None, self.view.rows, filters, across=across)
            known[key] = features.run(asked, self.scope, self.connection)
        return known[key]


def fits(view: View, within: str, scope: Scope, connection: Connection) -> bool:
    """Whether the groups of `view` can be asked for together: members by members, not too many, of figures of the
    sales."""
    if view.columns or any(is_grain(s) for s in (view.rows, within)) or within == "customer":
        return False
    declared = {d.id for d in features.DIMENSIONS}
    if not {view.rows, within} <= declared or not set(view.metrics) <= {m.id for m in features.METRICS}:
        return False
    members = Query(("sales",), view.period, None, within, view.filters, "desc", MOST_WITHIN + 1)
    return len(features.run(members, scope, connection).rows) <= MOST_WITHIN


def _ordered(rows: Sequence[Row], query: Query) -> tuple[Row, ...]:
    """As `features.run` orders and cuts the members of one dimension. Pure."""
    first = [r for r in rows if r.metric == query.metrics[0]]
    assert query.dimension is not None  # only parts are ordered
    natural = {member: i for i, member in enumerate(features.dimension(query.dimension).order)}
    members = [r.member for r in ranked(first, query.order or "desc", lambda r: r.value, lambda r: r.member)]
    if query.order is None:
        members.sort(key=lambda m: natural.get(m, len(natural)))
    place = {member: i for i, member in enumerate(members[: query.limit])}
    kept = [r for r in rows if r.member in place]
    metrics = {metric: i for i, metric in enumerate(query.metrics)}
    return tuple(sorted(kept, key=lambda r: (metrics[r.metric], place[r.member])))


def _nothing(metric: str, query: Query) -> Row:
    """The figure of days on which the group sold nothing."""
    value = Decimal(0) if features.metric(metric).empty_is_zero else None
    return Row(metric, query.period, "", value, 0)
