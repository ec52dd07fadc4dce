"""What every signed-in page shows around itself."""

from typing import Any

from starlette.responses import HTMLResponse

from server.identity import Visitor
from server.templates import render


def page(name: str, visitor: Visitor, here: str, status: int = 200, **context: Any) -> HTMLResponse:
    """The page `name` inside our frame; `here` is the part of the menu it belongs to."""
    frame = {"visitor": visitor, "company": visitor.scope.company, "here": here}
    return render(name, {**frame, **context}, status)
