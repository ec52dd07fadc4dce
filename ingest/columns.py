"""Which column of a file is which canonical field: by its header, by what is in it, or as the owner said before."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Literal

from core.language import fold

Why = Literal["name", "content", "remembered", "layout"]


@dataclass(frozen=True, slots=True)
class Field:
    """A canonical field: its Spanish name, and the headers that mean it, the most certain first.
    `never` are words that make a header mean something else."""

    id: str
    name: str
    headers: tuple[str, ...]
    never: tuple[str, ...] = ()
    holds: Literal["text", "number", "date", "clock"] = "text"


_OTHER_DATES = (
    "pago", "envio", "entrega", "entregado", "acuse", "reclamo", "recepcion", "vencimiento", "cancelacion", "camino",
    "nacimiento", "despacho", "abono", "revision", "settlement", "post", "posted", "due", "shipping", "vencto", "proxy",
    "actualizacion", "updated",
)  # fmt: skip
_IDS = ("id", "codigo", "cod", "nro", "numero", "n", "rut", "cuit", "dni", "telefono", "email", "folio")

FIELDS = (
    Field(
        "date", "fecha",
        ("fecha de venta", "fecha venta", "fecha emision", "fecha de emision", "fecha docto", "fecha documento",
         "fecha y hora", "fecha hora", "fechahora", "fecha", "data da venda", "data venda", "data do pedido",
         "data de emissao", "data emissao", "data hora", "data", "date", "order date", "sale date", "transaction date",
         "fecha transaccion", "fecha de compra", "fecha pedido", "fecha de la orden", "fecha boleta", "fecha factura",
         "dia", "datetime", "timestamp", "created at", "order purchase timestamp", "date time", "fecha creacion",
         "f emision"),
        _OTHER_DATES, "date",
    ),
    Field("time", "hora", ("hora", "hora venta", "hora de venta", "hora emision", "time", "horario",
        "hora da venda"), ("zona", "valor"), "clock"),
    Field(
        "order", "número de venta",
        ("numero de orden", "nro orden", "n orden", "orden", "numero de pedido", "nro pedido", "n pedido", "pedido",
         "de venta", "numero de venta", "nro venta", "id venta", "n boleta", "nro boleta", "numero boleta", "boleta",
         "n documento", "nro documento", "numero documento", "numero de documento", "documento", "folio", "n factura",
         "nro factura", "factura", "numero de comprobante", "nro comprobante", "n comprobante", "comprobante", "ticket",
         "n ticket", "nro ticket", "numero ticket", "order id", "order number", "order", "order no", "invoice",
         "invoice no", "invoice number", "receipt", "receipt number", "transaction id", "id transaccion",
         "numero do pedido",
         "n do pedido", "id do pedido", "cupom", "nota fiscal", "num doc", "nro doc", "n doc", "id orden",
         "id pedido", "orden id",
         "correlativo", "operacion", "nro operacion", "n operacion"),
        ("tipo", "fecha", "item", "receptor", "cliente", "estado", "referencia", "ref", "total", "monto"),
    ),
    Field(
        "product", "producto",
        ("producto", "nombre del producto", "nombre producto", "descripcion producto", "descripcion del producto",
         "titulo de la publicacion", "articulo", "nombre articulo", "descripcion articulo", "item", "detalle",
         "descripcion", "glosa", "produto", "nome do produto", "descricao do produto", "descricao", "product",
         "product name", "item name", "product title", "lineitem name", "description", "nombre item", "servicio",
         "plato", "concepto"),
        ("categoria", "category", "precio", "cantidad", "codigo", "cod", "id", "sku", "tipo", "familia", "estado",
         "costo", "fisico", "price", "quantity", "descuento", "movimiento", "subtotal", "ingresos"),
    ),
    Field(
        "sku", "código de producto",
        ("sku", "codigo producto", "codigo del producto", "cod producto", "codigo articulo", "cod articulo",
         "codigo de barras", "codigo barra", "ean", "product id", "product code", "item id", "lineitem sku",
         "codigo do produto", "cod produto", "id producto", "codigo item", "codigo", "cod", "barcode"),
        ("postal", "autorizacion", "sucursal", "cliente", "vendedor", "tracking", "order", "pedido", "venta", "tienda"),
    ),
    Field(
        "category", "categoría",
        ("categoria", "categoria producto", "categoria del producto", "familia", "rubro", "linea", "linea de producto",
         "departamento", "seccion", "tipo de producto", "tipo producto", "category", "product category",
         "product category name", "categoria do produto", "grupo", "subcategoria", "department", "clasificacion"),
        ("cliente", "total", "monto"),
    ),
    Field(
        "customer", "cliente",
        ("cliente", "nombre cliente", "nombre del cliente", "nombre del comprador", "comprador", "razon social",
         "denominacion receptor", "customer", "customer name", "client", "buyer", "nome do cliente", "nombre receptor",
         "billing name", "nombre y apellido", "receptor", "customer id", "id cliente", "codigo cliente",
         "comprador nombre",
         "socio", "paciente", "alumno"),
        ("rut", "cuit", "dni", "tipo", "email", "correo", "telefono", "direccion", "ciudad", "comuna", "nuevo"),
    ),
    Field(
        "customer_tax_id", "RUT o CUIT del cliente",
        ("rut cliente", "rut del cliente", "rut receptor", "rut", "nro doc receptor", "dni cuit", "cuit cliente",
         "cuit",
         "dni", "cpf", "cnpj", "cpf cnpj", "nit", "ruc", "documento cliente", "tax id", "tipo y numero de documento"),
        ("emisor", "proveedor", "vendedor", "tipo", "empresa"),
    ),
    Field(
        "branch", "sucursal",
        ("sucursal", "sucursal de venta", "nombre sucursal", "tienda", "local", "punto de venta", "bodega", "sede",
         "loja", "filial", "store", "branch", "location", "store name", "shop", "codigo sucursal", "punto venta",
         "caja"),
        ("ciudad", "direccion", "total"),
    ),
    Field(
        "channel", "canal",
        ("canal", "canal de venta", "canal venta", "origen", "origen venta", "plataforma", "channel", "sales channel",
         "canal de venda", "source", "marketplace", "tipo de venta", "tipo venta"),
        ("id",),
    ),
    Field(
        "seller", "vendedor",
        ("vendedor", "vendedora", "nombre vendedor", "vendedor nombre", "atendido por", "cajero", "ejecutivo",
         "persona que registro la venta", "garzon", "mesero", "mozo", "usuario", "seller", "salesperson", "sales rep",
         "staff", "employee", "atendente", "cashier", "profesional", "barbero"),
        ("rut", "notas", "email", "comision", "id"),
    ),
    Field(
        "payment_method", "medio de pago",
        ("medio de pago", "medio pago", "forma de pago", "forma pago", "metodo de pago", "metodo pago", "tipo de pago",
         "tipo pago", "condicion de pago", "forma de pagamento", "meio de pagamento", "payment method",
         "payment type", "payment", "tipo tarjeta", "pago", "tender", "payment method type"),
        ("fecha", "estado", "id", "identificador", "monto", "total"),
    ),
    Field("city", "ciudad", ("ciudad", "comuna", "localidad", "cidade", "municipio", "city", "shipping city",
        "customer city"), ("codigo",)),
    Field("country", "país", ("pais", "country", "shipping country"), ("codigo",)),
    Field(
        "quantity", "cantidad",
        ("cantidad", "cantidad del producto", "cantidad vendida", "unidades", "unidades vendidas", "cant", "qty",
         "quantity", "quantidade", "qtd", "qtde", "units", "piezas", "lineitem quantity", "units sold", "kilos",
         "cantidad unidades", "q"),
        ("total productos", "precio", "stock", "cuotas", "monto"), "number",
    ),
    Field(
        "unit_price", "precio unitario",
        ("precio unitario", "precio unit", "precio del producto", "precio por unidad", "p unitario", "p unit",
         "valor unitario", "precio",
         "precio venta", "precio de venta", "preco unitario", "preco", "unit price", "price", "lineitem price",
         "precio neto unitario", "precio lista", "price per unit", "item price", "valor unit"),
        ("costo", "total", "compra", "cost"), "number",
    ),
    Field(
        "discount", "descuento",
        ("descuento", "monto descuento", "total descuento", "descuentos", "dcto", "desc", "rebaja", "bonificacion",
         "desconto", "descontos", "discount", "discounts", "discount amount", "lineitem discount", "descuento linea"),
        ("cupon", "codigo", "motivo", "precio con", "total con"), "number",
    ),
    Field(
        "total", "total",
        ("total linea", "total de linea", "total item", "total producto", "importe total", "imp total", "monto total",
         "total venta", "total de venta", "venta total", "total bruto", "total con iva", "total con descuento",
         "total pagado", "total final",
         "total", "monto venta", "valor venta", "monto", "importe", "valor total", "venta", "ventas", "venta bruta",
         "ingresos",
         "ingreso", "recaudacion", "plata", "subtotal", "precio total", "total price", "line total", "line amount",
         "total amount",
         "amount", "sales", "revenue", "net sales", "gross sales", "valor", "valor da venda", "valor do pedido",
         "total da venda", "total geral",
         "transaction amount", "monto bruto", "monto transaccion", "total clp", "facturacion", "sum", "monto pagado"),
        ("iva", "impuesto", "impuestos", "costo", "neto", "exento", "descuento", "anulacion", "envio", "propina",
         "comision", "cargo",
         "periodo", "retenido", "unidades", "cantidad", "tax", "discount", "cost", "saldo", "devolucion", "margen",
         "utilidad", "unitario",
         "items", "productos", "id", "shipping", "freight", "frete"), "number",
    ),
    Field("net", "neto", ("monto neto", "total neto", "neto", "venta neta", "net amount", "imp neto gravado",
        "valor neto", "base imponible", "subtotal neto"), ("comision", "iva", "costo", "precio"), "number"),
    Field("tax", "impuesto", ("monto iva", "iva", "total iva", "impuesto", "impuestos", "tax", "tax amount",
        "imposto", "icms", "total tax", "sales tax"), ("tasa", "codigo", "retenido", "propio", "terceros", "sin",
        "con", "comision", "tipo", "otro", "plazo", "no"), "number"),
    Field(
        "unit_cost", "costo unitario",
        ("costo unitario", "costo unit", "costo por unidad", "costo producto", "precio costo", "precio de costo",
         "precio compra", "precio de compra", "costo", "coste", "coste unitario",
         "custo unitario", "custo", "unit cost", "cost", "cost price", "cost per item"),
        ("total", "envio", "shipping", "precio venta"), "number",
    ),
    Field("cost", "costo total", ("costo total", "total costo", "costo linea", "costo de venta", "coste total",
        "custo total", "total cost", "line cost", "cogs"), ("envio", "unitario"), "number"),
    Field(
        "kind", "tipo de documento",
        ("tipo documento", "tipo de documento", "tipo doc", "tipo docto", "tipo de comprobante", "tipo comprobante",
         "tipo movimiento", "tipo de movimiento", "tipo transaccion", "tipo de transaccion", "tipo operacion",
         "tipo de operacion",
         "transaction type", "document type", "tipo", "type", "movimiento", "clase documento", "comprobante",
         "documento"),
        ("receptor", "cliente", "pago", "tarjeta", "producto", "venta", "emisor", "publicacion", "contribuyente",
         "referencia", "cuota", "cambio"),
    ),
    Field(
        "status", "estado",
        ("estado de la orden", "estado del pedido", "estado orden", "estado pedido", "estado de la venta",
         "estado venta", "estado documento",
         "estado", "situacion", "order status", "status", "financial status", "situacao", "status do pedido",
         "anulado", "anulada", "cancelado", "cancelada"),
        ("envio", "pago", "provincia", "civil", "shipping", "fulfillment", "descripcion"),
    ),
    Field("payment_status", "estado del pago", ("estado del pago", "estado pago", "payment status",
        "status do pagamento"), ()),
    Field("currency", "moneda", ("moneda", "currency", "divisa", "moeda", "transaction currency", "cod moneda"), ()),
)  # fmt: skip

BY_ID = {field.id: field for field in FIELDS}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file: where it stands, its header, the field it means ('' for none) and why."""

    index: int
    header: str
    field: str = ""
    why: Why | None = None


def normal(header: str) -> str:
    """A header as it is compared: folded, words and digits only ('Nº Boleta ' -> 'n boleta')."""
    text = re.sub(r"(?<=[a-záéíóúñ])(?=[A-Z][a-z])", " ", header.replace("º", " ").replace("°", " "))
    return " ".join(re.findall(r"[a-z0-9]+", fold(text)))


def layout_of(headers: Sequence[str]) -> str:
    """The identity of a layout: a hash of its headers, in order."""
    return sha256("|".join(normal(h) for h in headers).encode()).hexdigest()[:16]


def score(header: str, field: Field) -> float:
    """How surely a header means a field, 0 to 100; 100 is its first synonym."""
    return _scores(normal(header)).get(field.id, 0.0)


# 'Total c/IVA' is a total, and no tax; 'Total s/IVA' is the net one.
_WITH_TAX = re.compile(
    r"(?<=\w) (?:(?:con|c|mas) (?:el )?(?:iva|impuestos?)|(?:iva|impuestos?) (?:incl?|incluid[oa]s?))(?!\w)"
)
_WITHOUT_TAX = re.compile(r"(?<=\w) (?:neto )?(?:sin|s|no incluye) (?:el )?(?:iva|impuestos?)(?!\w)")


@lru_cache(maxsize=20_000)
def _scores(text: str) -> dict[str, float]:
    if not any(text in field.headers for field in FIELDS):
        text = _WITHOUT_TAX.sub(" neto", _WITH_TAX.sub("", text))
    found = {field.id: _score(text, field) for field in FIELDS} if re.search("[a-z]", text) and len(text) < 80 else {}
    return {field: value for field, value in found.items() if value}


def _score(text: str, field: Field) -> float:
    if text in field.headers:
        return 100 - field.headers.index(text) * 0.2
    words = set(text.split())
    if words & set(field.never):
        return 0.0
    best = 0.0
    for i, synonym in enumerate(field.headers):
        if len(synonym) > 2 and f" {synonym} " in f" {text} ":
            best = max(best, 40 + 40 * len(synonym.split()) / len(words) - i * 0.1)
    return best


_BARE_NUMBER = frozenset({"numero", "nro", "num", "n"})


def numbered(headers: Sequence[str], chosen: Mapping[int, str]) -> dict[int, str]:
    """Column index -> order for a bare 'Número' beside the type of each document, where no header named it."""
    found = [i for i, h in enumerate(headers) if i not in chosen and normal(h) in _BARE_NUMBER]
    named = set(chosen.values())
    return {found[0]: "order"} if len(found) == 1 and "kind" in named and "order" not in named else {}


def recognised(headers: Sequence[str]) -> int:
    """How many different fields these headers name: what tells a header row from a row of data."""
    return len({field for h in headers for field, value in _scores(normal(h)).items() if value >= 60})


def by_name(headers: Sequence[str], fits: Mapping[tuple[int, str], bool]) -> dict[str, int]:
    """Field -> column index: the surest pairs first, each field and each column once. `fits` says whether what is in a
    column can be read as the field's kind of value."""
    pairs = sorted(
        ((score(h, f), -i, f.id) for i, h in enumerate(headers) for f in FIELDS if score(h, f) >= 45), reverse=True
    )
    chosen: dict[str, int] = {}
    for _, position, field in pairs:
        index = -position
        if field not in chosen and index not in chosen.values() and fits.get((index, field), True):
            chosen[field] = index
    return chosen
