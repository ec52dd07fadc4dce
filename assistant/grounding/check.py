"""Does the evidence say so? Every number, date, name and direction of a text against what the tools brought. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from assistant.grounding import claims as c
from assistant.grounding import dates as d
from assistant.grounding.evidence import Evidence, read, said
from assistant.grounding.numbers import Number, counts, numbers, proportions

What = Literal["number", "date", "name", "direction", "echo"]


@dataclass(frozen=True, slots=True)
class Problem:
    """What in the text the evidence does not bear out, as written."""

    what: What
    text: str

    @property
    def spanish(self) -> str:
        return {
            "number": f"la cifra «{self.text}» no está en los datos consultados, o es de otra cosa",
            "date": f"la fecha «{self.text}» no está en los datos consultados",
            "name": f"«{self.text}» no está en los datos consultados",
            "direction": f"los datos consultados no dicen que «{self.text}»",
            "echo": f"«{self.text}» es texto de un archivo, no algo que puedas afirmar",
        }[self.what]


def check(text: str, evidence: Evidence) -> tuple[Problem, ...]:
    """What `text` says and `evidence` does not; empty where all of it is borne out."""
    return tuple(dict.fromkeys([*_numbers(text, evidence), *_dates(text, evidence), *_words(text, evidence)]))


def _numbers(text: str, evidence: Evidence) -> Iterator[Problem]:
    for sentence, readings in read(text, evidence.names):
        bare = d.read(evidence.names.without(sentence))[1]
        for number in numbers(bare):
            if not _borne_out(number, readings, evidence):
                yield Problem("number", number.text)
        for word, count in counts(bare):
            if count not in evidence.counts and not any(f.value == count and f.kind == "plain" for f in evidence.facts):
                yield Problem("number", word)
        for part in proportions(bare):
            if part not in evidence.proportions:
                yield Problem("number", part)


def _borne_out(number: Number, readings: tuple[c.Tags, ...], evidence: Evidence) -> bool:
    if number.kind == "plain" and number.size in evidence.counts and number.size < 32:
        return True
    return any(
        number.states(f.value, f.kind) and c.about_same(readings, f.readings) for f in evidence.facts
    ) or any(
        number.states(size.size, size.kind) and c.about_same(readings, claim.readings)
        for claim in evidence.claims
        for size in claim.sizes
        if size.kind != "plain"
    )  # fmt: skip


def _dates(text: str, evidence: Evidence) -> Iterator[Problem]:
    spoken = d.read(evidence.names.without(text))[0]
    for wrong in d.unknown(spoken, evidence.dates):
        yield Problem("date", wrong)


def _words(text: str, evidence: Evidence) -> Iterator[Problem]:
    for name in evidence.names.foreign(text):
        yield Problem("name", name)
    for run in evidence.names.echoes(text):
        yield Problem("echo", run)
    for claim in said(text, evidence.names):
        if not c.supported(claim, evidence.claims):
            yield Problem("direction", claim.text)
