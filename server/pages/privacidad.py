"""Datos personales: a person in the company's data found, told, corrected, kept out of analyses or erased, each as a
request in the register with its deadline. What identifies somebody travels in bodies, never in addresses."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Form
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse

import features
import retrieval
from core import auth, db, tax_id
from core.db import Connection
from core.errors import AyniError, BadInput, Conflict
from core.language import join
from core.periods import Period, day_label
from core.tenancy import Permission, Scope
from ingest import persons
from server import jobs, uploads
from server.downloads.sending import sent
from server.identity import Visitor, permitted
from server.pages.shared import page
from server.privacy import dossier, everywhere, register

router = APIRouter(prefix="/privacidad")
Keeper = Annotated[Visitor, permitted(Permission.privacy)]


@dataclass(frozen=True, slots=True)
class Typed:
    """What the form says of a person, kept as it was typed."""

    tax: str
    name: str
    email: str

    def person(self, scope: Scope) -> persons.Person:
        return persons.person([self.name], [self.tax], [self.email], scope.company.country)


def typed(
    tax: Annotated[str, Form(max_length=40)] = "",
    name: Annotated[str, Form(max_length=200)] = "",
    email: Annotated[str, Form(max_length=254)] = "",
) -> Typed:
    return Typed(tax, name, email)


def corrected(
    right_name: Annotated[str, Form(max_length=200)] = "",
    right_tax: Annotated[str, Form(max_length=40)] = "",
    right_city: Annotated[str, Form(max_length=100)] = "",
    right_country: Annotated[str, Form(max_length=100)] = "",
) -> persons.Correction:
    return persons.Correction(right_name, right_tax, right_city, right_country)


Said = Annotated[Typed, Depends(typed)]
Right = Annotated[persons.Correction, Depends(corrected)]


@router.get("")
def overview(visitor: Keeper) -> HTMLResponse:
    return _page(visitor)


@router.get("/registro.csv")
def as_csv(visitor: Keeper) -> Response:
    """The register, for whoever must show it."""
    with db.tenant(visitor.scope) as connection:
        found = register.all_of(visitor.scope, connection, 100_000)
    head: list[object] = ["recibida", "derecho", "persona", "vence", "estado", "resuelta", "resultado"]
    rows: list[list[object]] = [
        [r.received_on, register.KINDS[r.kind], r.subject, r.due_on, register.STATES[r.state],
         visitor.scope.company.day_of(r.finished_at) if r.finished_at else "", r.message]
        for r in found
    ]  # fmt: skip
    return StreamingResponse(
        uploads.csv_lines(iter([head, *rows])),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="registro-ley-21719.csv"'},
    )


@router.post("/buscar")
def search(visitor: Keeper, said: Said) -> HTMLResponse:
    """Where a person is, before anything is decided."""
    try:
        return _page(visitor, said, found=_found(said, visitor.scope))
    except AyniError as problem:
        return _page(visitor, said, problem=problem, status=400)


@router.post("/solicitudes")
def request(
    visitor: Keeper,
    said: Said,
    kind: Annotated[str, Form(max_length=20)],
    right: Right,
    received: Annotated[date | None, Form()] = None,
    lift: Annotated[bool, Form()] = False,
    sure: Annotated[bool, Form()] = False,
) -> Response:
    scope = visitor.scope
    job = None
    try:
        who = said.person(scope)
        if kind == "deletion" and not sure:
            raise BadInput("sure", "Marca que entiendes que no se puede deshacer.")
        with db.tenant(scope) as connection:
            if persons.ambiguous(persons.customers(who, scope, connection), who):
                raise BadInput("who", "Ese nombre es de más de una persona.", f"Escribe también su {_tax_name(scope)}.")
            who = persons.widened(who, scope, connection)
            made = register.add(kind, who, received or _today(scope), scope, connection)
            match kind:
                case "deletion":
                    register.settle(made.id, "working", {}, "", scope, connection)
                    job = jobs.enqueue(scope, "forget", {"request": str(made.id)}, connection)
                case "rectification":
                    job = _again(_rectify(made, who, right, scope, connection), scope, connection)
                case "opposition":
                    job = _again(_oppose(made, who, not lift, scope, connection), scope, connection)
    except AyniError as problem:
        return _page(visitor, said, problem=problem, found=_found(said, scope, problem), status=problem.http_status)
    if job is not None:
        jobs.send(job)
    return RedirectResponse(f"/privacidad/{made.id}", 303)


@router.get("/{request_id}")
def one(request_id: UUID, visitor: Keeper) -> HTMLResponse:
    with db.tenant(visitor.scope) as connection:
        found = register.one(request_id, visitor.scope, connection)
    return page(
        "privacidad_una.html", visitor, "privacidad", request=found, kinds=register.KINDS, states=register.STATES,
        today=_today(visitor.scope), delivers=found.kind in ("access", "portability") and bool(found.person),
    )  # fmt: skip


@router.post("/{request_id}/datos.zip")
def deliver(request_id: UUID, visitor: Keeper) -> Response:
    """The person's data, made now and kept nowhere; the request is then answered."""
    scope = visitor.scope
    with db.tenant(scope) as connection:
        found = register.one(request_id, scope, connection)
        if found.kind not in ("access", "portability") or not found.person:
            raise Conflict("delivered", "Esa solicitud no tiene datos que entregar.")
        who = persons.of_json(found.person)
        file = dossier.write(who, found.subject, _today(scope), scope, connection)
        told = f"Entregados el {day_label(_today(scope))} en JSON y CSV."
        register.settle(request_id, "done", {"delivered": _today(scope).isoformat()}, told, scope, connection)
        auth.note(scope, "privacy_delivered", str(request_id)[:8], connection)
    return sent(file, f"datos-personales-{str(request_id)[:8]}.zip", "application/zip")


@router.post("/{request_id}/reintentar")
def again(request_id: UUID, visitor: Keeper) -> Response:
    scope = visitor.scope
    with db.tenant(scope) as connection:
        found = register.one(request_id, scope, connection)
        if (found.kind, found.state) != ("deletion", "failed"):
            raise Conflict("retry", "Esa solicitud no está pendiente de reintento.")
        register.settle(request_id, "working", {}, "", scope, connection)
        job = jobs.enqueue(scope, "forget", {"request": str(request_id)}, connection)
        auth.note(scope, "privacy_retry", str(request_id)[:8], connection)
    jobs.send(job)
    return RedirectResponse(f"/privacidad/{request_id}", 303)


def _rectify(
    made: register.Request, who: persons.Person, right: persons.Correction, scope: Scope, connection: Connection
) -> tuple[Period, ...]:
    ids = [c.id for c in persons.customers(who, scope, connection)]
    touched = persons.correct(ids, right, scope, connection)
    _drop_told(who, scope, connection)
    tax = f"su {_tax_name(scope)}"
    names = {"su nombre": right.name, tax: right.tax_id, "su ciudad": right.city, "su país": right.country}
    put_right = [f"{what} es «{' '.join(text.split())}»" for what, text in names.items() if text.strip()]
    told = f"Desde ahora, en todas las cifras {join(put_right)}. Tus archivos quedan como los subiste."
    register.settle(made.id, "done", {"customers": len(ids)}, told, scope, connection)
    return touched


def _oppose(
    made: register.Request, who: persons.Person, objects: bool, scope: Scope, connection: Connection
) -> tuple[Period, ...]:
    ids = [c.id for c in persons.customers(who, scope, connection)]
    if not ids:
        raise BadInput("customer", "No la encuentro entre tus clientes, así que no hay análisis del que sacarla.")
    count = persons.object_to(ids, objects, scope, connection)
    features.forget_profiles(scope, connection)
    _drop_told(who, scope, connection)
    told = (
        "Ya no está en segmentos, cohortes, rankings, hallazgos ni en la comparación, y ninguna respuesta la nombra. "
        "Sus compras siguen en los totales del negocio."
        if objects
        else "Se levantó su oposición: vuelve a aparecer en los análisis."
    )
    register.settle(made.id, "done", {"customers": count, "objects": objects}, told, scope, connection)
    return persons.months(ids, scope, connection)


def _again(touched: Sequence[Period], scope: Scope, connection: Connection) -> jobs.Job:
    """What was computed with the person as they were told before is computed anew."""
    spans = [[p.start.isoformat(), p.end.isoformat()] for p in touched]
    return jobs.enqueue(scope, "refresh", {"touched": spans}, connection)


def _drop_told(who: persons.Person, scope: Scope, connection: Connection) -> None:
    """Insights and texts that were written with their name; the next night writes them anew."""
    said = persons.pattern(who)
    if said:
        connection.execute("DELETE FROM insights WHERE company_id = %s AND body::text ~* %s", [scope.company_id, said])
        retrieval.forget(said, scope, connection)


def _found(said: Typed, scope: Scope, problem: AyniError | None = None) -> dict[str, Any] | None:
    """What there is of somebody; None where the form itself says nobody."""
    try:
        who = said.person(scope)
    except AyniError:
        if problem is None:
            raise
        return None
    with db.tenant(scope) as connection:
        label = persons.label_of(who, scope, connection)
        whole = persons.widened(who, scope, connection)
        customers = persons.customers(whole, scope, connection)
        told = everywhere.mentions(whole, scope, connection, quick=True)
        auth.note(scope, "privacy_search", "", connection)
    places: dict[str, int] = {}
    for mention in told:
        places[dossier.where(mention.table)] = places.get(dossier.where(mention.table), 0) + mention.rows
    return {
        "label": label, "customers": customers, "places": places, "vague": bool(who.vague) and not who.tax_ids,
        "several": persons.ambiguous(customers, who), "odd": _odd(said, scope), "by_name": _by_name(customers),
        "reserved": any(c.reserved for c in customers), "nothing": not customers and not places,
    }  # fmt: skip


def _odd(said: Typed, scope: Scope) -> bool:
    """Whether the id can't be one: a digit was mistyped, or it is of another country."""
    try:
        tax_id.normal(said.tax, scope.company.country)
    except AyniError:
        return True
    return False


def _by_name(customers: Sequence[persons.Customer]) -> bool:
    """Whether some of these have no id and are taken for the person by their name. Pure."""
    return any(c.tax_id for c in customers) and not all(c.tax_id for c in customers)


def _page(
    visitor: Visitor,
    said: Typed | None = None,
    found: dict[str, Any] | None = None,
    problem: AyniError | None = None,
    status: int = 200,
) -> HTMLResponse:
    scope = visitor.scope
    with db.tenant(scope) as connection:
        requests = register.all_of(scope, connection, 100)
    return page(
        "privacidad.html", visitor, "privacidad", status, said=said or Typed("", "", ""), found=found, problem=problem,
        requests=requests, kinds=register.KINDS, states=register.STATES, today=_today(scope), days=register.DAYS,
        tax_name=_tax_name(scope),
    )  # fmt: skip


def _today(scope: Scope) -> date:
    return scope.company.day_of(datetime.now(UTC))


def _tax_name(scope: Scope) -> str:
    return tax_id.NAMES.get(scope.company.country, "Identificador tributario")
