"""What an elliptical question takes from the one before it. Pure."""

# ruff: noqa: E501  (a pattern is read more easily whole than broken)

import re
from dataclasses import replace

from assistant import grammar as g
from assistant.decide import Have, dimension_of, filters_of, grain_of, limit_of, metrics_of
from assistant.plan import Plan, Stop
from assistant.read import Reading, merge_filters
from assistant.time import When
from core.language import fold
from core.periods import Grain, label
from features.query import Filter

_OWN = frozenset({
    "pareto", "lost_customers", "unusual", "records", "weekend", "new_vs_returning", "best_period", "average", "why",
    "contribution", "definition", "target", "share", "orders", "holidays",
})  # fmt: skip
_POINTING = re.compile(
    r"(?<![\w@])(?:\w+(?:alo|ala|alos|alas|melo|mela)|eso|esa|ese|esos|esas|lo mismo|el mismo|la misma|ahi|ella|el numero)(?!\w)"
)


def elliptical(reading: Reading, plan: Plan | Stop | None) -> bool:
    """Whether the question leans on the one before it."""
    text = reading.text
    if isinstance(plan, Plan) and plan.intent == "provenance":
        return False
    if g.AND_START.search(text) or g.ONLY.search(text) or g.CORRECTION.search(text):
        return not (isinstance(plan, Plan) and plan.whens and reading.metrics and g.SUMMARY.search(text))
    if re.match(r"(?:, )*(?:sin|excluyendo|menos|excepto)\b", text):
        return True
    if isinstance(plan, Plan) and plan.intent in ("help", "greeting", "thanks", "definition", "provenance"):
        return False
    if plan is None:
        return bool(reading.whens or reading.named or reading.dimensions or reading.filters or reading.has(g.CHART)
                    or reading.has(g.TABLE) or reading.has(g.COMPARE) or g.GRAIN.search(text) or reading.has(g.SHARE)
                    or reading.has(g.LAST_YEAR))  # fmt: skip
    if isinstance(plan, Plan) and reading.bare and not reading.whens and plan.intent in (
        "why", "growth", "compare", "trend", "breakdown", "unusual", "share", "best_period",
    ):  # fmt: skip
        return True
    return bool(isinstance(plan, Plan) and reading.bare and _POINTING.search(text))


_KEEPS_PERIOD = frozenset({"value", "ranking", "breakdown", "share", "best_period", "average", "pareto", "orders"})


def same_period(own: Plan, last: Plan) -> Plan:
    """A question of its own that names no period, right after one that did, is about that period still."""
    if own.whens or own.intent not in _KEEPS_PERIOD or not last.whens or last.whens[0].anchor == "all":
        return own
    return replace(own, whens=last.whens[:1])


def resume(reading: Reading, own: Plan | Stop | None, last: Plan, have: Have) -> Plan | Stop:
    """The last plan with what this question changes."""
    filters = filters_of(reading)
    if isinstance(filters, Stop):
        return filters
    metrics = metrics_of(reading, have) or last.metrics
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
    return _turned(plan, reading, last)


def about_the_leading(plan: Plan, reading: Reading, last: Plan, leading: dict[str, str]) -> Plan:
    """After "Talca es la que más bajó", "¿por qué?" is about Talca and not about the whole."""
    said = reading.named or reading.whens or reading.metrics or reading.dimensions or reading.filters
    if plan.intent != "why" or last.intent != "contribution" or said:
        return plan
    kept = tuple(f for f in plan.filters if f.dimension not in leading)
    return replace(plan, dimension=None, filters=(*kept, *(Filter(d, (m,)) for d, m in leading.items())))


def _whole(reading: Reading) -> bool:
    """'¿Y en total?', '¿y todas las sucursales juntas?': the same without what it was narrowed to."""
    ever = len(reading.whens) == 1 and reading.whens[0].anchor == "all" and re.search(r"\btotal\b", fold(reading.raw))
    return bool(ever or re.search(r"tod[oa]s? (?:las |los )?@d\d+ junt[oa]s|el negocio completo", reading.text))


def _whens(reading: Reading, last: Plan) -> tuple[When, ...]:
    """The periods said now, else the last ones; 'el año pasado' after a month is that month a year before."""
    if len(reading.whens) != 1 or not last.whens or re.search(r"\d{4}", reading.raw):
        return tuple(reading.whens) or last.whens
    year, before = reading.whens[0], last.whens[0]
    if year.grain is Grain.year and year.period.end < reading.today and before.grain not in (None, Grain.year):
        period = before.period.year_before()
        return (replace(before, period=period, label=label(period), anchor=year.anchor, to_date=False),)
    return tuple(reading.whens)


def _turned(plan: Plan, reading: Reading, last: Plan) -> Plan:
    dimension = dimension_of(reading)
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
        return replace(plan, intent="trend", grain=grain_of(grain), dimension=None)
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
    if last.intent in ("ranking", "best_period", "orders") and (reading.has(g.LEAST) or reading.has(g.MOST)):
        return replace(plan, order="asc" if reading.has(g.LEAST) else "desc", limit=limit or plan.limit)
    return replace(plan, limit=limit or plan.limit)


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
