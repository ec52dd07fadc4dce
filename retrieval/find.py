"""Find chunks of the company by words and by meaning, fused."""

from collections.abc import Collection, Sequence
from typing import Any, Literal

from core.db import Connection
from core.periods import Period
from core.tenancy import Scope
from retrieval.chunk import Chunk, Hit
from retrieval.embeddings import Embedder, light, usable
from retrieval.fuse import fuse, ranks
from retrieval.store import literals

Way = Literal["words", "vectors"]
Key = tuple[str, str]
Ranking = tuple[dict[Key, float], float]
"""Places, and what the ranking counts for. Words count by the square of the share of the question's words that the best
text holds: one shared word of six is mostly chance. Vectors always count in full."""

_POOL = 60
"""How many candidates each way brings to the fusion."""

# A rare word of the question says more than one that every chunk has. Postgres' own ranks know nothing of that, so
# a chunk's score is the sum over the question's words it holds of the word's rarity among this company's chunks.
_WORDS = """
WITH wanted AS MATERIALIZED (
    SELECT lexeme, plainto_tsquery('simple', lexeme) AS query
    FROM unnest(to_tsvector('spanish', fold(%(text)s)))
), scoped AS MATERIALIZED (
    SELECT kind, key, words FROM chunks WHERE {where}
), held AS MATERIALIZED (
    SELECT scoped.kind, scoped.key, wanted.lexeme
    FROM scoped JOIN wanted ON scoped.words @@ wanted.query
), rarity AS (
    SELECT lexeme, ln(1 + (SELECT count(*) FROM scoped) / count(*)::float8) AS weight FROM held GROUP BY lexeme
)
SELECT kind, key, sum(weight) AS score,
       count(*) / (SELECT count(*) FROM wanted)::float8 AS share
FROM held JOIN rarity USING (lexeme) GROUP BY kind, key ORDER BY score DESC FETCH FIRST %(pool)s ROWS WITH TIES
"""

# Exact, within the company: a nearest-neighbour index shared by all tenants finds next to nothing of any one.
_LIGHT = """
SELECT kind, key, 1 - (embedding <=> %(vector)s::halfvec) AS score, 1::float8 AS share FROM chunks
WHERE {where} AND embedding_model = %(model)s
ORDER BY embedding <=> %(vector)s::halfvec, key LIMIT %(pool)s
"""
_DENSE = """
SELECT kind, key, 1 - (dense <=> %(vector)s::halfvec) AS score, 1::float8 AS share FROM chunks
WHERE {where} AND dense_model = %(model)s
ORDER BY dense <=> %(vector)s::halfvec, key LIMIT %(pool)s
"""

_FETCH = """
SELECT kind, key, title, text, href, period_start, period_end FROM chunks
JOIN unnest(%s::text[], %s::text[]) AS wanted (kind, key) USING (kind, key) WHERE company_id = %s
"""


def search(
    text: str,
    scope: Scope,
    connection: Connection,
    limit: int = 8,
    kinds: Sequence[str] = (),
    period: Period | None = None,
    ways: Collection[Way] = ("words", "vectors"),
) -> list[Hit]:
    """The chunks that answer `text` best, best first.

    `kinds` keeps these kinds only; `period` keeps chunks that touch it, and those that state no period.
    """
    where, values = _where(scope, kinds, period)
    values |= {"text": text, "pool": max(_POOL, limit)}
    rankings: list[Ranking] = []
    if "words" in ways:
        rankings.append(_ranked(_WORDS, where, values, connection))
    if "vectors" in ways:
        embedder = _embedder(scope, connection)
        vector = embedder.embed([text], query=True)
        if vector.any():
            values |= {"vector": literals(vector)[0], "model": embedder.name}
            rankings.append(_ranked(_LIGHT if embedder is light() else _DENSE, where, values, connection))
    fused = fuse(rankings)
    best = sorted(fused, key=lambda key: (-fused[key], key))[:limit]
    chunks = _fetch(best, scope, connection)
    return [Hit(chunks[key], fused[key]) for key in best if key in chunks]


def _embedder(scope: Scope, connection: Connection) -> Embedder:
    """The active one from the moment every chunk has its vector: ranks of two models can't be told apart."""
    chosen = usable()
    if chosen is light():
        return chosen
    lacking = connection.execute(
        "SELECT 1 FROM chunks WHERE company_id = %s AND dense_model <> %s LIMIT 1", [scope.company_id, chosen.name]
    ).fetchone()
    return light() if lacking else chosen


def _where(scope: Scope, kinds: Sequence[str], period: Period | None) -> tuple[str, dict[str, Any]]:
    conditions = ["company_id = %(company)s"]
    values: dict[str, Any] = {"company": scope.company_id}
    if kinds:
        conditions.append("kind = ANY(%(kinds)s)")
        values["kinds"] = list(kinds)
    if period:
        conditions.append("coalesce(period_start <= %(end)s AND period_end >= %(start)s, true)")
        values |= {"start": period.start, "end": period.end}
    return " AND ".join(conditions), values


def _ranked(statement: str, where: str, values: dict[str, Any], connection: Connection) -> Ranking:
    found = connection.execute(statement.format(where=where).encode(), values).fetchall()
    # A text without a word has no direction: its distance is NaN, and it is not found by meaning.
    places = ranks({(kind, key): round(score, 6) for kind, key, score, _ in found if score == score})
    return places, max((share for *_, share in found), default=0.0) ** 2


def _fetch(keys: Sequence[Key], scope: Scope, connection: Connection) -> dict[Key, Chunk]:
    found = connection.execute(_FETCH, [[kind for kind, _ in keys], [key for _, key in keys], scope.company_id])
    return {(row[0], row[1]): Chunk(*row) for row in found}
