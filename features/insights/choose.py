"""From all that the rules say to what is told: false discoveries out, one telling of each story, best first. Pure."""

from collections.abc import Sequence

from features.insights.chance import discoveries
from features.insights.rules import RULES
from features.insights.types import Insight, Signals

MOST = 12
SMALLEST = 0.003
"""A move of less than 0,3 % of the month's sales changes nothing for an owner."""
AT_MOST = {"slipping_customer": 2, "unusual_day": 2, "price_move": 2, "benchmark_move": 1}
"""So that many small ones of a kind don't push the rest out."""
RATES = {"unusual_member": 0.03, "unusual_day": 0.01}
"""The false discoveries allowed in each family. Their sum is the chance, under 5 %, that a company in which nothing
happened is told of something unusual."""
SAME = (
    {"margin_erosion", "price_move"},
    {"unusual_member", "discount_without_volume", "returns_rising", "slipping_customer", "dead_product"},
)
"""Rules that tell one and the same story where they name the same member."""


def insights(signals: Signals) -> list[Insight]:
    """All that is worth telling about the month, best first, at most `MOST`."""
    said = [insight for rule in RULES for insight in rule(signals)]
    return distinct(sorted(proven(said), key=lambda i: (-i.score, i.key)))[:MOST]


def proven(said: Sequence[Insight]) -> list[Insight]:
    """Without those "unusual" ones that as many series tried would show by chance; each such rule is a family."""
    chance: set[int] = set()
    for rule in {i.rule for i in said if i.p_value is not None}:
        tried = [i for i in said if i.rule == rule]
        kept = discoveries([i.p_value or 0.0 for i in tried], RATES[rule])
        chance |= {id(i) for i, keep in zip(tried, kept, strict=True) if not keep}
    return [i for i in said if i.p_value is None or (id(i) not in chance and i.materiality >= SMALLEST)]


def distinct(ranked: Sequence[Insight]) -> list[Insight]:
    """One insight a story: what a better one with the same member or the same money says already is left out."""
    out: list[Insight] = []
    for insight in ranked:
        alike = sum(told.rule == insight.rule for told in out)
        if alike < AT_MOST.get(insight.rule, MOST) and not any(_same_story(insight, told) for told in out):
            out.append(insight)
    return out


def _same_story(one: Insight, other: Insight) -> bool:
    if one.rule == other.rule:
        return one.slice == other.slice and one.period == other.period
    together = any(one.rule in group and other.rule in group for group in SAME)
    return together and bool(one.slice) and one.slice == other.slice
