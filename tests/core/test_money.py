from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import money, money_short, number, percent, read_number


def test_money_is_written_as_in_chile():
    assert money(Decimal("1234567")) == "$1.234.567"
    assert money(Decimal("-1200.4")) == "−$1.200"
    assert money(Decimal("-0.4")) == "$0"
    assert money(Decimal("1234.5"), "ARS") == "$1.234,50"


def test_short_money_reads_in_a_sentence():
    assert money_short(Decimal(8_412_350)) == "$8,4 millones"
    assert money_short(Decimal(610_000)) == "$610 mil"
    assert money_short(Decimal(1_000_000)) == "$1 millón"
    assert money_short(Decimal(999_960)) == "$1 millón"
    assert money_short(Decimal(9_990)) == "$9.990"


def test_percent():
    assert percent(Decimal("0.125")) == "12,5 %"
    assert percent(Decimal("0.03"), signed=True) == "+3 %"
    assert percent(Decimal("-0.08"), signed=True) == "−8 %"


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2), st.integers(0, 2))
def test_a_written_number_reads_back_to_its_rounding(value: Decimal, decimals: int):
    read = Decimal(number(value, decimals).replace(".", "").replace(",", ".").replace("−", "-"))
    assert abs(read - value) <= Decimal(1).scaleb(-decimals) / 2


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("8.500.000", "8500000"), ("$8,5 millones", "8500000"), ("8500000", "8500000"), ("1,5", "1.5"),
        ("0.19", "0.19"), ("1.500", "1500"), ("30 %", "0.3"), ("12,5%", "0.125"), ("500 lucas", "500000"),
        ("-3", "-3"), (" $ 1.200 ", "1200"), ("9 palos", "9000000"), ("800 mil pesos", "800000"),
    ],
)  # fmt: skip
def test_numbers_are_read_as_people_write_them(text: str, value: str):
    assert read_number(text) == Decimal(value)


@pytest.mark.parametrize("text", ["", "mucho", "1.50.2", "1.2345,6", "12 vacas", "--3", "1e9", "NaN", "inf"])
def test_what_is_no_number_is_none(text: str):
    assert read_number(text) is None


@given(st.integers(-(10**12), 10**12))
def test_what_is_written_is_read_back(value: int):
    assert read_number(number(value).replace("−", "-")) == value
    assert read_number(money(value).replace("−$", "$-")) == value


def test_what_a_formula_may_reach_is_told() -> None:
    assert number(Decimal(10) ** 30) == f"1{'.000' * 10}"
    assert money(Decimal("-1.5E+97")) == "−$1,5E+97"
    assert (percent(Decimal("1E+90")), money_short(Decimal("1E+999"))) == ("1,0E+92 %", "$1,0E+993 millones")
    assert number(Decimal("1E-9999"), 2) == "0,00"
