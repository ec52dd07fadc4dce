"""Train the light vectors and write their table. Needs the embeddings extra; takes some minutes on two cores.

    python -m retrieval.training.train

`StaticEmbedding` of sentence-transformers sees texts by the very rules that serve them (`embeddings/words.py`), and
learns from the generator's pairs by MultipleNegativesRankingLoss. Same seed, same threads: same table.
"""

import sys
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss
from sentence_transformers.sentence_transformer.modules import StaticEmbedding
from tokenizers import Tokenizer
from tokenizers.models import WordLevel

from retrieval.embeddings.light import TABLE, Light
from retrieval.embeddings.words import ROWS, rows, words
from retrieval.training.pairs import Pair, pairs

SEED = 20261101
DIMENSION = 128
PAIRS = 200_000
BATCH = 512
RATE = 0.01
SCALE = 16.0
HELD_OUT = 2_000


class LetterGroups(StaticEmbedding):  # type: ignore[misc]
    """The library's module, fed with our rows instead of a tokenizer's."""

    def preprocess(self, inputs: list[str], prompt: str | None = None, **kwargs: Any) -> dict[str, torch.Tensor]:
        ids = [[row for word in words(text) for row in rows(word)] for text in inputs]
        starts = np.cumsum([0, *(len(one) for one in ids[:-1])])
        return {
            "input_ids": torch.tensor([row for one in ids for row in one], dtype=torch.long),
            "offsets": torch.from_numpy(starts),
        }


def train() -> StaticEmbedding:
    torch.manual_seed(SEED)
    # Random rows of unit length tell unseen names apart from the start; training moves only the rows it meets.
    start = torch.nn.functional.normalize(torch.randn(ROWS, DIMENSION))
    module = LetterGroups(Tokenizer(WordLevel({"a": 0}, unk_token="a")), embedding_weights=start)
    model = SentenceTransformer(modules=[module], device="cpu")
    loss = MultipleNegativesRankingLoss(model, scale=SCALE)
    steps = PAIRS // BATCH
    optimizer = torch.optim.Adam(module.parameters(), lr=RATE)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps, pct_start=0.1)
    source, began = pairs(PAIRS, SEED), perf_counter()
    for step in range(steps):
        batch = [next(source) for _ in range(BATCH)]
        columns = ([p.question for p in batch], [p.text for p in batch], [p.near_miss for p in batch])
        value = loss([module.preprocess(column) for column in columns], torch.arange(BATCH))
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
        schedule.step()
        if step % 50 == 0:
            print(f"step {step}/{steps} loss {value.item():.3f} {perf_counter() - began:.0f} s", flush=True)
    return module


def save(module: StaticEmbedding, path: Path) -> None:
    """Eight bits a number and a scale a row: a quarter of the size for a thousandth of the precision."""
    weights = module.embedding.weight.detach().numpy()
    scale = np.abs(weights).max(axis=1) / 127
    np.savez_compressed(path, rows=np.rint(weights / scale[:, None]).astype(np.int8), scale=scale.astype(np.float32))


def recall(light: Light, held_out: list[Pair], depth: int = 5) -> float:
    """The share of unseen questions whose text is among the nearest `depth` of all held-out texts and near misses."""
    texts = [p.text for p in held_out] + [p.near_miss for p in held_out]
    scores = light.embed([p.question for p in held_out]) @ light.embed(texts).T
    better = (scores > np.diagonal(scores)[:, None]).sum(axis=1)
    return float((better < depth).mean())


def main() -> None:
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else TABLE
    save(train(), path)
    held_out = list(pairs(HELD_OUT, SEED + 1))
    print(f"{path}: {path.stat().st_size / 1e6:.1f} MB, recall@5 on unseen pairs {recall(Light(path), held_out):.3f}")


if __name__ == "__main__":
    main()
