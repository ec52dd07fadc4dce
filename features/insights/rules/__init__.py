"""The insight rules: pure functions, signals in, insights out. A new rule is a function and its line in RULES."""

from collections.abc import Callable

from features.insights.rules.around import data_gaps, macro_exposure, standing_moves, target
from features.insights.rules.margins import discount_without_volume, margin_erosion, price_moves, returns_rising
from features.insights.rules.members import unusual_members
from features.insights.rules.people import concentration, dead_products, slipping_customers
from features.insights.rules.rhythm import best_times, unusual_days
from features.insights.rules.whole import changes, made_of, record, trend
from features.insights.types import Insight, Signals

RULES: tuple[Callable[[Signals], list[Insight]], ...] = (
    changes,
    trend,
    record,
    made_of,
    unusual_members,
    unusual_days,
    margin_erosion,
    price_moves,
    discount_without_volume,
    returns_rising,
    slipping_customers,
    concentration,
    dead_products,
    best_times,
    target,
    standing_moves,
    macro_exposure,
    data_gaps,
)
