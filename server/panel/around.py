"""What the panel shows around the figures: percentiles among peers, the economy's winds, what deserves a look."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from core.db import Connection
from core.periods import Period
from core.tenancy import Scope
from features import benchmarks, insights, macro
from features.catalog.types import Good
from features.format import written

MOST_WINDS = 5
MOST_INSIGHTS = 3
MOST_KEPT = 500
"""Months of countries."""


@dataclass(frozen=True, slots=True)
class RankCard:
    """One percentile: `colour` is WarcraftLogs' (gris … dorado), `how` the same in words."""

    name: str
    value: str
    percentile: int
    colour: str
    how: str
    band: str
    half: str


@dataclass(frozen=True, slots=True)
class WindLine:
    """One wind: `side` is 'favor' or 'contra', `strength` 1 to 3."""

    side: str
    strength: int
    text: str


_blowing: dict[tuple[str, date], tuple[int, tuple[WindLine, ...]]] = {}


def ranks(scope: Scope, connection: Connection, month: Period) -> tuple[str, list[RankCard]]:
    """Whom the company is compared with in the month, and each percentile."""
    found = benchmarks.parses(scope, connection, month.start)
    return (found[0].who if found else ""), [_card(one, scope) for one in found]


def _card(one: benchmarks.Parse, scope: Scope) -> RankCard:
    def shown(value: Decimal) -> str:
        return written(value, one.measure.unit, scope.company)

    rank = one.rank
    return RankCard(
        one.measure.name,
        shown(one.value),
        rank.percentile,
        "" if one.measure.good is Good.neither else rank.colour,
        f"percentil {rank.percentile} de 100"
        + (", ni mejor ni peor" if one.measure.good is Good.neither else f", {rank.colour}"),
        f"{'menos es mejor; ' if one.measure.good is Good.down else ''}puede ser entre {rank.low} y {rank.high}",
        f"la mitad está entre {shown(one.quantiles[1])} y {shown(one.quantiles[3])}",
    )


def winds(scope: Scope, connection: Connection, month: Period) -> list[WindLine]:
    """The strongest winds of the month, each thing touched once. They are a country's, not a company's: looked for once
    for all, until the series change."""
    row = connection.execute("SELECT version FROM shared_versions WHERE name = 'macro_values'").fetchone()
    now, key = row[0] if row else 0, (scope.company.country, month.start)
    found = _blowing.get(key)
    if found is None or found[0] != now:
        if len(_blowing) >= MOST_KEPT:
            _blowing.clear()
        found = _blowing[key] = (now, _winds(scope.company.country, month, connection))
    return list(found[1])


def _winds(country: str, month: Period, connection: Connection) -> tuple[WindLine, ...]:
    blowing: list[macro.Gust] = []
    for indicator in macro.of_country(country):
        series = macro.load(indicator.country, indicator.id, connection)
        moved = macro.move(series, month.start) if series else None
        blowing += macro.gusts(moved, month.start) if moved else ()
    return tuple(
        WindLine("favor" if gust.wind == "for" else "contra", gust.strength, gust.text)
        for gust in macro.strongest(blowing, MOST_WINDS)
    )


def notable(scope: Scope, connection: Connection, month: Period) -> list[dict[str, Any]]:
    """The month's best insights."""
    return insights.kept(scope, connection, month, MOST_INSIGHTS)
