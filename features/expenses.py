"""Expenses, summed over the lines that the owner's books carry; a line that two files carry is told once. Where a sheet
knows the month alone, its lines count in the whole month, and no part of it has a value."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, LiteralString
from uuid import UUID

from core.db import Connection
from core.periods import Grain, Period
from core.tenancy import Scope
from features.catalog.books import BOOK_DIMENSIONS, BY_MONTH_ONLY, EXPENSES, splits
from features.query import Filter, Query, Result, Row, ranked

_ONCE: LiteralString = (
    "(SELECT DISTINCT ON (e.line_key) e.* FROM fact_expenses e JOIN uploads u ON u.company_id = e.company_id "
    "AND u.id = e.upload_id WHERE e.company_id = %(company)s AND e.spent_on BETWEEN %(start)s AND %(end)s "
    # Of sheets with a column a month the later one is right; equal lines of other files are told from the first.
    "ORDER BY e.line_key, CASE WHEN e.part > 0 THEN u.created_at END DESC NULLS LAST, u.created_at, u.id) x"
)
_NAME: dict[str, LiteralString] = {
    "category": "coalesce(nullif(x.category, ''), '(sin tipo)')",
    "supplier": "coalesce(nullif(x.supplier, ''), '(sin proveedor)')",
    "branch": "coalesce(nullif(x.branch, ''), '(sin sucursal)')",
}
"""By column of the books, the name that a line counts under; what is unnamed as its dimension calls it."""
_COLUMN = {"branch": "branch", **{d.id: d.column for d in BOOK_DIMENSIONS}}


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
    noted = _noted((), scope, connection)
    return noted and Period(Grain.month.first_day(noted.start), Period.of(Grain.month, noted.end).end)


def months_noted(scope: Scope, connection: Connection) -> Period | None:
    """From the first to the last month of which some expense is known by month alone."""
    row = connection.execute(
        "SELECT min(spent_on), max(spent_on) FROM fact_expenses WHERE company_id = %s AND by_month", [scope.company_id]
    ).fetchone()
    return Period(row[0], Period.of(Grain.month, row[1]).end) if row and row[0] else None


def _noted(filters: Sequence[Filter], scope: Scope, connection: Connection) -> Period | None:
    """From the first to the last day of which the books say something of what the filters let through: of what only
    sheets of months tell, the last month that these tell."""
    only, members = _only(filters)
    row = connection.execute(
        "SELECT min(x.spent_on), max(x.spent_on) FILTER (WHERE NOT x.by_month), "  # noqa: S608
        "max((x.spent_on + interval '1 month - 1 day')::date) FILTER (WHERE x.by_month), "
        f"bool_and(x.by_month) FILTER (WHERE true{only}) FROM fact_expenses x WHERE x.company_id = %(company)s",
        {"company": scope.company_id, **members},
    ).fetchone()
    if row is None or row[0] is None:
        return None
    first, by_day, by_month, monthly = row
    return Period(first, by_month if monthly else max(day for day in (by_day, by_month) if day))


def run_expenses(query: Query, scope: Scope, connection: Connection) -> Result:
    """`query` for the one metric of expenses: whole, or by what a line of a book says. A span that the books do not
    cover, or that begins after their last line, has no value: nothing noted is not the same as nothing spent."""
    assert query.metrics == (EXPENSES.id,)
    covered, noted = expense_coverage(scope, connection), _noted(query.filters, scope, connection)
    by = [d for d in (query.dimension, query.across) if d]
    odd = next((d for d in (*by, *(f.dimension for f in query.filters)) if d not in splits(EXPENSES)), None)
    if covered is None or noted is None or odd:
        return Result(query, (), {EXPENSES.id: ((f"expense_by_{odd}",) if covered else EXPENSES.needs)})
    spans = list(query.period.spans(query.grain)) if query.grain else [query.period]
    whole_only = _whole_months(query.period, query.filters, scope, connection)
    if whole_only and all(_cuts(span, whole_only) for span in spans):
        return Result(query, (), {EXPENSES.id: (BY_MONTH_ONLY,)})
    columns = tuple(_COLUMN[d] for d in by)
    found = {
        (start, *names): (total, lines)
        for start, *names, total, lines in _totals(query.period, query.grain, columns, query.filters, scope, connection)
    }
    members = list(dict.fromkeys(key[1:] for key in found)) if by else [()]
    rows = [
        _row(
            span,
            names,
            found.get((span.start, *names)),
            covered.start <= span.start <= noted.end and span.end <= covered.end and not _cuts(span, whole_only),
        )
        for span in spans
        for names in members
    ]
    if query.dimension:
        rows = [r for r in rows if r.lines]
        if query.order or query.limit:
            rows = ranked(rows, query.order or "desc", lambda r: r.value, lambda r: r.member)
            rows = rows[: query.limit] if query.grain is None else rows
    return Result(query, tuple(rows), {})


def cuts_months(query: Query, scope: Scope, connection: Connection) -> bool:
    """Whether the spans of `query` hold parts of months of which an expense, of those that its filters let through, is
    known as a whole only."""
    months = _whole_months(query.period, query.filters, scope, connection)
    return any(_cuts(span, months) for span in (query.period.spans(query.grain) if query.grain else (query.period,)))


def _whole_months(period: Period, filters: Sequence[Filter], scope: Scope, connection: Connection) -> frozenset[date]:
    """The first days of the months touched by `period` of which some expense is known by month alone."""
    only, members = _only(filters)
    rows = connection.execute(
        "SELECT DISTINCT x.spent_on FROM fact_expenses x WHERE x.company_id = %(company)s AND x.by_month "  # noqa: S608
        f"AND x.spent_on BETWEEN %(start)s AND %(end)s{only}",
        {"company": scope.company_id, "start": Grain.month.first_day(period.start), "end": period.end, **members},
    ).fetchall()
    return frozenset(day for (day,) in rows)


def _cuts(span: Period, months: frozenset[date]) -> bool:
    """Whether a span holds a part of one of these months without the rest of it."""
    edges = {Grain.month.first_day(day) for day in (span.start, span.end)} & months
    return any(not span.start <= m or not Period.of(Grain.month, m).end <= span.end for m in edges)


def spending(
    period: Period, by: str | None, filters: Sequence[Filter], scope: Scope, connection: Connection
) -> tuple[Spending, ...]:
    """Totals by the books' column 'category', 'supplier' or 'branch', the biggest first; without `by`, one for all
    under ''."""
    rows = _totals(period, None, (by,) if by else (), filters, scope, connection)
    return tuple(Spending(names[0] if names else "", total, lines) for _, *names, total, lines in rows)


def _totals(
    period: Period,
    grain: Grain | None,
    by: Sequence[str],
    filters: Sequence[Filter],
    scope: Scope,
    connection: Connection,
) -> Sequence[tuple[Any, ...]]:
    """The first day of each span (cut to the period), a name for each column of `by`, the total and the lines; in a
    span the biggest first."""
    only, members = _only(filters)
    names = "".join([f", {_NAME[column]}" for column in by])
    groups = "".join([f", {i}" for i in range(2, 2 + len(by))])
    return connection.execute(
        "SELECT CASE WHEN %(grain)s::text IS NULL THEN %(start)s::date "  # noqa: S608
        "ELSE greatest(date_trunc(%(grain)s, spent_on::timestamp)::date, %(start)s::date) END"
        f"{names}, sum(total), count(*) FROM {_ONCE} "
        f"WHERE true{only} GROUP BY 1{groups} ORDER BY 1, sum(total) DESC{groups}",
        {
            "company": scope.company_id, "start": period.start, "end": period.end,
            "grain": grain.value if grain else None, **members,
        },
    ).fetchall()  # fmt: skip


def _only(filters: Sequence[Filter]) -> tuple[LiteralString, dict[str, object]]:
    """' AND …' for each filter over a line of the books, and the parameters it refers to."""
    text: LiteralString = ""
    members: dict[str, object] = {}
    for i, one in enumerate(f for f in filters if f.dimension in _COLUMN):
        place: LiteralString = "a" * (i + 1)
        no: LiteralString = "NOT " if one.exclude else ""
        text += f" AND {no}{_NAME[_COLUMN[one.dimension]]} = ANY(%(m{place})s::text[])"
        members[f"m{place}"] = list(one.members)
    return text, members


def expense_rows(
    query: Query, scope: Scope, connection: Connection, limit: int | None, offset: int
) -> tuple[ExpenseRow, ...]:
    """The lines behind a figure of expenses, by day."""
    only, members = _only(query.filters)
    rows = connection.execute(
        f"SELECT x.spent_on, x.category, x.supplier, x.detail, x.branch, x.total, x.upload_id, "  # noqa: S608
        "file_of(u.filename, u.reading, x.source_line), row_of(u.reading, x.source_line) "
        f"FROM {_ONCE} JOIN uploads u ON u.company_id = x.company_id AND u.id = x.upload_id "
        f"WHERE true{only} ORDER BY x.spent_on, u.filename, x.source_line, x.part LIMIT %(limit)s OFFSET %(offset)s",
        {
            "company": scope.company_id, "start": query.period.start, "end": query.period.end, "limit": limit,
            "offset": offset, **members,
        },
    ).fetchall()  # fmt: skip
    return tuple(ExpenseRow(*row) for row in rows)


def _row(span: Period, names: Sequence[str], found: tuple[Decimal, int] | None, whole: bool) -> Row:
    total, lines = found or (Decimal(0), 0)
    member, across = (*names, "", "")[:2]
    return Row(EXPENSES.id, span, member, total if whole else None, lines, lines, across)
