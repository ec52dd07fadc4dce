"""What a business keeps besides its sales: expenses, and counts of stock. A line that two files carry stands once a
file; the readers tell it once (features/expenses.py)."""

from alembic import op

revision = "0025"
down_revision = "0024"

TABLES = """
ALTER TABLE uploads ADD COLUMN kind text NOT NULL DEFAULT 'auto'
    CHECK (kind IN ('auto', 'sales', 'expenses', 'stock'));
CREATE TABLE fact_expenses (
    company_id uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    upload_id uuid NOT NULL,
    source_line integer NOT NULL,
    line_key uuid NOT NULL,
    spent_on date NOT NULL,
    category text NOT NULL DEFAULT '',
    supplier text NOT NULL DEFAULT '',
    detail text NOT NULL DEFAULT '',
    document text NOT NULL DEFAULT '',
    branch text NOT NULL DEFAULT '',
    total numeric NOT NULL,
    PRIMARY KEY (company_id, upload_id, source_line),
    FOREIGN KEY (company_id, upload_id) REFERENCES uploads (company_id, id) ON DELETE CASCADE
);
CREATE INDEX fact_expenses_day ON fact_expenses (company_id, spent_on);
CREATE TABLE fact_stock (
    company_id uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    upload_id uuid NOT NULL,
    source_line integer NOT NULL,
    counted_on date NOT NULL,
    product_key text NOT NULL,
    product text NOT NULL,
    branch text NOT NULL DEFAULT '',
    quantity numeric NOT NULL,
    unit_cost numeric,
    minimum numeric,
    PRIMARY KEY (company_id, upload_id, source_line),
    FOREIGN KEY (company_id, upload_id) REFERENCES uploads (company_id, id) ON DELETE CASCADE
);
CREATE INDEX fact_stock_product ON fact_stock (company_id, product_key, counted_on);
"""


def upgrade() -> None:
    op.execute(TABLES)
    for table in ("fact_expenses", "fact_stock"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY scope ON {table} TO ayni_app "
            "USING (company_id = nullif(current_setting('app.company_id', true), '')::uuid) "
            "WITH CHECK (company_id = nullif(current_setting('app.company_id', true), '')::uuid)"
        )
        op.execute(f"CREATE POLICY owner ON {table} FOR SELECT TO ayni_owner USING (true)")
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO ayni_app")
