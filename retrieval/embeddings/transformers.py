"""Vectors of a sentence-transformers model. Importing this costs 6 s and 450 MB: only `choose.load` does it."""

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from sentence_transformers import SentenceTransformer

from core.errors import AyniError
from retrieval.embeddings.protocol import Vectors

_BATCH = 64


class Transformer:
    """`name` is a folder, or a hub name; the hub is only asked where the machine does not say that it is offline."""

    def __init__(self, name: str) -> None:
        folder = Path(name).expanduser()
        looks_local = folder.is_absolute() or name.startswith((".", "~"))
        if looks_local and not folder.is_dir():
            raise _missing(name, "la carpeta no existe")
        local = folder.is_dir()
        # A model that is here needs no network; asking the hub from a machine without one hangs for a minute.
        offline = local or os.environ.get("HF_HUB_OFFLINE") == "1"
        try:
            self._model = SentenceTransformer(str(folder) if local else name, local_files_only=offline, device="cpu")
        except Exception as error:  # the hub, the disk and torch each raise their own
            raise _missing(name, type(error).__name__) from error
        self.name = name
        self.dimension = int(self._model.encode(["a"]).shape[1])
        # e5 models were trained with these two marks and publish them only in their description.
        self._marks = ("query: ", "passage: ") if "e5" in Path(name).name.lower() else ("", "")

    def embed(self, texts: Sequence[str], query: bool = False) -> Vectors:
        encode = self._model.encode_query if query else self._model.encode_document
        mark = self._marks[0 if query else 1]
        vectors = encode(
            [mark + text for text in texts], batch_size=_BATCH, normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(vectors, dtype=np.float32).reshape(len(texts), self.dimension)


def _missing(name: str, why: str) -> AyniError:
    return AyniError(
        "embeddings_missing",
        f"No pude cargar el modelo de AYNI_EMBEDDINGS «{name}» ({why}).",
        "Revisa que la carpeta exista o que la máquina llegue al repositorio de modelos, "
        "o vuelve a AYNI_EMBEDDINGS=light.",
    )
