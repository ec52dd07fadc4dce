"""What a board shows, as plain data: the page and the API tell the same."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Move:
    """A change: in words ('7,8 % más'), whether that is 'good', 'bad' or 'neutral', and what it is set against."""

    words: str
    tone: str
    value: str
    against: str


@dataclass(frozen=True, slots=True)
class Goal:
    """The target: as shown, how much of it was reached ('92 %', and as a width of 100), and whether it is."""

    shown: str
    attainment: str
    width: int
    reached: bool


@dataclass(frozen=True, slots=True)
class Place:
    """The percentile among peers; `colour` is WarcraftLogs' ('' where neither end is better)."""

    percentile: int
    colour: str
    how: str


@dataclass(frozen=True, slots=True)
class Card:
    """A figure of the month. `value` is exact, in the metric's unit; `shown` is how people read it. `usual` says
    whether the change is beyond the month-to-month coming and going; `z` the distance it rests on."""

    metric: str
    name: str
    unit: str
    value: str | None
    shown: str
    direction: str
    usual: str
    z: float | None
    previous: Move | None
    year: Move | None
    goal: Goal | None
    place: Place | None
    spark: str
    """The course of the last months as an SVG path in a box of 100 × 28; '' where there is none."""
    spark_end: tuple[float, float] | None
    course: tuple[str | None, ...]
    """The same, exact, oldest first."""
    question: str
    href: str


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a board: a chart with its table, or, where `empty` speaks, what to send to see it."""

    id: str
    title: str
    lead: str = ""
    spec: dict[str, Any] | None = None
    table: dict[str, Any] | None = None
    zoom: bool = False
    note: str = ""
    empty: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Board:
    """All of one board in one month. `missing` says in Spanish what is not told for want of which column."""

    board: str
    month: str
    label: str
    cards: tuple[Card, ...] = ()
    missing: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()
    around: dict[str, Any] = field(default_factory=dict)
    """The owner's: insights, ranks (with who they are among), winds."""
    so_far: str = ""
    """The last day told of a month under way, which is set against the same days; '' for a whole month."""
