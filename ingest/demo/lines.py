"""What is bought in each order, how much of it, at which price, cost and discount."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ingest.demo.draw import even, pick
from ingest.demo.history import Calendar, Floats, Ints, factor
from ingest.demo.orders import Orders
from ingest.demo.profile import Profile

PRICE_STEP_MONTHS = 6
MORE_LINES = np.array([0.42, 0.76, 0.91, 0.97, 0.99])
"""How far along the retail orders those end that have one line, two, three…"""


@dataclass(slots=True)
class Lines:
    """Parallel arrays, one element a sale line; `order` points into the orders."""

    order: Ints
    product: Ints
    quantity: Floats


def lines_of(
    profile: Profile, calendar: Calendar, orders: Orders, appetite: Floats, chance: np.random.Generator
) -> Lines:
    bulk = orders.account >= 0
    cell = (calendar.month[orders.day] * len(profile.branches) + orders.branch) * 2 + bulk
    counts = 1 + np.searchsorted(MORE_LINES, even(cell, chance), side="right") + bulk
    order = np.repeat(np.arange(orders.count), counts)
    in_bulk = np.array([float(p.wholesale) for p in profile.products])
    place = even(cell[order], chance)
    product = np.where(
        bulk[order],
        pick(appetite * in_bulk + 1e-12, orders.day[order], place),
        pick(appetite, orders.day[order], place),
    )
    # One line a product and document, as a till does it.
    _, first = np.unique(order * len(profile.products) + product, return_index=True)
    order, product = order[first], product[first]
    most = np.array([p.most for p in profile.products])
    quantity = 1.0 + np.floor(even(cell[order] * len(most) + product, chance) ** 1.6 * most[product])
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


def prices_of(profile: Profile, calendar: Calendar, day: Ints, product: Ints) -> tuple[Floats, Floats]:
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
                (price if story.kind == "price" else cost)[index] *= factor(calendar, story)
    return np.round(price[product, day] / 10) * 10, np.round(cost[product, day], 1)


def discounts_of(
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
