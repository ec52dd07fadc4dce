"""However an export is cut into files, in whatever order and however often they come: the facts are the whole's."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import db
from core.tenancy import Scope
from ingest import process, receive, undo

FIRST = date(2025, 10, 25)
DAYS = 10
Line = tuple[int, int, str, int, int]

# Few days, products and amounts, so that equal lines and equal amounts are common.
lines = st.lists(
    st.tuples(
        st.integers(0, DAYS - 1),
        st.integers(1, 3),
        st.sampled_from(["Pan", "Kuchen de ñoño", 'Torta "Selva"; grande']),
        st.sampled_from([-1, 1, 1, 2]),
        st.sampled_from([500, 1200, 990]),
    ),
    min_size=1,
    max_size=14,
).map(lambda found: sorted(found, key=lambda line: line[0]))
windows = st.lists(st.tuples(st.integers(0, DAYS - 1), st.integers(1, DAYS)), min_size=1, max_size=3)
orders = st.booleans()


def export(some: Sequence[Line], numbered: bool) -> bytes:
    head = "Fecha;Boleta;Producto;Cantidad;Total" if numbered else "Fecha;Producto;Cantidad;Total"
    rows = [head]
    for day, order, product, quantity, price in some:
        cells = [(FIRST + timedelta(days=day)).strftime("%d/%m/%Y"), f"{order}", '"' + product.replace('"', '""') + '"']
        cells += [f"{quantity}", f"{quantity * price:,}".replace(",", ".")]
        rows.append(";".join(cells if numbered else [cells[0], *cells[2:]]))
    return ("\n".join(rows) + "\n").encode()


def send(scope: Scope, data: bytes) -> UUID:
    with db.tenant(scope) as connection:
        upload = receive(scope, "ventas.csv", BytesIO(data), connection)
        done = process(scope, upload.id, connection).upload
    assert done.state == "ready", done.message
    assert done.set_aside == 0
    return done.id


def take_back(scope: Scope, upload_id: UUID) -> None:
    with db.tenant(scope) as connection:
        undo(scope, upload_id, connection)


def facts(scope: Scope) -> list[tuple[Any, ...]]:
    with db.tenant(scope) as connection:
        return connection.execute(
            """SELECT f.line_key, f.sold_on, f.kind, f.order_ref, p.name, f.quantity, f.total FROM fact_sales f
               JOIN dim_products p ON p.company_id = f.company_id AND p.id = f.product_id ORDER BY f.line_key"""
        ).fetchall()


def pieces(whole: Sequence[Line], cuts: Sequence[tuple[int, int]]) -> list[list[Line]]:
    """Exports of some days each, which together hold them all."""
    found = [[line for line in whole if start <= line[0] < start + length] for start, length in cuts]
    seen = {day for start, length in cuts for day in range(start, start + length)}
    return [piece for piece in [*found, [line for line in whole if line[0] not in seen]] if piece]


quick = settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])


@quick
@given(whole=lines, cuts=windows, numbered=orders, data=st.data())
def test_pieces_in_any_order_make_the_whole(
    new_scope: Callable[..., Scope], whole: list[Line], cuts: list[tuple[int, int]], numbered: bool, data: st.DataObject
) -> None:
    once, cut = new_scope(), new_scope()
    send(once, export(whole, numbered))
    for piece in data.draw(st.permutations(pieces(whole, cuts))):
        send(cut, export(piece, numbered))
    assert facts(cut) == facts(once)
    total = sum((Decimal(quantity * price) for _, _, _, quantity, price in whole), Decimal(0))
    assert (len(facts(once)), sum(row[6] for row in facts(once))) == (len(whole), total)


@quick
@given(whole=lines, cuts=windows, numbered=orders, data=st.data())
def test_undoing_one_is_never_having_sent_it(
    new_scope: Callable[..., Scope], whole: list[Line], cuts: list[tuple[int, int]], numbered: bool, data: st.DataObject
) -> None:
    with_it, without = new_scope(), new_scope()
    parts = list(dict.fromkeys(export(piece, numbered) for piece in pieces(whole, cuts)))
    order = data.draw(st.permutations(range(len(parts))))
    gone = data.draw(st.sampled_from(order))
    sent = {i: send(with_it, parts[i]) for i in order}
    for i in order:
        send(with_it, parts[i])
    take_back(with_it, sent[gone])
    for i in order:
        if i != gone:
            send(without, parts[i])
    assert facts(with_it) == facts(without)
    send(with_it, parts[gone])
    send(without, parts[gone])
    assert facts(with_it) == facts(without)
