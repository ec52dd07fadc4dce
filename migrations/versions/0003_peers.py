"""Macro series (the same for all companies), what companies contribute to benchmarks, and what is published of it.

A company writes its own contributions under its own scope. The role `ayni_benchmarks` alone reads across companies,
only the contributions of those that take part, and writes the published figures and each company's own rank.
"""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.execute("""
CREATE TABLE macro_values (
    country char(2) NOT NULL,
    indicator text NOT NULL,
    day date NOT NULL,
    value numeric NOT NULL,
    source text NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (country, indicator, day)
);
GRANT SELECT ON macro_values TO ayni_app;

CREATE TABLE benchmark_inputs (
    company_id uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    month date NOT NULL,
    measure text NOT NULL,
    value numeric NOT NULL,
    PRIMARY KEY (company_id, month, measure)
);
CREATE TABLE benchmark_ranks (
    company_id uuid NOT NULL REFERENCES companies ON DELETE CASCADE,
    month date NOT NULL,
    measure text NOT NULL,
    cohort text NOT NULL,
    value numeric NOT NULL,
    percentile integer NOT NULL,
    low integer NOT NULL,
    high integer NOT NULL,
    peers integer NOT NULL,
    PRIMARY KEY (company_id, month, measure)
);
-- `cohort` is country:kind:of:size, with 'demo:' before it where it is made of generated companies.
CREATE TABLE benchmarks (
    cohort text NOT NULL,
    measure text NOT NULL,
    month date NOT NULL,
    owners integer NOT NULL,
    p10 numeric NOT NULL,
    p25 numeric NOT NULL,
    p50 numeric NOT NULL,
    p75 numeric NOT NULL,
    p90 numeric NOT NULL,
    mean numeric,
    published_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (cohort, measure, month)
);
-- Who stands behind a published figure: what decides whether it may be corrected or another published beside it.
CREATE TABLE benchmark_members (
    cohort text NOT NULL,
    measure text NOT NULL,
    month date NOT NULL,
    owners text[] NOT NULL,
    PRIMARY KEY (cohort, measure, month)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON benchmark_inputs TO ayni_app;
GRANT SELECT ON benchmark_ranks, benchmarks TO ayni_app;
GRANT SELECT ON benchmark_inputs, companies TO ayni_benchmarks;
GRANT SELECT, INSERT, UPDATE, DELETE ON benchmark_ranks, benchmarks, benchmark_members TO ayni_benchmarks;
""")
    for table in ("benchmark_inputs", "benchmark_ranks", "benchmarks", "benchmark_members"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    for table in ("benchmark_inputs", "benchmark_ranks"):
        op.execute(
            f"CREATE POLICY scope ON {table} TO ayni_app "
            "USING (company_id = nullif(current_setting('app.company_id', true), '')::uuid) "
            "WITH CHECK (company_id = nullif(current_setting('app.company_id', true), '')::uuid)"
        )
    op.execute("""
CREATE POLICY taking_part ON companies FOR SELECT TO ayni_benchmarks USING (shares_benchmarks);
CREATE POLICY taking_part ON benchmark_inputs FOR SELECT TO ayni_benchmarks
    USING (company_id IN (SELECT id FROM companies));
CREATE POLICY publish ON benchmark_ranks TO ayni_benchmarks USING (true)
    WITH CHECK (company_id IN (SELECT id FROM companies));
CREATE POLICY publish ON benchmarks TO ayni_benchmarks USING (true) WITH CHECK (true);
CREATE POLICY publish ON benchmark_members TO ayni_benchmarks USING (true) WITH CHECK (true);
-- Whoever takes part sees.
CREATE POLICY taking_part ON benchmarks FOR SELECT TO ayni_app USING (EXISTS (
    SELECT 1 FROM companies
    WHERE id = nullif(current_setting('app.company_id', true), '')::uuid AND shares_benchmarks));
""")
