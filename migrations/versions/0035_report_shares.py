"""Who else a report is for: chosen members or roles, each to look at it or to change it too.

`reports.shared` stays: everybody in the company looks.
"""

from alembic import op

revision = "0035"
down_revision = "0034"

TABLE = """
CREATE TABLE report_shares (
    company_id uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    report_id uuid NOT NULL,
    who text NOT NULL GENERATED ALWAYS AS (coalesce(user_id::text, role)) STORED,
    user_id uuid,
    role text CHECK (role IN ('owner', 'analyst', 'operations', 'marketing', 'finance', 'viewer')),
    may_edit boolean NOT NULL DEFAULT false,
    PRIMARY KEY (company_id, report_id, who),
    CHECK (num_nonnulls(user_id, role) = 1),
    FOREIGN KEY (company_id, report_id) REFERENCES reports (company_id, id) ON DELETE CASCADE,
    FOREIGN KEY (company_id, user_id) REFERENCES memberships (company_id, user_id) ON DELETE CASCADE
);
CREATE INDEX report_shares_of_user ON report_shares (company_id, user_id);
"""


def upgrade() -> None:
    op.execute(TABLE)
    op.execute("ALTER TABLE report_shares ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE report_shares FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY scope ON report_shares TO ayni_app "
        "USING (company_id = nullif(current_setting('app.company_id', true), '')::uuid) "
        "WITH CHECK (company_id = nullif(current_setting('app.company_id', true), '')::uuid)"
    )
    op.execute("CREATE POLICY owner ON report_shares FOR SELECT TO ayni_owner USING (true)")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON report_shares TO ayni_app")
