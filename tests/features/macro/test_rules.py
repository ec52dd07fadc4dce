"""The pure rules of macro: conversions, winds, decomposition, sensitivity."""

from datetime import date
from decimal import Decimal

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.periods import Period, add_months
from features.macro import Series, convert, decompose, gusts, indicator, inflation, move, price_index, real_change
from features.macro.sensitivity import sensitivity

CPI, UF, USD, RATE = (indicator("CL", i) for i in ("cpi", "uf", "usd", "policy_rate"))
MONTHS = [add_months(date(2018, 1, 1), i) for i in range(84)]


def test_inflation_between_two_months_is_the_chain_of_those_after_the_first():
    assert CPI is not None
    index = price_index(Series(CPI, MONTHS[:4], [Decimal(v) for v in ("0.5", "1", "2", "-1")]))
    rise = inflation(index, Period.month(2018, 1), Period.month(2018, 4))
    assert rise is not None
    assert round(rise, 10) == round(Decimal("1.01") * Decimal("1.02") * Decimal("0.99") - 1, 10)
    assert inflation(index, Period.month(2018, 1), Period.month(2018, 5)) is None


def test_a_gap_in_the_months_ends_the_chain():
    assert CPI is not None
    index = price_index(Series(CPI, [MONTHS[0], MONTHS[2]], [Decimal(1), Decimal(1)]))
    assert index.ratio(MONTHS[0], MONTHS[2]) is None


def test_six_percent_nominal_at_4_1_percent_inflation_is_1_8_real():
    assert round(real_change(Decimal("0.06"), Decimal("0.041")) * 100, 1) == Decimal("1.8")


def test_each_day_is_converted_at_its_own_rate_and_a_stale_series_gives_nothing():
    assert UF is not None
    series = Series(UF, [date(2026, 1, 1), date(2026, 1, 2)], [Decimal(100), Decimal(200)])
    days = {date(2026, 1, 1): Decimal(1000), date(2026, 1, 2): Decimal(1000)}
    assert convert(days, series) == 15
    assert convert({date(2026, 3, 1): Decimal(1000)}, series) is None
    assert convert({date(2025, 3, 1): Decimal(1000)}, series) is None


def test_a_dollar_that_jumps_blows_against_imports_and_for_exports():
    assert USD is not None
    rng = np.random.default_rng(3)
    values = [Decimal(str(round(900 + v, 2))) for v in np.cumsum(rng.normal(0, 5, 83))]
    values.append(values[-1] * Decimal("1.2"))
    found = move(Series(USD, MONTHS, values), MONTHS[-1])
    assert found is not None
    assert found.score > 2
    imports, exports = gusts(found, MONTHS[-1])
    assert (imports.wind, imports.strength, exports.wind) == ("against", 3, "for")
    assert "subió" in imports.text
    assert "en contra" in imports.text


def test_a_stale_series_says_its_date_and_a_short_one_is_silent():
    assert RATE is not None
    values = [Decimal(3 + i % 4) for i in range(84)]
    found = move(Series(RATE, MONTHS, values), date(2026, 10, 1))
    assert found is not None
    assert "último dato: diciembre 2024" in gusts(found, date(2026, 10, 1))[0].text
    assert move(Series(RATE, MONTHS[:12], values[:12]), MONTHS[11]) is None


AMOUNTS = st.decimals(min_value=1, max_value=10**9, places=2)
RATIOS = st.decimals(min_value=Decimal("-0.5"), max_value=2, places=4)


@given(AMOUNTS, AMOUNTS, RATIOS, st.none() | RATIOS)
def test_a_decomposition_adds_up_exactly(before: Decimal, current: Decimal, prices: Decimal, sector: Decimal | None):
    told = decompose(before, current, prices, sector)
    assert told is not None
    assert told.inflation + (told.sector or 0) + told.own == told.change
    assert abs(told.real - real_change(current / before - 1, prices)) < Decimal("1e-9")


def test_sensitivity_finds_a_planted_slope_and_stays_silent_on_noise():
    rng = np.random.default_rng(1)
    false, found = 0, 0
    for _ in range(200):
        season = 10 + 0.1 * np.sin(np.arange(48) / 12 * 2 * np.pi)
        sales = np.exp(season + rng.normal(0, 0.05, 48))
        dollar = 900 * np.exp(np.cumsum(rng.normal(0, 0.03, 48)))
        noise = sensitivity(list(sales), list(dollar), level=True)
        planted = sensitivity(list(sales * (dollar / 900) ** -0.8), list(dollar), level=True)
        false += noise is not None and noise.distinct
        found += planted is not None and planted.distinct and planted.high < 0
    assert false <= 30
    assert found >= 140


def test_sensitivity_needs_two_years_and_sales_in_every_month():
    flat = [100.0 + i for i in range(36)]
    assert sensitivity(flat[:23], flat[:23], level=True) is None
    assert sensitivity([0.0, *flat[1:]], flat, level=True) is None
