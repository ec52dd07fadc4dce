"""Operador: jobs, companies, models, questions without an answer, health and errors, for whoever runs Ayni."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from core import auth
from core.auth.session import open_session
from server import operation
from server.downloads.sending import weight
from server.operation import Operator
from server.templates import render

router = APIRouter(prefix="/operador")
TABS = (
    ("salud", "/operador", "Salud"),
    ("trabajos", "/operador/trabajos", "Trabajos"),
    ("empresas", "/operador/empresas", "Empresas"),
    ("modelos", "/operador/modelos", "Gasto en modelos"),
    ("preguntas", "/operador/preguntas", "Sin respuesta"),
    ("errores", "/operador/errores", "Errores"),
)
STATES = {"queued": "En espera", "running": "Trabajando", "done": "Hecho", "failed": "Fallido"}
MAILS = {
    "waiting": "Esperan otro intento", "held": "Esperan datos", "claimed": "Saliendo", "sending": "Saliendo",
    "sent": "Enviados", "skipped": "No hacían falta", "failed": "No se pudieron enviar",
    "unsure": "No se sabe si llegaron", "bounced": "Rebotados",
}  # fmt: skip
STATUS = {"refused": "Rehusada", "no_data": "Sin datos", "out_of_scope": "Fuera de tema", "clarify": "Pidió aclarar"}
MONTHS = 6
MAIL_DAYS = 30


def _operator(request: Request) -> Operator:
    session, _ = open_session(request.cookies.get(auth.COOKIE))
    return operation.operator(session.user_id)


Running = Annotated[Operator, Depends(_operator)]


@router.get("")
def health(who: Running) -> HTMLResponse:
    return _page("salud", who, health=operation.health(who), weight=weight, mails=_mails(who), mail_states=MAILS)


@router.get("/trabajos")
def all_jobs(who: Running, estado: str = "") -> HTMLResponse:
    found = [j for j in operation.all_jobs(who) if not estado or j.state == estado]
    return _page("trabajos", who, jobs=found, states=STATES, chosen=estado)


@router.post("/trabajos/{company_id}/{job_id}/reintentar")
def retry(company_id: UUID, job_id: UUID, who: Running) -> Response:
    operation.retry(who, company_id, job_id)
    return RedirectResponse("/operador/trabajos", 303)


@router.get("/empresas")
def companies(who: Running) -> HTMLResponse:
    return _page("empresas", who, companies=operation.companies(who))


@router.get("/modelos")
def models(who: Running) -> HTMLResponse:
    since = datetime.now(UTC) - timedelta(days=31 * MONTHS)
    found = operation.spend(who, since.replace(day=1, hour=0, minute=0, second=0, microsecond=0))
    return _page("modelos", who, spend=found, total=sum(r.dollars for r in found))


@router.get("/preguntas")
def questions(who: Running) -> HTMLResponse:
    return _page("preguntas", who, questions=operation.unanswered(who), status=STATUS)


@router.get("/errores")
def errors(who: Running) -> HTMLResponse:
    found = [j for j in operation.all_jobs(who) if j.error]
    bad = [m for m in _mails(who) if m.state in ("failed", "unsure", "bounced")]
    return _page("errores", who, jobs=found, states=STATES, mails=bad, mail_states=MAILS)


def _mails(who: Operator) -> list[operation.MailRow]:
    return operation.mails(who, datetime.now(UTC) - timedelta(days=MAIL_DAYS))


def _page(tab: str, who: Operator, **context: Any) -> HTMLResponse:
    now = datetime.now(UTC)
    return render(f"operador_{tab}.html", {"tab": tab, "tabs": TABS, "who": who, "now": now, **context})
