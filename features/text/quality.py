"""Notes on the data: what there is, what lacks, what was set aside."""

from collections.abc import Iterable
from decimal import Decimal

from core.db import Connection
from core.language import join, plural
from core.money import percent
from core.periods import day_label
from core.tenancy import Scope
from features.catalog.metrics import METRICS
from features.needs import COLUMN_NAMES
from features.query import Coverage
from retrieval.chunk import Chunk

HREF = "/datos"
_ONE = Decimal(1)
_HOLES = {"product_id": "producto", "customer_id": "cliente", "store_id": "sucursal", "cost": "costo",
          "quantity": "cantidad"}  # fmt: skip


def notes(covered: Coverage, scope: Scope, connection: Connection) -> Iterable[Chunk]:
    """Coverage, absent columns and what they prevent, holes in present ones, rows set aside per file."""
    yield _coverage(covered)
    if covered.lines:
        yield from _absent(covered)
        yield from _holes(covered, scope, connection)
    yield from _uploads(scope, connection)


def _coverage(covered: Coverage) -> Chunk:
    title = "Qué datos tengo"
    if covered.first is None or covered.last is None:
        return Chunk("quality", "coverage", title, "Todavía no tengo ventas tuyas. Sube tu primera planilla.", HREF)
    text = (
        f"Tus datos van desde el {day_label(covered.first)} hasta el {day_label(covered.last)}:"
        f" {plural(covered.lines, 'línea de venta', 'líneas de venta')}."
    )
    return Chunk("quality", "coverage", title, text, HREF)


def _absent(covered: Coverage) -> Iterable[Chunk]:
    for column, name in COLUMN_NAMES.items():
        prevented = [m.name for m in METRICS if column in m.needs]
        if column in covered.columns or not prevented:
            continue
        text = f"Tus archivos no traen {name}. Sin eso no puedo calcular {join(prevented)}."
        yield Chunk("quality", f"absent:{column}", f"Falta {name}", text, HREF)


def _holes(covered: Coverage, scope: Scope, connection: Connection) -> Iterable[Chunk]:
    counts = connection.execute(
        "SELECT count(*), count(product_id), count(customer_id), count(store_id), count(cost), count(quantity),"
        " count(*) FILTER (WHERE kind = 'return') FROM fact_sales WHERE company_id = %s",
        [scope.company_id],
    ).fetchone()
    assert counts is not None  # an aggregate always yields its row
    for (column, name), present in zip(_HOLES.items(), counts[1:6], strict=True):
        holes = counts[0] - present
        if column in covered.columns and holes:
            share = percent(holes / (counts[0] * _ONE))
            text = f"{plural(holes, 'línea', 'líneas')} de venta ({share}) vienen sin {name}."
            yield Chunk("quality", f"holes:{column}", f"Líneas sin {name}", text, HREF)
    text = f"De tus líneas, {plural(counts[6], 'es una devolución', 'son devoluciones')}: restan de las ventas."
    yield Chunk("quality", "returns", "Devoluciones en tus datos", text, HREF)


def _uploads(scope: Scope, connection: Connection) -> Iterable[Chunk]:
    rows = connection.execute(
        "SELECT id, filename, accepted, set_aside, possible_duplicates, first_day, last_day FROM uploads"
        " WHERE company_id = %s AND state NOT IN ('undone', 'failed') ORDER BY created_at DESC LIMIT 100",
        [scope.company_id],
    ).fetchall()
    for id_, filename, accepted, aside, twins, first, last in rows:
        span = f", del {day_label(first)} al {day_label(last)}" if first and last else ""
        text = f"El archivo {filename} trajo {plural(accepted, 'línea', 'líneas')} de venta{span}."
        if aside:
            text += (
                f" Aparté {plural(aside, 'fila', 'filas')} que no pude leer; puedes bajarlas, corregirlas y subirlas."
            )
        if twins:
            text += f" {plural(twins, 'línea parece repetida', 'líneas parecen repetidas')}: las conté todas."
        yield Chunk("quality", f"upload:{id_}", f"Archivo {filename}", text, f"{HREF}/{id_}", first, last)
