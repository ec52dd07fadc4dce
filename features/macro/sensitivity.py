"""How a company's own sales have moved with an indicator: a shrunk regression on yearly changes. Pure.

Twelve-month log changes take the season out of both sides. They overlap, so that the sample is worth less than
its length: the standard error is scaled to the effective size n·(1−r)/(1+r), r the residuals' first
autocorrelation. The slope is then shrunk towards zero by a normal prior (ridge), and told only where its 90 %
interval leaves zero out. It says what moved together, never what caused what.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

SHORTEST = 24
PRIOR = 1.0
"""The prior's spread: an elasticity or semi-elasticity beyond ±2 is not expected of a shop's sales."""
CONFIDENCE = 0.90
LEAST_EFFECTIVE = 6.0


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """Log change of sales for a unit of the indicator's change (log for levels, a fraction for rates), with its
    interval; `months` observed."""

    slope: float
    low: float
    high: float
    months: int

    @property
    def distinct(self) -> bool:
        """Whether it can be told from noise."""
        return self.low > 0 or self.high < 0


def sensitivity(sales: Sequence[float], indicator: Sequence[float], level: bool) -> Sensitivity | None:
    """`sales` and `indicator` are aligned months, oldest first; `level` says the indicator is a price level.

    None with under 24 months, with a month without sales, or where too little independent history is left.
    """
    if len(sales) != len(indicator):
        raise ValueError("sales and indicator must cover the same months")
    if len(sales) < SHORTEST or min(sales) <= 0 or (level and min(indicator) <= 0):
        return None
    y = _yearly(np.log(sales))
    x = _yearly(np.log(indicator) if level else np.asarray(indicator, dtype=float) / 100)
    x, y = x - x.mean(), y - y.mean()
    spread = float(x @ x)
    if spread < 1e-9:
        return None
    slope = float(x @ y) / spread
    rest = y - slope * x
    effective = len(y) * _independence(rest)
    if effective < LEAST_EFFECTIVE:
        return None
    variance = float(rest @ rest) / (len(y) - 2) * len(y) / effective / spread
    weight = PRIOR**2 / (PRIOR**2 + variance)
    half = _student((1 + CONFIDENCE) / 2, effective - 2) * math.sqrt(weight * variance)
    return Sensitivity(weight * slope, weight * slope - half, weight * slope + half, len(sales))


def _yearly(values: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    return values[12:] - values[:-12]


def _independence(rest: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> float:
    scale = float(rest @ rest)
    if scale < 1e-18:
        return 1.0
    r = max(0.0, float(rest[1:] @ rest[:-1]) / scale)
    return (1 - r) / (1 + r)


def _student(probability: float, freedom: float) -> float:
    """Student's t quantile by the Cornish-Fisher expansion (Abramowitz & Stegun 26.7.5); within 1 % from 4 degrees."""
    z = NormalDist().inv_cdf(probability)
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / freedom + second / freedom**2 + third / freedom**3
