"""What is known of a company when it is read, and what stands in a question."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from assistant.marks import Mark
from assistant.names import Named, Names
from assistant.time import When
from assistant.words.canonical import Speller, canonical, words
from features.query import Filter


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What the reader knows of a company: its names, its spelling, its country."""

    names: Names
    speller: Speller
    country: str = "CL"
    own: tuple[tuple[re.Pattern[str], str], ...] = ()
    """The company's own metrics by how they are said, longest first."""
    tax_ids: Mapping[str, str] = field(default_factory=dict)
    """The names of customers by their tax ids, bare and in lower case."""


def own_names(metrics: Sequence[tuple[str, str]]) -> tuple[tuple[re.Pattern[str], str], ...]:
    """(name, id) of the company's own metrics as patterns over canonical text."""
    said = sorted(((canonical(words(name)), id) for name, id in metrics), key=lambda pair: (-len(pair[0]), pair))
    return tuple((re.compile(rf"(?<![\w@]){re.escape(name)}(?!\w)"), id) for name, id in said if name)


@dataclass(slots=True)
class Reading:
    """What stands in a question. `text` is canonical, with '@t0' for times, '@n0' names, '@m0' metrics,
    '@d0' dimensions and '@w0' days or hours of the week."""

    raw: str
    text: str
    today: date
    plain: str = ""
    """The text with only times and names replaced, for what the company's data cannot hold."""
    whens: list[When] = field(default_factory=list)
    bad_times: list[str] = field(default_factory=list)
    named: list[Named] = field(default_factory=list)
    excluded: set[int] = field(default_factory=set)
    metrics: list[str] = field(default_factory=list)
    dimensions: list[str] = field(default_factory=list)
    filters: list[Filter] = field(default_factory=list)
    marks: tuple[Mark, ...] = ()
    """The amounts that bound what is asked, '@u0' and so on in the text."""
    unknown: list[str] = field(default_factory=list)
    unknown_dimension: str = ""

    def has(self, sign: re.Pattern[str]) -> bool:
        return sign.search(self.text) is not None

    @property
    def bare(self) -> bool:
        """Whether the question names neither a figure nor a kind of answer by itself."""
        return not self.metrics
