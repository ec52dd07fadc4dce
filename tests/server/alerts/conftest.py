"""Shops whose last week may go badly, and a mail server to write to."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from core.settings import settings
from core.tenancy import Scope
from server import filing
from tests.copying import copy_data
from tests.server.conftest import Person
from tests.server.smtp import Post, running

FIRST, BAD_WEEK = date(2026, 8, 3), date(2026, 11, 2)


def sheet(path: Path, first: date, days: int, cost: int = 60, branch: str = "Talca") -> Path:
    """One sale of 1.000 a day, which cost so much of a hundred."""
    lines = ["Fecha;Boleta;Producto;Sucursal;Cantidad;Total;Costo"]
    for d in range(days):
        day = first + timedelta(days=d)
        lines.append(f"{day:%d/%m/%Y};{day:%Y%m%d};Marraqueta;{branch};1;1000;{cost * 10}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def stock(new_scope: Callable[..., Scope], tmp_path_factory: pytest.TempPathFactory) -> Scope:
    """Nobody's shop with thirteen even weeks of sales."""
    scope = new_scope()
    assert filing.file(scope, sheet(tmp_path_factory.mktemp("stock") / "ventas.csv", FIRST, 91)).ready
    return scope


@pytest.fixture
def shop(person: Callable[..., Person], stock: Scope) -> Callable[..., Person]:
    """Makes an owner with thirteen even weeks of sales."""

    def make() -> Person:
        owner = person()
        copy_data(stock, owner.scope)
        return owner

    return make


@pytest.fixture
def bad_week(tmp_path: Path) -> Callable[[Person], None]:
    """Files a week with a margin of 20 %, through the queue's own work."""

    def add(owner: Person) -> None:
        path = sheet(tmp_path / f"mala-{owner.scope.company.slug}.csv", BAD_WEEK, 7, cost=80)
        assert filing.file(owner.scope, path).ready

    return add


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> Iterator[Post]:
    """A mail server that the settings name."""
    with running() as server:
        monkeypatch.setattr(settings(), "smtp_url", SecretStr(server.url))
        monkeypatch.setattr(settings(), "mail_from", "Ayni <avisos@ayni.test>")
        yield server
