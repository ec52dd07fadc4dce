"""A mail's row is anyone's: the summary's, an alert's, a report's. What came back is noted, and pauses its reader's.

`held` waits for data (run_after: not before), `bounced` was taken by a server that later said no. `mail_by_message_id`
finds whose mail a bounce speaks of; `companies_with_mail_waiting` where a mail of one kind should be tried again.
"""

from alembic import op

revision = "0013"
down_revision = "0012"

STATES = "'waiting', 'held', 'claimed', 'sending', 'sent', 'skipped', 'failed', 'unsure', 'bounced'"

PAUSES = """
CREATE TABLE mail_pauses (
    company_id uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    address text NOT NULL,
    reason text NOT NULL,
    since timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (company_id, user_id)
);
ALTER TABLE mail_pauses ENABLE ROW LEVEL SECURITY;
ALTER TABLE mail_pauses FORCE ROW LEVEL SECURITY;
CREATE POLICY scope ON mail_pauses TO ayni_app
    USING (company_id = nullif(current_setting('app.company_id', true), '')::uuid)
    WITH CHECK (company_id = nullif(current_setting('app.company_id', true), '')::uuid);
CREATE POLICY owner ON mail_pauses FOR SELECT TO ayni_owner USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON mail_pauses TO ayni_app;
"""

READERS = """
DROP FUNCTION digest_readers();
CREATE FUNCTION digest_readers()
    RETURNS TABLE (company_id uuid, timezone text, frequency text, settled text[], woken text[])
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ SELECT c.id, c.timezone, coalesce(d.frequency, 'weekly'),
                 ARRAY(SELECT e.key FROM mails e
                       WHERE e.company_id = c.id AND e.user_id = m.user_id AND e.created_at > now() - interval '45 days'
                         AND (e.state IN ('sent', 'skipped', 'failed', 'unsure', 'bounced')
                              OR (e.state IN ('waiting', 'held') AND e.run_after > now())
                              OR (e.state IN ('claimed', 'sending') AND e.claimed_until > now()))),
                 ARRAY(SELECT e.key FROM mails e
                       WHERE e.company_id = c.id AND e.user_id = m.user_id AND e.created_at > now() - interval '45 days'
                         AND e.state = 'held' AND e.run_after <= now())
          FROM companies c JOIN memberships m ON m.company_id = c.id JOIN users u ON u.id = m.user_id
          LEFT JOIN digest_choices d ON d.company_id = c.id AND d.user_id = m.user_id
          WHERE coalesce(d.frequency, CASE WHEN m.role = 'owner' THEN 'weekly' ELSE 'off' END) <> 'off'
            AND NOT EXISTS (SELECT FROM mail_pauses p WHERE p.company_id = c.id AND p.user_id = m.user_id
                                                        AND p.address = u.email) $$;
REVOKE ALL ON FUNCTION digest_readers() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION digest_readers() TO ayni_app;
"""

FINDING = """
CREATE FUNCTION mail_by_message_id(wanted text)
    RETURNS TABLE (company_id uuid, user_id uuid, key text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ SELECT e.company_id, e.user_id, e.key FROM mails e WHERE e.message_id = wanted LIMIT 1 $$;
REVOKE ALL ON FUNCTION mail_by_message_id(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION mail_by_message_id(text) TO ayni_app;

CREATE FUNCTION companies_with_mail_waiting(prefix text) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ SELECT DISTINCT e.company_id FROM mails e
          WHERE starts_with(e.key, prefix)
            AND ((e.state IN ('waiting', 'held') AND e.run_after <= now())
                 OR (e.state = 'claimed' AND e.claimed_until < now())) $$;
REVOKE ALL ON FUNCTION companies_with_mail_waiting(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION companies_with_mail_waiting(text) TO ayni_app;
"""


def upgrade() -> None:
    op.execute("ALTER TABLE mails RENAME COLUMN edition TO key")
    op.execute("ALTER TABLE mails DROP CONSTRAINT mails_state_check")
    op.execute(f"ALTER TABLE mails ADD CONSTRAINT mails_state_check CHECK (state IN ({STATES}))")
    op.execute(
        "ALTER TABLE mails ADD COLUMN subject text NOT NULL DEFAULT '', ADD COLUMN recipient text NOT NULL DEFAULT ''"
    )
    op.execute("CREATE INDEX mails_message ON mails (message_id)")
    op.execute("CREATE INDEX mails_open ON mails (run_after) WHERE state IN ('waiting', 'held', 'claimed')")
    op.execute(PAUSES)
    op.execute(READERS)
    op.execute(FINDING)
