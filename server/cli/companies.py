"""Companies, and what they are compared with: the economy and each other."""

from datetime import datetime
from typing import Annotated, Any

import typer

from server.cli.shell import Json, Password, ready, show, user

commands = typer.Typer()
company_commands = typer.Typer(help="Crear una empresa, compararla o no.", no_args_is_help=True)
macro_commands = typer.Typer(help="Los indicadores económicos.", no_args_is_help=True)
commands.add_typer(company_commands, name="company")
commands.add_typer(macro_commands, name="macro")


@commands.command()
def companies(
    generated: Annotated[
        bool, typer.Option("--generated", help="Las panaderías generadas con que se compara la muestra.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Las empresas que hay."""
    from core import auth

    with ready(as_json):
        found = [
            {"slug": c.slug, "name": c.name, "sector": c.sector, "country": c.country, "currency": c.currency}
            for c in auth.companies(generated)
        ]
        show(found, as_json, [f"{c['slug']:<32} {c['name']}  ({c['sector'] or '—'}, {c['country']})" for c in found])


@company_commands.command("create")
def company_create(
    name: Annotated[str, typer.Argument(help="El nombre, por ejemplo «Café Austral».")],
    slug: Annotated[str, typer.Option(help="Nombre corto; sin él, sale del nombre.")] = "",
    sector: Annotated[str, typer.Option(help="El rubro, por ejemplo panaderia.")] = "",
    country: Annotated[str, typer.Option(help="País: CL, AR, BR, PE…")] = "CL",
    tax_id: Annotated[str, typer.Option(help="El RUT, CUIT…: quien tiene varias cuenta como uno.")] = "",
    owner_email: Annotated[str, typer.Option(help="Crea también la cuenta de su dueño o dueña.")] = "",
    password: Password = None,
    as_json: Json = False,
) -> None:
    """Crea una empresa."""
    from core import auth
    from core.tenancy import Role
    from features.benchmarks import sectors

    with ready(as_json):
        company = auth.create_company(name, slug, sectors.known(sector), country, tax=tax_id)
        made: dict[str, Any] = {"slug": company.slug, "name": company.name, "currency": company.currency}
        if owner_email:
            made |= user(owner_email, password)
            auth.add_member(company, owner_email, Role.owner)
        lines = [f"Empresa «{company.name}» creada: {company.slug}"]
        show(made, as_json, lines + ([f"Entra con {owner_email}, clave {made['password']}"] if owner_email else []))


@company_commands.command("share")
def company_share(
    slug: Annotated[str, typer.Argument(help="El nombre corto de la empresa.")],
    state: Annotated[str, typer.Argument(help="on u off.")],
    as_json: Json = False,
) -> None:
    """La suma a la comparación mensual con negocios parecidos, o la saca."""
    from core import auth
    from core.errors import BadInput

    with ready(as_json):
        if state not in ("on", "off"):
            raise BadInput("state", f"«{state}» no es on ni off.")
        auth.set_sharing(auth.operator_scope(slug), state == "on")
        told = "participa en" if state == "on" else "ya no participa en"
        show({"slug": slug, "shares_benchmarks": state == "on"}, as_json, [f"{slug} {told} la comparación mensual."])


@macro_commands.command("update")
def macro_update(as_json: Json = False) -> None:
    """Pide a sus fuentes los valores nuevos de cada indicador."""
    from dataclasses import asdict
    from datetime import UTC

    from server import economy

    with ready(as_json):
        found = economy.update(datetime.now(UTC).date())
        show([asdict(one) for one in found], as_json, [economy.told(one) for one in found])
        if any(one.error for one in found):
            raise typer.Exit(1)


@commands.command("benchmarks")
def take_benchmarks(
    month: Annotated[datetime | None, typer.Option(formats=["%Y-%m"], help="Un solo mes (AAAA-MM).")] = None,
    as_json: Json = False,
) -> None:
    """Compara los últimos meses completos de quienes participan y publica lo que se puede."""
    from datetime import UTC

    from server import comparing

    with ready(as_json):
        today = datetime.now(UTC).date()
        done = comparing.snapshot([month.date()] if month else comparing.latest_months(today))
        told = {"months": [m.isoformat() for m in done.months], "figures": done.figures, "companies": done.companies}
        lines = [f"{done.figures} cifras publicadas de {len(done.months)} meses; aviso a {done.companies} empresas."]
        show(told, as_json, lines)
