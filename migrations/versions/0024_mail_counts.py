"""How many mails stand where, over all companies, for the operator's gauges: counts and nothing else."""

from alembic import op

revision = "0024"
down_revision = "0023"

COUNTS = """
CREATE FUNCTION mails_by_state() RETURNS TABLE (state text, count bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ SELECT e.state, count(*) FROM mails e WHERE e.created_at > now() - interval '7 days' GROUP BY e.state $$;
CREATE INDEX mails_created ON mails (created_at);
REVOKE ALL ON FUNCTION mails_by_state() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION mails_by_state() TO ayni_app;
"""


def upgrade() -> None:
    op.execute(COUNTS)
