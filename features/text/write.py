"""Choosing what is told, and handing it to the index. Bounded: a few hundred chunks, some two thousand at most."""

from collections.abc import Iterable

import retrieval
from core.db import Connection
from core.periods import Grain, Period
from core.tenancy import Scope
from features.coverage import coverage
from features.engine import run
from features.own import metrics
from features.query import Query
from features.text.definitions import definitions
from features.text.figures import Series, changes, ranking, series, values
from features.text.quality import notes
from retrieval.chunk import Chunk

KINDS = ("metric", "definition", "quality")
HEADLINES = (
    "sales", "transactions", "average_ticket", "units", "gross_profit", "gross_margin", "active_customers",
    "new_customers", "retention_rate", "returns", "discount",
)  # fmt: skip
MEMBERS = {"branch": 12, "channel": 8, "category": 12, "product": 15}
"""How many members of each dimension are told month by month."""
RANKED = ("branch", "channel", "category", "product", "seller", "payment_method", "weekday", "hour")
MONTHS, MEMBER_MONTHS, WEEKS = 36, 14, 10


def write(scope: Scope, connection: Connection) -> int:
    """Index the company's text anew and drop what no longer holds; returns how many chunks there are."""
    return replace(KINDS, chunks(scope, connection), scope, connection)


def replace(kinds: Iterable[str], chunks: Iterable[Chunk], scope: Scope, connection: Connection) -> int:
    """Make `chunks` all that is told of these kinds."""
    told = list(chunks)
    retrieval.index(told, scope, connection)
    for kind in kinds:
        keys = {c.key for c in told if c.kind == kind}
        rows = connection.execute(
            "SELECT key FROM chunks WHERE company_id = %s AND kind = %s", [scope.company_id, kind]
        )
        stale = [row[0] for row in rows if row[0] not in keys]
        if stale:
            retrieval.remove(kind, scope, connection, stale)
    return len(told)


def chunks(scope: Scope, connection: Connection) -> Iterable[Chunk]:
    """Everything that is told of the company now."""
    covered = coverage(scope, connection)
    yield from definitions(metrics(scope, connection))
    yield from notes(covered, scope, connection)
    if covered.period is not None:
        yield from _whole(covered.period, scope, connection)
        yield from _members(covered.period, scope, connection)
        yield from _rankings(covered.period, scope, connection)


def _whole(covered: Period, scope: Scope, connection: Connection) -> Iterable[Chunk]:
    for grain, most in ((Grain.month, MONTHS), (Grain.year, 10), (Grain.week, WEEKS)):
        metrics = HEADLINES if grain is not Grain.week else ("sales", "transactions", "average_ticket")
        # The spans before the first one told are read for what they are compared with.
        before = {Grain.month: 13, Grain.year: 1, Grain.week: 53}[grain]
        period = _latest(covered, grain, most + before)
        since = _latest(covered, grain, most).start
        for one in series(run(Query(metrics, period, grain), scope, connection).rows):
            yield from (c for c in values(one, covered, scope.company) if c.period_start and c.period_start >= since)
            if grain is not Grain.week:
                yield from changes(one, covered, scope.company, since)


def _members(covered: Period, scope: Scope, connection: Connection) -> Iterable[Chunk]:
    period = _latest(covered, Grain.month, MEMBER_MONTHS + 12)
    since = _latest(covered, Grain.month, MEMBER_MONTHS).start
    for dimension, most in MEMBERS.items():
        query = Query(("sales",), period, Grain.month, dimension, (), "desc", most)
        for one in series(run(query, scope, connection).rows, dimension):
            yield from (c for c in values(one, covered, scope.company) if c.period_start and c.period_start >= since)
            yield from changes(one, covered, scope.company, since)


def _rankings(covered: Period, scope: Scope, connection: Connection) -> Iterable[Chunk]:
    for dimension in RANKED:
        for grain, most in ((Grain.month, MEMBER_MONTHS), (Grain.year, 5)):
            period = _latest(covered, grain, most)
            rows = run(Query(("sales",), period, grain, dimension), scope, connection).rows
            many: list[Series] = series(rows, dimension)
            for span in period.spans(grain):
                told = ranking(many, span, covered, scope.company)
                if told is not None:
                    yield told


def _latest(covered: Period, grain: Grain, most: int) -> Period:
    """The last `most` whole spans that the data reaches."""
    last = Period.of(grain, covered.end)
    first = max(Period.of(grain, covered.start).start, grain.after(last.start, 1 - most))
    return Period(first, last.end)
