"""The door: login, sign-out, and the choice among one's companies."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from core import auth
from core.auth.session import session_memberships
from core.errors import AyniError
from server.identity import CurrentVisitor, address, close_session, open_session
from server.templates import render

router = APIRouter()
HOME = "/chat"


@router.get("/")
def home() -> Response:
    return RedirectResponse(HOME, 303)


@router.get("/login")
def login(request: Request) -> Response:
    """The name that programs and the chat know the door by."""
    return RedirectResponse("/entrar" + (f"?{request.url.query}" if request.url.query else ""), 303)


@router.get("/entrar")
def door(request: Request, next: str = HOME) -> Response:
    try:
        session_memberships(request.cookies.get(auth.COOKIE))
    except AyniError:
        return render("entrar.html", {"next": inside(next), "email": "", "problem": None})
    return RedirectResponse(inside(next), 303)


@router.post("/entrar")
def enter(
    request: Request,
    email: Annotated[str, Form(max_length=254)],
    password: Annotated[str, Form(max_length=500)],
    next: Annotated[str, Form()] = HOME,
) -> Response:
    try:
        user = auth.sign_in(email, password, address(request))
    except AyniError as problem:
        page = {"next": inside(next), "email": email, "problem": problem}
        return render("entrar.html", page, status=problem.http_status)
    response = RedirectResponse(inside(next), 303)
    mine = auth.memberships(user.id)
    open_session(response, user, mine[0].company.slug if mine else None)
    return response


@router.post("/salir")
def leave(request: Request, everywhere: Annotated[bool, Form()] = False) -> Response:
    if everywhere:
        auth.sign_out_everywhere(auth.read_session(request.cookies.get(auth.COOKIE)).user_id)
    response = RedirectResponse("/entrar", 303)
    close_session(response)
    return response


@router.post("/empresa")
def choose(request: Request, slug: Annotated[str, Form()], visitor: CurrentVisitor) -> Response:
    """Work in another of one's companies; NotFound where it isn't one."""
    session = auth.read_session(request.cookies.get(auth.COOKIE))
    scope = auth.scope_for(session.user_id, slug)
    user = auth.User(session.user_id, session.name, session.name, session.token_version)
    response = RedirectResponse("/datos", 303)
    open_session(response, user, scope.company.slug)
    return response


def inside(address: str) -> str:
    """The address where it is a path of ours, else home: a link to the login must not lead elsewhere. Pure."""
    leads_out = not address.startswith("/") or address.startswith(("//", "/\\")) or any(c < " " for c in address)
    return HOME if leads_out or address.startswith("/entrar") else address
