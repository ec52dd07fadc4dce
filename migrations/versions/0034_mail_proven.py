"""A question that came by mail keeps whether its sender was proven: without that it may ask and change nothing."""

from alembic import op

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    op.execute("ALTER TABLE inbound_mails ADD COLUMN proven boolean NOT NULL DEFAULT false")
