"""The monthly snapshot: reads what companies contribute, publishes each cohort's figures, writes each one's rank.

The only code that reads across companies, and it does so under the role `ayni_benchmarks` (`db.benchmarks()`).
What may be published is decided in `disclosure`, nowhere else.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from core.db import Connection
from features.benchmarks.cohorts import Cohort, bracket, cohorts
from features.benchmarks.disclosure import Contribution, Published, by_owner, may_correct, publish, too_alike
from features.benchmarks.measures import MEASURES, SIZE, Measure
from features.benchmarks.rank import Rank, rank


@dataclass(frozen=True, slots=True)
class Member:
    """A company taking part, in one month."""

    company: UUID
    owner: str
    cohorts: tuple[Cohort, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """A company's rank in the narrowest cohort that is published."""

    company: UUID
    cohort: Cohort
    value: Decimal
    rank: Rank


def take(months: Iterable[date], connection: Connection) -> int:
    """Publish the given months (first days), oldest first; the count of figures published.

    A month published before is published again only where the very same owners contribute (late corrections);
    otherwise its figures stand as they are. Takes `db.benchmarks()`'s connection.
    """
    people = _companies(connection)
    count = 0
    for month in sorted(months):
        inputs = _inputs(month, connection)
        members = [m for m in (_member(p, inputs[SIZE].get(p[0])) for p in people) if m]
        for measure in MEASURES:
            values = inputs[measure.id]
            taking = [m for m in members if m.company in values]
            before = _published_owners(measure.id, month, connection)
            told = decide(taking, values, before)
            count += len(told)
            known = _owners(taking)
            owners = before | {cohort: known[cohort] for cohort in told}
            _write(measure.id, month, told, owners, connection)
            _write_ranks(measure, month, standings(taking, values, measure, owners), told, connection)
    return count


def decide(
    members: Iterable[Member], values: Mapping[UUID, Decimal], before: Mapping[Cohort, frozenset[str]]
) -> dict[Cohort, Published]:
    """Which cohorts' figures to publish now, narrower cohorts first. Pure; `before` are those that already stand."""
    groups: dict[Cohort, list[Contribution]] = defaultdict(list)
    for member in members:
        for cohort in member.cohorts:
            groups[cohort].append(Contribution(member.owner, values[member.company]))
    standing: dict[Cohort, frozenset[str]] = dict(before)
    told = {}
    for cohort in sorted(groups, key=lambda c: (c.kind != "sector", c.size == "", c)):
        merged = by_owner(groups[cohort])
        owners = frozenset(merged)
        others = [names for other, names in standing.items() if other != cohort]
        if cohort in before and not may_correct(owners, before[cohort]):
            continue
        if too_alike(owners, others):
            continue
        figures = publish(merged)
        if figures is not None:
            told[cohort], standing[cohort] = figures, owners
    return told


def standings(
    members: Iterable[Member],
    values: Mapping[UUID, Decimal],
    measure: Measure,
    published: Mapping[Cohort, frozenset[str]],
) -> list[Standing]:
    """Each company's rank in its narrowest published cohort, among the owners that were published (who joined later
    is no one's peer yet), its own owner's businesses left out. Pure."""
    taking = list(members)
    groups: dict[Cohort, list[Contribution]] = defaultdict(list)
    for member in taking:
        for cohort in member.cohorts:
            if member.owner in published.get(cohort, ()):
                groups[cohort].append(Contribution(member.owner, values[member.company]))
    merged = {cohort: by_owner(contributions) for cohort, contributions in groups.items()}
    out = []
    for member in taking:
        narrowest = next((c for c in member.cohorts if c in merged), None)
        if narrowest is None:
            continue
        peers = [value for owner, value in merged[narrowest].items() if owner != member.owner]
        if not peers:
            continue
        value = values[member.company]
        out.append(Standing(member.company, narrowest, value, rank(value, peers, measure.good)))
    return out


def _companies(connection: Connection) -> list[tuple[UUID, str, str, str, bool]]:
    rows = connection.execute(
        "SELECT id, coalesce(nullif(tax_id, ''), id::text), sector, country, demo FROM companies ORDER BY id"
    )
    return [(r[0], r[1], r[2], r[3], r[4]) for r in rows]


def _member(company: tuple[UUID, str, str, str, bool], size_uf: Decimal | None) -> Member | None:
    if size_uf is None:
        return None
    id, owner, sector, country, demo = company
    return Member(id, owner, cohorts(sector, country, bracket(size_uf), demo))


def _inputs(month: date, connection: Connection) -> dict[str, dict[UUID, Decimal]]:
    out: dict[str, dict[UUID, Decimal]] = defaultdict(dict)
    rows = connection.execute("SELECT measure, company_id, value FROM benchmark_inputs WHERE month = %s", [month])
    for measure, company, value in rows:
        out[measure][company] = value
    return out


def _published_owners(measure: str, month: date, connection: Connection) -> dict[Cohort, frozenset[str]]:
    rows = connection.execute(
        "SELECT cohort, owners FROM benchmark_members WHERE measure = %s AND month = %s", [measure, month]
    )
    return {Cohort.from_key(key): frozenset(owners) for key, owners in rows}


def _write(
    measure: str,
    month: date,
    told: Mapping[Cohort, Published],
    owners: Mapping[Cohort, frozenset[str]],
    connection: Connection,
) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            """INSERT INTO benchmarks (cohort, measure, month, owners, p10, p25, p50, p75, p90, mean)
               VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
               ON CONFLICT (cohort, measure, month) DO UPDATE SET owners = excluded.owners, p10 = excluded.p10,
                   p25 = excluded.p25, p50 = excluded.p50, p75 = excluded.p75, p90 = excluded.p90,
                   mean = excluded.mean, published_at = now()""",
            [[c.key, measure, month, f.owners, *f.quantiles, f.mean] for c, f in told.items()],
        )
        cursor.executemany(
            """INSERT INTO benchmark_members (cohort, measure, month, owners) VALUES (%s, %s, %s, %s)
               ON CONFLICT DO NOTHING""",
            [[c.key, measure, month, sorted(owners[c])] for c in told],
        )


def _owners(members: Iterable[Member]) -> dict[Cohort, frozenset[str]]:
    found: dict[Cohort, set[str]] = defaultdict(set)
    for member in members:
        for cohort in member.cohorts:
            found[cohort].add(member.owner)
    return {cohort: frozenset(owners) for cohort, owners in found.items()}


def _write_ranks(
    measure: Measure, month: date, found: Iterable[Standing], told: Iterable[Cohort], connection: Connection
) -> None:
    """A rank stands once written: asked again after every change of one's own data, it would give the peers' values
    away. It is renewed only with its cohort's figures."""
    renewed = [cohort.key for cohort in told]
    with connection.cursor() as cursor:
        cursor.executemany(
            """INSERT INTO benchmark_ranks (company_id, month, measure, cohort, value, percentile, low, high, peers)
               VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
               ON CONFLICT (company_id, month, measure) DO UPDATE SET cohort = excluded.cohort, value = excluded.value,
                   percentile = excluded.percentile, low = excluded.low, high = excluded.high, peers = excluded.peers
               WHERE benchmark_ranks.cohort = ANY(%s)""",
            [
                [s.company, month, measure.id, s.cohort.key, s.value, s.rank.percentile, s.rank.low, s.rank.high,
                 s.rank.peers, renewed]
                for s in found
            ],
        )  # fmt: skip
