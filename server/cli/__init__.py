"""The `ayni` command. Works beside a running server or without one: it starts the embedded database by itself.

Imports are inside the commands: each needs a part of the house, and `ayni --help` none of it.
"""

import typer

from server.cli import answers, companies, people, running

app = typer.Typer(
    name="ayni",
    help="Ayni: respuestas exactas sobre los datos de tu negocio. Empieza con: ayni up",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for part in (running, companies, people, answers):
    app.add_typer(part.commands)


def main() -> None:
    """What the `ayni` script calls."""
    app()
