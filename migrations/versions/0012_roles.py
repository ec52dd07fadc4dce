"""Roles by what people do in a business: operations, marketing and finance beside owner, analyst and viewer."""

from alembic import op

revision = "0012"
down_revision = "0011"

ROLES = "'owner', 'analyst', 'operations', 'marketing', 'finance', 'viewer'"


def upgrade() -> None:
    op.execute("ALTER TABLE memberships DROP CONSTRAINT memberships_role_check")
    op.execute(f"ALTER TABLE memberships ADD CONSTRAINT memberships_role_check CHECK (role IN ({ROLES}))")
