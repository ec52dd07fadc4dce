"""What every signed-in page shows around itself."""

from datetime import UTC, datetime
from typing import Any

from starlette.responses import HTMLResponse

from core import db
from features import alerts
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
        "open_alerts": open_alerts(visitor),
    }
    return render(name, {**frame, **context}, status)


def open_alerts(visitor: Visitor) -> int:
    """How many alerts nobody has looked at yet: one look at a small index."""
    with db.tenant(visitor.scope) as connection:
        return alerts.count_open(visitor.scope, connection, datetime.now(UTC))
