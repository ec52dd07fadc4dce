"""A row of a count of stock that has a column for each branch: several lines of one row, told apart by `part` (0 where
a row is one line)."""

from alembic import op

revision = "0040"
down_revision = "0039"


def upgrade() -> None:
    op.execute(
        """
        ALTER TABLE fact_stock
            ADD COLUMN part smallint NOT NULL DEFAULT 0,
            DROP CONSTRAINT fact_stock_pkey,
            ADD PRIMARY KEY (company_id, upload_id, source_line, part)
        """
    )
