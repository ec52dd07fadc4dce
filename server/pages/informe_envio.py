"""When a report is sent, and to whom; and how its last mails fared."""

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form
from starlette.responses import HTMLResponse, RedirectResponse, Response

from core import db
from core.errors import AyniError, BadInput, NotFound
from core.periods import WEEKDAYS, day_label
from server import jobs
from server.channels import email
from server.envelope import members
from server.identity import CurrentVisitor, Visitor
from server.pages.informes import Builder
from server.pages.resumen import STATES, TROUBLE
from server.pages.shared import page
from server.reports import sending, store
from server.reports.files import NAMES as FORMATS
from server.reports.schedule import CADENCES, NAMES, Schedule, next_day

router = APIRouter(prefix="/informes")
DEFAULT = {"cadence": "weekly", "weekday": 0, "month_day": 1, "hour": 8, "formats": ["pdf"]}


@router.get("/{id}/envio")
def overview(id: UUID, visitor: Builder, guardado: bool = False, pedido: bool = False) -> HTMLResponse:
    with db.tenant(visitor.scope) as connection:
        planned = sending.of(id, visitor.scope, connection)
    typed: dict[str, Any] = {**DEFAULT, "recipients": [str(visitor.scope.user_id)]}
    if planned:
        s = planned.schedule
        typed = {"cadence": s.cadence, "weekday": s.weekday, "month_day": s.month_day, "hour": s.hour,
                 "formats": planned.formats, "recipients": [str(r) for r in planned.recipients]}  # fmt: skip
    return _page(id, typed, visitor, saved=guardado, ordered=pedido)


@router.post("/{id}/envio")
def plan(
    id: UUID,
    visitor: Builder,
    cadence: Annotated[str, Form(max_length=20)],
    hour: Annotated[int, Form(ge=0, le=23)],
    weekday: Annotated[int, Form(ge=0, le=6)] = 0,
    month_day: Annotated[int, Form(ge=1, le=31)] = 1,
    formats: Annotated[list[str] | None, Form()] = None,
    recipients: Annotated[list[UUID] | None, Form()] = None,
) -> Response:
    kinds, chosen = formats or [], recipients or []
    try:
        wanted = _schedule(cadence, hour, weekday, month_day)
        with db.tenant(visitor.scope) as connection:
            sending.plan(id, wanted, kinds, chosen, datetime.now(UTC), visitor.scope, connection)
    except BadInput as problem:
        typed = {"cadence": cadence, "weekday": weekday, "month_day": month_day, "hour": hour, "formats": kinds,
                 "recipients": [str(r) for r in chosen]}  # fmt: skip
        return _page(id, typed, visitor, problem=problem)
    return RedirectResponse(f"/informes/{id}/envio?guardado=1", 303)


@router.post("/{id}/envio/parar")
def stop(id: UUID, visitor: Builder) -> Response:
    with db.tenant(visitor.scope) as connection:
        sending.stop(id, visitor.scope, connection)
    return RedirectResponse(f"/informes/{id}/envio?guardado=1", 303)


@router.post("/{id}/envio/ahora")
def now(id: UUID, visitor: Builder) -> Response:
    """One for whoever asks, on its way at once."""
    scope = visitor.scope
    with db.tenant(scope) as connection:
        store.run(id, scope, connection)
        at = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
        job = jobs.enqueue(scope, "report", {"report": str(id), "user": str(scope.user_id), "at": at}, connection)
    jobs.send(job)
    return RedirectResponse(f"/informes/{id}/envio?pedido=1", 303)


@router.post("/{id}/envio/salir")
def leave(id: UUID, visitor: CurrentVisitor) -> Response:
    """A recipient wants it no more, whoever's report it is."""
    with db.tenant(visitor.scope) as connection:
        if not sending.leave(id, visitor.scope, connection):
            raise NotFound("report", "Ese informe no te llega.")
    return RedirectResponse("/informes#correo", 303)


def _schedule(cadence: str, hour: int, weekday: int, month_day: int) -> Schedule:
    if cadence not in CADENCES:
        raise BadInput("cadence", "No conozco esa frecuencia.", "Elige una de la lista.")
    return Schedule(cadence, hour, weekday, month_day)  # type: ignore[arg-type]  # looked up above


def _page(
    id: UUID,
    typed: dict[str, Any],
    visitor: Visitor,
    problem: AyniError | None = None,
    saved: bool = False,
    ordered: bool = False,
) -> HTMLResponse:
    scope = visitor.scope
    with db.tenant(scope) as connection:
        report = store.run(id, scope, connection)
        planned = sending.of(id, scope, connection)
        mails = sending.history(id, scope, connection)
        people = members(scope, connection)
    coming = ""
    if planned:
        day = next_day(planned.schedule, datetime.now(UTC), scope.company.tz)
        coming = f"{WEEKDAYS[day.weekday()]} {day_label(day)} a las {planned.schedule.hour}:00"
    return page(
        "informe_envio.html",
        visitor,
        "informes",
        400 if problem else 200,
        report=report,
        planned=planned,
        coming=coming,
        mails=[
            (at.astimezone(scope.company.tz), name, STATES.get(state, state), state in TROUBLE)
            for at, name, state in mails
        ],
        people=people,
        typed=typed,
        cadences=NAMES,
        weekdays=WEEKDAYS,
        formats=FORMATS,
        able=email.able(),
        problem=problem,
        saved=saved,
        ordered=ordered,
    )
