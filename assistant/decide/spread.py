"""Figures spread over something: the spans of time, or the members of a dimension. Pure."""

# ruff: noqa: E501  (a pattern is read more easily whole than broken)

import re
from dataclasses import replace
from typing import Literal

from assistant import grammar as g
from assistant.decide.pieces import (
    UNITS,
    Have,
    dimension_of,
    grain_of,
    least_is_filler,
    limit_of,
    sides_of,
)
from assistant.plan import Plan
from assistant.read import Reading
from core.language import fold
from core.periods import Grain
from features import metric as declared
from features.catalog.types import Unit

_RATES = frozenset({"repurchase_rate", "return_rate", "discount_rate", "gross_margin"})


_HEADLESS = frozenset({"sales", "units", "gross_margin", "gross_profit", "returns", "discount"})
"""What 'lo que más …' may be said of: what a business sells are products."""


_WHEN_BEYOND = re.compile(
    r"(?<![\w@])(?P<unit>dias?|semanas?|mes(?:es)?|trimestres?|anos?)(?: (?:de @t\d|del mes|en @t\d))?(?: \w+){0,1} (?:en )?(?:que|con|donde|cuando|@m\d|pasamos|pase|@u\d)"
)


_COUNTED_UNIT = re.compile(
    r"@u\d+ (?:de )?(?!(?:en|de|del|por|al|el|la|los|las|y|o|que|este|esta|durante|cada|mi|mis|para|hasta|desde|con|sin)(?!\w))(?P<unit>[a-z]+)"
)
_OF_THOSE = re.compile(r"@m\d+ (?:de|en|a) (?:los |las |mis )?@d")
_BUYS = frozenset({"compra", "compras", "veces", "visita", "visitas", "pedidos", "boletas"})


def bounded(reading: Reading, metrics: tuple[str, ...], have: Have) -> Plan | None:
    """Members or spans over or under an amount: 'productos que vendieron sobre 500.000'."""
    if not reading.marks:
        return None
    dimension = dimension_of(reading)
    if dimension is None and metrics[:1] == ("active_customers",):
        dimension, metrics = "customer", metrics[1:]
    unit = _COUNTED_UNIT.search(reading.text)
    if unit and unit["unit"] in _BUYS and not metrics:
        metrics = ("transactions",)
    elif unit:
        return None  # 'más de 3 kilos': a bound on something else
    if _OF_THOSE.search(reading.text) and len(set(reading.metrics)) > 1:
        return None  # 'ventas de productos con margen bajo 30 %': the sales of those are asked for
    percent = any(mark.percent for mark in reading.marks)
    ids = metrics or (("gross_margin",) if percent else ("sales",))
    if declared(ids[0]).unit is Unit.money and any(mark.amount < 1000 for mark in reading.marks):
        return None  # 'mayores de 60' bounds no amount of money
    ratio = declared(ids[0]).unit is Unit.ratio
    if len(ids) > 1 or (percent and not ratio) or (ratio and any(mark.amount > 100 for mark in reading.marks)):
        return None
    marks = tuple(
        replace(mark, amount=mark.amount / 100) if ratio and not mark.percent and mark.amount > 1 else mark
        for mark in reading.marks
    )
    order: Literal["asc", "desc"] = "desc" if marks[0].over else "asc"
    if dimension:
        return Plan("beyond", ids, dimension=dimension, marks=marks, order=order)
    unit = _WHEN_BEYOND.search(reading.text)
    if unit is None:
        return None
    return Plan("beyond", ids, grain=UNITS[singular(unit["unit"])], marks=marks, order=order)


def singular(unit: str) -> str:
    """'meses' is 'mes'."""
    return "mes" if unit.startswith("mes") else unit.removesuffix("s")


_USUALLY = re.compile(
    r"\b(?:que|cual) (?:es el )?dias? (?:en que |que )?(?:se |me |nos )?(?:vendo|vendemos|vende|venden|compran)\b"
)
"""'¿Qué día vendo más?' asks for a habit, a day of the week; '¿qué día vendí más?' for a date."""


def periods(reading: Reading, metrics: tuple[str, ...], have: Have) -> Plan | None:
    """Best and worst periods, averages per period, series."""
    average = g.AVERAGE_PER.search(reading.text) or (reading.has(g.AVERAGE) and g.GRAIN.search(reading.text))
    if average:
        return Plan("average", metrics or ("sales",), per=grain_of(average))
    on_days = any(f.dimension == "weekday" for f in reading.filters)
    additive = all(declared(m).additive for m in metrics)
    if reading.has(g.USUAL_DAY) or (on_days and additive and reading.has(g.AVERAGE)):
        return Plan("average", metrics or ("sales",), per=Grain.day)
    if reading.has(g.WHEN_MOST) and not dimension_of(reading):
        low: Literal["asc", "desc"] = "asc" if reading.has(g.LEAST) else "desc"
        return Plan("best_period", metrics or ("sales",), grain=Grain.day, order=low, limit=1)
    asked = g.BEST_UNIT.search(reading.text)
    extreme = reading.has(g.MOST) or reading.has(g.LEAST) or reading.has(g.RECORD)
    order: Literal["asc", "desc"] = "asc" if reading.has(g.LEAST) and not least_is_filler(reading) else "desc"
    if asked and extreme and _USUALLY.search(fold(reading.raw)) and not reading.whens:
        return Plan("ranking", metrics or ("sales",), dimension="weekday", order=order, limit=None)
    if asked and extreme and not reading.has(g.TREND) and len(reading.whens) < 2:
        unit = singular(asked["unit"])
        plural = asked["unit"].endswith("s") and asked["unit"] != "mes"
        return Plan("best_period", metrics or ("sales",), grain=UNITS[unit], order=order,
                    limit=limit_of(reading) or (5 if plural else 1))  # fmt: skip
    if reading.has(g.RECORD) and not dimension_of(reading):
        return Plan("records", metrics or ("sales",))
    grain = g.GRAIN.search(reading.text)
    if (
        grain
        and (metrics or reading.has(g.TREND) or reading.has(g.SUMMARY))
        and not (extreme and dimension_of(reading))
    ):
        return Plan("trend", metrics or ("sales",), grain=grain_of(grain) or Grain.month,
                    dimension=dimension_of(reading))  # fmt: skip
    if reading.has(g.TREND):
        return Plan("trend", metrics or ("sales",), dimension=dimension_of(reading))
    return None


def splits(reading: Reading, metrics: tuple[str, ...], have: Have) -> Plan | None:
    """Rankings, shares, breakdowns."""
    dimension = dimension_of(reading)
    if _WHERE.search(reading.plain) and len(sides_of(reading)) > 1:
        return None  # 'Instagram o la tienda, ¿dónde vendí más?' sets the two against each other
    parted = dimension or any(n.clear for n in reading.named)
    if parted and reading.has(g.SHARE) and not set(metrics) & _RATES:
        return Plan("share", metrics or ("sales",), dimension=dimension)
    if dimension is None and reading.has(g.HEADLESS) and set(metrics) <= _HEADLESS:
        dimension = "product"  # 'lo más vendido': what a business sells are products
    if dimension is None:
        return None
    limit = limit_of(reading)
    breakdown = reading.has(g.BREAKDOWN)
    least, most = reading.has(g.LEAST) and not least_is_filler(reading), reading.has(g.MOST)
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
        return (
            None
            if reading.named or beside
            else Plan("breakdown", metrics, dimension=dimension, counted=reading.has(g.COUNTED))
        )
    return Plan("ranking", ("sales",), dimension=dimension, limit=10)


_WHERE = re.compile(r"(?<![\w@])donde(?!\w)")
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
