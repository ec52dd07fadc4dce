"""What the runtime role may do with accounts: members see each other's names, and nobody changes another's account.

A password's hash leaves the table only by the login's own look-up. A company's profile is changed in that company's
scope alone, not in that of any other its member also belongs to.
"""

from alembic import op

revision = "0009"
down_revision = "0008"

GRANTS = """
REVOKE SELECT ON users FROM ayni_app;
GRANT SELECT (id, email, name, token_version, created_at) ON users TO ayni_app;
"""

POLICIES = """
DROP POLICY scope ON users;
CREATE POLICY seen ON users FOR SELECT TO ayni_app USING (
    id = nullif(current_setting('app.user_id', true), '')::uuid
    OR id IN (SELECT user_id FROM memberships
              WHERE company_id = nullif(current_setting('app.company_id', true), '')::uuid));
CREATE POLICY changed ON users FOR UPDATE TO ayni_app
    USING (id = nullif(current_setting('app.user_id', true), '')::uuid);
DROP POLICY scope ON companies;
CREATE POLICY seen ON companies FOR SELECT TO ayni_app USING (
    id = nullif(current_setting('app.company_id', true), '')::uuid
    OR id IN (SELECT company_id FROM memberships
              WHERE user_id = nullif(current_setting('app.user_id', true), '')::uuid));
CREATE POLICY changed ON companies FOR UPDATE TO ayni_app
    USING (id = nullif(current_setting('app.company_id', true), '')::uuid);
"""


def upgrade() -> None:
    op.execute(GRANTS)
    op.execute(POLICIES)
