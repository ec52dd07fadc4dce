"""Customers by how recently, how often and for how much they bought: RFM segments.

The method is that of direct marketing (Arthur Hughes, "Strategic Database Marketing", 1994): those who bought in a
window are ranked by recency (the day of the last purchase), frequency (days with a purchase) and monetary value (net
sales), and each ranking is cut into fifths, 5 the best. Equal customers share a score: of recency the higher one, so
that the last day's buyers are always 5, of the others the lower one, so that who bought once is 1. Frequency and value
are averaged, half up, and with recency name the segment by a grid as commonly used, joined where an owner would do the
same. The window is the twelve months up to a day: a customer's habit, not one season's. Who objected to being profiled
is in no segment (`features.profiled`).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from psycopg.sql import SQL

from core.db import Connection
from core.periods import Period, add_months
from core.tenancy import Scope
from features.lines import mine, table_of
from features.materialize import by_day, state
from features.profiled import profiled

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Segment:
    """`advice`: what an owner can do about them, in one line."""

    id: str
    name: str
    meaning: str
    advice: str


SEGMENTS = (
    Segment("champions", "Campeones", "compraron hace poco, seguido y harto", "Muéstrales primero las novedades."),
    Segment("loyal", "Fieles", "compran seguido", "Pídeles que te recomienden y ofréceles algo más."),
    Segment("promising", "Prometedores", "compraron hace poco, todavía poco", "Dales un motivo para volver este mes."),
    Segment("new", "Recientes", "compraron hace muy poco, una o pocas veces", "Que la segunda compra sea fácil."),
    Segment("attention", "Por cuidar", "compraban como el promedio y se están alejando", "Recuérdales que existes."),
    Segment("risk", "En riesgo", "compraban seguido y hace tiempo que no vienen", "Llámalos o escríbeles tú."),
    Segment("sleeping", "Dormidos", "compraron poco y hace mucho", "No gastes mucho en ellos."),
)  # fmt: skip
"""From those who matter most now; each customer is in one."""

GRID: Mapping[int, tuple[str, str, str, str, str]] = {
    # by recency; within, by the mean of frequency and value from 1 to 5
    5: ("new", "promising", "loyal", "champions", "champions"),
    4: ("promising", "promising", "loyal", "loyal", "champions"),
    3: ("attention", "attention", "attention", "loyal", "loyal"),
    2: ("sleeping", "sleeping", "attention", "risk", "risk"),
    1: ("sleeping", "sleeping", "risk", "risk", "risk"),
}


@dataclass(frozen=True, slots=True)
class Group:
    """How many customers have one triple of scores, and what they bought in the window."""

    recency: int
    frequency: int
    value: int
    customers: int
    sales: Decimal


@dataclass(frozen=True, slots=True)
class Share:
    """A segment's customers and their net sales in the window."""

    segment: Segment
    customers: int
    sales: Decimal


@dataclass(frozen=True, slots=True)
class Rfm:
    """`window` is the twelve months looked at; `shares` in the order of SEGMENTS, the empty ones too."""

    window: Period
    shares: tuple[Share, ...]

    @property
    def customers(self) -> int:
        return sum(s.customers for s in self.shares)

    @property
    def sales(self) -> Decimal:
        return sum((s.sales for s in self.shares), Decimal(0))


def rfm(until: date, scope: Scope, connection: Connection) -> Rfm:
    """The segments of those who bought in the twelve months up to `until`; nobody where no line names a customer."""
    window = window_of(until)
    found = _kept(until, scope, connection) if state(scope, connection) else ()
    return Rfm(window, shares(found or groups(window, scope, connection)))


def window_of(until: date) -> Period:
    return Period(add_months(until + timedelta(days=1), -MONTHS), until)


def keep(days: Iterable[date], scope: Scope, connection: Connection) -> None:
    """Replace what is kept by the scores up to each of `days`."""
    connection.execute("DELETE FROM rfm_counts WHERE company_id = %s", [scope.company_id])
    rows = [
        [scope.company_id, until, g.recency, g.frequency, g.value, g.customers, g.sales]
        for until in days
        for g in groups(window_of(until), scope, connection)
    ]
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO rfm_counts (company_id, until, recency, frequency, value, customers, sales)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s)",
            rows,
        )


def _kept(until: date, scope: Scope, connection: Connection) -> tuple[Group, ...]:
    rows = connection.execute(
        "SELECT recency, frequency, value, customers, sales FROM rfm_counts WHERE company_id = %s AND until = %s",
        [scope.company_id, until],
    )
    return tuple(Group(*row) for row in rows)


def groups(window: Period, scope: Scope, connection: Connection) -> tuple[Group, ...]:
    """Customers with a purchase in `window` by their three scores, counted."""
    shape = by_day(frozenset({"customer"}), window, scope, connection)
    rows = connection.execute(
        SQL(
            """WITH who AS (
                SELECT f.customer_id, max(f.sold_on) FILTER (WHERE f.kind = 'sale') AS latest,
                       count(DISTINCT f.sold_on) FILTER (WHERE f.kind = 'sale') AS days, sum(f.total) AS total
                FROM {table} WHERE {mine} AND f.customer_id IS NOT NULL AND f.sold_on BETWEEN %(start)s AND %(end)s{who}
                GROUP BY f.customer_id HAVING bool_or(f.kind = 'sale')
            ), scored AS (
                SELECT total, (5 * count(*) OVER (ORDER BY latest) + n - 1) / n AS r,
                       5 * (rank() OVER (ORDER BY days) - 1) / n + 1 AS f,
                       5 * (rank() OVER (ORDER BY total) - 1) / n + 1 AS m
                FROM (SELECT who.*, count(*) OVER () AS n FROM who) counted
            ) SELECT r, f, m, count(*), sum(total) FROM scored GROUP BY r, f, m ORDER BY r, f, m"""
        ).format(table=table_of(shape), mine=mine(shape), who=profiled(scope, connection)),
        {"company": scope.company_id, "start": window.start, "end": window.end},
    )
    return tuple(Group(*row) for row in rows)


def segment(recency: int, frequency: int, value: int) -> Segment:
    """The segment of three scores from 1 to 5. Pure."""
    name = GRID[recency][(frequency + value + 1) // 2 - 1]
    return next(s for s in SEGMENTS if s.id == name)


def shares(found: Sequence[Group]) -> tuple[Share, ...]:
    """The groups joined to segments. Pure."""
    customers, sales = Counter[str](), defaultdict[str, Decimal](Decimal)
    for group in found:
        name = segment(group.recency, group.frequency, group.value).id
        customers[name] += group.customers
        sales[name] += group.sales
    return tuple(Share(s, customers[s.id], sales[s.id]) for s in SEGMENTS)
