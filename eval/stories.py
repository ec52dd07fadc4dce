"""Are the stories found? Companies are generated with one story each, drawn by chance, and the rules look for it.

A story counts where it is material: it moves at least `MATERIAL` of its month's sales (less is no news to an owner).
It is found where one of the month's top `TOP` insights is of the story's kind and names its member. Its period is the
month in which it begins; a customer's silence is noticed once it has lasted, so for that the month after counts too.
Companies without any story tell how often the rules cry wolf.

    python -m eval.stories [count] [seed]
"""

import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from statistics import fmean
from typing import Any

import polars as pl

from core.periods import Grain, Period, add_months
from eval.companies import TODAY
from eval.signals import signals
from features.insights import Insight, insights
from ingest import demo
from ingest.demo import LA_ESPIGA, Planted, Profile, Story

COUNT = 160
QUIET = 60
SEED = 2026
TOP = 3
MATERIAL = 0.004
RECALL = 0.95
FALSE_ALARMS = 0.05
LINES = (40_000, 60_000)
RULES = {
    "volume": "unusual_member",
    "cost": "margin_erosion",
    "price": "price_move",
    "discount": "discount_without_volume",
    "returns": "returns_rising",
    "stopped": "slipping_customer",
}


@dataclass(frozen=True, slots=True)
class Looked:
    """One planted story, and whether it was found."""

    planted: Planted
    found: bool
    share: float
    """Of its month's sales that it moves."""
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """All that were looked for, and how many of the `quiet` companies had something called unusual."""

    looked: tuple[Looked, ...]
    quiet: int
    false_alarms: int

    @property
    def recall(self) -> float:
        return fmean(one.found for one in self.looked)

    @property
    def alarm_rate(self) -> float:
        return self.false_alarms / self.quiet

    @property
    def good(self) -> bool:
        return self.recall >= RECALL and self.alarm_rate <= FALSE_ALARMS


def measure(count: int = COUNT, seed: int = SEED, quiet: int = QUIET) -> Found:
    """Generate, look, count. The same numbers give the same result."""
    chance = random.Random(seed)
    looked = [*_espiga(), *_drawn(count, chance)]
    alarms = sum(_alarmed(_profile(chance)) for _ in range(quiet))
    return Found(tuple(looked), quiet, alarms)


def look(lines: pl.DataFrame, planted: Planted) -> Looked:
    """Whether the rules find a story in its lines."""
    first = planted.first_month
    months = [first]
    after = Period.of(Grain.month, add_months(first.start, 1))
    if planted.story.kind == "stopped" and after.end < TODAY.replace(day=1):
        months.append(after)
    tops = [insights(signals(lines, month))[:TOP] for month in months]
    return Looked(
        planted,
        any(_is(insight, planted.story) for top in tops for insight in top),
        share(lines, planted),
        tuple(f"{i.rule} {dict(i.slice)}" for i in tops[0]),
    )


def share(lines: pl.DataFrame, planted: Planted) -> float:
    """What a story moves in its first month, as a share of the month's sales."""
    story, month = planted.story, planted.first_month
    member = lines.filter(pl.col(story.dimension) == story.member)
    now = _within(member, month)
    usual = fmean(_sales(_within(member, _back(month, i))) for i in (1, 2, 3))
    cost = float((now["unit_cost"] * now["quantity"]).sum())
    moved = {
        "volume": usual * abs(story.factor - 1),
        "cost": cost * (1 - 1 / (story.factor or 1)),
        "price": _sales(now) * (1 - 1 / (story.factor or 1)),
        "discount": float(now["discount"].sum()),
        "returns": -float(now.filter(pl.col("total") < 0)["total"].sum()),
        "stopped": usual,
    }
    return abs(moved[story.kind]) / _sales(_within(lines, month))


def _espiga() -> Iterator[Looked]:
    lines = demo.generate(LA_ESPIGA, TODAY)
    for planted in demo.planted(LA_ESPIGA.stories, TODAY):
        yield look(lines, planted)


def _drawn(count: int, chance: random.Random) -> Iterator[Looked]:
    """Material stories, one a company; those drawn too small are drawn again."""
    made = 0
    while made < count:
        story = _story(chance)
        profile = replace(_profile(chance), stories=(story,))
        lines = demo.generate(profile, TODAY)
        planted = demo.planted(profile.stories, TODAY)[0]
        if share(lines, planted) >= MATERIAL:
            made += 1
            yield look(lines, planted)


def _profile(chance: random.Random) -> Profile:
    return replace(LA_ESPIGA, seed=chance.randrange(1_000_000), stories=(), lines=chance.choice(LINES))


def _story(chance: random.Random) -> Story:
    """Any kind, any member it can happen to, any of the last six months, small to large."""
    month = -chance.randint(0, 5)
    products = [p for p in LA_ESPIGA.products if p.weight >= 0.7]
    name = chance.choice(products).name
    category = chance.choice(sorted({p.category for p in LA_ESPIGA.products} - {"Temporada"}))
    kind = chance.choice(("volume", "volume", "volume", "cost", "price", "discount", "returns", "stopped"))
    match kind:
        case "volume":
            return _volume(month, category, chance)
        case "cost" | "price":
            return Story("drawn", kind, "product", name, month, chance.choice((1.2, 1.3, 1.4)))
        case "discount" | "returns":
            factor = 0.5 if kind == "discount" else 0.12
            if chance.random() < 0.5:
                return Story("drawn", kind, "category", category, month, factor, until=month)
            return Story("drawn", kind, "product", name, month, factor, until=month)
    return Story("drawn", "stopped", "customer", chance.choice(LA_ESPIGA.accounts).name, month)


def _volume(month: int, category: str, chance: random.Random) -> Story:
    factor = chance.choice((0.5, 0.6, 0.7, 1.5, 1.8, 2.2))
    match chance.choice(("branch", "product", "channel", "category")):
        case "branch":
            return Story("drawn", "volume", "branch", chance.choice(LA_ESPIGA.branches).name, month, factor)
        case "channel":
            return Story("drawn", "volume", "channel", "Delivery", month, factor)
        case "category":
            return Story("drawn", "volume", "category", category, month, factor)
    steady = [p for p in LA_ESPIGA.products if p.weight >= 0.7 and not p.season]
    return Story("drawn", "volume", "product", chance.choice(steady).name, month, chance.choice((0.4, 0.5, 1.8, 2.4)))


def _alarmed(profile: Profile) -> bool:
    """Whether something is called unusual in the last full month of a company in which nothing happened."""
    last = Period.of(Grain.month, TODAY.replace(day=1) - timedelta(days=1))
    return any(i.p_value is not None for i in insights(signals(demo.generate(profile, TODAY), last)))


def _is(insight: Insight, story: Story) -> bool:
    return insight.rule == RULES[story.kind] and insight.slice.get(story.dimension) == story.member


def _within(lines: pl.DataFrame, month: Period) -> pl.DataFrame:
    return lines.filter(pl.col("at").dt.date().is_between(month.start, month.end))


def _back(month: Period, count: int) -> Period:
    return Period.of(Grain.month, add_months(month.start, -count))


def _sales(lines: pl.DataFrame) -> float:
    return float(lines["total"].sum())


def told(found: Found) -> list[str]:
    """The result in lines for people."""
    kinds: dict[str, list[Looked]] = {}
    for one in found.looked:
        kinds.setdefault(f"{one.planted.story.kind} of a {one.planted.story.dimension}", []).append(one)
    lines = [f"{kind}: {sum(x.found for x in all_)} of {len(all_)}" for kind, all_ in sorted(kinds.items())]
    missed = [one for one in found.looked if not one.found]
    for one in missed:
        story = one.planted.story
        lines.append(
            f"missed: {story.kind} {story.member} x{story.factor} in {one.planted.first_month.start:%Y-%m} "
            f"({one.share:.1%} of sales); told instead: {'; '.join(one.told)}"
        )
    count = sum(one.found for one in found.looked)
    lines.append(
        f"stories in the top {TOP}: {count} of {len(found.looked)} ({found.recall:.1%}, at least {RECALL:.0%})"
    )
    lines.append(f"false alarms: {found.false_alarms} of {found.quiet} (at most {FALSE_ALARMS:.0%})")
    return lines


def as_json(found: Found) -> dict[str, Any]:
    """The result for programs."""
    return {
        "stories": len(found.looked),
        "recall": found.recall,
        "quiet": found.quiet,
        "false_alarms": found.false_alarms,
        "good": found.good,
    }


def main(arguments: Sequence[str]) -> int:
    count, seed = (int(arguments[i]) if len(arguments) > i else default for i, default in ((0, COUNT), (1, SEED)))
    found = measure(count, seed, quiet=max(1, count * QUIET // COUNT))
    print("\n".join(told(found)))
    return 0 if found.good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
