"""Cards: a month's figures beside their own past, their target and the peers. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import features
from core import money
from core.periods import Period, label
from core.tenancy import Company
from features.benchmarks import Parse
from features.catalog.types import Good, Metric, Unit
from features.trend import Trend, trend
from server.panel.types import Card, Goal, Move, Place

SPARK = 13
"""So many months are drawn: one year, and the month it began with."""
WIDE, HIGH, EDGE = 100, 28, 3

SAME, NEARLY = "igual", "casi igual"

Course = Sequence[Decimal | None]


@dataclass(frozen=True, slots=True)
class Beside:
    """What a month under way stands beside: the same days of the month and of the year before, each with its name."""

    previous: tuple[Decimal | None, str]
    year: tuple[Decimal | None, str]


def card(
    metric: Metric,
    month: Period,
    course: Course,
    wanted: Decimal | None,
    parse: Parse | None,
    company: Company,
    beside: Beside | None = None,
) -> Card:
    """`course` is the metric by month, oldest first, the last one `month`'s. With `beside` that one is under way: it is
    set against those days, and its course is that of the months before it."""
    value = course[-1]
    if beside is None:
        moved, recent = trend(course, metric.unit), course[-SPARK:]
        beside = Beside(_back(course, 1, month.previous()), _back(course, 12, month.year_before()))
    else:
        moved, recent = None, course[:-1][-SPARK:]
    previous, year = _move(metric, value, beside.previous, company), _move(metric, value, beside.year, company)
    path, end = spark(recent)
    return Card(
        metric=metric.id,
        name=metric.name,
        unit=metric.unit.value,
        value=_exact(value),
        shown=features.shown(metric, value, company),
        direction=moved.direction if moved else _direction(value, beside.previous[0]),
        usual=usual(moved),
        z=None if moved is None or moved.z is None else round(moved.z, 2),
        previous=previous,
        year=year,
        goal=_goal(metric, value, wanted, company),
        place=_place(parse),
        spark=path,
        spark_end=end,
        course=tuple(_exact(v) for v in recent),
        question=question(metric, month),
        href=f"/fuentes?metric={metric.id}&start={month.start}&end={month.end}",
    )


def _exact(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.normalize():f}"


def question(metric: Metric, month: Period) -> str:
    """What the card asks in the chat."""
    verb, mine = ("estuvieron", "mis") if metric.plural else ("estuvo", "mi")
    return f"¿Cómo {verb} {mine} {metric.name} en {label(month).replace(' ', ' de ')}?"


def usual(moved: Trend | None) -> str:
    """The change's significance in words, '' where there is no change to speak of."""
    if moved is None or moved.direction == "flat":
        return ""
    if moved.unusual is None:
        return "aún no hay meses suficientes para saber si es lo normal"
    if not moved.unusual:
        return "dentro de lo normal de un mes a otro"
    return "fuera de lo normal de un mes a otro"


def _direction(value: Decimal | None, before: Decimal | None) -> str:
    if value is None or before is None:
        return ""
    return "up" if value > before else "down" if value < before else "flat"


def change_words(change: features.Change | None, unit: Unit) -> tuple[str, str]:
    """'7,8 % más', '1,2 puntos menos', and whether that is good."""
    if change is None:
        return "", ""
    size = abs(change.difference * 100) if unit is Unit.ratio else abs((change.ratio or Decimal(0)) * 100)
    if not round(size, 1):
        return SAME, "neutral"
    how = f"{money.number(size, 1).removesuffix(',0')} {'puntos' if unit is Unit.ratio else '%'}"
    return f"{how} {'más' if change.difference > 0 else 'menos'}", change.verdict


def spark(course: Course) -> tuple[str, tuple[float, float] | None]:
    """A path through the known values, from edge to edge of the box, and its last point."""
    known = [(i, float(v)) for i, v in enumerate(course) if v is not None]
    if len(known) < 2 or known[-1][0] != len(course) - 1:
        return "", None
    low, high = min(v for _, v in known), max(v for _, v in known)
    across, up = (WIDE - 2 * EDGE) / (len(course) - 1), (HIGH - 2 * EDGE) / (high - low or 1)
    points = [(round(EDGE + i * across, 1), round(HIGH - EDGE - (v - low) * up, 1)) for i, v in known]
    if high == low:
        points = [(x, HIGH / 2) for x, _ in points]
    return "M" + "L".join(f"{x} {y}" for x, y in points), points[-1]


def by_metric(parses: Sequence[Parse]) -> Mapping[str, Parse]:
    return {p.measure.metric: p for p in parses if p.measure.metric}


def _back(course: Course, months: int, against: Period) -> tuple[Decimal | None, str]:
    return (course[-1 - months] if len(course) > months else None), label(against)


def _move(metric: Metric, value: Decimal | None, beside: tuple[Decimal | None, str], company: Company) -> Move | None:
    before, against = beside
    change = features.change(value, before, metric)
    words, tone = change_words(change, metric.unit)
    shown = features.shown(metric, before, company)
    if words == SAME and shown != features.shown(metric, value, company):
        words = NEARLY  # 0,17 % beside 0,14 %, which are written 0,2 % and 0,1 %
    return Move(words, tone, shown, against) if change and words else None


def _goal(metric: Metric, value: Decimal | None, wanted: Decimal | None, company: Company) -> Goal | None:
    reached = features.attainment(value, wanted, metric.good)
    if reached is None or reached.ratio is None:
        return None
    width = max(0, min(100, round(reached.ratio * 100)))
    return Goal(
        features.shown(metric, wanted, company), f"{money.number(reached.ratio * 100)} %", width, reached.reached
    )


def _place(parse: Parse | None) -> Place | None:
    if parse is None:
        return None
    rank = parse.rank
    colour = "" if parse.measure.good is Good.neither else rank.colour
    how = f"percentil {rank.percentile} de 100 entre {parse.who}; puede ser entre {rank.low} y {rank.high}"
    return Place(rank.percentile, colour, how)
