"""What a known file layout is: the headers it is recognised by, what they mean, and what must be done to its rows."""

from collections.abc import Callable
from dataclasses import dataclass, field

import polars as pl


def unchanged(rows: pl.DataFrame) -> pl.DataFrame:
    return rows


@dataclass(frozen=True, slots=True)
class Connector:
    """A layout that owners really have.

    `marks` are the normalised headers that must all be there. `mapping` gives the field of normalised headers; what it
    does not name is not used (None: the general rules map the rest). `prepare` works on canonical String columns and
    `line`, before anything is parsed; `whole`: it must see the file in one piece. A layout with a `refusal` carries no
    sales: the sentence says what it is, `remedy` what to send instead.
    """

    id: str
    name: str
    marks: frozenset[str]
    mapping: dict[str, str] = field(default_factory=dict)
    general: bool = False
    """The general rules map the columns that `mapping` does not name."""
    prepare: Callable[[pl.DataFrame], pl.DataFrame] = unchanged
    whole: bool = False
    notes: tuple[str, ...] = ()
    refusal: str = ""
    remedy: str = ""
