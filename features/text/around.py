"""Chunks about what stands around a company's figures: the economy's winds and its rank among peers."""

from collections.abc import Iterable
from datetime import date

from core.db import Connection
from core.periods import Grain, Period, label
from core.tenancy import Scope
from features import benchmarks, macro
from features.catalog.types import Good
from features.format import written
from retrieval.chunk import Chunk

MONTHS = 3


def winds(month: date, scope: Scope, connection: Connection) -> Iterable[Chunk]:
    """What the economy brings in a month, indicator by indicator."""
    period = Period.of(Grain.month, month)
    for indicator in macro.of_country(scope.company.country):
        series = macro.load(indicator.country, indicator.id, connection)
        moved = macro.move(series, month) if series else None
        for gust in macro.gusts(moved, month) if moved else ():
            yield Chunk(
                "macro",
                f"macro:{indicator.id}:{gust.touch.what}:{month.isoformat()}",
                f"{indicator.name.capitalize()} en {label(period)}",
                f"{label(period)}. {gust.text} Fuente: {indicator.source}.",
                "/panel",
                period.start,
                period.end,
            )


def ranks(scope: Scope, connection: Connection) -> Iterable[Chunk]:
    """The latest percentiles, each with its band, its colour and how it moved."""
    for one in benchmarks.parses(scope, connection):
        month = Period.of(Grain.month, one.month)
        value = written(one.value, one.measure.unit, scope.company)
        yield Chunk(
            "benchmark",
            f"benchmark:{one.measure.id}:{one.month.isoformat()}",
            f"Tu {one.measure.name} frente a {one.who}",
            f"{label(month)}. En {one.measure.name} ({value}{_less(one)}) estás en el percentil {one.rank.percentile} "
            f"({one.rank.colour}) entre {one.who}; puede ser entre {one.rank.low} y {one.rank.high}."
            f"{_moved(one, scope, connection)}",
            "/panel",
            month.start,
            month.end,
        )


def _moved(one: benchmarks.Parse, scope: Scope, connection: Connection) -> str:
    past = [p for month, p in benchmarks.history(one.measure.id, scope, connection) if month < one.month][-MONTHS:]
    if not past or past[0] == one.rank.percentile:
        return ""
    verb = "Avanzaste" if past[0] < one.rank.percentile else "Retrocediste"
    if one.measure.good is Good.neither:
        verb = "Pasaste"
    return f" {verb} del percentil {past[0]} al {one.rank.percentile}."


def _less(one: benchmarks.Parse) -> str:
    """Said where a low figure is the good one: else a high place beside it reads as a high figure."""
    return ", menos es mejor" if one.measure.good is Good.down else ""
