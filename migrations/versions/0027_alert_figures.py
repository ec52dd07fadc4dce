"""An alert keeps what its figure is of: its rule may change later, its source must stay the one it was told of."""

from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    op.execute(
        "ALTER TABLE alerts ADD COLUMN metric text NOT NULL DEFAULT 'sales', "
        "ADD COLUMN filters jsonb NOT NULL DEFAULT '[]'"
    )
