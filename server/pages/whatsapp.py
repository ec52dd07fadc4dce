"""WhatsApp: a code that links a phone, one's phones here, whether they want notices; and an answer's sources."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from core import auth, db
from core.errors import NotFound
from core.settings import settings
from core.tenancy import Scope
from server.channels.whatsapp import links, notices
from server.channels.whatsapp.account import account
from server.channels.whatsapp.render import by_definition
from server.identity import CurrentVisitor, Visitor, go_on
from server.pages.entrar import inside
from server.pages.shared import page

router = APIRouter(prefix="/whatsapp")
WHAT = {"answer": "Una respuesta", "notice": "Un aviso"}
REASONS = (
    ("outside the day", "hace más de un día que no escribías, y WhatsApp no deja enviar eso entonces"),
    ("131047", "hace más de un día que no escribías, y WhatsApp no deja enviar eso entonces"),
    ("131026", "ese teléfono no lo puede recibir"),
    ("190", "la conexión con WhatsApp venció; avísale a quien administra Ayni"),
    ("no linked phone", "ya no había un teléfono conectado que lo quisiera"),
    ("worker ended", "se cortó justo al enviarla; no sabemos si llegó, y no la repetimos"),
    ("timeout", "se cortó justo al enviarla; no sabemos si llegó, y no la repetimos"),
)


@router.get("")
def overview(visitor: CurrentVisitor, guardado: bool = False) -> HTMLResponse:
    return _page(visitor, saved=guardado)


@router.post("/codigo")
def code(visitor: CurrentVisitor, notices: Annotated[bool, Form()] = False) -> HTMLResponse:
    """Shown once, on the page that this answers with: the table keeps its hash alone."""
    ours = account()
    if ours is None:
        raise NotFound("whatsapp", "Aquí todavía no hay WhatsApp.")
    made = links.make_code(visitor.scope, notices)
    return _page(visitor, code=made, chat=f"https://wa.me/{ours.number}?text=Conectar%20{made}")


@router.post("/avisos")
def notices_choice(
    visitor: CurrentVisitor, phone: Annotated[str, Form(max_length=60)], wanted: Annotated[bool, Form()] = False
) -> Response:
    links.opt(visitor.scope, phone, wanted, "page")
    return RedirectResponse("/whatsapp?guardado=true", 303)


@router.post("/desconectar")
def leave(visitor: CurrentVisitor, phone: Annotated[str, Form(max_length=60)]) -> Response:
    links.unlink(visitor.scope, phone)
    return RedirectResponse("/whatsapp?guardado=true", 303)


@router.get("/fuentes/{exchange}")
def sources(exchange: UUID, request: Request, visitor: CurrentVisitor) -> Response:
    """Where an answer that went to the visitor's phone comes from, in the company that it was about."""
    scope, answer = _answer(exchange, visitor)
    if scope.company_id != visitor.scope.company_id:
        # The pages behind it belong to the session's company: the visitor opened a link of another one of theirs.
        response = RedirectResponse(str(request.url.path), 303)
        go_on(response, visitor.session.in_company(scope.company.slug))
        return response
    return page(
        "whatsapp_fuentes.html", visitor, "whatsapp", sources=_sources(answer["citations"]),
        paragraphs=_paragraphs(answer["text"]),
    )  # fmt: skip


def _answer(exchange: UUID, visitor: Visitor) -> tuple[Scope, dict[str, Any]]:
    """The visitor's own exchange, wherever among their companies. NotFound where it is anybody else's."""
    user_id = visitor.scope.user_id
    for slug in (visitor.scope.company.slug, *visitor.slugs) if user_id else ():
        scope = auth.scope_for(user_id, slug)  # type: ignore[arg-type]
        with db.tenant(scope) as connection:
            row = connection.execute(
                "SELECT answer FROM exchanges WHERE company_id = %s AND user_id = %s AND id = %s",
                [scope.company_id, user_id, exchange],
            ).fetchone()
        if row:
            return scope, dict(row[0])
    raise NotFound("exchange", "No encuentro esa respuesta entre las tuyas.")


def _page(visitor: Visitor, code: str = "", chat: str = "", saved: bool = False) -> HTMLResponse:
    scope, ours = visitor.scope, account()
    troubles = [
        (WHAT[what], _reason(error), at.astimezone(scope.company.tz)) for at, what, error in notices.troubles(scope)
    ]
    return page(
        "whatsapp.html", visitor, "whatsapp", able=ours is not None, number=settings().whatsapp_number,
        code=code, chat=chat, minutes=links.CODE_MINUTES, phones=links.phones(scope), troubles=troubles, saved=saved,
    )  # fmt: skip


def _sources(citations: list[dict[str, Any]]) -> dict[tuple[str, str], list[tuple[str, str]]]:
    """`by_definition` with no address but our own."""
    return {
        named: [(said, href if href and inside(href) == href else "") for said, href in places]
        for named, places in by_definition(citations).items()
    }


def _reason(error: str) -> str:
    folded = error.lower()
    return next((said for key, said in REASONS if key in folded), "WhatsApp no la aceptó")


def _paragraphs(text: str) -> list[str]:
    return [p for p in text.replace("**", "").split("\n\n") if p.strip() and not p.startswith("|")]
