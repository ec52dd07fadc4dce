"""What an owner should know without asking: rules over a month's signals, ranked, with false discoveries controlled."""

from features.insights.choose import insights
from features.insights.collect import collect, full_months
from features.insights.rules import RULES
from features.insights.rules.whole import price_volume_mix
from features.insights.store import chunks, kept, refresh, told
from features.insights.types import Customer, Evidence, Insight, Member, Signals, Standing, Wind

__all__ = [
    "RULES",
    "Customer",
    "Evidence",
    "Insight",
    "Member",
    "Signals",
    "Standing",
    "Wind",
    "chunks",
    "collect",
    "full_months",
    "insights",
    "kept",
    "price_volume_mix",
    "refresh",
    "told",
]
