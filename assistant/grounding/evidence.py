"""What may be said: the figures, texts and names that the tools brought. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import pairwise

from assistant.grounding import claims as c
from assistant.grounding import dates as d
from assistant.grounding.names import Names
from assistant.grounding.numbers import Kind, Number, counts, numbers, proportions
from assistant.parts import Figure
from core.periods import Period

_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Fact:
    """A number that may be said, and what it is about."""

    value: Decimal
    kind: Kind
    readings: tuple[c.Tags, ...]


@dataclass(slots=True)
class Evidence:
    """`figures` and `texts` are what the tools brought. Names in `texts` are only names: what a product's name says is
    no evidence of anything. `calendar` are days that may be spoken of, such as today and the data's ends."""

    names: Names
    figures: Sequence[Figure] = ()
    texts: Sequence[str] = ()
    calendar: Sequence[date] = ()
    facts: list[Fact] = field(init=False)
    claims: list[c.Claim] = field(init=False)
    dates: d.Dates = field(init=False)
    counts: set[int] = field(init=False)
    proportions: set[str] = field(init=False)

    def __post_init__(self) -> None:
        plain = [self.names.without(text) for text in self.texts]
        self.facts = [*map(self._fact, _told(self.figures)), *(f for t in self.texts for f in self._stated(t))]
        self.claims = [*self._changes(), *(claim for t in self.texts for claim in said(t, self.names))]
        self.dates = d.union(
            [
                *(d.of_period(Period(f.start, f.end)) for f in self.figures),
                *(d.read(text)[0] for text in plain),
                *map(d.of_day, self.calendar),
            ]
        )
        self.counts = {len(self.figures), *_sizes(self.figures)}
        self.counts |= {n for text in plain for _, n in counts(text)}
        self.proportions = {p for text in plain for p in proportions(text)}

    def _fact(self, figure: Figure) -> Fact:
        assert figure.value is not None
        kind, value = _kind(figure)
        return Fact(value, kind, (self._tags(figure),))

    def _tags(self, figure: Figure, *others: Figure) -> c.Tags:
        months = {f"{f.start.year}-{f.start.month}" for f in (figure, *others) if Period(f.start, f.end).days <= 31}
        return {
            "metric": frozenset({figure.metric}),
            "member": frozenset(figure.slice.values()),
            "month": frozenset(months),
        }

    def _stated(self, text: str) -> Iterator[Fact]:
        for sentence, readings in read(text, self.names):
            for number in numbers(d.read(self.names.without(sentence))[1]):
                yield Fact(number.size, number.kind, readings)

    def _changes(self) -> Iterator[c.Claim]:
        """What two figures of the same thing say about each other: each with the next in time, and the ends."""
        for series in _series(self.figures):
            steps = [*pairwise(series), *([(series[0], series[-1])] if len(series) > 2 else [])]
            for before, after in steps:
                claim = self._change(before, after)
                if claim:
                    yield claim

    def _change(self, before: Figure, after: Figure) -> c.Claim | None:
        assert before.value is not None
        assert after.value is not None
        difference = after.value - before.value
        if not difference:
            return None
        kind, _ = _kind(after)
        sizes = [_number(difference * (_HUNDRED if kind == "percent" else 1), kind)]
        if before.value:
            sizes.append(_number(difference / abs(before.value) * _HUNDRED, "percent"))
        return c.Claim(1 if difference > 0 else -1, tuple(sizes), (self._tags(after, before),))


def read(text: str, names: Names) -> Iterator[tuple[str, tuple[c.Tags, ...]]]:
    """Each sentence with what it may be about: as it stands, and where it names no member, about the last ones named
    before (in the question, to begin with): 'Talca vendió … Su ticket fue …'."""
    last = frozenset(names.found(names.spoken))
    for sentence in c.sentences(text):
        own = names.tags(sentence)
        yield sentence, (own,) if own["member"] or not last else (own, {**own, "member": last})
        last = own["member"] or last


def said(text: str, names: Names) -> Iterator[c.Claim]:
    """The directions that `text` states, clause by clause; a clause takes what it is about from its sentence where
    it says nothing of its own."""
    for sentence, readings in read(text, names):
        for clause in c.clauses(sentence):
            bare = names.without(clause)
            own = names.tags(clause)
            meant = tuple({kind: own[kind] or tags[kind] for kind in tags} for tags in readings)
            sizes = tuple(numbers(d.read(bare)[1]))
            for sign in dict.fromkeys(c.directions(bare)):
                yield c.Claim(sign, sizes, meant, clause.strip())


def _told(figures: Iterable[Figure]) -> Iterator[Figure]:
    return (f for f in figures if f.value is not None)


def _kind(figure: Figure) -> tuple[Kind, Decimal]:
    assert figure.value is not None
    if figure.unit == "ratio":
        return "percent", figure.value * _HUNDRED
    return ("plain" if figure.unit in ("count", "quantity", "number", "days") else "money"), figure.value


def _number(size: Decimal, kind: Kind) -> Number:
    return Number(abs(size), Decimal(0), kind, 0, 0, "")


def _series(figures: Iterable[Figure]) -> Iterator[list[Figure]]:
    grouped: dict[tuple[object, ...], list[Figure]] = {}
    for figure in _told(figures):
        grouped.setdefault((figure.metric, tuple(sorted(figure.slice.items()))), []).append(figure)
    return (sorted(group, key=lambda f: (f.start, f.end)) for group in grouped.values() if len(group) > 1)


def _sizes(figures: Sequence[Figure]) -> set[int]:
    members = {tuple(f.slice.items()) for f in figures}
    return {len(members), len({(f.start, f.end) for f in figures}), len({f.metric for f in figures})}
