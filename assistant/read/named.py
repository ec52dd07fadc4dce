"""The company's own names in a question, wanted or left out. Pure."""

import re
from dataclasses import replace

from assistant import grammar as g
from assistant.lexicon import dimension_patterns, metric_patterns, metric_phrases
from assistant.names import Choice, Named
from assistant.read.reading import Lexicon, Reading
from assistant.words.canonical import Speller
from features.query import Filter


def take_names(reading: Reading, lexicon: Lexicon) -> None:
    tokens = reading.text.split()
    held = _phrases(reading.text)
    free = [not t.startswith("@") and t != "," and i not in held for i, t in enumerate(tokens)]
    wanted = {i + 1: d for i, t in enumerate(tokens) for d in [_dimension_of(t)] if d}
    wanted |= {
        i + 2: d for i, t in enumerate(tokens[:-2]) if tokens[i + 1] in ("de", "del") for d in [_dimension_of(t)] if d
    }
    out, at = [], 0
    for named in lexicon.names.find(tokens, free, wanted):
        if not _acceptable(named, tokens, lexicon.speller):
            continue
        out += tokens[at : named.start]
        if left_out(" ".join(out), " ".join(tokens[named.end :]), reading.excluded):
            reading.excluded.add(len(reading.named))
            out = LEFT_OUT.sub("sin", g.EXCLUDE.sub("sin", " ".join(out))).split()
        out.append(f"@n{len(reading.named)}")
        reading.named.append(named)
        at = named.end
    reading.text = " ".join([*out, *tokens[at:]])


def left_out(before: str, after: str, excluded: set[int]) -> bool:
    """Whether the name between the two is to be left out: 'sin Talca', 'sin Talca ni Linares', 'Talca aparte'."""
    beside = _BESIDE.search(before)
    if beside and int(beside[1]) in excluded:
        return True
    less = _LESS.search(before)
    if less and not _LESS_THAN.fullmatch(less[1] or ""):
        return True
    return g.EXCLUDE.search(before) is not None or g.EXCLUDED_AFTER.search(after) is not None


# 'Vendió menos Talca' and 'lo que menos' compare; 'por sucursal menos Talca' leaves out.
_LESS = re.compile(r"(?:^|(\S+) )menos(?: (?:el|la|los|las|lo de|canal|sucursal|local|categoria))*$")
_LESS_THAN = re.compile(r"(?:vend|compr|gast|gan|tuv|factur)\w*|que|o|mas|mucho|poco|bastante|lo|al|con|y|ni")
LEFT_OUT = re.compile(r"(?<!\S)menos(?: (?:el|la|los|las|lo de|canal|sucursal|local|categoria))*$")
_BESIDE = re.compile(r"@n(\d+) (?:y|e|ni|o|u|,)(?: (?:a|de|el|la|los|las|en))*$")


def _phrases(text: str) -> set[int]:
    """The words of metrics named by several words, which are no names: 'notas de crédito'."""
    held: set[int] = set()
    for match in metric_phrases().finditer(text):
        first = text[: match.start()].count(" ")
        held |= set(range(first, first + match.group().count(" ") + 1))
    return held


def _dimension_of(word: str) -> str | None:
    return next((d for pattern, d in dimension_patterns() if pattern.fullmatch(word)), None)


def _acceptable(named: Named, tokens: list[str], speller: Speller) -> bool:
    """A name made of everyday words counts only where it is the whole name and stands where a name stands."""
    said = tokens[named.start : named.end]
    if not all(speller.grammatical(w) or w.isdigit() for w in said):
        return True
    if not named.exact or all(w.isdigit() for w in said):
        return False
    phrase = " ".join(said)
    if any(p.fullmatch(phrase) for p, _ in metric_patterns()):
        return False
    before = " ".join(tokens[: named.start]) + " "
    if before.endswith("por ") and named.exact and _dimension_of(phrase) is None:
        return True  # 'por instagram' is no 'por producto'
    return not g.EACH.search(before)


def chosen(named: Named, exclude: bool) -> Filter:
    choice: Choice = named.choices[0]
    return Filter(choice.dimension, choice.members, exclude)


def merge_filters(filters: list[Filter]) -> tuple[Filter, ...]:
    """One filter a dimension and direction: two branches named are both wanted."""
    merged: dict[tuple[str, bool], Filter] = {}
    for one in filters:
        key = (one.dimension, one.exclude)
        if key in merged:
            members = tuple(dict.fromkeys((*merged[key].members, *one.members)))
            one = replace(one, members=members)
        merged[key] = one
    return tuple(merged.values())
