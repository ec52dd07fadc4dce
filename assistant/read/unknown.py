"""Words that nobody knows. Pure."""

import re

from assistant.lexicon import UNKNOWN_DIMENSIONS
from assistant.read.reading import Lexicon, Reading
from assistant.words.canonical import Speller, Word


def take_unknown(reading: Reading, lexicon: Lexicon, mended: list[Word]) -> None:
    """Words that nobody knows, where a name would stand: better asked about than passed over."""
    for spoken, pattern in UNKNOWN_DIMENSIONS.items():
        if re.search(rf"(?<![\w@])(?:{pattern})(?!\w)", reading.text):
            reading.unknown_dimension = spoken
    raw = {w.text: w.raw for w in mended}
    tokens = reading.text.split()
    for i, token in enumerate(tokens):
        if token.startswith("@") or token in (",", "%", "$") or re.fullmatch(r"[\d.,/-]+", token):
            continue
        if lexicon.speller.grammatical(token) or inflected(token, lexicon.speller):
            continue
        capital = raw.get(token, "")[:1].isupper() and i > 0
        if (len(token) > 1 and (capital or _introduced(tokens, i))) or token == "x":
            reading.unknown.append(raw.get(token, token))


_INTRODUCES = re.compile(
    r"(?:(?:^| )(?:de|del|en|para|con|sin|vs|cuant[oa]s?|excepto|solo)|@n\d+ (?:y|o|e|vs|,)|@m\d+|vend\w+)"
    r"(?: (?:el|la|los|las|mis|mi|un|una|unos|unas|@t\d+))*$"
)


def _introduced(tokens: list[str], at: int) -> bool:
    """Whether a name would stand here: after a preposition, a count, a verb of selling or beside another name."""
    return _INTRODUCES.search(" ".join(tokens[:at])) is not None and not VERB.search(tokens[at])


VERB = re.compile(
    r"(?:aria|eria|iria|arian|erian|irian|aron|ieron|aban|aba|ando|iendo|arse|erse|irse|ar|er|ir|arlo|arla|(?<=\w\w)[aei]mos)$"
)


def inflected(word: str, speller: Speller) -> bool:
    """Verb forms and adverbs nobody lists: 'comportándose', 'finalmente'."""
    return word.endswith(("mente", "ndo", "ndose")) or any(
        word.endswith(tail) and speller.grammatical(word[: -len(tail)]) for tail in ("s", "es", "n", "me", "lo", "la")
    )
