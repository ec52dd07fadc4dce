"""Customers by cohort and by RFM scores, kept by the refresh: over a million lines they take longer than a page may.

Both tables hold counts, no customer. They are read only while no fact changed since the refresh, as metric_values are.
"""

from alembic import op

revision = "0022"
down_revision = "0021"

TABLES = """
-- Of those whose first purchase ever lies in the month `born`: how many bought in `month`.
CREATE TABLE cohort_counts (
    company_id uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    born date NOT NULL,
    month date NOT NULL,
    customers integer NOT NULL,
    PRIMARY KEY (company_id, born, month)
);
-- Scores from 1 to 5 over the twelve months up to `until`.
CREATE TABLE rfm_counts (
    company_id uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    until date NOT NULL,
    recency smallint NOT NULL,
    frequency smallint NOT NULL,
    value smallint NOT NULL,
    customers integer NOT NULL,
    sales numeric NOT NULL,
    PRIMARY KEY (company_id, until, recency, frequency, value)
);
"""


def upgrade() -> None:
    op.execute(TABLES)
    for table in ("cohort_counts", "rfm_counts"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY scope ON {table} TO ayni_app "
            "USING (company_id = nullif(current_setting('app.company_id', true), '')::uuid) "
            "WITH CHECK (company_id = nullif(current_setting('app.company_id', true), '')::uuid)"
        )
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO ayni_app")
