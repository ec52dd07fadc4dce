"""Segundo paso: turn the login's second factor on and off, and the recovery codes."""

from typing import Annotated

import segno
from fastapi import APIRouter, Form, Request
from markupsafe import Markup
from starlette.responses import HTMLResponse, RedirectResponse, Response

from core import auth
from core.auth import second_factor, totp
from core.errors import AyniError
from server.identity import CurrentVisitor, Visitor, address
from server.pages.shared import page, told_on

router = APIRouter(prefix="/cuenta/segundo-paso")
Password = Annotated[str, Form(max_length=500)]


def _page(
    visitor: Visitor, problem: AyniError | None = None, codes: list[str] | None = None, typed: object = None
) -> HTMLResponse:
    """What was typed is a password or a code: neither is written back."""
    user = auth.user(visitor.session.user_id)
    on = second_factor.enabled(user.id)
    secret = None if on else second_factor.pending(user.id)
    typed = totp.typed(secret) if secret else ""
    return page(
        "segundo_paso.html",
        visitor,
        "cuenta",
        problem.http_status if problem else 200,
        on=on,
        left=second_factor.codes_left(user.id),
        square=_square(totp.address(secret, user.email)) if secret else "",
        typed=" ".join(typed[i : i + 4] for i in range(0, len(typed), 4)),
        codes=codes or [],
        problem=problem,
    )


@router.get("")
def state(visitor: CurrentVisitor) -> HTMLResponse:
    return _page(visitor)


@router.post("")
@told_on(_page)
def begin(request: Request, visitor: CurrentVisitor, password: Password) -> Response:
    second_factor.begin(auth.user(visitor.session.user_id), password, address(request))
    return RedirectResponse("/cuenta/segundo-paso", 303)


@router.post("/confirmar")
@told_on(_page)
def confirm(request: Request, visitor: CurrentVisitor, code: Annotated[str, Form(max_length=40)]) -> Response:
    """The codes are shown in the answer itself, this once."""
    return _page(visitor, codes=second_factor.confirm(auth.user(visitor.session.user_id), code, address(request)))


@router.post("/codigos")
@told_on(_page)
def renew(request: Request, visitor: CurrentVisitor, password: Password) -> Response:
    return _page(
        visitor, codes=second_factor.renew_codes(auth.user(visitor.session.user_id), password, address(request))
    )


@router.post("/apagar")
@told_on(_page)
def disable(request: Request, visitor: CurrentVisitor, password: Password) -> Response:
    second_factor.disable(auth.user(visitor.session.user_id), password, address(request))
    return RedirectResponse("/cuenta?hecho=segundo-paso", 303)


def _square(text: str) -> Markup:
    """The square code as SVG: our own address, drawn by the library, nothing of it typed by anybody. Pure."""
    return Markup(segno.make(text, error="m", micro=False).svg_inline(border=2, dark="#000000", omitsize=True))
