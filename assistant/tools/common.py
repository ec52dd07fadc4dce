"""What all tools share: the period fitted to the data, missing columns said, metrics fetched."""

from dataclasses import dataclass
from decimal import Decimal

import features
from assistant.answers.report import Report
from assistant.desk import Desk
from assistant.horizon import Default, Span, before, fit, year_before
from assistant.parts import Figure, Understood
from assistant.plan import Plan, Stop
from assistant.tools.monthly import in_months, rests_on_books
from core.language import join
from core.periods import Period
from features import metric as declared
from features.catalog.books import EXPENSE
from features.query import Filter, Query, Row

COLUMN_NAMES = {
    "cost": "el costo", "quantity": "la cantidad", "customer_id": "el cliente", "product_id": "el producto",
    "category": "la categoría", "store_id": "la sucursal", "channel_id": "el canal", "seller": "el vendedor",
    "payment_method": "el medio de pago", "city": "la ciudad", "country": "el país", "sold_hour": "la hora",
    "discount": "el descuento", "unit_price": "el precio", "order_ref": "el número de boleta",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pair:
    """A value and the one it is compared with."""

    now: Decimal | None
    was: Decimal | None

    @property
    def ratio(self) -> Decimal | None:
        if self.now is None or not self.was or self.was < 0:
            return None
        return (self.now - self.was) / self.was


def missing_metric(desk: Desk, metrics: tuple[str, ...]) -> Stop | None:
    """The honest no where a metric's columns are absent."""
    for id in metrics:
        lacking = desk.lacks(id)
        if lacking:
            one = declared(id)
            if EXPENSE in lacking:
                return Stop("no_data", "missing_column", features.need(one, lacking), ("¿Cuál fue mi margen?",))
            what = join([COLUMN_NAMES.get(c, c) for c in lacking])
            article = "las" if one.feminine and one.plural else "los" if one.plural else "la" if one.feminine else "el"
            named = f"{article} {one.name}"
            why = f"tus archivos no traen {what}"
            if what != named:
                why = f"para {named} necesito {what}, y tus archivos no lo traen"
            return Stop(
                "no_data", "missing_column",
                f"No lo puedo saber todavía: {why}. Si subes tus ventas con {what}, te respondo al tiro.",
                ("¿Cuánto vendí en total?",),
            )  # fmt: skip
    return None


def missing_dimension(desk: Desk, dimensions: tuple[str, ...]) -> Stop | None:
    """The same for what figures are split or filtered by."""
    for id in dimensions:
        lacking = desk.lacks_dimension(id)
        if lacking:
            what = join([COLUMN_NAMES.get(c, c) for c in lacking])
            return Stop(
                "no_data", "missing_column",
                f"No lo puedo saber todavía: tus archivos no traen {what}. Si subes tus ventas con esa columna, te "
                "respondo al tiro.", ("¿Cuánto vendí en total?",),
            )  # fmt: skip
    return None


def check(plan: Plan, desk: Desk) -> Stop | None:
    """Everything the plan needs that the data lacks."""
    if desk.coverage.period is None:
        empty = fit(None, desk.coverage)
        return empty if isinstance(empty, Stop) else None
    dimensions = tuple(d for d in (plan.dimension, *(f.dimension for f in (*plan.filters, *plan.sides))) if d)
    return missing_dimension(desk, dimensions) or missing_metric(desk, plan.metrics)


def span(plan: Plan, desk: Desk, default: Default = "all", index: int = 0) -> Span | Stop:
    """The plan's period, fitted to the data."""
    when = plan.whens[index] if len(plan.whens) > index else None
    found = fit(when, desk.coverage, default)
    return found if isinstance(found, Stop) or not rests_on_books(plan.metrics) else in_months(found, plan, desk)


def understood(plan: Plan, found: Span, compare: Span | None = None) -> Understood:
    """How the question was read, for the answer."""
    return Understood(
        plan.intent, plan.metrics, _period(found), _period(compare) if compare else None, plan.dimension,
        tuple({"dimension": f.dimension, "members": list(f.members), "exclude": f.exclude} for f in plan.filters),
    )  # fmt: skip


def _period(found: Span) -> dict[str, str]:
    return {
        "start": found.period.start.isoformat(), "end": found.period.end.isoformat(), "label": found.label,
    }  # fmt: skip


def value(desk: Desk, metric: str, period: Period, filters: tuple[Filter, ...] = ()) -> Decimal | None:
    return desk.run(Query((metric,), period, filters=filters)).value()


def figure(
    report: Report, desk: Desk, metric: str, period: Period, filters: tuple[Filter, ...] = (), label: str = ""
) -> Figure:
    """Look a value up and put it among the figures."""
    query = Query((metric,), period, filters=filters)
    return report.figure(query, desk.run(query).value(), label=label)


def members(
    desk: Desk, metric: str, found: Period, dimension: str, filters: tuple[Filter, ...], order: str = "desc"
) -> list[Row]:
    """One row a member, by value, without the undefined; what carries no name is left for the end."""
    query = Query((metric,), found, dimension=dimension, filters=filters)
    rows = [r for r in desk.run(query).rows if r.value is not None]
    rows.sort(key=lambda r: (r.value if order == "asc" else -r.value, r.member))  # type: ignore[operator]
    return rows


def leading(
    desk: Desk,
    metric: str,
    found: Period,
    dimension: str,
    filters: tuple[Filter, ...],
    order: str,
    count: int,
    nonzero: bool = False,
) -> list[Row]:
    """The first `count` named members by value; with `nonzero`, zeros are passed over where anything else is."""
    ask = Query((metric,), found, None, dimension, filters, "asc" if order == "asc" else "desc", count + 1)
    first = desk.run(ask).rows
    rows = [r for r in first if r.value is not None and not unnamed(r, dimension)]
    if len(first) > count and (len(rows) < count or (nonzero and not all(r.value for r in rows))):
        rows = [r for r in members(desk, metric, found, dimension, filters, order) if not unnamed(r, dimension)]
    return (([r for r in rows if r.value] or rows) if nonzero else rows)[:count]


def unnamed(row: Row, dimension: str) -> bool:
    return row.member == features.dimension(dimension).unknown


def baselines(found: Span, desk: Desk) -> tuple[Period | None, Period | None]:
    """The previous span and the same one a year earlier, where there is data."""
    return before(found, desk.have), year_before(found, desk.have)
