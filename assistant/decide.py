"""What is asked, from what stands in the question: one plan, or an honest stop. Pure."""

# ruff: noqa: E501  (a pattern is read more easily whole than broken)

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise
from typing import Literal

from assistant import grammar as g
from assistant.books import Spent, about_books
from assistant.plan import Compare, Plan, Stop, View
from assistant.read import Reading, chosen, hour_filter, merge_filters
from assistant.refusals import beyond
from assistant.time import When, to_date
from assistant.watching import watching
from assistant.words.common import NUMBERS
from core.periods import Grain, Period, label
from features import dimension as declared
from features.query import Filter

_UNITS = {
    "dia": Grain.day, "fecha": Grain.day, "semana": Grain.week, "mes": Grain.month, "trimestre": Grain.quarter,
    "ano": Grain.year,
}  # fmt: skip
_ADJECTIVES = {
    "diari": Grain.day, "semanal": Grain.week, "mensual": Grain.month, "trimestral": Grain.quarter, "anual": Grain.year,
}  # fmt: skip
_RATES = frozenset({"repurchase_rate", "return_rate", "discount_rate", "gross_margin"})
_HEADLESS = frozenset({"sales", "units", "gross_margin", "gross_profit", "returns", "discount"})
"""What 'lo que más …' may be said of: what a business sells are products."""


@dataclass(frozen=True, slots=True)
class Have:
    """What the decision may lean on: the fact columns that carry data, and what the books say was spent on."""

    columns: frozenset[str]
    spent: tuple[Spent, ...] = ()


def decide(reading: Reading, have: Have) -> Plan | Stop | None:
    """The plan of a question that stands on its own; None where it asks for nothing that is known."""
    talk = _courtesy(reading)
    if talk:
        return talk
    told = _told(reading)
    if told:
        return told
    if reading.bad_times:
        return Stop(
            "clarify", "value", f"No entiendo la fecha «{reading.bad_times[0]}». ¿De qué período hablas?",
            ("¿Cómo me fue el mes pasado?",),
        )  # fmt: skip
    if reading.has(g.PROVENANCE):
        return Plan("provenance", tuple(reading.metrics))
    if reading.has(g.DEFINITION) and (reading.metrics or reading.dimensions) and not reading.whens:
        return Plan("definition", tuple(dict.fromkeys(reading.metrics)) or ("sales",))
    around = _around(reading)
    booked = about_books(reading, have.columns, have.spent)
    if booked:
        return booked
    stop = None if around else beyond(reading.plain, have.columns)
    if stop:
        return stop
    _widest(reading)
    ask = _filters(reading)
    if isinstance(ask, Stop):
        return ask
    plan = around or _plan(reading, have)
    if plan is None:
        return None
    unknown = None if around else _unknown(reading)
    if unknown:
        return unknown
    return _dress(plan, reading, ask)


def _courtesy(reading: Reading) -> Plan | Stop | None:
    text = reading.text.replace(",", " ").strip()
    if not text:
        return Stop("clarify", "unclear", "No te entendí. ¿Qué quieres saber de tus ventas?", (
            "¿Cómo me fue el mes pasado?", "¿Cuáles son mis productos más vendidos?",
        ))  # fmt: skip
    if reading.has(g.HELP):
        return Plan("help")
    rest = " ".join(g.THANKS.sub(" ", text).split())
    if not rest:
        return Plan("thanks")
    if not g.GREETING.sub(" ", text).split():
        return Plan("greeting")
    return None


def _told(reading: Reading) -> Plan | Stop | None:
    """'Avísame si …': before its numbers and days are taken for a period's."""
    filters = _filters(replace(reading, whens=[]))
    found = watching(reading, () if isinstance(filters, Stop) else filters)
    unknown = _unknown(reading) if isinstance(found, Plan) and found.watch and found.watch.kind != "stale" else None
    return unknown or found


def _widest(reading: Reading) -> None:
    """'¿Cómo va la mañana? … de hoy' names one stretch of time twice: the wider one stands."""
    if len(reading.whens) == 2 and not reading.has(g.COMPARE):
        a, b = reading.whens
        if a.period.overlap(b.period) == b.period and not (b.hours and not a.hours):
            reading.whens = [a]
        elif a.period.overlap(b.period) == a.period:
            reading.whens = [b]


def _filters(reading: Reading) -> tuple[Filter, ...] | Stop:
    """The filters, or the question back where a name may mean several things."""
    filters = list(reading.filters)
    for when in reading.whens:
        if when.hours:
            filters.append(hour_filter(when.hours))
    for i, named in enumerate(reading.named):
        if named.clear:
            filters.append(chosen(named, i in reading.excluded))
    return merge_filters(filters)


def _unknown(reading: Reading) -> Stop | None:
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


# -- the kinds of question, the most particular first


def _around(reading: Reading) -> Plan | None:
    """The economy, the peers, what deserves attention: told by their words, whatever else stands in the question."""
    text = reading.plain
    if g.STANDING.search(text):
        return Plan("standing", tuple(dict.fromkeys(reading.metrics)) or ("sales",))
    if g.INFLATION.search(text):
        return Plan("inflation")
    into = next((id for id, pattern in g.INTO.items() if pattern.search(text)), None)
    if into and not beyond(text):
        return Plan("convert", into=into)
    if g.ECONOMY.search(text):
        return Plan("winds", into=next((id for id, pattern in g.INDICATOR.items() if pattern.search(text)), None))
    if g.ATTENTION.search(text) and not reading.has(g.SUMMARY) and not reading.metrics:
        return Plan("attention")
    return None


def _plan(reading: Reading, have: Have) -> Plan | None:
    metrics = _metrics(reading, have)
    for kind in (_particular, _periods, _splits, _changes):
        plan = kind(reading, metrics, have)
        if plan is not None:
            return plan
    return _plain(reading, metrics)


def _particular(reading: Reading, metrics: tuple[str, ...], have: Have) -> Plan | None:
    if reading.has(g.LOST) or (
        "churn_rate" in metrics and re.search(r"\b(?:que clientes?|quien|quienes|cuales)\b", reading.plain)
    ):
        return Plan("lost_customers", ("sales",), dimension="customer")
    if reading.has(g.PARETO):
        share = re.search(r"(\d+) ?(?:%|por ciento)", reading.text)
        return Plan("pareto", metrics or ("sales",), dimension=_dimension(reading) or "product",
                    share=int(share[1]) / 100 if share else 0.8)  # fmt: skip
    if reading.has(g.CONTRIBUTION) and not reading.has(g.SHARE):
        order: Literal["asc", "desc"] = "asc" if reading.has(g.WORST_GROWTH) or reading.has(g.LEAST) else "desc"
        return Plan("contribution", metrics or ("sales",), dimension=_dimension(reading), order=order)
    if reading.has(g.WHY):
        return Plan("why", metrics or ("sales",), dimension=_dimension(reading))
    if reading.has(g.HOLIDAYS):
        return Plan("holidays", metrics[:1] or ("sales",), without=reading.has(g.WITHOUT_HOLIDAYS))
    single = g.ORDER.search(reading.plain)
    if single and not _dimension(reading) and not g.BEST_UNIT.search(reading.text):
        return Plan(
            "orders", ("sales",), order="asc" if g.SMALL.search(single.group()) else "desc", limit=_limit(reading)
        )
    if reading.has(g.TARGET):
        return Plan("target", metrics or ("sales",), amount=_amount(reading.plain))
    if reading.has(g.UNUSUAL) and not reading.has(g.RECORD):
        if "sales" in metrics and re.search(r"@m\d.* (?:y|e) (?:que|cual)", reading.text):
            return Plan("summary", ("sales",))  # the figure first, then what stands out
        return Plan("unusual", metrics or ("sales",))
    if _new_versus(reading, metrics):
        return Plan("new_vs_returning", ("new_customers", "returning_customers", "active_customers"))
    if reading.has(g.WEEKEND_MORE) or (_weekend(reading) and reading.has(g.MOST) and not _dimension(reading)):
        return Plan("weekend", metrics or ("sales",))
    return None


_SIZES = {"m": 1e6, "mm": 1e6, "millon": 1e6, "millones": 1e6, "palo": 1e6, "palos": 1e6, "luca": 1e3, "lucas": 1e3,
          "mil": 1e3, "k": 1e3}  # fmt: skip


def _amount(text: str) -> float | None:
    """'$5M', '300 lucas', '2 palos', '1.500.000'."""
    found = re.search(r"(?:\$ ?)?(\d[\d.,]*) ?(mm?|millon(?:es)?|palos?|lucas?|mil|k)?(?!\w)", text)
    if not found:
        return None
    digits = found[1].rstrip(".,")
    grouped = re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", digits)
    value = float(digits.replace(".", "").replace(",", ".") if grouped else digits.replace(",", "."))
    return value * _SIZES.get(found[2] or "", 1)


def _new_versus(reading: Reading, metrics: tuple[str, ...]) -> bool:
    return {"new_customers", "returning_customers"} <= set(metrics) or reading.has(g.NEW_VS)


def _weekend(reading: Reading) -> bool:
    return any(f.dimension == "weekday" and len(f.members) == 2 for f in reading.filters)


def _periods(reading: Reading, metrics: tuple[str, ...], have: Have) -> Plan | None:
    """Best and worst periods, averages per period, series."""
    average = g.AVERAGE_PER.search(reading.text) or (reading.has(g.AVERAGE) and g.GRAIN.search(reading.text))
    if average:
        return Plan("average", metrics or ("sales",), per=_grain_of(average))
    if reading.has(g.USUAL_DAY):
        return Plan("average", metrics or ("sales",), per=Grain.day)
    if reading.has(g.WHEN_MOST) and not _dimension(reading):
        low: Literal["asc", "desc"] = "asc" if reading.has(g.LEAST) else "desc"
        return Plan("best_period", metrics or ("sales",), grain=Grain.day, order=low, limit=1)
    asked = g.BEST_UNIT.search(reading.text)
    extreme = reading.has(g.MOST) or reading.has(g.LEAST) or reading.has(g.RECORD)
    order: Literal["asc", "desc"] = "asc" if reading.has(g.LEAST) and not _least_is_filler(reading) else "desc"
    if asked and extreme and not reading.has(g.TREND):
        unit = asked["unit"].removesuffix("es") if asked["unit"] == "meses" else asked["unit"].rstrip("s") or "mes"
        unit = {"me": "mes"}.get(unit, unit)
        plural = asked["unit"].endswith("s") and asked["unit"] != "mes"
        return Plan("best_period", metrics or ("sales",), grain=_UNITS[unit], order=order,
                    limit=_limit(reading) or (5 if plural else 1))  # fmt: skip
    if reading.has(g.RECORD) and not _dimension(reading):
        return Plan("records", metrics or ("sales",))
    grain = g.GRAIN.search(reading.text)
    if grain and (metrics or reading.has(g.TREND) or reading.has(g.SUMMARY)) and not (extreme and _dimension(reading)):
        return Plan("trend", metrics or ("sales",), grain=_grain_of(grain) or Grain.month,
                    dimension=_dimension(reading))  # fmt: skip
    if reading.has(g.TREND):
        return Plan("trend", metrics or ("sales",), dimension=_dimension(reading))
    return None


def _least_is_filler(reading: Reading) -> bool:
    return bool(re.search(r"mas o menos|al menos|por lo menos", reading.text))


def _splits(reading: Reading, metrics: tuple[str, ...], have: Have) -> Plan | None:
    """Rankings, shares, breakdowns."""
    dimension = _dimension(reading)
    parted = dimension or any(n.clear for n in reading.named)
    if parted and reading.has(g.SHARE) and not set(metrics) & _RATES:
        return Plan("share", metrics or ("sales",), dimension=dimension)
    if dimension is None and reading.has(g.HEADLESS) and set(metrics) <= _HEADLESS:
        dimension = "product"  # 'lo más vendido': what a business sells are products
    if dimension is None:
        return None
    limit = _limit(reading)
    breakdown = reading.has(g.BREAKDOWN)
    least, most = reading.has(g.LEAST) and not _least_is_filler(reading), reading.has(g.MOST)
    if (least or most or limit) and not (breakdown and not limit and not most and not least):
        low = (
            least
            and not re.search(r"mas(?! (?:vend|baj|floj|mal|debil|chic|pequen))", reading.text)
            and not reading.has(_BEST_WORDS)
        )
        low = low or reading.has(g.CHEAP)
        return Plan("ranking", metrics or _ranked(reading, have), dimension=dimension, order="asc" if low else "desc",
                    limit=limit or (None if dimension in ("weekday",) else 5))  # fmt: skip
    if breakdown or re.search(
        r"(?:que|cual|cuales|quien|quienes|lista\w*|muestra\w*|todos|todas) .{0,16}@d0", reading.text
    ):
        return Plan("breakdown" if breakdown else "ranking", metrics or ("sales",), dimension=dimension,
                    limit=None if breakdown else 10)  # fmt: skip
    if metrics:
        beside = re.search(r"(?:la|el|los|las|mi|mis|tus|un|una|de|del|a) @d0", reading.text)
        return None if reading.named or beside else Plan("breakdown", metrics, dimension=dimension)
    return Plan("ranking", ("sales",), dimension=dimension, limit=10)


_BEST_WORDS = re.compile(r"(?<![\w@])(?:mejor|mejores|mayor|mayores)(?!\w)")


def _ranked(reading: Reading, have: Have) -> tuple[str, ...]:
    """'clientes que compran más seguido' are ranked by how often, everything else by sales."""
    if re.search(r"seguido|frecuen\w+|mas veces|mas pedidos", reading.text) and "customer" in reading.dimensions:
        return ("transactions",)
    if re.search(r"empujar|promover|impulsar|potenciar", reading.text) and "cost" in have.columns:
        return ("gross_profit",)
    if re.search(r"mas usad[oa]|mas utilizad[oa]", reading.text):
        return ("transactions",)
    return ("sales",)


def _changes(reading: Reading, metrics: tuple[str, ...], have: Have) -> Plan | None:
    """Comparisons and growth."""
    compare = _compare(reading)
    sides = _sides(reading)
    comparing = reading.has(g.COMPARE)
    if len(sides) >= 2 and (
        comparing or reading.has(g.MOST) or re.search(r"@n\d+ (?:o|y|e|u|,) (?:en |la |el )?@n\d+", reading.text)
    ):
        return Plan("compare_members", metrics or ("sales",), sides=sides)
    if len(reading.whens) > 2:
        return _row(reading, metrics)
    if len(reading.whens) == 2 and g.BASE_FIRST.search(reading.text):
        return Plan("compare", metrics or ("sales",), whens=_like(reading.whens[1], reading.whens[0]))
    if len(reading.whens) >= 2:
        return Plan("compare", metrics or ("sales",), whens=_like(reading.whens[0], reading.whens[1]))
    if len(reading.whens) == 1 and _AGAINST.search(reading.text):
        return Plan("compare", metrics or ("sales",), whens=(_current(reading), reading.whens[0]))
    if compare and (comparing or compare != "previous" or reading.has(g.GROWTH) or metrics):
        return Plan("compare", metrics or ("sales",), compare=compare)
    if reading.has(g.GROWTH) and (metrics or reading.whens):
        return Plan("growth", metrics or ("sales",), compare=compare)
    if comparing and reading.whens and metrics and not re.search(r"mas de|menos de", reading.text):
        return Plan("compare", metrics, compare="previous")
    return None


def _plain(reading: Reading, metrics: tuple[str, ...]) -> Plan | None:
    if reading.has(g.SUMMARY) and set(metrics) <= {"sales"}:
        return Plan("summary", ("sales",))
    if metrics:
        return Plan("value", metrics)
    if reading.has(g.SUMMARY):
        return Plan("summary", ("sales",))
    return None


def bare(reading: Reading) -> Plan | None:
    """'Total de la semana anterior', 'Colegio 7 2026': a period or a name by itself asks for its sales."""
    filters = _filters(reading)
    leans = g.AND_START.search(reading.text) or g.CORRECTION.search(reading.text)
    if reading.metrics or not reading.whens or leans or isinstance(filters, Stop) or _unknown(reading):
        return None
    if not _BARE.match(reading.text):
        return None
    return _dress(Plan("value", ("sales",)), reading, filters)


_BARE = re.compile(
    r"(?:(?:@[tnw]\d+|el|la|los|las|de|del|en|por|y|con|sin|menos|total(?:es)?|monto|cierres?|cuanto|cuanta|fue|es|se"
    r"|cerr\w+|salvo|excepto|quitando|sacando|excluyendo|descontando|contar|aparte|afuera|excluid[oa]s?|no|cuentan?|,)(?: |$))+$"
)


# -- pieces

_AGAINST = re.compile(
    r"(?:vs|compar\w+ (?:con|a|al)|respecto (?:a|al|de|del)|frente a|en relacion (?:a|con)|(?:mas|menos|mejor|peor) que)"
    r"(?: (?:el|la|los|las|lo de|lo que vendi(?:mos)?(?: en)?|en|de|@m\d+(?: (?:en|de))?))* @t0"
)


def _row(reading: Reading, metrics: tuple[str, ...]) -> Plan | None:
    """'Agosto, septiembre y octubre': one after the other they are a series."""
    periods = sorted(w.period for w in reading.whens)
    grain = periods[0].grain
    if grain is None or any(b != Period.of(grain, a.end + timedelta(days=1)) for a, b in pairwise(periods)):
        return None
    whole = Period(periods[0].start, periods[-1].end)
    when = When(whole, label(whole), "named", whole.grain)
    return Plan("trend", metrics or ("sales",), whens=(when,), grain=grain)


def _like(now: When, base: When) -> tuple[When, When]:
    """'Septiembre contra 2025' compares like with like: that month of the other year."""
    other = base.period.start.year
    if base.grain is not Grain.year or now.period.days > 190 or base.period.holds(now.period.start):
        return now, base
    period = now.period
    while period.start.year > other:
        period = period.year_before()
    return (now, base) if period.start.year != other else (now, When(period, label(period), "named", period.grain))


def _current(reading: Reading) -> When:
    """What a lone 'vs el mes pasado' compares: the same span, now."""
    return to_date(reading.whens[0].grain or Grain.month, reading.today)


def _metrics(reading: Reading, have: Have) -> tuple[str, ...]:
    """The metrics named; a plain 'ventas' beside a particular one is only the verb ('margen de lo vendido')."""
    found = tuple(dict.fromkeys(reading.metrics))
    if g.QUANTITY_OF.search(reading.text) and found in ((), ("sales",)) and "quantity" in have.columns:
        if all(n.choices[0].dimension in ("product", "category") for n in reading.named if n.clear):
            return ("units",)
        if any(n.choices[0].dimension in ("channel", "payment_method") for n in reading.named):
            return ("transactions",)
    together = re.search(r"@m\d+(?: @t\d+)? (?:,|y|e|mas)(?: \w+){0,4} @m\d+", reading.text)
    of_customer = any(n.choices[0].dimension == "customer" for n in reading.named)
    if not found and of_customer and re.search(r"(?<!\w)(?:compr|gast|llev)\w+", reading.text):
        return ("sales",)
    if len(found) > 1 and "sales" in found and not together:
        rest = tuple(m for m in found if m != "sales")
        return rest
    return found


def _dimension(reading: Reading) -> str | None:
    """What is split by: what follows 'por', 'cada' or 'qué', else the first one named."""
    if not reading.dimensions:
        return None
    pointed = re.search(r"(?:por|cada|segun) (?:el |la |cada )?@d(\d+)", reading.text) or re.search(
        r"(?:que|cual|cuales|top|mejor(?:es)?|peor(?:es)?)(?: (?:es|son|fue|fueron|el|la|los|las|mi|mis|\d+|mejor(?:es)?|peor(?:es)?)){0,4} @d(\d+)",
        reading.text,
    )
    return reading.dimensions[int(pointed[1]) if pointed else 0]


def _limit(reading: Reading) -> int | None:
    match = g.TOP.search(reading.text)
    if not match:
        return None
    said = match["n"] or match["m"] or match["k"] or match["r"]
    value = NUMBERS.get(said) or int(said)
    return value if 0 < value <= 100 else None


def _grain_of(match: re.Match[str]) -> Grain | None:
    groups = match.groupdict()
    unit = groups.get("unit") or groups.get("unit2") or groups.get("a")
    if unit:
        return _UNITS[unit]
    adjective = groups.get("adj") or groups.get("adj2")
    return next((grain for head, grain in _ADJECTIVES.items() if adjective and adjective.startswith(head)), None)


def _compare(reading: Reading) -> Compare | None:
    if reading.has(g.LAST_YEAR):
        return "last_year"
    if reading.has(g.PREVIOUS) and reading.has(g.COMPARE):
        return "previous"
    return None


def _sides(reading: Reading) -> tuple[Filter, ...]:
    """The members set against each other, where two or more of one dimension are named."""
    clear = [chosen(n, False) for i, n in enumerate(reading.named) if n.clear and i not in reading.excluded]
    of_first = [f for f in clear if clear and f.dimension == clear[0].dimension]
    return tuple(dict.fromkeys(of_first)) if len(of_first) >= 2 else ()


def _dress(plan: Plan, reading: Reading, filters: tuple[Filter, ...]) -> Plan:
    """What every plan carries: periods, filters, how to show it."""
    view: View | None = "chart" if reading.has(g.CHART) else "table" if reading.has(g.TABLE) else None
    if plan.sides:
        dimension = plan.sides[0].dimension
        filters = tuple(f for f in filters if f.dimension != dimension or f.exclude)
    if plan.intent == "weekend":
        filters = tuple(f for f in filters if f.dimension != "weekday")
    return replace(plan, whens=plan.whens or tuple(reading.whens[:2]), filters=filters, view=view)


def ambiguous(reading: Reading) -> int | None:
    """Which name needs the owner's choice, if any."""
    return next((i for i, n in enumerate(reading.named) if not n.clear), None)


def spoken(filters: tuple[Filter, ...], labels: Mapping[str, str] | None = None) -> str:
    """The filters as a clause: 'en Talca, sin Delivery'."""
    parts = []
    for one in filters:
        if one.dimension == "weekday":
            parts.append(_weekdays(one))
        elif one.dimension == "hour":
            parts.append(_hours(one))
        else:
            names = ", ".join(one.members) if len(one.members) <= 4 else (
                f"{len(one.members)} {declared(one.dimension).plural}"
            )  # fmt: skip
            parts.append(f"sin {names}" if one.exclude else f"en {names}" if one.dimension in _PLACES else names)
    return ", ".join(parts)


_PLACES = frozenset({"branch", "channel", "city", "country"})


def _weekdays(one: Filter) -> str:
    if set(one.members) == {"sábado", "domingo"}:
        text = "los fines de semana"
    elif len(one.members) == 5 and "sábado" not in one.members and "domingo" not in one.members:
        text = "de lunes a viernes"
    else:
        text = "los " + " y ".join(m if m.endswith("s") else f"{m}s" for m in one.members)
    return f"sin {text}" if one.exclude else text


def _hours(one: Filter) -> str:
    first, last = one.members[0].split()[0], one.members[-1].split()[0]
    return f"de {first}:00 a {last}:59"
