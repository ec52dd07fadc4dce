"""The company's logo: its picture, a new one, none."""

from typing import Annotated

from fastapi import APIRouter, UploadFile
from starlette.responses import RedirectResponse, Response

from core import auth, db
from core.auth.logos import MOST_SENT
from core.errors import NotFound
from core.tenancy import Permission
from server.identity import CurrentVisitor, Visitor, permitted

router = APIRouter(prefix="/empresa")
Manager = Annotated[Visitor, permitted(Permission.manage)]


@router.get("/logo.png")
def picture(visitor: CurrentVisitor) -> Response:
    with db.tenant(visitor.scope) as connection:
        png = auth.logo(visitor.scope, connection)
    if png is None:
        raise NotFound("logo", "Tu empresa aún no tiene logo.", "Súbelo en Mi empresa.")
    return Response(png, media_type="image/png")


@router.post("/logo")
def change(visitor: Manager, file: UploadFile) -> Response:
    sent = file.file.read(MOST_SENT + 1)
    with db.tenant(visitor.scope) as connection:
        auth.set_logo(sent, visitor.scope, connection)
    return RedirectResponse("/empresa?guardado=1", 303)


@router.post("/logo/quitar")
def remove(visitor: Manager) -> Response:
    with db.tenant(visitor.scope) as connection:
        auth.remove_logo(visitor.scope, connection)
    return RedirectResponse("/empresa?guardado=1", 303)
