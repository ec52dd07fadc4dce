"""Who is asking, for a route: from the session's cookie or a bearer token, and from nothing else."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.responses import Response

from core import auth
from core.auth.session import Session, session_memberships, written
from core.errors import Forbidden, NotSignedIn
from core.settings import settings
from core.tenancy import Permission, Scope

REFUSALS = {
    Permission.look: "Tu cuenta no puede ver esto.",
    Permission.upload: "Tu cuenta puede mirar, pero no cambiar datos.",
    Permission.download: "Tu cuenta no puede descargar los datos completos.",
    Permission.plan: "Tu cuenta no puede cambiar metas, métricas ni avisos.",
    Permission.report: "Tu cuenta no puede armar informes.",
    Permission.manage: "Solo quien administra la empresa puede cambiar esto.",
    Permission.privacy: "Solo quien administra la empresa puede hacer esto.",
    Permission.audit: "Tu cuenta no puede ver la actividad de la empresa.",
    Permission.operate: "Esto es solo para quien opera Ayni.",
}


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who looks at a page: their scope, their name, and the companies they may change to. `may_found`: another one of
    their own."""

    scope: Scope
    name: str
    companies: tuple[str, ...]
    slugs: tuple[str, ...]
    session: Session
    may_found: bool


def _visitor(request: Request) -> Visitor:
    scope, mine, session = session_memberships(request.cookies.get(auth.COOKIE))
    names, slugs = tuple(m.company.name for m in mine), tuple(m.company.slug for m in mine)
    return Visitor(scope, session.name, names, slugs, session, auth.may_found(mine))


def _scope(request: Request) -> Scope:
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer":
        return auth.token_scope(token.strip())
    if kind:
        raise NotSignedIn("authorization", "Solo acepto «Authorization: Bearer …».")
    return auth.session_scope(request.cookies.get(auth.COOKIE))


def require(scope: Scope, *permissions: Permission) -> None:
    """Forbidden where the role, or the API key, has none of these."""
    if any(scope.may(permission) for permission in permissions):
        return
    if scope.role.may(permissions[0]):
        raise Forbidden("key_scope", "A esta clave le falta el alcance para eso.", f"Necesita: {permissions[0]}.")
    raise Forbidden("role", REFUSALS[permissions[0]], "Pídeselo a quien administra la empresa.")


def permitted(permission: Permission) -> Any:
    """A route's visitor, who must have `permission`: `Annotated[Visitor, permitted(Permission.plan)]`."""

    def check(visitor: Annotated[Visitor, Depends(_visitor)]) -> Visitor:
        require(visitor.scope, permission)
        return visitor

    return Depends(check)


def allowed(*permissions: Permission) -> Any:
    """The API's scope, from cookie or key, with one of these: `Annotated[Scope, allowed(Permission.look)]`."""

    def check(scope: Annotated[Scope, Depends(_scope)]) -> Scope:
        require(scope, *permissions)
        return scope

    return Depends(check)


SignedIn = Annotated[Scope, allowed(Permission.look)]
"""The scope of whoever asks."""
Uploader = Annotated[Scope, allowed(Permission.upload)]
"""The same, where the role may change data."""
Sender = Annotated[Scope, allowed(Permission.look, Permission.upload)]
"""How files fare: for who looks, and for a key that can do nothing but send them."""
CurrentVisitor = Annotated[Visitor, Depends(_visitor)]


def open_session(response: Response, request: Request, user: auth.User, slug: str | None) -> None:
    """Sign a user in on this browser."""
    agent = request.headers.get("user-agent", "")
    give_cookie(response, auth.session_token(user, slug, address=address(request), agent=agent))


def go_on(response: Response, session: Session) -> None:
    """The same session, in another company or after a new password."""
    give_cookie(response, written(session))


def give_cookie(response: Response, token: str) -> None:
    """Give the browser its one cookie."""
    response.set_cookie(
        auth.COOKIE,
        token,
        max_age=auth.SESSION_SECONDS,
        httponly=True,
        samesite="lax",
        secure=settings().url.startswith("https://") or not settings().development,
        path="/",
    )


def close_session(response: Response) -> None:
    response.delete_cookie(auth.COOKIE, path="/")


def address(request: Request) -> str:
    """Where a login comes from, as the server (told by a trusted proxy, see uvicorn's settings) knows it."""
    return request.client.host if request.client else ""
