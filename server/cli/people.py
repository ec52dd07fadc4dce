"""Accounts, tokens for the API, and who operates the service."""

from typing import Annotated, Any

import typer

from server.cli.shell import Json, Password, Slug, invented, ready, show, user

commands = typer.Typer()
user_commands = typer.Typer(help="Cuentas y sus claves.", no_args_is_help=True)
token_commands = typer.Typer(help="Tokens para la API: crear, ver y anular.", no_args_is_help=True)
operator_commands = typer.Typer(help="Quién opera Ayni y puede entrar a /operador.", no_args_is_help=True)
commands.add_typer(user_commands, name="users")
commands.add_typer(token_commands, name="tokens")
commands.add_typer(operator_commands, name="operator")


@user_commands.command("create")
def user_create(
    email: str,
    company: Slug,
    role: Annotated[str, typer.Option(help="owner, analyst, operations, marketing, finance o viewer.")] = "viewer",
    name: str = "",
    password: Password = None,
    as_json: Json = False,
) -> None:
    """Crea una cuenta, o suma una que ya existe a otra empresa."""
    from core import auth
    from core.errors import BadInput
    from core.tenancy import Role

    with ready(as_json):
        known_roles = [r.value for r in Role if r is not Role.operator]
        if role not in known_roles:
            raise BadInput("role", f"No conozco el rol «{role}».", f"Usa uno de: {', '.join(known_roles)}.")
        scope = auth.operator_scope(company)
        known = any(u["email"] == email.strip().lower() for u in auth.users())
        made: dict[str, Any] = {"email": email, "company": company, "role": role}
        made |= {} if known else user(email, password, name)
        auth.add_member(scope.company, email, Role(role))
        show(made, as_json, [f"{email} es {role} de {company}." + ("" if known else f" Clave: {made['password']}")])


@user_commands.command("list")
def user_list(company: Annotated[str | None, typer.Option("--company", "-c")] = None, as_json: Json = False) -> None:
    """Las cuentas y sus empresas."""
    from core import auth

    with ready(as_json):
        found = auth.users(auth.operator_scope(company).company if company else None)
        show(found, as_json, [f"{u['email']:<32} {u['role'] or '—':<8} {u['company']}" for u in found])


@user_commands.command("password")
def user_password(email: str, password: Password = None, as_json: Json = False) -> None:
    """Cambia una clave y cierra las sesiones abiertas con la anterior."""
    from core import auth

    with ready(as_json):
        chosen = password or invented()
        auth.set_password(email, chosen)
        show({"email": email, "password": chosen}, as_json, [f"Clave nueva de {email}: {chosen}"])


@user_commands.command("second-factor-off")
def user_second_factor_off(email: str, as_json: Json = False) -> None:
    """Apaga el segundo paso de quien perdió su teléfono y sus códigos."""
    from core import auth

    with ready(as_json):
        auth.second_factor.disable_for(email)
        show({"email": email, "second_factor": False}, as_json, [f"{email} entra de nuevo solo con su clave."])


@token_commands.command("create")
def token_create(
    company: Slug,
    email: Annotated[str, typer.Option(help="La cuenta en cuyo nombre actúa.")],
    name: Annotated[str, typer.Option(help="Para qué es.")] = "api",
    scope: Annotated[
        list[str] | None, typer.Option(help="look, upload, download, plan o report; sin él, lo que su rol permite.")
    ] = None,
    days: Annotated[int | None, typer.Option(min=1, help="Cuántos días dura; sin él, hasta que se anule.")] = None,
    as_json: Json = False,
) -> None:
    """Crea un token para la API; se muestra una sola vez."""
    from core import auth

    with ready(as_json):
        token = auth.create_token(auth.operator_scope(company), email, name, scope or (), days)
        show({"token": token}, as_json, [token])


@token_commands.command("list")
def token_list(company: Slug, as_json: Json = False) -> None:
    """Los tokens de una empresa: de quién, para qué, qué pueden y cuándo se usaron."""
    from core import auth

    with ready(as_json):
        found = auth.tokens(auth.operator_scope(company))
        lines = [
            f"{t['email']:<32} {t['name']:<16} {t['created']}  {t['last_used'] or 'sin uso':<10}  {t['scopes']}"
            + (f"  hasta {t['expires']}" if t["expires"] else "")
            for t in found
        ]
        show(found, as_json, lines)


@token_commands.command("revoke")
def token_revoke(
    company: Slug,
    email: Annotated[str, typer.Option(help="La cuenta en cuyo nombre actúa.")],
    name: Annotated[str | None, typer.Option(help="Solo los de este nombre; sin él, todos.")] = None,
    as_json: Json = False,
) -> None:
    """Anula tokens: dejan de servir de inmediato."""
    from core import auth

    with ready(as_json):
        gone = auth.revoke_tokens(auth.operator_scope(company), email, name)
        show({"revoked": gone}, as_json, [f"Tokens anulados: {gone}"])


@operator_commands.command("grant")
def operator_grant(email: str, as_json: Json = False) -> None:
    """Deja a una cuenta ver trabajos, empresas y salud de todo el servicio; nunca las cifras de una empresa."""
    _operator(email, True, as_json)


@operator_commands.command("revoke")
def operator_revoke(email: str, as_json: Json = False) -> None:
    """Se lo quita."""
    _operator(email, False, as_json)


def _operator(email: str, may: bool, as_json: bool) -> None:
    from server import operation

    with ready(as_json):
        operation.grant(email, may)
        told = "ahora opera" if may else "ya no opera"
        show({"email": email, "operator": may}, as_json, [f"{email} {told} Ayni."])
