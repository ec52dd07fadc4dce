"""What the feature pipeline adds to the base tables.

`feature_state` keeps the coverage and what is materialized; the refresh makes it. `fact_changes` are the months whose
facts changed since: written by a trigger in the transaction that changes the facts, so that no value computed before
a change is ever told after it.
"""

from alembic import op

revision = "0004"
down_revision = "0003"

TABLES = """
ALTER TABLE metric_values ADD COLUMN lines bigint NOT NULL DEFAULT 0,
                          ADD COLUMN all_lines bigint NOT NULL DEFAULT 0;
CREATE TABLE feature_state (
    company_id uuid PRIMARY KEY REFERENCES companies ON DELETE CASCADE,
    first_day date,
    last_day date,
    lines bigint NOT NULL,
    columns text[] NOT NULL,
    dimensions text[] NOT NULL,
    catalog text NOT NULL,
    refreshed_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE fact_changes (
    company_id uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    id bigint GENERATED ALWAYS AS IDENTITY,
    month date NOT NULL,
    PRIMARY KEY (company_id, id)
);
CREATE INDEX fact_sales_customer ON fact_sales (company_id, customer_id, sold_on) WHERE kind = 'sale';
"""

TRIGGERS = """
CREATE FUNCTION note_fact_changes() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO fact_changes (company_id, month)
        SELECT DISTINCT company_id, date_trunc('month', sold_on::timestamp)::date FROM changed;
    RETURN NULL;
END $$;
CREATE TRIGGER fact_sales_inserted AFTER INSERT ON fact_sales REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION note_fact_changes();
CREATE TRIGGER fact_sales_deleted AFTER DELETE ON fact_sales REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION note_fact_changes();
CREATE TRIGGER fact_sales_updated_from AFTER UPDATE ON fact_sales REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION note_fact_changes();
CREATE TRIGGER fact_sales_updated_to AFTER UPDATE ON fact_sales REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION note_fact_changes();
"""

# Without statistics of its lines a company that has just been loaded gets plans a hundred times too slow, and
# autovacuum comes a minute late. One at a time: the lock lasts until the transaction's end.
ANALYZE = """
CREATE FUNCTION analyze_facts() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF pg_try_advisory_xact_lock(hashtext('analyze_facts')) THEN
        ANALYZE fact_sales, dim_products, dim_customers, dim_stores, dim_channels;
    END IF;
END $$;
REVOKE ALL ON FUNCTION analyze_facts() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION analyze_facts() TO ayni_app;
"""

TENANT_TABLES = ("feature_state", "fact_changes")


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(TRIGGERS)
    op.execute(ANALYZE)
    for table in TENANT_TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY scope ON {table} TO ayni_app "
            "USING (company_id = nullif(current_setting('app.company_id', true), '')::uuid) "
            "WITH CHECK (company_id = nullif(current_setting('app.company_id', true), '')::uuid)"
        )
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {', '.join(TENANT_TABLES)} TO ayni_app")
