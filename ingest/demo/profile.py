"""What a generated business is made of: plain data, no chance in it."""

from dataclasses import dataclass

from ingest.demo.stories import Story


@dataclass(frozen=True, slots=True)
class Product:
    """Something sold. `price` and `cost` are pesos a unit (a kilo, where `by_weight`) at the start of the history."""

    name: str
    category: str
    price: int
    cost: int
    weight: float
    """How often it is bought, against the others."""
    season: str = ""
    """Its season in `seasons.SEASONS`, where it has one."""
    by_weight: bool = False
    most: int = 2
    """Units in a retail line, at most."""
    wholesale: bool = False


@dataclass(frozen=True, slots=True)
class Branch:
    """A shop, its share of the orders, and how many tills it has."""

    name: str
    weight: float
    tills: int = 2


@dataclass(frozen=True, slots=True)
class Account:
    """A business that buys wholesale: at which branch, on how many days a week, and how much at a time."""

    name: str
    branch: str
    days_a_week: float
    size: float


@dataclass(frozen=True, slots=True)
class Profile:
    """A business to generate. The same profile and the same day give the same lines."""

    name: str
    seed: int
    products: tuple[Product, ...]
    branches: tuple[Branch, ...]
    accounts: tuple[Account, ...] = ()
    channels: tuple[tuple[str, float], ...] = (("Mostrador", 0.84), ("Delivery", 0.16))
    """Retail channels and their share; accounts buy on the channel 'Mayorista'."""
    stories: tuple[Story, ...] = ()
    sector: str = "panaderia"
    lines: int = 60_000
    """About how many sale lines the whole history has."""
    months: int = 26
    customers: int = 700
    """Regular customers that the till knows by their number."""
    price_level: float = 1.0
    cost_level: float = 1.0
    growth: float = 0.04
    """Of orders, a year."""
    inflation: float = 0.042
    """Of costs, a year; prices follow in steps, twice a year."""
    noise: float = 0.07
    """Spread of a branch's day around its expectation (standard deviation of the logarithm)."""
    discounted: float = 0.03
    """Share of the retail lines with a discount."""
    returned: float = 0.007
    """Share of the lines that come back as a credit note."""
