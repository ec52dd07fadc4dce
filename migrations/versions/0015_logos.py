"""A company's logo and region, and the country that may be changed."""

from alembic import op

revision = "0015"
down_revision = "0014"

TABLES = """
CREATE TABLE company_logos (
    company_id uuid PRIMARY KEY REFERENCES companies ON DELETE CASCADE,
    png bytea NOT NULL CHECK (octet_length(png) <= 100000),
    updated_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE company_logos ENABLE ROW LEVEL SECURITY;
ALTER TABLE company_logos FORCE ROW LEVEL SECURITY;
CREATE POLICY scope ON company_logos TO ayni_app
    USING (company_id = nullif(current_setting('app.company_id', true), '')::uuid)
    WITH CHECK (company_id = nullif(current_setting('app.company_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON company_logos TO ayni_app;
ALTER TABLE companies ADD COLUMN region text NOT NULL DEFAULT '';
GRANT UPDATE (region, country) ON companies TO ayni_app;
"""


def upgrade() -> None:
    op.execute(TABLES)
