"""What may be published, to whom a company is compared, and where it stands: the pure rules, and attacks on them."""

import itertools
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.benchmarks.cohorts import bracket, cohorts, named
from features.benchmarks.disclosure import (
    FEWEST,
    Contribution,
    by_owner,
    dominated_by_none,
    may_correct,
    publish,
    quantile,
    rounded,
    too_alike,
)
from features.benchmarks.rank import rank
from features.benchmarks.sectors import sector
from features.catalog.types import Good


def values(count: int) -> dict[str, Decimal]:
    return {f"owner-{i}": Decimal(1000 + 37 * i) for i in range(count)}


@pytest.mark.parametrize(("owners", "told"), [(9, False), (10, True), (11, True)])
def test_ten_owners_are_the_fewest(owners: int, told: bool):
    assert (publish(values(owners)) is not None) == told


def test_three_shops_of_one_owner_count_once():
    shops = [Contribution("one", Decimal(v)) for v in (10, 20, 30)]
    others = [Contribution(f"o{i}", Decimal(i)) for i in range(8)]
    merged = by_owner(shops + others)
    assert merged["one"] == 20
    assert publish(merged) is None


def test_a_dominant_member_takes_the_mean_away_and_no_extreme_is_ever_told():
    field = {f"o{i}": Decimal(100) for i in range(11)} | {"giant": Decimal(1_000_000)}
    told = publish(field)
    assert told is not None
    assert told.mean is None
    assert max(told.quantiles) < 1000
    assert not dominated_by_none(list(field.values()))


def test_joining_or_leaving_cannot_be_subtracted_out():
    members = frozenset(values(14))
    assert not may_correct(members | {"newcomer"}, members)
    assert not may_correct(members - {"owner-3"}, members)
    assert may_correct(members, members)


def test_of_all_pairs_of_published_cohorts_none_differ_by_few():
    sets = [frozenset(range(start, start + size)) for start in range(0, 40, 3) for size in (10, 14, 22, 35)]
    out: list[frozenset[int]] = []
    for one in sets:
        names = frozenset(map(str, one))
        if not too_alike(names, [frozenset(map(str, o)) for o in out]):
            out.append(one)
    assert len(out) > 2
    for a, b in itertools.combinations(out, 2):
        if a & b:
            assert len(a - b) == 0 or len(a - b) >= FEWEST
            assert len(b - a) == 0 or len(b - a) >= FEWEST


@given(
    st.lists(st.decimals(-(10**6), 10**6, places=2), min_size=10, max_size=60), st.sampled_from([10, 25, 50, 75, 90])
)
def test_quantiles_are_those_of_pandas(numbers: list[Decimal], q: int):
    ours = quantile(sorted(numbers), Decimal(q) / 100)
    theirs = pd.Series([float(n) for n in numbers]).quantile(q / 100)
    assert abs(float(ours) - theirs) < 1e-6 * max(1, abs(theirs))


def test_published_values_carry_three_digits():
    assert rounded(Decimal("123456")) == Decimal("123000")
    assert rounded(Decimal("0.38461")) == Decimal("0.385")
    assert rounded(Decimal(0)) == 0


FIELD = [Decimal(v) for v in range(10, 110, 10)]


def test_a_rank_is_interpolated_and_respects_what_is_good():
    assert rank(Decimal(55), FIELD, Good.up).percentile == 50
    assert rank(Decimal(50), FIELD, Good.up).percentile == 45
    assert rank(Decimal(50), FIELD, Good.down).percentile == 55
    assert rank(Decimal(5), FIELD, Good.up).percentile == 0
    assert rank(Decimal(500), FIELD, Good.up).percentile == 100
    with pytest.raises(ValueError, match="peers"):
        rank(Decimal(1), [], Good.up)


def test_the_band_of_fourteen_peers_is_about_ten_points():
    peers = [Decimal(v) for v in range(14)]
    found = rank(Decimal("8.2"), peers, Good.up)
    assert found.percentile == 62
    assert (found.low, found.high) == (53, 72) or (found.low, found.high) == (52, 72)


@pytest.mark.parametrize(
    ("percentile", "colour"),
    [(24, "gris"), (25, "verde"), (50, "azul"), (75, "morado"), (95, "naranjo"), (99, "rosado"), (100, "dorado")],
)
def test_colours_are_warcraftlogs(percentile: int, colour: str):
    from features.benchmarks.rank import Rank

    assert Rank(percentile, 0, 100, 10).colour == colour


@given(st.lists(st.decimals(0, 1000, places=1), min_size=1, max_size=40), st.decimals(0, 1000, places=1))
def test_better_never_ranks_lower(peers: list[Decimal], value: Decimal):
    assert rank(value + 1, peers, Good.up).percentile >= rank(value, peers, Good.up).percentile
    found = rank(value, peers, Good.up)
    assert 0 <= found.low <= found.percentile <= found.high <= 100


def test_size_brackets_and_the_fixed_order_of_cohorts():
    assert [bracket(Decimal(v)) for v in (2400, 2401, 25_000, 100_000, 100_001)] == [
        "micro", "small", "small", "medium", "large",
    ]  # fmt: skip
    order = cohorts("Panadería", "CL", "small")
    assert [c.key for c in order] == [
        "CL:sector:panaderia:small",
        "CL:sector:panaderia:all",
        "CL:section:manufacturing:small",
        "CL:section:manufacturing:all",
    ]
    assert named(order[0], 14) == "14 panaderías pequeñas de Chile"
    assert named(order[1], 14) == "14 panaderías de Chile"


def test_words_find_their_sector():
    assert sector("Panaderías").id == "panaderia"
    assert sector("minimarket").id == "almacen"
    assert sector("Venta de kayaks").section == "other_services"
