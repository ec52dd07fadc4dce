"""Rights of the persons in the data, a company's export and its end, and what the operator of the service may see.

`suppressions` are the persons that were erased: keyed hashes of what they were known by, so that a file that is sent
again does not bring them back. `privacy_requests` is the register: once a person is erased, it no longer says who.
The operator's functions answer a user who is flagged as one, and tell counts and states, never a company's figures.
"""

from alembic import op

revision = "0018"
down_revision = "0017"

TABLES = """
ALTER TABLE users ADD COLUMN operator boolean NOT NULL DEFAULT false;
GRANT SELECT (operator) ON users TO ayni_app;
ALTER TABLE companies ADD COLUMN leaves_at timestamptz;
GRANT UPDATE (leaves_at) ON companies TO ayni_app;

-- `redacted_at`: the stored file no longer is what was sent, since somebody in it was erased.
ALTER TABLE uploads ADD COLUMN redacted_at timestamptz;
-- `reserved`: not told by name in any analysis (who objected, who was erased). `corrected_name`: what a rectification
-- says; `name` stays as the files have it, for it is part of how their lines are known again.
ALTER TABLE dim_customers ADD COLUMN reserved boolean NOT NULL DEFAULT false, ADD COLUMN corrected_name text;

CREATE TABLE suppressions (
    company_id uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    hash bytea NOT NULL,
    words smallint NOT NULL DEFAULT 1,
    label text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (company_id, hash)
);
CREATE TABLE privacy_requests (
    company_id uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    kind text NOT NULL CHECK (kind IN ('access', 'rectification', 'deletion', 'opposition', 'portability')),
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'working', 'done', 'failed')),
    subject text NOT NULL,
    person jsonb NOT NULL DEFAULT '{}',
    received_on date NOT NULL,
    due_on date NOT NULL,
    result jsonb NOT NULL DEFAULT '{}',
    message text NOT NULL DEFAULT '',
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    PRIMARY KEY (company_id, id)
);
CREATE TABLE exports (
    company_id uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'working', 'ready', 'failed', 'expired')),
    stage text NOT NULL DEFAULT '',
    parts_done integer NOT NULL DEFAULT 0,
    parts integer NOT NULL DEFAULT 0,
    size_bytes bigint NOT NULL DEFAULT 0,
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    expires_at timestamptz,
    PRIMARY KEY (company_id, id)
);
CREATE INDEX audit_log_latest ON audit_log (company_id, at DESC, id DESC);
"""

TENANT_TABLES = ("suppressions", "privacy_requests", "exports")

# The owner of a function that passes the policies still needs one of its own to see anything.
OPERATOR = """
CREATE FUNCTION is_operator() RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ SELECT EXISTS (SELECT FROM users
                         WHERE id = nullif(current_setting('app.user_id', true), '')::uuid AND operator) $$;
CREATE POLICY operate ON exchanges FOR SELECT TO ayni_owner USING (is_operator());
CREATE POLICY operate ON uploads FOR SELECT TO ayni_owner USING (is_operator());
CREATE POLICY operate ON feature_state FOR SELECT TO ayni_owner USING (is_operator());

CREATE FUNCTION operator_jobs(most integer)
    RETURNS TABLE (company_id uuid, company text, id uuid, kind text, state text, attempts integer, error text,
                   created_at timestamptz, run_after timestamptz, finished_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ SELECT j.company_id, c.name, j.id, j.kind, j.state, j.attempts, j.error, j.created_at, j.run_after,
                 j.finished_at
          FROM jobs j JOIN companies c ON c.id = j.company_id WHERE is_operator()
          ORDER BY array_position(ARRAY['failed', 'running', 'queued', 'done'], j.state),
                   coalesce(j.finished_at, j.created_at) DESC LIMIT most $$;
CREATE FUNCTION operator_companies()
    RETURNS TABLE (id uuid, slug text, name text, demo boolean, created_at timestamptz, people bigint, lines bigint,
                   last_upload timestamptz, last_state text, leaves_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ SELECT c.id, c.slug, c.name, c.demo, c.created_at,
                 (SELECT count(*) FROM memberships m WHERE m.company_id = c.id),
                 coalesce((SELECT f.lines FROM feature_state f WHERE f.company_id = c.id), 0),
                 u.created_at, coalesce(u.state, ''), c.leaves_at
          FROM companies c LEFT JOIN LATERAL (SELECT u.created_at, u.state FROM uploads u WHERE u.company_id = c.id
                                              ORDER BY u.created_at DESC LIMIT 1) u ON true
          WHERE is_operator() AND NOT (c.demo AND NOT EXISTS (SELECT FROM memberships m WHERE m.company_id = c.id))
          ORDER BY u.created_at DESC NULLS LAST, c.created_at $$;
CREATE FUNCTION operator_spend(since timestamptz)
    RETURNS TABLE (company text, month date, model text, asked bigint, tokens_in bigint, tokens_out bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ SELECT c.name, date_trunc('month', e.created_at)::date, e.model, count(*), sum(e.tokens_in),
                 sum(e.tokens_out)
          FROM exchanges e JOIN companies c ON c.id = e.company_id
          WHERE is_operator() AND e.created_at >= since AND e.model <> ''
          GROUP BY 1, 2, 3 ORDER BY 2 DESC, 6 DESC, 1 $$;
-- What was not answered: the question and the state. The answer, which may carry figures, stays with the company.
CREATE FUNCTION operator_unanswered(most integer)
    RETURNS TABLE (company text, created_at timestamptz, channel text, question text, status text, planner text,
                   model text, took_ms double precision)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ SELECT c.name, e.created_at, e.channel, e.question, e.answer->>'status', e.planner, e.model, e.took_ms
          FROM exchanges e JOIN companies c ON c.id = e.company_id
          WHERE is_operator() AND e.answer->>'status' <> 'answered' ORDER BY e.created_at DESC LIMIT most $$;
CREATE FUNCTION operator_mails(since timestamptz)
    RETURNS TABLE (state text, mails bigint, latest timestamptz, error text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ SELECT m.state, count(*), max(m.created_at), coalesce(max(m.error), '')
          FROM mails m WHERE is_operator() AND m.created_at >= since GROUP BY 1 ORDER BY 2 DESC $$;
CREATE FUNCTION operator_health()
    RETURNS TABLE (database_bytes bigint, waiting bigint, running bigint, oldest_seconds double precision)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ SELECT pg_database_size(current_database()), count(*) FILTER (WHERE state = 'queued' AND run_after <= now()),
                 count(*) FILTER (WHERE state = 'running'),
                 coalesce(extract(epoch FROM now() - min(run_after) FILTER (WHERE state = 'queued'
                                                                            AND run_after <= now())), 0)
          FROM jobs WHERE is_operator() AND state IN ('queued', 'running') $$;
"""

# Chats are seen by their own person alone; who has any, in the company of the scope, is what erasing needs to know.
LEAVING = """
CREATE POLICY erase ON chat_threads FOR SELECT TO ayni_owner
    USING (company_id = nullif(current_setting('app.company_id', true), '')::uuid);
CREATE FUNCTION chat_people() RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ SELECT DISTINCT user_id FROM chat_threads
          WHERE company_id = nullif(current_setting('app.company_id', true), '')::uuid $$;
CREATE FUNCTION companies_leaving(until timestamptz) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ SELECT id FROM companies WHERE leaves_at <= until ORDER BY leaves_at $$;
"""
FUNCTIONS = (
    "is_operator()", "operator_jobs(integer)", "operator_companies()", "operator_spend(timestamptz)",
    "operator_unanswered(integer)", "operator_mails(timestamptz)", "operator_health()", "chat_people()",
    "companies_leaving(timestamptz)",
)  # fmt: skip


def upgrade() -> None:
    op.execute(TABLES)
    for table in TENANT_TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY scope ON {table} TO ayni_app "
            "USING (company_id = nullif(current_setting('app.company_id', true), '')::uuid) "
            "WITH CHECK (company_id = nullif(current_setting('app.company_id', true), '')::uuid)"
        )
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {', '.join(TENANT_TABLES)} TO ayni_app")
    op.execute(OPERATOR)
    op.execute(LEAVING)
    for function in FUNCTIONS:
        op.execute(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {function} TO ayni_app")
