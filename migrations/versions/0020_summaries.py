"""What each reader wants of the summary and by which way; and the mails that came in, a Message-ID once a company."""

from alembic import op

revision = "0020"
down_revision = "0019"

CHOICES = """
ALTER TABLE digest_choices DROP CONSTRAINT digest_choices_frequency_check;
ALTER TABLE digest_choices ADD CONSTRAINT digest_choices_frequency_check
    CHECK (frequency IN ('daily', 'weekly', 'monthly', 'closing', 'off'));
ALTER TABLE digest_choices
    ADD COLUMN by text NOT NULL DEFAULT 'email' CHECK (by IN ('email', 'whatsapp', 'both')),
    ADD COLUMN without text[] NOT NULL DEFAULT '{}';
"""

INBOUND = """
CREATE TABLE inbound_mails (
    company_id uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    message_id text NOT NULL,
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    thread text NOT NULL,
    subject text NOT NULL,
    question text NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (company_id, message_id)
);
CREATE INDEX inbound_mails_of_user ON inbound_mails (company_id, user_id, received_at);
ALTER TABLE inbound_mails ENABLE ROW LEVEL SECURITY;
ALTER TABLE inbound_mails FORCE ROW LEVEL SECURITY;
CREATE POLICY scope ON inbound_mails TO ayni_app
    USING (company_id = nullif(current_setting('app.company_id', true), '')::uuid)
    WITH CHECK (company_id = nullif(current_setting('app.company_id', true), '')::uuid);
CREATE POLICY owner ON inbound_mails FOR SELECT TO ayni_owner USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON inbound_mails TO ayni_app;
"""


def upgrade() -> None:
    op.execute(CHOICES)
    op.execute(INBOUND)
