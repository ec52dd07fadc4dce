"""The month's closing: its figures beside the month and the year before, the targets, and what each part brought."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import features
from core.db import Connection
from core.money import percent
from core.periods import MONTHS, Period
from core.tenancy import Company, Scope
from features.catalog.types import Dimension, Metric
from features.format import written
from features.query import Filter, Query
from server.digest import words
from server.digest.types import Cell, Fact, Sheet

METRICS = (
    "sales", "transactions", "average_ticket", "units", "units_per_transaction", "cost", "gross_profit", "gross_margin",
    "discount", "returns", "active_customers", "new_customers", "repurchase_rate",
)  # fmt: skip
PARTS = ("branch", "category", "channel")
MOST_MEMBERS = 10


@dataclass(frozen=True, slots=True)
class Months:
    """The month and those it is compared with; one that starts before the data is None."""

    now: Period
    previous: Period | None
    year: Period | None

    @property
    def head(self) -> tuple[str, ...]:
        return tuple(f"vs. {MONTHS[m.start.month - 1][:3]} {m.start:%Y}" for m in (self.previous, self.year) if m)


def sheets(
    span: Period, previous: Period, year: Period, have: Period, scope: Scope, connection: Connection
) -> tuple[Sheet, ...]:
    """The tables of the closing of `span`; only what can be answered."""
    months = Months(
        span, previous if previous.start >= have.start else None, year if year.start >= have.start else None
    )
    found = [_metrics(months, scope, connection), _targets(months.now, scope, connection)]
    found += [_parts(features.dimension(id), months, scope, connection) for id in PARTS]
    return tuple(sheet for sheet in found if sheet is not None)


def _metrics(months: Months, scope: Scope, connection: Connection) -> Sheet | None:
    """The month's figures: what each was, and what changed."""
    results = {
        m: features.run(Query(METRICS, m), scope, connection) for m in (months.now, months.previous, months.year) if m
    }
    now, rows = results[months.now], []
    for id in METRICS:
        value = now.value(id)
        if id in now.missing or not value:
            continue
        declared = features.metric(id)
        fact = _fact(declared, months.now, (), value, scope.company)
        before = [(m, results[m].value(id)) for m in (months.previous, months.year) if m]
        cells = tuple(_changed(declared, value, m, then, (), scope.company) for m, then in before)
        rows.append((declared.name.capitalize(), (Cell(fact.shown, fact), *cells)))
    return Sheet("El mes en cifras", ("", _month(months.now), *months.head), tuple(rows)) if rows else None


def _targets(month: Period, scope: Scope, connection: Connection) -> Sheet | None:
    """What was set out to reach, for the company."""
    rows = []
    for id in METRICS:
        declared = features.metric(id)
        query = Query((id,), month)
        reached = features.attainment(
            features.run(query, scope, connection).value(),
            features.target(query, scope, connection),
            declared.good,
        )
        if reached is None:
            continue
        fact = _fact(declared, month, (), reached.current, scope.company)
        goal = written(reached.target, declared.unit, scope.company)
        share = percent(reached.ratio, 0) if reached.ratio is not None else ""
        tone = Cell(share, tone="good" if reached.reached else "bad")
        rows.append((declared.name.capitalize(), (Cell(fact.shown, fact), Cell(goal), tone)))
    return Sheet("Las metas", ("", "Resultado", "Meta", "Avance"), tuple(rows)) if rows else None


def _parts(dimension: Dimension, months: Months, scope: Scope, connection: Connection) -> Sheet | None:
    """What each branch (category, channel) sold, its part of the whole, and what changed."""
    sales = features.metric("sales")
    asked = [m for m in (months.now, months.previous, months.year) if m]
    by = {
        m: _members(features.run(Query(("sales",), m, dimension=dimension.id), scope, connection).rows) for m in asked
    }
    whole = sum(by[months.now].values(), Decimal(0))
    named = sorted(by[months.now].items(), key=lambda pair: (-pair[1], pair[0]))
    if len(named) < 2 or whole <= 0:
        return None
    rows = []
    for name, value in named[:MOST_MEMBERS]:
        only = (Filter(dimension.id, (name,)),)
        fact = _fact(sales, months.now, only, value, scope.company, f" de {name}")
        changes = (_changed(sales, value, m, by[m].get(name), only, scope.company, f" de {name}") for m in asked[1:])
        rows.append((name, (Cell(fact.shown, fact), Cell(percent(value / whole, 0)), *changes)))
    more = f" (las {MOST_MEMBERS} mayores)" if len(named) > MOST_MEMBERS else ""
    return Sheet(f"Ventas por {dimension.name}{more}", ("", _month(months.now), "Parte", *months.head), tuple(rows))


def _members(rows: Sequence[features.Row]) -> dict[str, Decimal]:
    return {r.member: r.value for r in rows if r.value is not None}


def _changed(
    metric: Metric, now: Decimal, then: Period, before: Decimal | None, only: tuple[Filter, ...], company: Company,
    of: str = "",
) -> Cell:  # fmt: skip
    """The change since `then`, opening what it was then."""
    change = features.change(now, before, metric)
    if change is None or (metric.unit.value != "ratio" and change.ratio is None):
        return Cell("—")
    fact = _fact(metric, then, only, change.before, company, of)
    return Cell(words.changed(change, metric.unit), fact, change.verdict)


def _fact(
    metric: Metric, period: Period, only: tuple[Filter, ...], value: Decimal, company: Company, of: str = ""
) -> Fact:
    named = f"{metric.name}{of}, {_month(period).lower()}"
    return Fact(named, Query((metric.id,), period, filters=only), value, written(value, metric.unit, company))


def _month(period: Period) -> str:
    return f"{MONTHS[period.start.month - 1].capitalize()} {period.start:%Y}"
