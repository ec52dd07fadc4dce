"""Every word that the grammar knows: the catalog's, the patterns' and the time's, as one speller."""

import re
from functools import cache

from assistant import doubt, read, refusals, time, watching, wished
from assistant import grammar as signs
from assistant.lexicon import UNKNOWN_DIMENSIONS, VERBS, vocabulary
from assistant.seasons import NAMES
from assistant.words.canonical import Speller
from assistant.words.spelled import stems_of, words_of


@cache
def grammar() -> Speller:
    """The speller without a company's names."""
    patterns = (
        *refusals.patterns(),
        *(p.pattern for p in vars(signs).values() if isinstance(p, re.Pattern)),
        *(p.pattern for p in time.patterns()),
        *(p.pattern for p in read.patterns()),
        *(p.pattern for p in vars(doubt).values() if isinstance(p, re.Pattern)),
        *(p.pattern for m in (watching, wished) for p in vars(m).values() if isinstance(p, re.Pattern)),
        *NAMES,
        *(p for p, _ in VERBS),
        *UNKNOWN_DIMENSIONS.values(),
    )
    return Speller(vocabulary(), stems=stems_of(patterns), known=words_of(patterns))
