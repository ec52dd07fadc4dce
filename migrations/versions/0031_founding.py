"""A company founded by a person who owns one already, and what a rectification says beside the name.

As an account is made under the id it is about to have, a company is made in the scope that it is about to be; and its
founder must be whoever is signed in. What else a company starts with (`demo`, `leaves_at`) isn't the founder's to say.
"""

from alembic import op

revision = "0031"
down_revision = "0030"

FOUNDING = """
ALTER TABLE companies ADD COLUMN founded_by uuid;
GRANT INSERT (id, slug, name, sector, country, currency, timezone, locale, region, tax_id, founded_by)
    ON companies TO ayni_app;
CREATE POLICY founded ON companies FOR INSERT TO ayni_app
    WITH CHECK (id = nullif(current_setting('app.company_id', true), '')::uuid
                AND founded_by = nullif(current_setting('app.user_id', true), '')::uuid);
"""

# The file's own values stay in `name`, `tax_id` and the lines' identity: that is how their lines are known again.
CORRECTED = """
ALTER TABLE dim_customers ADD COLUMN corrected_tax_id text, ADD COLUMN corrected_city text,
    ADD COLUMN corrected_country text;
"""


def upgrade() -> None:
    op.execute(FOUNDING)
    op.execute(CORRECTED)
