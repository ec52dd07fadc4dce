"""Mi cuenta: one's own name, address and password, and where one is signed in."""

from dataclasses import replace
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from core import auth
from core.errors import AyniError
from server import account_mail
from server.channels import email as mail
from server.devices import told
from server.identity import CurrentVisitor, Visitor, address, close_session, go_on
from server.pages.shared import page
from server.templates import render

router = APIRouter(prefix="/cuenta")
DONE = {
    "nombre": "Guardado.",
    "clave": "Tu clave cambió, y se cerraron tus otras sesiones.",
    "correo": "Te mandé un enlace al correo nuevo: ábrelo para confirmar el cambio. Dura una hora.",
    "sesion": "Sesión cerrada.",
    "segundo-paso": "Apagaste el segundo paso.",
}


@router.get("")
def account(visitor: CurrentVisitor, hecho: str = "") -> HTMLResponse:
    return _page(visitor, done=DONE.get(hecho, ""))


@router.post("/nombre")
def rename(visitor: CurrentVisitor, name: Annotated[str, Form(max_length=200)]) -> Response:
    user = auth.user(visitor.session.user_id)
    try:
        auth.rename_user(user, name)
    except AyniError as problem:
        return _page(visitor, problem=problem)
    response = RedirectResponse("/cuenta?hecho=nombre", 303)
    go_on(response, replace(visitor.session, name=auth.user(user.id).name))
    return response


@router.post("/clave")
def change_password(
    request: Request,
    visitor: CurrentVisitor,
    current: Annotated[str, Form(max_length=500)],
    new: Annotated[str, Form(max_length=500)],
) -> Response:
    try:
        user = auth.change_password(
            auth.user(visitor.session.user_id), current, new, address(request), visitor.session.id
        )
    except AyniError as problem:
        return _page(visitor, problem=problem)
    response = RedirectResponse("/cuenta?hecho=clave", 303)
    go_on(response, replace(visitor.session, token_version=user.token_version))
    return response


@router.post("/correo")
def change_email(
    request: Request,
    visitor: CurrentVisitor,
    email: Annotated[str, Form(max_length=254)],
    password: Annotated[str, Form(max_length=500)],
) -> Response:
    """Nothing changes until the link sent to the new address is opened."""
    try:
        to, ticket = auth.ask_new_email(auth.user(visitor.session.user_id), email, password, address(request))
    except AyniError as problem:
        return _page(visitor, problem=problem, typed_email=email)
    account_mail.send_new_email(to, ticket)
    return RedirectResponse("/cuenta?hecho=correo", 303)


@router.get("/correo/confirmar")
def ask_to_confirm(t: str = "") -> Response:
    """Asks first: mail scanners open every link they find."""
    return render("cuenta_correo_confirmar.html", {"ticket": t, "email": "", "problem": None})


@router.post("/correo/confirmar")
def confirm_email(t: Annotated[str, Form(max_length=1000)]) -> Response:
    try:
        old, new = auth.confirm_new_email(t)
    except AyniError as problem:
        page = {"ticket": "", "email": "", "problem": problem}
        return render("cuenta_correo_confirmar.html", page, problem.http_status)
    account_mail.tell_email_changed(old, new)
    return render("cuenta_correo_confirmar.html", {"ticket": "", "email": new, "problem": None})


@router.post("/sesiones/{id}/cerrar")
def close_one(visitor: CurrentVisitor, id: UUID) -> Response:
    auth.close(visitor.session.user_id, id)
    if id == visitor.session.id:
        response = RedirectResponse("/entrar", 303)
        close_session(response)
        return response
    return RedirectResponse("/cuenta?hecho=sesion", 303)


def _page(visitor: Visitor, done: str = "", problem: AyniError | None = None, typed_email: str = "") -> HTMLResponse:
    user = auth.user(visitor.session.user_id)
    return page(
        "cuenta.html",
        visitor,
        "cuenta",
        problem.http_status if problem else 200,
        user=user,
        devices=[(one, told(one.agent)) for one in auth.devices(user.id)],
        this=visitor.session.id,
        second_factor=auth.second_factor.enabled(user.id),
        able=mail.able(),
        typed_email=typed_email,
        done=done,
        problem=problem,
    )
