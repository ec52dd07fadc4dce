"""Expenses, summed over the lines that the owner's books carry; a line that two files carry is told once. Where a sheet
knows the month alone, its lines count in the whole month, and no part of it has a value."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import LiteralString
from uuid import UUID

from core.db import Connection
from core.periods import Grain, Period
from core.tenancy import Scope
from features.catalog.books import BY_MONTH_ONLY, EXPENSES
from features.query import Filter, Query, Result, Row, ranked

_ONCE: LiteralString = (
    "(SELECT DISTINCT ON (e.line_key) e.* FROM fact_expenses e JOIN uploads u ON u.company_id = e.company_id "
    "AND u.id = e.upload_id WHERE e.company_id = %(company)s AND e.spent_on BETWEEN %(start)s AND %(end)s "
    # Of sheets with a column a month the later one is right; equal lines of other files are told from the first.
    "ORDER BY e.line_key, CASE WHEN e.part > 0 THEN u.created_at END DESC NULLS LAST, u.created_at, u.id) x"
)
BRANCH_UNKNOWN = "(sin sucursal)"
BY: dict[str, LiteralString] = {"category": "category", "supplier": "supplier", "branch": "branch"}
UNNAMED = {"category": "(sin tipo)", "supplier": "(sin proveedor)", "branch": BRANCH_UNKNOWN}


@dataclass(frozen=True, slots=True)
class Spending:
    """What was spent on one kind of thing, or with one supplier, and how many lines say so."""

    name: str
    total: Decimal
    lines: int


@dataclass(frozen=True, slots=True)
class ExpenseRow:
    """One line of a book, with the file and line it came from."""

    spent_on: date
    category: str
    supplier: str
    detail: str
    branch: str
    total: Decimal
    upload_id: UUID
    filename: str
    source_line: int


def expense_coverage(scope: Scope, connection: Connection) -> Period | None:
    """The months that the books cover, whole: nothing is told of others."""
    row = connection.execute(
        "SELECT min(spent_on), max(spent_on) FROM fact_expenses WHERE company_id = %s", [scope.company_id]
    ).fetchone()
    if row is None or row[0] is None:
        return None
    return Period(Grain.month.first_day(row[0]), Period.of(Grain.month, row[1]).end)


def run_expenses(query: Query, scope: Scope, connection: Connection) -> Result:
    """`query` for the one metric of expenses: whole or by branch. A span that the books do not cover has no value:
    nothing noted is not the same as nothing spent."""
    assert query.metrics == (EXPENSES.id,)
    covered = expense_coverage(scope, connection)
    odd = next((d for d in (query.dimension, *(f.dimension for f in query.filters)) if d and d != "branch"), None)
    if covered is None or odd:
        return Result(query, (), {EXPENSES.id: ((f"expense_by_{odd}",) if covered else EXPENSES.needs)})
    spans = list(query.period.spans(query.grain)) if query.grain else [query.period]
    whole_only = whole_months(query.period, scope, connection)
    if whole_only and all(_cuts(span, whole_only) for span in spans):
        return Result(query, (), {EXPENSES.id: (BY_MONTH_ONLY,)})
    by = "branch" if query.dimension else None
    found = {
        (start, name): Spending(name, total, lines)
        for start, name, total, lines in _totals(query.period, query.grain, by, query.filters, scope, connection)
    }
    members = list(dict.fromkeys(name for _, name in found)) if query.dimension else [""]
    rows = [
        _row(
            span,
            name,
            found.get((span.start, name)),
            not _cuts(span, whole_only) and covered.start <= span.start and span.end <= covered.end,
        )
        for span in spans
        for name in members
    ]
    if query.dimension:
        rows = [r for r in rows if r.lines]
        if query.order or query.limit:
            rows = ranked(rows, query.order or "desc", lambda r: r.value, lambda r: r.member)
            rows = rows[: query.limit] if query.grain is None else rows
    return Result(query, tuple(rows), {})


def whole_months(period: Period, scope: Scope, connection: Connection) -> frozenset[date]:
    """The first days of those months, among those that `period` touches, of which some expense is known by month
    alone."""
    rows = connection.execute(
        "SELECT DISTINCT spent_on FROM fact_expenses WHERE company_id = %s AND by_month AND spent_on BETWEEN %s AND %s",
        [scope.company_id, Grain.month.first_day(period.start), period.end],
    )
    return frozenset(day for (day,) in rows)


def _cuts(span: Period, months: frozenset[date]) -> bool:
    """Whether a span holds a part of one of these months without the rest of it."""
    edges = {Grain.month.first_day(day) for day in (span.start, span.end)} & months
    return any(not span.start <= m or not Period.of(Grain.month, m).end <= span.end for m in edges)


def spending(
    period: Period, by: str | None, filters: Sequence[Filter], scope: Scope, connection: Connection
) -> tuple[Spending, ...]:
    """Totals by 'category', 'supplier' or 'branch', the biggest first; without `by`, one for all under ''."""
    rows = _totals(period, None, by, filters, scope, connection)
    return tuple(Spending(name, total, lines) for _, name, total, lines in rows)


def _totals(
    period: Period,
    grain: Grain | None,
    by: str | None,
    filters: Sequence[Filter],
    scope: Scope,
    connection: Connection,
) -> Sequence[tuple[date, str, Decimal, int]]:
    """The first day of each span (cut to the period), the name, its total and lines; in a span the biggest first."""
    name: LiteralString = BY[by] if by else "''"
    only, members = _branches(filters)
    return connection.execute(
        "SELECT CASE WHEN %(grain)s::text IS NULL THEN %(start)s::date "  # noqa: S608
        "ELSE greatest(date_trunc(%(grain)s, spent_on::timestamp)::date, %(start)s::date) END, "
        f"coalesce(nullif({name}, ''), %(unnamed)s), sum(total), count(*) FROM {_ONCE} "
        f"WHERE true{only} GROUP BY 1, 2 ORDER BY 1, 3 DESC, 2",
        {
            "company": scope.company_id, "start": period.start, "end": period.end,
            "grain": grain.value if grain else None, "unnamed": UNNAMED.get(by or "", ""), **members,
        },
    ).fetchall()  # fmt: skip


def _branches(filters: Sequence[Filter]) -> tuple[LiteralString, dict[str, object]]:
    """' AND …' for each filter by branch over a line of the books, and the parameters it refers to."""
    text: LiteralString = ""
    members: dict[str, object] = {}
    for i, one in enumerate(f for f in filters if f.dimension == "branch"):
        place: LiteralString = "a" * (i + 1)
        no: LiteralString = "NOT " if one.exclude else ""
        text += f" AND {no}coalesce(nullif(x.branch, ''), '{BRANCH_UNKNOWN}') = ANY(%(m{place})s::text[])"
        members[f"m{place}"] = list(one.members)
    return text, members


def expense_rows(
    query: Query, scope: Scope, connection: Connection, limit: int | None, offset: int
) -> tuple[ExpenseRow, ...]:
    """The lines behind a figure of expenses, by day."""
    only, members = _branches(query.filters)
    rows = connection.execute(
        f"SELECT x.spent_on, x.category, x.supplier, x.detail, x.branch, x.total, x.upload_id, u.filename, "  # noqa: S608
        f"x.source_line FROM {_ONCE} JOIN uploads u ON u.company_id = x.company_id AND u.id = x.upload_id "
        f"WHERE true{only} ORDER BY x.spent_on, u.filename, x.source_line, x.part LIMIT %(limit)s OFFSET %(offset)s",
        {
            "company": scope.company_id, "start": query.period.start, "end": query.period.end, "limit": limit,
            "offset": offset, **members,
        },
    ).fetchall()  # fmt: skip
    return tuple(ExpenseRow(*row) for row in rows)


def _row(span: Period, name: str, found: Spending | None, whole: bool) -> Row:
    value = (found.total if found else Decimal(0)) if whole else None
    lines = found.lines if found else 0
    return Row(EXPENSES.id, span, name, value, lines, lines)
