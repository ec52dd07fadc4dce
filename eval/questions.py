"""The search's own set: paraphrases, each with the key of the chunk that should be found among the first five."""

from pathlib import Path

import yaml

import retrieval
from core.db import Connection
from core.tenancy import Scope

QUERIES = Path(__file__).parent / "cases" / "search" / "queries.yaml"
LEAST = 60


def load(path: Path = QUERIES) -> list[tuple[str, str]]:
    """(paraphrase, key of its chunk). ValueError where there are too few."""
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    pairs = [(str(ask), str(key)) for key, asks in content.items() for ask in asks]
    if len(pairs) < LEAST:
        raise ValueError(f"there are {len(pairs)} search queries; at least {LEAST} are wanted")
    return pairs


def measure(scope: Scope, connection: Connection) -> dict[str, retrieval.Quality]:
    """Full text alone, vectors alone, and both fused."""
    return retrieval.measure(load(), scope, connection, depth=5)
