"""The login's tries, and the queue's memory of what it sent."""

from alembic import op

revision = "0006"
down_revision = "0005"

# Hashes and instants only. The runtime role reaches it through the two functions and no other way.
TRIES = """
CREATE TABLE login_failures (key text NOT NULL, at timestamptz NOT NULL DEFAULT now());
CREATE INDEX login_failures_key ON login_failures (key, at);
CREATE FUNCTION login_tries(keys text[], minutes integer) RETURNS bigint[]
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ BEGIN
        DELETE FROM login_failures WHERE at < now() - make_interval(mins => minutes);
        INSERT INTO login_failures (key) SELECT unnest(keys);
        RETURN (SELECT array_agg((SELECT count(*) FROM login_failures f WHERE f.key = k.key) ORDER BY k.place)
                FROM unnest(keys) WITH ORDINALITY k (key, place));
    END $$;
CREATE FUNCTION login_forgive(keys text[]) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ DELETE FROM login_failures WHERE key = ANY (keys) $$;
"""

# A token's last use is told to the minute: a write for each call would cost more than the call.
TOKENS = """
CREATE OR REPLACE FUNCTION token_lookup(hash bytea) RETURNS TABLE (user_id uuid, company_id uuid)
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ UPDATE api_tokens SET last_used_at = now() WHERE token_sha256 = hash
              AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute');
          SELECT user_id, company_id FROM api_tokens WHERE token_sha256 = hash $$;
"""

# What was sent lately is not sent again while a worker is busy; what has no living lease after that is.
QUEUE = """
ALTER TABLE jobs ADD COLUMN sent_at timestamptz;
DROP FUNCTION jobs_to_send(integer);
CREATE FUNCTION jobs_to_send(most integer) RETURNS TABLE (company_id uuid, id uuid)
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ UPDATE jobs SET sent_at = now() WHERE (company_id, id) IN (
              SELECT company_id, id FROM jobs
              WHERE ((state = 'queued' AND run_after <= now()) OR (state = 'running' AND lease_until < now()))
                AND (sent_at IS NULL OR sent_at < now() - interval '30 seconds')
              ORDER BY run_after LIMIT most FOR UPDATE SKIP LOCKED)
          RETURNING company_id, id $$;
CREATE FUNCTION jobs_open() RETURNS TABLE (state text, count bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ SELECT state, count(*) FROM jobs WHERE state IN ('queued', 'running') GROUP BY state $$;
"""
FUNCTIONS = ("login_tries(text[], integer)", "login_forgive(text[])", "jobs_to_send(integer)", "jobs_open()")


def upgrade() -> None:
    for statement in (TRIES, TOKENS, QUEUE):
        op.execute(statement)
    for function in FUNCTIONS:
        op.execute(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {function} TO ayni_app")
