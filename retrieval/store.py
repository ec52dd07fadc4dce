"""Chunks in and out of the company's index, and the change from one vector model to another."""

from collections.abc import Iterable, Sequence
from typing import Any, LiteralString

import numpy as np

from core.db import Connection
from core.tenancy import Scope
from retrieval.chunk import Chunk
from retrieval.embeddings import Embedder, Vectors, active, active_name, light

_EXACT = 2047
"""The integers that a 16-bit float holds exactly. Cosine does not mind the scale; integers are short to send."""


def index(chunks: Iterable[Chunk], scope: Scope, connection: Connection) -> int:
    """Write `chunks`, replacing those of the same kind and key; return how many were new or changed.

    An unchanged text is left alone with its vectors. Light vectors are made at once; where the operator has set a
    heavier model, `reembed` brings its vectors afterwards, so that indexing never waits for it.
    """
    wanted = {(chunk.kind, chunk.key): chunk for chunk in chunks}
    known = _known(list(wanted.values()), scope, connection)
    changed = [chunk for key, chunk in wanted.items() if known.get(key) != chunk]
    fresh = [
        c for c in changed if (old := known.get((c.kind, c.key))) is None or (old.title, old.text) != (c.title, c.text)
    ]
    kept = {(c.kind, c.key) for c in changed} - {(c.kind, c.key) for c in fresh}
    if fresh:
        _write(fresh, light().embed([_said(c) for c in fresh]), scope, connection)
    if kept:
        _move([wanted[key] for key in kept], scope, connection)
    return len(changed)


def remove(
    kind: str,
    scope: Scope,
    connection: Connection,
    keys: Sequence[str] | None = None,
    prefix: str = "",
) -> int:
    """Take out the chunks of `kind`: those in `keys`, else those whose key starts with `prefix` (all, where empty)."""
    result = connection.execute(
        "DELETE FROM chunks WHERE company_id = %s AND kind = %s "
        "AND (%s::text[] IS NULL OR key = ANY(%s::text[])) AND starts_with(key, %s)",
        [scope.company_id, kind, *[None if keys is None else list(keys)] * 2, prefix],
    )
    return result.rowcount


def forget(pattern: str, scope: Scope, connection: Connection) -> int:
    """Take out every chunk that says something matching the regular expression, its vectors with it; how many."""
    return connection.execute(
        "DELETE FROM chunks WHERE company_id = %(company)s AND (title ~* %(said)s OR text ~* %(said)s "
        "OR key ~* %(said)s OR href ~* %(said)s)",
        {"company": scope.company_id, "said": pattern},
    ).rowcount


def outdated(scope: Scope, connection: Connection) -> int:
    """How many chunks lack a vector of the present light table or of the active model."""
    row = connection.execute(
        "SELECT count(*) FROM chunks WHERE company_id = %s AND (embedding_model <> %s OR (%s AND dense_model <> %s))",
        [scope.company_id, light().name, active_name() != light().name, active_name()],
    ).fetchone()
    return int(row[0]) if row else 0


def reembed(scope: Scope, connection: Connection, limit: int = 256) -> int:
    """Bring up to `limit` chunks to the present light table, else to the active model; return how many were.

    0 means that nothing is left. Searches use the active model from the moment every chunk has its vector, and light
    vectors until then. Raises AyniError where the active model can't be loaded.
    """
    done = _bring(light(), _LIGHT, limit, scope, connection)
    if done or active_name() == light().name:
        return done
    return _bring(active(), _DENSE, limit, scope, connection)


def _said(chunk: Chunk) -> str:
    return f"{chunk.title}. {chunk.text}"


def _known(chunks: Sequence[Chunk], scope: Scope, connection: Connection) -> dict[tuple[str, str], Chunk]:
    found = connection.execute(
        "SELECT kind, key, title, text, href, period_start, period_end FROM chunks "
        "JOIN unnest(%s::text[], %s::text[]) AS wanted (kind, key) USING (kind, key) WHERE company_id = %s",
        [[c.kind for c in chunks], [c.key for c in chunks], scope.company_id],
    )
    return {(row[0], row[1]): Chunk(*row) for row in found}


def _write(chunks: Sequence[Chunk], vectors: Vectors, scope: Scope, connection: Connection) -> None:
    connection.execute(
        "INSERT INTO chunks (company_id, kind, key, title, text, href, period_start, period_end, "
        "                    embedding, embedding_model) "
        "SELECT %s, kind, key, title, text, href, period_start, period_end, vector::halfvec, %s "
        "FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::date[], %s::date[], %s::text[]) "
        "     AS new (kind, key, title, text, href, period_start, period_end, vector) "
        "ON CONFLICT (company_id, kind, key) DO UPDATE SET title = excluded.title, text = excluded.text, "
        "   href = excluded.href, period_start = excluded.period_start, period_end = excluded.period_end, "
        "   embedding = excluded.embedding, embedding_model = excluded.embedding_model, dense = NULL, dense_model = ''",
        [
            scope.company_id,
            light().name,
            [c.kind for c in chunks],
            [c.key for c in chunks],
            [c.title for c in chunks],
            [c.text for c in chunks],
            *_places(chunks),
            literals(vectors),
        ],
    )


def _move(chunks: Sequence[Chunk], scope: Scope, connection: Connection) -> None:
    connection.execute(
        "UPDATE chunks SET href = new.href, period_start = new.period_start, period_end = new.period_end "
        "FROM unnest(%s::text[], %s::text[], %s::text[], %s::date[], %s::date[]) "
        "     AS new (kind, key, href, period_start, period_end) "
        "WHERE chunks.company_id = %s AND chunks.kind = new.kind AND chunks.key = new.key",
        [[c.kind for c in chunks], [c.key for c in chunks], *_places(chunks), scope.company_id],
    )


def _places(chunks: Sequence[Chunk]) -> list[Any]:
    return [[c.href for c in chunks], [c.period_start for c in chunks], [c.period_end for c in chunks]]


# What still lacks an embedder's vector, and where that goes. Skipping what another job holds: two of them share the
# work instead of waiting for each other.
_LIGHT = (
    "SELECT kind, key, title, text FROM chunks WHERE company_id = %s AND embedding_model <> %s "
    "ORDER BY kind, key LIMIT %s FOR UPDATE SKIP LOCKED",
    "UPDATE chunks SET embedding = new.vector::halfvec, embedding_model = %s "
    "FROM unnest(%s::text[], %s::text[], %s::text[]) AS new (kind, key, vector) "
    "WHERE chunks.company_id = %s AND chunks.kind = new.kind AND chunks.key = new.key",
)
_DENSE = (
    "SELECT kind, key, title, text FROM chunks WHERE company_id = %s AND dense_model <> %s "
    "ORDER BY kind, key LIMIT %s FOR UPDATE SKIP LOCKED",
    "UPDATE chunks SET dense = new.vector::halfvec, dense_model = %s "
    "FROM unnest(%s::text[], %s::text[], %s::text[]) AS new (kind, key, vector) "
    "WHERE chunks.company_id = %s AND chunks.kind = new.kind AND chunks.key = new.key",
)


def _bring(
    embedder: Embedder,
    statements: tuple[LiteralString, LiteralString],
    limit: int,
    scope: Scope,
    connection: Connection,
) -> int:
    lacking, update = statements
    chunks = [Chunk(*row) for row in connection.execute(lacking, [scope.company_id, embedder.name, limit])]
    if chunks:
        vectors = literals(embedder.embed([_said(c) for c in chunks]))
        connection.execute(
            update, [embedder.name, [c.kind for c in chunks], [c.key for c in chunks], vectors, scope.company_id]
        )
    return len(chunks)


def literals(vectors: Vectors) -> list[str]:
    """Each vector as halfvec's text, scaled to small integers."""
    largest = np.abs(vectors).max(axis=1, keepdims=True, initial=0)
    scaled = np.rint(vectors * (_EXACT / np.where(largest > 0, largest, 1))).astype(np.int16)
    return [str(row) for row in scaled.tolist()]
