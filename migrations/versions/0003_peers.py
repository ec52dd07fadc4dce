"""Macro series (the same for all companies) and the published benchmarks."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.execute("""
CREATE TABLE macro_values (
    country char(2) NOT NULL,
    indicator text NOT NULL,
    day date NOT NULL,
    value numeric NOT NULL,
    source text NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (country, indicator, day)
);
GRANT SELECT ON macro_values TO ayni_app;
""")
