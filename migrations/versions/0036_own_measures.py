"""What a company measures by itself, month by month: a name ('horas atendidas') and its numbers, whole or by branch.
Own metrics are formulas over these, too."""

from alembic import op

revision = "0036"
down_revision = "0035"

TABLES = """
CREATE TABLE own_measures (
    company_id uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    id uuid NOT NULL,
    name text NOT NULL,
    folded text NOT NULL,
    created_by uuid REFERENCES users ON DELETE SET NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    deleted_at timestamptz,
    PRIMARY KEY (company_id, id)
);
CREATE UNIQUE INDEX own_measures_name ON own_measures (company_id, folded) WHERE deleted_at IS NULL;
CREATE TABLE own_measure_values (
    company_id uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    measure_id uuid NOT NULL,
    month date NOT NULL CHECK (extract(day FROM month) = 1),
    branch text NOT NULL DEFAULT '',
    value numeric NOT NULL,
    PRIMARY KEY (company_id, measure_id, month, branch),
    FOREIGN KEY (company_id, measure_id) REFERENCES own_measures (company_id, id) ON DELETE CASCADE
);
"""


def upgrade() -> None:
    op.execute(TABLES)
    for table in ("own_measures", "own_measure_values"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY scope ON {table} TO ayni_app "
            "USING (company_id = nullif(current_setting('app.company_id', true), '')::uuid) "
            "WITH CHECK (company_id = nullif(current_setting('app.company_id', true), '')::uuid)"
        )
        op.execute(f"CREATE POLICY owner ON {table} FOR SELECT TO ayni_owner USING (true)")
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO ayni_app")
