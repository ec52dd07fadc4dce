"""Panel: the latest full month in a few cards and one chart. Secondary: the chat answers, this glances."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal

import vl_convert
from fastapi import APIRouter
from fastapi import Query as Query_
from starlette.responses import HTMLResponse, Response

import features
from core import db, money
from core.periods import Grain, Period, add_months, label
from core.tenancy import Scope
from features import benchmarks
from features.catalog.types import Unit
from features.query import Query
from server.identity import CurrentVisitor
from server.pages import around
from server.pages.charts import sales_by_month
from server.pages.shared import page

router = APIRouter(prefix="/panel")
CARDS = ("sales", "transactions", "average_ticket", "gross_margin", "units", "active_customers")
MONTHS = 13
EMPTY: dict[str, Any] = {
    "cards": [], "insights": [], "who": "", "ranks": [], "takes_part": False, "winds": []
}  # fmt: skip


Month = Annotated[str, Query_(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]


@dataclass(frozen=True, slots=True)
class Card:
    """A figure of the month, how it changed, and where it comes from."""

    name: str
    value: str
    change: str
    tone: str
    href: str


@router.get("")
def panel(visitor: CurrentVisitor, mes: Month = "") -> HTMLResponse:
    scope = visitor.scope
    with db.tenant(scope) as connection:
        coverage = features.coverage(scope, connection)
        month = shown_month(coverage.period, mes)
        shown = _month(month, scope, connection) if month else EMPTY
    return page(
        "panel.html", visitor, "panel", month=label(month) if month else "", latest=not mes, coverage=coverage, **shown
    )


def _month(month: Period, scope: Scope, connection: db.Connection) -> dict[str, Any]:
    who, ranks = around.ranks(scope, connection, month)
    return {
        "cards": _cards(month, scope, connection),
        "insights": around.notable(scope, connection, month),
        "who": who,
        "ranks": ranks,
        "takes_part": benchmarks.takes_part(scope, connection),
        "winds": around.winds(scope, connection, month),
    }


def shown_month(known: Period | None, asked: str) -> Period | None:
    """The month asked for ('2026-10') where there is data of it, else the last full one. Pure."""
    if known is not None and asked:
        month = Period.month(int(asked[:4]), int(asked[5:]))
        if month.overlap(known):
            return month
    return latest_full_month(known)


@router.get("/ventas.svg")
def chart(visitor: CurrentVisitor, tema: Literal["claro", "oscuro"] = "claro") -> Response:
    scope = visitor.scope
    with db.tenant(scope) as connection:
        month = latest_full_month(features.coverage(scope, connection).period)
        rows: list[tuple[Period, Decimal | None]] = []
        if month:
            span = Period(add_months(month.start, 1 - MONTHS), month.end)
            result = features.run(Query(("sales",), span, Grain.month), scope, connection)
            rows = [(row.period, row.value) for row in result.rows]
    svg = vl_convert.vegalite_to_svg(sales_by_month(rows, dark=tema == "oscuro"), allowed_base_urls=[])
    return Response(svg, media_type="image/svg+xml", headers={"Cache-Control": "private, max-age=60"})


def latest_full_month(period: Period | None) -> Period | None:
    """The last month that the data covers to its end; where it covers none, the last one begun. Pure."""
    if period is None:
        return None
    last = Period.of(Grain.month, period.end)
    if last.end > period.end and period.start < last.start:
        return Period.of(Grain.month, last.start - timedelta(days=1))
    return last


def _cards(month: Period, scope: Scope, connection: db.Connection) -> list[Card]:
    now = features.run(Query(CARDS, month), scope, connection)
    before = features.run(Query(CARDS, month.previous()), scope, connection)
    return [
        _card(metric, now.value(metric), before.value(metric), month, scope)
        for metric in CARDS
        if metric not in now.missing
    ]


def _card(metric_id: str, value: Decimal | None, before: Decimal | None, month: Period, scope: Scope) -> Card:
    metric = features.metric(metric_id)
    words, tone = change_words(features.change(value, before, metric), metric.unit)
    href = f"/fuentes?metric={metric_id}&start={month.start}&end={month.end}"
    return Card(metric.name, features.shown(metric, value, scope.company), words, tone, href)


def change_words(change: features.Change | None, unit: Unit) -> tuple[str, str]:
    """'7,8 % más', '1,2 puntos menos', and whether that is good. Pure."""
    if change is None:
        return "", ""
    size = abs(change.difference * 100) if unit is Unit.ratio else abs((change.ratio or Decimal(0)) * 100)
    if not round(size, 1):
        return "igual", "neutral"
    how = f"{money.number(size, 1).removesuffix(',0')} {'puntos' if unit is Unit.ratio else '%'}"
    return f"{how} {'más' if change.difference > 0 else 'menos'}", change.verdict
