"""Persons that were erased, kept as keyed hashes of what they were called: enough to know them again, not to name them.

The key comes from the service's secret and the company, and is not in the database: whoever has the table alone can't
try all tax ids on it. With another secret the list knows nobody.
"""

import hmac
import re
from collections.abc import Iterator
from functools import lru_cache

from core.db import Connection
from core.language import fold
from core.settings import settings
from core.tenancy import Scope
from ingest.persons.person import Hit, Kind, Person, plain_id

_ID = re.compile(r"(?<![\d.])\d{1,3}(?:\.?\d{3}){1,2}\s?-\s?[\dkK](?![\dA-Za-z])")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w")
_WORD = re.compile(r"\w+")
_MOST_WORDS = 60
"""A cell longer than this is looked through for ids and addresses only."""


def remember(who: Person, label: str, scope: Scope, connection: Connection) -> None:
    """From now on, whoever is called so is `label`."""
    key = _key(scope)
    rows = [(_hash(key, kind, value), words) for kind, value, words in _marks(who)]
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO suppressions (company_id, hash, words, label) VALUES (%s, %s, %s, %s) "
            "ON CONFLICT (company_id, hash) DO NOTHING",
            [[scope.company_id, digest, words, label] for digest, words in rows],
        )


def label_of(who: Person, scope: Scope, connection: Connection) -> str | None:
    """What an erased person is called now; None for who was not."""
    key = _key(scope)
    row = connection.execute(
        "SELECT label FROM suppressions WHERE company_id = %s AND hash = ANY(%s) LIMIT 1",
        [scope.company_id, [_hash(key, kind, value) for kind, value, _ in _marks(who)]],
    ).fetchone()
    return row[0] if row else None


def next_label(scope: Scope, connection: Connection, customer: bool) -> str:
    """'(cliente eliminado 7)': a place of their own for each, so that counts of customers stay exact."""
    row = connection.execute(
        "SELECT count(DISTINCT label) FROM suppressions WHERE company_id = %s", [scope.company_id]
    ).fetchone()
    assert row is not None
    return f"({'cliente eliminado' if customer else 'persona eliminada'} {row[0] + 1})"


def finder(scope: Scope, connection: Connection) -> "Suppressed | None":
    """What knows the company's erased persons again; None where there is none."""
    rows = connection.execute(
        "SELECT hash, words, label FROM suppressions WHERE company_id = %s", [scope.company_id]
    ).fetchall()
    return Suppressed(_key(scope), {bytes(h): label for h, _, label in rows}, {w for _, w, _ in rows}) if rows else None


class Suppressed:
    """Finds erased persons by their hashes."""

    def __init__(self, key: bytes, labels: dict[bytes, str], words: set[int]) -> None:
        self._key, self._labels = key, labels
        self._lengths = sorted(w for w in words if w > 1)
        self._find = lru_cache(maxsize=200_000)(self._look)  # a till repeats the same cells

    def find(self, text: str) -> list[Hit]:
        return self._find(text)

    def _look(self, text: str) -> list[Hit]:
        bare = text.strip()
        if not bare:
            return []
        if whole := self._whole(bare):
            kind, label = whole
            return [Hit(0, len(text), kind, label, whole=True, loose=kind == "tax_id" and "-" not in bare)]
        found = [h for m in _ID.finditer(text) if (h := self._hit("tax_id", plain_id(m.group()), m.start(), m.end()))]
        found += [h for m in _EMAIL.finditer(text) if (h := self._hit("email", m.group().lower(), m.start(), m.end()))]
        return found + list(self._names(text))

    def _whole(self, bare: str) -> tuple[Kind, str] | None:
        if label := self._labels.get(_hash(self._key, "name", fold(bare))):
            return "name", label
        plain = plain_id(bare)
        if 6 <= len(plain) <= 20 and (label := self._labels.get(_hash(self._key, "tax_id", plain))):
            return "tax_id", label
        if "@" in bare and (label := self._labels.get(_hash(self._key, "email", bare.lower()))):
            return "email", label
        return None

    def _hit(self, kind: Kind, value: str, start: int, end: int) -> Hit | None:
        label = self._labels.get(_hash(self._key, kind, value))
        return Hit(start, end, kind, label, whole=False) if label else None

    def _names(self, text: str) -> Iterator[Hit]:
        words = list(_WORD.finditer(text)) if self._lengths else []
        if not 1 < len(words) <= _MOST_WORDS:
            return
        for length in self._lengths:
            for i in range(len(words) - length + 1):
                start, end = words[i].start(), words[i + length - 1].end()
                if hit := self._hit("name", fold(text[start:end]), start, end):
                    yield hit


def _marks(who: Person) -> Iterator[tuple[Kind, str, int]]:
    for name in who.names:
        yield "name", fold(name), len(_WORD.findall(name))
    for tax in who.tax_ids:
        yield "tax_id", plain_id(tax), 1
    for mail in who.emails:
        yield "email", mail, 1


def _key(scope: Scope) -> bytes:
    return hmac.digest(settings().secret().encode(), f"ayni suppression {scope.company_id}".encode(), "sha256")


def _hash(key: bytes, kind: Kind, value: str) -> bytes:
    return hmac.digest(key, f"{kind}:{value}".encode(), "sha256")
