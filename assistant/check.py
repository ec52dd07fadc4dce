"""Whether every number said in a text is backed by the answer's evidence. Pure."""

import re
from collections.abc import Iterable
from decimal import Decimal

from assistant.answers.wording import RATIO, change, exact, short
from assistant.parts import Figure
from core.periods import Period, label

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_ORDINAL = re.compile(r"^\d+[.)] ", re.MULTILINE)
_LINK = re.compile(r"\]\([^)]*\)")


def backed(text: str, figures: Iterable[Figure], facts: Iterable[str] = ()) -> bool:
    """True where each number of `text` renders one of `figures`, names one of their days, or stands in `facts`."""
    allowed = set(_numbers(" ".join(facts)))
    for figure in figures:
        allowed.update(_numbers(" ".join((*_renderings(figure), *_names(figure)))))
    return all(n in allowed for n in _numbers(_ORDINAL.sub("", _LINK.sub("]", text))))


def _numbers(text: str) -> list[str]:
    return [n.rstrip(".,") for n in _NUMBER.findall(text)]


def _renderings(figure: Figure) -> tuple[str, ...]:
    value = figure.value
    if value is None:
        return ()
    size = abs(Decimal(value))
    said = (exact(value, figure.unit), exact(size, figure.unit), short(size, figure.unit))
    return (*said, change(value)) if figure.unit == RATIO else said


def _names(figure: Figure) -> tuple[str, ...]:
    span = Period(figure.start, figure.end)
    days = (label(Period(figure.start, figure.start)), label(Period(figure.end, figure.end)))
    return (figure.label, label(span), *days, *figure.slice.values())
