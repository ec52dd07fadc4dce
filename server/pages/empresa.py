"""Mi empresa: what the company says about itself, its logo, and whether it takes part in the comparison."""

from typing import Annotated

from fastapi import APIRouter, Form, UploadFile
from starlette.responses import HTMLResponse, RedirectResponse, Response

from core import auth, db, tax_id
from core.auth.logos import MOST_SENT
from core.countries import COUNTRIES, TIMEZONES
from core.errors import AyniError, NotFound
from core.tenancy import Permission
from features.benchmarks import SECTORS, sector
from features.benchmarks.disclosure import FEWEST
from features.benchmarks.measures import MEASURES
from server.identity import CurrentVisitor, Visitor, permitted
from server.pages.shared import page

router = APIRouter(prefix="/empresa")
Manager = Annotated[Visitor, permitted(Permission.manage)]


@router.get("")
def profile(visitor: CurrentVisitor, guardado: bool = False, moneda: bool = False) -> HTMLResponse:
    return _page(visitor, saved=guardado, kept_currency=moneda)


@router.post("/perfil")
def save(
    visitor: Manager,
    name: Annotated[str, Form(max_length=200)],
    kind: Annotated[str, Form(max_length=100)] = "",
    tax: Annotated[str, Form(max_length=40)] = "",
    country: Annotated[str, Form(max_length=2)] = "",
    region: Annotated[str, Form(max_length=100)] = "",
    timezone: Annotated[str, Form(max_length=60)] = "",
    shares: Annotated[bool, Form()] = False,
) -> Response:
    scope = visitor.scope
    company = scope.company
    wanted = auth.Profile(name, kind, country or company.country, region, timezone or company.timezone, tax, shares)
    try:
        with db.tenant(scope) as connection:
            moved = auth.describe(wanted, scope, connection).country != company.country
            kept = moved and auth.has_data(scope, connection)
    except AyniError as problem:
        return _page(visitor, wanted, problem, status=problem.http_status)
    return RedirectResponse("/empresa?guardado=1" + ("&moneda=1" if kept else ""), 303)


@router.get("/logo.png")
def logo(visitor: CurrentVisitor) -> Response:
    with db.tenant(visitor.scope) as connection:
        png = auth.logo(visitor.scope, connection)
    if png is None:
        raise NotFound("logo", "Tu empresa aún no tiene logo.", "Súbelo en Mi empresa.")
    return Response(png, media_type="image/png")


@router.post("/logo")
def change_logo(visitor: Manager, file: UploadFile) -> Response:
    sent = file.file.read(MOST_SENT + 1)
    try:
        with db.tenant(visitor.scope) as connection:
            auth.set_logo(sent, visitor.scope, connection)
    except AyniError as problem:
        return _page(visitor, problem=problem, status=problem.http_status)
    return RedirectResponse("/empresa?guardado=1", 303)


@router.post("/logo/quitar")
def remove_logo(visitor: Manager) -> Response:
    with db.tenant(visitor.scope) as connection:
        auth.remove_logo(visitor.scope, connection)
    return RedirectResponse("/empresa?guardado=1", 303)


def _page(
    visitor: Visitor,
    typed: auth.Profile | None = None,
    problem: AyniError | None = None,
    saved: bool = False,
    kept_currency: bool = False,
    status: int = 200,
) -> HTMLResponse:
    scope = visitor.scope
    with db.tenant(scope) as connection:
        kept = auth.profile(scope, connection)
        has_logo = auth.logo(scope, connection) is not None
        has_data = auth.has_data(scope, connection)
    shown = typed or kept
    country = COUNTRIES.get(kept.country)
    listed, chosen = sectors(shown.sector)
    return page(
        "empresa.html",
        visitor,
        "empresa",
        status,
        profile=shown,
        sectors=listed,
        chosen=chosen,
        countries={code: c.name for code, c in COUNTRIES.items()} | ({} if country else {kept.country: kept.country}),
        regions=country.regions if country else (),
        timezones=TIMEZONES if kept.timezone in TIMEZONES else (*TIMEZONES, kept.timezone),
        tax_name=tax_id.NAMES.get(kept.country, "Identificador tributario"),
        has_logo=has_logo,
        has_data=has_data,
        may_manage=scope.may(Permission.manage),
        measures=[m.name for m in MEASURES],
        fewest=FEWEST,
        problem=problem,
        saved=saved,
        kept_currency=kept_currency,
    )


def sectors(kept: str) -> tuple[list[tuple[str, str]], str]:
    """The list to choose from and what is chosen; what was written before there was a list stays. Pure."""
    listed = [(s.id, s.plural.capitalize()) for s in sorted(SECTORS, key=lambda s: s.plural)]
    chosen = sector(kept).id if kept else ""
    if kept and chosen not in {id for id, _ in listed}:
        return [(kept, kept), *listed], kept
    return listed, chosen
