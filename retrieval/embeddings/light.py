"""The light vectors: a table of trained rows, summed over a text's words and letter groups; numpy only.

The table (`light.npz`, int8 with one scale a row) is made by `retrieval/training/train.py`.
"""

from collections.abc import Sequence
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path

import numpy as np

from retrieval.embeddings.protocol import Vectors
from retrieval.embeddings.words import rows, words

TABLE = Path(__file__).with_name("light.npz")


class Light:
    """Vectors of unit length; a text without any word is all zeros."""

    def __init__(self, path: Path = TABLE) -> None:
        data = path.read_bytes()
        with np.load(path) as stored:
            self._table = stored["rows"].astype(np.float32) * stored["scale"].astype(np.float32)[:, None]
        # Vectors of two trainings can't be compared: the name changes with the table.
        self.name = f"light-{sha256(data).hexdigest()[:8]}"
        self.dimension = int(self._table.shape[1])
        self._word = lru_cache(maxsize=1 << 16)(self._sum)

    def embed(self, texts: Sequence[str], query: bool = False) -> Vectors:
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for vector, text in zip(vectors, texts, strict=True):
            for word in words(text):
                vector += self._word(word)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        np.divide(vectors, lengths, out=vectors, where=lengths > 0)
        return vectors

    def _sum(self, word: str) -> Vectors:
        total: Vectors = self._table[list(rows(word))].sum(axis=0)
        return total


@cache
def light() -> Light:
    """The shipped table, read once a process (some 20 ms)."""
    return Light()
