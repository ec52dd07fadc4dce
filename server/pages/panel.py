"""Panel by role: a month's figures, each with its past, its target and its question. The chat answers, this glances."""

from typing import Annotated

from fastapi import APIRouter
from fastapi import Query as Query_
from starlette.responses import HTMLResponse, Response

from core import db
from server.identity import CurrentVisitor, Visitor
from server.pages.shared import page, pictured
from server.panel import keep
from server.panel.boards import BOARDS, Board, named, own
from server.panel.months import around, months

router = APIRouter(prefix="/panel")

Month = Annotated[str, Query_(pattern=r"^(\d{4}-(0[1-9]|1[0-2]))?$")]


@router.get("")
def panel(visitor: CurrentVisitor, mes: Month = "") -> HTMLResponse:
    """The role's own board."""
    return _page(visitor, own(visitor.scope.role), mes)


@router.get("/{board}")
def one(visitor: CurrentVisitor, board: str, mes: Month = "") -> HTMLResponse:
    return _page(visitor, named(board), mes)


@router.get("/{board}/{block}.png")
def picture(visitor: CurrentVisitor, board: str, block: str, mes: Month = "") -> Response:
    """One of a board's charts, for who has no script."""
    with db.tenant(visitor.scope) as connection:
        shown = keep.board(named(board), mes, visitor.scope, connection).shown
    found = next((b for b in shown.blocks if b.id == block), None)
    return pictured(found.spec if found else None, found.title if found else "")


def _page(visitor: Visitor, board: Board, mes: str) -> HTMLResponse:
    with db.tenant(visitor.scope) as connection:
        kept = keep.board(board, mes, visitor.scope, connection)
    known = months(kept.known.period)
    earlier, later = around(known, kept.shown.month)
    return page(
        "panel.html",
        visitor,
        "panel",
        boards=BOARDS,
        board=board,
        about=BOARDS[board],
        own=own(visitor.scope.role),
        shown=kept.shown,
        months=known,
        earlier=earlier,
        later=later,
    )
