"""The words of the training pairs: how a feature's text names a thing, and how an owner asks for the same thing.

Nothing here is any company's data; names of shops and products are invented or generic.
"""

from retrieval.training.vocabulary.around import BENCHMARKS, MACRO, PEERS
from retrieval.training.vocabulary.changes import DOWN, INSIGHTS, QUALITY, REASONS, UP
from retrieval.training.vocabulary.metrics import METRICS
from retrieval.training.vocabulary.shapes import (
    CHATTER,
    DIMENSIONS,
    MEMBERS,
    RANKED,
    RANKINGS,
    SHORT,
    SYLLABLES,
    VOSEO,
)
from retrieval.training.vocabulary.topic import Topic

__all__ = [
    "BENCHMARKS",
    "CHATTER",
    "DIMENSIONS",
    "DOWN",
    "INSIGHTS",
    "MACRO",
    "MEMBERS",
    "METRICS",
    "PEERS",
    "QUALITY",
    "RANKED",
    "RANKINGS",
    "REASONS",
    "SHORT",
    "SYLLABLES",
    "UP",
    "VOSEO",
    "Topic",
]
