"""Explorar: any figure by any split, step by step. Each view is an address; it names no company, so whoever opens it
sees their own figures."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from fastapi import Query as Parameter
from starlette.responses import HTMLResponse, RedirectResponse, Response

import features
from core import auth, db
from core.errors import AyniError, BadInput, NotFound
from core.periods import Period, label
from core.tenancy import Scope
from server.identity import CurrentVisitor
from server.pages import exploring
from server.pages.shared import page
from server.templates import html
from server.views import address, charts, export, paper, steps
from server.views.tables import table
from server.views.view import Chart, View

router = APIRouter(prefix="/explorar")
PATH = "/explorar"
TYPES = {
    "csv": export.CSV_TYPE,
    "xlsx": export.XLSX_TYPE,
    "pdf": "application/pdf",
    "png": "image/png",
}
Kind = Literal["csv", "xlsx", "pdf", "png"]
Pairs = list[tuple[str, str]]


@router.get("")
def explore(
    request: Request,
    visitor: CurrentVisitor,
    filtrar: str = "",
    buscar: Annotated[str, Parameter(max_length=100)] = "",
    aplicar: str = "",
    desde: date | None = None,
    hasta: date | None = None,
) -> Response:
    scope, pairs = visitor.scope, request.query_params.multi_items()
    today = datetime.now(scope.company.tz).date()
    with db.tenant(scope) as connection:
        coverage = features.coverage(scope, connection)
        known = coverage.period
        if known is None:
            return page("explorar.html", visitor, "explorar", found=None, metrics=[], problem=None)
        view, problem = read(pairs, known, today)
        asked, view = view, steps.fitted(view)
        if aplicar or (desde and hasta):
            changed = exploring.applied(view, pairs) if aplicar else view
            if desde and hasta:
                changed = steps.brushed(changed, desde, hasta)
            return RedirectResponse(f"{PATH}?{address.encode(changed)}", 303)
        try:
            found = exploring.gather(asked, coverage, today, scope, connection)
        except (BadInput, NotFound) as refused:  # told above what does work, and what was typed stays
            problem, view = refused, exploring.mended(view, known, today)
            found = exploring.gather(view, coverage, today, scope, connection)
        picker = exploring.picker(filtrar, buscar, pairs, view, coverage, scope, connection)
        metrics = features.metrics(scope, connection)
    swapped = "hx-request" in request.headers  # htmx puts nothing in its place that answers 400
    answer = page(
        "explorar.html", visitor, "explorar", 400 if problem and not swapped else 200,
        found=found, problem=problem, metrics=metrics, picker=picker, typed=_typed(pairs),
    )  # fmt: skip
    if not problem:
        answer.headers["HX-Push-Url"] = f"{PATH}?{address.encode(view)}" + (f"&filtrar={filtrar}" if picker else "")
    return answer


@router.get("/miembros")
def members(
    request: Request,
    visitor: CurrentVisitor,
    filtrar: str,
    buscar: Annotated[str, Parameter(max_length=100)] = "",
) -> HTMLResponse:
    """The list under a search field, as it is typed."""
    scope, pairs = visitor.scope, request.query_params.multi_items()
    with db.tenant(scope) as connection:
        coverage = features.coverage(scope, connection)
        if coverage.period is None:
            raise NotFound("no_data", "Aún no hay datos.", "Sube tu primer archivo en Mis datos.")
        view, _ = read(pairs, coverage.period, datetime.now(scope.company.tz).date())
        picker = exploring.picker(filtrar, buscar, pairs, view, coverage, scope, connection)
    if picker is None:
        raise NotFound("dimension", "No puedo filtrar por eso.", "Elige otro filtro.")
    return HTMLResponse(html("explorar_miembros.html", {"picker": picker}))


@router.get(".{kind}")
def download(request: Request, visitor: CurrentVisitor, kind: Kind) -> Response:
    """The view as a file: what the page shows, with all of its rows."""
    scope = visitor.scope
    with db.tenant(scope) as connection:
        known = features.coverage(scope, connection).period
        if known is None:
            raise NotFound("no_data", "Aún no hay datos.", "Sube tu primer archivo en Mis datos.")
        today = datetime.now(scope.company.tz).date()
        asked = steps.first_view(known, today)
        view = address.decode(request.query_params.multi_items(), asked.period, asked.metrics)
        found = table(view, scope, connection)
        logo = auth.logo(scope, connection) if kind == "pdf" else None
    if not found.rows:
        raise NotFound(
            "no_data", " ".join(found.notes) or "No hay nada que descargar.", "Cambia el período o los filtros."
        )
    name = export.file_name(found.title)
    return Response(
        written(kind, found, view, scope, today, logo),
        media_type=TYPES[kind],
        headers={"Content-Disposition": f'attachment; filename="{name}.{kind}"', "Cache-Control": "private, no-store"},
    )


def written(kind: Kind, found: Any, view: View, scope: Scope, today: date, logo: bytes | None) -> bytes:
    """A table as a file. NotFound where a picture was asked for and nothing can be drawn."""
    company = scope.company
    match kind:
        case "csv":
            return export.csv(found, company)
        case "xlsx":
            return export.xlsx([found], company, found.title)
    spec = charts.spec(found, view, company)
    if spec is None and view.chart in (Chart.table, Chart.text) and kind == "png":
        spec = charts.spec(found, replace(view, chart=Chart.bar), company)
    picture = export.png(charts.picture(spec, found.title if kind == "png" else "")) if spec else None
    if kind == "png":
        if picture is None:
            raise NotFound("no_data", "No hay nada que dibujar.", "Cambia el período o los filtros.")
        return picture
    section = paper.Section(picture=picture, says=found.title, table=found)
    return paper.pdf(found.title, [section], company, logo, f"{label(view.period)} · hecho el {today:%d-%m-%Y}")


def read(pairs: Pairs, known: Period, today: date) -> tuple[View, AyniError | None]:
    """The view that an address names; where a part makes no sense, the rest of it and what was wrong. Pure."""
    first = steps.first_view(known, today)
    if not any(k in address.PARTS or k.removeprefix("not.") in features.DIMENSION_BY_ID for k, v in pairs if v):
        return first, None
    try:
        view = address.decode(pairs, first.period, first.metrics)
        if not any(k in ("rows", "columns", "chart") for k, _ in pairs):  # a figure's address: its course
            view = replace(view, rows=steps.grain_for(view.period).value, chart=Chart.line)
        return view, None
    except BadInput as problem:
        kept: Pairs = []
        for pair in pairs[:100]:
            if _fits([*kept, pair], first):
                kept.append(pair)
        return address.decode(kept, first.period, first.metrics), problem


def _fits(pairs: Pairs, first: View) -> bool:
    try:
        address.decode(pairs, first.period, first.metrics)
    except BadInput:
        return False
    return True


def _typed(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """What was written in the fields that can be mistyped."""
    return {k: v[:40] for k, v in pairs if k in ("start", "end", "limit") and v}
