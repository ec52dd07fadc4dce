"""Metas: what the owner set out to reach, by metric, span and branch, and how much of it was reached."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form
from starlette.responses import HTMLResponse, RedirectResponse, Response

import features
from core import auth, db
from core.errors import AyniError, BadInput
from core.money import number, percent, read_number
from core.periods import Grain, Period, label
from core.tenancy import Permission, Scope
from features.catalog.types import Good, Metric, Unit
from server.identity import CurrentVisitor, Visitor, permitted
from server.pages.shared import page

router = APIRouter(prefix="/metas")
Planner = Annotated[Visitor, permitted(Permission.plan)]
GRAINS = {Grain.month: "Mes", Grain.quarter: "Trimestre", Grain.year: "Año", Grain.week: "Semana"}
AHEAD = {Grain.week: 13, Grain.month: 14, Grain.quarter: 5, Grain.year: 2}
"""How many spans from the present one can be chosen, and as many before it."""
PROPOSED = 12
MOST_SHOWN = 200
MAY_BE_LESS_THAN_NOTHING = frozenset({"operating_result", "gross_profit", "gross_margin"})
"""Of the metrics that come with Ayni: a smaller loss is something to reach too."""


@dataclass(frozen=True, slots=True)
class Line:
    """A target as its row shows it; `part` is 0 to 100 for the bar, None where nothing can be said yet."""

    target: features.Target
    name: str
    period: str
    who: str
    wanted: str
    current: str
    part: int | None
    said: str
    reached: bool
    href: str


@router.get("")
def overview(visitor: CurrentVisitor, metrica: str = "", hecho: int = 0) -> HTMLResponse:
    return _page(visitor, {"metric": metrica or "sales"}, done=hecho)


@router.post("")
def save(
    visitor: Planner,
    metric: Annotated[str, Form(max_length=60)],
    span: Annotated[str, Form(max_length=20)],
    value: Annotated[str, Form(max_length=40)],
    branch: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    typed = {"metric": metric, "span": span, "value": value, "branch": branch}
    try:
        with db.tenant(visitor.scope) as connection:
            wanted = _read(metric, span, value, branch, visitor.scope, connection)
            features.set_target(wanted, visitor.scope, connection)
            auth.note(visitor.scope, "target", _named(wanted, visitor.scope), connection)
    except AyniError as problem:
        return _page(visitor, typed, problem=problem, status=400)
    return RedirectResponse(f"/metas?{urlencode({'metrica': metric, 'hecho': 1})}", 303)


@router.post("/proponer")
def propose(
    visitor: Planner,
    metric: Annotated[str, Form(max_length=60)] = "sales",
    growth: Annotated[str, Form(max_length=20)] = "5",
    branch: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """The coming months at last year's value and so much more; what has a target already stays as it is."""
    typed = {"metric": metric, "growth": growth, "branch": branch}
    try:
        more = read_number(growth.replace("%", ""))
        if more is None or not -100 < more <= 1000:
            raise BadInput("growth", f"No entiendo «{growth}» como porcentaje.", "Escribe, por ejemplo, 5.")
        with db.tenant(visitor.scope) as connection:
            made = _propose(metric, more / 100, branch, visitor.scope, connection)
            if made:
                auth.note(visitor.scope, "target", f"{made} propuestas de {metric}", connection)
        if not made:
            raise BadInput("target", "No hay meses que proponer: ya tienen meta, o no vendiste hace un año.")
    except AyniError as problem:
        return _page(visitor, typed, problem=problem, status=400)
    return RedirectResponse(f"/metas?{urlencode({'metrica': metric, 'hecho': made})}", 303)


@router.post("/borrar")
def remove(
    visitor: Planner,
    metric: Annotated[str, Form(max_length=60)],
    grain: Annotated[Grain, Form()],
    start: Annotated[date, Form()],
    branch: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Gone, with what would bring it back."""
    scope = visitor.scope
    with db.tenant(scope) as connection:
        there = [
            t
            for t in features.targets(scope, connection, metric)
            if (t.grain, t.period.start, t.member) == (grain, start, branch)
        ]
        for one in there:
            features.remove_target(one, scope, connection)
            auth.note(scope, "target_removed", _named(one, scope), connection)
    return _page(visitor, {"metric": metric}, gone=there[0] if there else None)


def _read(metric: str, span: str, value: str, branch: str, scope: Scope, connection: db.Connection) -> features.Target:
    declared = features.metric_of(metric, scope, connection)
    grain, _, start = span.partition(":")
    try:
        period = Period.of(Grain(grain), date.fromisoformat(start))
    except ValueError:
        raise BadInput("span", "Elige para cuándo es la meta.") from None
    amount = read_number(value)
    if amount is None:
        raise BadInput("value", f"No entiendo «{value}» como cifra.", _example(declared))
    if amount < 0 and declared in features.METRICS and metric not in MAY_BE_LESS_THAN_NOTHING:
        raise BadInput("value", f"Una meta de {declared.name} no puede ser menos que cero.", _example(declared))
    if declared.unit is Unit.ratio and "%" not in value and abs(amount) >= 1:
        amount /= 100
    if branch and branch not in features.members("branch", scope, connection):
        raise BadInput("branch", f"No encuentro la sucursal «{branch}».", "Elige una de la lista.")
    return features.Target(metric, period, Grain(grain), "branch" if branch else "", branch, amount)


def _propose(metric: str, growth: Decimal, branch: str, scope: Scope, connection: db.Connection) -> int:
    declared = features.metric_of(metric, scope, connection)
    if branch and branch not in features.members("branch", scope, connection):
        raise BadInput("branch", f"No encuentro la sucursal «{branch}».", "Elige una de la lista.")
    first = Period.of(Grain.month, _today(scope))
    made = 0
    for step in range(PROPOSED):
        month = Period.of(Grain.month, Grain.month.after(first.start, step))
        wanted = features.Target(metric, month, Grain.month, "branch" if branch else "", branch, Decimal(0))
        if features.target(wanted.query, scope, connection) is not None:
            continue
        was = features.run(replace(wanted.query, period=month.year_before()), scope, connection).value()
        if was:
            features.set_target(replace(wanted, value=_rounded(was * (1 + growth), declared)), scope, connection)
            made += 1
    return made


def _rounded(value: Decimal, metric: Metric) -> Decimal:
    """A proposal as a person would write it: three figures of it, a percentage to a tenth. Pure."""
    if metric.unit is Unit.ratio:
        return value.quantize(Decimal("0.001"), ROUND_HALF_UP)
    return Decimal(value).scaleb(0).quantize(Decimal(1).scaleb(value.adjusted() - 2), ROUND_HALF_UP) + Decimal(0)


def _page(
    visitor: Visitor,
    typed: dict[str, str],
    done: int = 0,
    gone: features.Target | None = None,
    problem: AyniError | None = None,
    status: int = 200,
) -> HTMLResponse:
    scope = visitor.scope
    with db.tenant(scope) as connection:
        known = features.metrics(scope, connection)
        branches = features.members("branch", scope, connection)
        coverage = features.coverage(scope, connection)
        kept = features.targets(scope, connection)
        names = {m.id: m for m in known}
        lines = [
            _line(one, names[one.metric], coverage.last, scope, connection)
            for one in kept[:MOST_SHOWN]
            if one.metric in names
        ]
    today = _today(scope)
    typed = {"span": f"{Grain.month}:{Grain.month.first_day(today)}", "value": "", "branch": "", "growth": "5", **typed}
    return page(
        "metas.html", visitor, "metas", status,
        lines=[one for one in lines if _is_now(one.target.period, today, coverage.last)],
        past=[one for one in lines if one.target.period.end < today
              and not _is_now(one.target.period, today, coverage.last)],
        coming=[one for one in reversed(lines) if one.target.period.start > today], metrics=known,
        branches=branches, spans=_spans(today), typed=typed, done=done,
        gone=gone, gone_value=number(gone.value, 4).rstrip("0").rstrip(",") if gone else "",
        gone_said=_named(gone, scope) if gone else "", problem=problem,
        may=scope.may(Permission.plan),
    )  # fmt: skip


def _is_now(period: Period, today: date, last: date | None) -> bool:
    """Whether a span is under way, or the one in which the data ends: what its owner comes to see. Pure."""
    return period.holds(today) or (last is not None and period.holds(last) and period.start <= today)


def _line(one: features.Target, metric: Metric, last: date | None, scope: Scope, connection: db.Connection) -> Line:
    current = None
    if last and one.period.start <= last:
        current = features.run(one.query, scope, connection).value()
    found = features.attainment(current, one.value, metric.good)
    href = {"metric": one.metric, "start": str(one.period.start), "end": str(one.period.end)}
    if one.dimension:
        href[one.dimension] = one.member
    said, reached = _said(found, metric, bool(last and last >= one.period.end))
    return Line(
        one, metric.name, label(one.period), one.member or "Todo el negocio",
        features.shown(metric, one.value, scope.company),
        features.shown(metric, current, scope.company) if current is not None else "",
        None if found is None or found.ratio is None else max(0, min(100, round(found.ratio * 100))),
        said, reached, f"/fuentes?{urlencode(href)}",
    )  # fmt: skip


def _said(found: features.Attainment | None, metric: Metric, over: bool) -> tuple[str, bool]:
    """'92 %, faltó', 'cumplida', 'va en 40 %'. Pure."""
    if found is None:
        return "sin datos todavía", False
    part = "" if found.ratio is None else f": {percent(found.ratio)}"
    if metric.good is Good.down:
        return ("dentro de lo que querías", True) if found.reached else (f"pasada{part}", False)
    if found.reached:
        return f"cumplida{part}", True
    return (f"no se alcanzó{part}" if over else f"va en {part[2:]}" if part else "todavía no"), False


def _spans(today: date) -> list[tuple[str, list[tuple[str, str]]]]:
    """Each grain's spans around today, as choices. Pure."""
    listed = []
    for grain, name in GRAINS.items():
        here = grain.first_day(today)
        spans = [Period.of(grain, grain.after(here, i)) for i in range(-AHEAD[grain], AHEAD[grain] + 1)]
        listed.append((name, [(f"{grain}:{s.start}", label(s)) for s in spans]))
    return listed


def _named(one: features.Target, scope: Scope) -> str:
    metric = features.metric(one.metric)
    where = f" de {one.member}" if one.member else ""
    return f"{metric.name}{where}, {label(one.period)}: {features.shown(metric, one.value, scope.company)}"


def _example(metric: Metric) -> str:
    return "Escribe, por ejemplo, 35 %." if metric.unit is Unit.ratio else "Escribe, por ejemplo, 8.500.000."


def _today(scope: Scope) -> date:
    return scope.company.day_of(datetime.now(UTC))
