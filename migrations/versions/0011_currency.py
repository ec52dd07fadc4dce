"""A company's first file may say its currency."""

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.execute("GRANT UPDATE (currency) ON companies TO ayni_app")
