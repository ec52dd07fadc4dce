"""What every signed-in page shows around itself."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any

from starlette.responses import HTMLResponse, Response

from core import db
from core.errors import AyniError, NotFound
from features import alerts
from server.identity import Visitor
from server.pages import menu
from server.templates import render
from server.views import charts, export


def page(name: str, visitor: Visitor, here: str, status: int = 200, **context: Any) -> HTMLResponse:
    """The page `name` inside our frame; `here` is the part of the menu it belongs to."""
    scope = visitor.scope
    frame = {
        "visitor": visitor,
        "company": scope.company,
        "here": here,
        "menu": menu.seen(menu.MAIN, scope),
        "more": menu.more(visitor),
        "new_company": menu.FOUND if visitor.may_found else None,
        "open_alerts": open_alerts(visitor),
    }
    return render(name, {**frame, **context}, status)


def pictured(spec: dict[str, Any] | None, title: str) -> Response:
    """A chart as an image. NotFound where there is none."""
    if spec is None:
        raise NotFound("no_data", "Ahí no hay nada dibujado.", "Mira las cifras en la página.")
    made = export.png(charts.picture(spec, title))
    return Response(made, media_type="image/png", headers={"Cache-Control": "private, no-store"})


def told_on(shown: Callable[..., HTMLResponse]) -> Callable[[Callable[..., Response]], Callable[..., Response]]:
    """For a route that something is posted to: what can't be is told on the page it was sent from, `shown`, as its
    `problem`, with `typed`: all that was sent, by name. It is said below the route's own decorator."""

    def telling(route: Callable[..., Response]) -> Callable[..., Response]:
        @wraps(route)
        def posted(*, visitor: Visitor, **sent: Any) -> Response:
            try:
                return route(visitor=visitor, **sent)
            except AyniError as problem:
                return shown(visitor, problem=problem, typed=sent)

        return posted

    return telling


def open_alerts(visitor: Visitor) -> int:
    """How many alerts nobody has looked at yet: one look at a small index."""
    with db.tenant(visitor.scope) as connection:
        return alerts.count_open(visitor.scope, connection, datetime.now(UTC))
