"""Mi cuenta: one's own name, address and password, and where one is signed in."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from core import auth, db
from core.errors import AyniError
from server import account_mail
from server.channels import email as mail
from server.devices import told
from server.identity import CurrentVisitor, Visitor, address, close_session, go_on
from server.pages.shared import page, told_on
from server.templates import render

router = APIRouter(prefix="/cuenta")
DONE = {
    "nombre": "Guardado.",
    "clave": "Tu clave cambió, y se cerraron tus otras sesiones.",
    "correo": "Te mandé un enlace al correo nuevo: ábrelo para confirmar el cambio. Dura una hora.",
    "sesion": "Sesión cerrada.",
    "segundo-paso": "Apagaste el segundo paso.",
}


def _page(
    visitor: Visitor, done: str = "", problem: AyniError | None = None, typed: Mapping[str, Any] | None = None
) -> HTMLResponse:
    user = auth.user(visitor.session.user_id)
    with db.identity(user.id) as connection:
        keys = auth.own_keys(user.id, connection)
    return page(
        "cuenta.html",
        visitor,
        "cuenta",
        problem.http_status if problem else 200,
        user=user,
        devices=[(one, told(one.agent)) for one in auth.devices(user.id)],
        this=visitor.session.id,
        second_factor=auth.second_factor.enabled(user.id),
        keys=keys,
        able=mail.able(),
        typed=typed or {},
        done=done,
        problem=problem,
    )


@router.get("")
def account(visitor: CurrentVisitor, hecho: str = "") -> HTMLResponse:
    return _page(visitor, done=DONE.get(hecho, ""))


@router.post("/nombre")
@told_on(_page)
def rename(visitor: CurrentVisitor, name: Annotated[str, Form(max_length=200)]) -> Response:
    user = auth.user(visitor.session.user_id)
    auth.rename_user(user, name)
    response = RedirectResponse("/cuenta?hecho=nombre", 303)
    go_on(response, replace(visitor.session, name=auth.user(user.id).name))
    return response


@router.post("/clave")
@told_on(_page)
def change_password(
    request: Request,
    visitor: CurrentVisitor,
    current: Annotated[str, Form(max_length=500)],
    new: Annotated[str, Form(max_length=500)],
    end_keys: Annotated[bool, Form()] = False,
) -> Response:
    session = visitor.session
    user = auth.change_password(auth.user(session.user_id), current, new, address(request), session.id, end_keys)
    response = RedirectResponse("/cuenta?hecho=clave", 303)
    go_on(response, replace(session, token_version=user.token_version))
    return response


@router.post("/correo")
@told_on(_page)
def change_email(
    request: Request,
    visitor: CurrentVisitor,
    email: Annotated[str, Form(max_length=254)],
    password: Annotated[str, Form(max_length=500)],
) -> Response:
    """Nothing changes until the link sent to the new address is opened."""
    to, ticket = auth.ask_new_email(auth.user(visitor.session.user_id), email, password, address(request))
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
