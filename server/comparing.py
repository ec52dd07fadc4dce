"""The monthly comparison: a snapshot of the benchmarks, and then each company's own text about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from core import db
from core.periods import add_months
from features import benchmarks
from server import jobs

MONTHS = 24
DAY = 5
"""From this day of a month on, the month before is compared: by then most have sent it."""
LATEST = 3


@dataclass(frozen=True, slots=True)
class Compared:
    """What a snapshot did: its months, how many figures of cohorts stand, and how many companies are told of it."""

    months: tuple[date, ...]
    figures: int
    companies: int


def latest_months(today: date, count: int = MONTHS) -> tuple[date, ...]:
    """The first days of the latest full months before `today`, oldest first. Pure."""
    return tuple(add_months(today.replace(day=1), -back) for back in range(count, 0, -1))


def snapshot(months: Sequence[date]) -> Compared:
    """Publish the months and have every company that takes part look again. The same again changes nothing."""
    with db.benchmarks() as connection:
        figures = benchmarks.take(months, connection)
    return Compared(tuple(months), figures, jobs.spread("notice", taking_part()) if figures else 0)


def due(today: date) -> tuple[date, ...]:
    """The months to compare by schedule: all the latest ones where none was yet, those since the last comparison and
    the two before them (late corrections), or none while the last full month's stands or it is too early."""
    with db.benchmarks() as connection:
        row = connection.execute("SELECT max(month) FROM benchmarks WHERE cohort NOT LIKE 'demo:%'").fetchone()
    return wanted(today, row[0] if row else None)


def wanted(today: date, newest: date | None) -> tuple[date, ...]:
    """Pure: `newest` is the last month compared."""
    months = latest_months(today)
    if today.day < DAY or (newest is not None and newest >= months[-1]):
        return ()
    return tuple(m for m in months if newest is None or m > add_months(newest, -LATEST + 1))


def taking_part() -> list[UUID]:
    """The companies whose owners see the comparison."""
    return _companies(sharing=True)


def asked_about() -> list[UUID]:
    """All companies but the demo's generated peers, which nobody can enter."""
    return _companies(sharing=False)


def _companies(sharing: bool) -> list[UUID]:
    with db.owner() as connection:
        rows = connection.execute(
            "SELECT id FROM companies c WHERE (shares_benchmarks OR NOT %s) AND "
            "(NOT demo OR EXISTS (SELECT FROM memberships m WHERE m.company_id = c.id)) ORDER BY created_at",
            [sharing],
        ).fetchall()
    return [row[0] for row in rows]
