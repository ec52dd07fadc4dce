"""What a plan is made of, read off a question: metrics, dimension, filters, how many, over which span. Pure."""

# ruff: noqa: E501  (a pattern is read more easily whole than broken)

import re
from dataclasses import dataclass

from assistant import grammar as g
from assistant.books import Spent
from assistant.plan import Compare, Stop
from assistant.read import Reading, chosen, hour_filter, merge_filters
from assistant.words.common import NUMBERS
from core.periods import Grain
from features.query import Filter

UNITS = {
    "dia": Grain.day, "fecha": Grain.day, "semana": Grain.week, "mes": Grain.month, "trimestre": Grain.quarter,
    "ano": Grain.year,
}  # fmt: skip


_ADJECTIVES = {
    "diari": Grain.day, "semanal": Grain.week, "mensual": Grain.month, "trimestral": Grain.quarter, "anual": Grain.year,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Have:
    """What the decision may lean on: the fact columns that carry data, and what the books say was spent on."""

    columns: frozenset[str]
    spent: tuple[Spent, ...] = ()


def filters_of(reading: Reading) -> tuple[Filter, ...] | Stop:
    """The filters, or the question back where a name may mean several things."""
    filters = list(reading.filters)
    for when in reading.whens:
        if when.hours:
            filters.append(hour_filter(when.hours))
    for i, named in enumerate(reading.named):
        if named.clear:
            filters.append(chosen(named, i in reading.excluded))
    return merge_filters(filters)


def unknown(reading: Reading) -> Stop | None:
    if reading.unknown_dimension:
        what = reading.unknown_dimension
        return Stop(
            "no_data", "missing_column",
            f"No lo puedo saber todavía: tus archivos no traen **{what}**. Si subes tus ventas con esa columna, te "
            "respondo al tiro.", ("¿Cuáles son mis productos más vendidos?",),
        )  # fmt: skip
    if reading.unknown:
        name = reading.unknown[0]
        return Stop(
            "no_data", "unknown_name",
            f"No encuentro «{name}» en tus datos: ni como producto, categoría, sucursal, canal ni cliente. ¿Lo escribes "
            "como aparece en tu archivo?", ("¿Cuáles son mis productos más vendidos?",),
        )  # fmt: skip
    return None


def ambiguous(reading: Reading) -> int | None:
    """Which name needs the owner's choice, if any."""
    return next((i for i, n in enumerate(reading.named) if not n.clear), None)


def metrics_of(reading: Reading, have: Have) -> tuple[str, ...]:
    """The metrics named; a plain 'ventas' beside a particular one is only the verb ('margen de lo vendido')."""
    found = tuple(dict.fromkeys(reading.metrics))
    many = g.QUANTITY_OF.search(reading.text) or g.SOLD_ONES.search(reading.plain)
    if many and found in ((), ("sales",)) and "quantity" in have.columns:
        kinds = {n.choices[0].dimension for n in reading.named if n.clear}
        if not kinds or kinds & {"product", "category"}:  # wherever, and to whom, they were sold
            return ("units",)
        if any(n.choices[0].dimension in ("channel", "payment_method") for n in reading.named):
            return ("transactions",)
    together = re.search(
        r"@m\d+(?:(?: (?:en|de|del|durante|para|con|por|el|la|los|las))* @[tnw]\d+)* (?:(?:,|y|e)(?: \w+){0,4}|mas (?:el|la|los|las|mi|mis)) @m\d+",
        reading.text,
    )
    of_customer = any(n.choices[0].dimension == "customer" for n in reading.named)
    if not found and of_customer and re.search(r"(?<!\w)(?:compr|gast|llev)\w+", reading.text):
        return ("sales",)
    if len(found) > 1 and "sales" in found and not together:
        rest = tuple(m for m in found if m != "sales")
        return rest
    return found


def dimension_of(reading: Reading) -> str | None:
    """What is split by: what follows 'por', 'cada' or 'qué', else the first one named."""
    if not reading.dimensions:
        return None
    pointed = re.search(r"(?:por|cada|segun) (?:el |la |cada )?@d(\d+)", reading.text) or re.search(
        r"(?:que|cual|cuales|top|mejor(?:es)?|peor(?:es)?)(?: (?:es|son|fue|fueron|el|la|los|las|mi|mis|\d+|mejor(?:es)?|peor(?:es)?)){0,4} @d(\d+)",
        reading.text,
    )
    return reading.dimensions[int(pointed[1]) if pointed else 0]


def limit_of(reading: Reading) -> int | None:
    match = g.TOP.search(reading.text)
    if not match:
        return None
    said = match["n"] or match["m"] or match["k"] or match["r"]
    value = NUMBERS.get(said) or int(said)
    return value if 0 < value <= 100 else None


def grain_of(match: re.Match[str]) -> Grain | None:
    groups = match.groupdict()
    unit = groups.get("unit") or groups.get("unit2") or groups.get("unit3") or groups.get("a")
    if unit:
        return UNITS[unit]
    adjective = groups.get("adj") or groups.get("adj2")
    return next((grain for head, grain in _ADJECTIVES.items() if adjective and adjective.startswith(head)), None)


def compare_of(reading: Reading) -> Compare | None:
    if reading.has(g.LAST_YEAR):
        return "last_year"
    if reading.has(g.PREVIOUS) and reading.has(g.COMPARE):
        return "previous"
    return None


def sides_of(reading: Reading) -> tuple[Filter, ...]:
    """The members set against each other, where two or more of one dimension are named."""
    if reading.has(g.TOGETHER):
        return ()
    clear = [chosen(n, False) for i, n in enumerate(reading.named) if n.clear and i not in reading.excluded]
    of_first = [f for f in clear if clear and f.dimension == clear[0].dimension]
    return tuple(dict.fromkeys(of_first)) if len(of_first) >= 2 else ()


_SIZES = {"m": 1e6, "mm": 1e6, "millon": 1e6, "millones": 1e6, "palo": 1e6, "palos": 1e6, "luca": 1e3, "lucas": 1e3,
          "mil": 1e3, "k": 1e3}  # fmt: skip


def amount_of(text: str) -> float | None:
    """'$5M', '300 lucas', '2 palos', '1.500.000'."""
    found = re.search(r"(?:\$ ?)?(\d[\d.,]*) ?(mm?|millon(?:es)?|palos?|lucas?|mil|k)?(?!\w)", text)
    if not found:
        return None
    digits = found[1].rstrip(".,")
    grouped = re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", digits)
    value = float(digits.replace(".", "").replace(",", ".") if grouped else digits.replace(",", "."))
    return value * _SIZES.get(found[2] or "", 1)


def at_weekends(reading: Reading) -> bool:
    return any(f.dimension == "weekday" and len(f.members) == 2 for f in reading.filters)


def least_is_filler(reading: Reading) -> bool:
    return bool(re.search(r"mas o menos|al menos|por lo menos", reading.text))
