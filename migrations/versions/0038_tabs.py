"""What each tab of a workbook is read as, in the workbook's order: [["Ventas", "sales"], ["Notas", ""], …]; '' where a
tab is not read. Null: the file has no tabs, or was read before each tab was told apart."""

from alembic import op

revision = "0038"
down_revision = "0037"


def upgrade() -> None:
    op.execute("ALTER TABLE uploads ADD COLUMN tabs jsonb")
