"""A rule, what is read for it, and what it brings to light: plain data."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from core.periods import Grain, Period
from features.query import Filter, Query

Side = Literal["below", "above", "both"]
Versus = Literal["previous", "last_year"]
Channel = Literal["app", "email", "whatsapp"]


@dataclass(frozen=True, slots=True)
class Quiet:
    """The hours of the company's clock in which nothing is delivered, from `start` until `end` o'clock; equal: none."""

    start: int = 21
    end: int = 8


@dataclass(frozen=True, slots=True)
class Rule:
    """What a company wants to be told of.

    `amount` is in the kind's measure: a level in the metric's unit, a change as a ratio (0.2), days, or the part
    (0.05) by which a target's pace may be missed. `recipient` None means the owners. `second` is told where nobody
    acknowledged within `escalate_hours`. Inside Ayni an alert shows in any case; `channels` says where else.
    """

    kind: str
    metric: str
    side: Side
    amount: Decimal
    grain: Grain = Grain.month
    filters: tuple[Filter, ...] = ()
    versus: Versus = "previous"
    channels: tuple[Channel, ...] = ("app", "email")
    recipient: UUID | None = None
    second: UUID | None = None
    escalate_hours: int = 24
    quiet: Quiet = field(default_factory=Quiet)
    cooldown_hours: int = 24
    paused_until: date | None = None


@dataclass(frozen=True, slots=True)
class State:
    """Whether the next crossing is told (`armed`), the last day looked at, and when it was last told.

    Of a rule over many members: `low` are those that were told and have not come back.
    """

    armed: bool = True
    seen_until: date | None = None
    fired_at: datetime | None = None
    low: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Point:
    """One span as a rule reads it: its `value` and, where the kind compares, what with (`compared`).

    `base` is the span compared with, `whole` the full target that `compared` is the due part of, `p` the chance of
    such a value without a cause. `anew`: every span is a question of its own, whatever became of the one before.
    `member` is what the value is of, where the rule leaves that open, and `note` what it was reckoned from, in which
    file (`upload_id`); without `since` nothing was sold after it yet.
    """

    period: Period
    value: Decimal
    compared: Decimal | None = None
    base: Period | None = None
    whole: Decimal | None = None
    p: float | None = None
    anew: bool = False
    member: str = ""
    note: str = ""
    upload_id: UUID | None = None
    since: bool = True


@dataclass(frozen=True, slots=True)
class Judged:
    """`crossed`: it is as the owner wants to be told; `clear`: it is back, and by more than a hair."""

    crossed: bool
    clear: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """A rule as it is stored."""

    id: UUID
    rule: Rule
    state: State
    created_at: datetime
    created_by: UUID | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """A member that an alert tells of: its value (`told` in its unit), what it was reckoned from, the file it was
    counted in, and the query for what was sold since, where anything was."""

    member: str
    value: Decimal
    told: str
    note: str
    upload_id: UUID | None
    query: Query | None


@dataclass(frozen=True, slots=True)
class Alert:
    """One crossing that was told. `query` gives `value` (for stale data, the last day's sales). Where it tells of
    members, each is one of `items`, and `value` the first one's."""

    id: UUID
    rule_id: UUID
    fired_at: datetime
    query: Query
    value: Decimal
    title: str
    body: str
    recovered_at: datetime | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: str = ""
    snoozed_until: date | None = None
    items: tuple[Item, ...] = ()
