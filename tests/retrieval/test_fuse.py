from hypothesis import given
from hypothesis import strategies as st

from retrieval.fuse import fuse, ranks

SCORES = st.dictionaries(st.text(max_size=3), st.floats(0, 1), max_size=12)


def test_equal_scores_share_a_place() -> None:
    assert ranks({"a": 0.5, "b": 0.9, "c": 0.5, "d": 0.1}) == {"b": 1, "a": 2.5, "c": 2.5, "d": 4}


def test_second_in_both_beats_first_in_one() -> None:
    fused = fuse([({"a": 1, "b": 2}, 1), ({"c": 1, "b": 2}, 1)])
    assert max(fused, key=lambda k: fused[k]) == "b"


@given(SCORES)
def test_one_ranking_keeps_its_order(scores: dict[str, float]) -> None:
    fused = fuse([(ranks(scores), 1)])
    assert fused.keys() == scores.keys()
    for one in scores:
        for other in scores:
            assert (scores[one] > scores[other]) <= (fused[one] > fused[other])


@given(SCORES, SCORES)
def test_what_no_ranking_puts_behind_stays_ahead(first: dict[str, float], second: dict[str, float]) -> None:
    """If every ranking holds `one` at or above `other`, so does the fusion."""
    rankings = [ranks(first), ranks(second)]
    fused = fuse([(ranking, 1) for ranking in rankings])
    worst = len(first) + len(second) + 1
    for one in fused:
        for other in fused:
            if all(r.get(one, worst) <= r.get(other, worst) for r in rankings):
                assert fused[one] >= fused[other]
