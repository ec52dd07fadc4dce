"""A company's own metric: a formula over the catalog's. What it needs and whether it adds up follow from its parts."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from features.catalog.formula import Formula, written
from features.catalog.types import Good, Metric, Unit

PREFIX = "own_"
MEASURE = "measure_"
"""How the ids begin: of own metrics, and of own measures."""


@dataclass(frozen=True, slots=True)
class OwnMetric(Metric):
    """Computed from the values of `formula.metrics`, never by a statement of its own (`sql` is empty)."""

    formula: Formula = field(default=Formula(()))


def declare_measure(id: str, name: str) -> Metric:
    """What a company measures by itself: its numbers by month are written down, not computed."""
    first = name.split()[0]
    return Metric(
        id=id, name=name if name[1:2].isupper() else name[:1].lower() + name[1:], unit=Unit.quantity,
        good=Good.neither, sql="", definition="La anota tu empresa, mes a mes, en Métricas.", additive=True,
        feminine=first.endswith(("a", "as", "ción", "ciones", "dad")), plural=first.endswith("s"),
    )  # fmt: skip


def declare(id: str, name: str, formula: Formula, unit: Unit, good: Good, parts: Mapping[str, Metric]) -> OwnMetric:
    """The metric; `parts` holds the catalog's metrics by id."""
    used = [parts[m] for m in formula.metrics]
    first = name.split()[0]
    return OwnMetric(
        id=id,
        name=name if name[1:2].isupper() else name[:1].lower() + name[1:],
        unit=unit,
        good=good,
        sql="",
        definition=f"La definió tu empresa: {written(formula, lambda m: parts[m].name)}.",
        needs=tuple(dict.fromkeys(column for one in used for column in one.needs)),
        additive=_adds_up(formula, parts),
        feminine=first.endswith(("a", "as", "ción", "ciones", "dad")),
        plural=first.endswith("s"),
        formula=formula,
    )


def _adds_up(formula: Formula, parts: Mapping[str, Metric]) -> bool:
    """Whether months make up the year: sums of what adds up, times or by plain numbers."""
    stack: list[str] = []  # each operand: 'number', 'sum' (adds up) or 'other'
    for step in formula.steps:
        if step.kind == "number":
            stack.append("number")
        elif step.kind == "metric":
            stack.append("sum" if parts[step.text].additive else "other")
        elif step.text != "~":
            right, left = stack.pop(), stack.pop()
            stack.append(_KIND.get((left, step.text, right), "other"))
    return stack == ["sum"]


_KIND = {
    ("number", "+", "number"): "number",
    ("number", "-", "number"): "number",
    ("number", "*", "number"): "number",
    ("number", "/", "number"): "number",
    ("sum", "+", "sum"): "sum",
    ("sum", "-", "sum"): "sum",
    ("sum", "*", "number"): "sum",
    ("number", "*", "sum"): "sum",
    ("sum", "/", "number"): "sum",
}
