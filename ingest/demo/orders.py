"""Who comes on which day: expected orders a day and branch, then chance."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ingest.demo import seasons
from ingest.demo.draw import pick, spread
from ingest.demo.history import Calendar, Floats, Ints, factor
from ingest.demo.profile import Account, Branch, Product, Profile

LINES_PER_ORDER = 1.85
LINES_PER_WHOLESALE_ORDER = 2.4
KNOWN_CUSTOMER = {"Mostrador": 0.22, "Delivery": 0.75}


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


def appetites(profile: Profile, calendar: Calendar) -> Floats:
    """How much each product is wanted, day by product."""
    wanted = np.empty((len(calendar.days), len(profile.products)))
    cache = {name: seasons.season(name, calendar.days) for name in {p.season for p in profile.products}}
    for index, product in enumerate(profile.products):
        wanted[:, index] = product.weight * cache[product.season]
        for story in profile.stories:
            if story.kind == "volume" and story.member in (product.name, product.category):
                wanted[calendar.during(story), index] *= story.factor
    return wanted


def orders_of(profile: Profile, calendar: Calendar, appetite: Floats, chance: np.random.Generator) -> Orders:
    wholesale = _wholesale(profile, calendar, chance)
    retail = _retail(
        profile, calendar, appetite, max(1, profile.lines - round(wholesale.count * LINES_PER_WHOLESALE_ORDER)), chance
    )
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
            expected[:, names(profile.branches).index(story.member)] *= factor(calendar, story)
        if story.kind == "volume" and story.dimension == "channel":
            channel_factor[:, [name for name, _ in profile.channels].index(story.member)] *= factor(calendar, story)
    by_channel = channels / channels.sum() * channel_factor
    expected *= by_channel.sum(1, keepdims=True)
    expected *= np.exp(chance.normal(0, profile.noise, expected.shape))
    counts = np.floor(expected + chance.random(expected.shape)).astype(np.int64)
    cells = np.repeat(np.arange(counts.size), counts.ravel())
    day, branch = np.divmod(cells, len(profile.branches))
    channel = pick(by_channel, day, chance.random(len(day)))
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
                chances = chances * factor(calendar, story)
        days.append(np.flatnonzero(spread(chances, chance) & (chances > 0)))
        accounts.append(np.full(len(days[-1]), index))
    day = np.concatenate([*days, np.array([], dtype=np.int64)])
    buyer = np.concatenate([*accounts, np.array([], dtype=np.int64)])
    branches = [names(profile.branches).index(a.branch) for a in profile.accounts]
    branch = np.array([*branches, 0], dtype=np.int64)[buyer]
    return Orders(day, branch, np.full(len(day), -1), buyer, np.zeros(len(day), dtype=np.int64))


def names(things: Sequence[Product | Branch | Account]) -> list[str]:
    return [thing.name for thing in things]
