"""Medidas propias: numbers that a company writes down by itself, month by month, one by one or pasted from a sheet."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import HTMLResponse, RedirectResponse, Response

import features
import ingest
from core import auth, db
from core.errors import AyniError, BadInput
from core.language import fold
from core.money import read_number
from core.tenancy import Permission
from features import measures, own
from server.identity import CurrentVisitor, Visitor, permitted
from server.pages.metricas import overview_page
from server.pages.shared import page

router = APIRouter(prefix="/metricas/medidas")
Planner = Annotated[Visitor, permitted(Permission.plan)]
Line = tuple[date, str, Decimal | None]


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
) -> Response:
    scope = visitor.scope
    typed = {"month": month, "branch": branch, "value": value, "pasted": pasted}
    try:
        with db.tenant(scope) as connection:
            known = features.members("branch", scope, connection)
            lines = read(pasted, known) if pasted.strip() else [_line((month, branch, value), 0, known)]
            measures.note(measure_id, lines, scope, connection)
            named = measures.measure(measure_id, scope, connection)
            auth.note(scope, "own_measure", f"{named.name}: {len(lines)}", connection)
    except BadInput as problem:
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


def read(pasted: str, branches: Sequence[str]) -> list[Line]:
    """'octubre 2026; Talca; 1.240' a line, as it stands in a sheet (with tabs) or in a text. BadInput says which line
    can't be read. Pure."""
    lines = []
    for number, text in enumerate(pasted.splitlines(), start=1):
        cells = [c.strip() for c in text.replace(";", "\t").split("\t")]
        while len(cells) > 2 and not cells[-1]:
            cells.pop()
        if not any(cells) or (number == 1 and fold(cells[0]) in ("mes", "fecha", "periodo")):
            continue
        if len(cells) not in (2, 3):
            raise BadInput("measure_line", f"Línea {number}: no la entiendo.", "Escribe: mes; sucursal; número.")
        lines.append(_line((cells[0], cells[1] if len(cells) == 3 else "", cells[-1]), number, branches))
    return lines


def _line(cells: tuple[str, str, str], number: int, branches: Sequence[str]) -> Line:
    month_text, branch_text, value_text = cells
    where = f"Línea {number}: " if number else ""
    month = ingest.month_of(month_text)
    if month is None:
        raise BadInput("measure_line", f"{where}no entiendo el mes «{month_text[:40]}».", "Escríbelo: octubre 2026.")
    branch = next((b for b in branches if fold(b) == fold(branch_text)), "")
    if branch_text.strip() and not branch:
        said = f"{where}no conozco la sucursal «{branch_text[:40]}»."
        raise BadInput("measure_line", said, "Escríbela como en tus ventas, o déjala en blanco.")
    value = read_number(value_text) if value_text.strip() else None
    if value is None and value_text.strip() not in ("", "-"):
        raise BadInput("measure_line", f"{where}no entiendo el número «{value_text[:40]}».", "Escríbelo: 1.240 o 12,5.")
    return month, branch, value


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
