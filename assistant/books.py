"""Questions about the books beside the sales: what was spent on what, and what is left in stock. Pure."""

# ruff: noqa: E501  (a pattern is read more easily whole than broken)

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant import shelves
from assistant.plan import Plan, Stop
from assistant.read import Reading, merge_filters
from core.language import fold, join
from core.periods import Grain
from features.catalog.books import EXPENSE, EXPENSES, STOCK
from features.query import Filter

SAID = (
    r"gastos?(?= (?:total|totales|del negocio|de la empresa|en|por|este|esta|el|la|de|del|,|@))(?! (?:promedio|medio|por cliente))",
    r"gasto(?= (?:mas|al (?:mes|ano|dia)|por (?:mes|semana|dia)|mensual|semanal|anual|fijo)(?!\w))",
    r"gasto(?= (?:promedio|medio) (?:mensual|semanal|anual|diario|al mes|por (?:mes|semana|dia)))",
    r"gasto(?= (?:que )?(?:mas )?(?:me )?(?:subi|aument|creci|baj)(?:o|eron|aron))",
    r"gastos|egresos|(?:se )?gaste|gastamos|se gasto|(?:he|hemos|llevo|llevamos|llevas) gastado|lo gastado",
    r"(?:cuanto )?(?:(?:le |les )?(?:pago|pague|pagamos)|se paga|(?:me|nos) (?:cuesta|costo))(?= (?:de|en|por|al?|@) )",
)  # fmt: skip
"""How people say that they spend, besides the metric's own names; known only where there are expenses."""

RESULT_SAID = (
    r"(?:gan[eo]|ganamos|(?:me |nos )?(?:qued[oa]|quedan?|sobr[oa])|utilidad|ganancia|resultado)(?: (?:limpi[oa]|net[oa]|final))?"
    r" (?:despues de|descontad[oa]s?|descontando|restando|sacando|menos|pagando|luego de|una vez)(?: (?:pagar|pagad[oa]s|descontar|restar))?"
    r"(?: (?:todos|los|mis|el|nuestros))* gastos?(?: (?:y|e) \w+)?",
    r"(?:gan[eo]|ganamos|(?:me |nos )(?:qued[oa]|sobr[oa]))(?: \w+)? (?:limpi[oa]|libres?)(?: despues de (?:todos |los |mis )*gastos)?",
    r"(?:me|nos) (?:qued[oa]|sobr[oa])(?: algo de)? (?:plata|dinero|lucas)|(?:gan[eo]|ganamos) o (?:perdi|perdimos)(?: (?:plata|dinero|lucas))?",
)  # fmt: skip
"""How people ask for what is left after expenses, besides its own names."""

_BY_SUPPLIER = re.compile(r"\b(?:proveedor(?:es)?|a quien(?:es)?)\b")
_PAID_BY = re.compile(r"\bse (?:paga|pago|pagaron)\b")
_COSTS = re.compile(r"\b(?:cuesta|cuestan|cobra|cobran|pago|pague|pagamos|compro|compre|compramos|caros?|mas)\b")
_BY_KIND = re.compile(
    r"en que(?: cosas?)? (?:mas )?@o|@o\d+ (?:mas (?:grandes?|altos?|fuertes?)|por (?:tipo|categoria|cuenta|rubro|item|concepto))"
    r"|(?:tipos?|categorias?|desglose|detalle) de (?:mis |los |tus )?@o|(?:mayor(?:es)?|principal(?:es)?) @o|que @o\d+ (?:tuve|hice|hay|son)"
    r"|se (?:me |nos )?va la plata|top \d+ (?:de )?(?:mis |los )?@o|@o\d+ @t\d+ por (?:tipo|categoria|cuenta|rubro|item|concepto)"
)
_MOVED = re.compile(
    r"(?:que|cual(?:es)?) (?:(?:fue|fueron|es|son) (?:el|los|mi|mis) )?(?:tipos? de )?@o\d+ (?:que )?(?:mas )?(?:me )?(?:(?P<rose>subi|aument|creci)|baj)(?:o|eron|aron)"
)
_MADE_MOVE = re.compile(
    r"que (?:me )?(?:hizo|hicieron|explica) (?:que )?(?:(?:el )?alza|subir|subieran|aumentar|crecer|bajar|bajaran)"
)
_OVER_TIME = re.compile(
    r"\b(?:por|cada|al) (?P<unit>mes|dia|semana|ano|trimestre)\b|\b(?P<adjective>mensual|semanal|diari|anual|trimestral)\w*"
    r"|\b(?:evolucion\w*|tendencia|historia|historico)\b|mes a mes|a lo largo|en el tiempo|ha(?:n)? (?:ido|cambiado|subido|bajado)"
)
_GRAIN = {
    "mes": Grain.month, "dia": Grain.day, "semana": Grain.week, "ano": Grain.year, "trimestre": Grain.quarter,
    "mensual": Grain.month, "semanal": Grain.week, "diari": Grain.day, "anual": Grain.year,
    "trimestral": Grain.quarter,
}  # fmt: skip
_PART = re.compile(r"(?<!\w)(?:que |cual |el )?(?:porcentaje|proporcion|porciento|parte)(?: es| son)?(?!\w)")
_TOP = re.compile(r"(?<!\w)(?:top|l[oa]s) (?P<count>[1-9]\d?)(?!\w)")
_ON = re.compile(
    r"@o\d+ (?:mas )?(?:en|de|por|a) (?:el |la |los |las |mi |mis )?(?P<what>[a-z][a-z ]*?)(?= (?:en|de|del|este|esta|el|la|durante|@|,|por|al|cada)|$| ,|,|@)"
)
_NO_KIND = re.compile(
    r"(?:(?:total|todos?|general|negocio|empresa|mes(?:es)?|dias?|semanas?|ano|sucursal(?:es)?|local(?:es)?|tienda|cada|promedio"
    r"|tiempo|lo)(?: |$))+"
)


DIMENSION = {"category": "expense_kind", "supplier": "supplier"}
"""What the books' columns are to be split and filtered by."""


@dataclass(frozen=True, slots=True)
class Spent:
    """A name that only the books know: `by` is 'category' (a kind of expense), 'supplier', or of stock alone 'product'
    or 'branch'."""

    by: str
    name: str


def about_books(reading: Reading, columns: frozenset[str], spent: Sequence[Spent]) -> Plan | Stop | None:
    """The plan of a question about expenses split or cut, or about stock; None for all else."""
    if STOCK in columns and shelves.asked(reading.plain):
        kept = [s for s in spent if s.by in ("product", "branch")]
        return shelves.plan_of(reading, _named(reading.plain, [s for s in kept if s.by == "product"]),
                               _named(reading.plain, [s for s in kept if s.by == "branch"]))  # fmt: skip
    if EXPENSE not in columns:
        return None
    by_supplier = bool(_BY_SUPPLIER.search(reading.plain))
    if not reading.metrics and by_supplier and _COSTS.search(reading.plain):
        return _plan(reading, "supplier")
    if EXPENSES.id not in reading.metrics:
        return None
    if _PAID_BY.search(fold(reading.raw)) and any(
        c.dimension == "payment_method" for n in reading.named for c in n.choices
    ):
        # Expenses know no way of paying: it is customers who paid in cash.
        reading.metrics = ["sales" if m == EXPENSES.id else m for m in reading.metrics]
        return None
    if _PART.search(reading.plain) and "sales" in reading.metrics:
        reading.text = _PART.sub(" ", reading.text)
        return replace(_plan(reading, ""), metrics=(EXPENSES.id, "sales"))
    if moved := _MOVED.search(reading.plain):
        kind = DIMENSION["category"]
        plan = replace(_plan(reading, ""), intent="contribution", dimension=kind, order="desc")
        return plan if moved["rose"] else replace(plan, order="asc")
    if _MADE_MOVE.search(reading.plain):
        return replace(_plan(reading, ""), intent="why")
    of = [s for s in spent if s.by in DIMENSION]
    on = _ON.search(reading.plain)
    what = on["what"].strip() if on else ""
    named = _named(reading.plain, of) or _part_of(what, of)
    if named is not None:
        # From here on it is a filter as a branch is one: of a value, a series, a comparison.
        shelves.forget(reading, named.name)
        reading.filters.append(Filter(DIMENSION[named.by], (named.name,)))
        return None
    by = "supplier" if by_supplier else "category" if _BY_KIND.search(reading.plain) else ""
    over = _OVER_TIME.search(reading.plain)
    top = _TOP.search(reading.text)
    if by and top:
        reading.text = _TOP.sub(" ", reading.text)
    if by and over:
        unit = over["unit"] or over["adjective"]
        return replace(_plan(reading, by), intent="spending_over", grain=_GRAIN[unit] if unit else Grain.month)
    if by:
        return replace(_plan(reading, by), limit=int(top["count"]) if top else None)
    if what and not _NO_KIND.fullmatch(what):
        known = [s.name for s in of if s.by == "category"][:5]
        listed = f" Tengo, por ejemplo, {join(known)}." if known else ""
        return Stop(
            "clarify", "unknown_name", f"No encuentro «{what}» entre tus gastos.{listed}",
            ("¿En qué gasté más el mes pasado?",),
        )  # fmt: skip
    return None


def of_one(plan: Plan) -> Plan:
    """The value of one kind of expense or supplier is told with its part of the whole."""
    by = next((by for by, id in DIMENSION.items() if named_in(plan, by)), None)
    if by is None or plan.intent != "value" or plan.metrics != (EXPENSES.id,) or plan.compare:
        return plan
    return replace(plan, intent="spending", into=by)


def named_in(plan: Plan, by: str) -> str:
    """The one kind of expense or supplier that a plan's filters name, else ''."""
    found = [f.members[0] for f in plan.filters if f.dimension == DIMENSION[by] and not f.exclude]
    return found[0] if found else ""


def _plan(reading: Reading, by: str) -> Plan:
    filters = merge_filters(
        [
            Filter("branch", one.choices[0].members, i in reading.excluded)
            for i, one in enumerate(reading.named)
            if one.clear and one.choices[0].dimension == "branch"
        ]
    )
    return Plan("spending", (EXPENSES.id,), tuple(reading.whens), into=by, filters=filters)


def _part_of(what: str, spent: Sequence[Spent]) -> Spent | None:
    """'Luz' is «Luz y agua», where no other name holds that word."""
    said = {word for word in what.split() if len(word) > 2}
    found = [one for one in spent if said and said <= set(fold(one.name).split())]
    return found[0] if len(found) == 1 else None


def _named(text: str, spent: Sequence[Spent]) -> Spent | None:
    """The name that the text holds, the longest first."""
    for one in sorted(spent, key=lambda s: -len(s.name)):
        said = fold(one.name)
        if len(said) > 2 and re.search(rf"(?<!\w){re.escape(said)}(?:s|es)?(?!\w)", text):
            return one
    return None
