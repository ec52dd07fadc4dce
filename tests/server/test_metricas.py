"""Métricas: the catalog explained, and the company's own defined, tried, changed, taken away and brought back."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from httpx import Response
from openpyxl import Workbook

import features
import ingest
from core import db
from core.periods import Period
from core.tenancy import Role
from features import measures, own
from features.query import Query
from tests.features.sample import draw, load
from tests.server.conftest import Person

LINES = draw(4, 400, date(2026, 3, 1), 120)
FORM = {"name": "Venta por silla", "formula": "ventas / 80", "unit": "money", "good": "up"}


@pytest.fixture
def shop(owner: Person) -> Person:
    with db.tenant(owner.scope) as connection:
        load(LINES, owner.scope, connection)
    return owner


def mine(person: Person) -> tuple[own.OwnMetric, ...]:
    with db.tenant(person.scope) as connection:
        return own.own_metrics(person.scope, connection)


def test_each_metric_that_a_definition_cites_has_its_place(shop: Person):
    page = shop.browser.get("/metricas").text
    for metric in features.METRICS:
        assert f'id="{metric.id}"' in page


def test_defined_once_it_is_everywhere(shop: Person):
    assert shop.browser.post("/metricas", data=FORM).status_code == 303
    (one,) = mine(shop)
    sold = sum((x.total for x in LINES if x.day.month == 5), Decimal(0))
    with db.tenant(shop.scope) as connection:
        found = features.run(Query((one.id,), Period.month(2026, 5)), shop.scope, connection).value()
        chunk = connection.execute(
            "SELECT text FROM chunks WHERE kind = 'definition' AND key = %s", [one.id]
        ).fetchone()
    assert found == sold / 80
    assert chunk is not None
    assert "ventas ÷ 80" in chunk[0]
    api = shop.browser.get(f"/api/v1/metrics/{one.id}?start=2026-05-01&end=2026-05-31").json()
    assert api["values"][0]["value"] == pytest.approx(float(sold / 80))
    assert one.id in [m["id"] for m in shop.browser.get("/api/v1/metrics").json()["metrics"]]
    sources = shop.browser.get(f"/fuentes?metric={one.id}&start=2026-05-01&end=2026-05-31").text
    assert "ventas ÷ 80" in sources
    assert features.shown(one, sold / 80, shop.scope.company) in sources


def test_the_preview_says_what_it_read_or_what_is_wrong(shop: Person):
    said = shop.browser.get("/metricas/prueba", params={"formula": "ventas / unidades"}).text
    assert "ventas ÷ unidades = $" in said
    assert "¿Quisiste decir «ventas»?" in shop.browser.get("/metricas/prueba", params={"formula": "ventass / 2"}).text
    odd = shop.browser.get("/metricas/prueba", params={"formula": "<script>alert(1)</script>"}).text
    assert "<script" not in odd
    assert shop.browser.get("/metricas/prueba", params={"formula": ""}).text.strip() == ""


def test_a_wrong_formula_keeps_what_was_typed(shop: Person):
    told = shop.browser.post("/metricas", data={**FORM, "formula": "ventas / (80"})
    assert told.status_code == 400
    assert "Falta cerrar un paréntesis" in told.text
    assert 'value="ventas / (80"' in told.text
    assert mine(shop) == ()


def test_changed_removed_and_brought_back(shop: Person):
    shop.browser.post("/metricas", data=FORM)
    (one,) = mine(shop)
    edit = shop.browser.get(f"/metricas?editar={one.id}").text
    assert 'value="ventas ÷ 80"' in edit
    shop.browser.post("/metricas", data={**FORM, "formula": "ventas / 90", "id": one.id})
    assert [(m.id, m.definition) for m in mine(shop)] == [(one.id, "La definió tu empresa: ventas ÷ 90.")]
    assert "Deshacer" in shop.browser.post(f"/metricas/{one.id}/borrar").text
    assert mine(shop) == ()
    assert shop.browser.get(f"/fuentes?metric={one.id}").status_code == 404
    assert shop.browser.post(f"/metricas/{one.id}/recuperar").status_code == 303
    assert [m.id for m in mine(shop)] == [one.id]


def test_another_company_and_who_may_not_plan(person: Callable[..., Person], shop: Person):
    shop.browser.post("/metricas", data=FORM)
    (one,) = mine(shop)
    stranger, viewer = person(), person(Role.viewer, shop.scope)
    for path in (f"/metricas/{one.id}/borrar", f"/metricas/{one.id}/recuperar"):
        assert stranger.browser.post(path).status_code == 404
        assert viewer.browser.post(path).status_code == 403
    assert stranger.browser.post("/metricas", data={**FORM, "id": one.id}).status_code == 404
    assert stranger.browser.get(f"/metricas?editar={one.id}").status_code == 404
    assert stranger.browser.get(f"/fuentes?metric={one.id}").status_code == 404
    assert stranger.browser.get(f"/api/v1/metrics/{one.id}").status_code == 404
    assert viewer.browser.post("/metricas", data=FORM).status_code == 403
    assert "venta por silla" in viewer.browser.get("/metricas").text.lower()
    assert "venta por silla" not in stranger.browser.get("/metricas").text.lower()


def test_what_the_expenses_give_is_explained_once_there_are_some(shop: Person):
    assert 'id="expenses"' not in shop.browser.get("/metricas").text
    sent = "Fecha;Tipo de gasto;Proveedor;Monto\n05/10/2026;Arriendo;Inmobiliaria Sur;300000\n"
    with db.tenant(shop.scope) as connection:
        upload = ingest.receive(shop.scope, "gastos.csv", BytesIO(sent.encode()), connection)
        ingest.process(shop.scope, upload.id, connection)
    page = shop.browser.get("/metricas").text
    assert 'id="expenses"' in page
    assert 'id="operating_result"' in page


def test_a_measure_is_begun_written_down_pasted_and_used_in_a_formula(shop: Person):
    browser = shop.browser
    bad = browser.post("/metricas/medidas", data={"name": "Ventas"})
    assert bad.status_code == 409
    assert 'value="Ventas"' in bad.text
    made = browser.post("/metricas/medidas", data={"name": "Horas atendidas"})
    path = made.headers["location"]
    assert "Todavía no hay nada" in browser.get(path).text
    wrong = browser.post(path, data={"pasted": "octubre 2026; 200\nnoviembre; 3"})
    assert wrong.status_code == 400
    assert "Línea 2" in wrong.text
    assert "octubre 2026; 200" in wrong.text  # what was typed stays
    assert "Todavía no hay nada" in wrong.text  # nothing of it was kept
    assert "no conozco la sucursal" in browser.post(path, data={"pasted": "octubre 2026; Marte; 3"}).text
    assert browser.post(path, data={"pasted": "Mes\tHoras\noctubre 2026\t1.240\nsep-26\t12,5"}).status_code == 303
    page = browser.post(path, data={"month": "septiembre 2026", "value": "1.100"}, follow_redirects=True).text
    assert "1.240" in page
    assert "1.100" in page
    assert "12,5" not in page
    said = browser.get("/metricas/prueba", params={"formula": "ventas / horas_atendidas"}).text
    assert "ventas ÷ horas atendidas" in said
    saved = browser.post(
        "/metricas", data={"name": "Venta horaria", "formula": "ventas / horas_atendidas"}, follow_redirects=True
    )
    assert "Guardada" in saved.text
    kept = browser.post(f"{path}/borrar")
    assert kept.status_code == 409
    assert "La usa tu métrica" in kept.text
    assert browser.post(path, data={"month": "septiembre 2026", "value": ""}).status_code == 303
    assert "1.100" not in browser.get(path).text


def excel(*rows: tuple[object, ...]) -> bytes:
    made, out = Workbook(), BytesIO()
    assert made.active is not None
    for row in rows:
        made.active.append(list(row))
    made.save(out)
    return out.getvalue()


def test_a_measure_is_brought_in_a_file(shop: Person):
    browser = shop.browser
    path = browser.post("/metricas/medidas", data={"name": "Horas atendidas"}).headers["location"]

    def noted() -> dict[tuple[str, str], Decimal]:
        with db.tenant(shop.scope) as connection:
            found = measures.noted(path.rpartition("/")[2], shop.scope, connection)
        return {(f"{n.month:%Y-%m}", n.branch): n.value for n in found}

    def send(name: str, data: bytes) -> Response:
        return browser.post(path, files={"file": (name, data)})

    with db.tenant(shop.scope) as connection:
        branch, *_ = features.members("branch", shop.scope, connection)
    csv = "Horas de 2026\n\nMes;Nota;Horas atendidas;Sucursal\nago-26;x;1.240;\n"
    csv += f"sep-26;;12,5;{branch}\noct-26;;;\nTotal;;1252,5;\n"
    assert send("horas.csv", csv.encode("latin-1")).status_code == 303
    assert noted() == {("2026-08", ""): 1240, ("2026-09", branch): Decimal("12.5")}
    # The same again changes nothing; a workbook's own numbers and dates are read as what they are.
    assert send("horas.csv", csv.encode("latin-1")).status_code == 303
    sheet = excel(("Mes", "Valor"), (date(2026, 8, 1), 1240.5), (date(2026, 10, 1), 1.125))
    assert send("horas.xlsx", sheet).status_code == 303
    expected = {
        ("2026-08", ""): Decimal("1240.5"),
        ("2026-09", branch): Decimal("12.5"),
        ("2026-10", ""): Decimal("1.125"),
    }
    assert noted() == expected
    assert send("ancha.csv", f"Mes;{branch}\n01/07/2026;7\n".encode()).status_code == 303
    assert noted() == {**expected, ("2026-07", branch): 7}

    wrong = f"Mes;Sucursal;Horas\noct-26;;5\nnov-26;Marte;3\ndic;;1\noct-26;;8\nene-27;;x{'1' * 50}\n"
    bad = send("horas.csv", wrong.encode())
    assert bad.status_code == 400
    for said in ("Línea 3: no conozco la sucursal «Marte»", "Línea 4: no entiendo el mes «dic»",
                 "Línea 5: ese mes ya está en la línea 2", "Línea 6: no entiendo el número",
                 "todavía no anoté nada"):  # fmt: skip
        assert said in bad.text
    assert "no encontré ninguna línea" in send("nada.csv", b"Mes;Horas\nTotal;3\n").text.lower()
    assert "no es una planilla" in send("foto.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(80)).text
    assert send("vacio.csv", b"").status_code == 400
    assert noted() == {**expected, ("2026-07", branch): 7}


def test_pasted_numbers_of_one_month_twice_are_told(shop: Person):
    path = shop.browser.post("/metricas/medidas", data={"name": "Visitas"}).headers["location"]
    twice = shop.browser.post(path, data={"pasted": "octubre 2026; 1\noctubre 2026; 2"})
    assert twice.status_code == 400
    assert "Línea 2: ese mes ya está en la línea 1" in twice.text
