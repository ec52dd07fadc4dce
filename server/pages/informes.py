"""Informes: the list, one opened to be read, its files, and what can be done with it as a whole.

informe_armar.py puts it together, informe_envio.py sends it.
"""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Form
from starlette.responses import HTMLResponse, RedirectResponse, Response

from core import auth, db
from core.tenancy import Permission
from server.identity import CurrentVisitor, Visitor, permitted
from server.pages.shared import page, pictured
from server.reports import sending, sharing, store
from server.reports.blocks import fill, filled, period_words, today
from server.reports.files import file
from server.reports.sharing import LEVELS, may_build
from server.reports.templates import BLANK, BY_ID, TEMPLATES
from server.roles import ROLES

router = APIRouter(prefix="/informes")
Builder = Annotated[Visitor, permitted(Permission.report)]


@router.get("")
def overview(visitor: CurrentVisitor, borrado: UUID | None = None) -> HTMLResponse:
    scope = visitor.scope
    with db.tenant(scope) as connection:
        reports = store.listed(scope, connection)
        gone = store.deleted(scope, connection) if scope.may(Permission.report) else []
        received = sending.received(scope, connection)
    return page(
        "informes.html",
        visitor,
        "informes",
        mine=[r for r in reports if r.mine(scope)],
        others=[r for r in reports if not r.mine(scope)],
        gone=gone,
        deleted=next((r for r in gone if r.id == borrado), None),
        received=received,
        templates=TEMPLATES,
        may_build=scope.may(Permission.report),
        kept_days=store.KEPT_DAYS,
    )


@router.post("")
def create(visitor: Builder, plantilla: Annotated[str, Form(max_length=40)] = "") -> Response:
    template = BY_ID.get(plantilla)
    with db.tenant(visitor.scope) as connection:
        id = store.create(template.draft if template else BLANK, visitor.scope, connection)
    return RedirectResponse(f"/informes/{id}/editar", 303)


@router.get("/{id}")
def read(id: UUID, visitor: CurrentVisitor, guardado: bool = False) -> HTMLResponse:
    scope = visitor.scope
    with db.tenant(scope) as connection:
        report = store.one(id, scope, connection)
        planned = sending.of(id, scope, connection)
        blocks = fill(report.spec, today(scope), scope, connection)
    return page(
        "informe.html",
        visitor,
        "informes",
        report=report,
        filled=blocks,
        period=period_words(report.spec, today(scope)),
        planned=planned,
        may_change=report.changed_by(scope),
        may_run=report.run_by(scope),
        may_build=scope.may(Permission.report),
        saved=guardado,
    )


@router.get("/{id}/informe.{kind}")
def download(id: UUID, kind: Literal["pdf", "xlsx"], visitor: CurrentVisitor) -> Response:
    scope = visitor.scope
    with db.tenant(scope) as connection:
        draft = store.one(id, scope, connection).draft
        blocks = fill(draft.spec, today(scope), scope, connection)
        logo = auth.logo(scope, connection)
    made = file(kind, draft, blocks, today(scope), logo, scope)
    shown = "inline" if kind == "pdf" else "attachment"
    return Response(
        made.content, media_type=made.kind, headers={"Content-Disposition": f'{shown}; filename="{made.name}"'}
    )


@router.get("/{id}/bloque/{block}.png")
def picture(id: UUID, block: str, visitor: CurrentVisitor) -> Response:
    """One of its charts, for who has no script."""
    scope = visitor.scope
    with db.tenant(scope) as connection:
        spec = store.one(id, scope, connection).spec
        of = next((b for b in spec.blocks if b.id == block), None)
        found = filled(of, spec, today(scope), scope, connection) if of else None
    return pictured(found.spec if found else None, found.title if found else "")


@router.post("/{id}/duplicar")
def duplicate(id: UUID, visitor: Builder) -> Response:
    with db.tenant(visitor.scope) as connection:
        copy = store.duplicate(id, visitor.scope, connection)
    return RedirectResponse(f"/informes/{copy}/editar", 303)


@router.post("/{id}/nombre")
def rename(id: UUID, visitor: Builder, title: Annotated[str, Form(max_length=400)]) -> Response:
    with db.tenant(visitor.scope) as connection:
        store.rename(id, title, visitor.scope, connection)
    return RedirectResponse(f"/informes/{id}?guardado=1", 303)


@router.get("/{id}/compartir")
def sharing_page(id: UUID, visitor: Builder) -> HTMLResponse:
    scope = visitor.scope
    with db.tenant(scope) as connection:
        report = store.run(id, scope, connection)
        people = [m for m in auth.members(scope, connection) if m.user_id != report.owner_id]
    return page(
        "informe_compartir.html",
        visitor,
        "informes",
        report=report,
        people=people,
        roles=[(role, named.name) for role, named in ROLES.items()],
        given={s.who: "edit" if s.may_edit else "look" for s in report.shares},
        levels=LEVELS,
        may_build=may_build,
    )


@router.post("/{id}/compartir")
def share(
    id: UUID,
    visitor: Builder,
    con: Annotated[Literal["empresa", "nadie"], Form()],
    acceso: Annotated[list[str] | None, Form(max_length=500)] = None,
) -> Response:
    with db.tenant(visitor.scope) as connection:
        store.share(id, con == "empresa", visitor.scope, connection, sharing.read(acceso or ()))
    return RedirectResponse(f"/informes/{id}?guardado=1", 303)


@router.post("/{id}/borrar")
def delete(id: UUID, visitor: Builder) -> Response:
    with db.tenant(visitor.scope) as connection:
        store.delete(id, visitor.scope, connection)
    return RedirectResponse(f"/informes?borrado={id}", 303)


@router.post("/{id}/recuperar")
def restore(id: UUID, visitor: Builder) -> Response:
    with db.tenant(visitor.scope) as connection:
        store.restore(id, visitor.scope, connection)
    return RedirectResponse(f"/informes/{id}", 303)
