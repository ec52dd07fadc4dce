"""Stock: each product's latest count, what was sold since, and for how long it lasts at the pace of the last weeks."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from core.db import Connection
from core.language import fold
from core.tenancy import Scope

PACE_DAYS = 28
"""The days before the last day with sales over which the pace of a product is taken."""


@dataclass(frozen=True, slots=True)
class Stock:
    """A product as it was last counted (all its branches of that count together).

    `sold` is what the sales say left since, after the day of the count; `left` what is there then, never below zero;
    `pace` units a day over the last `PACE_DAYS` with sales; `days` how many days `left` lasts, None where nothing
    sells. `low`: at or under the minimum that the owner noted.
    """

    product: str
    counted_on: date
    counted: Decimal
    sold: Decimal
    pace: Decimal
    minimum: Decimal | None
    unit_cost: Decimal | None
    upload_id: UUID
    source_line: int

    @property
    def left(self) -> Decimal:
        return max(self.counted - self.sold, Decimal(0))

    @property
    def days(self) -> Decimal | None:
        return self.left / self.pace if self.pace > 0 else None

    @property
    def low(self) -> bool:
        return self.minimum is not None and self.left <= self.minimum


def stock(scope: Scope, connection: Connection, today: date, products: tuple[str, ...] = ()) -> tuple[Stock, ...]:
    """What is left of each product (of `products` alone, where given), what runs out first at the front, then what
    does not sell by name. Counts after `today` are not looked at."""
    rows = connection.execute(
        """WITH latest AS (
               SELECT product_key, max(counted_on) AS counted_on FROM fact_stock
               WHERE company_id = %(c)s AND counted_on <= %(today)s GROUP BY product_key),
           file AS (  -- of two files that count a product on one day, the one sent last
               SELECT DISTINCT ON (s.product_key) s.product_key, s.counted_on, s.upload_id FROM fact_stock s
               JOIN latest USING (product_key, counted_on)
               JOIN uploads u ON u.company_id = s.company_id AND u.id = s.upload_id
               WHERE s.company_id = %(c)s ORDER BY s.product_key, u.created_at DESC, u.id),
           counted AS (
               SELECT s.product_key, min(s.product) AS product, s.counted_on, sum(s.quantity) AS counted,
                   sum(s.minimum) AS minimum, max(s.unit_cost) AS unit_cost, s.upload_id, min(s.source_line) AS line
               FROM fact_stock s JOIN file USING (product_key, counted_on, upload_id)
               WHERE s.company_id = %(c)s GROUP BY s.product_key, s.counted_on, s.upload_id),
           named AS (SELECT DISTINCT ON (fold(name)) fold(name) AS product_key, id FROM dim_products
               WHERE company_id = %(c)s ORDER BY fold(name), id),
           last_day AS (SELECT max(sold_on) AS day FROM fact_sales WHERE company_id = %(c)s AND sold_on <= %(today)s)
           SELECT c.product, c.counted_on, c.counted, coalesce(since.quantity, 0), coalesce(pace.quantity, 0),
               c.minimum, c.unit_cost, c.upload_id, c.line
           FROM counted c CROSS JOIN last_day l LEFT JOIN named n USING (product_key)
           LEFT JOIN LATERAL (SELECT sum(f.quantity) AS quantity FROM fact_sales f WHERE f.company_id = %(c)s
               AND f.product_id = n.id AND f.sold_on > c.counted_on AND f.sold_on <= %(today)s) since ON true
           LEFT JOIN LATERAL (SELECT sum(f.quantity) AS quantity FROM fact_sales f WHERE f.company_id = %(c)s
               AND f.product_id = n.id AND f.sold_on > l.day - %(days)s AND f.sold_on <= l.day) pace ON true
           WHERE %(all)s OR c.product_key = ANY(%(keys)s::text[])""",
        {
            "c": scope.company_id, "today": today, "days": PACE_DAYS, "all": not products,
            "keys": [fold(p) for p in products],
        },
    ).fetchall()  # fmt: skip
    found = [
        Stock(product, counted_on, counted, sold, Decimal(recent) / PACE_DAYS, minimum, unit_cost, upload_id, line)
        for product, counted_on, counted, sold, recent, minimum, unit_cost, upload_id, line in rows
    ]
    return tuple(sorted(found, key=lambda s: (s.days is None, s.days if s.days is not None else 0, s.product)))
