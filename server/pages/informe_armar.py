"""The builder of a report: one form, whose buttons change the draft and whose blocks are drawn as they change.

It works without a script: each button sends the form, and the page comes back with what was typed.
"""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

import features
from core import db
from core.db import Connection
from core.errors import AyniError, Conflict
from core.periods import Grain
from core.tenancy import Scope
from features.catalog.books import EXPENSES
from features.query import Query
from server.identity import Visitor
from server.pages.informes import Builder
from server.pages.shared import page
from server.reports import form, store
from server.reports.actions import apply
from server.reports.blocks import NAMES, fill, filled, today
from server.reports.spans import NAMES as SPANS
from server.reports.spec import MOST_METRICS, Draft
from server.reports.store import Report
from server.views.view import Compare
from server.views.words import GRAINS

router = APIRouter(prefix="/informes")
MOST_FIELDS = 4_000
MOST_MEMBERS = 200
"""Names offered by a filter; whoever wants another one writes it."""
COMPARES = {
    Compare.none: "Sin comparar",
    Compare.previous: "Con el período anterior",
    Compare.year: "Con el año pasado",
}
ORDERS = {"": "Como viene", "desc": "De mayor a menor", "asc": "De menor a mayor"}


@router.get("/{id}/editar")
def open_it(id: UUID, visitor: Builder) -> HTMLResponse:
    with db.tenant(visitor.scope) as connection:
        report = store.changeable(id, visitor.scope, connection)
    return _page(report, report.draft, report.version, visitor)


async def _sent(request: Request) -> form.Pairs:
    sent = await request.form(max_fields=MOST_FIELDS)
    return [(name, value) for name, value in sent.multi_items() if isinstance(value, str)]


Sent = Annotated[form.Pairs, Depends(_sent)]
"""The form's fields in their order: which ones there are depends on the report's blocks."""


@router.post("/{id}/editar")
def change(id: UUID, pairs: Sent, request: Request, visitor: Builder) -> Response:
    fragment = "hx-request" in request.headers
    draft, asked = form.draft(pairs), dict(pairs)
    action = asked.get("do", "save")
    about, version = asked.get("active", ""), asked.get("version", "")
    if action.partition(":")[0] == "save":
        # 'save:VERSION' goes over that one, which whoever saves was shown.
        over = action.partition(":")[2] or version
        try:
            with db.tenant(visitor.scope) as connection:
                store.save(id, draft, visitor.scope, connection, over)
        except Conflict as overtaken:
            with db.tenant(visitor.scope) as connection:
                report = store.changeable(id, visitor.scope, connection)
            return _page(report, draft, version, visitor, about, problem=overtaken, fragment=fragment)
        to = f"/informes/{id}?guardado=1"
        return Response(headers={"HX-Redirect": to}) if fragment else RedirectResponse(to, 303)
    with db.tenant(visitor.scope) as connection:
        report = store.changeable(id, visitor.scope, connection)
    block = action.partition(":")[2].partition(":")[0]
    problem, touched = None, ""
    try:
        draft, touched = apply(draft, action, asked.get(f"{block}.new", ""))
    except AyniError as refused:
        problem = refused
    return _page(report, draft, version or report.version, visitor, touched or about, touched, problem, fragment)


@router.post("/{id}/vista")
def preview(id: UUID, pairs: Sent, visitor: Builder) -> HTMLResponse:
    """One block as the form has it now."""
    scope, draft, about = visitor.scope, form.draft(pairs), dict(pairs).get("about", "")
    with db.tenant(scope) as connection:
        store.changeable(id, scope, connection)
        found = [filled(b, draft.spec, today(scope), scope, connection) for b in draft.spec.blocks if b.id == about]
    return page("informe_vista.html", visitor, "informes", filled=found)


def _page(
    report: Report,
    draft: Draft,
    version: str,
    visitor: Visitor,
    about: str = "",
    touched: str = "",
    problem: AyniError | None = None,
    fragment: bool = False,
) -> HTMLResponse:
    """`version` is the one that the draft was made of."""
    scope = visitor.scope
    with db.tenant(scope) as connection:
        context = _offered(draft, scope, connection)
        shown = fill(draft.spec, today(scope), scope, connection)
    ids = [b.id for b in draft.spec.blocks]
    return page(
        "informe_editor.html" if fragment else "informe_editar.html",
        visitor,
        "informes",
        problem.http_status if problem and not fragment else 200,  # htmx shows nothing that answers 400
        report=report,
        draft=draft,
        version=version,
        overtaken=problem is not None and problem.code == store.OVERTAKEN,
        filled={f.block.id: f for f in shown},
        active=about if about in ids else ids[0] if ids else "",
        dirty=draft != report.draft,
        moved=touched,
        problem=problem,
        **context,
    )


def _offered(draft: Draft, scope: Scope, connection: Connection) -> dict[str, Any]:
    """What the form's lists hold."""
    metrics = features.metrics(scope, connection)
    columns = features.coverage(scope, connection).columns
    books = [d for d in features.DIMENSION_BY_ID.values() if d not in features.DIMENSIONS and set(d.needs) <= columns]
    wanted = {f.dimension for b in draft.spec.blocks for f in b.filters if f.dimension in features.DIMENSION_BY_ID}
    return {
        "metrics": {m.id: m.name for m in metrics},
        "dimensions": {d.id: d.name for d in (*features.DIMENSIONS, *books)},
        "grains": {g.value: GRAINS[g] for g in Grain},
        "members": {d: _members(d, scope, connection) for d in wanted},
        "spans": SPANS,
        "charts": NAMES,
        "compares": COMPARES,
        "orders": ORDERS,
        "most_metrics": MOST_METRICS,
    }


def _members(dimension: str, scope: Scope, connection: Connection) -> list[str]:
    """The names that sell most, or all of them in their order where there is one."""
    period = features.coverage(scope, connection).period
    if period is None:
        return []
    declared = features.dimension(dimension)
    order, limit = (None, None) if declared.order else ("desc", MOST_MEMBERS)
    of = "sales" if declared in features.DIMENSIONS else EXPENSES.id
    found = features.run(Query((of,), period, dimension=dimension, order=order, limit=limit), scope, connection)  # type: ignore[arg-type]
    return [r.member for r in found.rows]
