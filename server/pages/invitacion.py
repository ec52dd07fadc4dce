"""Where an invitation's link leads: make one's account, or add the company to the account one is signed in with."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from core import auth
from core.auth.session import open_session as read_open
from core.errors import AyniError, Conflict, NotSignedIn
from server.identity import go_on, open_session
from server.roles import ROLES
from server.templates import render

router = APIRouter(prefix="/invitacion")


@router.get("")
def invited(request: Request, t: str = "") -> Response:
    return _page(request, t)


@router.post("")
def join(
    request: Request,
    t: Annotated[str, Form(max_length=1000)],
    name: Annotated[str, Form(max_length=200)],
    password: Annotated[str, Form(max_length=500)],
) -> Response:
    """A new account, signed in."""
    try:
        company = auth.invitations.invited(t).company
        user = auth.invitations.accept_as_new(t, name, password)
    except AyniError as problem:
        return _page(request, t, problem, name)
    response = RedirectResponse("/chat", 303)
    open_session(response, request, user, company.slug)
    return response


@router.post("/aceptar")
def accept(request: Request, t: Annotated[str, Form(max_length=1000)]) -> Response:
    """The company for an account that is signed in already."""
    session, _ = read_open(request.cookies.get(auth.COOKIE))
    try:
        company = auth.invitations.accept(t, auth.user(session.user_id))
    except AyniError as problem:
        return _page(request, t, problem)
    response = RedirectResponse("/chat", 303)
    go_on(response, session.in_company(company.slug))
    return response


def _page(request: Request, ticket: str, problem: AyniError | None = None, name: str = "") -> HTMLResponse:
    try:
        door = auth.invitations.invited(ticket)
    except AyniError as gone:
        return render("invitacion.html", {"door": None, "problem": gone}, gone.http_status)
    return render(
        "invitacion.html",
        {
            "door": door,
            "role": ROLES[door.invitation.role],
            "ticket": ticket,
            "signed_in": _signed_in(request),
            "has_account": isinstance(problem, Conflict),
            "back": "/entrar?" + urlencode({"next": f"/invitacion?{urlencode({'t': ticket})}"}),
            "name": name,
            "problem": problem,
        },
        problem.http_status if problem else 200,
    )


def _signed_in(request: Request) -> str:
    """The address of the account that is signed in here, or ''."""
    try:
        session, _ = read_open(request.cookies.get(auth.COOKIE))
    except NotSignedIn:
        return ""
    return auth.user(session.user_id).email
