"""Sessions one can see and close, a second factor, invitations, and API keys that may do less than their owner.

What belongs to a person (sessions, second factor) is that person's alone, in whatever company they work; what belongs
to a company (invitations, members, keys) is behind its policies as everything else.
"""

from alembic import op

revision = "0017"
down_revision = "0016"

PERSONAL = """
CREATE TABLE user_sessions (
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    id uuid NOT NULL,
    address text NOT NULL DEFAULT '',
    agent text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    last_seen_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, id)
);
-- `secret` is encrypted; `last_step` is the last half minute whose code was used, so that none serves twice.
CREATE TABLE second_factors (
    user_id uuid PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    secret bytea NOT NULL,
    confirmed_at timestamptz,
    last_step bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE recovery_codes (
    user_id uuid NOT NULL REFERENCES second_factors ON DELETE CASCADE,
    code_hash bytea NOT NULL,
    PRIMARY KEY (user_id, code_hash)
);
GRANT SELECT, INSERT, DELETE ON user_sessions, second_factors, recovery_codes TO ayni_app;
GRANT UPDATE (address, last_seen_at) ON user_sessions TO ayni_app;
GRANT UPDATE (secret, confirmed_at, last_step, created_at) ON second_factors TO ayni_app;
"""

# An account is made by whoever proved to read its mail, under the id they are about to have.
ACCOUNTS = """
GRANT INSERT (id, email, name, password_hash) ON users TO ayni_app;
GRANT UPDATE (email) ON users TO ayni_app;
CREATE POLICY made ON users FOR INSERT TO ayni_app
    WITH CHECK (id = nullif(current_setting('app.user_id', true), '')::uuid);
"""

# Members see each other and their own companies; they are changed in that company's scope alone.
MEMBERS = """
DROP POLICY scope ON memberships;
CREATE POLICY seen ON memberships FOR SELECT TO ayni_app USING (
    company_id = nullif(current_setting('app.company_id', true), '')::uuid
    OR user_id = nullif(current_setting('app.user_id', true), '')::uuid);
CREATE POLICY made ON memberships FOR INSERT TO ayni_app
    WITH CHECK (company_id = nullif(current_setting('app.company_id', true), '')::uuid);
CREATE POLICY changed ON memberships FOR UPDATE TO ayni_app
    USING (company_id = nullif(current_setting('app.company_id', true), '')::uuid);
CREATE POLICY ended ON memberships FOR DELETE TO ayni_app
    USING (company_id = nullif(current_setting('app.company_id', true), '')::uuid);
GRANT INSERT, DELETE, UPDATE (role) ON memberships TO ayni_app;
CREATE TABLE invitations (
    company_id uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    email text NOT NULL CHECK (email = lower(email)),
    role text NOT NULL CHECK (role IN ('owner', 'analyst', 'operations', 'marketing', 'finance', 'viewer')),
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'accepted', 'revoked')),
    invited_by uuid,
    sent integer NOT NULL DEFAULT 1,
    delivered boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (company_id, id)
);
CREATE UNIQUE INDEX invitations_open ON invitations (company_id, email) WHERE state = 'open';
ALTER TABLE invitations ENABLE ROW LEVEL SECURITY;
ALTER TABLE invitations FORCE ROW LEVEL SECURITY;
CREATE POLICY scope ON invitations TO ayni_app
    USING (company_id = nullif(current_setting('app.company_id', true), '')::uuid)
    WITH CHECK (company_id = nullif(current_setting('app.company_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON invitations TO ayni_app;
"""

# A key made before there were scopes keeps what it could do.
KEYS = """
ALTER TABLE api_tokens ADD COLUMN scopes text[] NOT NULL DEFAULT '{look,upload,download,plan,report}',
    ADD COLUMN expires_at timestamptz;
ALTER TABLE api_tokens ALTER COLUMN scopes SET DEFAULT '{look}';
DROP FUNCTION token_lookup(bytea);
CREATE FUNCTION token_lookup(hash bytea) RETURNS TABLE (user_id uuid, company_id uuid, scopes text[])
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ UPDATE api_tokens SET last_used_at = now() WHERE token_sha256 = hash
              AND (expires_at IS NULL OR expires_at > now())
              AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute');
          SELECT user_id, company_id, scopes FROM api_tokens WHERE token_sha256 = hash
              AND (expires_at IS NULL OR expires_at > now()) $$;
REVOKE ALL ON FUNCTION token_lookup(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION token_lookup(bytea) TO ayni_app;
"""


def upgrade() -> None:
    op.execute(PERSONAL)
    for table in ("user_sessions", "second_factors", "recovery_codes"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY mine ON {table} TO ayni_app "
            "USING (user_id = nullif(current_setting('app.user_id', true), '')::uuid) "
            "WITH CHECK (user_id = nullif(current_setting('app.user_id', true), '')::uuid)"
        )
        op.execute(f"CREATE POLICY owner ON {table} TO ayni_owner USING (true) WITH CHECK (true)")
    op.execute(ACCOUNTS)
    op.execute(MEMBERS)
    op.execute(KEYS)
