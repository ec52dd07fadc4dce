"""The service itself: everything at once, its worker, its database, its measurements."""

import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import typer

from server.cli.shell import told

commands = typer.Typer()
PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}


@commands.command()
def up() -> None:
    """Levanta todo: base de datos, web, trabajador y agenda. Ctrl-C lo detiene."""
    from server.up import up as start

    with told(False):
        raise typer.Exit(start())


@commands.command()
def worker() -> None:
    """Solo el trabajador que lee archivos (para producción)."""
    from server.up import command

    raise typer.Exit(subprocess.run(command("worker"), check=False).returncode)


@commands.command()
def migrate() -> None:
    """Pone la base de datos al día."""
    from core import db
    from server import economy

    with told(False):
        db.migrate()
        economy.load()
        typer.echo("La base de datos está al día.")


def _passed_on(module: str, context: typer.Context) -> NoReturn:
    root = Path(__file__).resolve().parents[2]
    raise typer.Exit(subprocess.run([sys.executable, "-m", module, *context.args], cwd=root, check=False).returncode)


@commands.command(context_settings=PASS_ON)
def bench(context: typer.Context) -> None:
    """Mide los tiempos y los muestra en una tabla."""
    _passed_on("benchmarks", context)


@commands.command("eval", context_settings=PASS_ON)
def evaluate(context: typer.Context) -> None:
    """Responde los conjuntos de preguntas y muestra qué tan bien."""
    _passed_on("eval", context)
