"""A second vector beside the light one, for the sentence-transformers model that an operator may set.

With its own column, the light vectors go on serving until every chunk has the other model's. The index over words
goes: behind row-level security a match on words is never asked of an index (it isn't leakproof), and a search reads
one company's chunks anyway; it only made writing slower.
"""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.execute(
        "ALTER TABLE chunks ADD COLUMN dense halfvec, ADD COLUMN dense_model text NOT NULL DEFAULT '';"
        "DROP INDEX chunks_words"
    )
