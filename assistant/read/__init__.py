"""Language to plan, its first half: what stands in the question. `examine` is the door."""

from assistant.read.days import hour_filter, patterns
from assistant.read.examine import examine
from assistant.read.named import chosen, merge_filters
from assistant.read.reading import Lexicon, Reading, own_names
from assistant.read.unknown import VERB, inflected

__all__ = [
    "VERB", "Lexicon", "Reading", "chosen", "examine", "hour_filter", "inflected", "merge_filters", "own_names",
    "patterns",
]  # fmt: skip
