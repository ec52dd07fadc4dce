"""What the light vectors see of a text: its words and their letter groups, each as the number of a row.

The trained table is only right with these rules: changing anything here means training it again.
"""

import re
from functools import lru_cache
from zlib import crc32

from core.language import fold

ROWS = 1 << 15
_SHORTEST, _LONGEST = 3, 5
_TOKEN = re.compile(r"[a-z]+|(?<![\d.,])\d{1,4}(?![\d.,]*\d)")


def words(text: str) -> list[str]:
    """Folded words, and plain numbers of up to four digits (years, sizes, hours), in order.

    Amounts are left out: nobody looks for one by meaning, and each would only blur its text.
    """
    return _TOKEN.findall(fold(text))


@lru_cache(maxsize=1 << 16)
def rows(word: str) -> tuple[int, ...]:
    """The rows of a word: the word itself, and for letters its groups of 3 to 5 with the word's edges marked, so that
    a typo, a plural or 'vendiste' for 'vendés' shares most of them. A number is only itself."""
    parts = [word]
    if word.isalpha():
        edged = f"<{word}>"
        parts += [
            edged[start : start + size]
            for size in range(_SHORTEST, _LONGEST + 1)
            for start in range(len(edged) - size + 1)
        ]
    return tuple(crc32(part.encode()) % ROWS for part in parts)
