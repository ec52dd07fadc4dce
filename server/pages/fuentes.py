"""De dónde sale: a figure's definition, period and filters, the files and the very rows it rests on."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends
from fastapi import Query as Parameter
from starlette.responses import HTMLResponse, Response, StreamingResponse

import features
from core import db
from core.errors import NotFound
from core.periods import label
from core.tenancy import Permission, Scope
from features.query import Query
from server import uploads
from server.identity import CurrentVisitor, Visitor, permitted
from server.pages.shared import page
from server.slices import Slice, query_of, words

router = APIRouter(prefix="/fuentes")
Downloader = Annotated[Visitor, permitted(Permission.download)]
PAGE = 50
BLOCK = 5_000
COLUMNS = {
    "sold_on": "Fecha", "order_ref": "Venta", "kind": "Tipo", "product": "Producto", "category": "Categoría",
    "quantity": "Cantidad", "discount": "Descuento", "total": "Total", "cost": "Costo", "branch": "Sucursal",
    "channel": "Canal", "customer": "Cliente", "seller": "Vendedor", "payment_method": "Medio de pago",
    "filename": "Archivo", "source_line": "Línea",
}  # fmt: skip
KINDS = {"sale": "venta", "return": "devolución", "expense": "gasto"}


@router.get("")
def figure(
    visitor: CurrentVisitor,
    wanted: Annotated[Slice, Depends(query_of)],
    metric: str = "sales",
    pagina: Annotated[int, Parameter(ge=1, le=100_000)] = 1,
) -> HTMLResponse:
    scope = visitor.scope
    with db.tenant(scope) as connection:
        query = _query(wanted, metric, scope, connection)
        result = features.run(query, scope, connection)
        sources = features.sources(query, scope, connection)
        rows = features.source_rows(query, scope, connection, PAGE, (pagina - 1) * PAGE)
    declared = features.metric(metric)
    return page(
        "fuentes.html", visitor, "fuentes",
        metric=declared,
        value=features.shown(declared, result.value(), scope.company),
        missing=result.missing.get(metric, ()),
        period=label(query.period),
        filters=[words(f) for f in query.filters],
        sources=sources,
        rows=rows,
        may_download=scope.may(Permission.download),
        number=pagina,
        pages=max(1, -(-sources.lines // PAGE)),
        address=urlencode({"metric": metric}) + "&" + wanted.address(),
    )  # fmt: skip


@router.get(".csv")
def download(visitor: Downloader, wanted: Annotated[Slice, Depends(query_of)], metric: str = "sales") -> Response:
    """All the rows behind the figure: for those who may take data away, sale by sale."""
    with db.tenant(visitor.scope) as connection:
        _query(wanted, metric, visitor.scope, connection)  # what is wrong is told before the first line goes out
    return StreamingResponse(
        uploads.csv_lines(_lines(visitor.scope, wanted, metric)),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="lineas.csv"'},
    )


def _lines(scope: Scope, wanted: Slice, metric: str) -> Iterator[list[object]]:
    yield list(COLUMNS.values())
    offset = 0
    while True:
        with db.tenant(scope) as connection:  # a block a transaction: a slow reader must not hold one open
            query = _query(wanted, metric, scope, connection)
            rows = features.source_rows(query, scope, connection, BLOCK, offset)
        yield from ([cell(row, name) for name in COLUMNS] for row in rows)
        if len(rows) < BLOCK:
            return
        offset += BLOCK


def cell(row: features.SourceRow, name: str) -> object:
    """A row's value for a spreadsheet here: decimal comma, Spanish words. Pure."""
    value = getattr(row, name)
    if isinstance(value, Decimal):
        return format(value.normalize(), "f").replace(".", ",")
    return KINDS[value] if name == "kind" else value


def _query(wanted: Slice, metric: str, scope: Scope, connection: db.Connection) -> Query:
    features.metric_of(metric, scope, connection)
    query = wanted.query(metric, features.coverage(scope, connection))
    if query is None:
        raise NotFound("no_data", "Aún no hay datos.", "Sube tu primer archivo en Mis datos.")
    return Query(query.metrics, query.period, filters=query.filters)
