"""A rule over many products tells of each: which of them it told of lies with the rule, each one's figure in the alert.

`low` holds the members that were told and have not come back; `items` each one's value, span and reckoning.
"""

from alembic import op

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    op.execute("ALTER TABLE alert_rules ADD COLUMN low text[] NOT NULL DEFAULT '{}'")
    op.execute("ALTER TABLE alerts ADD COLUMN items jsonb NOT NULL DEFAULT '[]'")
