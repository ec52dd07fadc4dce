"""A mail whose worker died while sending it is looked at again too, so that its row says that nobody knows."""

from alembic import op

revision = "0028"
down_revision = "0027"

WAITING = """
CREATE OR REPLACE FUNCTION companies_with_mail_waiting(prefix text) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ SELECT DISTINCT e.company_id FROM mails e
          WHERE starts_with(e.key, prefix)
            AND ((e.state IN ('waiting', 'held') AND e.run_after <= now())
                 OR (e.state IN ('claimed', 'sending') AND e.claimed_until < now())) $$;
DROP INDEX mails_open;
CREATE INDEX mails_open ON mails (run_after) WHERE state IN ('waiting', 'held', 'claimed', 'sending');
"""


def upgrade() -> None:
    op.execute(WAITING)
