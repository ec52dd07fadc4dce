"""Datos personales: each right is asked for, done, and written in the register with its deadline."""

import csv
import io
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

import features
from core import db
from core.tenancy import Role
from server import jobs, uploads
from tests.server.conftest import Person, finish_jobs

FILE = (
    "Fecha;Boleta;Cliente;RUT Cliente;Correo;Producto;Total\n"
    "01/10/2026;1;Juana Pérez Soto;12.345.678-5;juana@correo.cl;Pan;1000\n"
    "02/10/2026;2;Pedro Rojas Díaz;11.111.111-1;;Pan;2000\n"
    "03/10/2026;3;Juana Pérez Soto;12.345.678-5;juana@correo.cl;Kuchen;=1+1\n"
)
JUANA = {"tax": "12.345.678-5", "name": "Juana Pérez Soto", "email": ""}


@pytest.fixture
def keeper(owner: Person, no_queue: list[object]) -> Person:
    upload_id, _ = uploads.receive(owner.scope, "ventas.csv", io.BytesIO(FILE.encode()))
    jobs.settle(owner.scope, upload_id)
    return owner


def ask(person: Person, **form: str) -> str:
    answer = person.browser.post("/privacidad/solicitudes", data=JUANA | form)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def test_a_person_is_found_by_id_name_or_address(keeper: Person):
    for form in (JUANA, {"tax": "12345678-5"}, {"name": "juana perez soto"}):
        page = keeper.browser.post("/privacidad/buscar", data=form).text
        assert "Juana Pérez Soto" in page
        assert "Pedro" not in page
    page = keeper.browser.post("/privacidad/buscar", data={"email": "juana@correo.cl"}).text
    assert "filas apartadas (1)" in page
    wrong = keeper.browser.post("/privacidad/buscar", data={"tax": "1-1"})
    assert (wrong.status_code, 'value="1-1"' in wrong.text) == (400, True)
    assert "Nada a ese nombre" in keeper.browser.post("/privacidad/buscar", data={"name": "Nadie De Nadie"}).text


def test_her_data_leave_as_json_and_csv(keeper: Person):
    where = ask(keeper, kind="access")
    got = keeper.browser.post(f"{where}/datos.zip")
    assert got.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(got.content)) as book:
        whole = json.loads(book.read("persona.json"))
        bought = list(csv.reader(io.StringIO(book.read("compras.csv").decode("utf-8-sig")), delimiter=";"))
        traces = book.read("archivos.csv").decode("utf-8-sig")
    assert [row["producto"] for row in whole["compras"]] == ["Pan"]
    assert len(bought) == 2
    assert "'=1+1" in traces
    assert "Pedro" not in json.dumps(whole, ensure_ascii=False)
    assert "Cumplida" in keeper.browser.get(where).text


def test_she_is_corrected_and_kept_out_and_let_in_again(keeper: Person):
    ask(keeper, kind="rectification", right_name="Juana Pérez Soto-Díaz")
    with db.tenant(keeper.scope) as connection:
        assert "Juana Pérez Soto-Díaz" in features.members("customer", keeper.scope, connection)
    ask(keeper, kind="opposition")
    with db.tenant(keeper.scope) as connection:
        assert features.members("customer", keeper.scope, connection) == ("Pedro Rojas Díaz",)
    ask(keeper, kind="opposition", lift="true")
    with db.tenant(keeper.scope) as connection:
        assert len(features.members("customer", keeper.scope, connection)) == 2


def test_erasing_asks_twice_and_is_told_in_the_register(keeper: Person):
    unsure = keeper.browser.post("/privacidad/solicitudes", data=JUANA | {"kind": "deletion"})
    assert unsure.status_code == 400
    where = ask(keeper, kind="deletion", sure="true")
    assert "En curso" in keeper.browser.get(where).text
    finish_jobs(keeper.scope)
    page = keeper.browser.get("/privacidad").text
    assert "(cliente eliminado 1)" in page
    assert "Juana" not in page
    assert "ya fue eliminada" in keeper.browser.post("/privacidad/buscar", data=JUANA).text
    assert "Juana" not in keeper.browser.get("/actividad").text
    assert "cliente eliminado" in keeper.browser.get("/privacidad/registro.csv").text


def test_the_deadline_counts_from_the_day_it_was_asked(keeper: Person):
    today = datetime.now(UTC).astimezone(keeper.scope.company.tz).date()
    ask(keeper, kind="access", received=(today - timedelta(days=31)).isoformat())
    assert "Venció el" in keeper.browser.get("/privacidad").text
    late = keeper.browser.post(
        "/privacidad/solicitudes", data=JUANA | {"kind": "access", "received": (today + timedelta(days=2)).isoformat()}
    )
    assert late.status_code == 400


@pytest.mark.parametrize("role", [Role.analyst, Role.operations, Role.marketing, Role.finance, Role.viewer])
def test_only_who_keeps_the_company_may(person: Callable[..., Person], role: Role):
    somebody = person(role)
    for path in ("/privacidad", "/privacidad/registro.csv", "/cierre", "/cierre/copias"):
        assert somebody.browser.get(path).status_code == 403
    assert somebody.browser.post("/privacidad/solicitudes", data=JUANA | {"kind": "access"}).status_code == 403
    assert somebody.browser.post("/cierre", data={"typed": "x"}).status_code == 403


def test_another_companys_request_is_not_there(keeper: Person, person: Callable[..., Person]):
    where, other = ask(keeper, kind="access"), person()
    for path in (where, f"/privacidad/{uuid4()}"):
        assert other.browser.get(path).status_code == 404
    assert other.browser.post(f"{where}/datos.zip").status_code == 404
    assert other.browser.post(f"{where}/reintentar").status_code == 404
