"""A workbook's page tells its tabs apart, and takes the owner's word for each of them."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from uuid import UUID

from openpyxl import Workbook

from chat_ui import attachments
from core import db
from core.tenancy import Role
from ingest import Upload, upload
from server import filing, jobs
from server.channels.whatsapp import told
from tests.server.conftest import Person

SALES = (
    ("Fecha", "Boleta", "Producto", "Total"),
    (date(2026, 10, 1), 1, "Pan", 3000),
    (date(2026, 10, 2), 2, "Pan", 10),
)
SPENT = (("Fecha", "Gasto", "Valor"), (date(2026, 10, 1), "Luz", 119), (date(2026, 10, 2), "Gas", "mucho"))
BOUGHT = (("Fecha", "Harina", "Total"), (date(2026, 10, 4), "Sacos", 700), (date(2026, 10, 5), "Sacos", 300))


def workbook() -> bytes:
    made, out = Workbook(), BytesIO()
    made.remove(made.active)
    for name, rows in {"Ventas": SALES, "Gastos": SPENT, "Insumos <b>": BOUGHT}.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    made.save(out)
    return out.getvalue()


def read(owner: Person, id: UUID) -> Upload:
    with db.tenant(owner.scope) as connection:
        return upload(owner.scope, id, connection)


def sums(owner: Person) -> tuple[object, ...]:
    with db.tenant(owner.scope) as connection:
        row = connection.execute(
            "SELECT (SELECT sum(total) FROM fact_sales), (SELECT sum(total) FROM fact_expenses)"
        ).fetchone()
    assert row is not None
    return row


def test_each_tab_is_told_and_corrected(owner: Person, person: Callable[..., Person], no_queue: list[jobs.Job]):
    owner.browser.post("/datos", files={"files": ("octubre.xlsx", workbook())})
    jobs.run(no_queue[0].company_id, no_queue[0].id)
    with db.tenant(owner.scope) as connection:
        row = connection.execute("SELECT id FROM uploads").fetchone()
    assert row is not None
    id: UUID = row[0]
    assert sums(owner) == (3010, 119)
    page = owner.browser.get(f"/datos/{id}").text
    assert "1 línea de gastos, 1 apartada" in page
    assert "Cómo entendí las columnas de «Gastos»" in page
    assert page.count('name="hojas"') == 3
    assert '<td class="num">3</td><td>La columna de monto no se entiende: «mucho» (hoja «Gastos», fila 3).' in page
    assert "\n3;La columna de monto" in owner.browser.get(f"/datos/{id}/apartadas.csv").text
    assert "Insumos &lt;b&gt;</label>" in page
    assert "<b>" not in page

    done = read(owner, id)
    cli = "\n".join(filing.told(done, known=False))
    assert "hoja «Ventas» (ventas: 2 líneas, 0 apartadas)" in cli
    assert "hoja «Gastos» (gastos: 1 línea, 1 apartadas)" in cli
    assert attachments.summary(done).startswith("**Listo.** Ya puedes preguntar por tus ventas y gastos del 1-oct-2026")
    assert "No usé la hoja «Insumos b»" in attachments.summary(done)
    assert told.summary(done).startswith("Listo, leí 3 líneas de ventas y gastos del 1-oct-2026")

    # One tap: the third tab too.
    sent = owner.browser.post(f"/datos/{id}/tipo", data={"hojas": ["sales", "expenses", "expenses"]})
    assert sent.status_code == 303
    jobs.run(no_queue[-1].company_id, no_queue[-1].id)
    assert sums(owner) == (3010, 1119)
    owner.browser.post(f"/datos/{id}/columnas", data={"parte": "1", "col.Gasto": "supplier"})
    jobs.run(no_queue[-1].company_id, no_queue[-1].id)
    with db.tenant(owner.scope) as connection:
        assert connection.execute("SELECT supplier FROM fact_expenses WHERE total = 119").fetchall() == [("Luz",)]
    owner.browser.post(f"/datos/{id}/tipo", data={"hojas": ["sales", "", ""]})
    jobs.run(no_queue[-1].company_id, no_queue[-1].id)
    assert sums(owner) == (3010, None)

    for wrong in (["sales", "magia", ""], ["sales"], ["", "", ""]):
        assert owner.browser.post(f"/datos/{id}/tipo", data={"hojas": wrong}).status_code == 400
    stranger, viewer = person(), person(Role.viewer, owner.scope)
    assert stranger.browser.post(f"/datos/{id}/tipo", data={"hojas": ["sales", "", ""]}).status_code == 404
    assert viewer.browser.post(f"/datos/{id}/tipo", data={"hojas": ["sales", "", ""]}).status_code == 403
