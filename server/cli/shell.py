"""What the commands share: their options, how a failure is told, and the database around them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Any

import typer

Json = Annotated[bool, typer.Option("--json", help="La salida como JSON.")]
Slug = Annotated[str, typer.Option("--company", "-c", help="El nombre corto de la empresa.")]
AsOf = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="El día que vale como hoy (AAAA-MM-DD).")]
Password = Annotated[str | None, typer.Option(help="Sin ella, se inventa una y se muestra.")]


@contextmanager
def told(as_json: bool) -> Iterator[None]:
    """Tell a failure in Spanish on stderr and end with 1."""
    from core.errors import AyniError

    try:
        yield
    except AyniError as problem:
        told = {"error": {"code": problem.code, "message": problem.message, "remedy": problem.remedy}}
        typer.echo(json.dumps(told, ensure_ascii=False) if as_json else f"Error: {problem.spanish}", err=True)
        raise typer.Exit(1) from None


@contextmanager
def ready(as_json: bool) -> Iterator[None]:
    """The same, with the database up and at the present revision, and closed after."""
    from core import db
    from server.ready import make_ready

    with told(as_json):
        make_ready()
        try:
            yield
        finally:
            db.close()


def show(data: Any, as_json: bool, lines: list[str]) -> None:
    typer.echo(json.dumps(data, ensure_ascii=False, default=str) if as_json else "\n".join(lines))


def user(email: str, password: str | None, name: str = "") -> dict[str, Any]:
    from core import auth

    chosen = password or invented()
    auth.create_user(email, chosen, name)
    return {"email": email, "password": chosen}


def invented() -> str:
    import secrets

    return secrets.token_urlsafe(12)
