"""Names of the company's own things in a question: products, branches, customers … despite plurals and parts."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assistant.words.canonical import stem, words
from assistant.words.common import EVERYDAY, NUMBERS

ORDER = ("branch", "category", "channel", "payment_method", "product", "seller", "customer", "city", "country")
"""Which dimension a name is taken for where several know it equally well."""

_PARTIAL = ("branch", "channel", "payment_method", "product", "category", "seller", "customer", "city", "country")
"""The same for a part of a name: 'kuchen' is one of the kuchens rather than the family 'Tortas y kuchen'."""

_SMALL = frozenset(
    ["de", "del", "la", "el", "los", "las", "y", "con", "sin", "en", "a", "al", "por", "para", "un", "una", "o", "e"]
)


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing a name may mean: members of one dimension."""

    dimension: str
    members: tuple[str, ...]
    label: str


@dataclass(frozen=True, slots=True)
class Named:
    """A name found at words `start` to `end` (exclusive): one choice where it is clear, several where it is not."""

    start: int
    end: int
    choices: tuple[Choice, ...]
    exact: bool

    @property
    def clear(self) -> bool:
        return len(self.choices) == 1


@dataclass(frozen=True, slots=True)
class _Entry:
    dimension: str
    member: str
    stems: tuple[str, ...]
    rank: int


class Names:
    """All member names of a company, by the stems of their words."""

    def __init__(self, members: Mapping[str, Sequence[str]]) -> None:
        self.members = members
        self._by_stem: dict[str, list[int]] = defaultdict(list)
        self._entries: list[_Entry] = []
        self.words: set[str] = set()
        for dimension in ORDER:
            for rank, member in enumerate(members.get(dimension, ())):
                self._add(dimension, member, rank)

    def _add(self, dimension: str, member: str, rank: int) -> None:
        for spelled in _spellings(member):
            stems = tuple(stem(w) for w in spelled)
            index = len(self._entries)
            self._entries.append(_Entry(dimension, member, stems, rank))
            for key in set(stems) - _SMALL:
                self._by_stem[key].append(index)
            self.words.update(w for w in spelled if w not in _SMALL)

    def find(self, text: Sequence[str], free: Sequence[bool], wanted: Mapping[int, str]) -> list[Named]:
        """Names among the words of `text` that are `free`; `wanted` gives a dimension said right before a word."""
        found: list[Named] = []
        at = 0
        while at < len(text):
            named = self._longest(text, free, at, wanted.get(at))
            if named is None:
                at += 1
            else:
                found.append(named)
                at = named.end
        return found

    def _longest(self, text: Sequence[str], free: Sequence[bool], at: int, wanted: str | None) -> Named | None:
        if not free[at] or text[at] in _SMALL or stem(text[at]) not in self._by_stem:
            return None
        best: Named | None = None
        end, candidates = at, None
        stems: list[str] = []
        while end < len(text) and free[end]:
            if text[end] in _SMALL:
                stems.append(text[end])
                end += 1
                continue
            if stem(text[end]) in stems:
                break  # said again: 'alimento perros y alimento gatos' are two names
            hits = set(self._by_stem.get(stem(text[end]), ()))
            candidates = hits if candidates is None else candidates & hits
            if not candidates:
                break
            stems.append(stem(text[end]))
            end += 1
            best = self._resolve(at, end, stems, candidates, wanted) or best
        return best

    def _resolve(
        self, start: int, end: int, stems: Sequence[str], candidates: Iterable[int], wanted: str | None
    ) -> Named | None:
        entries = [self._entries[i] for i in candidates]
        of_wanted = [e for e in entries if e.dimension == wanted]
        entries = of_wanted or entries
        said = [s for s in stems if s not in _SMALL]
        exact = [e for e in entries if [s for s in e.stems if s not in _SMALL] == said]
        if not exact and all(s in _COMMON for s in said):
            return None  # 'bebida grande' is not named by 'grande'
        pool = exact or entries
        order = ORDER if exact else _PARTIAL
        first = min(pool, key=lambda e: order.index(e.dimension)).dimension
        same = sorted((e for e in pool if e.dimension == first), key=lambda e: e.rank)
        choices = tuple(Choice(first, (member,), member) for member in dict.fromkeys(e.member for e in same))
        if not exact:
            others = {e.dimension for e in pool} - {first} - ({"category"} if first == "product" else set())
            for dimension in sorted(others, key=ORDER.index):
                rest = sorted((e for e in pool if e.dimension == dimension), key=lambda e: e.rank)
                if len({e.member for e in rest}) == 1:
                    choices += (Choice(dimension, (rest[0].member,), rest[0].member),)
        return Named(start, end, choices, bool(exact))


def _spellings(member: str) -> list[list[str]]:
    """The words of a member, and how else it is typed: 'MercadoLibre' apart, 'Mercado Pago' as one word."""
    plain = [w.text for w in words(member) if w.text != ","]
    apart = [w.text for w in words(_HUMP.sub(" ", member)) if w.text != ","] if member.strip().isalpha() else plain
    found = [plain] if plain else []
    if len(apart) == 2 and apart != plain:
        found.append(apart)
    if len(plain) == 2 and all(w.isalpha() and len(w) > 3 for w in plain):
        found.append(["".join(plain)])
    return found


_HUMP = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Ý])")
_COMMON = frozenset(stem(w) for w in (*EVERYDAY, *NUMBERS))


def options(named: Named, most: int = 6) -> tuple[Choice, ...]:
    """The choices to offer, numbered, the last of them all together where they are of one dimension."""
    shown = named.choices[:most]
    dimensions = {c.dimension for c in named.choices}
    if len(dimensions) > 1:
        return shown
    together = tuple(m for c in named.choices for m in c.members)
    text = "los dos juntos" if len(together) == 2 else f"los {len(together)} juntos"
    return (*shown, Choice(shown[0].dimension, together, text))
