"""Vectors of texts: light ones by default, a sentence-transformers model by setting."""

from retrieval.embeddings.choose import active, active_name, usable
from retrieval.embeddings.light import light
from retrieval.embeddings.protocol import Embedder, Vectors

__all__ = ["Embedder", "Vectors", "active", "active_name", "light", "usable"]
