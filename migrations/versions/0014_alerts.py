"""Alerts: the rules a company sets, what they brought to light, and who is told of it, when and how.

A rule keeps its own state (`armed`, `seen_until`, `fired_at`), so that one crossing is told once. A row of
`alert_deliveries` is one message to one person by one channel; `due_at` holds quiet hours, escalation and snoozing.
"""

from alembic import op

revision = "0014"
down_revision = "0013"

TABLES = """
CREATE TABLE alert_rules (
    company_id uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    kind text NOT NULL,
    metric text NOT NULL,
    filters jsonb NOT NULL DEFAULT '[]',
    side text NOT NULL CHECK (side IN ('below', 'above', 'both')),
    amount numeric NOT NULL,
    grain text NOT NULL CHECK (grain IN ('day', 'week', 'month')),
    versus text NOT NULL DEFAULT 'previous' CHECK (versus IN ('previous', 'last_year')),
    channels text[] NOT NULL,
    recipient uuid REFERENCES users ON DELETE SET NULL,
    second uuid REFERENCES users ON DELETE SET NULL,
    escalate_hours smallint NOT NULL DEFAULT 24 CHECK (escalate_hours BETWEEN 1 AND 720),
    quiet_from smallint NOT NULL DEFAULT 21 CHECK (quiet_from BETWEEN 0 AND 23),
    quiet_until smallint NOT NULL DEFAULT 8 CHECK (quiet_until BETWEEN 0 AND 23),
    cooldown_hours smallint NOT NULL DEFAULT 24 CHECK (cooldown_hours BETWEEN 0 AND 720),
    paused_until date,
    created_by uuid REFERENCES users ON DELETE SET NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    ended_at timestamptz,
    armed boolean NOT NULL DEFAULT true,
    seen_until date,
    fired_at timestamptz,
    PRIMARY KEY (company_id, id)
);
CREATE TABLE alerts (
    company_id uuid NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    rule_id uuid NOT NULL,
    fired_at timestamptz NOT NULL,
    period_start date NOT NULL,
    period_end date NOT NULL,
    value numeric NOT NULL,
    compared numeric,
    wanted numeric NOT NULL,
    title text NOT NULL,
    body text NOT NULL,
    recovered_at timestamptz,
    acknowledged_at timestamptz,
    acknowledged_by uuid REFERENCES users ON DELETE SET NULL,
    snoozed_until date,
    PRIMARY KEY (company_id, id),
    FOREIGN KEY (company_id, rule_id) REFERENCES alert_rules ON DELETE CASCADE
);
CREATE INDEX alerts_open ON alerts (company_id, fired_at DESC) WHERE acknowledged_at IS NULL;
CREATE TABLE alert_deliveries (
    company_id uuid NOT NULL,
    alert_id uuid NOT NULL,
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    channel text NOT NULL CHECK (channel IN ('email', 'whatsapp')),
    reason text NOT NULL,
    due_at timestamptz NOT NULL,
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'cancelled', 'failed', 'unsure')),
    error text NOT NULL DEFAULT '',
    settled_at timestamptz,
    PRIMARY KEY (company_id, alert_id, user_id, channel, reason),
    FOREIGN KEY (company_id, alert_id) REFERENCES alerts ON DELETE CASCADE
);
CREATE INDEX alert_deliveries_due ON alert_deliveries (due_at) WHERE state = 'waiting';
"""

# The schedule's view over all companies: where a message is due.
DUE = """
CREATE FUNCTION alerts_due(at timestamptz)
    RETURNS TABLE (company_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ SELECT DISTINCT d.company_id FROM alert_deliveries d WHERE d.state = 'waiting' AND d.due_at <= at $$;
"""
NAMES = ("alert_rules", "alerts", "alert_deliveries")


def upgrade() -> None:
    op.execute(TABLES)
    for table in NAMES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY scope ON {table} TO ayni_app "
            "USING (company_id = nullif(current_setting('app.company_id', true), '')::uuid) "
            "WITH CHECK (company_id = nullif(current_setting('app.company_id', true), '')::uuid)"
        )
        op.execute(f"CREATE POLICY owner ON {table} FOR SELECT TO ayni_owner USING (true)")
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {', '.join(NAMES)} TO ayni_app")
    op.execute(DUE)
    op.execute("REVOKE ALL ON FUNCTION alerts_due(timestamptz) FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION alerts_due(timestamptz) TO ayni_app")
