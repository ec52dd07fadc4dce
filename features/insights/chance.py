"""How surprising a move is: expectations that know the season, t tests with honest degrees of freedom, and the
Benjamini-Hochberg control of false discoveries over all the series tried. Pure.

A month's *momentum* is its logarithm less the mean logarithm of the three months before. What it should have been
is nothing, or, for what has a season, last year's momentum of the same month: whichever foresaw the past better.
"""

import math
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache

from scipy.special import stdtr

from core.periods import add_months
from features.insights.types import Monthly

Expectation = Callable[[Monthly, date], float | None]
"""How far a month is from what the past made likely, as a difference of logarithms; None where it can't tell."""
FEWEST = 4
"""Past moves needed before a present one can be called unusual."""
PRIOR = 10
"""How many moves the members' median spread is worth beside a member's own."""
STEADIEST = 0.6
"""Of n sales, the logarithm's variance is not below this ÷ n. By their number alone (Poisson, and the mean of the
months before) it would be 1.33 ÷ n; where the same people buy the same, a past shows less and is believed that far."""


@dataclass(frozen=True, slots=True)
class Move:
    """`expected` is what the season and the recent level made likely; `p` the two-sided chance of such a distance."""

    actual: Decimal
    expected: Decimal
    p: float

    @property
    def difference(self) -> Decimal:
        return self.actual - self.expected

    @property
    def ratio(self) -> float:
        return float(self.actual / self.expected) - 1 if self.expected else 0.0


def unusual_months(all_values: Sequence[Monthly], all_weights: Sequence[Monthly], month: date) -> list[Move | None]:
    """How each of some members' months stands against the past, the median move of all of them taken off.

    `all_weights` says how many sales stand behind each value: a member's spread goes with their root. Each member is
    held to the expectation that foresaw its own past best, and its spread is moderated towards the members' median
    one (Smyth 2004), so that a short history does not pass for a quiet one. None for a member with too short a
    history, or with a month needed and no sales in it.
    """
    by_sales = _moves(all_values, all_weights, month)
    by_count = _moves(all_weights, all_weights, month)
    return [_both(sales, count) for sales, count in zip(by_sales, by_count, strict=True)]


def _both(sales: Move | None, count: Move | None) -> Move | None:
    """The move in money, as surprising as the more telling of money and number of sales makes it: how many came is
    steadier than what each spent. Twice the smaller chance, for having looked twice."""
    if sales is None or count is None:
        return sales
    alike = (sales.difference > 0) == (count.difference > 0)
    return replace(sales, p=min(1.0, 2 * min(sales.p, count.p if alike else 1.0)))


def _moves(all_values: Sequence[Monthly], all_weights: Sequence[Monthly], month: date) -> list[Move | None]:
    drifts = [(expect, common_drift(expect, all_values, month)) for expect in EXPECTATIONS]
    best = [_best(v, w, drifts, month) for v, w in zip(all_values, all_weights, strict=True)]
    spreads = [_spread(found[1]) for found in best if found is not None]
    if not spreads:
        return [None] * len(all_values)
    usual = max(statistics.median(spreads), 1e-12)
    return [
        None if found is None else _judged(values[month], *found, weights, month, usual)
        for values, weights, found in zip(all_values, all_weights, best, strict=True)
    ]


def _best(
    values: Monthly, weights: Monthly, drifts: Sequence[tuple[Expectation, Mapping[date, float]]], month: date
) -> tuple[float, list[float]] | None:
    """A member's move now and its past ones (scaled by their precision), by the expectation that fits its past best."""
    found = []
    for expect, drift in drifts:
        now = expect(values, month)
        if now is None:
            continue
        months = [add_months(month, -back) for back in range(1, 25)]
        moves = [(then, move) for then in months if (move := expect(values, then)) is not None]
        past = [_scaled(move - drift.get(then, 0.0), weights, then) for then, move in moves]
        if len(past) >= FEWEST:
            away = now - drift.get(month, 0.0)
            year_ago = add_months(month, -12)
            then_move = expect(values, year_ago)
            noise = math.sqrt(_spread(past)) / _precision(weights, year_ago)
            found.append((_unseasoned(away, (then_move or 0.0) - drift.get(year_ago, 0.0), noise), past))
    return min(found, key=lambda pair: _spread(pair[1]), default=None)


def _unseasoned(away: float, year_ago: float, noise: float) -> float:
    """A move less what the same month did last year in the same direction beyond its noise: the season may excuse a
    move, and a season of the other direction is no reason to be surprised by a quiet month."""
    if away * year_ago <= 0:
        return away
    season = max(abs(year_ago) - noise, 0.0)
    return math.copysign(max(abs(away) - season, 0.0), away)


def _judged(actual: Decimal, away: float, past: Sequence[float], weights: Monthly, month: date, usual: float) -> Move:
    freedom = PRIOR + len(past)
    variance = (PRIOR * usual + len(past) * _spread(past)) / freedom
    if month in weights:
        variance = max(variance, STEADIEST)
    p = 2 * float(stdtr(freedom, -abs(_scaled(away, weights, month)) / math.sqrt(variance)))
    return Move(actual, actual / Decimal(str(math.exp(away))), p)


def _scaled(away: float, weights: Monthly, month: date) -> float:
    """A move in units that counts of any size share: by the root of the geometric mean of the sales there were and
    those there should have been. (Sales that vanished would otherwise take the proof of it with them.)"""
    return away * _precision(weights, month) * math.exp(-away / 4)


def _precision(weights: Monthly, month: date) -> float:
    return math.sqrt(max(float(weights.get(month, 1)), 1.0))


def _spread(moves: Sequence[float]) -> float:
    return statistics.fmean(x * x for x in moves)


def surprise_of(values: Monthly, month: date) -> float | None:
    """The part of a month's momentum that last year's does not explain (all of it, in the first year)."""
    seasonal = beyond_season(values, month)
    return momentum(values, month) if seasonal is None else seasonal


def momentum(values: Monthly, month: date, recent: int = 3) -> float | None:
    """A month's logarithm less the mean logarithm of the `recent` ones before it; None where one had no sales."""
    now = values.get(month, _NOTHING)
    if now <= 0:
        return None
    before = [values.get(then, _NOTHING) for then in _before(month, recent)]
    if min(before) <= 0:
        return None
    return math.log(now) - statistics.fmean(math.log(b) for b in before)


_NOTHING = Decimal(0)


@lru_cache(maxsize=512)
def _before(month: date, recent: int) -> tuple[date, ...]:
    # Asked for every member, with the same few months.
    return tuple(add_months(month, -i) for i in range(1, recent + 1))


def half_year(values: Monthly, month: date) -> float | None:
    """Momentum over six months: steadier, slower."""
    return momentum(values, month, 6)


def beyond_season(values: Monthly, month: date) -> float | None:
    """A month's momentum less that of the same month last year; None without both."""
    now, last_year = momentum(values, month), momentum(values, add_months(month, -12))
    return None if now is None or last_year is None else now - last_year


EXPECTATIONS: tuple[Expectation, ...] = (momentum, half_year, beyond_season)


def common_drift(expect: Expectation, all_values: Sequence[Monthly], month: date) -> dict[date, float]:
    """By month, the median move over the members, weighing by the root of their sales, as their precision does: what
    moved them all (a good month, a price rise). A small member that stops does not make the others look good, nor
    does one giant that soars make them look bad: of the weighted and the plain median, the one nearer to nothing."""
    out = {}
    for back in range(25):
        then = add_months(month, -back)
        found = [(s, math.sqrt(v[then])) for v in all_values if (s := expect(v, then)) is not None]
        if found:
            plain = _weighted_median([(value, 1.0) for value, _ in found])
            out[then] = min(_weighted_median(found), plain, key=abs)
    return out


def _weighted_median(weighted: Sequence[tuple[float, float]]) -> float:
    """Of (value, weight) pairs: where half the weight lies on each side, between two values that share the middle."""
    ordered = sorted(weighted)
    half = sum(w for _, w in ordered) / 2
    passed = 0.0
    for index, (value, weight) in enumerate(ordered):
        passed += weight
        if passed > half:
            return value
        if passed == half:
            return (value + ordered[index + 1][0]) / 2
    return ordered[-1][0]


def discoveries(p_values: Sequence[float], rate: float = 0.025) -> list[bool]:
    """Benjamini-Hochberg (1995): which of these may be called unusual with at most `rate` of them false.

    Where none has a cause, the chance of calling any is at most `rate`.
    """
    order = sorted(range(len(p_values)), key=lambda i: p_values[i])
    passed = 0
    for rank, index in enumerate(order, start=1):
        if p_values[index] <= rate * rank / len(order):
            passed = rank
    kept = set(order[:passed])
    return [i in kept for i in range(len(p_values))]


def surprise(p: float) -> float:
    """A p-value as 0 (expected) to 1 (p of one in a million or less), on a logarithmic scale."""
    return min(1.0, -math.log10(max(p, 1e-12)) / 6)


def t_test(value: float, past: Sequence[float]) -> float:
    """The two-sided chance of a new value this far from the mean of `past`, normal with unknown spread."""
    return _two_sided(value, past)


def _two_sided(value: float, past: Sequence[float]) -> float:
    count = len(past)
    spread = statistics.stdev(past) * math.sqrt(1 + 1 / count)
    if spread < 1e-9:
        return 1.0 if abs(value - statistics.fmean(past)) < 1e-9 else 1e-6
    return 2 * float(stdtr(count - 1, -abs(value - statistics.fmean(past)) / spread))
