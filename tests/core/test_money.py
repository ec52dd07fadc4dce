from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from core.money import money, money_short, number, percent


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
