"""A slice of the data as an address says it: `?start&end&grain&dimension&branch=Talca&not.channel=web`. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import Query as Parameter
from fastapi import Request

import features
from core.errors import BadInput
from core.periods import Grain, Period
from features.query import Coverage, Filter, Query

FIRST_YEAR, LAST_YEAR = 1900, 2200
MOST_DAYS = 20_000


@dataclass(frozen=True, slots=True)
class Slice:
    """What was asked for; without days, all that there is."""

    start: date | None
    end: date | None
    grain: Grain | None
    dimension: str | None
    filters: tuple[Filter, ...]
    order: Literal["desc", "asc"] | None = None
    limit: int | None = None

    def period(self, coverage: Coverage) -> Period | None:
        """The days, each end filled in from the data where it was left open. None where there is nothing."""
        start, end = self.start or coverage.first, self.end or coverage.last
        if start is None or end is None:
            return None
        return period_of(start, end, self.grain)

    def query(self, metric: str, coverage: Coverage) -> Query | None:
        period = self.period(coverage)
        if period is None:
            return None
        return Query((metric,), period, self.grain, self.dimension, self.filters, self.order, self.limit)

    def address(self) -> str:
        """The same slice as an address's parameters, without grain and dimension."""
        pairs = [(k, v.isoformat()) for k, v in (("start", self.start), ("end", self.end)) if v]
        return urlencode(pairs + pairs_of(self.filters))


def query_of(
    request: Request,
    start: date | None = None,
    end: date | None = None,
    grain: Grain | None = None,
    dimension: str | None = None,
    order: Literal["desc", "asc"] | None = None,
    limit: Annotated[int | None, Parameter(ge=1, le=10_000)] = None,
) -> Slice:
    """The slice that a request's address asks for. BadInput where it names an unknown dimension."""
    if dimension is not None and dimension not in features.DIMENSION_BY_ID:
        raise BadInput("dimension", f"No conozco la dimensión «{dimension}».", _known())
    return Slice(start, end, grain, dimension, filters_of(request.query_params.multi_items()), order, limit)


def period_of(start: date, end: date, grain: Grain | None = None) -> Period:
    """The days from `start` to `end`. BadInput where they can't be told apart or counted."""
    if end < start:
        raise BadInput("period", "El período termina antes de empezar.", "Cambia las fechas.")
    if not FIRST_YEAR <= start.year <= end.year <= LAST_YEAR:
        raise BadInput("period", f"Solo conozco los años {FIRST_YEAR} a {LAST_YEAR}.", "Cambia las fechas.")
    if grain is Grain.day and (end - start).days >= MOST_DAYS:
        raise BadInput("period", f"Día por día muestro hasta {MOST_DAYS} días.", "Acorta el período, o pide meses.")
    return Period(start, end)


def filters_of(pairs: Iterable[tuple[str, str]]) -> tuple[Filter, ...]:
    """What an address keeps and leaves out: each pair named as a dimension is one more member of its filter."""
    members: dict[str, list[str]] = {}
    for name, member in pairs:
        if name.removeprefix("not.") in features.DIMENSION_BY_ID:
            # What no database can hold is nobody's name.
            members.setdefault(name, []).append(member.replace("\0", ""))
    return tuple(Filter(n.removeprefix("not."), tuple(m), n.startswith("not.")) for n, m in members.items())


def pairs_of(filters: Iterable[Filter]) -> list[tuple[str, str]]:
    """The address's pairs that `filters_of` reads."""
    return [(f"not.{f.dimension}" if f.exclude else f.dimension, member) for f in filters for member in f.members]


def words(chosen: Filter) -> str:
    """'sucursal: Talca o Curicó', 'canal: todos menos web'."""
    name, members = features.dimension(chosen.dimension).name, " o ".join(chosen.members)
    return f"{name}: {'todos menos ' if chosen.exclude else ''}{members}"


def _known() -> str:
    return f"Usa una de: {', '.join(d.id for d in features.DIMENSIONS)}."
