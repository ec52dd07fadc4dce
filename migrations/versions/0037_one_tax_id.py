"""A customer's tax id is one key however it is spelled: customers that were kept once a spelling become one.

The one that came first keeps its name, and what was corrected or objected for any of them holds. Their lines change, so
their months are noted and computed on the facts until the next refresh.
"""

from alembic import op

revision = "0037"
down_revision = "0036"

SEEN = ("dim_customers", "fact_sales", "fact_changes", "feature_state")

# As `ingest.facts.customer_key` says it; keys are folded already.
RESPELLED = r"""
CREATE TEMP TABLE respelled ON COMMIT DROP AS
SELECT company_id, id, plain, first_value(id) OVER (PARTITION BY company_id, plain ORDER BY id) AS kept
FROM (SELECT company_id, id, ltrim(regexp_replace(key, '[^0-9a-z]', '', 'g'), '0') AS plain FROM dim_customers
      WHERE key ~ ('^(' || '[0-9]{7,}[0-9k]?|[0-9]{6,}\s*-?\s*[0-9k]'
                        || '|[0-9]{1,3}([. ][0-9]{3}){2,}(\s*-?\s*[0-9k])?'
                        || '|[0-9]{2}[-. ][0-9]{2}\.?[0-9]{3}\.?[0-9]{3}[-. ][0-9]'
                        || '|[0-9]{3}\.?[0-9]{3}\.?[0-9]{3}-[0-9]{2}'
                        || '|[0-9]{2}\.?[0-9]{3}\.?[0-9]{3}/[0-9]{4}-?[0-9]{2}' || ')$')) AS ids
WHERE length(plain) >= 7
"""

MERGED = """
UPDATE dim_customers AS d SET reserved = g.reserved, tax_id = coalesce(d.tax_id, g.tax_id),
    corrected_name = coalesce(d.corrected_name, g.corrected_name),
    corrected_tax_id = coalesce(d.corrected_tax_id, g.corrected_tax_id),
    corrected_city = coalesce(d.corrected_city, g.corrected_city),
    corrected_country = coalesce(d.corrected_country, g.corrected_country)
FROM (SELECT c.company_id, r.kept, bool_or(c.reserved) AS reserved, min(c.tax_id) AS tax_id,
             min(c.corrected_name) AS corrected_name, min(c.corrected_tax_id) AS corrected_tax_id,
             min(c.corrected_city) AS corrected_city, min(c.corrected_country) AS corrected_country
      FROM respelled r JOIN dim_customers c ON c.company_id = r.company_id AND c.id = r.id
      GROUP BY c.company_id, r.kept HAVING count(*) > 1) AS g
WHERE d.company_id = g.company_id AND d.id = g.kept;
UPDATE fact_sales AS f SET customer_id = r.kept FROM respelled r
    WHERE f.company_id = r.company_id AND f.customer_id = r.id AND r.id <> r.kept;
DELETE FROM dim_customers AS d USING respelled r
    WHERE d.company_id = r.company_id AND d.id = r.id AND r.id <> r.kept;
UPDATE dim_customers AS d SET key = r.plain FROM respelled r
    WHERE d.company_id = r.company_id AND d.id = r.id AND d.key <> r.plain;
UPDATE feature_state SET catalog = 'before one key a tax id'
    WHERE company_id IN (SELECT company_id FROM respelled WHERE id <> kept);
"""


def upgrade() -> None:
    for table in SEEN:  # the owner sees no company's rows but here
        op.execute(f"CREATE POLICY respelling ON {table} TO ayni_owner USING (true) WITH CHECK (true)")
    op.execute(RESPELLED)
    op.execute(MERGED)
    for table in SEEN:
        op.execute(f"DROP POLICY respelling ON {table}")
