"""Spanish text as data: folding for look-ups, and lists for sentences."""

import re
import unicodedata
from collections.abc import Sequence


def fold(text: str) -> str:
    """Lower case, no accents, one space between words: the form in which words are compared. 'Ñ' becomes 'n'."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return re.sub(r"\s+", " ", plain).strip()


def join(items: Sequence[str], last: str = "y") -> str:
    """'a, b y c'; before an i- sound 'y' becomes 'e', before an o- sound 'o' becomes 'u'."""
    if len(items) < 2:
        return "".join(items)
    head = fold(items[-1])
    if last == "y" and re.match(r"(i|hi(?!e))", head):
        last = "e"
    if last == "o" and re.match(r"h?o", head):
        last = "u"
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def plural(count: int, one: str, many: str) -> str:
    """'1 línea', '2.356 líneas'."""
    return f"{count:,} {one if count == 1 else many}".replace(",", ".")
