"""Whoever runs Ayni sees states and counts of all companies, and no figure of any; nobody else sees anything."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from psycopg.types.json import Jsonb

from core import db
from core.errors import Forbidden, NotFound
from core.tenancy import Role
from server import jobs, operation
from tests.server.conftest import Person

PATHS = ("", "/trabajos", "/empresas", "/modelos", "/preguntas", "/errores")


@pytest.fixture
def operator(person: Callable[..., Person]) -> Person:
    somebody = person(Role.viewer)
    operation.grant(somebody.user.email, True)
    return somebody


def leave_traces(owner: Person) -> jobs.Job:
    with db.tenant(owner.scope) as connection:
        company = owner.scope.company_id
        for status, model, text in (("answered", "gpt-x", "Vendiste $8.412.350"), ("refused", "", "No puedo $77.777")):
            connection.execute(
                "INSERT INTO exchanges (company_id, channel, question, answer, planner, model, tokens_in, tokens_out) "
                "VALUES (%s, 'web', %s, %s, 'llm', %s, 1000, 500)",
                [company, f"pregunta {status}", Jsonb({"status": status, "text": text}), model],
            )
        job = jobs.enqueue(owner.scope, "nightly", {}, connection)
        connection.execute("UPDATE jobs SET state = 'failed', error = 'se cayó' WHERE id = %s", [job.id])
    return job


def test_each_page_shows_states_and_no_figure(operator: Person, owner: Person, no_queue: list[object]):
    leave_traces(owner)
    pages = {path: operator.browser.get(f"/operador{path}") for path in PATHS}
    assert {p.status_code for p in pages.values()} == {200}
    assert owner.scope.company.name in pages["/empresas"].text
    assert "se cayó" in pages["/errores"].text
    assert "pregunta refused" in pages["/preguntas"].text
    assert "pregunta answered" not in pages["/preguntas"].text
    assert "gpt-x" in pages["/modelos"].text
    assert "Base de datos" in pages[""].text
    for told in pages.values():
        assert "8.412.350" not in told.text
        assert "77.777" not in told.text


def test_a_failed_job_is_tried_again_once(operator: Person, owner: Person, no_queue: list[object]):
    job = leave_traces(owner)
    address = f"/operador/trabajos/{job.company_id}/{job.id}/reintentar"
    assert operator.browser.post(address).status_code == 303
    assert no_queue == [job]
    with db.tenant(owner.scope) as connection:
        assert connection.execute("SELECT state FROM jobs WHERE id = %s", [job.id]).fetchone() == ("queued",)
    assert operator.browser.post(address).status_code == 404
    assert "volvió a intentar" in owner.browser.get("/actividad").text


@pytest.mark.parametrize("role", list(Role)[:-1])
def test_no_role_of_a_company_opens_it(person: Callable[..., Person], role: Role, no_queue: list[object]):
    somebody, owner = person(role), person()
    job = leave_traces(owner)
    for path in PATHS:
        assert somebody.browser.get(f"/operador{path}").status_code == 403
    assert somebody.browser.post(f"/operador/trabajos/{job.company_id}/{job.id}/reintentar").status_code == 403


def test_the_database_itself_answers_operators_alone(owner: Person, operator: Person):
    leave_traces(owner)
    now = datetime.now(UTC)
    for user_id, sees in ((owner.user.id, False), (operator.user.id, True)):
        with db.identity(user_id) as connection:
            calls = ("operator_jobs(9)", "operator_companies()", "operator_unanswered(9)")
            found = [connection.execute(f"SELECT count(*) FROM {call}").fetchone() for call in calls]  # noqa: S608
            spent = connection.execute("SELECT count(*) FROM operator_spend(%s)", [now - timedelta(days=1)]).fetchone()
        assert [bool(row and row[0]) for row in (*found, spent)] == [sees] * 4
    with db.identity(operator.user.id) as connection:  # nor does being one open the tables
        assert connection.execute("SELECT count(*) FROM exchanges").fetchone() == (0,)
        assert connection.execute("SELECT count(*) FROM uploads").fetchone() == (0,)


def test_it_is_granted_and_taken_back_by_the_machine_alone(owner: Person):
    with pytest.raises(Forbidden):
        operation.operator(owner.user.id)
    operation.grant(owner.user.email, True)
    assert operation.operator(owner.user.id).user_id == owner.user.id
    operation.grant(owner.user.email, False)
    assert owner.browser.get("/operador").status_code == 403
    with pytest.raises(NotFound):
        operation.grant("nadie@example.test", True)


def test_an_operator_needs_no_company(operator: Person):
    with db.owner() as connection:
        connection.execute("DELETE FROM memberships WHERE user_id = %s", [operator.user.id])
    assert operator.browser.get("/operador").status_code == 200
