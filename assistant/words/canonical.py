"""What was typed, in the canonical form that the grammar reads: folded words, abbreviations opened, typos mended."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from assistant.words.common import ABBREVIATIONS, EVERYDAY, GOODS, NUMBERS, PEOPLE, PLACES
from core.language import fold

_TOKEN = re.compile(
    r"[qtQT][1-4](?!\w)|\d{1,2}[/-]\d{4}(?!\d)|\d{1,4}[/-]\d{1,2}(?:[/-]\d{2,4})?|\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’&][^\W\d_]+)*|v/s|[%$#,;?«»\"]",
    re.UNICODE,
)
_PUNCTUATION = frozenset(',;?«»"')


@dataclass(frozen=True, slots=True)
class Word:
    """One word: `text` as the grammar reads it, `raw` as it was typed."""

    text: str
    raw: str


def words(text: str) -> list[Word]:
    """The words of `text`, folded, with abbreviations opened. Punctuation that separates is kept as ','."""
    found: list[Word] = []
    for match in _TOKEN.finditer(text[:2000]):
        raw = match.group()
        if raw in _PUNCTUATION:
            found.append(Word(",", raw))
            continue
        plain = fold(raw).replace("’", "'")
        if raw == "X":  # a placeholder somebody left in, not "por"
            found.append(Word("x", raw))
            continue
        found += [Word(piece, raw) for piece in ABBREVIATIONS.get(plain, plain).split()]
    return found


def canonical(found: Iterable[Word]) -> str:
    """The words as one string with single spaces, which patterns search."""
    return " ".join(word.text for word in found)


class Speller:
    """Mends typos towards a vocabulary. A word that is known is never touched; a short one hardly ever."""

    def __init__(
        self,
        grammar: Collection[str],
        names: Collection[str] = (),
        stems: tuple[str, ...] = (),
        known: Collection[str] = (),
    ) -> None:
        self._vocabulary, self._stems = frozenset(grammar), stems
        self._known = (
            self._vocabulary | EVERYDAY | frozenset(NUMBERS) | frozenset(ABBREVIATIONS.values()) | frozenset(known)
        )
        self._grammar = tuple(sorted(w for w in set(grammar) | EVERYDAY if len(w) >= 5 and w.isalpha()))
        self._names = tuple(sorted({w for w in names if len(w) >= 4 and w.isalpha()}))
        self._name_set = frozenset(names)
        self._sounds = {_sound(w): w for w in self._names}

    def with_names(self, names: Collection[str]) -> "Speller":
        """The same grammar with a company's own words."""
        return Speller(self._vocabulary, names, self._stems, self._known)

    def knows(self, word: str) -> bool:
        return self.grammatical(word) or word in self._name_set or not word.isalpha()

    def grammatical(self, word: str) -> bool:
        """Whether the word belongs to the grammar or to courtesy, not to the company's names."""
        return word in self._known or (len(word) > 4 and word.startswith(self._stems))

    def mend(self, found: Iterable[Word]) -> list[Word]:
        return [Word(self._nearest(word.text), word.raw) for word in found]

    def _nearest(self, word: str) -> str:
        reach = _reach(word)
        real = word in PLACES or word in GOODS or word in PEOPLE
        if not reach or real or self.knows(word) or _singular_known(word, self._known | self._name_set):
            return word
        if len(word) >= 4 and (same := self._sounds.get(_sound(word)) or self._sounds.get(_sound(stem(word)))):
            return same
        best = min(
            (
                (int(distance), index, candidate)
                for index, pool in enumerate((self._grammar, self._names))
                for candidate, distance, _ in process.extract(
                    word, pool, scorer=OSA.distance, score_cutoff=reach, limit=3
                )
                if _plausible(word, candidate)
            ),
            default=None,
        )
        return best[2] if best else word


def _reach(word: str) -> int:
    """How many slips a word of this length may carry and still be recognised."""
    if len(word) < 4:
        return 0
    return 1 if len(word) < 8 else 2


def _plausible(word: str, candidate: str) -> bool:
    """People slip inside a word rather than in its first letter, save where letters swap or b/v, s/c/z, h confuse."""
    if word[0] == candidate[0]:
        return len(word) >= 5 or sorted(word) == sorted(candidate) or len(candidate) > len(word)
    confused = ("bv", "scz", "h" + candidate[1:2], "qck", "ij", "yl")
    return any(word[0] in group and candidate[0] in group for group in confused) or word[:2] == candidate[1::-1]


def _sound(word: str) -> str:
    """How a word sounds here: b and v, s, z and soft c, ll and y, silent h are told apart by spelling only."""
    heard = re.sub(r"c(?=[ei])|z", "s", word.replace("ll", "y").replace("v", "b").replace("qu", "k"))
    return re.sub(r"(.)\1", r"\1", heard.replace("ch", "#").replace("h", "").replace("c", "k").replace("#", "ch"))


def _singular_known(word: str, known: frozenset[str]) -> bool:
    return any(word.endswith(tail) and word[: -len(tail)] in known for tail in ("s", "es"))


def stem(word: str) -> str:
    """A word without its plural: 'empanadas' and 'empanada', 'panes' and 'pan', 'tres' and '3' meet."""
    if NUMBERS.get(word, 0) > 1:
        return str(NUMBERS[word])
    if len(word) > 4 and word.endswith("ces"):
        return word[:-3] + "z"
    if len(word) > 4 and word.endswith("es") and word[-3] not in "aeiou":
        return word[:-2] if word[-3] in "nlrdsy" else word[:-1]
    if len(word) > 3 and word.endswith("s"):
        return word[:-1]
    return word.removesuffix("e") if len(word) > 5 and word.endswith("e") and word[-2] in "nlrd" else word
