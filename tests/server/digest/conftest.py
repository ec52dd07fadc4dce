"""Shops with nine weeks of sales, and a mail server to write to."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest
from pydantic import SecretStr

from core import auth
from core.settings import settings
from core.tenancy import Role, Scope
from server import filing
from tests.copying import copy_data
from tests.server.conftest import Person
from tests.server.smtp import Post, running

FIRST, LAST = date(2026, 8, 31), date(2026, 11, 1)
TODAY = date(2026, 11, 2)


def write_sales(path: Path, product: str, price: int, last: date = LAST) -> Path:
    """Two branches that sell every day; in the last week Talca sells half of what it did."""
    lines = ["Fecha;Boleta;Producto;Sucursal;Cantidad;Total;Costo"]
    day, ticket = FIRST, 1
    while day <= last:
        for branch in ("Talca", "Curicó"):
            slow = branch == "Talca" and day >= date(2026, 10, 26)
            for n in range(2 if slow else 4):
                total = price * (1 + (day.toordinal() + n) % 3)
                lines.append(f"{day:%d/%m/%Y};{ticket};{product} {n % 2};{branch};1;{total};{total // 2}")
                ticket += 1
        day += timedelta(days=1)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def stock(new_scope: Callable[..., Scope], tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Scope]:
    """Nobody's shop of what is sold, filed once."""

    @cache
    def filed(product: str, price: int, last: date) -> Scope:
        scope = new_scope()
        path = write_sales(tmp_path_factory.mktemp("stock") / "ventas.csv", product, price, last)
        assert filing.file(scope, path).ready
        return scope

    return filed


@pytest.fixture
def shop(person: Callable[..., Person], stock: Callable[..., Scope]) -> Callable[..., Person]:
    """Makes an owner with a shop that sells `product`."""

    def make(product: str = "Kuchen", price: int = 1990, last: date = LAST) -> Person:
        owner = person(Role.owner)
        copy_data(stock(product, price, last), owner.scope)
        return owner

    return make


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> Iterator[Post]:
    """A mail server that the settings name."""
    with running() as server:
        monkeypatch.setattr(settings(), "smtp_url", SecretStr(server.url))
        monkeypatch.setattr(settings(), "mail_from", "Ayni <resumen@ayni.test>")
        yield server


def as_queue(scope: Scope) -> Scope:
    """The same company as the queue sees it: nobody's user."""
    return auth.company_scope(scope.company_id)
