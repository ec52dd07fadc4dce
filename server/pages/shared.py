"""What every signed-in page shows around itself."""

from typing import Any

from starlette.responses import HTMLResponse

from server.identity import Visitor
from server.pages import menu
from server.templates import render


def page(name: str, visitor: Visitor, here: str, status: int = 200, **context: Any) -> HTMLResponse:
    """The page `name` inside our frame; `here` is the part of the menu it belongs to."""
    scope = visitor.scope
    frame = {
        "visitor": visitor,
        "company": scope.company,
        "here": here,
        "menu": menu.seen(menu.MAIN, scope),
        "more": menu.seen(menu.MORE, scope),
    }
    return render(name, {**frame, **context}, status)
