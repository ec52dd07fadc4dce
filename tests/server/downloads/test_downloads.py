"""What leaves is what is stored, to the digit; and nothing of it runs in a spreadsheet."""

import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from fastapi.testclient import TestClient

from core import auth, db
from core.tenancy import Role, Scope
from server import jobs, uploads
from server.downloads.datasets import DATASETS
from server.downloads.writing import extent, made, write
from tests.server.conftest import SALES, Person

FILE = SALES.replace("Pan amasado;Talca;2;2.400", "=cmd|x;Talca;2;2.400,5") + "05/10/2026;5;-12;Talca;1;-900\n"


@pytest.fixture
def seller(owner: Person, no_queue: list[object]) -> Person:
    upload_id, _ = uploads.receive(owner.scope, "ventas.csv", io.BytesIO(FILE.encode()))
    jobs.settle(owner.scope, upload_id)
    return owner


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda d: d.id)
def test_each_data_set_is_written_in_both_forms_alike(seller: Person, dataset):  # type: ignore[no-untyped-def]
    with db.tenant(seller.scope) as connection:
        rows = extent(dataset, seller.scope, connection).rows
        with write(dataset, "csv", seller.scope, connection) as file:
            text = file.read().decode("utf-8-sig")
        with write(dataset, "parquet", seller.scope, connection, everything=True) as file:
            frame = pl.read_parquet(file)
    assert frame.height == rows
    assert frame.columns == [c.name for c in dataset.columns]
    assert text.splitlines()[0].split(";") == [c.name for c in dataset.columns if c.name not in dataset.optional]
    if dataset.id in ("ventas", "ventas-por-dia", "metricas", "apartadas", "archivos", "productos", "textos"):
        assert rows > 0


def test_sales_are_exact_and_cells_plain(seller: Person):
    csv = seller.browser.get("/descargas/ventas.csv")
    assert csv.headers["content-length"] == str(len(csv.content))
    lines = csv.content.decode("utf-8-sig").splitlines()
    assert any(";'=cmd|x;" in line and ";2400,5;" in line for line in lines)
    assert any(";-12;" in line and ";-900;" in line for line in lines)  # numbers stay numbers, negative ones too
    frame = pl.read_parquet(io.BytesIO(seller.browser.get("/descargas/ventas.parquet").content))
    assert frame["total"].sum() == Decimal("2400.5") + 9990 + 6000 - 900
    assert frame.schema["fecha"] == pl.Date
    assert frame["fecha"].min() == date(2026, 10, 1)


def test_a_program_gets_the_same_with_a_key_that_may(seller: Person, browser: TestClient):
    with db.tenant(seller.scope) as connection:
        key = auth.create_key("Planilla", ["download"], None, seller.scope, connection)
    bearer = {"authorization": f"Bearer {key}"}
    listed = {d["id"]: d for d in browser.get("/api/v1/downloads", headers=bearer).json()}
    assert list(listed) == [d.id for d in DATASETS]
    assert (listed["ventas"]["rows"], listed["ventas"]["start"]) == (4, "2026-10-01")
    assert [c["name"] for c in listed["textos"]["columns"] if c["optional"]] == ["modelo", "vector"]
    got = browser.get("/api/v1/downloads/ventas", headers=bearer)
    assert got.content == seller.browser.get("/descargas/ventas.csv").content
    assert got.headers["content-type"] == "text/csv; charset=utf-8"
    for optional in (False, True):
        asked = {"format": "parquet", "optional": str(optional).lower()}
        got = browser.get("/api/v1/downloads/textos", params=asked, headers=bearer)
        frame = pl.read_parquet(io.BytesIO(got.content))
        assert ("vector" in frame.columns) is optional
    assert browser.get("/api/v1/downloads/nada", headers=bearer).status_code == 404
    assert browser.get("/api/v1/downloads/ventas?format=exe", headers=bearer).status_code == 400
    with db.tenant(seller.scope) as connection:
        noted = connection.execute("SELECT subject FROM audit_log WHERE action = 'download' ORDER BY id").fetchall()
    assert noted == [("ventas.csv",), ("ventas.csv",), ("textos.parquet",), ("textos.parquet",)]


def test_vectors_come_when_asked_for(seller: Person):
    frame = pl.read_parquet(io.BytesIO(seller.browser.get("/descargas/textos.parquet?vectores=true").content))
    assert frame.schema["vector"] == pl.List(pl.Float32)
    assert frame["vector"].list.len().min() > 10  # type: ignore[operator]


def test_the_page_tells_how_much_there_is(seller: Person):
    page = seller.browser.get("/descargas").text
    assert "4 filas" in page
    assert "1-oct-2026 a 5-oct-2026" in page
    assert "ventas.csv" in page
    assert seller.browser.get("/descargas/nada.csv").status_code == 404


def test_an_original_comes_back_as_it_was_sent(seller: Person, person: Callable[..., Person]):
    upload_id = seller.browser.get("/api/v1/uploads").json()[0]["id"]
    assert seller.browser.get(f"/descargas/originales/{upload_id}").content == FILE.encode()
    assert person().browser.get(f"/descargas/originales/{upload_id}").status_code == 404


@pytest.mark.parametrize(("role", "status"), [(Role.analyst, 200), (Role.finance, 200), (Role.operations, 403),
                                              (Role.marketing, 403), (Role.viewer, 403)])  # fmt: skip
def test_who_may_download(person: Callable[..., Person], role: Role, status: int):
    somebody = person(role)
    assert somebody.browser.get("/descargas").status_code == status
    assert somebody.browser.get("/descargas/ventas.csv").status_code == status


def test_a_company_downloads_its_own_lines_alone(seller: Person, new_scope: Callable[..., Scope]):
    with made(DATASETS[0], "csv", new_scope()) as file:
        assert len(file.read().decode().splitlines()) == 1
