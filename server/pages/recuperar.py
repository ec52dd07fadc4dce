"""A forgotten password: ask for the mail, come back with its link. What is answered never tells who has an account."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.background import BackgroundTask
from starlette.responses import RedirectResponse, Response

from core import auth
from core.errors import AyniError, NotFound
from server.account_mail import send_reset
from server.channels import email as mail
from server.identity import address, close_session
from server.templates import render

router = APIRouter(prefix="/recuperar")


@router.get("")
def forgotten() -> Response:
    return render("recuperar.html", {"email": "", "asked": False, "problem": None, "able": mail.able()})


@router.post("")
def ask(request: Request, email: Annotated[str, Form(max_length=254)]) -> Response:
    page = {"email": email, "asked": True, "problem": None, "able": mail.able()}
    try:
        found = auth.ask_reset(email, address(request))
    except AyniError as problem:
        return render("recuperar.html", {**page, "asked": False, "problem": problem}, problem.http_status)
    response = render("recuperar.html", page)
    if found:  # after the answer has left: the mail server's time must not tell who has an account
        response.background = BackgroundTask(send_reset, *found)
    return response


@router.get("/nueva")
def choose(t: str = "") -> Response:
    return _choose(t)


@router.post("/nueva")
def renew(
    request: Request,
    t: Annotated[str, Form(max_length=1000)],
    password: Annotated[str, Form(max_length=500)],
    end_keys: Annotated[bool, Form()] = False,
) -> Response:
    try:
        auth.reset_password(t, password, address(request), end_keys)
    except NotFound:
        return _choose(t)
    except AyniError as problem:
        return _choose(t, problem, end_keys)
    response = RedirectResponse("/entrar?clave=1", 303)
    close_session(response)
    return response


def _choose(ticket: str, problem: AyniError | None = None, end_keys: bool = False) -> Response:
    try:
        keys = auth.check_reset(ticket)
    except AyniError as worthless:
        page: dict[str, object] = {"ticket": "", "problem": worthless}
        return render("recuperar_nueva.html", page, worthless.http_status)
    page = {"ticket": ticket, "problem": problem, "keys": keys, "end_keys": end_keys}
    return render("recuperar_nueva.html", page, problem.http_status if problem else 200)
