"""Where a company stands, as it may see it: its own ranks and its cohort's published figures."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.db import Connection
from core.tenancy import Scope
from features.benchmarks.cohorts import Cohort, named
from features.benchmarks.measures import MEASURES, Measure, measure
from features.benchmarks.rank import Rank


@dataclass(frozen=True, slots=True)
class Parse:
    """A company's rank of one measure in one month, with the published quantiles p10 to p90 of its cohort."""

    measure: Measure
    month: date
    value: Decimal
    rank: Rank
    cohort: Cohort
    quantiles: tuple[Decimal, ...]

    @property
    def who(self) -> str:
        """'14 panaderías pequeñas de Chile'."""
        return named(self.cohort, self.rank.peers)


def parses(scope: Scope, connection: Connection, month: date | None = None) -> tuple[Parse, ...]:
    """All measures' ranks of a month (None: the last one there is), in the order of MEASURES."""
    rows = connection.execute(
        """SELECT r.measure, r.month, r.value, r.percentile, r.low, r.high, r.peers, r.cohort,
                  b.p10, b.p25, b.p50, b.p75, b.p90
           FROM benchmark_ranks r JOIN benchmarks b USING (cohort, measure, month)
           WHERE r.company_id = %(company)s AND r.month = coalesce(%(month)s, (
               SELECT max(month) FROM benchmark_ranks WHERE company_id = %(company)s))""",
        {"company": scope.company_id, "month": month},
    ).fetchall()
    found = {row[0]: _parse(row) for row in rows}
    return tuple(found[m.id] for m in MEASURES if m.id in found)


def history(measure_id: str, scope: Scope, connection: Connection) -> tuple[tuple[date, int], ...]:
    """The percentile of one measure by month, oldest first."""
    rows = connection.execute(
        "SELECT month, percentile FROM benchmark_ranks WHERE company_id = %s AND measure = %s ORDER BY month",
        [scope.company_id, measure_id],
    )
    return tuple((month, percentile) for month, percentile in rows)


def takes_part(scope: Scope, connection: Connection) -> bool:
    row = connection.execute("SELECT shares_benchmarks FROM companies WHERE id = %s", [scope.company_id]).fetchone()
    return bool(row and row[0])


def sector_growth(month: date, scope: Scope, connection: Connection) -> Decimal | None:
    """The cohort's median real growth in a year, where it is published for the company; for the decomposition."""
    return next((p.quantiles[2] for p in parses(scope, connection, month) if p.measure.id == "real_growth"), None)


def _parse(row: tuple[object, ...]) -> Parse:
    measure_id, month, value, percentile, low, high, peers, cohort, *quantiles = row
    assert isinstance(month, date)
    assert isinstance(value, Decimal)
    return Parse(
        measure(str(measure_id)),
        month,
        value,
        Rank(int(str(percentile)), int(str(low)), int(str(high)), int(str(peers))),
        Cohort.from_key(str(cohort)),
        tuple(Decimal(str(q)) for q in quantiles),
    )
