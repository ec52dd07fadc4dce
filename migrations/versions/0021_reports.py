"""Reports: what a person put together, who may open it, and to whom it is sent when.

A report belongs to a member; where they leave, it is nobody's, and who manages the company sees to it. `since` and
`done_on` of a schedule say from when its days count and which was the last one that everybody got.
"""

from alembic import op

revision = "0021"
down_revision = "0020"

TABLES = """
CREATE TABLE reports (
    company_id uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    id uuid NOT NULL,
    owner_id uuid,
    title text NOT NULL,
    spec jsonb NOT NULL,
    shared boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz,
    PRIMARY KEY (company_id, id),
    FOREIGN KEY (company_id, owner_id) REFERENCES memberships (company_id, user_id) ON DELETE SET NULL (owner_id)
);
CREATE INDEX reports_of_owner ON reports (company_id, owner_id);
CREATE TABLE report_schedules (
    company_id uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    report_id uuid NOT NULL,
    cadence text NOT NULL CHECK (cadence IN ('daily', 'weekly', 'monthly')),
    weekday smallint NOT NULL CHECK (weekday BETWEEN 0 AND 6),
    month_day smallint NOT NULL CHECK (month_day BETWEEN 1 AND 31),
    hour smallint NOT NULL CHECK (hour BETWEEN 0 AND 23),
    formats text[] NOT NULL CHECK (formats <@ ARRAY['pdf', 'xlsx'] AND cardinality(formats) > 0),
    since timestamptz NOT NULL,
    done_on date,
    PRIMARY KEY (company_id, report_id),
    FOREIGN KEY (company_id, report_id) REFERENCES reports (company_id, id) ON DELETE CASCADE
);
CREATE TABLE report_recipients (
    company_id uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    report_id uuid NOT NULL,
    user_id uuid NOT NULL,
    PRIMARY KEY (company_id, report_id, user_id),
    FOREIGN KEY (company_id, report_id) REFERENCES report_schedules (company_id, report_id) ON DELETE CASCADE,
    FOREIGN KEY (company_id, user_id) REFERENCES memberships (company_id, user_id) ON DELETE CASCADE
);
CREATE INDEX report_recipients_of_user ON report_recipients (company_id, user_id);
"""

# The schedule's view over all companies: the clocks of what is sent, and nothing of what it says.
SCHEDULED = """
CREATE FUNCTION scheduled_reports()
    RETURNS TABLE (company_id uuid, timezone text, cadence text, weekday smallint, month_day smallint, hour smallint,
                   since timestamptz, done_on date)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ SELECT c.id, c.timezone, s.cadence, s.weekday, s.month_day, s.hour, s.since, s.done_on
          FROM report_schedules s JOIN companies c ON c.id = s.company_id
          JOIN reports r ON r.company_id = s.company_id AND r.id = s.report_id AND r.deleted_at IS NULL $$;
"""


def upgrade() -> None:
    op.execute(TABLES)
    for table in ("reports", "report_schedules", "report_recipients"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY scope ON {table} TO ayni_app "
            "USING (company_id = nullif(current_setting('app.company_id', true), '')::uuid) "
            "WITH CHECK (company_id = nullif(current_setting('app.company_id', true), '')::uuid)"
        )
        op.execute(f"CREATE POLICY owner ON {table} FOR SELECT TO ayni_owner USING (true)")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON reports, report_schedules, report_recipients TO ayni_app")
    op.execute(SCHEDULED)
    op.execute("REVOKE ALL ON FUNCTION scheduled_reports() FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION scheduled_reports() TO ayni_app")
