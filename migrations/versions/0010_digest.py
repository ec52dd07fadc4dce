"""How often each reader wants the summary, and what became of every mail.

`mails` is what makes a mail leave once: one row a reader and edition, claimed before it is written, marked before its
last bytes leave and again once it was accepted (server/digest/outbox.py).
"""

from alembic import op

revision = "0010"
down_revision = "0009"

TABLES = """
CREATE TABLE digest_choices (
    company_id uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    frequency text NOT NULL CHECK (frequency IN ('weekly', 'monthly', 'off')),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (company_id, user_id)
);
CREATE TABLE mails (
    company_id uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    edition text NOT NULL,
    state text NOT NULL CHECK (state IN ('waiting', 'claimed', 'sending', 'sent', 'skipped', 'failed', 'unsure')),
    message_id text NOT NULL,
    holder text NOT NULL DEFAULT '',
    claimed_until timestamptz NOT NULL DEFAULT now(),
    run_after timestamptz NOT NULL DEFAULT now(),
    attempts integer NOT NULL DEFAULT 0,
    error text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    sent_at timestamptz,
    PRIMARY KEY (company_id, user_id, edition)
);
"""

# The schedule's view over all companies: who may be due, and which editions of theirs are settled or not due again yet.
READERS = """
CREATE FUNCTION digest_readers()
    RETURNS TABLE (company_id uuid, timezone text, frequency text, settled text[])
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ SELECT c.id, c.timezone, coalesce(d.frequency, 'weekly'),
                 ARRAY(SELECT e.edition FROM mails e
                       WHERE e.company_id = c.id AND e.user_id = m.user_id AND e.created_at > now() - interval '45 days'
                         AND (e.state IN ('sent', 'skipped', 'failed', 'unsure')
                              OR (e.state = 'waiting' AND e.run_after > now())
                              OR (e.state IN ('claimed', 'sending') AND e.claimed_until > now())))
          FROM companies c JOIN memberships m ON m.company_id = c.id
          LEFT JOIN digest_choices d ON d.company_id = c.id AND d.user_id = m.user_id
          WHERE coalesce(d.frequency, CASE WHEN m.role = 'owner' THEN 'weekly' ELSE 'off' END) <> 'off' $$;
"""


def upgrade() -> None:
    op.execute(TABLES)
    for table in ("digest_choices", "mails"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY scope ON {table} TO ayni_app "
            "USING (company_id = nullif(current_setting('app.company_id', true), '')::uuid) "
            "WITH CHECK (company_id = nullif(current_setting('app.company_id', true), '')::uuid)"
        )
        op.execute(f"CREATE POLICY owner ON {table} FOR SELECT TO ayni_owner USING (true)")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON digest_choices, mails TO ayni_app")
    op.execute(READERS)
    op.execute("REVOKE ALL ON FUNCTION digest_readers() FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION digest_readers() TO ayni_app")
