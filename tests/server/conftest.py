"""A running application without a network, and people who are signed in to it."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient

from core import auth, db
from core.tenancy import Role, Scope
from server import jobs
from server.app import create_app

PASSWORD = "una clave larga"
SALES = (
    "Fecha;Boleta;Producto;Sucursal;Cantidad;Total\n"
    "01/10/2026;1;Pan amasado;Talca;2;2.400\n"
    "02/10/2026;2;Kuchen de nuez;Talca;1;9.990\n"
    "03/10/2026;3;Pan amasado;Curicó;5;6.000\n"
    "04/10/2026;4;=2+5;Curicó;1;no sé\n"
)


@dataclass(frozen=True)
class Person:
    """Someone with an account, and a browser signed in as them."""

    scope: Scope
    user: auth.User
    browser: TestClient


@pytest.fixture(scope="session")
def application(database: None) -> object:
    return create_app()


@pytest.fixture
def browser(application: object) -> TestClient:
    """A browser nobody is signed in to."""
    return TestClient(application, base_url="http://ayni.test", follow_redirects=False)


@pytest.fixture(scope="session")
def person(application: object) -> Callable[..., Person]:
    """Makes a person, in a new company unless one is given."""

    def make(role: Role = Role.owner, company: Scope | None = None) -> Person:
        name = uuid4().hex[:10]
        tenant = company.company if company else auth.create_company(f"Café {name}", sector="cafeteria")
        user = auth.create_user(f"{name}@example.test", PASSWORD, "Rosa")
        auth.add_member(tenant, user.email, role)
        client = TestClient(application, base_url="http://ayni.test", follow_redirects=False)
        client.cookies.set(auth.COOKIE, auth.session_token(user, tenant.slug))
        return Person(auth.scope_for(user.id, tenant.slug), user, client)

    return make


@pytest.fixture
def owner(person: Callable[..., Person]) -> Person:
    return person()


@pytest.fixture
def no_queue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Jobs are recorded and not sent: the test runs them itself. Gives what would have been sent."""
    sent: list[object] = []
    monkeypatch.setattr(jobs, "send", sent.append)
    return sent


def finish_jobs(scope: Scope, at_once: bool = False) -> None:
    """Do the company's jobs, those that follow from them too, until none is left or the next is for later; `at_once`
    as if its time had come."""
    for _ in range(100):
        with db.tenant(scope) as connection:
            if at_once:
                connection.execute("UPDATE jobs SET run_after = now() WHERE state = 'queued'")
            row = connection.execute(
                "SELECT id FROM jobs WHERE state = 'queued' ORDER BY kind = 'refresh' DESC, created_at LIMIT 1"
            ).fetchone()
        if row is None or not jobs.run(scope.company_id, UUID(str(row[0]))):
            return
    raise AssertionError("its jobs never end")


def environment() -> dict[str, str]:
    """For a process that a test starts: the same data folder as the test's."""
    return {**os.environ, "PYTHONUNBUFFERED": "1"}
