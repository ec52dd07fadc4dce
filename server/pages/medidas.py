"""Medidas propias: numbers that a company writes down by itself, month by month: one by one,
pasted from a sheet or in a file."""

from typing import Annotated

from fastapi import APIRouter, File, Form, UploadFile
from starlette.responses import HTMLResponse, RedirectResponse, Response

import features
import ingest
from core import auth, db
from core.errors import AyniError, BadInput, TooLarge
from core.tenancy import Permission
from features import measures, own
from server import monthly
from server.identity import CurrentVisitor, Visitor, permitted
from server.pages.metricas import overview_page
from server.pages.shared import page

router = APIRouter(prefix="/metricas/medidas")
Planner = Annotated[Visitor, permitted(Permission.plan)]


@router.post("")
def begin(visitor: Planner, name: Annotated[str, Form(max_length=200)]) -> Response:
    scope = visitor.scope
    try:
        with db.tenant(scope) as connection:
            made = own.measure_of(name, scope, connection)
            auth.note(scope, "own_measure", made.name, connection)
    except AyniError as problem:
        return overview_page(visitor, {}, problem=problem, status=problem.http_status, measure_typed=name)
    return RedirectResponse(f"/metricas/medidas/{made.id}", 303)


@router.get("/{measure_id}")
def one(measure_id: str, visitor: CurrentVisitor) -> HTMLResponse:
    return _page(visitor, measure_id)


@router.post("/{measure_id}")
def note(
    measure_id: str,
    visitor: Planner,
    month: Annotated[str, Form(max_length=40)] = "",
    branch: Annotated[str, Form(max_length=200)] = "",
    value: Annotated[str, Form(max_length=40)] = "",
    pasted: Annotated[str, Form(max_length=40_000)] = "",
    file: Annotated[UploadFile | None, File()] = None,
) -> Response:
    scope = visitor.scope
    typed = {"month": month, "branch": branch, "value": value, "pasted": pasted}
    try:
        with db.tenant(scope) as connection:
            known = features.members("branch", scope, connection)
            named = measures.measure(measure_id, scope, connection)
            if file is not None and file.filename:
                lines = monthly.table(ingest.cells(file.file), known, named.name)
            elif pasted.strip():
                lines = monthly.pasted(pasted, known)
            else:
                lines = [monthly.line((month, branch, value), 0, known)]
            measures.note(measure_id, lines, scope, connection)
            auth.note(scope, "own_measure", f"{named.name}: {len(lines)}", connection)
    except (BadInput, TooLarge) as problem:
        return _page(visitor, measure_id, typed, problem, problem.http_status)
    return RedirectResponse(f"/metricas/medidas/{measure_id}", 303)


@router.post("/{measure_id}/borrar")
def end(measure_id: str, visitor: Planner) -> Response:
    scope = visitor.scope
    try:
        with db.tenant(scope) as connection:
            gone = own.end_measure(measure_id, scope, connection)
            auth.note(scope, "own_measure_removed", gone.name, connection)
    except AyniError as problem:
        if problem.http_status == 404:
            raise
        return _page(visitor, measure_id, {}, problem, problem.http_status)
    return RedirectResponse("/metricas#medidas", 303)


def _page(
    visitor: Visitor,
    measure_id: str,
    typed: dict[str, str] | None = None,
    problem: AyniError | None = None,
    status: int = 200,
) -> HTMLResponse:
    scope = visitor.scope
    with db.tenant(scope) as connection:
        found = measures.measure(measure_id, scope, connection)
        noted = measures.noted(measure_id, scope, connection)
        branches = features.members("branch", scope, connection)
    return page(
        "medida.html", visitor, "metricas", status, measure=found, noted=noted, branches=branches, problem=problem,
        typed={"month": "", "branch": "", "value": "", "pasted": "", **(typed or {})},
        may=scope.may(Permission.plan),
    )  # fmt: skip
