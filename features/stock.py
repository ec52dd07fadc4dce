"""Stock: each product's latest count, what was sold since, for how long it lasts at the pace of the last weeks, what it
cost. Where the sheet counts each branch, a branch's stock is what was counted there less what was sold there."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from core.db import Connection
from core.language import fold
from core.tenancy import Scope

PACE_DAYS = 28
"""The days before the last day with sales over which the pace of a product is taken."""
_A_SHOP = r"^(?:sucursal|local|tienda|sede)(?: de)? "
"""'Sucursal Talca' in one file is 'Talca' in another."""


@dataclass(frozen=True, slots=True)
class Stock:
    """A product as it was last counted: in one `branch`, or ('') in the whole business, all counted branches together.

    `sold` is what the sales say left since, after the day of the count; `left` what is there then, never below zero;
    `pace` units a day over the last `PACE_DAYS` with sales; `days` how many days `left` lasts, None where nothing
    sells. `low`: at or under the minimum that the owner noted. `counted_on`: the oldest, where branches were counted
    on several days. `followed`: whether sales say what leaves; False for a store-room that no sale names. `short`:
    more was sold than was counted, so that something came in that nobody counted; `beyond` is how much of that was
    sold in a branch of its own, which leaves the others' shelves as they are.
    """

    product: str
    counted_on: date
    counted: Decimal
    sold: Decimal
    pace: Decimal
    minimum: Decimal | None
    upload_id: UUID
    source_line: int
    sent_at: datetime
    branch: str = ""
    followed: bool = True
    short: bool = False
    beyond: Decimal = Decimal(0)

    @property
    def left(self) -> Decimal:
        return max(self.counted - self.sold + self.beyond, Decimal(0))

    @property
    def days(self) -> Decimal | None:
        return self.left / self.pace if self.pace > 0 else None

    @property
    def low(self) -> bool:
        return self.minimum is not None and self.left <= self.minimum


@dataclass(frozen=True, slots=True)
class Valued:
    """What is left of a product at its last known unit cost: by the owner's `sheet`, else by the latest `sales`."""

    product: str
    branch: str
    left: Decimal
    unit_cost: Decimal
    by: Literal["sheet", "sales"]

    @property
    def value(self) -> Decimal:
        return self.left * self.unit_cost


@dataclass(frozen=True, slots=True)
class StockValue:
    """What the stock cost: the products whose cost is known, the most valuable first, and the names of those left out
    (only such of which something is left)."""

    known: tuple[Valued, ...]
    unknown: tuple[str, ...]

    @property
    def total(self) -> Decimal:
        return sum((one.value for one in self.known), Decimal(0))


def stock(
    scope: Scope, connection: Connection, today: date, products: tuple[str, ...] = (), branch: str | None = None
) -> tuple[Stock, ...]:
    """What is left of each product (of `products` alone, where given) in the whole business, or in the one `branch`;
    what runs out first at the front, then what does not sell by name. Counts after `today` are not looked at."""
    counts = _counts(scope, connection, today, products)
    if branch is not None:
        return _sorted([one for one in counts if one.branch and _place(one.branch) == _place(branch)])
    by_product: dict[str, list[Stock]] = {}
    for one in counts:
        by_product.setdefault(fold(one.product), []).append(one)
    return _sorted([together(parts) for parts in by_product.values()])


def stock_by_branch(
    scope: Scope, connection: Connection, today: date, products: tuple[str, ...] = ()
) -> tuple[Stock, ...]:
    """The same, a branch at a time; nothing where the sheets count no branches."""
    return _sorted([one for one in _counts(scope, connection, today, products) if one.branch])


def stock_names(scope: Scope, connection: Connection) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The products and the branches that the counts name."""
    row = connection.execute(
        "SELECT array_agg(DISTINCT product), array_agg(DISTINCT branch) FILTER (WHERE branch <> '') FROM fact_stock "
        "WHERE company_id = %s",
        [scope.company_id],
    ).fetchone()
    return (tuple(row[0] or ()), tuple(row[1] or ())) if row else ((), ())


def together(parts: Sequence[Stock]) -> Stock:
    """A product in the whole business from its counts: the one that told no branches apart where none is later, else
    those of the branches. Pure."""
    newest = max(parts, key=lambda one: (one.counted_on, one.sent_at))
    if not newest.branch:
        return newest
    shelves = sorted((one for one in parts if one.branch), key=lambda one: (one.counted_on, one.source_line))
    # What leaves by branches that nobody counted leaves a store-room, once.
    rooms = [one for one in shelves if not one.followed][:1]
    leaving = [*(one for one in shelves if one.followed), *rooms]
    beyond = Decimal(0)
    if not rooms:
        beyond = sum((one.sold - one.counted for one in shelves if one.short), Decimal(0))
    minima = [one.minimum for one in shelves if one.minimum is not None]
    first = shelves[0]
    return Stock(
        first.product, first.counted_on, sum((s.counted for s in shelves), Decimal(0)),
        sum((s.sold for s in leaving), Decimal(0)), sum((s.pace for s in leaving), Decimal(0)),
        sum(minima, Decimal(0)) if minima else None, first.upload_id, first.source_line, first.sent_at,
        short=any(one.short for one in shelves), beyond=beyond,
    )  # fmt: skip


def stock_value(
    scope: Scope, connection: Connection, today: date, products: tuple[str, ...] = (), branch: str | None = None
) -> StockValue:
    """What is left, times the last unit cost that a sheet of stock says, else the one of the last day on which sales
    carry it. A product without either is left out and named."""
    found = [one for one in stock(scope, connection, today, products, branch) if one.left > 0]
    costs = _costs(scope, connection, today, tuple(fold(one.product) for one in found))
    known = [
        Valued(one.product, one.branch, one.left, *costs[fold(one.product)])
        for one in found
        if fold(one.product) in costs
    ]
    unknown = sorted(one.product for one in found if fold(one.product) not in costs)
    return StockValue(tuple(sorted(known, key=lambda v: (-v.value, v.product))), tuple(unknown))


def _place(branch: str) -> str:
    return re.sub(_A_SHOP, "", fold(branch))


def _sorted(found: Sequence[Stock]) -> tuple[Stock, ...]:
    return tuple(
        sorted(found, key=lambda s: (s.days is None, s.days if s.days is not None else 0, s.product, s.branch))
    )


def _counts(scope: Scope, connection: Connection, today: date, products: tuple[str, ...]) -> list[Stock]:
    """The latest count of each product in each branch that a sheet names ('' where it names none). Of a branch that no
    sale names, `sold` and `pace` are those of all branches that were not counted."""
    rows = connection.execute(
        """WITH mine AS (
               SELECT s.*, row_of(u.reading, s.source_line) AS row,
                   regexp_replace(fold(s.branch), %(a_shop)s, '') AS branch_key, u.created_at AS sent
               FROM fact_stock s JOIN uploads u ON u.company_id = s.company_id AND u.id = s.upload_id
               WHERE s.company_id = %(c)s AND s.counted_on <= %(today)s
               AND (%(all)s OR s.product_key = ANY(%(keys)s::text[]))),
           file AS (  -- of two files that count a product on one day, the one sent last
               SELECT DISTINCT ON (product_key, branch_key) product_key, branch_key, counted_on, upload_id FROM mine
               ORDER BY product_key, branch_key, counted_on DESC, sent DESC, upload_id),
           counted AS (
               SELECT product_key, branch_key, min(product) AS product, min(branch) AS branch, counted_on,
                   min(sent) AS sent, sum(quantity) AS counted, sum(minimum) AS minimum, upload_id,
                   min(row) AS line
               FROM mine JOIN file USING (product_key, branch_key, counted_on, upload_id)
               GROUP BY product_key, branch_key, counted_on, upload_id),
           named AS (SELECT DISTINCT ON (fold(name)) fold(name) AS product_key, id AS product_id FROM dim_products
               WHERE company_id = %(c)s AND (%(all)s OR fold(name) = ANY(%(keys)s::text[])) ORDER BY fold(name), id),
           stores AS (SELECT regexp_replace(fold(name), %(a_shop)s, '') AS branch_key, array_agg(id) AS ids
               FROM dim_stores WHERE company_id = %(c)s GROUP BY 1),
           places AS (SELECT c.*, n.product_id, s.ids FROM counted c LEFT JOIN named n USING (product_key)
               LEFT JOIN stores s ON s.branch_key = c.branch_key AND c.branch_key <> ''),
           followed AS (SELECT p.product_key, array_agg(store) AS ids FROM places p, unnest(p.ids) AS store GROUP BY 1),
           last_day AS (SELECT max(sold_on) AS day FROM fact_sales WHERE company_id = %(c)s AND sold_on <= %(today)s),
           daily AS MATERIALIZED (
               SELECT f.product_id, f.store_id, f.sold_on, sum(f.quantity) AS quantity FROM fact_sales f
               WHERE f.company_id = %(c)s AND f.product_id IN (SELECT product_id FROM places) AND f.sold_on <= %(today)s
               AND f.sold_on > least((SELECT min(counted_on) FROM places), (SELECT day - %(days)s FROM last_day))
               GROUP BY 1, 2, 3)
           SELECT p.product, p.counted_on, p.counted,
               coalesce(sum(d.quantity) FILTER (WHERE d.sold_on > p.counted_on), 0),
               coalesce(sum(d.quantity) FILTER (WHERE d.sold_on > l.day - %(days)s), 0),
               p.minimum, p.upload_id, p.line, p.sent, p.branch, p.branch_key = '' OR p.ids IS NOT NULL
           FROM places p CROSS JOIN last_day l LEFT JOIN followed e USING (product_key)
           LEFT JOIN daily d ON d.product_id = p.product_id AND (p.branch_key = '' OR d.store_id = ANY(p.ids)
               OR (p.ids IS NULL AND (d.store_id = ANY(e.ids)) IS NOT TRUE))
           GROUP BY p.product_key, p.branch_key, p.product, p.branch, p.counted_on, p.counted, p.minimum, p.upload_id,
               p.line, p.sent, p.ids""",
        {
            "c": scope.company_id, "today": today, "days": PACE_DAYS, "all": not products, "a_shop": _A_SHOP,
            "keys": [fold(p) for p in products],
        },
    ).fetchall()  # fmt: skip
    return [
        Stock(
            product, counted_on, counted, sold, Decimal(recent) / PACE_DAYS, minimum, upload, line, sent, branch,
            followed, short=sold > counted,
        )
        for product, counted_on, counted, sold, recent, minimum, upload, line, sent, branch, followed in rows
    ]  # fmt: skip


def _costs(
    scope: Scope, connection: Connection, today: date, keys: tuple[str, ...]
) -> dict[str, tuple[Decimal, Literal["sheet", "sales"]]]:
    """The last known unit cost of each product: by its latest count with a cost (weighted, where lines differ), else
    by the sales of the last day that carry one."""
    rows = connection.execute(
        """WITH dated AS (
               SELECT DISTINCT ON (s.product_key) s.product_key, s.counted_on, s.upload_id FROM fact_stock s
               JOIN uploads u ON u.company_id = s.company_id AND u.id = s.upload_id
               WHERE s.company_id = %(c)s AND s.counted_on <= %(today)s AND s.unit_cost > 0
               AND s.product_key = ANY(%(keys)s) ORDER BY s.product_key, s.counted_on DESC, u.created_at DESC, u.id),
           sheet AS (
               SELECT product_key, coalesce(sum(quantity * unit_cost) FILTER (WHERE quantity > 0)
                   / nullif(sum(quantity) FILTER (WHERE quantity > 0), 0), max(unit_cost)) AS cost
               FROM fact_stock s JOIN dated USING (product_key, counted_on, upload_id)
               WHERE s.company_id = %(c)s AND unit_cost > 0 GROUP BY 1),
           named AS (SELECT DISTINCT ON (fold(name)) fold(name) AS product_key, id FROM dim_products
               WHERE company_id = %(c)s AND fold(name) = ANY(%(keys)s)
               AND fold(name) NOT IN (SELECT product_key FROM sheet) ORDER BY fold(name), id),
           sold AS (
               SELECT DISTINCT ON (n.product_key) n.product_key, sum(f.cost) / sum(f.quantity) AS cost FROM named n
               JOIN fact_sales f ON f.company_id = %(c)s AND f.product_id = n.id AND f.kind = 'sale' AND f.cost > 0
               AND f.quantity > 0 AND f.sold_on <= %(today)s
               GROUP BY n.product_key, f.sold_on ORDER BY n.product_key, f.sold_on DESC)
           SELECT product_key, cost, 'sheet' FROM sheet UNION ALL SELECT product_key, cost, 'sales' FROM sold""",
        {"c": scope.company_id, "today": today, "keys": list(keys)},
    )
    return {key: (cost, by) for key, cost, by in rows}
