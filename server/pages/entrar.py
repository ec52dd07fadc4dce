"""The door: login with its second factor, sign-out, and the choice among one's companies."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from core import auth
from core.auth.session import session_memberships
from core.errors import AyniError, NotSignedIn
from server.identity import CurrentVisitor, address, close_session, go_on, open_session
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
def door(request: Request, next: str = HOME, clave: bool = False) -> Response:
    try:
        session_memberships(request.cookies.get(auth.COOKIE))
    except AyniError:
        return render("entrar.html", {"next": inside(next), "email": "", "problem": None, "renewed": clave})
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
        page = {"next": inside(next), "email": email, "problem": problem, "renewed": False}
        return render("entrar.html", page, status=problem.http_status)
    if user.needs_code:
        return _ask_code(auth.second_factor.halfway(user), next)
    return welcome(request, user, next)


@router.post("/entrar/codigo")
def enter_code(
    request: Request,
    ticket: Annotated[str, Form(max_length=1000)],
    code: Annotated[str, Form(max_length=40)],
    next: Annotated[str, Form()] = HOME,
) -> Response:
    """The second step: the app's code, or one of the recovery codes."""
    try:
        user = auth.second_factor.complete(ticket, code, address(request))
    except NotSignedIn as problem:
        if problem.code != "code":  # too late for a code: from the start
            page = {"next": inside(next), "email": "", "problem": problem, "renewed": False}
            return render("entrar.html", page, status=problem.http_status)
        return _ask_code(ticket, next, problem)
    except AyniError as problem:
        return _ask_code(ticket, next, problem)
    return welcome(request, user, next)


@router.post("/salir")
def leave(request: Request, everywhere: Annotated[bool, Form()] = False) -> Response:
    response = RedirectResponse("/entrar", 303)
    close_session(response)
    try:
        session = auth.read_session(request.cookies.get(auth.COOKIE))
    except NotSignedIn:
        return response
    if everywhere:
        auth.sign_out_everywhere(session.user_id)
    else:
        auth.close(session.user_id, session.id, missing_ok=True)
    return response


@router.post("/empresa")
def choose(visitor: CurrentVisitor, slug: Annotated[str, Form(max_length=63)]) -> Response:
    """Work in another of one's companies; NotFound where it isn't one."""
    scope = auth.scope_for(visitor.session.user_id, slug)
    response = RedirectResponse("/panel", 303)
    go_on(response, visitor.session.in_company(scope.company.slug))
    return response


def welcome(request: Request, user: auth.User, next: str) -> Response:
    """Sign somebody in who has proved to be that user, and go where they wanted."""
    response = RedirectResponse(inside(next), 303)
    mine = auth.memberships(user.id)
    open_session(response, request, user, mine[0].company.slug if mine else None)
    return response


def inside(address: str) -> str:
    """The address where it is a path of ours, else home: a link to the login must not lead elsewhere. Pure."""
    leads_out = not address.startswith("/") or address.startswith(("//", "/\\")) or any(c < " " for c in address)
    return HOME if leads_out or address.startswith("/entrar") else address


def _ask_code(ticket: str, next: str, problem: AyniError | None = None) -> Response:
    status = problem.http_status if problem else 200
    return render("entrar_codigo.html", {"ticket": ticket, "next": inside(next), "problem": problem}, status)
