"""What makes vectors of texts."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


class Embedder(Protocol):
    """`name` says which vectors can be compared with each other; it is stored beside every vector."""

    name: str
    dimension: int

    def embed(self, texts: Sequence[str], query: bool = False) -> Vectors:
        """One row of unit length a text. `query`: they are questions, where the model tells these from documents."""
        ...
