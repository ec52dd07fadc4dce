"""Retention by cohort: of those who bought for the first time in a month, how many bought again k months later.

The triangle that analysts of subscriptions and shops share (a "classic" or N-month retention, not a rolling one): a
customer counts in month k where they bought at all in it, whatever they did between. The first purchase is the first
one ever, anywhere in the business; months before the data begins are unknown, so those who came in its first month are
left out: most of them were customers already. So are those who objected to being profiled (`features.profiled`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from psycopg.sql import SQL

from core.db import Connection
from core.periods import Grain, Period, add_months
from core.tenancy import Scope
from features.lines import mine, table_of
from features.materialize import by_day, state
from features.profiled import profiled
from features.query import Coverage

MOST = 12
"""So many cohorts, and so many months of each, are told."""


@dataclass(frozen=True, slots=True)
class Cohort:
    """Those who came in `month` (its first day); `back` is how many bought in each month after, the first after 1."""

    month: date
    customers: int
    back: tuple[int, ...]

    def rate(self, months: int) -> Decimal | None:
        """The part that bought `months` after coming, None where that month is not over."""
        if not 1 <= months <= len(self.back):
            return None
        return Decimal(self.back[months - 1]) / self.customers


def cohorts(until: Period, known: Coverage, scope: Scope, connection: Connection) -> tuple[Cohort, ...]:
    """The latest twelve cohorts before the month `until`, oldest first, followed to its end."""
    if known.first is None:
        return ()
    born = max(add_months(until.start, -MOST), add_months(known.first.replace(day=1), 1))
    if born >= until.start:
        return ()
    return triangle(_counts(born, until, scope, connection), born, until.start)


def triangle(counts: Mapping[tuple[date, date], int], born: date, until: date) -> tuple[Cohort, ...]:
    """The cohorts of the months from `born` up to before `until` that anyone came in, from customers by (month of the
    first purchase, month with a purchase). Pure."""
    found = []
    for month in _months(born, until):
        if counts.get((month, month)):
            after = tuple(counts.get((month, m), 0) for m in _months(add_months(month, 1), add_months(until, 1)))
            found.append(Cohort(month, counts[month, month], after))
    return tuple(found)


def average(found: Iterable[Cohort], months: int) -> Decimal | None:
    """The part of all cohorts old enough that bought `months` after coming, each customer weighing the same. Pure."""
    old = [c for c in found if len(c.back) >= months]
    came = sum(c.customers for c in old)
    return Decimal(sum(c.back[months - 1] for c in old)) / came if came else None


def keep(until: Period, scope: Scope, connection: Connection) -> None:
    """Replace what is kept by all cohorts, followed to the end of `until`."""
    connection.execute("DELETE FROM cohort_counts WHERE company_id = %s", [scope.company_id])
    rows = [[scope.company_id, *key, count] for key, count in _computed(until, scope, connection).items()]
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO cohort_counts (company_id, born, month, customers) VALUES (%s, %s, %s, %s)", rows
        )


def _counts(born: date, until: Period, scope: Scope, connection: Connection) -> dict[tuple[date, date], int]:
    if not state(scope, connection):
        return _computed(until, scope, connection)
    rows = connection.execute(
        "SELECT born, month, customers FROM cohort_counts"
        " WHERE company_id = %s AND born BETWEEN %s AND %s AND month <= %s",
        [scope.company_id, born, until.start, until.start],
    )
    found = {(row[0], row[1]): row[2] for row in rows}
    return found if found or _kept(scope, connection) else _computed(until, scope, connection)


def _kept(scope: Scope, connection: Connection) -> bool:
    """Whether anything is: where nobody new came for a year, there is nothing to tell and nothing to compute."""
    any_ = connection.execute("SELECT 1 FROM cohort_counts WHERE company_id = %s LIMIT 1", [scope.company_id])
    return any_.fetchone() is not None


def _computed(until: Period, scope: Scope, connection: Connection) -> dict[tuple[date, date], int]:
    """Customers by the month of their first purchase and a month with a purchase, months by their first day."""
    shape = by_day(frozenset({"customer"}), until, scope, connection)
    rows = connection.execute(
        SQL(
            """WITH came AS (
                SELECT f.customer_id, date_trunc('month', f.sold_on::timestamp)::date AS month
                FROM {table}
                WHERE {mine} AND f.kind = 'sale' AND f.customer_id IS NOT NULL AND f.sold_on <= %(end)s{who}
                GROUP BY 1, 2
            ), known AS (SELECT month, min(month) OVER (PARTITION BY customer_id) AS born FROM came)
            SELECT born, month, count(*) FROM known GROUP BY 1, 2"""
        ).format(table=table_of(shape), mine=mine(shape), who=profiled(scope, connection)),
        {"company": scope.company_id, "end": until.end},
    )
    return {(row[0], row[1]): row[2] for row in rows}


def _months(first: date, before: date) -> list[date]:
    return [] if first >= before else [p.start for p in Period(first, add_months(before, -1)).spans(Grain.month)]
