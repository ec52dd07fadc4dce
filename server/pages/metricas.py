"""Métricas: what can be asked and how each figure is computed; and the company's own, written as formulas."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form
from starlette.responses import HTMLResponse, RedirectResponse, Response

import features
import retrieval
from core import auth, db
from core.errors import AyniError, BadInput
from core.periods import Grain, Period, label
from core.tenancy import Permission, Scope
from features import measures, own
from features.catalog.formula import compute, written
from features.catalog.own import MEASURE, PREFIX, OwnMetric, declare
from features.catalog.types import Good, Unit
from features.needs import COLUMN_NAMES
from features.query import Query
from features.text.definitions import definition
from server.identity import CurrentVisitor, Visitor, permitted
from server.pages.shared import page
from server.templates import render

router = APIRouter(prefix="/metricas")
Planner = Annotated[Visitor, permitted(Permission.plan)]
UNITS = {
    Unit.money: "Plata",
    Unit.ratio: "Porcentaje",
    Unit.number: "Número con decimales",
    Unit.count: "Cantidad entera",
    Unit.days: "Días",
}
DIRECTIONS = {Good.up: "Mientras más, mejor", Good.down: "Mientras menos, mejor", Good.neither: "Ni una ni otra"}


@dataclass(frozen=True, slots=True)
class Line:
    """One of the company's own metrics: its formula as read, and its value in the latest full month."""

    metric: OwnMetric
    formula: str
    value: str


@router.get("")
def overview(visitor: CurrentVisitor, editar: str = "", guardada: bool = False) -> HTMLResponse:
    typed: dict[str, str] = {}
    if editar:
        with db.tenant(visitor.scope) as connection:
            typed = _typed(own.own_metric(editar, visitor.scope, connection))
    return overview_page(visitor, typed, saved=guardada)


@router.get("/prueba")
def preview(
    visitor: CurrentVisitor,
    formula: str = "",
    unit: Unit = Unit.money,
) -> HTMLResponse:
    """What the formula being written gives, or what is wrong with it."""
    if not formula.strip():
        return render("metrica_prueba.html", {"said": "", "wrong": ""})
    scope = visitor.scope
    with db.tenant(scope) as connection:
        try:
            found = own.understood(formula[:300], scope, connection)
        except AyniError as problem:
            return render("metrica_prueba.html", {"said": "", "wrong": problem.spanish})
        one = declare("own_preview", "prueba", found, unit, Good.up, own.parts(scope, connection))
        value, month, missing = _value(one, scope, connection)
    read = written(found, lambda id: features.metric(id).name)
    if missing:
        lack = ", ".join(COLUMN_NAMES.get(c, c) for c in missing)
        return render("metrica_prueba.html", {"said": "", "wrong": f"Leí {read}, pero tus archivos no traen {lack}."})
    said = f"{read} = {value} en {month}" if month else f"Leí {read}. Sube tus ventas para ver cuánto da."
    return render("metrica_prueba.html", {"said": said, "wrong": ""})


@router.post("")
def save(
    visitor: Planner,
    name: Annotated[str, Form(max_length=200)],
    formula: Annotated[str, Form(max_length=500)],
    unit: Annotated[str, Form(max_length=20)] = "money",
    good: Annotated[str, Form(max_length=20)] = "up",
    id: Annotated[str, Form(max_length=60)] = "",
) -> Response:
    scope = visitor.scope
    typed = {"name": name, "formula": formula, "unit": unit, "good": good, "id": id}
    try:
        if unit not in {u.value for u in UNITS} or good not in {g.value for g in DIRECTIONS}:
            raise BadInput("unit", "Elige la unidad y la dirección de la lista.")
        with db.tenant(scope) as connection:
            made = own.define(name, formula, Unit(unit), Good(good), scope, connection, id or None)
            retrieval.index([definition(made)], scope, connection)
            auth.note(scope, "own_metric", f"{made.name}: {made.definition}", connection)
    except AyniError as problem:
        return overview_page(visitor, typed, problem=problem, status=problem.http_status)
    return RedirectResponse(f"/metricas?{urlencode({'guardada': 'true'})}", 303)


@router.post("/{metric_id}/borrar")
def remove(metric_id: str, visitor: Planner) -> Response:
    scope = visitor.scope
    with db.tenant(scope) as connection:
        gone = own.remove(metric_id, scope, connection)
        retrieval.remove("definition", scope, connection, [gone.id])
        auth.note(scope, "own_metric_removed", gone.name, connection)
    return overview_page(visitor, {}, gone=gone)


@router.post("/{metric_id}/recuperar")
def restore(metric_id: str, visitor: Planner) -> Response:
    scope = visitor.scope
    try:
        with db.tenant(scope) as connection:
            back = own.remove(metric_id, scope, connection, gone=False)
            retrieval.index([definition(back)], scope, connection)
            auth.note(scope, "own_metric", f"{back.name}: {back.definition}", connection)
    except AyniError as problem:
        return overview_page(visitor, {}, problem=problem, status=problem.http_status)
    return RedirectResponse("/metricas", 303)


def overview_page(
    visitor: Visitor,
    typed: dict[str, str],
    saved: bool = False,
    gone: OwnMetric | None = None,
    problem: AyniError | None = None,
    status: int = 200,
    measure_typed: str = "",
) -> HTMLResponse:
    scope = visitor.scope
    with db.tenant(scope) as connection:
        coverage = features.coverage(scope, connection)
        lines = [
            Line(one, written(one.formula, lambda id: features.metric(id).name), _value(one, scope, connection)[0])
            for one in own.own_metrics(scope, connection)
        ]
        known = own.metrics(scope, connection)
        mine = measures.measures(scope, connection)
    typed = {"id": "", "name": "", "formula": "", "unit": Unit.money.value, "good": Good.up.value, **typed}
    catalog = [
        (m, [COLUMN_NAMES.get(c, c) for c in m.needs if c not in coverage.columns and c not in own.BOOKS])
        for m in known
        if not m.id.startswith((PREFIX, MEASURE))
    ]
    return page(
        "metricas.html", visitor, "metricas", status,
        lines=lines, catalog=catalog, has_data=bool(coverage.lines), units=UNITS, directions=DIRECTIONS, typed=typed,
        saved=saved, gone=gone, problem=problem, may=scope.may(Permission.plan), measures=mine,
        measure_typed=measure_typed,
    )  # fmt: skip


def _value(one: OwnMetric, scope: Scope, connection: db.Connection) -> tuple[str, str, tuple[str, ...]]:
    """Its value in the latest full month, that month, and what is missing for it."""
    last = features.coverage(scope, connection).last
    if last is None:
        return "", "", ()
    today = scope.company.day_of(datetime.now(UTC))
    month = Period.of(Grain.month, last)
    if month.end > last or month.end >= today:
        month = month.previous()
    parts = features.run(Query(one.formula.metrics, month), scope, connection)
    if parts.missing:
        return "", label(month), tuple(dict.fromkeys(c for lack in parts.missing.values() for c in lack))
    value = compute(one.formula, {m: parts.value(m) for m in one.formula.metrics})
    return features.shown(one, value, scope.company), label(month), ()


def _typed(one: OwnMetric) -> dict[str, str]:
    formula = written(one.formula, lambda id: features.metric(id).name)
    return {"name": one.name, "formula": formula, "unit": one.unit.value, "good": one.good.value, "id": one.id}
