"""A count of stock with a column for each branch ('Producto | Centro | Talca'): which columns those are. Pure."""

import re
from collections.abc import Callable, Collection, Sequence

from ingest.books.months import names_month
from ingest.columns import Column, normal

_COUNTED = re.compile(
    r"^(?:(?:stock|existencias?|cantidad|cant|inventario|saldo|unidades|unid|conteo|disponible|sucursal|local|tienda"
    r"|sede)(?: (?:de|del|en|la|el|actual|fisico|disponible|sucursal|local|tienda|sede))*(?: |$))+"
)
_A_PLACE = re.compile(r"\b(?:bodega|sucursal|local|tienda|sede|almacen|casa matriz|stock)\b")
_NO_BRANCH = re.compile(
    r"\b(?:total(?:es)?|suma|precio\w*|valor\w*|costo\w*|neto|iva|margen|min|minimo|max|maximo|critico|promedio|%"
    r"|codigo|cod|sku|ean|id|n|fecha|ano|mes|semana|dias?|lunes|martes|miercoles|jueves|viernes|sabado|domingo"
    r"|peso|kilos?|gramos?|litros?|medidas?|formato|ancho|largo|alto|unidades por|x caja|ubicacion|pasillo|lote|venc\w*"
    r"|reposicion|pedidos?|pedir|compras?|comprar|ventas?|vendid\w*|rotacion|diferencia|ajustes?|entradas?|salidas?"
    r"|inicial|final|mermas?|reservad\w*|transito|por llegar)\b"
)


def named(header: str) -> str:
    """'Centro' of 'Stock Centro', 'Sucursal Centro' and 'Centro'; '' where the header names no place."""
    said = normal(header)
    rest = _COUNTED.sub("", said)
    if not rest or _NO_BRANCH.search(said) or names_month(header):
        return ""
    return " ".join(header.split()[-len(rest.split()) :])


def place(branch: str) -> str:
    """What the same branch is in two files: without 'Sucursal', 'Local' and the like."""
    return _COUNTED.sub("", normal(branch)) or normal(branch)


def branch_columns(columns: Sequence[Column], counts: Callable[[int], bool], known: Collection[str]) -> dict[int, str]:
    """Column -> branch. `counts`: whether a column holds figures; `known`: the company's branches, by `place`. Where
    it has some, one of them or the word of a place must be among the headers, so that measures of a product are not
    taken for branches; none where the sheet names branches line by line or has a count of its own."""
    open_to = [c for c in columns if c.field in ("", "quantity", "branch") and counts(c.index)]
    free = {c.index: name for c in open_to if (name := named(c.header))}
    own = [
        c for c in columns if c.field == "quantity" and c.index not in free and not _NO_BRANCH.search(normal(c.header))
    ]
    headers = {c.index: normal(c.header) for c in columns}
    sure = [i for i, name in free.items() if place(name) in known or _A_PLACE.search(headers[i])]
    by_line = any(c.field == "branch" and c.index not in free for c in columns)
    if own or by_line or len(free) < 2 or (known and not sure):
        return {}
    return free
