"""The kinds of question that their own words give away, whatever else stands in them. Pure."""

import re
from typing import Literal

from assistant import grammar as g
from assistant.decide.pieces import (
    Have,
    amount_of,
    at_weekends,
    dimension_of,
    limit_of,
)
from assistant.plan import Compare, Plan
from assistant.read import Reading
from assistant.refusals import beyond
from core.language import fold
from core.periods import Grain


def around(reading: Reading) -> Plan | None:
    """The economy, the peers, what deserves attention: told by their words, whatever else stands in the question."""
    text = reading.plain
    if g.STANDING.search(text):
        told = g.STRONG_OR_WEAK.search(text)
        return Plan("standing", tuple(dict.fromkeys(reading.metrics)) or ("sales",), limit=4 if told else None,
                    order="asc" if told and told["weak"] else "desc")  # fmt: skip
    if g.INFLATION.search(text):
        return Plan("inflation")
    into = next((id for id, pattern in g.INTO.items() if pattern.search(text)), None)
    if into and not beyond(text):
        return Plan("convert", into=into)
    if g.ECONOMY.search(text):
        return Plan("winds", into=next((id for id, pattern in g.INDICATOR.items() if pattern.search(text)), None))
    if g.ATTENTION.search(text) and not reading.has(g.SUMMARY) and not reading.metrics:
        return Plan("attention")
    return None


_WHAT_BOUGHT = re.compile(r"^(?:,? ?)*(?:y )?que (?:cosas )?(?:me |nos |se )?(?:compr|llev)\w+")


_THAN = re.compile(r"(?<![\w@])(?:(?P<less>menos|peor)|mas|mejor) que (?:en )?(?:@t0|@ly|antes)(?!\w)")


def _a_year_before(reading: Reading) -> bool:
    """'Hace un año', 'el año pasado': the one span said, and a whole year."""
    one = reading.whens[0] if len(reading.whens) == 1 else None
    return one is not None and one.grain is Grain.year and one.period.start.year == reading.today.year - 1


def particular(reading: Reading, metrics: tuple[str, ...], have: Have) -> Plan | None:
    if reading.has(g.LOST) or (
        "churn_rate" in metrics and re.search(r"\b(?:que clientes?|quien|quienes|cuales)\b", reading.plain)
    ):
        return Plan("lost_customers", ("sales",), dimension="customer")
    if reading.has(g.PARETO):
        share = re.search(r"(\d+) ?(?:%|por ciento)", reading.text)
        return Plan("pareto", metrics or ("sales",), dimension=dimension_of(reading) or "product",
                    share=int(share[1]) / 100 if share else 0.8)  # fmt: skip
    than = _THAN.search(reading.text)
    if than and dimension_of(reading) and (_a_year_before(reading) or not reading.whens):
        before: Compare = "last_year" if reading.whens else "previous"
        reading.whens = []  # what it is held against, not what it is of: the latest full month
        return Plan("contribution", metrics or ("sales",), dimension=dimension_of(reading), compare=before,
                    order="asc" if than["less"] else "desc", limit=limit_of(reading))  # fmt: skip
    if reading.has(g.CONTRIBUTION) and not reading.has(g.SHARE):
        against: Compare | None = None
        if reading.has(g.COMPARE) and _a_year_before(reading):
            against, reading.whens = "last_year", []
        order: Literal["asc", "desc"] = "asc" if reading.has(g.WORST_GROWTH) or reading.has(g.LEAST) else "desc"
        return Plan("contribution", metrics or ("sales",), dimension=dimension_of(reading), order=order,
                    compare=against, limit=limit_of(reading))  # fmt: skip
    of_customer = any(c.dimension == "customer" for n in reading.named if n.clear for c in n.choices)
    if of_customer and _WHAT_BOUGHT.search(reading.plain) and not reading.dimensions:
        return Plan("breakdown", ("sales",), dimension="product")
    if reading.has(g.WHY):
        return Plan("why", metrics or ("sales",), dimension=dimension_of(reading))
    if _unsold(reading, metrics):
        return Plan("unsold", ("sales",), dimension=dimension_of(reading) or "product")
    if reading.has(g.HOLIDAYS):
        return Plan("holidays", metrics[:1] or ("sales",), without=reading.has(g.WITHOUT_HOLIDAYS))
    single = g.ORDER.search(reading.plain)
    if single and not dimension_of(reading) and not g.BEST_UNIT.search(reading.text):
        return Plan(
            "orders", ("sales",), order="asc" if g.SMALL.search(single.group()) else "desc", limit=limit_of(reading)
        )
    if reading.has(g.TARGET):
        return Plan("target", metrics or ("sales",), amount=amount_of(reading.plain))
    if reading.has(g.UNUSUAL) and not reading.has(g.RECORD):
        if "sales" in metrics and re.search(r"@m\d.* (?:y|e) (?:que|cual)", reading.text):
            return Plan("summary", ("sales",))  # the figure first, then what stands out
        return Plan("unusual", metrics or ("sales",))
    if _new_versus(reading, metrics):
        return Plan("new_vs_returning", ("new_customers", "returning_customers", "active_customers"))
    if at_weekends(reading) and not dimension_of(reading) and (reading.has(g.WEEKEND_MORE) or reading.has(g.MOST)):
        return Plan("weekend", metrics or ("sales",))
    return None


def _new_versus(reading: Reading, metrics: tuple[str, ...]) -> bool:
    return {"new_customers", "returning_customers"} <= set(metrics) or reading.has(g.NEW_VS)


def _unsold(reading: Reading, metrics: tuple[str, ...]) -> bool:
    """'Productos que no se vendieron'; what stands still in stock is told of the stock."""
    if not g.UNSOLD.search(reading.text) or reading.marks or g.IN_STOCK.search(fold(reading.raw)):
        return False
    return set(metrics) <= {"sales", "units", "transactions"} and dimension_of(reading) not in (
        "customer", "weekday", "hour",
    )  # fmt: skip
