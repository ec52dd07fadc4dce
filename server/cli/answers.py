"""Files in, answers out: sales files, questions, summaries and mails."""

import asyncio
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from server.cli.shell import AsOf, Json, Slug, ready, show

commands = typer.Typer()
mail_commands = typer.Typer(help="Los correos: cómo quedaron, y los que llegan.", no_args_is_help=True)
commands.add_typer(mail_commands, name="mail")


@commands.command()
def ingest(
    files: Annotated[list[Path], typer.Argument(help="Uno o más archivos CSV, TSV o XLSX.")],
    company: Slug,
    as_json: Json = False,
) -> None:
    """Lee archivos de ventas y vuelve cuando ya se puede preguntar por ellos."""
    from core import auth
    from server import filing

    with ready(as_json):
        scope = auth.operator_scope(company)
        done = [filing.file(scope, path) for path in files]
        shown = [upload.json for upload in done]
        show(shown[0] if len(shown) == 1 else shown, as_json, [line for upload in done for line in upload.lines])
        if not all(upload.ready for upload in done):
            raise typer.Exit(1)


@commands.command()
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

    with ready(as_json or batch is not None):
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
        show(answer.json(), as_json, [asking.text(answer)])


@commands.command("exchanges")
def asked(
    company: Slug,
    last: Annotated[int, typer.Option(min=1, max=1000, help="Cuántas, desde la más nueva.")] = 20,
    as_json: Json = False,
) -> None:
    """Lo que se preguntó y cómo se respondió: planificador, modelo, tokens y los pasos del modelo."""
    from core import auth
    from server import exchanges

    with ready(as_json):
        found = exchanges.latest(auth.operator_scope(company), last)
        show(found, as_json, exchanges.lines(found))


@commands.command()
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

    with ready(as_json):
        if (out is None) != send:
            raise BadInput("out", "Dime dónde dejarlo con --out CARPETA, o envíalo con --send.")
        scope = auth.operator_scope(company)
        today = as_of.date() if as_of else datetime.now(scope.company.tz).date()
        wanted = editions.chosen(edition, template, today)
        # Written afterwards, it says what it said when it left: what was ahead then, not what is ahead now.
        then = today if as_of else min(today, editions.leaves_on(wanted))
        done = command.send(wanted, today, scope) if out is None else command.write(wanted, then, out, scope)
        show(done.json, as_json, done.lines)
        if not done.good:
            raise typer.Exit(1)


@mail_commands.command("receive")
def mail_receive(as_json: Json = False) -> None:
    """Recibe por la entrada estándar un correo que llegó: una respuesta o un rebote. Para la tubería de un MTA."""
    from server import mailbox

    with ready(as_json):
        taken = mailbox.take(sys.stdin.buffer.read())
        show({"taken": taken}, as_json, [taken])


@mail_commands.command("list")
def mail_list(
    company: Annotated[str, typer.Option("--company", "-c", help="De una empresa; sin ella, de todas.")] = "",
    trouble: Annotated[bool, typer.Option("--trouble", help="Solo los que no llegaron.")] = False,
    last: Annotated[int, typer.Option(min=1, max=1000, help="Cuántos, desde el más nuevo.")] = 20,
    as_json: Json = False,
) -> None:
    """Los correos y cómo quedó cada uno, de todas las empresas."""
    from server import mails

    with ready(as_json):
        found = mails.latest(company, trouble, last)
        show(found, as_json, mails.lines(found))
