"""An expense that its sheet knows by month alone (`by_month`, dated the month's first day), and a row of a sheet that
has a column for each month: several lines of one row, told apart by `part` (0 where a row is one line)."""

from alembic import op

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    op.execute(
        """
        ALTER TABLE fact_expenses
            ADD COLUMN by_month boolean NOT NULL DEFAULT false,
            ADD COLUMN part smallint NOT NULL DEFAULT 0,
            DROP CONSTRAINT fact_expenses_pkey,
            ADD PRIMARY KEY (company_id, upload_id, source_line, part),
            ADD CHECK (NOT by_month OR extract(day FROM spent_on) = 1)
        """
    )
