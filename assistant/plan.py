"""What a question asks for, as data: the plan that tools carry out, and the reasons not to."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from assistant.marks import Mark
from assistant.parts import Status
from assistant.time import When
from core.periods import Grain, Period
from features.alerts import Rule
from features.query import Filter

Compare = Literal["previous", "last_year", "target"]
View = Literal["chart", "table"]


@dataclass(frozen=True, slots=True)
class Plan:
    """One question understood. `whens` holds one period, or the two that are compared, the later question first.
    `sides` are the members compared with one another, each as a filter. `per` is the span of an average."""

    intent: str
    metrics: tuple[str, ...] = ("sales",)
    whens: tuple[When, ...] = ()
    dimension: str | None = None
    grain: Grain | None = None
    filters: tuple[Filter, ...] = ()
    sides: tuple[Filter, ...] = ()
    compare: Compare | None = None
    order: Literal["desc", "asc"] = "desc"
    limit: int | None = None
    per: Grain | None = None
    share: float | None = None
    amount: float | None = None
    view: View | None = None
    into: str | None = None
    """The macro indicator that is asked about, or that amounts are told in (uf, usd); what spending is told by."""
    without: bool = False
    """Whether the holidays are left out rather than looked at."""
    counted: bool = False
    """Whether it is asked how many there are of what it is split by."""
    marks: tuple[Mark, ...] = ()
    """The amounts that what is told lies over or under."""
    also: tuple["Plan", ...] = ()
    """What the question asks besides, carried out after it."""
    notes: tuple[str, ...] = ()
    watch: Rule | None = None
    """What somebody wants to be told of; never kept with a conversation, so that nothing leans on it."""


@dataclass(frozen=True, slots=True)
class Stop:
    """Why a question is not carried out: what to say, and what could be asked instead. `pending` waits for a choice."""

    status: Status
    intent: str
    text: str
    follow_ups: tuple[str, ...] = ()
    pending: dict[str, Any] = field(default_factory=dict)


def to_json(plan: Plan) -> dict[str, Any]:
    """The plan as a conversation keeps it."""
    return {
        "intent": plan.intent,
        "metrics": list(plan.metrics),
        "whens": [_when_json(w) for w in plan.whens],
        "dimension": plan.dimension,
        "grain": plan.grain,
        "filters": [_filter_json(f) for f in plan.filters],
        "sides": [_filter_json(f) for f in plan.sides],
        "compare": plan.compare,
        "order": plan.order,
        "limit": plan.limit,
        "per": plan.per,
        "share": plan.share,
        "amount": plan.amount,
        "view": plan.view,
        "into": plan.into,
        "without": plan.without,
        "counted": plan.counted,
        "marks": [[str(m.amount), m.over, m.percent] for m in plan.marks],
    }


def from_json(kept: dict[str, Any]) -> Plan:
    """The plan a conversation kept."""
    return Plan(
        intent=kept["intent"],
        metrics=tuple(kept["metrics"]),
        whens=tuple(_when(w) for w in kept["whens"]),
        dimension=kept["dimension"],
        grain=Grain(kept["grain"]) if kept["grain"] else None,
        filters=tuple(_filter(f) for f in kept["filters"]),
        sides=tuple(_filter(f) for f in kept["sides"]),
        compare=kept["compare"],
        order=kept["order"],
        limit=kept["limit"],
        per=Grain(kept["per"]) if kept["per"] else None,
        share=kept["share"],
        amount=kept.get("amount"),
        view=kept["view"],
        into=kept.get("into"),
        without=kept.get("without", False),
        counted=kept.get("counted", False),
        marks=tuple(Mark(Decimal(a), over, percent) for a, over, percent in kept.get("marks", ())),
    )


def _filter_json(one: Filter) -> dict[str, Any]:
    return {"dimension": one.dimension, "members": list(one.members), "exclude": one.exclude}


def _filter(kept: dict[str, Any]) -> Filter:
    return Filter(kept["dimension"], tuple(kept["members"]), kept["exclude"])


def _when_json(when: When) -> dict[str, Any]:
    return {
        "start": when.period.start.isoformat(),
        "end": when.period.end.isoformat(),
        "label": when.label,
        "anchor": when.anchor,
        "grain": when.grain,
        "hours": list(when.hours) if when.hours else None,
        "to_date": when.to_date,
        "months": when.months,
    }


def _when(kept: dict[str, Any]) -> When:
    return When(
        Period(date.fromisoformat(kept["start"]), date.fromisoformat(kept["end"])),
        kept["label"],
        kept["anchor"],
        Grain(kept["grain"]) if kept["grain"] else None,
        tuple(kept["hours"]) if kept["hours"] else None,
        kept["to_date"],
        kept.get("months", 0),
    )
