"""What an elliptical question takes from the one before it. Pure."""

# ruff: noqa: E501  (a pattern is read more easily whole than broken)

import re
from dataclasses import replace
from datetime import date

from assistant import grammar as g
from assistant.decide import Have, dimension_of, filters_of, grain_of, limit_of, metrics_of
from assistant.plan import Plan, Stop
from assistant.read import Reading, merge_filters
from assistant.time import When
from core.language import fold
from core.periods import Grain, Period, label
from features.query import Filter

_OWN = frozenset({
    "pareto", "lost_customers", "unusual", "records", "weekend", "new_vs_returning", "best_period", "average", "why",
    "contribution", "definition", "target", "share", "orders", "holidays",
})  # fmt: skip
_POINTING = re.compile(
    r"(?<![\w@])(?:\w+(?:alo|ala|alos|alas|melo|mela)|eso|esa|ese|esos|esas|lo mismo|el mismo|la misma|ahi|ella|el numero)(?!\w)"
)


_AROUND = frozenset({"standing", "convert", "inflation", "winds", "attention"})
_PEERS = re.compile(
    r"^(?:,? ?)*y (?:(?:con|a|de|frente a|contra) )?(?:(?:el|la|los|las|mi|mis) )?(?:otros?|otras|demas|competencia|mercado|rubro|pares)"
    r"(?: (?:negocios?|empresas|locales|pymes|panaderias|tiendas)\w*)?(?: |$)"
)
_MOVED = re.compile(
    r"(?<![\w@])(?:(?:mas|menos) (?:subi|baj|crec|cay|aument|disminuy)\w*|(?:subi|baj|crec|cay|aument|disminuy)\w* (?:mas|menos))(?!\w)"
)
_WHICH_MOVED = re.compile(rf"\bcual(?:es)? (?:fue |es |son )?(?:(?:el|la|los|las) )?(?:que )?{_MOVED.pattern}")
_BEFORE = re.compile(r"(?<![\w@])(?:anterior|previ[oa]|antes)(?!\w)")
_AFTER = re.compile(r"(?<![\w@])(?:siguiente|que sigue|que le sigue)(?!\w)")
_NTH = {"segund": 2, "tercer": 3, "cuart": 4, "quint": 5}
_ORDINAL = re.compile(
    r"(?<![\w@])(?:el|la|mi|su) (?P<nth>segund|tercer|cuart|quint)[oa]?(?!\w)(?! (?:trimestre|semestre|semana|dia|mes))"
)
_BUYS = re.compile(
    r"(?<![\w@])(?:(?:me|nos) (?:@m\d+|compr\w+|gast\w+|pag\w+)|que (?:me )?compr\w+|le (?:@m\d+|vend\w+)|cuant\w+ (?:me |nos )?compr\w+)(?!\w)"
)
_WHAT_BOUGHT = re.compile(r"(?<![\w@])que (?:mas |cosas )?(?:me |nos |se )?(?:compr\w+|llev\w+)(?!\w)")
_PART_OF = re.compile(
    r"(?<![\w@])(?:es|fue|seria|representa|son) (?:eso|esa|ese|esto|esos|en (?:@m\d+|plata|pesos|dinero))(?!\w)"
)
_LEFT = re.compile(
    r"\b(?:dej\w+ de (?:comprar\w*|venir)|ya no (?:me |nos )?(?:compran?|vienen?)|no (?:han )?(?:vuelto|volvieron))\b"
)
_THAT_ONE = re.compile(r"(?<![\w@])(?:ese|esa|dich[oa])(?: @d\d+| mism[oa])?(?= |$)(?! (?:dia|semana|mes|ano|@t))")
_OTHER_KIND = {"new_customers": "returning_customers", "returning_customers": "new_customers"}
_KIND_OF_CUSTOMER = {
    "returning_customers": re.compile(r"\b(?:recurrentes|antiguos|antiguas|habituales|de siempre)\b"),
    "new_customers": re.compile(r"\b(?:nuevos|nuevas)\b"),
}


def elliptical(reading: Reading, plan: Plan | Stop | None) -> bool:
    """Whether the question leans on the one before it."""
    text = reading.text
    if isinstance(plan, Plan) and plan.intent == "provenance":
        return False
    if isinstance(plan, Plan) and plan.intent == "convert" and reading.bare:
        return True
    if g.AND_START.search(text) or g.ONLY.search(text) or g.CORRECTION.search(text):
        return not (isinstance(plan, Plan) and plan.whens and reading.metrics and g.SUMMARY.search(text))
    if re.match(r"(?:, )*(?:sin|excluyendo|menos|excepto)\b", text):
        return True
    if isinstance(plan, Plan) and plan.intent == "compare" and reading.bare and _HELD_AGAINST.match(text):
        return True
    if isinstance(plan, Plan) and plan.intent in ("help", "greeting", "thanks", "definition", "provenance"):
        return False
    if plan is None:
        return bool(reading.whens or reading.named or reading.dimensions or reading.filters or reading.has(g.CHART)
                    or reading.has(g.TABLE) or reading.has(g.COMPARE) or g.GRAIN.search(text) or reading.has(g.SHARE)
                    or reading.has(g.LAST_YEAR) or any(sign.search(text) for sign in (_MOVED, _ORDINAL, _WHAT_BOUGHT, _LEFT)))  # fmt: skip
    if isinstance(plan, Plan) and reading.bare and not reading.whens and plan.intent in (
        "why", "growth", "compare", "trend", "breakdown", "unusual", "share", "best_period",
    ):  # fmt: skip
        return True
    if isinstance(plan, Plan) and reading.bare and not reading.dimensions and _WHICH_MOVED.search(text):
        return True
    return bool(isinstance(plan, Plan) and reading.bare and _POINTING.search(text))


_HELD_AGAINST = re.compile(
    r"(?:, )*(?:vs|comparad\w+|compara\w*|frente|respecto)(?: (?:con|al?|del?|el|la))* @t0(?:[ ,]*)$"
)
"""'Contra mayo del año pasado', right after a figure: that one is what is held against it."""
_KEEPS_PERIOD = frozenset({
    "value", "ranking", "breakdown", "share", "best_period", "average", "pareto", "orders", "convert", "inflation",
    "contribution",
})  # fmt: skip


def as_told(last: Plan, told: dict[str, str] | None) -> Plan:
    """The last plan over the span that its answer told: 'la semana pasada' was the last one with data."""
    if not told or len(last.whens) != 1 or last.whens[0].anchor != "today":
        return last
    when, period = last.whens[0], Period(date.fromisoformat(told["start"]), date.fromisoformat(told["end"]))
    if period.grain is None or period.grain is not when.grain or period == when.period:
        return last
    return replace(last, whens=(When(period, label(period), "named", period.grain, when.hours),))


def same_period(own: Plan, reading: Reading, last: Plan) -> Plan:
    """A question of its own that names no period, right after one that did, is about that period still."""
    if own.whens or own.intent not in _KEEPS_PERIOD or not last.whens or last.whens[0].anchor == "all":
        return own
    metrics = last.metrics if not reading.metrics and _THE_BEST.search(reading.text) else own.metrics
    return replace(own, metrics=metrics, whens=last.whens[:1], filters=own.filters or _of_them(own, reading, last))


_THE_BEST = re.compile(
    r"(?<![\w@])tien\w+ (?:el|la) (?:que |mas )?(?:mejor|peor|mayor|menor|mas alt[oa]|mas baj[oa]|alt[oa]|baj[oa])(?= |$)(?! (?:@m|ticket|venta))"
)
"""'¿Qué rubro tiene el mejor?' after the margin: the best of what was just told."""


def _of_them(own: Plan, reading: Reading, last: Plan) -> tuple[Filter, ...]:
    """'¿Cuántas boletas son?', '¿qué tres productos vendió más?' go on about the branch or seller told of; whoever
    says 'mis productos' or 'vendí' speaks of the whole business again."""
    if _MINE.search(fold(reading.raw)) or own.dimension in {f.dimension for f in last.filters} or last.sides:
        return ()
    kinds = {f.dimension for f in last.filters}
    return () if own.dimension in ("product", "category") and kinds & {"product"} else last.filters


_MINE = re.compile(
    r"\b(?:mi|mis|yo|nuestr\w+|me|nos|tengo|tenemos|tuve|tuvimos|total|todo|negocio|general"
    r"|di|dimos|(?:vend|hic|factur|gan)(?:i|imos|emos|o|amos|e|ia|iamos))\b"
)


def resume(reading: Reading, own: Plan | Stop | None, last: Plan, have: Have) -> Plan | Stop:
    """The last plan with what this question changes; a question back where it changes nothing that was understood."""
    if isinstance(own, Plan) and own.intent in _AROUND:
        return _around(own, reading, last)
    if _PEERS.search(reading.plain):
        return Plan("standing", last.metrics)
    if last.dimension == "customer" and _LEFT.search(reading.plain):
        return Plan("lost_customers", ("sales",), tuple(reading.whens) or last.whens, "customer")
    reading.text = g.CORRECTION.sub(" ", reading.text)  # understood: no word left to doubt
    if _PART_OF.search(reading.text) and re.search(r"(?<![\w@])cuant", reading.text):
        return _nothing_new(reading)  # a part of what was just told: no figure of ours
    plan = _resumed(reading, own, last, have)
    return _nothing_new(reading) if plan == last and not _says_anything(reading) else plan


def _around(own: Plan, reading: Reading, last: Plan) -> Plan:
    """'¿Y en dólares?', '¿y frente a otros?': of the same figure, period and part of the business."""
    if own.intent in ("winds", "attention"):
        return own
    metrics = own.metrics if reading.metrics or own.intent != "standing" else last.metrics
    whens = own.whens or tuple(w for w in last.whens[:1] if w.anchor != "all")
    filters = () if own.intent == "standing" else own.filters or last.filters
    return replace(own, metrics=metrics, whens=whens, filters=filters)


def _says_anything(reading: Reading) -> bool:
    """Whether something in it was understood, though it asks for what was just told."""
    return bool(reading.whens or reading.named or reading.filters or reading.metrics or reading.dimensions
                or _whole(reading) or _REST.fullmatch(reading.text) or any(reading.has(sign) for sign in (g.CHART, g.TABLE, g.SHARE, g.COMPARE, g.WHY, g.MOST, g.LEAST)))  # fmt: skip


_REST = re.compile(r"(?:,? ?)*(?:y )?(?:cuanto )?(?:el resto|(?:todos )?(?:los|las) (?:demas|otr[oa]s))[ ,]*")


def _nothing_new(reading: Reading) -> Stop:
    return Stop(
        "clarify", "unclear",
        f"No entendí «{reading.raw.strip(' ¿?')}», y no quiero repetirte lo mismo. ¿Me lo preguntas completo?",
        ("¿Cómo me fue el mes pasado?", "¿Cuáles son mis productos más vendidos?"),
    )  # fmt: skip


def _resumed(reading: Reading, own: Plan | Stop | None, last: Plan, have: Have) -> Plan | Stop:
    filters = filters_of(reading)
    if isinstance(filters, Stop):
        return filters
    metrics = metrics_of(reading, have) or _of_other_customers(reading, last) or last.metrics
    if _REST.fullmatch(reading.text) and last.intent == "value" and len(last.filters) == 1:
        reading.text = ""  # understood: no word left to doubt
        return replace(last, filters=(replace(last.filters[0], exclude=not last.filters[0].exclude),))
    if last.filters and _whole(reading):
        return replace(last, intent="value", metrics=metrics, filters=(), sides=(), dimension=None, limit=None)
    plan = replace(
        last,
        metrics=metrics,
        whens=_whens(reading, last),
        filters=_changed(last, filters),
        view="chart" if reading.has(g.CHART) else "table" if reading.has(g.TABLE) else last.view,
    )
    if isinstance(own, Plan) and own.intent in _OWN:
        return replace(
            own, metrics=metrics, whens=plan.whens[:2] if own.intent in ("why", "contribution") else plan.whens[:1],
            filters=plan.filters, dimension=own.dimension, compare=own.compare or last.compare,
        )  # fmt: skip
    return _turned(plan, reading, own, last)


def about_the_leading(plan: Plan, reading: Reading, last: Plan, leading: dict[str, str]) -> Plan:
    """After "Talca es la que más bajó", "¿por qué?" is about Talca and not about the whole."""
    said = reading.named or reading.whens or reading.metrics or reading.dimensions or reading.filters
    if plan.intent != "why" or last.intent != "contribution" or said:
        return plan
    return replace(plan, dimension=None, filters=_led(plan, leading))


def about_the_first(reading: Reading, last: Plan, leading: dict[str, str], have: Have) -> Plan | None:
    """After "tu mejor cliente es …", "¿cuánto me compró en octubre?" is about that one, and so is "¿qué compra?"."""
    if last.intent != "ranking" or not leading or reading.named:
        return None
    dimension = next(iter(leading))
    verb = dimension == "customer" and _BUYS.search(reading.text)
    other = [d for d in reading.dimensions if d != dimension]
    if not (verb or _THAT_ONE.search(reading.text)) or (verb and dimension in reading.dimensions):
        return None
    whens = tuple(reading.whens[:1]) or last.whens
    split = other[0] if other else "product" if verb and _WHAT_BOUGHT.search(reading.text) else None
    metrics = metrics_of(reading, have) or ("sales",)
    if split and (reading.has(g.MOST) or reading.has(g.LEAST)):
        return Plan("ranking", metrics, whens, split, filters=_led(last, leading), limit=limit_of(reading) or 5,
                    order="asc" if reading.has(g.LEAST) else "desc")  # fmt: skip
    return Plan("breakdown" if split else "value", metrics, whens, split, filters=_led(last, leading))


def _led(plan: Plan, leading: dict[str, str]) -> tuple[Filter, ...]:
    kept = tuple(f for f in plan.filters if f.dimension not in leading)
    return (*kept, *(Filter(d, (m,)) for d, m in leading.items()))


def _of_other_customers(reading: Reading, last: Plan) -> tuple[str, ...]:
    other = _OTHER_KIND.get(last.metrics[0]) if last.metrics else None
    if other is None or not _KIND_OF_CUSTOMER[other].search(reading.plain):
        return ()
    reading.text = _KIND_OF_CUSTOMER[other].sub(" ", reading.text)  # understood: no word left to doubt
    return (other,)


def _whole(reading: Reading) -> bool:
    """'¿Y en total?', '¿y todas las sucursales juntas?': the same without what it was narrowed to."""
    ever = len(reading.whens) == 1 and reading.whens[0].anchor == "all" and re.search(r"\btotal\b", fold(reading.raw))
    alone = re.fullmatch(r"(?:,? ?)*(?:y )?(?:(?:el|en|de) )?total(?:es)?[ ,]*", reading.text)
    return bool(
        ever or alone or re.search(r"tod[oa]s? (?:las |los )?@d\d+ junt[oa]s|el negocio completo", reading.text)
    )


def _whens(reading: Reading, last: Plan) -> tuple[When, ...]:
    """The periods said now, else the last ones; 'el año pasado' after a month is that month a year before, and 'el mes
    anterior' the one before that month."""
    beside = _beside(reading, last)
    if beside:
        for sign in (_BEFORE, _AFTER):  # understood: no word left to doubt
            reading.text = re.sub(rf"(?:(?:mes|semana|dia|ano|trimestre) )?{sign.pattern}", " ", reading.text)
        return (beside,)
    if len(reading.whens) != 1 or not last.whens or re.search(r"\d{4}", reading.raw):
        return tuple(reading.whens) or last.whens
    year, before = reading.whens[0], last.whens[0]
    if year.grain is Grain.year and year.period.end < reading.today and before.grain not in (None, Grain.year):
        period = before.period.year_before()
        return (replace(before, period=period, label=label(period), anchor=year.anchor, to_date=False),)
    return tuple(reading.whens)


def _beside(reading: Reading, last: Plan) -> When | None:
    """The span right before or after the one told last, where that is what is said."""
    told = last.whens[0] if len(last.whens) == 1 else None
    if told is None or told.grain is None or told.to_date or len(reading.whens) > 1:
        return None
    if reading.whens and (reading.whens[0].grain is not told.grain or reading.whens[0].anchor != "today"):
        return None
    said = fold(reading.raw)
    again = bool(reading.whens) and reading.whens[0].period == told.period and "pasad" in said
    step = -1 if again or _BEFORE.search(said) else 1 if _AFTER.search(said) else 0
    if not step or reading.has(g.COMPARE):
        return None
    period = Period.of(told.grain, told.grain.after(told.grain.first_day(told.period.start), step))
    return When(period, label(period), "named", told.grain)


def _turned(plan: Plan, reading: Reading, own: Plan | Stop | None, last: Plan) -> Plan:
    dimension = dimension_of(reading) or (own.dimension if isinstance(own, Plan) and own.intent == "ranking" else None)
    moved = _MOVED.search(reading.text)
    if moved and (dimension or last.dimension) and (len(reading.whens) == 2 or not reading.has(g.COMPARE)):
        fell = bool(g.WORST_GROWTH.search(moved.group())) != ("menos" in moved.group())
        return replace(plan, intent="contribution", dimension=dimension or last.dimension, order="asc" if fell else "desc",
                       limit=limit_of(reading) or last.limit, sides=(), compare=None, grain=None)  # fmt: skip
    if _WHAT_BOUGHT.search(reading.text) and not dimension and any(f.dimension == "customer" for f in plan.filters):
        return replace(plan, intent="breakdown", dimension="product", compare=None, sides=(), limit=None)
    nth = _ORDINAL.search(reading.text)
    if nth and last.intent in ("ranking", "best_period", "orders"):
        return replace(plan, limit=_NTH[nth["nth"]])
    if reading.whens and _beside(reading, last):
        return plan if last.intent != "compare" else replace(plan, intent="value", compare=None, sides=())
    if reading.has(g.LAST_YEAR) or (reading.has(g.COMPARE) and not reading.named):
        whens = tuple(reading.whens)
        year = whens and whens[0].grain is Grain.year and last.whens and last.whens[0].grain is not Grain.year
        if year and whens[0].period.start.year == reading.today.year - 1:
            return replace(plan, intent="compare", compare="last_year", whens=last.whens[:1], sides=())
        if whens and not reading.has(g.LAST_YEAR):
            return replace(plan, intent="compare", compare=None, whens=(*last.whens[:1], *whens)[:2], sides=())
        return replace(plan, intent="compare", whens=last.whens[:1], sides=(),
                       compare="last_year" if reading.has(g.LAST_YEAR) else "previous")  # fmt: skip
    grain = g.GRAIN.search(reading.text)
    if grain and not dimension:
        return replace(
            plan,
            intent="trend",
            grain=grain_of(grain),
            dimension=None,
            compare=None,
            whens=_several(plan, grain_of(grain)),
        )
    if reading.has(g.SHARE) and plan.filters and last.intent == "value" and not reading.named:
        return replace(plan, intent="share", dimension=None, compare=None)
    if dimension:
        return _by(plan, dimension, reading, last)
    if reading.named and last.intent == "compare_members" and reading.has(g.COMPARE):
        return plan
    if reading.named and last.intent in ("ranking", "breakdown", "contribution", "pareto", "compare_members"):
        named = {c.dimension for n in reading.named for c in n.choices}
        if last.dimension in named or last.sides:
            return replace(plan, intent="value", dimension=None, sides=(), limit=None)
    if reading.named and last.intent == "share":
        return plan
    limit = limit_of(reading)
    if len(reading.whens) == 1 and last.intent in ("compare", "growth") and len(last.whens) == 2:
        return replace(plan, intent="value", compare=None)
    if reading.metrics and last.intent in ("summary", "definition", "lost_customers", "help", "greeting", "thanks"):
        return replace(plan, intent="value")
    if last.intent in ("ranking", "best_period", "orders", "breakdown") and (
        reading.has(g.LEAST) or reading.has(g.MOST)
    ):
        if last.intent == "breakdown":
            plan = replace(plan, intent="ranking", limit=plan.limit or 5)
        return replace(plan, order="asc" if reading.has(g.LEAST) else "desc", limit=limit or plan.limit)
    return replace(plan, limit=limit or plan.limit)


def _several(plan: Plan, grain: Grain | None) -> tuple[When, ...]:
    """The last span, unless it holds only one of those that are asked for: 'por mes' after October is of the months."""
    whole = plan.whens[0].period if plan.whens else None
    return () if whole and grain and Period.of(grain, whole.start).end >= whole.end else plan.whens


def _by(plan: Plan, dimension: str, reading: Reading, last: Plan) -> Plan:
    kept = tuple(f for f in plan.filters if f.dimension != dimension)
    if last.intent in ("why", "growth", "contribution", "compare"):
        return replace(plan, intent="contribution", dimension=dimension, filters=kept,
                       order="asc" if last.intent == "why" and last.order == "asc" else plan.order)  # fmt: skip
    if last.intent == "ranking" or reading.has(g.MOST) or reading.has(g.LEAST):
        order = "asc" if reading.has(g.LEAST) else "desc" if reading.has(g.MOST) else last.order
        return replace(plan, intent="ranking", dimension=dimension, order=order, filters=kept,
                       limit=limit_of(reading) or last.limit or 5)  # fmt: skip
    metrics = ("sales",) if last.intent in ("lost_customers", "new_vs_returning") else plan.metrics
    return replace(plan, intent="breakdown", dimension=dimension, filters=kept, limit=None, metrics=metrics, grain=None)


def _changed(last: Plan, said: tuple[Filter, ...]) -> tuple[Filter, ...]:
    """What is said now replaces what was said of the same dimension; product and category stand for each other."""
    replaced = {f.dimension for f in said}
    if replaced & {"product", "category"}:
        replaced |= {"product", "category"}
    kept = [f for f in last.filters if f.dimension not in replaced or f.exclude]
    return merge_filters([*kept, *said])
