"""Names of the company's things in a text: which are there, and the text without them. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from assistant.grounding.claims import Tags
from assistant.grounding.dates import read
from core.language import fold

_CAPITAL = re.compile(r"[A-ZÁÉÍÓÚÑ][\wáéíóúñü]+")
_LINK = re.compile(r"https?://|www\.|[^\s@]+@[^\s@]+\.\w+|\]\(|\b[\w-]+\.(?:cl|com|net|org|ar|io)\b", re.IGNORECASE)
_COMMON = frozenset(
    {"ayni", "chile", "argentina", "brasil", "clp", "ars", "usd", "uf", "ipc", "iva", "tpm", "imacec", "pyme", "sii"}
    | {"navidad", "pascua", "fiestas", "patrias", "cyberday", "semana", "santa", "ano", "nuevo", "mis", "datos"}
    | {"ticket", "excel", "csv", "whatsapp"}
)
_ECHO = 4
"""So many words in a row out of a long name, without being the name, is a name's text taken up as one's own."""


@dataclass(slots=True)
class Names:
    """`known` are all names in the company's data; `shown` those that the tools brought for this question. `metrics`
    maps ways to say a metric, folded, to its id. `spoken` is what the owner wrote: its words may be taken up."""

    known: Iterable[str]
    shown: Iterable[str] = ()
    metrics: Mapping[str, str] = field(default_factory=dict)
    spoken: str = ""
    _known: dict[str, str] = field(init=False)
    _shown: set[str] = field(init=False)
    _longest: int = field(init=False)

    def __post_init__(self) -> None:
        self._known = {bare: n for n in (*self.known, *self.shown) if len(bare := _bare(n)) > 1}
        self._longest = max((len(key.split()) for key in self._known), default=0)
        self._shown = {fold(n) for n in self.shown}

    def found(self, text: str) -> list[str]:
        """The known names in `text`, in order; of names inside one another the longest counts."""
        words, held, at = _bare(text).split(), [], 0
        while at < len(words):
            sizes = range(min(self._longest, len(words) - at), 0, -1)
            size = next((n for n in sizes if " ".join(words[at : at + n]) in self._known), 0)
            if size:
                held.append(self._known[" ".join(words[at : at + size])])
            at += size or 1
        return list(dict.fromkeys(held))

    def without(self, text: str) -> str:
        """`text` with the known names that stand in it made spaces: digits and words in a name state nothing."""
        for name in sorted(self.found(text), key=len, reverse=True):
            parts = [re.escape(p) for p in re.findall(r"\w+", name)]
            pattern = re.compile(r"\b" + r"\W+".join(map(_accentless, parts)) + r"\b", re.IGNORECASE)
            text = pattern.sub(lambda m: " " * len(m[0]), text)
        return text

    def tags(self, text: str) -> Tags:
        """What `text` is about."""
        dates, _ = read(self.without(text))
        folded = f" {_bare(self.without(text))} "
        return {
            "metric": frozenset(self._metrics(folded)),
            "member": frozenset(self.found(text)),
            "month": frozenset(f"{y}-{m}" for m, y in dates.months if y),
        }

    def foreign(self, text: str) -> list[str]:
        """Names that this question's evidence doesn't hold: known ones it did not bring, and unknown ones."""
        asked = set(_bare(self.spoken).split())
        wrong = [n for n in self.found(text) if fold(n) not in self._shown and not self._ordinary(n, text, asked)]
        return wrong + list(self._unknown(text, asked)) + [m[0] for m in _LINK.finditer(text)]

    def echoes(self, text: str) -> list[str]:
        """Runs of words out of a shown name that isn't told as a name."""
        bare = f" {_bare(self.without(text))} "
        runs = []
        for name in self._shown:
            words = _bare(name).split()
            runs += [
                run for i in range(len(words) - _ECHO + 1) if f" {(run := ' '.join(words[i : i + _ECHO]))} " in bare
            ]
        return runs

    def _metrics(self, folded: str) -> Iterator[str]:
        for words in sorted(self.metrics, key=len, reverse=True):
            if f" {words} " in folded:
                yield self.metrics[words]
                folded = folded.replace(f" {words} ", "  ")

    def _ordinary(self, name: str, text: str, asked: set[str]) -> bool:
        """A name that is also a plain word ('pan', 'web') counts as a name only as the data writes it."""
        words = _bare(name).split()
        return set(words) <= asked or (len(words) == 1 and (name not in text or name.islower()))

    def _unknown(self, text: str, asked: set[str]) -> Iterator[str]:
        vouched = {w for n in self._shown for w in _bare(n).split()} | asked | _COMMON
        vouched |= {w for m in self.metrics for w in m.split()}
        bare = self.without(text)
        for match in _CAPITAL.finditer(bare):
            opens = re.search(r"(?:^|[.!?:;¿¡\n]|\*\*|[-*•]|\d[.)])\s*[«\"“(*¿¡]*$", bare[: match.start()]) is not None
            shouted = match[0].isupper() and len(match[0]) > 3
            if (not opens or shouted) and fold(match[0]) not in vouched:
                yield match[0]


def _bare(text: str) -> str:
    return " ".join(re.findall(r"\w+", fold(text)))


_ACCENTED = {"a": "[aáàâã]", "e": "[eéèê]", "i": "[iíï]", "o": "[oóôõ]", "u": "[uúü]", "n": "[nñ]", "c": "[cç]"}


def _accentless(word: str) -> str:
    return "".join(_ACCENTED.get(fold(letter), letter) if letter.isalpha() else letter for letter in word)
