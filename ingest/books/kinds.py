"""The kinds of book, their fields, and how a file is recognised as one. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.books.months import names_month
from ingest.columns import BY_ID, Field, normal, score

MONTHLY = "monthly"
"""The field of a column that holds the amounts of one month."""
SHELF = "shelf"
"""The field of a column that holds what one branch has."""
SEVERAL = frozenset([MONTHLY, SHELF])
"""The fields that several columns may be."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of book: `signs` are words of a header that only it has; `needs` the fields without which it can't be."""

    id: str
    name: str
    fields: tuple[Field, ...]
    needs: tuple[str, ...]
    signs: frozenset[str]


_BRANCH = Field("branch", "sucursal", ("sucursal", "local", "tienda", "bodega", "almacen"), ("id", "codigo"))

EXPENSES = Kind(
    "expenses",
    "gastos",
    (
        Field(
            "date", "fecha",
            ("fecha de pago", "fecha pago", "fecha gasto", "fecha del gasto", "fecha emision", "fecha documento",
             "fecha", "dia", "date"), ("vencimiento", "vencto"), "date",
        ),
        Field(
            "total", "monto",
            ("monto total", "total gasto", "total", "monto", "importe", "monto gasto", "gasto", "egreso", "cargo",
             "valor", "total pagado", "amount"), ("neto", "iva", "impuesto", "tipo", "saldo", "exento"), "number",
        ),
        Field(
            "category", "tipo de gasto",
            ("tipo de gasto", "tipo gasto", "categoria de gasto", "categoria gasto", "categoria", "cuenta contable",
             "cuenta", "rubro", "clasificacion", "centro de costo", "tipo", "nombre gasto", "nombre del gasto",
             "concepto", "item", "partida", "gasto", "gastos", "egreso", "egresos"),
            ("documento", "pago", "n", "numero", "total", "monto"),
        ),
        Field(
            "supplier", "proveedor",
            ("proveedor", "nombre proveedor", "razon social", "pagado a", "beneficiario", "emisor", "supplier"),
            ("rut", "id", "codigo"),
        ),
        Field("detail", "detalle", ("detalle", "descripcion", "glosa", "concepto", "item", "comentario", "motivo")),
        Field("month", "mes", ("mes", "mes de pago", "mes gasto", "mes del gasto", "periodo", "month"),
              ("total", "monto", "gasto", "gastos", "valor"), "date"),
        Field("year", "año", ("ano", "anio", "year", "ejercicio"), ("total", "monto")),
        Field(MONTHLY, "monto de ese mes", (), (), "number"),
        Field(
            "document", "documento",
            ("n documento", "nro documento", "numero documento", "folio", "n factura", "nro factura", "factura",
             "boleta", "documento"), ("tipo", "fecha"),
        ),
        _BRANCH,
    ),
    ("date", "total"),
    frozenset(["gasto", "gastos", "egreso", "egresos"]),
)  # fmt: skip

STOCK = Kind(
    "stock",
    "inventario",
    (
        Field(
            "product", "producto",
            ("producto", "nombre producto", "nombre del producto", "articulo", "nombre articulo", "nombre",
             "descripcion", "item", "detalle", "product"), ("codigo", "cod", "id", "categoria", "tipo"),
        ),
        Field("sku", "código", ("sku", "codigo", "codigo producto", "cod", "codigo de barras", "ean", "barcode")),
        Field(
            "quantity", "cantidad",
            ("stock actual", "stock fisico", "stock disponible", "stock final", "saldo final", "inventario final",
             "stock", "existencias", "existencia",
             "cantidad disponible", "disponible", "inventario", "saldo", "conteo", "cantidad", "unidades"),
            ("minimo", "critico", "maximo", "costo", "valor", "fecha", "valorizado", "inicial", "entradas", "salidas"),
            "number",
        ),
        Field(
            "date", "fecha",
            ("fecha inventario", "fecha conteo", "fecha de conteo", "fecha stock", "fecha", "al dia"),
            ("vencimiento", "vencto", "compra", "ingreso"), "date",
        ),
        _BRANCH,
        Field(SHELF, "cantidad en esa sucursal", (), (), "number"),
        Field(
            "unit_cost", "costo unitario",
            ("costo unitario", "costo promedio", "precio costo", "costo", "unit cost"), ("total",), "number",
        ),
        Field(
            "minimum", "stock mínimo",
            ("stock minimo", "minimo", "stock critico", "punto de reposicion", "punto de pedido"), ("maximo",),
            "number",
        ),
    ),
    ("product", "quantity"),
    frozenset(["stock", "existencia", "existencias", "inventario"]),
)  # fmt: skip

KINDS = {kind.id: kind for kind in (EXPENSES, STOCK)}
_SOLD = frozenset(["venta", "ventas"])
_PAID_TO = frozenset(["proveedor", "proveedores"])
_SURE = 60.0
"""The score from which a header is taken to mean a field of a sale (`ingest.columns.score`)."""


_PAID_ONLY = re.compile(
    r"^(?:arriendos?|alquiler|sueldos?|remuneraciones|honorarios|imposiciones|previred|contador(?:a)?|contabilidad|luz|"
    r"electricidad|gastos? comun(?:es)?|leasing|patente(?: municipal)?|internet|telefonos?|seguros?|finiquitos?)\b"
)
"""What no shop sells and every shop pays."""


def recognise(headers: Sequence[str], filename: str, titles: Sequence[str] = (), lines: Sequence[str] = ()) -> str:
    """'expenses' or 'stock' where the headers leave no doubt, else 'sales'. `titles`: what stands above the headers and
    the sheet's name; `lines`: the first texts of the rows."""
    words = {word for header in headers for word in normal(header).split()}

    def sells(*fields: str) -> bool:
        return any(score(header, BY_ID[f]) >= _SURE for header in headers for f in fields)

    named = {w for text in (filename.rpartition(".")[0], *titles) for w in normal(text.replace("_", " ")).split()}
    by_month = bool(words & {"mes", "periodo"}) or any(names_month(h) for h in headers)
    dated = sells("date") and sells("total")
    if words & STOCK.signs and not sells("order") and not dated:
        return "stock"
    if named & STOCK.signs and not named & _SOLD and not dated and not sells("order", "customer") and sells("product"):
        return "stock"
    if sells("customer", "seller") or words & _SOLD:
        return "sales"
    # A document's number, how it was paid, how much and at what price are written beside expenses too.
    if words & EXPENSES.signs or (named & EXPENSES.signs and not named & _SOLD):
        return "expenses"
    if words & _PAID_TO and not sells("product", "quantity", "unit_price"):
        return "expenses"
    if sells("order", "quantity", "payment_method", "unit_price"):
        return "sales"
    if by_month and sum(bool(_PAID_ONLY.match(normal(text))) for text in lines) >= 2:
        return "expenses"
    return "expenses" if words & _PAID_TO and not sells("product") else "sales"


def says_day(header: str) -> bool:
    """Whether a header of a sheet of expenses is that of their days."""
    return score_of(header, next(f for f in EXPENSES.fields if f.id == "date")) > 0


def score_of(header: str, field: Field) -> float:
    """How surely a header means a field of a book, as for a sale's."""
    text = normal(header)
    if text in field.headers:
        return 100 - field.headers.index(text) * 0.2
    words = set(text.split())
    if not words or words & set(field.never):
        return 0.0
    inside = [i for i, said in enumerate(field.headers) if len(said) > 2 and f" {said} " in f" {text} "]
    return 40.0 - inside[0] * 0.1 if inside else 0.0
