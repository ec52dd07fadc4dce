"""Claves de API: a member's own, what they may do and until when; who manages the company sees them all."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form
from starlette.responses import HTMLResponse, RedirectResponse, Response

from core import auth, db
from core.auth.keys import grantable
from core.errors import AyniError
from core.tenancy import Permission
from server.identity import CurrentVisitor, Visitor
from server.pages.shared import page, told_on
from server.roles import SCOPES

router = APIRouter(prefix="/claves")
LASTS = {"30": "30 días", "90": "90 días", "365": "un año", "": "hasta que la revoque"}


def _page(
    visitor: Visitor,
    made: str = "",
    revoked: bool = False,
    problem: AyniError | None = None,
    typed: Mapping[str, Any] | None = None,
) -> HTMLResponse:
    scope = visitor.scope
    with db.tenant(scope) as connection:
        found = auth.keys(scope, connection)
    return page(
        "claves.html",
        visitor,
        "cuenta",
        problem.http_status if problem else 200,
        keys=found,
        scopes={s.value: SCOPES[s].name for s in grantable(scope.role)},
        named={s.value: told.name for s, told in SCOPES.items()},
        lasts=LASTS,
        typed={"name": "", "scopes": ["look"], "days": "90", **(typed or {})},
        made=made,
        revoked=revoked,
        all_of_them=scope.may(Permission.manage),
        now=datetime.now(UTC),
        problem=problem,
    )


@router.get("")
def listed(visitor: CurrentVisitor, revocada: bool = False) -> HTMLResponse:
    return _page(visitor, revoked=revocada)


@router.post("")
@told_on(_page)
def create(
    visitor: CurrentVisitor,
    name: Annotated[str, Form(max_length=200)] = "",
    scopes: Annotated[list[str], Form()] = [],  # noqa: B006  # FastAPI copies it
    days: Annotated[str, Form(max_length=5)] = "90",
) -> Response:
    """Shown in the answer itself, this once: a redirect would have to keep the key somewhere."""
    lasts = days if days in LASTS else "90"
    with db.tenant(visitor.scope) as connection:
        made = auth.create_key(name, scopes, int(lasts) if lasts else None, visitor.scope, connection)
    return _page(visitor, made=made)


@router.post("/{id}/revocar")
def revoke(visitor: CurrentVisitor, id: UUID) -> Response:
    with db.tenant(visitor.scope) as connection:
        auth.revoke_key(id, visitor.scope, connection)
    return RedirectResponse("/claves?revocada=1", 303)
