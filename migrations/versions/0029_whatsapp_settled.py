"""WhatsApp: Meta's own word that a message left settles what was unsure, and a code used is known to who used it.

`tracker` goes out with a notice and comes back in its statuses: the channel, which reads them before it knows whose
they are, may then mark that notice as sent. `used_by` is the phone that used a code: the same message handled again
after a worker's death gets the same welcome.
"""

from alembic import op

revision = "0029"
down_revision = "0028"

IN_CHANNEL = "current_setting('app.channel', true) = 'whatsapp'"


def upgrade() -> None:
    op.execute("ALTER TABLE whatsapp_codes ADD COLUMN used_by text")
    op.execute("ALTER TABLE whatsapp_sent ADD COLUMN tracker uuid NOT NULL DEFAULT gen_random_uuid()")
    op.execute("CREATE INDEX ON whatsapp_sent (tracker)")
    op.execute(f"CREATE POLICY channel_sees ON whatsapp_sent FOR SELECT TO ayni_app USING ({IN_CHANNEL})")
    op.execute(
        f"CREATE POLICY channel ON whatsapp_sent FOR UPDATE TO ayni_app USING ({IN_CHANNEL}) WITH CHECK ({IN_CHANNEL})"
    )
