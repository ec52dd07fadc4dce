"""A reader whose mails are paused is still due where the summary comes by WhatsApp."""

from alembic import op

revision = "0026"
down_revision = "0025"

READERS = """
CREATE OR REPLACE FUNCTION digest_readers()
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
            AND (coalesce(d.by, 'email') <> 'email'
                 OR NOT EXISTS (SELECT FROM mail_pauses p WHERE p.company_id = c.id AND p.user_id = m.user_id
                                                            AND p.address = u.email)) $$;
"""


def upgrade() -> None:
    op.execute(READERS)
