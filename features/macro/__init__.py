"""The economy around a company: series, conversions, winds for and against, and what explains a change."""

from features.macro.decompose import Decomposition, decompose
from features.macro.indicators import INDICATORS, Indicator, Measure, indicator, of_country
from features.macro.prices import PriceIndex, convert, inflation, price_index, real_change
from features.macro.sensitivity import Sensitivity, sensitivity
from features.macro.series import Series, load, load_built_in, save
from features.macro.winds import Gust, Move, gusts, move, strongest, told_date

__all__ = [
    "INDICATORS",
    "Decomposition",
    "Gust",
    "Indicator",
    "Measure",
    "Move",
    "PriceIndex",
    "Sensitivity",
    "Series",
    "convert",
    "decompose",
    "gusts",
    "indicator",
    "inflation",
    "load",
    "load_built_in",
    "move",
    "of_country",
    "price_index",
    "real_change",
    "save",
    "sensitivity",
    "strongest",
    "told_date",
]
