"""Nueva empresa: another company of one's own, founded by who owns one already."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form
from starlette.responses import HTMLResponse, RedirectResponse, Response

from core import auth, tax_id
from core.countries import COUNTRIES, TIMEZONES
from core.errors import AyniError, Forbidden
from server.identity import CurrentVisitor, Visitor, go_on
from server.pages.empresa import sectors
from server.pages.shared import page, told_on

router = APIRouter(prefix="/empresas/nueva")


def _founder(visitor: CurrentVisitor) -> Visitor:
    """An owner, of this company or of another."""
    if not visitor.may_found:
        raise Forbidden("found", "Tu cuenta no puede crear empresas.", "Pídeselo a quien administra Ayni.")
    return visitor


Founder = Annotated[Visitor, Depends(_founder)]


def _page(visitor: Visitor, typed: Mapping[str, Any], problem: AyniError | None = None) -> HTMLResponse:
    listed, chosen = sectors(typed.get("kind", ""))
    return page(
        "nueva.html",
        visitor,
        "nueva",
        problem.http_status if problem else 200,
        typed=typed,
        sectors=listed,
        chosen=chosen,
        countries={code: c.name for code, c in COUNTRIES.items()},
        timezones=TIMEZONES,
        tax_name=tax_id.NAMES.get(typed["country"], "Identificador tributario"),
        problem=problem,
    )


@router.get("")
def form(visitor: Founder) -> HTMLResponse:
    country = visitor.scope.company.country
    return _page(visitor, {"country": country if country in COUNTRIES else "CL"})


@router.post("")
@told_on(_page)
def found(
    visitor: Founder,
    name: Annotated[str, Form(max_length=200)] = "",
    kind: Annotated[str, Form(max_length=100)] = "",
    tax: Annotated[str, Form(max_length=40)] = "",
    country: Annotated[str, Form(max_length=2)] = "",
    timezone: Annotated[str, Form(max_length=60)] = "",
) -> Response:
    """The new company is the one worked in from here on: what it needs first is a file."""
    wanted = auth.Profile(name, kind, country, "", timezone, tax, shares=False)
    company = auth.found_company(wanted, visitor.session.user_id)
    response = RedirectResponse("/datos", 303)
    go_on(response, visitor.session.in_company(company.slug))
    return response
