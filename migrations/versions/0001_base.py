"""Tenants, login, uploads, facts, metric values, chunks and jobs, each tenant table behind row-level security.

Roles: `ayni_owner` owns everything and never serves a request; `ayni_app` serves requests and owns nothing.
A tenant table leads its primary key with `company_id`, so that the database can be distributed by it.
"""

from alembic import op

revision = "0001"
down_revision = None

TABLES = """
CREATE TABLE companies (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    slug text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
    name text NOT NULL,
    sector text NOT NULL DEFAULT '',
    country char(2) NOT NULL DEFAULT 'CL',
    currency char(3) NOT NULL DEFAULT 'CLP',
    timezone text NOT NULL DEFAULT 'America/Santiago',
    locale text NOT NULL DEFAULT 'es-CL',
    tax_id text,
    demo boolean NOT NULL DEFAULT false,
    shares_benchmarks boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE users (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    email text NOT NULL UNIQUE CHECK (email = lower(email)),
    name text NOT NULL DEFAULT '',
    password_hash text NOT NULL,
    token_version integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE memberships (
    company_id uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    role text NOT NULL CHECK (role IN ('owner', 'analyst', 'viewer')),
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (company_id, user_id)
);
CREATE INDEX ON memberships (user_id);
CREATE TABLE api_tokens (
    company_id uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    name text NOT NULL,
    token_sha256 bytea NOT NULL UNIQUE,
    created_at timestamptz NOT NULL DEFAULT now(),
    last_used_at timestamptz,
    PRIMARY KEY (company_id, id)
);

-- A file as it was received. `sha256` is its identity: the same bytes twice are one upload, unless it was undone.
CREATE TABLE uploads (
    company_id uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    filename text NOT NULL,
    sha256 bytea NOT NULL,
    size_bytes bigint NOT NULL,
    state text NOT NULL DEFAULT 'received'
        CHECK (state IN ('received', 'working', 'ready', 'failed', 'undone')),
    stage text NOT NULL DEFAULT '',
    rows_read bigint NOT NULL DEFAULT 0,
    accepted bigint NOT NULL DEFAULT 0,
    set_aside bigint NOT NULL DEFAULT 0,
    already_known bigint NOT NULL DEFAULT 0,
    possible_duplicates bigint NOT NULL DEFAULT 0,
    first_day date,
    last_day date,
    layout text NOT NULL DEFAULT '',
    reading jsonb NOT NULL DEFAULT '{}',
    error_code text NOT NULL DEFAULT '',
    message text NOT NULL DEFAULT '',
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    PRIMARY KEY (company_id, id)
);
CREATE UNIQUE INDEX uploads_identity ON uploads (company_id, sha256) WHERE state <> 'undone';
CREATE TABLE rejected_rows (
    company_id uuid NOT NULL,
    upload_id uuid NOT NULL,
    line integer NOT NULL,
    code text NOT NULL,
    reason text NOT NULL,
    raw text NOT NULL,
    PRIMARY KEY (company_id, upload_id, line),
    FOREIGN KEY (company_id, upload_id) REFERENCES uploads ON DELETE CASCADE
);
-- The owner's corrected column mapping, remembered for the next file with the same header.
CREATE TABLE column_mappings (
    company_id uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    layout text NOT NULL,
    mapping jsonb NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (company_id, layout)
);

CREATE TABLE dim_products (
    company_id uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    id bigint GENERATED ALWAYS AS IDENTITY,
    key text NOT NULL,
    name text NOT NULL,
    sku text,
    category text,
    PRIMARY KEY (company_id, id),
    UNIQUE (company_id, key)
);
CREATE TABLE dim_customers (
    company_id uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    id bigint GENERATED ALWAYS AS IDENTITY,
    key text NOT NULL,
    name text NOT NULL,
    tax_id text,
    PRIMARY KEY (company_id, id),
    UNIQUE (company_id, key)
);
CREATE TABLE dim_stores (
    company_id uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    id bigint GENERATED ALWAYS AS IDENTITY,
    key text NOT NULL,
    name text NOT NULL,
    PRIMARY KEY (company_id, id),
    UNIQUE (company_id, key)
);
CREATE TABLE dim_channels (
    company_id uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    id bigint GENERATED ALWAYS AS IDENTITY,
    key text NOT NULL,
    name text NOT NULL,
    PRIMARY KEY (company_id, id),
    UNIQUE (company_id, key)
);
-- One row a sale line. Returns have kind 'return' and negative quantity and total. Amounts are what the customer
-- paid, in `currency`; `line_key` is a 128-bit hash of the line's content and of its occurrence among equal lines.
CREATE TABLE fact_sales (
    company_id uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    line_key uuid NOT NULL,
    sold_on date NOT NULL,
    sold_at timestamptz,
    sold_hour smallint,
    kind text NOT NULL CHECK (kind IN ('sale', 'return')),
    order_ref text,
    product_id bigint,
    customer_id bigint,
    store_id bigint,
    channel_id bigint,
    seller text,
    payment_method text,
    city text,
    country text,
    quantity numeric,
    unit_price numeric,
    discount numeric,
    total numeric NOT NULL,
    cost numeric,
    tax numeric,
    currency char(3) NOT NULL,
    upload_id uuid NOT NULL,
    source_line integer NOT NULL,
    PRIMARY KEY (company_id, line_key)
);
CREATE INDEX fact_sales_day ON fact_sales (company_id, sold_on);
CREATE INDEX fact_sales_upload ON fact_sales (company_id, upload_id);

-- value of `metric` for the `grain` starting at `period_start`; dimension '' is the whole company.
CREATE TABLE metric_values (
    company_id uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    metric text NOT NULL,
    grain text NOT NULL CHECK (grain IN ('day', 'week', 'month', 'quarter', 'year')),
    dimension text NOT NULL DEFAULT '',
    period_start date NOT NULL,
    member text NOT NULL DEFAULT '',
    value numeric,
    PRIMARY KEY (company_id, metric, grain, dimension, period_start, member)
);
CREATE TABLE targets (
    company_id uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    metric text NOT NULL,
    grain text NOT NULL,
    period_start date NOT NULL,
    dimension text NOT NULL DEFAULT '',
    member text NOT NULL DEFAULT '',
    value numeric NOT NULL,
    PRIMARY KEY (company_id, metric, grain, period_start, dimension, member)
);
CREATE TABLE insights (
    company_id uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    key text NOT NULL,
    rule text NOT NULL,
    period_start date NOT NULL,
    period_end date NOT NULL,
    score double precision NOT NULL,
    body jsonb NOT NULL,
    PRIMARY KEY (company_id, key)
);

CREATE FUNCTION fold(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN translate(lower($1), 'áàâãäéèêëíìîïóòôõöúùûüñç', 'aaaaaeeeeiiiiooooouuuunc');
CREATE TABLE chunks (
    company_id uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    kind text NOT NULL,
    key text NOT NULL,
    title text NOT NULL,
    text text NOT NULL,
    href text NOT NULL DEFAULT '',
    period_start date,
    period_end date,
    words tsvector GENERATED ALWAYS AS (to_tsvector('spanish', fold(title || ' ' || text))) STORED,
    embedding halfvec,
    embedding_model text NOT NULL DEFAULT '',
    PRIMARY KEY (company_id, kind, key)
);
CREATE INDEX chunks_words ON chunks USING gin (words);

-- Work to do. The row is the truth; the queue only carries its id.
CREATE TABLE jobs (
    company_id uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    kind text NOT NULL,
    payload jsonb NOT NULL DEFAULT '{}',
    state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'running', 'done', 'failed')),
    attempts integer NOT NULL DEFAULT 0,
    leased_by text,
    lease_until timestamptz,
    run_after timestamptz NOT NULL DEFAULT now(),
    error text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    PRIMARY KEY (company_id, id)
);
CREATE INDEX jobs_open ON jobs (run_after) WHERE state IN ('queued', 'running');

-- The assistant's memory of a conversation, and what people thought of the answers.
CREATE TABLE conversations (
    company_id uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    id text NOT NULL,
    user_id uuid,
    channel text NOT NULL DEFAULT 'web',
    state jsonb NOT NULL DEFAULT '{}',
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (company_id, id)
);
CREATE TABLE exchanges (
    company_id uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    conversation_id text,
    user_id uuid,
    channel text NOT NULL,
    question text NOT NULL,
    answer jsonb NOT NULL,
    planner text NOT NULL,
    model text NOT NULL DEFAULT '',
    tokens_in integer NOT NULL DEFAULT 0,
    tokens_out integer NOT NULL DEFAULT 0,
    took_ms double precision NOT NULL DEFAULT 0,
    trace jsonb NOT NULL DEFAULT '[]',
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (company_id, id)
);
CREATE INDEX ON exchanges (company_id, created_at);
CREATE TABLE audit_log (
    company_id uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    id bigint GENERATED ALWAYS AS IDENTITY,
    user_id uuid,
    action text NOT NULL,
    subject text NOT NULL DEFAULT '',
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (company_id, id)
);
"""

TENANT_TABLES = (
    "api_tokens", "uploads", "rejected_rows", "column_mappings", "dim_products", "dim_customers", "dim_stores",
    "dim_channels", "fact_sales", "metric_values", "targets", "insights", "chunks", "jobs", "conversations",
    "exchanges", "audit_log",
)  # fmt: skip

# A signed-in user sees their own account, memberships and companies; a company's members see each other.
# `ayni_owner` passes only where it must: the login's look-ups below, the operator's accounts, the queue's leases.
POLICIES = """
CREATE POLICY scope ON companies TO ayni_app USING (
    id = nullif(current_setting('app.company_id', true), '')::uuid
    OR id IN (SELECT company_id FROM memberships
              WHERE user_id = nullif(current_setting('app.user_id', true), '')::uuid));
CREATE POLICY scope ON users TO ayni_app USING (
    id = nullif(current_setting('app.user_id', true), '')::uuid
    OR id IN (SELECT user_id FROM memberships
              WHERE company_id = nullif(current_setting('app.company_id', true), '')::uuid));
CREATE POLICY scope ON memberships TO ayni_app USING (
    company_id = nullif(current_setting('app.company_id', true), '')::uuid
    OR user_id = nullif(current_setting('app.user_id', true), '')::uuid)
    WITH CHECK (company_id = nullif(current_setting('app.company_id', true), '')::uuid);
"""

FUNCTIONS = """
CREATE FUNCTION login_lookup(wanted text) RETURNS TABLE (id uuid, password_hash text, token_version integer)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ SELECT id, password_hash, token_version FROM users WHERE email = lower(wanted) $$;
CREATE FUNCTION token_lookup(hash bytea) RETURNS TABLE (user_id uuid, company_id uuid)
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ UPDATE api_tokens SET last_used_at = now() WHERE token_sha256 = hash RETURNING user_id, company_id $$;
-- The queue's view over all companies: ids only.
CREATE FUNCTION jobs_to_send(most integer) RETURNS TABLE (company_id uuid, id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ SELECT company_id, id FROM jobs
          WHERE (state = 'queued' AND run_after <= now()) OR (state = 'running' AND lease_until < now())
          ORDER BY run_after LIMIT most $$;
CREATE FUNCTION company_ids() RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ SELECT id FROM companies ORDER BY created_at $$;
"""


def upgrade() -> None:
    op.execute(TABLES)
    for table in (*TENANT_TABLES, "companies", "users", "memberships"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    for table in TENANT_TABLES:
        op.execute(
            f"CREATE POLICY scope ON {table} TO ayni_app "
            "USING (company_id = nullif(current_setting('app.company_id', true), '')::uuid) "
            "WITH CHECK (company_id = nullif(current_setting('app.company_id', true), '')::uuid)"
        )
    for table in ("companies", "users", "memberships", "api_tokens", "jobs"):
        op.execute(f"CREATE POLICY owner ON {table} TO ayni_owner USING (true) WITH CHECK (true)")
    op.execute(POLICIES)
    op.execute(FUNCTIONS)
    for function in ("login_lookup(text)", "token_lookup(bytea)", "jobs_to_send(integer)", "company_ids()"):
        op.execute(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {function} TO ayni_app")
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {', '.join(TENANT_TABLES)} TO ayni_app")
    op.execute("GRANT SELECT ON companies, users, memberships TO ayni_app")
    op.execute("GRANT UPDATE (name, sector, tax_id, timezone, locale, shares_benchmarks) ON companies TO ayni_app")
    op.execute("GRANT UPDATE (name, password_hash, token_version) ON users TO ayni_app")
