"""A slice of the data as an address says it: `?start&end&grain&dimension&branch=Talca&not.channel=web`. Pure."""

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
        if end < start:
            raise BadInput("period", "El período termina antes de empezar.", "Cambia las fechas.")
        if not FIRST_YEAR <= start.year <= end.year <= LAST_YEAR:
            raise BadInput("period", f"Solo conozco los años {FIRST_YEAR} a {LAST_YEAR}.", "Cambia las fechas.")
        if self.grain is Grain.day and (end - start).days >= MOST_DAYS:
            raise BadInput("period", f"Día por día muestro hasta {MOST_DAYS} días.", "Acorta el período, o pide meses.")
        return Period(start, end)

    def query(self, metric: str, coverage: Coverage) -> Query | None:
        period = self.period(coverage)
        if period is None:
            return None
        return Query((metric,), period, self.grain, self.dimension, self.filters, self.order, self.limit)

    def address(self) -> str:
        """The same slice as an address's parameters, without grain and dimension."""
        pairs = [(k, v.isoformat()) for k, v in (("start", self.start), ("end", self.end)) if v]
        for f in self.filters:
            pairs += [(f"not.{f.dimension}" if f.exclude else f.dimension, member) for member in f.members]
        return urlencode(pairs)


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
    filters = tuple(_filter(name, request.query_params.getlist(name)) for name in _filtered(request))
    return Slice(start, end, grain, dimension, filters, order, limit)


def _filtered(request: Request) -> list[str]:
    known = features.DIMENSION_BY_ID
    return [name for name in dict.fromkeys(request.query_params.keys()) if name.removeprefix("not.") in known]


def _filter(name: str, members: list[str]) -> Filter:
    held = tuple(m.replace("\0", "") for m in members)  # what no database can hold is nobody's name
    return Filter(name.removeprefix("not."), held, exclude=name.startswith("not."))


def _known() -> str:
    return f"Usa una de: {', '.join(d.id for d in features.DIMENSIONS)}."
