"""Lines merged by day or month and by what an owner asks for: a million lines answer as fast as a hundred thousand.

`sales_mart` is written by the refresh of the features and read only while no fact changed since. Its rows are many
lines in one, so that a metric's one declaration reads them as it reads lines (features/mart.py).
"""

from alembic import op

revision = "0008"
down_revision = "0007"

TABLES = """
CREATE TABLE sales_mart (
    company_id uuid NOT NULL,
    mart text NOT NULL,
    sold_on date NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    kind text NOT NULL,
    product_id bigint,
    customer_id bigint,
    store_id bigint,
    channel_id bigint,
    seller text,
    payment_method text,
    city text,
    country text,
    sold_hour smallint,
    lines integer NOT NULL,
    orders integer NOT NULL,
    quantity numeric,
    discount numeric,
    total numeric NOT NULL,
    cost numeric,
    PRIMARY KEY (company_id, mart, sold_on, id)
);
-- The columns by which no order is split: only over these do counts of orders add up.
ALTER TABLE feature_state ADD COLUMN whole text[] NOT NULL DEFAULT '{}';
UPDATE feature_state SET catalog = 'before marts';
"""

# Checking a line's company costs a seventh of an import, and says nothing: the policy lets a line in only under the
# scope's own company. What the reference did besides, the trigger does: a company's lines leave with it.
FOREIGN_KEYS = """
ALTER TABLE fact_sales DROP CONSTRAINT fact_sales_company_id_fkey;
CREATE POLICY leave ON fact_sales TO ayni_owner
    USING (company_id = nullif(current_setting('app.company_id', true), '')::uuid);
CREATE POLICY leave ON sales_mart TO ayni_owner
    USING (company_id = nullif(current_setting('app.company_id', true), '')::uuid);
CREATE POLICY leave ON fact_changes TO ayni_owner
    USING (company_id = nullif(current_setting('app.company_id', true), '')::uuid);
CREATE FUNCTION take_lines_along() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
DECLARE before text := coalesce(current_setting('app.company_id', true), '');
BEGIN
    PERFORM set_config('app.company_id', OLD.id::text, true);
    DELETE FROM fact_sales WHERE company_id = OLD.id;
    DELETE FROM sales_mart WHERE company_id = OLD.id;
    PERFORM set_config('app.company_id', before, true);
    RETURN OLD;
END $$;
CREATE TRIGGER companies_leave BEFORE DELETE ON companies FOR EACH ROW EXECUTE FUNCTION take_lines_along();
"""

# Statistics of what is filtered and grouped by, not of every column: sampling all of them costs three times as much.
ANALYZE = """
CREATE OR REPLACE FUNCTION analyze_facts() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
BEGIN
    IF pg_try_advisory_xact_lock(hashtext('analyze_facts')) THEN
        ANALYZE fact_sales (company_id, sold_on, kind, product_id, customer_id, store_id, channel_id),
                dim_products, dim_customers, dim_stores, dim_channels;
    END IF;
END $$;
CREATE FUNCTION analyze_marts() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
BEGIN
    IF pg_try_advisory_xact_lock(hashtext('analyze_marts')) THEN
        ANALYZE sales_mart (company_id, mart, sold_on, kind, product_id, customer_id, store_id, channel_id);
    END IF;
END $$;
REVOKE ALL ON FUNCTION analyze_marts() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION analyze_marts() TO ayni_app;
"""

# A product's category reaches back to its oldest line: all its months count as changed.
CATEGORIES = """
CREATE FUNCTION note_category_changes() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM was JOIN now USING (company_id, id) WHERE was.category IS DISTINCT FROM now.category) THEN
        INSERT INTO fact_changes (company_id, month)
            SELECT DISTINCT f.company_id, date_trunc('month', f.sold_on::timestamp)::date
            FROM was JOIN now USING (company_id, id) JOIN fact_sales f ON f.company_id = now.company_id
                AND f.product_id = now.id
            WHERE was.category IS DISTINCT FROM now.category;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER dim_products_updated AFTER UPDATE ON dim_products REFERENCING OLD TABLE AS was NEW TABLE AS now
    FOR EACH STATEMENT EXECUTE FUNCTION note_category_changes();
"""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute("ALTER TABLE sales_mart ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE sales_mart FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY scope ON sales_mart TO ayni_app "
        "USING (company_id = nullif(current_setting('app.company_id', true), '')::uuid) "
        "WITH CHECK (company_id = nullif(current_setting('app.company_id', true), '')::uuid)"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON sales_mart TO ayni_app")
    op.execute(FOREIGN_KEYS)
    op.execute(ANALYZE)
    op.execute(CATEGORIES)
