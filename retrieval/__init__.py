"""Text chunks with the key of the fact they state: indexed, found by words and by meaning.

    retrieval.index(chunks, scope, connection)                      # replaces by (kind, key)
    hits = retrieval.search("¿por qué bajó Talca?", scope, connection, limit=5, kinds=("insight",))

Knows text and keys, not what a metric is.
"""

from retrieval.chunk import Chunk, Hit
from retrieval.find import search
from retrieval.measure import Quality, measure, quality
from retrieval.store import forget, index, outdated, reembed, remove

__all__ = [
    "Chunk",
    "Hit",
    "Quality",
    "forget",
    "index",
    "measure",
    "outdated",
    "quality",
    "reembed",
    "remove",
    "search",
]
