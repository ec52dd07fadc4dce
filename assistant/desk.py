"""Where tools work: one question's scope, connection and clock, and what is known of the company. IO lives here."""

import re
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from threading import Lock

import features
from assistant.books import RESULT_SAID, SAID, Spent
from assistant.grammar_words import grammar
from assistant.horizon import known
from assistant.names import ORDER, Names
from assistant.read import Lexicon, own_names
from assistant.words.canonical import words
from core.db import Connection
from core.language import fold
from core.periods import Period
from core.tenancy import Scope
from features import measures, own
from features.catalog.books import EXPENSES, RESULT, STOCK
from features.catalog.registry import words as ways
from features.catalog.types import Metric
from features.query import Coverage, Filter, Query, Result

_COLUMN = {
    "product": "product_id", "category": "category", "branch": "store_id", "channel": "channel_id",
    "customer": "customer_id", "seller": "seller", "payment_method": "payment_method", "city": "city",
    "country": "country",
}  # fmt: skip
_KEPT = 64
MOST_SPENT = 200


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What a company's data holds, as of one version of it."""

    coverage: Coverage
    lexicon: Lexicon
    own: tuple[Metric, ...] = ()
    """What it can ask for beyond the catalog: figures of its other books, and its own metrics."""
    spent: tuple[Spent, ...] = ()


@dataclass(slots=True)
class Desk:
    """The scope is bound here, by the one door; no tool takes it as an argument."""

    scope: Scope
    connection: Connection
    knowledge: Knowledge
    today: date
    channel: str = ""
    """The way by which the question came."""
    _seen: dict[Query, Result] = field(default_factory=dict)

    @property
    def coverage(self) -> Coverage:
        return known(self.knowledge.coverage, self.today)

    @property
    def have(self) -> Period:
        period = self.coverage.period
        assert period is not None  # tools run only after the period was fitted to the data
        return period

    @property
    def currency(self) -> str:
        return self.scope.company.currency

    def run(self, query: Query) -> Result:
        """The values of `query`, each looked up once a question."""
        if query not in self._seen:
            self._seen[query] = features.run(query, self.scope, self.connection)
        return self._seen[query]

    def lapsed(self, earlier: Period, quiet: Period, filters: tuple[Filter, ...], limit: int) -> features.Lapsed:
        """Customers who bought in `earlier` and not in `quiet`."""
        return features.lapsed(earlier, quiet, filters, self.scope, self.connection, limit)

    def lacks(self, metric: str) -> tuple[str, ...]:
        """The absent columns that keep `metric` from being answered."""
        return tuple(c for c in features.metric(metric).needs if c not in self.coverage.columns)

    def lacks_dimension(self, dimension: str) -> tuple[str, ...]:
        return tuple(c for c in features.dimension(dimension).needs if c not in self.coverage.columns)


_cache: OrderedDict[tuple[str, str], Knowledge] = OrderedDict()
_lock = Lock()


def know(scope: Scope, connection: Connection) -> Knowledge:
    """What `scope`'s company has; kept in memory until its data changes."""
    version = _version(scope, connection)
    key = (str(scope.company_id), version)
    with _lock:
        if version and key in _cache:
            _cache.move_to_end(key)
            return _cache[key]
    found = _learn(scope, connection)
    with _lock:
        if version:
            _cache[key] = found
            while len(_cache) > _KEPT:
                _cache.popitem(last=False)
    return found


def _version(scope: Scope, connection: Connection) -> str:
    """Changes with every upload that brings or takes away lines, with every person put right, kept out or erased, and
    with the company's own metrics; '' where nothing vouches for the facts."""
    row = connection.execute(
        "SELECT count(*) FILTER (WHERE state = 'ready'), count(*) FILTER (WHERE state = 'undone'),"
        " max(finished_at), sum(accepted), (SELECT count(*) || '/' || max(finished_at) FROM privacy_requests"
        " WHERE company_id = %s) FROM uploads WHERE company_id = %s",
        [scope.company_id, scope.company_id],
    ).fetchone()
    if row is None or not row[0]:
        return ""
    return f"{row[0]}/{row[1]}/{row[2]}/{row[3]}/{row[4]}/{own.version(scope, connection)}"


def _learn(scope: Scope, connection: Connection) -> Knowledge:
    coverage = features.coverage(scope, connection)
    members = {
        dimension: features.members(dimension, scope, connection)
        for dimension in ORDER
        if coverage.lines and _COLUMN[dimension] in coverage.columns
    }
    names = Names(members)
    mine = (*measures.measures(scope, connection), *own.own_metrics(scope, connection))
    booked = own.held(coverage.columns)
    named = [(w, m.id) for m in booked for w in ways(m)] + [(one.name, one.id) for one in mine]
    said = names.words | {w.text for name, _ in named for w in words(name)}
    spent = (*(_spent(scope, connection) if booked else ()), *_shelved(members, coverage, scope, connection))
    said |= {w.text for one in spent for w in words(one.name)}
    left, spending = (
        tuple((re.compile(rf"(?<![\w@])(?:{p})(?!\w)"), id) for p in some if any(m.id == id for m in booked))
        for some, id in ((RESULT_SAID, RESULT.id), (SAID, EXPENSES.id))
    )
    return Knowledge(
        coverage,
        Lexicon(
            names,
            grammar().with_names(said),
            scope.company.country,
            (*left, *own_names(named), *spending),
            features.tax_ids(scope, connection) if "customer_id" in coverage.columns else {},
        ),
        (*booked, *mine),
        spent,
    )


def _shelved(
    members: Mapping[str, Sequence[str]], coverage: Coverage, scope: Scope, connection: Connection
) -> tuple[Spent, ...]:
    """Products and branches that the counts of stock name and no sale does."""
    if STOCK not in coverage.columns:
        return ()
    counted = zip(("product", "branch"), features.stock_names(scope, connection), strict=True)
    known = {by: {fold(name) for name in members.get(by, ())} for by in ("product", "branch")}
    return tuple(Spent(by, name) for by, names in counted for name in names if fold(name) not in known[by])


def _spent(scope: Scope, connection: Connection) -> tuple[Spent, ...]:
    """What the expenses are called, the biggest first."""
    covered = features.expense_coverage(scope, connection)
    if covered is None:
        return ()
    return tuple(
        Spent(by, one.name)
        for by in ("category", "supplier")
        for one in features.spending(covered, by, (), scope, connection)[:MOST_SPENT]
        if not one.name.startswith("(")
    )
