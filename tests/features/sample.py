"""Sale lines made up for the tests: a small shop's, drawn from a seed, and the way into the database."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

from core.db import Connection
from core.tenancy import Scope

PRODUCTS = {"Marraqueta": "Pan", "Hallulla": "Pan", "Kuchen de nuez": "Pastelería", "Torta": "Pastelería", "Café": None}
BRANCHES = ("Centro", "Talca", "Ñuñoa")


@dataclass(frozen=True, slots=True)
class Line:
    """One sale line by names; what a file may lack may be None."""

    day: date
    total: Decimal
    kind: str = "sale"
    order: str | None = None
    product: str | None = None
    customer: str | None = None
    branch: str | None = None
    channel: str | None = None
    seller: str | None = None
    payment: str | None = None
    hour: int | None = None
    quantity: Decimal | None = None
    cost: Decimal | None = None
    discount: Decimal | None = None


def draw(seed: int, count: int, first: date, days: int) -> list[Line]:
    """`count` lines over `days` days, some of them returns, some with holes."""
    random_ = random.Random(seed)
    return [_line(random_, first, days, count) for _ in range(count)]


def _line(r: random.Random, first: date, days: int, count: int) -> Line:
    quantity = Decimal(r.randint(1, 40)) / 4
    price = Decimal(r.randint(300, 900000)) / 100
    cost = (quantity * price * Decimal(r.randint(30, 90)) / 100).quantize(Decimal("0.01"))
    back = r.random() < 0.07
    sign = -1 if back else 1

    def maybe(value: object, share: float) -> object:
        return value if r.random() < share else None

    return Line(
        day=first + timedelta(days=r.randrange(days)),
        total=sign * (quantity * price).quantize(Decimal("0.01")),
        kind="return" if back else "sale",
        order=maybe(f"B-{r.randint(1, max(2, count // 2))}", 0.95),  # type: ignore[arg-type]
        product=maybe(r.choice(list(PRODUCTS)), 0.97),  # type: ignore[arg-type]
        customer=maybe(f"Cliente {r.randint(1, max(2, count // 8))}", 0.7),  # type: ignore[arg-type]
        branch=maybe(r.choice(BRANCHES), 0.96),  # type: ignore[arg-type]
        channel=r.choice(("Local", "Delivery")),
        seller=maybe(r.choice(("Ana", "Luis")), 0.9),  # type: ignore[arg-type]
        payment=r.choice(("Efectivo", "Débito")),
        hour=maybe(r.randint(8, 20), 0.9),  # type: ignore[arg-type]
        quantity=maybe(sign * quantity, 0.95),  # type: ignore[arg-type]
        cost=maybe(sign * cost, 0.9),  # type: ignore[arg-type]
        discount=maybe(Decimal(r.randint(0, 500)), 0.5),  # type: ignore[arg-type]
    )


def load(lines: Sequence[Line], scope: Scope, connection: Connection, filename: str = "ventas.csv") -> UUID:
    """Put the lines in as an upload of `scope`'s company would; returns the upload's id."""
    company = scope.company_id
    upload = connection.execute(
        "INSERT INTO uploads (company_id, filename, sha256, size_bytes, state, accepted)"
        " VALUES (%s, %s, %s, 1, 'ready', %s) RETURNING id",
        [company, filename, uuid4().bytes, len(lines)],
    ).fetchone()
    assert upload is not None
    products = _dimension(connection, company, "dim_products", {x.product for x in lines})
    for name, id_ in products.items():
        connection.execute(
            "UPDATE dim_products SET category = %s WHERE company_id = %s AND id = %s",
            [PRODUCTS.get(name), company, id_],
        )
    customers = _dimension(connection, company, "dim_customers", {x.customer for x in lines})
    stores = _dimension(connection, company, "dim_stores", {x.branch for x in lines})
    channels = _dimension(connection, company, "dim_channels", {x.channel for x in lines})
    columns = (
        "company_id, line_key, sold_on, sold_hour, kind, order_ref, product_id, customer_id, store_id, channel_id,"
        " seller, payment_method, quantity, discount, total, cost, currency, upload_id, source_line"
    )
    rows = [
        [company, uuid4(), x.day, x.hour, x.kind, x.order, products.get(x.product or ""),
         customers.get(x.customer or ""), stores.get(x.branch or ""), channels.get(x.channel or ""), x.seller,
         x.payment, x.quantity, x.discount, x.total, x.cost, scope.company.currency, upload[0], number]
        for number, x in enumerate(lines, 2)
    ]  # fmt: skip
    # By way of a table of its own: COPY is not possible into a table with row-level security.
    connection.execute("CREATE TEMP TABLE brought (LIKE fact_sales)")
    with connection.cursor() as cursor, cursor.copy(f"COPY brought ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    connection.execute(f"INSERT INTO fact_sales ({columns}) SELECT {columns} FROM brought")  # noqa: S608
    connection.execute("DROP TABLE brought")
    return upload[0]  # type: ignore[no-any-return]


def _dimension(connection: Connection, company: UUID, table: str, names: Iterable[str | None]) -> dict[str, int]:
    for name in sorted(n for n in names if n):
        connection.execute(
            f"INSERT INTO {table} (company_id, key, name) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",  # noqa: S608
            [company, name.lower(), name],
        )
    rows = connection.execute(f"SELECT name, id FROM {table} WHERE company_id = %s", [company])  # noqa: S608
    return dict(list(rows))
