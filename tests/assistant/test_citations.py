"""Addresses of sources: written and read back."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.citations import decode, encode
from core.periods import Period
from features.query import Filter, Query

QUERIES = st.builds(
    Query,
    st.just(("sales",)),
    st.dates().flatmap(lambda start: st.builds(Period, st.just(start), st.dates(min_value=start))),
    filters=st.lists(
        st.builds(
            Filter,
            st.sampled_from(("branch", "product", "weekday")),
            st.lists(st.text(min_size=1, max_size=20), min_size=1, max_size=3, unique=True).map(tuple),
            st.booleans(),
        ),
        max_size=3,
        unique_by=lambda f: (f.dimension, f.exclude),
    ).map(tuple),
)


@given(QUERIES)
def test_there_and_back(query: Query) -> None:
    assert decode(encode(query)) == query


def test_what_the_address_looks_like() -> None:
    query = Query(("sales",), Period(date(2026, 10, 1), date(2026, 10, 31)), filters=(Filter("branch", ("Talca",)),))
    assert encode(query) == "/fuentes?metric=sales&start=2026-10-01&end=2026-10-31&branch=Talca"


def test_what_is_no_address() -> None:
    with pytest.raises(ValueError, match="metric"):
        decode("/fuentes?start=2026-10-01")
