"""From facts to metrics and their text. The public surface; other packages use nothing else of it but types.

result = features.run(Query(("sales",), Period.month(2026, 10)), scope, connection)
"""

from features.catalog.books import splits
from features.catalog.dimensions import DIMENSIONS
from features.catalog.metrics import METRICS
from features.catalog.registry import (
    DIMENSION_BY_ID,
    DIMENSION_BY_WORD,
    METRIC_BY_ID,
    METRIC_BY_WORD,
    dimension,
    dimensions_of,
    metric,
    words,
)
from features.compare import Change, change
from features.coverage import coverage, members, tax_ids
from features.engine import run
from features.expenses import (
    ExpenseRow,
    Spending,
    cuts_months,
    expense_coverage,
    expense_rows,
    months_noted,
    spending,
)
from features.format import short, shown
from features.lapsed import Lapsed, lapsed
from features.loyalty import forget as forget_profiles
from features.needs import need, unsplit
from features.orders import Order, orders
from features.own import metric_of, metrics
from features.query import Coverage, Filter, Query, Result, Row
from features.refresh import refresh
from features.sources import SourceRow, Sources, SourceUpload, source_rows, sources
from features.stock import Stock, StockValue, Valued, stock, stock_by_branch, stock_names, stock_value
from features.targets import Attainment, Target, attainment, remove_target, set_target, target, targets

__all__ = [
    "DIMENSIONS",
    "DIMENSION_BY_ID",
    "DIMENSION_BY_WORD",
    "METRICS",
    "METRIC_BY_ID",
    "METRIC_BY_WORD",
    "Attainment",
    "Change",
    "Coverage",
    "ExpenseRow",
    "Filter",
    "Lapsed",
    "Order",
    "Query",
    "Result",
    "Row",
    "SourceRow",
    "SourceUpload",
    "Sources",
    "Spending",
    "Stock",
    "StockValue",
    "Target",
    "Valued",
    "attainment",
    "change",
    "coverage",
    "cuts_months",
    "dimension",
    "dimensions_of",
    "expense_coverage",
    "expense_rows",
    "forget_profiles",
    "lapsed",
    "members",
    "metric",
    "metric_of",
    "metrics",
    "months_noted",
    "need",
    "orders",
    "refresh",
    "remove_target",
    "run",
    "set_target",
    "short",
    "shown",
    "source_rows",
    "sources",
    "spending",
    "splits",
    "stock",
    "stock_by_branch",
    "stock_names",
    "stock_value",
    "target",
    "targets",
    "tax_ids",
    "unsplit",
    "words",
]
