"""What a figure rests on: the uploads, their line ranges, and the lines themselves."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from psycopg.sql import SQL, Composable, Identifier

from core.db import Connection
from core.tenancy import Scope
from features.catalog.books import EXPENSES
from features.catalog.own import OwnMetric
from features.catalog.registry import metric
from features.catalog.types import Metric
from features.coverage import COLUMNS
from features.expenses import ExpenseRow, expense_rows
from features.lines import condition, members_of
from features.measures import is_measure
from features.query import Query


@dataclass(frozen=True, slots=True)
class SourceUpload:
    """One file behind a figure: `lines` of its lines, the first and the last of them by their number in the file."""

    id: UUID
    filename: str
    lines: int
    returns: int
    first_line: int
    last_line: int


@dataclass(frozen=True, slots=True)
class Sources:
    """The files behind a figure, the one with most lines first, and how many lines and returns in all."""

    uploads: tuple[SourceUpload, ...]
    lines: int
    returns: int


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One sale line as it was read, with the file and line it came from; '' where the file says nothing."""

    sold_on: date
    hour: int | None
    kind: str
    order_ref: str
    product: str
    category: str
    customer: str
    branch: str
    channel: str
    seller: str
    payment_method: str
    quantity: Decimal | None
    discount: Decimal | None
    total: Decimal
    cost: Decimal | None
    upload_id: UUID
    filename: str
    source_line: int


def sources(query: Query, scope: Scope, connection: Connection) -> Sources:
    """The files and lines that the first metric of `query` is computed from, over its period and filters.

    Lines count where they carry the columns that the metric needs: a margin rests on the lines with a cost.
    """
    sold, spent = _rests_on(metric(query.metrics[0]))
    found = [*(_sold(query, scope, connection) if sold else ()), *(_spent(query, scope, connection) if spent else ())]
    return Sources(tuple(found), sum(u.lines for u in found), sum(u.returns for u in found))


def _rests_on(one: Metric) -> tuple[bool, bool]:
    """Whether a figure rests on sale lines, and whether on lines of expenses."""
    if is_measure(one.id):
        return False, False
    if one.id == EXPENSES.id:
        return False, True
    if not isinstance(one, OwnMetric):
        return True, False
    parts = [_rests_on(metric(part)) for part in one.formula.metrics]
    return any(sold for sold, _ in parts), any(spent for _, spent in parts)


def _spent(query: Query, scope: Scope, connection: Connection) -> list[SourceUpload]:
    by_file: dict[tuple[UUID, str], list[int]] = {}
    for row in expense_rows(query, scope, connection, None, 0):
        by_file.setdefault((row.upload_id, row.filename), []).append(row.source_line)
    return [SourceUpload(id, name, len(n), 0, min(n), max(n)) for (id, name), n in by_file.items()]


def _sold(query: Query, scope: Scope, connection: Connection) -> list[SourceUpload]:
    rows = connection.execute(
        SQL(
            "SELECT u.id, u.filename, count(*), count(*) FILTER (WHERE f.kind = 'return'), min(f.source_line),"
            " max(f.source_line) FROM fact_sales f JOIN uploads u ON u.company_id = f.company_id AND u.id = f.upload_id"
            " WHERE {behind} GROUP BY u.id, u.filename ORDER BY count(*) DESC, u.filename, u.id"
        ).format(behind=_behind(query)),
        _parameters(query, scope),
    )
    return [SourceUpload(*row) for row in rows]


def source_rows(
    query: Query, scope: Scope, connection: Connection, limit: int = 100, offset: int = 0
) -> list[SourceRow]:
    """Those lines, by day, file and line number: `limit` of them from `offset` on; sales first, then expenses."""
    sold, spent = _rests_on(metric(query.metrics[0]))
    lines = _sale_rows(query, scope, connection, limit, offset) if sold else []
    if spent and len(lines) < limit:
        before = sum(u.lines for u in _sold(query, scope, connection)) if sold else 0
        lines += [
            _as_row(row) for row in expense_rows(query, scope, connection, limit - len(lines), max(offset - before, 0))
        ]
    return lines


def _as_row(row: ExpenseRow) -> SourceRow:
    """An expense in the columns of a sale: what it was for as the product, its supplier as the other party."""
    return SourceRow(
        row.spent_on, None, "expense", "", row.detail or row.category, row.category, row.supplier, row.branch, "", "",
        "", None, None, row.total, None, row.upload_id, row.filename, row.source_line,
    )  # fmt: skip


def _sale_rows(query: Query, scope: Scope, connection: Connection, limit: int, offset: int) -> list[SourceRow]:
    rows = connection.execute(
        SQL(
            "SELECT f.sold_on, f.sold_hour, f.kind, coalesce(f.order_ref, ''), coalesce(p.name, ''),"
            " coalesce(p.category, ''), coalesce(c.corrected_name, c.name, ''), coalesce(s.name, ''),"
            " coalesce(h.name, ''),"
            " coalesce(f.seller, ''), coalesce(f.payment_method, ''), f.quantity, f.discount, f.total, f.cost,"
            " f.upload_id, coalesce(u.filename, ''), f.source_line FROM"
            " (SELECT * FROM fact_sales f WHERE {behind} ORDER BY f.sold_on, f.upload_id, f.source_line, f.line_key"
            " LIMIT %(limit)s OFFSET %(offset)s) f"
            " LEFT JOIN dim_products p ON p.company_id = f.company_id AND p.id = f.product_id"
            " LEFT JOIN dim_customers c ON c.company_id = f.company_id AND c.id = f.customer_id"
            " LEFT JOIN dim_stores s ON s.company_id = f.company_id AND s.id = f.store_id"
            " LEFT JOIN dim_channels h ON h.company_id = f.company_id AND h.id = f.channel_id"
            " LEFT JOIN uploads u ON u.company_id = f.company_id AND u.id = f.upload_id"
            " ORDER BY f.sold_on, f.upload_id, f.source_line, f.line_key"
        ).format(behind=_behind(query)),
        _parameters(query, scope) | {"limit": limit, "offset": offset},
    )
    return [SourceRow(*row) for row in rows]


def _behind(query: Query) -> Composable:
    carried = [c for c in metric(query.metrics[0]).needs if c in COLUMNS]
    return SQL("f.company_id = %(company)s AND f.sold_on BETWEEN %(start)s AND %(end)s{filters}{carried}").format(
        filters=condition(query.filters),
        carried=SQL("").join(SQL(" AND f.{c} IS NOT NULL").format(c=Identifier(c)) for c in carried),
    )


def _parameters(query: Query, scope: Scope) -> dict[str, Any]:
    return {
        "company": scope.company_id,
        "start": query.period.start,
        "end": query.period.end,
        **members_of(query.filters),
    }
