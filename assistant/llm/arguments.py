"""What the model may ask the tools for, as types; anything else is sent back to it as an error."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

import features
from assistant.plan import Plan
from assistant.time import When
from assistant.tools import TOOLS
from assistant.watching import INTENTS
from core.errors import BadInput
from core.language import fold
from core.periods import Grain, Period, label
from features.catalog.own import PREFIX
from features.query import Filter

# The model answers questions; what changes something for the company only the rules make of an owner's own words.
# A bound is read from an owner's own words alone, so "beyond" is not offered either.
_TALK = frozenset({"help", "greeting", "thanks", "beyond", *INTENTS})
OFFERED = tuple(tool for tool in TOOLS if tool.name not in _TALK)


def _one_of(ids: Iterable[str]) -> Any:
    """A string out of `ids`, told to the model and checked."""
    known = tuple(ids)

    def check(value: str) -> str:
        if value not in known:
            raise ValueError(f"debe ser uno de: {', '.join(known)}")
        return value

    return Field(json_schema_extra={"enum": list(known)}), AfterValidator(check)


def _a_metric(value: str) -> str:
    """The catalog's, or one of the company's own, which only its own scope finds (`features.run`)."""
    if value not in features.METRIC_BY_ID and not value.startswith(PREFIX):
        raise ValueError(f"debe ser uno de: {', '.join(features.METRIC_BY_ID)}")
    return value


_INTENTS, _DIMENSIONS = _one_of(tool.name for tool in OFFERED), _one_of(d.id for d in features.DIMENSIONS)
_Intent = Annotated[str, *_INTENTS]
_Metric = Annotated[str, Field(description="El id de una de las métricas dichas."), AfterValidator(_a_metric)]
_Dimension = Annotated[str, *_DIMENSIONS]
_KINDS = Literal["insight", "metric", "definition", "quality", "benchmark", "macro"]


class Arguments(BaseModel):
    """Unknown fields are errors: the model learns of a misspelling instead of being answered something else."""

    model_config = ConfigDict(extra="forbid")


class Span(Arguments):
    """Desde y hasta, ambos días incluidos."""

    start: date
    end: date


class Only(Arguments):
    """Solo estos miembros de la dimensión; con exclude, todos menos estos."""

    dimension: _Dimension
    members: list[str] = Field(min_length=1, max_length=20)
    exclude: bool = False


class Consult(Arguments):
    """Consulta exacta sobre los datos del negocio."""

    tool: _Intent
    metrics: list[_Metric] = Field(default_factory=lambda: ["sales"], max_length=4)
    period: Span | None = Field(None, description="Sin período: todos los datos.")
    other_period: Span | None = Field(None, description="Solo para compare: el período con que se compara.")
    dimension: _Dimension | None = None
    filters: list[Only] = Field(default_factory=list, max_length=4)
    compare: Literal["previous", "last_year"] | None = None
    grain: Literal["day", "week", "month", "quarter", "year"] | None = None
    order: Literal["desc", "asc"] = "desc"
    limit: int | None = Field(None, ge=1, le=30)

    def plan(self, members: dict[str, tuple[str, ...]]) -> Plan:
        """The plan that the tools carry out. BadInput where a member isn't in the data."""
        filters = tuple(Filter(o.dimension, tuple(_member(m, o.dimension, members) for m in o.members), o.exclude)
                        for o in self.filters)  # fmt: skip
        sided = self.tool == "compare_members"
        grain = Grain(self.grain) if self.grain else None
        return Plan(
            self.tool,
            tuple(self.metrics) or ("sales",),
            tuple(_when(span) for span in (self.period, self.other_period) if span),
            self.dimension,
            grain or (Grain.month if self.tool == "best_period" else None),
            () if sided else filters,
            tuple(Filter(f.dimension, (m,)) for f in filters for m in f.members) if sided else (),
            self.compare,
            self.order,
            self.limit or (1 if self.tool == "best_period" else None),
            per=grain or (Grain.day if self.tool == "average" else None),
            share=0.8 if self.tool == "pareto" else None,
        )


class Find(Arguments):
    """Busca hallazgos, comparaciones con otros negocios, economía, definiciones y calidad de los datos."""

    text: str = Field(min_length=2, max_length=200)
    kinds: list[_KINDS] = Field(default_factory=list, description="Vacío: de todo.")


def _when(span: Span) -> When:
    if span.end < span.start:
        raise BadInput("bad_period", "El período termina antes de empezar.")
    period = Period(span.start, span.end)
    return When(period, label(period), "named", period.grain)


def _member(said: str, dimension: str, members: dict[str, tuple[str, ...]]) -> str:
    """The member as stored. Only what is in the company's own data passes."""
    known = (*members.get(dimension, ()), *features.dimension(dimension).order)
    found = next((m for m in known if fold(m) == fold(said)), None)
    if found is None:
        raise BadInput("unknown_member", f"No existe «{said[:60]}» en {dimension}.")
    return found
