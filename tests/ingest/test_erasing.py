"""After somebody is erased nothing says their name, no figure has moved, and no file brings them back."""

from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from core import db
from core.tenancy import Scope
from ingest import erase, persons, process, receive, storing, undo, upload
from ingest.uploads import digest_of

HEAD = "Fecha;Boleta;Cliente;RUT Cliente;Correo;Producto;Sucursal;Cantidad;Total;Notas\n"
ROWS = [
    "01/10/2026;1;Juana Pérez Soto;12.345.678-5;juana@correo.cl;Pan amasado;Talca;2;2.400;deja con Juana Perez Soto",
    "02/10/2026;2;Pedro Rojas Díaz;11.111.111-1;pedro@correo.cl;Kuchen;Talca;1;9.990;",
    "02/10/2026;3;JUANA PEREZ SOTO;12345678-5;;Marraqueta;Curicó;3;1.500;",
    "03/10/2026;4;Pedro Rojas Díaz;11.111.111-1;pedro@correo.cl;Pan amasado;Curicó;5;6.000;",
    "03/10/2026;5;;;;Pan amasado;Curicó;5;6.000;",
    "04/10/2026;6;Juana Pérez Soto;12.345.678-5;juana@correo.cl;Pan;Curicó;1;no sé;llamar al +56 9 1234 5678",
]
JUANA = persons.person(["Juana Pérez Soto"], ["12.345.678-5"], ["juana@correo.cl"], "CL")
WORDS = ("juana", "pérez soto", "perez soto", "12.345.678", "12345678", "1234 5678")


def send(scope: Scope, name: str, content: bytes) -> Any:
    with db.tenant(scope) as connection:
        got = receive(scope, name, BytesIO(content), connection)
        return got if got.known else process(scope, got.id, connection).upload


def figures(scope: Scope) -> list[Any]:
    """Plain SQL: lines, money and customers by day and product."""
    with db.tenant(scope) as connection:
        return connection.execute(
            "SELECT sold_on, p.name, count(*), sum(total), sum(quantity), count(DISTINCT customer_id) "
            "FROM fact_sales f LEFT JOIN dim_products p ON p.company_id = f.company_id AND p.id = f.product_id "
            "GROUP BY 1, 2 ORDER BY 1, 2"
        ).fetchall()


def said(scope: Scope) -> str:
    """All that facts, dimension, rows set aside and stored files say."""
    with db.tenant(scope) as connection:
        rows: list[Any] = []
        for table in ("fact_sales", "dim_customers", "rejected_rows", "uploads", "suppressions"):
            rows += connection.execute(f"SELECT t::text FROM {table} t").fetchall()  # noqa: S608
    texts = [row[0] for row in rows]
    for path in storing.folder_of(scope).iterdir():
        data = path.read_bytes()
        texts.append(data.decode("utf-8", "replace"))
        if data.startswith(b"PK"):
            texts += [
                str(c)
                for sheet in load_workbook(BytesIO(data))
                for row in sheet.iter_rows(values_only=True)
                for c in row
            ]
    return "\n".join(texts).lower()


def gone(scope: Scope) -> None:
    told = said(scope)
    assert [w for w in WORDS if w in told] == []


def workbook() -> bytes:
    book, out = Workbook(), BytesIO()
    page = book.active
    assert page is not None
    page.title = "Ventas"
    for line in [HEAD, *ROWS]:
        cells: list[Any] = line.strip().split(";")
        page.append([int(c.replace(".", "")) if i in (7, 8) and c[:1].isdigit() else c for i, c in enumerate(cells)])
    other = book.create_sheet("Contactos")
    other.append(["Nombre", "Fono"])
    other.append(["Juana Pérez Soto", "+56 9 1234 5678"])
    book.properties.creator = "Juana Pérez Soto"
    book.save(out)
    return out.getvalue()


def text(encoding: str = "utf-8", rows: list[str] = ROWS) -> bytes:
    return (HEAD + "\n".join(rows) + "\n").encode(encoding)


@pytest.mark.parametrize(
    "content", [text(), text("latin-1"), text("utf-16"), workbook()], ids=["utf8", "latin", "utf16", "xlsx"]
)
def test_erased_from_facts_and_files_with_every_figure_as_it_was(scope: Scope, content: bytes):
    sent = send(scope, "ventas", content)
    assert (sent.accepted, sent.set_aside) == (5, 1)
    before = figures(scope)
    assert "juana" in said(scope)
    with db.tenant(scope) as connection:
        done = erase(JUANA, scope, connection)
    # Her id was written in two ways, and she was one customer.
    assert (done.customers, done.lines, done.files, done.kept, done.removed) == (1, 2, 1, [], [])
    gone(scope)
    assert figures(scope) == before
    with db.tenant(scope) as connection:
        after = upload(scope, sent.id, connection)
        assert (after.accepted, after.set_aside, after.state) == (5, 1, "ready")
        names = connection.execute("SELECT name, tax_id, reserved FROM dim_customers ORDER BY id").fetchall()
    assert names == [("Pedro Rojas Díaz", "11111111-1", False), (done.label, None, True)] or names == [
        ("Pedro Rojas Díaz", "11.111.111-1", False), (done.label, None, True)
    ]  # fmt: skip


def test_a_line_without_an_id_is_of_who_has_its_name(scope: Scope):
    """Else one such line would hide the name from whoever is looked for by id, and texts would go on saying it."""
    send(scope, "ventas", text(rows=[*ROWS, "05/10/2026;7;Juana  Pérez  Soto;;;Pan;Curicó;1;900;"]))
    by_id = persons.person([], ["123456785"], [], "CL")
    with db.tenant(scope) as connection:
        whole = persons.widened(by_id, scope, connection)
        assert [c.lines for c in persons.customers(whole, scope, connection)] == [2, 1]
        done = erase(whole, scope, connection)
    assert done.lines == 3
    gone(scope)


def test_a_name_that_somebody_with_another_id_has_is_not_taken(scope: Scope):
    send(scope, "ventas", text(rows=[*ROWS, "05/10/2026;7;Juana Pérez Soto;22.222.222-2;;Pan;Curicó;1;900;"]))
    with db.tenant(scope) as connection:
        whole = persons.widened(persons.person([], ["123456785"], [], "CL"), scope, connection)
    assert whole.names == ()


@pytest.mark.parametrize("content", [text(), workbook()], ids=["text", "xlsx"])
def test_the_same_file_again_brings_nobody_back(scope: Scope, content: bytes):
    first = send(scope, "ventas", content)
    with db.tenant(scope) as connection:
        erase(JUANA, scope, connection)
    before = figures(scope)
    assert send(scope, "otra vez", content).known
    gone(scope)
    assert figures(scope) == before
    with db.tenant(scope) as connection:
        undo(scope, first.id, connection)
    assert send(scope, "de nuevo", content).accepted == 5
    gone(scope)
    assert figures(scope) == before


def test_a_longer_export_doubles_nothing_and_brings_nobody_back(scope: Scope):
    send(scope, "octubre.csv", text(rows=ROWS[:3]))
    with db.tenant(scope) as connection:
        label = erase(JUANA, scope, connection).label
    more = [*ROWS, "09/10/2026;7;Juana Pérez Soto;;;Pan;Talca;1;800;la prima de Juana Pérez Soto, juana@correo.cl"]
    sent = send(scope, "todo.csv", text(rows=more))
    assert (sent.accepted, sent.already_known) == (6, 3)
    gone(scope)
    with db.tenant(scope) as connection:
        total = connection.execute("SELECT sum(total), count(*) FROM fact_sales").fetchone()
        hers = connection.execute(
            "SELECT count(*) FROM fact_sales f JOIN dim_customers c ON c.company_id = f.company_id "
            "AND c.id = f.customer_id WHERE c.name = %s", [label],
        ).fetchone()  # fmt: skip
    assert (total, hers) == ((Decimal(26690), 6), (3,))


def test_overlapping_exports_stay_one(scope: Scope):
    send(scope, "a.csv", text(rows=ROWS[:4]))
    send(scope, "b.csv", text(rows=ROWS[1:]))
    before = figures(scope)
    with db.tenant(scope) as connection:
        erase(JUANA, scope, connection)
    assert figures(scope) == before
    gone(scope)


def test_somebody_else_of_the_same_name_stays(scope: Scope):
    rows = [*ROWS, "05/10/2026;8;Juana Pérez Soto;22.222.222-2;;Pan;Talca;1;700;"]
    send(scope, "ventas.csv", text(rows=rows))
    with db.tenant(scope) as connection:
        erase(persons.person(["Juana Pérez Soto"], ["12.345.678-5"], [], "CL"), scope, connection)
        left = connection.execute("SELECT name, tax_id FROM dim_customers WHERE NOT reserved ORDER BY id").fetchall()
    assert [row[0] for row in left] == ["Pedro Rojas Díaz", "Juana Pérez Soto"]


def test_two_persons_keep_two_places(scope: Scope):
    send(scope, "ventas.csv", text())
    before = figures(scope)
    with db.tenant(scope) as connection:
        erase(JUANA, scope, connection)
        erase(persons.person([], ["11.111.111-1"], [], "CL"), scope, connection)
        again = erase(JUANA, scope, connection)
    assert figures(scope) == before
    assert again.label == "(cliente eliminado 1)"
    assert "pedro rojas" not in said(scope)


def test_a_file_that_nobody_can_read_goes(scope: Scope):
    sent = send(scope, "cartola.pdf", b"%PDF-1.7 Juana")
    assert sent.state == "failed"
    with db.tenant(scope) as connection:
        done = erase(JUANA, scope, connection)
    assert done.removed == ["cartola.pdf"]
    assert list(storing.folder_of(scope).iterdir()) == []


def test_a_name_of_one_word_leaves_the_goods_alone(scope: Scope):
    head = "Fecha;Boleta;Cliente;Producto;Total\n"
    send(scope, "v.csv", f"{head}01/10/2026;1;Rosa;Torta rosa;100\n02/10/2026;2;Ana;Rosa;200\n".encode())
    with db.tenant(scope) as connection:
        erase(persons.person(["Rosa"], [], [], "CL"), scope, connection)
        products = connection.execute("SELECT name FROM dim_products ORDER BY id").fetchall()
        names = connection.execute("SELECT name FROM dim_customers WHERE NOT reserved").fetchall()
    assert (products, names) == ([("Torta rosa",), ("Rosa",)], [("Ana",)])


def test_of_another_company_nothing_is_touched(new_scope: Callable[..., Scope]):
    mine, other = new_scope(), new_scope()
    for scope in (mine, other):
        send(scope, "ventas.csv", text())
    with db.tenant(mine) as connection:
        erase(JUANA, mine, connection)
    assert "juana" in said(other)
    gone(mine)


def test_lines_whose_file_is_lost_lose_the_person_in_place(scope: Scope):
    sent = send(scope, "ventas.csv", text())
    before = figures(scope)
    with db.tenant(scope) as connection:
        storing.path_of(scope, digest_of(scope, sent.id, connection)).unlink()
        done = erase(JUANA, scope, connection)
    assert done.kept == ["ventas.csv"]
    assert figures(scope) == before
    gone(scope)


def test_an_address_alone_is_enough(scope: Scope):
    rows = [ROWS[0], ROWS[1], ROWS[3], ROWS[5]]
    send(scope, "ventas.csv", text(rows=rows).replace(b"deja con Juana Perez Soto", b""))
    before = figures(scope)
    with db.tenant(scope) as connection:
        done = erase(persons.person([], [], ["juana@correo.cl"], "CL"), scope, connection)
        names = connection.execute("SELECT name, reserved FROM dim_customers ORDER BY id").fetchall()
    assert names == [("Pedro Rojas Díaz", False), (done.label, True)]
    assert figures(scope) == before
    gone(scope)


def test_who_is_named_among_the_expenses_leaves_too(scope: Scope):
    head = "Fecha;Categoría;Proveedor;Detalle;Monto\n"
    rows = "05/10/2026;Honorarios;Juana Pérez Soto;Clases;50.000\n06/10/2026;Arriendo;Inmobiliaria Sur;Local;300.000\n"
    sent = send(scope, "gastos.csv", f"{head}{rows}".encode())
    assert (sent.state, sent.accepted) == ("ready", 2)
    with db.tenant(scope) as connection:
        label = erase(JUANA, scope, connection).label
        kept = "SELECT supplier, total FROM fact_expenses ORDER BY spent_on"
        assert connection.execute(kept).fetchall() == [(label, 50000), ("Inmobiliaria Sur", 300000)]
    gone(scope)
    more = f"{head}{rows}07/10/2026;Honorarios;JUANA PEREZ SOTO;de Juana Pérez Soto;9.000\n"
    again = send(scope, "gastos de noviembre.csv", more.encode())
    assert (again.state, again.accepted) == ("ready", 3), again.message
    gone(scope)
    with db.tenant(scope) as connection:
        hers = "SELECT sum(total) FROM fact_expenses WHERE supplier = %s AND upload_id <> %s"
        assert connection.execute(hers, [label, sent.id]).fetchone() == (59000,)


def test_a_tab_of_expenses_beside_the_sales_loses_her_and_keeps_its_amounts(scope: Scope) -> None:
    made = load_workbook(BytesIO(workbook()))
    spent = made.create_sheet("Gastos")
    for row in (
        ("Fecha", "Gasto", "Proveedor", "Monto"), ("02/10/2026", "Honorarios", "Juana Pérez Soto", 80_000),
        ("03/10/2026", "Luz", "CGE", 20_000),
    ):  # fmt: skip
        spent.append(list(row))
    out = BytesIO()
    made.save(out)
    done = send(scope, "libro.xlsx", out.getvalue())
    assert (done.state, done.accepted) == ("ready", 7), done.message
    before = figures(scope)
    with db.tenant(scope) as connection:
        erase(JUANA, scope, connection)
    gone(scope)
    assert figures(scope) == before
    with db.tenant(scope) as connection:
        process(scope, done.id, connection)  # her file, as it lies there now
        spending = connection.execute("SELECT category, total FROM fact_expenses ORDER BY total").fetchall()
        assert spending == [("Luz", 20_000), ("Honorarios", 80_000)]
    gone(scope)
    assert figures(scope) == before
