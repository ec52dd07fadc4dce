"""A company's own metrics: a name, and a formula over the catalog's metrics in postfix order."""

from alembic import op

revision = "0016"
down_revision = "0015"

TABLE = """
CREATE TABLE own_metrics (
    company_id uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    id uuid NOT NULL,
    name text NOT NULL,
    folded text NOT NULL,
    formula text NOT NULL,
    unit text NOT NULL,
    good text NOT NULL CHECK (good IN ('up', 'down', 'neither')),
    created_by uuid REFERENCES users ON DELETE SET NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    deleted_at timestamptz,
    PRIMARY KEY (company_id, id)
);
CREATE UNIQUE INDEX own_metrics_name ON own_metrics (company_id, folded) WHERE deleted_at IS NULL;
"""


def upgrade() -> None:
    op.execute(TABLE)
    op.execute("ALTER TABLE own_metrics ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE own_metrics FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY scope ON own_metrics TO ayni_app "
        "USING (company_id = nullif(current_setting('app.company_id', true), '')::uuid) "
        "WITH CHECK (company_id = nullif(current_setting('app.company_id', true), '')::uuid)"
    )
    op.execute("CREATE POLICY owner ON own_metrics FOR SELECT TO ayni_owner USING (true)")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON own_metrics TO ayni_app")
