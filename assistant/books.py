"""Questions about the books beside the sales: what was spent on what, and what is left in stock. Pure."""

# ruff: noqa: E501  (a pattern is read more easily whole than broken)

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.plan import Plan, Stop
from assistant.read import Reading
from core.language import fold, join
from features.catalog.books import EXPENSE, EXPENSES, STOCK
from features.query import Filter

SAID = (
    r"gastos?(?= (?:total|totales|del negocio|de la empresa|en|por|este|esta|el|la|de|del|,|@))(?! (?:promedio|medio|por cliente))",
    r"gastos|egresos|(?:se )?gaste|gastamos|se gasto|(?:he|hemos|llevo|llevamos|llevas) gastado|lo gastado",
    r"(?:cuanto )?(?:pago|pague|pagamos|se paga|me cuesta|nos cuesta)(?= (?:de|en|por|al?) )",
)  # fmt: skip
"""How people say that they spend, besides the metric's own names; known only where there are expenses."""

ALL_BRANCHES = "all_branches"
"""The note of a stock plan whose question named a branch: stock is told by product, for the whole business."""

_BY_SUPPLIER = re.compile(r"\b(?:proveedor(?:es)?|a quien(?:es)?)\b")
_COSTS = re.compile(r"\b(?:cuesta|cuestan|cobra|cobran|pago|pague|pagamos|caros?|mas)\b")
_BY_KIND = re.compile(
    r"en que(?: cosas?)? (?:mas )?@o|@o\d+ (?:mas (?:grandes?|altos?|fuertes?)|por (?:tipo|categoria|cuenta|rubro|item|concepto))"
    r"|(?:tipos?|categorias?|desglose|detalle) de (?:mis |los |tus )?@o|(?:mayor(?:es)?|principal(?:es)?) @o|que @o\d+ (?:tuve|hice|hay|son)"
    r"|se (?:me |nos )?va la plata"
)
_OVER_TIME = re.compile(
    r"\bpor (?:mes|dia|semana|ano|trimestre)\b|\b(?:mensual|semanal|evolucion|tendencia)\w*|mes a mes"
)
_ON = re.compile(
    r"@o\d+ (?:mas )?(?:en|de|por|a) (?:el |la |los |las |mi |mis )?(?P<what>[a-z][a-z ]*?)(?= (?:en|de|del|este|esta|el|la|durante|@|,)|$| ,|,|@)"
)
_NO_KIND = frozenset(
    [
        "total",
        "todo",
        "todos",
        "general",
        "negocio",
        "empresa",
        "mes",
        "meses",
        "dia",
        "dias",
        "semana",
        "semanas",
        "ano",
        "sucursal",
        "sucursales",
        "local",
        "locales",
        "tienda",
        "cada",
        "promedio",
    ]
)
_STOCK = re.compile(
    r"\b(?:stocks?|inventarios?|existencias|repon\w+|reposicion|reabastec\w+|quiebres?|agot\w+|acab(?:a|an|ando|ar|aran?)|quedan?"
    r"|tengo que (?:pedir|comprar)|debo (?:pedir|comprar)|hay que (?:pedir|comprar)|bodega|disponibles?)\b"
)
_WORTH = re.compile(r"\b(?:vale|valen|valor|valorizad[oa]s?)\b")
_NOT_STOCK = re.compile(r"\b(?:rotacion|vencer|vencimientos?|cobrar|ganancia|utilidad|margen|plata|cada|resultado)\b")


@dataclass(frozen=True, slots=True)
class Spent:
    """A kind of expense or a supplier that the books name: `by` is 'category' or 'supplier'."""

    by: str
    name: str


def about_books(reading: Reading, columns: frozenset[str], spent: Sequence[Spent]) -> Plan | Stop | None:
    """The plan of a question about expenses split or cut, or about stock; None for all else."""
    if STOCK in columns and _STOCK.search(reading.plain) and not _NOT_STOCK.search(reading.plain):
        return _stock(reading)
    if EXPENSE not in columns:
        return None
    if not reading.metrics and _BY_SUPPLIER.search(reading.plain) and _COSTS.search(reading.plain):
        return Plan("spending", (EXPENSES.id,), tuple(reading.whens), into="supplier")
    if EXPENSES.id not in reading.metrics:
        return None
    named = _named(reading.plain, spent)
    if named is not None and _OVER_TIME.search(reading.plain):
        return Stop(
            "clarify", "unclear", f"Por mes te puedo mostrar todos tus gastos, o los de {named.name} en un período. ¿Cuál?",
            ("¿Cómo han evolucionado mis gastos por mes?", f"¿Cuánto gasté en {named.name} el mes pasado?"),
        )  # fmt: skip
    if named is not None:
        said = set(fold(named.name).split())
        reading.unknown = [word for word in reading.unknown if fold(word) not in said]
        reading.text = " ".join(word for word in reading.text.split() if word not in said)
        return Plan("spending", (EXPENSES.id,), tuple(reading.whens), into=named.by, notes=(named.name,))
    if _BY_SUPPLIER.search(reading.plain):
        return Plan("spending", (EXPENSES.id,), tuple(reading.whens), into="supplier")
    if _BY_KIND.search(reading.plain):
        return Plan("spending", (EXPENSES.id,), tuple(reading.whens), into="category")
    on = _ON.search(reading.plain)
    what = on["what"].strip() if on else ""
    if what and not set(what.split()) <= _NO_KIND:
        known = [s.name for s in spent if s.by == "category"][:5]
        listed = f" Tengo, por ejemplo, {join(known)}." if known else ""
        return Stop(
            "clarify", "unknown_name", f"No encuentro «{what}» entre tus gastos.{listed}",
            ("¿En qué gasté más el mes pasado?",),
        )  # fmt: skip
    return None


def _stock(reading: Reading) -> Plan | Stop:
    if _WORTH.search(reading.plain):
        return Stop(
            "clarify", "unclear", "Cuánto vale tu inventario no lo sé calcular todavía; sí cuánto queda de cada producto.",
            ("¿Qué se me está acabando?",),
        )  # fmt: skip
    filters = tuple(
        Filter("product", choice.members)
        for named in reading.named
        for choice in named.choices[:1]
        if named.clear and choice.dimension == "product"
    )
    if reading.named and not filters:
        name = reading.named[0].choices[0].label
        return Stop("clarify", "unclear", f"El inventario lo veo por producto. ¿De qué producto, «{name}»?")
    if not filters and reading.unknown:
        return Stop(
            "clarify", "unknown_name", f"No encuentro «{reading.unknown[0]}» entre tus productos. ¿Cómo se llama?",
            ("¿Qué se me está acabando?",),
        )  # fmt: skip
    apart = "branch" in reading.dimensions or any(
        c.dimension != "product" for n in reading.named for c in n.choices[:1]
    )
    return Plan("stock", (), filters=filters, notes=(ALL_BRANCHES,) if apart else ())


def _named(text: str, spent: Sequence[Spent]) -> Spent | None:
    """The kind or supplier that the text names, the longest name first."""
    for one in sorted(spent, key=lambda s: -len(s.name)):
        said = fold(one.name)
        if len(said) > 2 and re.search(rf"(?<!\w){re.escape(said)}(?:s|es)?(?!\w)", text):
            return one
    return None
