"""Which rows and columns a table has, and what was already told of them on the way. By `features.run` alone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

import features
from core.db import Connection
from core.periods import Grain, Period
from core.tenancy import Scope
from features.catalog.types import Dimension, Metric
from features.query import Query
from server.views.calendar import crossing
from server.views.view import View
from server.views.words import is_grain

MOST_ROWS = 1_000
MOST_ACROSS = 24
MOST_SPANS_ACROSS = 62

Member = str | Period
Cells = dict[tuple[Member, Member, str], Decimal | None]
"""Values by row, column ('' is the total over them) and metric."""
Run = Callable[[Query], features.Result]
"""`features.run`, or who has asked it for several tables at once."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a view comes to once the data is known: the days it covers and those it is compared with."""

    view: View
    metrics: tuple[Metric, ...]
    period: Period
    before: Period | None
    coverage: Period
    scope: Scope
    connection: Connection
    across: Sequence[Member] | None = None
    """The columns to show, where they are known."""
    runner: Run | None = None

    def run(self, query: Query) -> features.Result:
        return self.runner(query) if self.runner else features.run(query, self.scope, self.connection)

    @property
    def grain(self) -> Grain | None:
        return next((Grain(s) for s in (self.view.rows, self.view.columns) if is_grain(s)), None)

    def whole(self, member: Member) -> Member:
        """A span as it is called: '2026', though the data ends within it."""
        if not isinstance(member, Period) or self.grain is None:
            return member
        if crossed := crossing(self.view):
            return crossed.whole(member)
        return Period(member.start, min(Period.of(self.grain, member.start).end, self.view.period.end))

    def query(self, period: Period, dimension: str = "", grain: Grain | None = None) -> Query:
        return Query(tuple(m.id for m in self.metrics), period, grain, dimension or None, self.view.filters)


@dataclass(slots=True)
class Places:
    """The rows and columns to show, what is left out, and the totals that were told in finding them."""

    rows: list[Member] = field(default_factory=list)
    across: list[Member] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    told: Cells = field(default_factory=dict)


def find(asked: Asked) -> Places:
    """Rows and columns of the view over its period."""
    found = Places()
    _rows(asked, found)
    if asked.view.columns:
        _across(asked, found)
    return found


def _rows(asked: Asked, found: Places) -> None:
    view = asked.view
    most = min(view.limit or MOST_ROWS, MOST_ROWS)
    if not view.rows:
        found.rows = [""]
        return
    if not is_grain(view.rows):
        members, told, note = _members(asked, view.rows, most, view.order)
        found.rows = members
        found.told |= {(member, "", metric): value for (member, metric), value in told.items()}
        found.notes += note
        return
    spans: list[Member] = [s for s in asked.period.spans(Grain(view.rows)) if s.overlap(asked.coverage)]
    if view.order:
        one = replace(asked.query(asked.period, grain=Grain(view.rows)), metrics=(asked.metrics[0].id,))
        values = {r.period: r.value for r in asked.run(one).rows}
        sign = 1 if view.order == "asc" else -1
        spans.sort(key=lambda s: _rank(values.get(s) if isinstance(s, Period) else None, sign))
    found.rows = spans[:most]
    if len(spans) > most:
        found.notes.append(f"Muestro {most} filas de {len(spans)}; el total es de todas.")


def _rank(value: Decimal | None, sign: int) -> tuple[bool, Decimal]:
    return value is None, sign * (value or Decimal(0))


def _across(asked: Asked, found: Places) -> None:
    view = asked.view
    if asked.across is not None:
        found.across = list(asked.across)
        return
    if is_grain(view.columns):
        spans: list[Member] = [s for s in asked.period.spans(Grain(view.columns)) if s.overlap(asked.coverage)]
        if len(spans) > MOST_SPANS_ACROSS:
            most = f"En columnas caben {MOST_SPANS_ACROSS}: muestro las últimas. El total es de todo el período."
            found.notes.append(most)
        found.across = spans[-MOST_SPANS_ACROSS:]
        return
    members, told, note = _members(asked, view.columns, MOST_ACROSS)
    found.across = members
    found.told |= {("", member, metric): value for (member, metric), value in told.items()}
    found.notes += note


def _members(
    asked: Asked, dimension: str, most: int, order: str = ""
) -> tuple[list[Member], dict[tuple[Member, str], Decimal | None], list[str]]:
    """The members to show, in the order asked (naturally where the dimension has one), their values, and what is left
    out."""
    declared = features.dimension(dimension)
    query = asked.query(asked.period, dimension)
    if order or not declared.order:
        query = replace(query, order="asc" if order == "asc" else "desc", limit=most + 1)
    rows = asked.run(query).rows
    members: list[Member] = list(dict.fromkeys(r.member for r in rows))
    note = [_left_out(declared, most, order)] if len(members) > most else []
    kept = members[:most]
    return kept, {(r.member, r.metric): r.value for r in rows if r.member in set(kept)}, note


def _left_out(dimension: Dimension, most: int, order: str) -> str:
    """'De las sucursales muestro las 10 primeras; el total es de todas.'"""
    end, article = ("as", "las") if dimension.feminine else ("os", "los")
    which = f"últim{end}" if order == "asc" else f"primer{end}"
    shown = f"{article} {most} {which}" if most > 1 else "una sola" if dimension.feminine else "uno solo"
    return f"De {article} {dimension.plural} muestro {shown}; el total es de tod{end}."
