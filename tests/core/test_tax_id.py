"""One spelling a tax id, and none with a wrong check digit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInput
from core.tax_id import normal


@pytest.mark.parametrize(
    ("text", "country", "due"),
    [
        ("76.086.428-5", "CL", "76086428-5"),
        ("760864285", "CL", "76086428-5"),
        (" 11111111-1 ", "CL", "11111111-1"),
        ("10.000.013-k", "CL", "10000013-K"),
        ("20-40937847-2", "AR", "20409378472"),
        ("", "CL", ""),
        ("12.345.678/0001-95", "BR", "12345678000195"),
    ],
)
def test_spellings(text: str, country: str, due: str):
    assert normal(text, country) == due


WRONG = [("76.086.428-6", "CL"), ("abc", "CL"), ("20409378473", "AR"), ("1", "PE")]


@pytest.mark.parametrize(("text", "country"), WRONG)
def test_what_is_none(text: str, country: str):
    with pytest.raises(BadInput):
        normal(text, country)


@given(st.integers(1_000_000, 99_999_999))
def test_exactly_one_check_digit_is_right(body: int):
    good = [c for c in "0123456789K" if _is(f"{body}-{c}")]
    assert len(good) == 1


def _is(text: str) -> bool:
    try:
        return normal(text, "CL") == text
    except BadInput:
        return False
