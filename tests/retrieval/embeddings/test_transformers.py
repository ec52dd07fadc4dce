"""A sentence-transformers model by setting: made here, tiny, in a folder. Skipped where the extra is not installed."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter

import pytest

from core import db
from core.errors import AyniError
from core.settings import settings
from core.tenancy import Scope
from retrieval import Chunk, index, outdated, reembed, search
from retrieval.embeddings import active, light, usable

pytestmark = pytest.mark.embeddings

CHUNKS = [
    Chunk("insight", "talca", "Sucursal", "la sucursal talca bajó en mayo"),
    Chunk("insight", "pan", "Margen", "el margen de la marraqueta se achicó"),
    Chunk("insight", "dolar", "Economía", "el dólar subió"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of a dozen words, saved as any other model would be."""
    pytest.importorskip("sentence_transformers", reason="the embeddings extra is not installed")
    import numpy as np
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Whitespace

    words = sorted({word for chunk in CHUNKS for word in chunk.text.split()} | {"[UNK]"})
    tokenizer = Tokenizer(WordLevel({word: n for n, word in enumerate(words)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    weights = np.random.default_rng(1).normal(size=(len(words), 24)).astype(np.float32)
    path = tmp_path_factory.mktemp("model") / "tiny"
    SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_weights=weights)], device="cpu").save(str(path))
    return path


@pytest.fixture
def choose(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Set `AYNI_EMBEDDINGS` for one test."""

    def set_to(name: str) -> None:
        monkeypatch.setenv("AYNI_EMBEDDINGS", name)
        settings.cache_clear()

    yield set_to
    monkeypatch.undo()
    settings.cache_clear()


def first(asked: str, scope: Scope) -> str:
    with db.tenant(scope) as connection:
        return search(asked, scope, connection, ways={"vectors"})[0].chunk.key


def test_changing_the_model_reembeds_without_a_gap(folder: Path, choose: Callable[[str], None], scope: Scope) -> None:
    with db.tenant(scope) as connection:
        index(CHUNKS, scope, connection)
    choose(str(folder))
    left = []
    for _ in range(10):
        assert first("talca bajó", scope) == "talca"  # with none, some and all of the new vectors
        with db.tenant(scope) as connection:
            left.append(outdated(scope, connection))
            if not reembed(scope, connection, limit=1):
                break
    assert left == [3, 2, 1, 0]
    choose("light")
    assert first("talca bajó", scope) == "talca"
    with db.tenant(scope) as connection:
        assert reembed(scope, connection) == 0


def test_the_new_model_serves_once_all_have_its_vectors(
    folder: Path, choose: Callable[[str], None], scope: Scope
) -> None:
    choose(str(folder))
    with db.tenant(scope) as connection:
        index(CHUNKS, scope, connection)
        assert reembed(scope, connection) == 3
        connection.execute("UPDATE chunks SET embedding = NULL")  # nothing but the model's vectors to go by
    assert first("talca bajó", scope) == "talca"
    with db.tenant(scope) as connection:
        index([Chunk("insight", "talca", "Sucursal", "texto nuevo")], scope, connection)
        assert outdated(scope, connection) == 1


def test_a_model_gives_unit_vectors_and_its_name(folder: Path, choose: Callable[[str], None]) -> None:
    choose(str(folder))
    vectors = active().embed(["la marraqueta", "el dólar"], query=True)
    assert vectors.shape == (2, active().dimension) == (2, 24)
    assert abs(float(vectors[0] @ vectors[0]) - 1) < 1e-3
    assert active().name == str(folder)


def test_a_new_chunk_is_found_at_once_under_a_heavy_model(
    folder: Path, choose: Callable[[str], None], scope: Scope
) -> None:
    choose(str(folder))
    with db.tenant(scope) as connection:
        index(CHUNKS, scope, connection)
        assert outdated(scope, connection) == 3
    assert first("marraqueta margen", scope) == "pan"


def test_a_missing_model_says_so_at_once_and_search_goes_on(choose: Callable[[str], None], scope: Scope) -> None:
    with db.tenant(scope) as connection:
        index(CHUNKS, scope, connection)
    choose("/no/such/model")
    start = perf_counter()
    with pytest.raises(AyniError, match="AYNI_EMBEDDINGS"):
        active()
    with db.tenant(scope) as connection, pytest.raises(AyniError):
        reembed(scope, connection)
    assert perf_counter() - start < 30  # importing the library, not asking a network
    assert usable() is light()
    assert first("talca", scope) == "talca"


def test_torch_is_never_imported_by_default() -> None:
    code = "import sys, retrieval; retrieval.index; assert not {'torch', 'sentence_transformers'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).resolve().parents[3])
