"""Figures of the books that a business keeps besides its sales: offered only where such a book was sent."""

from features.catalog.formula import Formula, Step
from features.catalog.metrics import METRICS
from features.catalog.own import OwnMetric
from features.catalog.types import Good, Metric, Unit

EXPENSE = "expense"
STOCK = "stock"
"""What `Coverage.columns` holds where there are expenses, or counts of stock."""
BY_MONTH_ONLY = "expense_by_day"
"""What `Result.missing` names where spans cut months that the books of expenses know as a whole only."""

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
