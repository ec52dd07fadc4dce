"""Personas: who belongs to the company and as what, who is invited, and what each role may do."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form
from starlette.responses import HTMLResponse, RedirectResponse, Response

from core import auth, db
from core.auth.invitations import Invitation
from core.errors import AyniError
from core.tenancy import Permission, Scope
from server import account_mail, roles
from server.channels import email as mail
from server.identity import Visitor, permitted
from server.pages.shared import page, told_on

router = APIRouter(prefix="/personas")
Manager = Annotated[Visitor, permitted(Permission.manage)]
DONE = {
    "rol": "Rol cambiado.",
    "fuera": "Esa persona ya no entra a la empresa.",
    "anulada": "Invitación anulada: su enlace ya no sirve.",
    "enviada": "Invitación enviada.",
    "guardada": "La invitación quedó hecha, pero el correo no salió. Envíala otra vez en unos minutos.",
}


def _page(
    visitor: Visitor,
    done: str = "",
    warn: bool = False,
    problem: AyniError | None = None,
    typed: Mapping[str, Any] | None = None,
) -> HTMLResponse:
    scope = visitor.scope
    with db.tenant(scope) as connection:
        members = auth.members(scope, connection)
        invited = auth.invitations.open_invitations(scope, connection)
    names, rows = roles.table()
    return page(
        "personas.html",
        visitor,
        "personas",
        problem.http_status if problem else 200,
        members=members,
        invited=invited,
        roles={role.value: named for role, named in roles.ROLES.items()},
        names=names,
        rows=rows,
        typed=typed if typed and "email" in typed else {"email": "", "role": "viewer"},
        able=mail.able(),
        done=done,
        warn=warn,
        problem=problem,
    )


@router.get("")
def people(visitor: Manager, hecho: str = "") -> HTMLResponse:
    return _page(visitor, done=DONE.get(hecho, ""), warn=hecho == "guardada")


@router.post("/miembros/{user_id}/rol")
@told_on(_page)
def change_role(visitor: Manager, user_id: UUID, role: Annotated[str, Form(max_length=20)]) -> Response:
    with db.tenant(visitor.scope) as connection:
        auth.change_role(user_id, role, visitor.scope, connection)
    return _done("rol", visitor.scope, user_id)


@router.post("/miembros/{user_id}/quitar")
@told_on(_page)
def remove(visitor: Manager, user_id: UUID) -> Response:
    with db.tenant(visitor.scope) as connection:
        auth.remove_member(user_id, visitor.scope, connection)
    return _done("fuera", visitor.scope, user_id)


@router.post("/invitaciones")
@told_on(_page)
def invite(
    visitor: Manager, email: Annotated[str, Form(max_length=254)], role: Annotated[str, Form(max_length=20)] = "viewer"
) -> Response:
    with db.tenant(visitor.scope) as connection:
        made = auth.invitations.invite(email, role, visitor.scope, connection)
    return _sent(made, visitor.scope)


@router.post("/invitaciones/{id}/reenviar")
@told_on(_page)
def resend(visitor: Manager, id: UUID) -> Response:
    with db.tenant(visitor.scope) as connection:
        renewed = auth.invitations.resend(id, visitor.scope, connection)
    return _sent(renewed, visitor.scope)


@router.post("/invitaciones/{id}/anular")
@told_on(_page)
def revoke(visitor: Manager, id: UUID) -> Response:
    with db.tenant(visitor.scope) as connection:
        auth.invitations.revoke_invitation(id, visitor.scope, connection)
    return RedirectResponse("/personas?hecho=anulada", 303)


def _sent(invitation: Invitation, scope: Scope) -> Response:
    """After the commit: a mail is never about an invitation that isn't there."""
    if not account_mail.send_invitation(invitation, scope):
        return RedirectResponse("/personas?hecho=guardada", 303)
    with db.tenant(scope) as connection:
        auth.invitations.mark_delivered(invitation.id, scope, connection)
    return RedirectResponse("/personas?hecho=enviada", 303)


def _done(what: str, scope: Scope, user_id: UUID) -> Response:
    """Whoever changed themselves may not see this page any more."""
    return RedirectResponse("/empresa" if user_id == scope.user_id else f"/personas?hecho={what}", 303)
