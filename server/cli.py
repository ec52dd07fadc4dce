"""The `ayni` command. Works beside a running server or without one: it starts the embedded database by itself.

Imports are inside the commands: each needs a part of the house, and `ayni --help` none of it.
"""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

app = typer.Typer(
    name="ayni",
    help="Ayni: respuestas exactas sobre los datos de tu negocio. Empieza con: ayni up",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
company_commands = typer.Typer(help="Crear una empresa, compararla o no.", no_args_is_help=True)
macro_commands = typer.Typer(help="Los indicadores económicos.", no_args_is_help=True)
user_commands = typer.Typer(help="Cuentas y sus claves.", no_args_is_help=True)
token_commands = typer.Typer(help="Tokens para la API: crear, ver y anular.", no_args_is_help=True)
mail_commands = typer.Typer(help="Los correos: cómo quedaron, y los que llegan.", no_args_is_help=True)
app.add_typer(mail_commands, name="mail")
app.add_typer(company_commands, name="company")
app.add_typer(macro_commands, name="macro")
app.add_typer(user_commands, name="users")
app.add_typer(token_commands, name="tokens")
operator_commands = typer.Typer(help="Quién opera Ayni y puede entrar a /operador.", no_args_is_help=True)
app.add_typer(operator_commands, name="operator")

Json = Annotated[bool, typer.Option("--json", help="La salida como JSON.")]
Slug = Annotated[str, typer.Option("--company", "-c", help="El nombre corto de la empresa.")]
AsOf = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="El día que vale como hoy (AAAA-MM-DD).")]
Password = Annotated[str | None, typer.Option(help="Sin ella, se inventa una y se muestra.")]


def main() -> None:
    """What the `ayni` script calls."""
    app()


@app.command()
def up() -> None:
    """Levanta todo: base de datos, web, trabajador y agenda. Ctrl-C lo detiene."""
    from server.up import up as start

    with _told(False):
        raise typer.Exit(start())


@app.command()
def worker() -> None:
    """Solo el trabajador que lee archivos (para producción)."""
    from server.up import command

    raise typer.Exit(subprocess.run(command("worker"), check=False).returncode)


@app.command()
def migrate() -> None:
    """Pone la base de datos al día."""
    from core import db
    from server import economy

    with _told(False):
        db.migrate()
        economy.load()
        typer.echo("La base de datos está al día.")


@app.command()
def companies(
    generated: Annotated[
        bool, typer.Option("--generated", help="Las panaderías generadas con que se compara la muestra.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Las empresas que hay."""
    from core import auth

    with _ready(as_json):
        found = [
            {"slug": c.slug, "name": c.name, "sector": c.sector, "country": c.country, "currency": c.currency}
            for c in auth.companies(generated)
        ]
        _show(found, as_json, [f"{c['slug']:<32} {c['name']}  ({c['sector'] or '—'}, {c['country']})" for c in found])


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

    with _ready(as_json):
        company = auth.create_company(name, slug, sectors.known(sector), country, tax=tax_id)
        made: dict[str, Any] = {"slug": company.slug, "name": company.name, "currency": company.currency}
        if owner_email:
            made |= _user(owner_email, password)
            auth.add_member(company, owner_email, Role.owner)
        lines = [f"Empresa «{company.name}» creada: {company.slug}"]
        _show(made, as_json, lines + ([f"Entra con {owner_email}, clave {made['password']}"] if owner_email else []))


@company_commands.command("share")
def company_share(
    slug: Annotated[str, typer.Argument(help="El nombre corto de la empresa.")],
    state: Annotated[str, typer.Argument(help="on u off.")],
    as_json: Json = False,
) -> None:
    """La suma a la comparación mensual con negocios parecidos, o la saca."""
    from core import auth
    from core.errors import BadInput

    with _ready(as_json):
        if state not in ("on", "off"):
            raise BadInput("state", f"«{state}» no es on ni off.")
        auth.set_sharing(auth.operator_scope(slug), state == "on")
        told = "participa en" if state == "on" else "ya no participa en"
        _show({"slug": slug, "shares_benchmarks": state == "on"}, as_json, [f"{slug} {told} la comparación mensual."])


@macro_commands.command("update")
def macro_update(as_json: Json = False) -> None:
    """Pide a sus fuentes los valores nuevos de cada indicador."""
    from dataclasses import asdict
    from datetime import UTC

    from server import economy

    with _ready(as_json):
        found = economy.update(datetime.now(UTC).date())
        _show([asdict(one) for one in found], as_json, [economy.told(one) for one in found])
        if any(one.error for one in found):
            raise typer.Exit(1)


@app.command("benchmarks")
def take_benchmarks(
    month: Annotated[datetime | None, typer.Option(formats=["%Y-%m"], help="Un solo mes (AAAA-MM).")] = None,
    as_json: Json = False,
) -> None:
    """Compara los últimos meses completos de quienes participan y publica lo que se puede."""
    from datetime import UTC

    from server import comparing

    with _ready(as_json):
        today = datetime.now(UTC).date()
        done = comparing.snapshot([month.date()] if month else comparing.latest_months(today))
        told = {"months": [m.isoformat() for m in done.months], "figures": done.figures, "companies": done.companies}
        lines = [f"{done.figures} cifras publicadas de {len(done.months)} meses; aviso a {done.companies} empresas."]
        _show(told, as_json, lines)


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

    with _ready(as_json):
        known_roles = [r.value for r in Role if r is not Role.operator]
        if role not in known_roles:
            raise BadInput("role", f"No conozco el rol «{role}».", f"Usa uno de: {', '.join(known_roles)}.")
        scope = auth.operator_scope(company)
        known = any(u["email"] == email.strip().lower() for u in auth.users())
        made: dict[str, Any] = {"email": email, "company": company, "role": role}
        made |= {} if known else _user(email, password, name)
        auth.add_member(scope.company, email, Role(role))
        _show(made, as_json, [f"{email} es {role} de {company}." + ("" if known else f" Clave: {made['password']}")])


@user_commands.command("list")
def user_list(company: Annotated[str | None, typer.Option("--company", "-c")] = None, as_json: Json = False) -> None:
    """Las cuentas y sus empresas."""
    from core import auth

    with _ready(as_json):
        found = auth.users(auth.operator_scope(company).company if company else None)
        _show(found, as_json, [f"{u['email']:<32} {u['role'] or '—':<8} {u['company']}" for u in found])


@user_commands.command("password")
def user_password(email: str, password: Password = None, as_json: Json = False) -> None:
    """Cambia una clave y cierra las sesiones abiertas con la anterior."""
    from core import auth

    with _ready(as_json):
        chosen = password or _invented()
        auth.set_password(email, chosen)
        _show({"email": email, "password": chosen}, as_json, [f"Clave nueva de {email}: {chosen}"])


@user_commands.command("second-factor-off")
def user_second_factor_off(email: str, as_json: Json = False) -> None:
    """Apaga el segundo paso de quien perdió su teléfono y sus códigos."""
    from core import auth

    with _ready(as_json):
        auth.second_factor.disable_for(email)
        _show({"email": email, "second_factor": False}, as_json, [f"{email} entra de nuevo solo con su clave."])


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

    with _ready(as_json):
        token = auth.create_token(auth.operator_scope(company), email, name, scope or (), days)
        _show({"token": token}, as_json, [token])


@token_commands.command("list")
def token_list(company: Slug, as_json: Json = False) -> None:
    """Los tokens de una empresa: de quién, para qué, qué pueden y cuándo se usaron."""
    from core import auth

    with _ready(as_json):
        found = auth.tokens(auth.operator_scope(company))
        lines = [
            f"{t['email']:<32} {t['name']:<16} {t['created']}  {t['last_used'] or 'sin uso':<10}  {t['scopes']}"
            + (f"  hasta {t['expires']}" if t["expires"] else "")
            for t in found
        ]
        _show(found, as_json, lines)


@token_commands.command("revoke")
def token_revoke(
    company: Slug,
    email: Annotated[str, typer.Option(help="La cuenta en cuyo nombre actúa.")],
    name: Annotated[str | None, typer.Option(help="Solo los de este nombre; sin él, todos.")] = None,
    as_json: Json = False,
) -> None:
    """Anula tokens: dejan de servir de inmediato."""
    from core import auth

    with _ready(as_json):
        gone = auth.revoke_tokens(auth.operator_scope(company), email, name)
        _show({"revoked": gone}, as_json, [f"Tokens anulados: {gone}"])


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

    with _ready(as_json):
        operation.grant(email, may)
        told = "ahora opera" if may else "ya no opera"
        _show({"email": email, "operator": may}, as_json, [f"{email} {told} Ayni."])


@app.command()
def ingest(
    files: Annotated[list[Path], typer.Argument(help="Uno o más archivos CSV, TSV o XLSX.")],
    company: Slug,
    as_json: Json = False,
) -> None:
    """Lee archivos de ventas y vuelve cuando ya se puede preguntar por ellos."""
    from core import auth
    from server import filing

    with _ready(as_json):
        scope = auth.operator_scope(company)
        done = [filing.file(scope, path) for path in files]
        shown = [upload.json for upload in done]
        _show(shown[0] if len(shown) == 1 else shown, as_json, [line for upload in done for line in upload.lines])
        if not all(upload.ready for upload in done):
            raise typer.Exit(1)


@app.command()
def ask(
    company: Slug,
    question: Annotated[str | None, typer.Argument(help="La pregunta, entre comillas.")] = None,
    batch: Annotated[Path | None, typer.Option(help="Un archivo JSONL: una pregunta por línea.")] = None,
    as_of: AsOf = None,
    conversation: Annotated[str | None, typer.Option(help="El hilo, para preguntas que siguen a otra.")] = None,
    as_json: Json = False,
) -> None:
    """Pregunta en español."""
    from core import auth
    from core.errors import BadInput
    from server import asking

    with _ready(as_json or batch is not None):
        if (question is None) == (batch is None):
            raise BadInput("question", "Escribe una pregunta, o dame un archivo con --batch.")
        scope = auth.operator_scope(company)
        day = as_of.date() if as_of else None
        if batch is not None:
            if not batch.is_file():
                raise BadInput("file", f"No encuentro el archivo {batch}.")
            with batch.open(encoding="utf-8-sig") as lines:
                good = asyncio.run(asking.batch(lines, scope, day, lambda line: print(line, flush=True)))
            raise typer.Exit(0 if good else 1)
        answer = asyncio.run(asking.one(str(question), scope, conversation, day))
        _show(answer.json(), as_json, [asking.text(answer)])


@app.command("exchanges")
def asked(
    company: Slug,
    last: Annotated[int, typer.Option(min=1, max=1000, help="Cuántas, desde la más nueva.")] = 20,
    as_json: Json = False,
) -> None:
    """Lo que se preguntó y cómo se respondió: planificador, modelo, tokens y los pasos del modelo."""
    from core import auth
    from server import exchanges

    with _ready(as_json):
        found = exchanges.latest(auth.operator_scope(company), last)
        _show(found, as_json, exchanges.lines(found))


@app.command()
def digest(
    company: Slug,
    edition: Annotated[
        str, typer.Option("--week", "--month", "--day", help="La semana (2026-W44), el mes (2026-10) o el día.")
    ] = "",
    template: Annotated[str, typer.Option(help="diario, semanal, mensual o cierre.")] = "",
    out: Annotated[Path | None, typer.Option(help="La carpeta donde dejarlo, sin enviarlo.")] = None,
    send: Annotated[bool, typer.Option("--send", help="Enviarlo a quienes lo reciben.")] = False,
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """El resumen de un día, una semana o un mes: como archivos, o enviado por correo."""
    from core import auth
    from core.errors import BadInput
    from server.digest import command, editions

    with _ready(as_json):
        if (out is None) != send:
            raise BadInput("out", "Dime dónde dejarlo con --out CARPETA, o envíalo con --send.")
        scope = auth.operator_scope(company)
        today = as_of.date() if as_of else datetime.now(scope.company.tz).date()
        wanted = editions.chosen(edition, template, today)
        done = command.send(wanted, today, scope) if out is None else command.write(wanted, today, out, scope)
        _show(done.json, as_json, done.lines)
        if not done.good:
            raise typer.Exit(1)


@mail_commands.command("receive")
def mail_receive(as_json: Json = False) -> None:
    """Recibe por la entrada estándar un correo que llegó: una respuesta o un rebote. Para la tubería de un MTA."""
    from server import mailbox

    with _ready(as_json):
        taken = mailbox.take(sys.stdin.buffer.read())
        _show({"taken": taken}, as_json, [taken])


@mail_commands.command("list")
def mail_list(
    company: Annotated[str, typer.Option("--company", "-c", help="De una empresa; sin ella, de todas.")] = "",
    trouble: Annotated[bool, typer.Option("--trouble", help="Solo los que no llegaron.")] = False,
    last: Annotated[int, typer.Option(min=1, max=1000, help="Cuántos, desde el más nuevo.")] = 20,
    as_json: Json = False,
) -> None:
    """Los correos y cómo quedó cada uno, de todas las empresas."""
    from server import mails

    with _ready(as_json):
        found = mails.latest(company, trouble, last)
        _show(found, as_json, mails.lines(found))


def _passed_on(module: str, context: typer.Context) -> NoReturn:
    root = Path(__file__).resolve().parents[1]
    raise typer.Exit(subprocess.run([sys.executable, "-m", module, *context.args], cwd=root, check=False).returncode)


PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}


@app.command(context_settings=PASS_ON)
def bench(context: typer.Context) -> None:
    """Mide los tiempos y los muestra en una tabla."""
    _passed_on("benchmarks", context)


@app.command("eval", context_settings=PASS_ON)
def evaluate(context: typer.Context) -> None:
    """Responde los conjuntos de preguntas y muestra qué tan bien."""
    _passed_on("eval", context)


@contextmanager
def _told(as_json: bool) -> Iterator[None]:
    """Tell a failure in Spanish on stderr and end with 1."""
    from core.errors import AyniError

    try:
        yield
    except AyniError as problem:
        told = {"error": {"code": problem.code, "message": problem.message, "remedy": problem.remedy}}
        typer.echo(json.dumps(told, ensure_ascii=False) if as_json else f"Error: {problem.spanish}", err=True)
        raise typer.Exit(1) from None


@contextmanager
def _ready(as_json: bool) -> Iterator[None]:
    """The same, with the database up and at the present revision, and closed after."""
    from core import db
    from server.ready import make_ready

    with _told(as_json):
        make_ready()
        try:
            yield
        finally:
            db.close()


def _show(data: Any, as_json: bool, lines: list[str]) -> None:
    typer.echo(json.dumps(data, ensure_ascii=False, default=str) if as_json else "\n".join(lines))


def _user(email: str, password: str | None, name: str = "") -> dict[str, Any]:
    from core import auth

    chosen = password or _invented()
    auth.create_user(email, chosen, name)
    return {"email": email, "password": chosen}


def _invented() -> str:
    import secrets

    return secrets.token_urlsafe(12)


if __name__ == "__main__":
    main()
