"""What is asked, from what stands in the question: one plan, or an honest stop."""

from assistant.decide.decide import bare, decide
from assistant.decide.pieces import (
    Have,
    ambiguous,
    dimension_of,
    filters_of,
    grain_of,
    limit_of,
    metrics_of,
)

__all__ = [
    "Have",
    "ambiguous",
    "bare",
    "decide",
    "dimension_of",
    "filters_of",
    "grain_of",
    "limit_of",
    "metrics_of",
]
