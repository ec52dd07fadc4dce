"""A person in the data: what they are known by, and how that is recognised in a cell or in running text. Pure."""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, Protocol
from urllib.parse import quote

from core import tax_id
from core.errors import AyniError, BadInput
from core.language import fold

Kind = Literal["name", "tax_id", "email"]

_ACCENTS = {"a": "aáàâãä", "e": "eéèêë", "i": "iíìîï", "o": "oóòôõö", "u": "uúùûü", "n": "nñ", "c": "cç"}
_FEWEST_DIGITS = 6
_BETWEEN = r"(?:[\s_+-]|%20)+"


@dataclass(frozen=True, slots=True)
class Person:
    """`names` as written, `tax_ids` in their one spelling, `emails` in lower case; at least one of them."""

    names: tuple[str, ...] = ()
    tax_ids: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()

    def as_json(self) -> dict[str, list[str]]:
        return {"names": list(self.names), "tax_ids": list(self.tax_ids), "emails": list(self.emails)}

    @property
    def words(self) -> tuple[str, ...]:
        """The names that are told apart from ordinary words: those of two words or more."""
        return tuple(name for name in self.names if len(fold(name).split()) > 1)

    @property
    def vague(self) -> tuple[str, ...]:
        """The names of a single word: 'Rosa' is also a flavour, so only whole cells that say it are taken for it."""
        return tuple(name for name in self.names if len(fold(name).split()) == 1)


@dataclass(frozen=True, slots=True)
class Hit:
    """Somebody found in a text, from `start` to `end`; `whole`: the text says nothing else. `label` stands for them
    from now on. `loose`: digits alone, which might as well be another number."""

    start: int
    end: int
    kind: Kind
    label: str
    whole: bool
    loose: bool = False


class Finder(Protocol):
    """Whoever knows persons when they see them: by what they are called, or by keyed hashes of it alone."""

    def find(self, text: str) -> list[Hit]: ...


def person(names: Iterable[str], tax_ids: Iterable[str], emails: Iterable[str], country: str) -> Person:
    """A person by what somebody typed. BadInput where there is nothing, or an id or address that can't be."""
    said = tuple(dict.fromkeys(" ".join(n.split()) for n in names if n.strip()))
    mails = tuple(dict.fromkeys(m.strip().lower() for m in emails if m.strip()))
    for mail in mails:
        if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", mail):
            raise BadInput("email", f"«{mail}» no es un correo.")
    ids = tuple(dict.fromkeys(_spelled(t, country) for t in tax_ids if t.strip()))
    if not said and not mails and not ids:
        raise BadInput("person", "Dime a quién buscar.", "Escribe su RUT, su nombre o su correo.")
    if any(len(fold(n)) < 3 for n in said):
        raise BadInput("person", "Ese nombre es demasiado corto para buscarlo.", "Escríbelo completo.")
    return Person(said, ids, mails)


def joined(who: Person, told: Iterable[str], country: str) -> Person:
    """The person with what else they are known by: addresses, ids, and names of two words or more. Pure."""
    names, ids, mails = list(who.names), list(who.tax_ids), list(who.emails)
    for text in (" ".join(t.split()) for t in told):
        if re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", text):
            mails.append(text.lower())
        elif re.fullmatch(r"[\d.\s-]+[\dkK]", text) and sum(c.isdigit() for c in text) >= _FEWEST_DIGITS:
            if plain_id(text) not in map(plain_id, ids):
                ids.append(_spelled(text, country))
        elif len(fold(text).split()) > 1 and fold(text) not in map(fold, names):
            names.append(text)
    return Person(tuple(names), tuple(ids), tuple(dict.fromkeys(mails)))


def of_json(kept: dict[str, list[str]]) -> Person:
    return Person(*(tuple(kept.get(part, ())) for part in ("names", "tax_ids", "emails")))


def plain_id(text: str) -> str:
    """'12.345.678-k' -> '12345678K': letters and digits alone, without leading zeros."""
    return re.sub(r"[^0-9A-Za-z]", "", text).upper().lstrip("0")


def pattern(who: Person, loose: bool = True) -> str:
    """A regular expression, good for Python and for Postgres, of all that a text may call the person by; '' where only
    a name of one word is known. Without `loose`, a tax id counts only with its dash."""
    parts = [_id_pattern(t, loose) for t in who.tax_ids]
    parts += [_email_pattern(m) for m in who.emails]
    parts += [_name_pattern(n) for n in who.words]
    return "|".join(parts)


class Known:
    """Finds one person by what they are called; `label` stands for them."""

    def __init__(self, who: Person, label: str) -> None:
        self._label = label
        self._ids = [plain_id(t) for t in who.tax_ids]
        kinds: list[tuple[Kind, str]] = [("email", _email_pattern(m)) for m in who.emails]
        kinds += [("tax_id", _id_pattern(t, loose=False)) for t in who.tax_ids]
        kinds += [("name", _name_pattern(n)) for n in who.words]
        self._patterns = [(kind, re.compile(p, re.IGNORECASE)) for kind, p in kinds]
        self._names = {fold(n) for n in who.names}
        quick = [pattern(who), *(_name_pattern(n) for n in who.vague)]
        self._quick = re.compile("|".join(p for p in quick if p), re.IGNORECASE)

    def within(self, line: str) -> bool:
        """Whether a line is worth a closer look."""
        return self._quick.search(line) is not None

    def find(self, text: str) -> list[Hit]:
        bare = text.strip()
        if not bare:
            return []
        if fold(bare) in self._names:
            return [Hit(0, len(text), "name", self._label, whole=True)]
        if len(bare) <= 20 and plain_id(bare) in self._ids:
            return [Hit(0, len(text), "tax_id", self._label, whole=True, loose="-" not in bare)]
        found = []
        for kind, compiled in self._patterns:
            for m in compiled.finditer(text):
                found.append(Hit(m.start(), m.end(), kind, self._label, whole=m.group().strip() == bare))
        return found


def without(text: str, hits: Iterable[Hit]) -> str:
    """The text with labels where persons stood."""
    for hit in sorted(hits, key=lambda h: h.start, reverse=True):
        text = text[: hit.start] + hit.label + text[hit.end :]
    return text


def masked(who: Person) -> str:
    """For the register while a request is open: enough to recognise it, '12.***.***-5', 'Juana P.', 'ju***@…'."""
    if who.tax_ids:
        return f"{who.tax_ids[0][:2]}***{who.tax_ids[0][-2:]}"
    if who.names:
        first, *rest = who.names[0].split()
        return " ".join([first, *(f"{w[0]}." for w in rest[:2])])
    return f"{who.emails[0][:2]}***@…"


def _spelled(text: str, country: str) -> str:
    try:
        return tax_id.normal(text, country)
    except AyniError:
        # A file may hold ids of other countries or without their check digit: they are looked for as they stand.
        if len(plain_id(text)) < _FEWEST_DIGITS:
            raise
        return plain_id(text)


def _id_pattern(tax: str, loose: bool) -> str:
    plain = plain_id(tax)
    body, check = plain[:-1], plain[-1]
    groups = [body[max(0, i - 3) : i] for i in range(len(body), 0, -3)][::-1]
    dash = r"\s?-?\s?" if loose or "-" not in tax else r"\s?-\s?"
    digits = r"\.?".join(groups)
    return rf"(?<![\d.])0*{digits}{dash}{check}(?![\dA-Za-z])"


def _email_pattern(email: str) -> str:
    return rf"(?<![\w.+-]){re.escape(email).replace('@', '(?:@|%40)')}(?!\w)"


def _name_pattern(name: str) -> str:
    """As people write it, and as the addresses of links ('Juan+P%C3%A9rez'), pages ('&amp;') and files ('juan_perez')
    do: an answer that is kept tells where its figure comes from by such an address."""
    words = ["".join(_letter(c) for c in word) for word in fold(name).split()]
    return rf"(?:(?<![^\W_])|(?<=%[\da-f][\da-f])){_BETWEEN.join(words)}(?![^\W_])"


def _letter(c: str) -> str:
    if c.isascii() and c.isalnum() and c not in _ACCENTS:
        return c
    said = _ACCENTS.get(c, c)
    coded = dict.fromkeys(quote(one, safe="") for one in said + said.upper() if quote(one, safe="") != one)
    ways = [
        f"[{said}{said.upper()}]" if c in _ACCENTS else re.escape(c),
        *coded,
        re.escape(html.escape(c)),
        f"&#{ord(c)};",
    ]
    return f"(?:{'|'.join(dict.fromkeys(ways))})"
