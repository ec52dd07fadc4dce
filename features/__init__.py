"""From facts to metrics and their text. The public surface; other packages use nothing else of it but types.

result = features.run(Query(("sales",), Period.month(2026, 10)), scope, connection)
"""

from features.catalog.dimensions import DIMENSIONS
from features.catalog.metrics import METRICS
from features.catalog.registry import (
    DIMENSION_BY_ID,
    DIMENSION_BY_WORD,
    METRIC_BY_ID,
    METRIC_BY_WORD,
    dimension,
    metric,
    words,
)
from features.coverage import coverage, members
from features.engine import run
from features.query import Coverage, Filter, Query, Result, Row
from features.refresh import refresh

__all__ = [
    "DIMENSIONS",
    "DIMENSION_BY_ID",
    "DIMENSION_BY_WORD",
    "METRICS",
    "METRIC_BY_ID",
    "METRIC_BY_WORD",
    "Coverage",
    "Filter",
    "Query",
    "Result",
    "Row",
    "coverage",
    "dimension",
    "members",
    "metric",
    "refresh",
    "run",
    "words",
]
