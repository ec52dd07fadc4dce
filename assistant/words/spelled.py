"""The words that the patterns of the grammar look for, so that the speller leaves them as they were typed."""

import re
from collections.abc import Iterable

_WORD = re.compile(r"(?<![\\A-Za-z])[a-z]{3,}")
_OPEN = re.compile(r"(?<![\\A-Za-z])([a-z]{4,})(?:\)|\\w)")


def words_of(patterns: Iterable[str]) -> frozenset[str]:
    """Whole words and stems in `patterns`."""
    return frozenset(w for p in patterns for w in _WORD.findall(p))


def stems_of(patterns: Iterable[str]) -> tuple[str, ...]:
    """Stems that any ending may follow."""
    return tuple(sorted({s for p in patterns for s in re.findall(r"([a-z]{4,})\\w[*+]", p)}))
