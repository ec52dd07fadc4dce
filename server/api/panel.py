"""A board's data, as its page shows it."""

from typing import Annotated

from fastapi import APIRouter, Header, Path
from fastapi import Query as Query_
from starlette.responses import Response

from core import db
from server.identity import SignedIn
from server.panel import keep
from server.panel.boards import named

router = APIRouter()


@router.get("/api/v1/panel/{board}", tags=["panel"], summary="Un panel: tarjetas, gráficos y tablas de un mes")
def panel(
    scope: SignedIn,
    board: Annotated[str, Path(description="dueno, operaciones, marketing or finanzas")],
    mes: Annotated[str, Query_(pattern=r"^(\d{4}-(0[1-9]|1[0-2]))?$", description="month, as in 2026-10")] = "",
    if_none_match: Annotated[str, Header()] = "",
) -> Response:
    """Cards, charts and tables of a board in a month; without `mes`, of the latest full one.

    Values are exact, as text in the metric's unit. The ETag changes when anything told in it does.
    """
    with db.tenant(scope) as connection:
        kept = keep.board(named(board), mes, scope, connection)
    tag = f'"{kept.version}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache", "Vary": "Cookie, Authorization"}
    if if_none_match == tag:
        return Response(status_code=304, headers=headers)
    return Response(kept.body, media_type="application/json", headers=headers)
