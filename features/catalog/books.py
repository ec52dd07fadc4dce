"""Figures of the books that a business keeps besides its sales: offered only where such a book was sent."""

from features.catalog.dimensions import DIMENSIONS
from features.catalog.formula import Formula, Step
from features.catalog.metrics import METRICS
from features.catalog.own import MEASURE, OwnMetric
from features.catalog.types import Dimension, Good, Metric, Unit

EXPENSE = "expense"
STOCK = "stock"
"""What `Coverage.columns` holds where there are expenses, or counts of stock."""
BY_MONTH_ONLY = "expense_by_day"
"""What `Result.missing` names where spans cut months that the books of expenses know as a whole only."""
NOT_OF_SALES = "expense_line"
"""What `Result.missing` names where a figure of sales is to be split or filtered by what only expenses have."""

_NEEDS = {m.id: m.needs for m in METRICS}

EXPENSES = Metric(
    id="expenses", name="gastos", unit=Unit.money, good=Good.down, sql="", needs=(EXPENSE,), additive=True,
    plural=True,
    definition="Es lo que gastaste según tus planillas de gastos: se suma el monto de cada línea del período. Una "
    "línea que viene en dos archivos cuenta una vez.",
    synonyms=("gastos totales", "total de gastos", "gastos del negocio", "gastos del mes", "egresos"),
)  # fmt: skip
RESULT = OwnMetric(
    id="operating_result", name="resultado después de gastos", unit=Unit.money, good=Good.up, sql="", additive=True,
    needs=(*_NEEDS["gross_profit"], EXPENSE),
    definition="Es lo que queda de tus ventas después del costo de lo vendido y de los gastos: la ganancia menos los "
    "gastos.",
    synonyms=("resultado neto", "utilidad neta", "ganancia neta", "utilidad después de gastos",
              "ganancia después de gastos", "resultado operacional", "resultado del negocio"),
    formula=Formula((Step("metric", "gross_profit"), Step("metric", "expenses"), Step("sign", "-"))),
)  # fmt: skip
BOOK_METRICS: tuple[Metric, ...] = (EXPENSES, RESULT)

BOOK_DIMENSIONS: tuple[Dimension, ...] = (
    # No sale has either: on a sale's line both are unknown. `column` is that of the books.
    Dimension(
        id="expense_kind", name="tipo de gasto", plural="tipos de gasto", sql="NULL::text", unknown="(sin tipo)",
        needs=(EXPENSE,), column="category",
    ),
    Dimension(
        id="supplier", name="proveedor", plural="proveedores", sql="NULL::text", unknown="(sin proveedor)",
        needs=(EXPENSE,), column="supplier",
    ),
)  # fmt: skip
"""What only expenses are split and filtered by; the chat has words of its own for them."""

_BRANCH = frozenset({"branch"})
_OF_SALES = frozenset(d.id for d in DIMENSIONS)
_OF_EXPENSES = frozenset({"branch", *(d.id for d in BOOK_DIMENSIONS)})
_OWN = {m.id: m for m in BOOK_METRICS if isinstance(m, OwnMetric)}


def splits(metric: Metric) -> frozenset[str]:
    """The dimensions that `metric` can be split and filtered by; of a formula, those of all its parts."""
    if isinstance(metric, OwnMetric):
        found = [_BRANCH if id.startswith(MEASURE) else _part(id) for id in metric.formula.metrics]
        return frozenset.intersection(*found) if found else _OF_SALES
    return _BRANCH if metric.id.startswith(MEASURE) else _OF_EXPENSES if metric.id == EXPENSES.id else _OF_SALES


def _part(id: str) -> frozenset[str]:
    part = EXPENSES if id == EXPENSES.id else _OWN.get(id)
    return splits(part) if part else _OF_SALES
