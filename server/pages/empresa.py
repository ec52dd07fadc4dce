"""Mi empresa: who the company is for comparisons, and whether it takes part in them. Managers alone may change it."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import HTMLResponse, RedirectResponse, Response

from core import auth, db, tax_id
from core.errors import AyniError, BadInput, Forbidden
from core.tenancy import Permission, Scope
from features.benchmarks import SECTORS, sector, takes_part
from features.benchmarks.disclosure import FEWEST
from features.benchmarks.measures import MEASURES
from server.identity import CurrentVisitor, Visitor
from server.pages.shared import page

router = APIRouter(prefix="/empresa")


@router.get("")
def profile(visitor: CurrentVisitor, guardado: bool = False) -> HTMLResponse:
    return _page(visitor, saved=guardado)


@router.post("/perfil")
def save(
    visitor: CurrentVisitor,
    name: Annotated[str, Form(max_length=200)],
    kind: Annotated[str, Form(max_length=100)] = "",
    tax: Annotated[str, Form(max_length=40)] = "",
    shares: Annotated[bool, Form()] = False,
) -> Response:
    if not visitor.scope.may(Permission.manage):
        raise Forbidden("role", "Solo quien administra la empresa puede cambiar esto.")
    try:
        _save(visitor.scope, name, kind, tax, shares)
    except AyniError as problem:
        return _page(visitor, problem=problem, status=400)
    return RedirectResponse("/empresa?guardado=1", 303)


def _save(scope: Scope, name: str, kind: str, tax: str, shares: bool) -> None:
    """Write what changed, each change with its line in the log."""
    if not name.strip():
        raise BadInput("company_name", "La empresa necesita un nombre.")
    holder = tax_id.normal(tax, scope.company.country)
    with db.tenant(scope) as connection:
        row = connection.execute(
            "SELECT name, sector, coalesce(tax_id, ''), shares_benchmarks FROM companies WHERE id = %s FOR UPDATE",
            [scope.company_id],
        ).fetchone()
        assert row is not None
        wanted = {"name": name.strip(), "sector": kind.strip(), "tax_id": holder, "share_benchmarks": shares}
        connection.execute(
            "UPDATE companies SET name = %s, sector = %s, tax_id = nullif(%s, ''), shares_benchmarks = %s "
            "WHERE id = %s",
            [*wanted.values(), scope.company_id],
        )
        for (what, now), before in zip(wanted.items(), row, strict=True):
            if now != before:
                auth.note(scope, what, f"{_word(before)} → {_word(now)}", connection)


def _word(value: object) -> str:
    return {True: "on", False: "off"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def _page(visitor: Visitor, problem: AyniError | None = None, saved: bool = False, status: int = 200) -> HTMLResponse:
    scope = visitor.scope
    with db.tenant(scope) as connection:
        row = connection.execute("SELECT name, sector, coalesce(tax_id, '') FROM companies WHERE id = %s",
                                 [scope.company_id]).fetchone()  # fmt: skip
        shares = takes_part(scope, connection)
    assert row is not None
    listed = [(s.id, s.plural.capitalize()) for s in sorted(SECTORS, key=lambda s: s.plural)]
    chosen = sector(row[1]).id if row[1] else ""
    if row[1] and chosen not in {id for id, _ in listed}:
        listed.insert(0, (row[1], row[1]))
        chosen = row[1]
    return page(
        "empresa.html",
        visitor,
        "empresa",
        status,
        called=row[0],
        sectors=listed,
        chosen=chosen,
        tax=row[2],
        tax_name=tax_id.NAMES.get(scope.company.country, "Identificador tributario"),
        shares=shares,
        may_manage=scope.may(Permission.manage),
        measures=[m.name for m in MEASURES],
        fewest=FEWEST,
        problem=problem,
        saved=saved,
    )
