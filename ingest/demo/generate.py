"""From a profile to its sale lines, as the table a till would export."""

from datetime import date, timedelta

import numpy as np
import polars as pl

from ingest.demo import seasons
from ingest.demo.history import Calendar, Ints
from ingest.demo.lines import Lines, discounts_of, lines_of, prices_of
from ingest.demo.orders import Orders, appetites, names, orders_of
from ingest.demo.profile import Profile
from ingest.demo.stories import period_of

WHOLESALE = "Mayorista"
WHOLESALE_PRICE = 0.88
HOURS = np.array([0, 0, 0, 0, 0, 0, 0, 5, 9, 8, 6, 6, 8, 7, 4, 3, 5, 10, 12, 8, 3, 0, 0, 0], dtype=float)
PAYMENTS = {
    "Mostrador": (("Débito", 0.48), ("Efectivo", 0.29), ("Crédito", 0.16), ("Transferencia", 0.07)),
    "Delivery": (("Crédito", 0.45), ("Débito", 0.40), ("Transferencia", 0.15)),
}
COLUMNS = (
    "at", "kind", "document", "product", "sku", "category", "branch", "channel", "customer", "seller",
    "payment_method", "quantity", "unit_price", "discount", "total", "unit_cost",
)  # fmt: skip


def generate(profile: Profile, today: date) -> pl.DataFrame:
    """The sale lines of `profile` up to the last full month before `today`, in the order of the till.

    Columns: at, kind (Boleta, Factura, Nota de crédito), document, product, sku, category, branch, channel, customer
    (None where unknown), seller, payment_method, quantity, unit_price, discount, total, unit_cost. Pesos; a return's
    quantity, discount and total are negative.
    """
    chance = np.random.default_rng(profile.seed)
    calendar = Calendar.until(today, profile.months)
    appetite = appetites(profile, calendar)
    orders = orders_of(profile, calendar, appetite, chance)
    lines = lines_of(profile, calendar, orders, appetite, chance)
    return _frame(profile, calendar, orders, lines, chance)


def _frame(
    profile: Profile, calendar: Calendar, orders: Orders, lines: Lines, chance: np.random.Generator
) -> pl.DataFrame:
    bulk = orders.account[lines.order] >= 0
    price, cost = prices_of(profile, calendar, orders.day[lines.order], lines.product)
    price = np.where(bulk, np.round(price * WHOLESALE_PRICE / 10) * 10, price)
    gross = np.round(lines.quantity * price)
    rate = discounts_of(profile, calendar, orders, lines, bulk, chance)
    discount = np.round(gross * rate / 10) * 10
    minute = _minutes(orders, chance)
    frame = pl.DataFrame(
        {
            "day": np.array(calendar.days, dtype="datetime64[D]")[orders.day[lines.order]],
            "minute": minute[lines.order],
            "order": lines.order,
            "kind": np.where(bulk, "Factura", "Boleta"),
            **_who(profile, orders, lines, chance),
            "product": np.array(names(profile.products))[lines.product],
            "sku": np.array([f"{p.category[:3].upper()}-{n:03}" for n, p in enumerate(profile.products, 1)])[
                lines.product
            ],
            "category": np.array([p.category for p in profile.products])[lines.product],
            "quantity": lines.quantity,
            "unit_price": price.astype(np.int64),
            "discount": discount.astype(np.int64),
            "total": (gross - discount).astype(np.int64),
            "unit_cost": cost,
        }
    )
    sales = frame.sort("day", "minute", "order").with_columns(
        number=pl.struct("order", "kind").rank("dense").over("kind")
    )
    return _numbered(pl.concat([sales, _returns(profile, calendar, sales, chance)]))


def _who(profile: Profile, orders: Orders, lines: Lines, chance: np.random.Generator) -> dict[str, object]:
    """Branch, channel, customer, till and payment method of each line."""
    channels = [*(name for name, _ in profile.channels), WHOLESALE]  # -1 is the last
    tills = np.array([b.tills for b in profile.branches])[orders.branch]
    till = 1 + np.floor(chance.random(orders.count) ** 1.3 * tills).astype(np.int64)
    payment = np.full(orders.count, "Transferencia", dtype=object)
    for index, (channel, _) in enumerate(profile.channels):
        methods = PAYMENTS.get(channel, PAYMENTS["Mostrador"])
        paid = np.flatnonzero(orders.channel == index)
        payment[paid] = chance.choice([m for m, _ in methods], size=len(paid), p=[share for _, share in methods])
    accounts = np.array([*names(profile.accounts), ""], dtype=object)[orders.account]
    known = np.array([None, *(f"Cliente {n:04}" for n in range(1, profile.customers + 1))], dtype=object)
    customer = np.where(orders.account >= 0, accounts, known[orders.customer])
    return {
        "branch": np.array(names(profile.branches))[orders.branch][lines.order],
        "channel": np.array(channels)[orders.channel][lines.order],
        "customer": pl.Series(customer.tolist(), dtype=pl.String).gather(lines.order),
        "seller": np.array([f"Caja {n}" for n in range(10)])[till][lines.order],
        "payment_method": pl.Series(payment.tolist(), dtype=pl.String).gather(lines.order),
    }


def _minutes(orders: Orders, chance: np.random.Generator) -> Ints:
    """The minute of the day of each order; accounts are served at opening."""
    hour = chance.choice(24, size=orders.count, p=HOURS / HOURS.sum())
    hour = np.where(orders.account >= 0, 7, hour)
    return np.asarray(hour * 60 + chance.integers(0, 60, orders.count))


def _returns(profile: Profile, calendar: Calendar, sales: pl.DataFrame, chance: np.random.Generator) -> pl.DataFrame:
    """Credit notes: a line that came back, at the same till and price, within three days."""
    share = np.full(len(sales), profile.returned)
    for story in profile.stories:
        if story.kind == "returns":
            period = period_of(story, calendar.today)
            hit = sales.select(
                pl.any_horizontal(pl.col("product", "category", "branch") == story.member)
                & pl.col("day").is_between(period.start, period.end)
            ).to_series()
            share = np.where(hit.to_numpy(), story.factor, share)
    back = sales.filter(pl.Series(chance.random(len(sales)) < share))
    later = pl.Series(chance.integers(0, 3, len(back))) * timedelta(days=1)
    closed = [date(year, *day) for year in {d.year for d in calendar.days} for day in seasons.CLOSED]
    return back.with_columns(
        day=(pl.col("day") + later).cast(pl.Date),
        kind=pl.lit("Nota de crédito"),
        number=pl.int_range(1, pl.len() + 1, dtype=pl.UInt32),
        minute=pl.col("minute").clip(9 * 60, 20 * 60),
        quantity=-pl.col("quantity"),
        discount=-pl.col("discount"),
        total=-pl.col("total"),
    ).filter((pl.col("day") <= calendar.days[-1]) & ~pl.col("day").is_in(closed))


def _numbered(lines: pl.DataFrame) -> pl.DataFrame:
    """Documents numbered in the order of the till, each kind in its own series."""
    prefix = pl.col("kind").replace_strict({"Boleta": "B", "Factura": "F", "Nota de crédito": "NC"})
    keys = ["kind", "day", "minute", "order", "number"]
    series = lines.select(keys).unique().sort(keys).with_columns(n=pl.int_range(1, pl.len() + 1).over("kind"))
    return (
        lines.join(series, on=keys)
        .sort("day", "minute", "order", "number", "sku")
        .select(
            at=pl.col("day").cast(pl.Datetime("us")) + pl.duration(minutes=pl.col("minute")),
            kind="kind",
            document=prefix + (pl.col("n") + 1_000).cast(pl.String),
            **{name: name for name in COLUMNS[3:]},
        )
    )
