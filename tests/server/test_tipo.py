"""A file is what its owner says: sent as one thing, read again as another, and its page says which."""

from collections.abc import Callable
from uuid import UUID

from core import db
from core.tenancy import Role
from server import jobs
from tests.server.conftest import Person

SHEET = "Fecha;Detalle;Monto\n01/10/2026;Harina;40.000\n02/10/2026;Luz;12.500\n"


def count(person: Person, table: str) -> int:
    with db.tenant(person.scope) as connection:
        row = connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608
    assert row is not None
    return int(row[0])


def test_sales_become_expenses_at_the_owners_word(
    owner: Person, person: Callable[..., Person], no_queue: list[jobs.Job]
):
    owner.browser.post("/datos", files={"files": ("octubre.csv", SHEET.encode())})
    jobs.run(no_queue[0].company_id, no_queue[0].id)
    with db.tenant(owner.scope) as connection:
        row = connection.execute("SELECT id FROM uploads").fetchone()
    assert row is not None
    upload: UUID = row[0]
    assert count(owner, "fact_sales") == 2
    assert 'value="sales" selected' in owner.browser.get(f"/datos/{upload}").text
    sent = owner.browser.post(f"/datos/{upload}/tipo", data={"kind": "expenses"})
    assert sent.status_code == 303
    jobs.run(no_queue[-1].company_id, no_queue[-1].id)
    assert (count(owner, "fact_sales"), count(owner, "fact_expenses")) == (0, 2)
    page = owner.browser.get(f"/datos/{upload}").text
    assert 'value="expenses" selected' in page
    assert "Leí 2 líneas de gastos" in page
    assert '<option value="supplier">proveedor</option>' in page  # its columns are corrected as a book's
    assert owner.browser.post(f"/datos/{upload}/columnas", data={"col.Detalle": "customer"}).status_code == 400
    owner.browser.post(f"/datos/{upload}/columnas", data={"col.Detalle": "supplier"})
    jobs.run(no_queue[-1].company_id, no_queue[-1].id)
    with db.tenant(owner.scope) as connection:
        kept = connection.execute("SELECT category, supplier FROM fact_expenses ORDER BY source_line").fetchall()
    assert kept == [("", "Harina"), ("", "Luz")]
    assert "como me dijiste" in owner.browser.get(f"/datos/{upload}").text
    assert owner.browser.post(f"/datos/{upload}/tipo", data={"kind": "magia"}).status_code == 400
    stranger, viewer = person(), person(Role.viewer, owner.scope)
    assert stranger.browser.post(f"/datos/{upload}/tipo", data={"kind": "stock"}).status_code == 404
    assert viewer.browser.post(f"/datos/{upload}/tipo", data={"kind": "stock"}).status_code == 403
