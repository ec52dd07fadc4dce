"""Datos personales: each right is asked for, done, and written in the register with its deadline."""

import asyncio
import csv
import io
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from psycopg.types.json import Jsonb

import assistant
import features
from core import db
from core.periods import Period
from core.tenancy import Role
from ingest import storing
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
    nobody = keeper.browser.post("/privacidad/buscar", data={"name": "Nadie De Nadie"}).text
    assert "No encontré nada con esos datos" in nobody
    assert "dígito verificador" not in nobody
    assert "dígito verificador" in keeper.browser.post("/privacidad/buscar", data={"tax": "12.345.678-4"}).text


def test_her_data_leave_as_json_and_csv(keeper: Person):
    where = ask(keeper, kind="access")
    got = keeper.browser.post(f"{where}/datos.zip")
    assert got.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(got.content)) as book:
        whole = json.loads(book.read("persona.json"))
        bought = list(csv.reader(io.StringIO(book.read("compras.csv").decode("utf-8-sig")), delimiter=";"))
        traces = book.read("archivos.csv").decode("utf-8-sig")
    assert [(row["producto"], row["tipo"]) for row in whole["compras"]] == [("Pan", "venta")]
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


def test_the_chat_knows_her_by_what_is_right_at_once_and_not_at_all_once_she_objects(keeper: Person):
    def told(name: str) -> str:
        question = assistant.Question(f"¿cuánto compró {name} en octubre?")
        return asyncio.run(assistant.answer(question, keeper.scope)).text

    assert "$1.000" in told("Juana Pérez Soto")  # from here on, what the company has is kept in memory
    ask(keeper, kind="rectification", right_name="Rosalía Huenchumil")
    assert "$1.000" in told("Rosalía Huenchumil")
    assert "$" not in told("Juana Pérez Soto")
    ask(keeper, kind="opposition")
    assert "$" not in told("Rosalía Huenchumil")


def test_all_that_is_held_of_her_is_corrected_for_later_files_too(keeper: Person):
    scope = keeper.scope
    with_places = "Fecha;Boleta;Cliente;RUT Cliente;Ciudad;Producto;Total\n"
    row = "0{day}/11/2026;{day};Juana Pérez Soto;12.345.678-5;Talca;Pan;1000\n"
    uploads.receive(scope, "noviembre.csv", io.BytesIO((with_places + row.format(day=1)).encode()))
    finish_jobs(scope)
    for wrong in ({}, {"right_tax": "12.345.678-9"}, {"right_name": "J"}):
        answer = keeper.browser.post("/privacidad/solicitudes", data=JUANA | {"kind": "rectification"} | wrong)
        assert answer.status_code == 400
    right = {"right_name": "Juana Paz Soto", "right_tax": "11.222.333-9", "right_city": "Curicó"}
    where = ask(keeper, kind="rectification", **right)
    told = keeper.browser.get(where).text
    assert "su nombre es «Juana Paz Soto», su RUT es «11.222.333-9» y su ciudad es «Curicó»" in told
    uploads.receive(scope, "despues.csv", io.BytesIO((with_places + row.format(day=2)).encode()))
    finish_jobs(scope)
    with db.tenant(scope) as connection:
        query = features.Query(("sales",), Period.month(2026, 11), dimension="city")
        assert [(r.member, r.value) for r in features.run(query, scope, connection).rows] == [("Curicó", 2000)]
        assert "Juana Paz Soto" in features.members("customer", scope, connection)
    found = keeper.browser.post("/privacidad/buscar", data={"tax": "11.222.333-9"}).text
    assert "<span>Juana Paz Soto" in found
    assert "Curicó" in found
    assert "11222333-9" in found
    # Erased by what is right, she leaves the files that have her otherwise.
    keeper.browser.post("/privacidad/solicitudes", data={"tax": "11222333-9", "kind": "deletion", "sure": "true"})
    finish_jobs(scope)
    with db.tenant(scope) as connection:
        rows = connection.execute("SELECT d::text FROM dim_customers d WHERE name <> 'Pedro Rojas Díaz'").fetchall()
    assert all("Juana" not in text and "222" not in text and "Curi" not in text for (text,) in rows)
    assert "Juana" not in keeper.browser.get("/privacidad").text
    files = [p.read_text("utf-8-sig") for p in storing.folder_of(scope).iterdir()]
    assert all("Juana" not in text and "12.345.678-5" not in text for text in files)


def test_by_her_id_alone_what_says_her_name_is_found_and_erased(keeper: Person):
    scope = keeper.scope
    with db.tenant(scope) as connection:
        connection.execute(
            "INSERT INTO insights (company_id, key, rule, period_start, period_end, score, body) "
            "VALUES (%s, 'k', 'r', '2026-10-01', '2026-10-31', 1, %s)",
            [scope.company_id, Jsonb({"title": "Juana Pérez Soto no vuelve"})],
        )
        connection.execute(
            "INSERT INTO exchanges (company_id, user_id, channel, question, answer, planner) "
            "VALUES (%s, %s, 'web', '¿y JUANA PEREZ SOTO?', '{}', 'rules')",
            [scope.company_id, scope.user_id],
        )
    by_id = {"tax": "12.345.678-5"}
    assert "hallazgos (1)" in keeper.browser.post("/privacidad/buscar", data=by_id).text
    keeper.browser.post("/privacidad/solicitudes", data=by_id | {"kind": "deletion", "sure": "true"})
    finish_jobs(scope)
    with db.tenant(scope) as connection:
        assert connection.execute("SELECT question FROM exchanges").fetchall() == [("¿y (cliente eliminado 1)?",)]
        assert connection.execute("SELECT count(*) FROM insights WHERE body::text ~* 'juana'").fetchone() == (0,)


def test_a_name_that_several_have_touches_nobody_until_it_is_said_which(keeper: Person):
    twin = "Fecha;Boleta;Cliente;RUT Cliente;Producto;Total\n05/10/2026;8;Juana Pérez Soto;7.654.321-6;Pan;700\n"
    uploads.receive(keeper.scope, "otra.csv", io.BytesIO(twin.encode()))
    finish_jobs(keeper.scope)
    name = {"name": "Juana Pérez Soto"}
    assert "personas distintas" in keeper.browser.post("/privacidad/buscar", data=name).text
    for kind in ("access", "rectification", "opposition", "deletion"):
        sent = name | {"kind": kind, "sure": "true", "right_name": "Otra Persona"}
        answer = keeper.browser.post("/privacidad/solicitudes", data=sent)
        assert (answer.status_code, "más de una persona" in answer.text) == (400, True)
    ask(keeper, kind="opposition")
    with db.tenant(keeper.scope) as connection:
        rows = connection.execute(
            "SELECT tax_id, reserved FROM dim_customers WHERE name ~ 'Juana' ORDER BY 2"
        ).fetchall()
    assert [reserved for _, reserved in rows] == [False, True]
    assert "7" in rows[0][0][:1]


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
