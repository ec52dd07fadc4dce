"""A number that changes with data that all companies share, so that what is kept of it can be told from what is old.

Only the tables' owner writes such data (the economy's series); the number changes in the same transaction.
"""

from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    op.execute("""
CREATE TABLE shared_versions (
    name text PRIMARY KEY,
    version bigint NOT NULL DEFAULT 1
);
GRANT SELECT ON shared_versions TO ayni_app;
INSERT INTO shared_versions (name) VALUES ('macro_values');
CREATE FUNCTION note_shared_change() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE shared_versions SET version = version + 1 WHERE name = TG_TABLE_NAME;
    RETURN NULL;
END $$;
CREATE TRIGGER macro_values_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON macro_values
    FOR EACH STATEMENT EXECUTE FUNCTION note_shared_change();
""")
