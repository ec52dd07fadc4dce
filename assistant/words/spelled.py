"""The words that the patterns of the grammar look for, so that the speller leaves them as they were typed."""

import re
from collections.abc import Iterable

_WORD = re.compile(r"(?<![\\A-Za-z])[a-z]{3,}")
_LETTERS = re.compile(r"(?<![\\A-Za-z])([a-z]{2,})\[([a-z]{2,4})\]")
_ENDINGS = re.compile(r"(?<![\\A-Za-z])([a-z]{3,})\(\?:([a-z|]+)\)")


def words_of(patterns: Iterable[str]) -> frozenset[str]:
    """Whole words and stems in `patterns`."""
    patterns = tuple(patterns)
    whole = {w for p in patterns for w in _WORD.findall(p)}
    by_letter = {f"{head}{c}{s}" for p in patterns for head, cs in _LETTERS.findall(p) for c in cs for s in ("", "s")}
    by_ending = {f"{head}{e}" for p in patterns for head, ends in _ENDINGS.findall(p) for e in ends.split("|")}
    return frozenset(whole | by_letter | by_ending)


def stems_of(patterns: Iterable[str]) -> tuple[str, ...]:
    """Stems that any ending may follow."""
    return tuple(sorted({s for p in patterns for s in re.findall(r"([a-z]{4,})\\w[*+]", p)}))
