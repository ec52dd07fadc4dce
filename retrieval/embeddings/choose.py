"""Which vectors are in use: the light ones, or the sentence-transformers model that the operator has set."""

import importlib
import logging
from functools import cache
from typing import cast

from core.errors import AyniError
from core.settings import settings
from retrieval.embeddings.light import light
from retrieval.embeddings.protocol import Embedder

log = logging.getLogger(__name__)


def active() -> Embedder:
    """The embedder that `AYNI_EMBEDDINGS` names. Raises AyniError with the remedy where it can't be loaded."""
    name = settings().embeddings
    return light() if name == "light" else load(name)


def active_name() -> str:
    """The active embedder's name, without loading it."""
    name = settings().embeddings
    return light().name if name == "light" else name


def usable() -> Embedder:
    """The active embedder where it can be loaded, else the light one: a search never fails for want of a model."""
    try:
        return active()
    except AyniError as error:
        log.warning("searching with light vectors: %s", error)
        return light()


def load(name: str) -> Embedder:
    """The sentence-transformers model `name` (hub name or folder), loaded once a process; a failure is kept too, since
    looking for a missing model again takes seconds."""
    found = _loaded(name)
    if isinstance(found, AyniError):
        raise found
    return found


@cache
def _loaded(name: str) -> Embedder | AyniError:
    try:
        # By name, and only where the setting asks for it: it costs 6 s and 450 MB.
        module = importlib.import_module("retrieval.embeddings.transformers")
        return cast(Embedder, module.Transformer(name))
    except AyniError as error:
        return error
    except ImportError:
        return AyniError(
            "embeddings_not_installed",
            f"AYNI_EMBEDDINGS pide el modelo «{name}», pero sentence-transformers no está instalado.",
            "Instálalo con «pip install torch==2.13.0» y «pip install -r requirements-embeddings.lock», "
            "o vuelve a AYNI_EMBEDDINGS=light.",
        )
