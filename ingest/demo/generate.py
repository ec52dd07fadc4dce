"""From a profile to its sale lines: expected orders a day and branch, then chance, all in arrays."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from core.periods import add_months
from ingest.demo import seasons
from ingest.demo.profile import Profile
from ingest.demo.stories import Story, last_day, period_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LINES_PER_ORDER = 1.85
WHOLESALE = "Mayorista"
WHOLESALE_PRICE = 0.88
HOURS = np.array([0, 0, 0, 0, 0, 0, 0, 5, 9, 8, 6, 6, 8, 7, 4, 3, 5, 10, 12, 8, 3, 0, 0, 0], dtype=float)
PAYMENTS = {
    "Mostrador": (("Débito", 0.48), ("Efectivo", 0.29), ("Crédito", 0.16), ("Transferencia", 0.07)),
    "Delivery": (("Crédito", 0.45), ("Débito", 0.40), ("Transferencia", 0.15)),
}
KNOWN_CUSTOMER = {"Mostrador": 0.22, "Delivery": 0.75}
PRICE_STEP_MONTHS = 6


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days of the history, the month that each one is in, and their stories' reach."""

    days: tuple[date, ...]
    month: Ints
    today: date

    @classmethod
    def until(cls, today: date, months: int) -> "Calendar":
        last = last_day(today)
        first = add_months(last.replace(day=1), 1 - months)
        days = tuple(first + timedelta(days=n) for n in range((last - first).days + 1))
        return cls(days, np.array([(d.year - first.year) * 12 + d.month - first.month for d in days]), today)

    def during(self, story: Story) -> NDArray[np.bool_]:
        """The days on which a story holds."""
        period = period_of(story, self.today)
        return np.array([period.holds(day) for day in self.days])


@dataclass(slots=True)
class Orders:
    """Parallel arrays, one element an order. `account` is -1 at retail, `customer` 0 where unknown."""

    day: Ints
    branch: Ints
    channel: Ints
    account: Ints
    customer: Ints

    @property
    def count(self) -> int:
        return len(self.day)


@dataclass(slots=True)
class Lines:
    """Parallel arrays, one element a sale line; `order` points into the orders."""

    order: Ints
    product: Ints
    quantity: Floats


def generate(profile: Profile, today: date) -> pl.DataFrame:
    """The sale lines of `profile` up to the last full month before `today`, in the order of the till.

    Columns: at, kind (Boleta, Factura, Nota de crédito), document, product, sku, category, branch, channel, customer
    (None where unknown), seller, payment_method, quantity, unit_price, discount, total, unit_cost. Pesos; a return's
    quantity, discount and total are negative.
    """
    chance = np.random.default_rng(profile.seed)
    calendar = Calendar.until(today, profile.months)
    appetite = _appetite(profile, calendar)
    orders = _orders(profile, calendar, appetite, chance)
    lines = _lines(profile, calendar, orders, appetite, chance)
    return _frame(profile, calendar, orders, lines, chance)


def _appetite(profile: Profile, calendar: Calendar) -> Floats:
    """How much each product is wanted, day by product."""
    wanted = np.empty((len(calendar.days), len(profile.products)))
    cache = {name: seasons.season(name, calendar.days) for name in {p.season for p in profile.products}}
    for index, product in enumerate(profile.products):
        wanted[:, index] = product.weight * cache[product.season]
        for story in profile.stories:
            if story.kind == "volume" and story.member in (product.name, product.category):
                wanted[calendar.during(story), index] *= story.factor
    return wanted


def _orders(profile: Profile, calendar: Calendar, appetite: Floats, chance: np.random.Generator) -> Orders:
    wholesale = _wholesale(profile, calendar, chance)
    retail = _retail(profile, calendar, appetite, max(1, profile.lines - round(wholesale.count * 2.2)), chance)
    return Orders(*(np.concatenate([getattr(retail, f), getattr(wholesale, f)]) for f in Orders.__slots__))


def _retail(profile: Profile, calendar: Calendar, appetite: Floats, target: int, chance: np.random.Generator) -> Orders:
    shares = np.array([b.weight for b in profile.branches])
    years = np.arange(len(calendar.days)) / 365
    busy = seasons.traffic(calendar.days) * (1 + profile.growth) ** years
    # Feasts bring people in; but not all that is bought for a feast is bought in a new visit.
    visits = busy * (appetite.sum(1) / np.median(appetite.sum(1))) ** 0.9
    expected = np.outer(visits, shares / shares.sum())
    expected *= target / LINES_PER_ORDER / expected.sum()
    channels = np.array([share for _, share in profile.channels])
    channel_factor = np.ones((len(calendar.days), len(channels)))
    for story in profile.stories:
        if story.kind == "volume" and story.dimension == "branch":
            expected[:, _names(profile.branches).index(story.member)] *= _factor(calendar, story)
        if story.kind == "volume" and story.dimension == "channel":
            channel_factor[:, [name for name, _ in profile.channels].index(story.member)] *= _factor(calendar, story)
    by_channel = channels / channels.sum() * channel_factor
    expected *= by_channel.sum(1, keepdims=True)
    expected *= np.exp(chance.normal(0, profile.noise, expected.shape))
    counts = np.floor(expected + chance.random(expected.shape)).astype(np.int64)
    cells = np.repeat(np.arange(counts.size), counts.ravel())
    day, branch = np.divmod(cells, len(profile.branches))
    channel = _pick(by_channel, day, chance.random(len(day)))
    return Orders(day, branch, channel, np.full(len(day), -1), _customers(profile, calendar, day, channel, chance))


def _customers(profile: Profile, calendar: Calendar, day: Ints, channel: Ints, chance: np.random.Generator) -> Ints:
    """Who bought, where the till knows it. Regulars come, stay for a while and leave; some buy much more often."""
    span = len(calendar.days)
    first = np.where(chance.random(profile.customers) < 0.4, -1.0, chance.random(profile.customers) * span)
    leaves = first + 60 + chance.exponential(span * 0.6, profile.customers)
    habit = chance.pareto(1.6, profile.customers) + 0.3
    known = chance.random(len(day)) < np.array([KNOWN_CUSTOMER.get(name, 0.3) for name, _ in profile.channels])[channel]
    customer = np.zeros(len(day), dtype=np.int64)
    for month in range(profile.months):
        start = int(np.argmax(calendar.month == month))
        weights = habit * ((first <= start) & (leaves >= start))
        buys = np.flatnonzero(known & (calendar.month[day] == month))
        if weights.sum() > 0:
            customer[buys] = 1 + chance.choice(profile.customers, size=len(buys), p=weights / weights.sum())
    return customer


def _wholesale(profile: Profile, calendar: Calendar, chance: np.random.Generator) -> Orders:
    """Accounts order on working days, about as often as their habit says."""
    open_days = (seasons.traffic(calendar.days) > 0) & np.array([d.weekday() < 6 for d in calendar.days])
    scale = profile.lines / profile.months / (60_000 / 26)
    days, accounts = [], []
    for index, account in enumerate(profile.accounts):
        chances = np.where(open_days, min(account.days_a_week / 6 * min(1.0, scale), 1.0), 0.0)
        for story in profile.stories:
            if story.kind == "stopped" and story.member == account.name:
                chances[calendar.during(story)] = 0
            if story.kind == "volume" and story.member == account.branch:
                chances = chances * _factor(calendar, story)
        days.append(np.flatnonzero(_spread(chances, chance) & (chances > 0)))
        accounts.append(np.full(len(days[-1]), index))
    day = np.concatenate([*days, np.array([], dtype=np.int64)])
    buyer = np.concatenate([*accounts, np.array([], dtype=np.int64)])
    branches = [_names(profile.branches).index(a.branch) for a in profile.accounts]
    branch = np.array([*branches, 0], dtype=np.int64)[buyer]
    return Orders(day, branch, np.full(len(day), -1), buyer, np.zeros(len(day), dtype=np.int64))


def _spread(chances: Floats, chance: np.random.Generator) -> NDArray[np.bool_]:
    """Events of these daily chances, evenly spaced rather than in clumps: a standing order, not a lottery."""
    steps = np.cumsum(chances) + chance.random() + chance.normal(0, 0.12, len(chances))
    return np.asarray(np.floor(np.maximum.accumulate(steps)) > np.floor(np.maximum.accumulate(np.r_[0, steps[:-1]])))


def _lines(
    profile: Profile, calendar: Calendar, orders: Orders, appetite: Floats, chance: np.random.Generator
) -> Lines:
    counts = 1 + np.minimum(chance.poisson(LINES_PER_ORDER - 0.92, orders.count), 6)
    bulk = orders.account >= 0
    counts[bulk] += 1
    order = np.repeat(np.arange(orders.count), counts)
    in_bulk = np.array([float(p.wholesale) for p in profile.products])
    place = _even(calendar.month[orders.day[order]] * len(profile.branches) + orders.branch[order], chance)
    product = np.where(
        bulk[order],
        _pick(appetite * in_bulk + 1e-12, orders.day[order], place),
        _pick(appetite, orders.day[order], place),
    )
    # One line a product and document, as a till does it.
    _, first = np.unique(order * len(profile.products) + product, return_index=True)
    order, product = order[first], product[first]
    most = np.array([p.most for p in profile.products])[product]
    quantity = 1.0 + np.floor(chance.random(len(order)) ** 1.6 * most)
    weighed = np.array([p.by_weight for p in profile.products])[product]
    quantity = np.where(weighed, _weighed(quantity, chance), quantity)
    sizes = np.array([*(a.size for a in profile.accounts), 1.0])
    prices = np.array([p.price for p in profile.products])[product]
    lot = np.maximum(1, np.round(sizes[orders.account[order]] * 13_500 * chance.uniform(0.7, 1.3, len(order)) / prices))
    return Lines(order, product, np.where(bulk[order], lot, np.round(quantity, 2)))


def _weighed(quantity: Floats, chance: np.random.Generator) -> Floats:
    """Kilos, in steps of 50 g."""
    kilos = quantity * chance.uniform(0.4, 0.9, len(quantity))
    return np.maximum(0.25, np.round(kilos / 0.05) * 0.05)


def _frame(
    profile: Profile, calendar: Calendar, orders: Orders, lines: Lines, chance: np.random.Generator
) -> pl.DataFrame:
    bulk = orders.account[lines.order] >= 0
    price, cost = _prices(profile, calendar, orders.day[lines.order], lines.product)
    price = np.where(bulk, np.round(price * WHOLESALE_PRICE / 10) * 10, price)
    gross = np.round(lines.quantity * price)
    rate = _discounts(profile, calendar, orders, lines, bulk, chance)
    discount = np.round(gross * rate / 10) * 10
    minute = _minutes(orders, chance)
    frame = pl.DataFrame(
        {
            "day": np.array(calendar.days, dtype="datetime64[D]")[orders.day[lines.order]],
            "minute": minute[lines.order],
            "order": lines.order,
            "kind": np.where(bulk, "Factura", "Boleta"),
            **_who(profile, orders, lines, chance),
            "product": np.array(_names(profile.products))[lines.product],
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
    accounts = np.array([*_names(profile.accounts), ""], dtype=object)[orders.account]
    known = np.array([None, *(f"Cliente {n:04}" for n in range(1, profile.customers + 1))], dtype=object)
    customer = np.where(orders.account >= 0, accounts, known[orders.customer])
    return {
        "branch": np.array(_names(profile.branches))[orders.branch][lines.order],
        "channel": np.array(channels)[orders.channel][lines.order],
        "customer": pl.Series(customer.tolist(), dtype=pl.String).gather(lines.order),
        "seller": np.array([f"Caja {n}" for n in range(10)])[till][lines.order],
        "payment_method": pl.Series(payment.tolist(), dtype=pl.String).gather(lines.order),
    }


def _prices(profile: Profile, calendar: Calendar, day: Ints, product: Ints) -> tuple[Floats, Floats]:
    """Unit price and unit cost of each line. Costs drift with inflation; prices follow in steps, by category."""
    categories = sorted({p.category for p in profile.products})
    months = np.arange(profile.months)
    price = np.empty((len(profile.products), len(calendar.days)))
    cost = np.empty_like(price)
    for index, item in enumerate(profile.products):
        shift = categories.index(item.category) % PRICE_STEP_MONTHS
        stepped = np.maximum(0, (months + shift) // PRICE_STEP_MONTHS * PRICE_STEP_MONTHS - shift)
        price[index] = (item.price * profile.price_level * (1 + profile.inflation) ** (stepped / 12))[calendar.month]
        cost[index] = (item.cost * profile.cost_level * (1 + profile.inflation) ** (months / 12))[calendar.month]
        for story in profile.stories:
            if story.member in (item.name, item.category) and story.kind in ("price", "cost"):
                (price if story.kind == "price" else cost)[index] *= _factor(calendar, story)
    return np.round(price[product, day] / 10) * 10, np.round(cost[product, day], 1)


def _discounts(
    profile: Profile,
    calendar: Calendar,
    orders: Orders,
    lines: Lines,
    bulk: NDArray[np.bool_],
    chance: np.random.Generator,
) -> Floats:
    """The rate each line is discounted by."""
    draw = chance.random(len(lines.order))
    share = np.where(bulk, 0.0, profile.discounted)
    rate = np.full(len(lines.order), 0.1)
    for story in profile.stories:
        if story.kind == "discount":
            hit = np.array([story.member in (p.name, p.category) for p in profile.products])[lines.product]
            hit &= calendar.during(story)[orders.day[lines.order]] & ~bulk
            share, rate = np.where(hit, story.factor, share), np.where(hit, 0.2, rate)
    return np.where(draw < share, rate, 0.0)


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


def _names(things: object) -> list[str]:
    return [thing.name for thing in things]  # type: ignore[attr-defined]


def _factor(calendar: Calendar, story: Story) -> Floats:
    return np.where(calendar.during(story), story.factor, 1.0)


def _pick(weights: Floats, row: Ints, place: Floats) -> Ints:
    """For each element the column at its `place` (0 to 1) along the weights of its row."""
    steps = np.cumsum(weights / weights.sum(1, keepdims=True), axis=1)
    steps[:, -1] = 1.0
    flat = (steps + np.arange(len(steps))[:, None]).ravel()
    return np.asarray(np.searchsorted(flat, row + place, side="right") - row * weights.shape[1])


def _even(group: Ints, chance: np.random.Generator) -> Floats:
    """Numbers from 0 to 1 that fill each group evenly, in an order of chance: a month's mix is then what it should
    be, and not one cake more or less, which in a small branch would hide what was planted."""
    order = np.lexsort((chance.random(len(group)), group))
    ranked = group[order]
    _, first, size = np.unique(ranked, return_index=True, return_counts=True)
    rank = np.arange(len(group)) - np.repeat(first, size)
    place = np.empty(len(group))
    place[order] = (rank + chance.random(len(group))) / np.repeat(size, size)
    return np.minimum(place, 1 - 1e-9)


COLUMNS = (
    "at", "kind", "document", "product", "sku", "category", "branch", "channel", "customer", "seller",
    "payment_method", "quantity", "unit_price", "discount", "total", "unit_cost",
)  # fmt: skip
