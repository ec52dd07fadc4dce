"""Gold for what stands around a company's figures, by plain pandas over the series' file and the peers' values.

{around: real, period: 2026-05}          sales' change on the year before, less the year's inflation
{around: inflation, period: 2026-05}     how much prices rose in that year
{around: uf, period: 2026-05}            sales at each day's UF (`usd`: in dollars)
{around: percentile, of: gross_margin, period: 2026-10}
"""

from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from eval import measured, peers
from eval.raw import SCALE
from eval.spans import Span

SERIES = Path(__file__).resolve().parents[1] / "features" / "macro" / "series.csv.gz"
LOWER_IS_BETTER = ("discount_rate",)


def value(spec: dict[str, Any], frame: pd.DataFrame, span: Span) -> Decimal | None:
    """The figure due, for the whole company in a span of whole months."""
    match spec["around"]:
        case "real" | "inflation":
            return _real(spec["around"], frame, span)
        case "uf" | "usd":
            return _converted(frame, span, str(spec["around"]))
        case "percentile":
            return _percentile(str(spec["of"]), frame, span)
    raise ValueError(f"unknown: {spec['around']}")


@cache
def _series(indicator: str) -> Any:
    rows = pd.read_csv(SERIES, dtype={"value": str}, parse_dates=["day"])
    mine = rows[(rows["country"] == "CL") & (rows["indicator"] == indicator)].set_index("day")["value"]
    return mine.map(Decimal).sort_index()


def _real(what: str, frame: pd.DataFrame, span: Span) -> Decimal | None:
    before = Span(_year_back(span.start), (pd.Timestamp(_year_back(span.end)) + pd.offsets.MonthEnd(0)).date())
    level = (1 + _series("cpi") / 100).cumprod()
    rise = _mean(level, span) / _mean(level, before) - 1
    now, then = (measured.value("sales", frame, s) for s in (span, before))
    if what == "inflation" or not now or not then:
        return rise if what == "inflation" else None
    return now / then / (1 + rise) - 1


def _mean(level: Any, span: Span) -> Decimal:
    months = pd.period_range(span.start, span.end, freq="M")
    total = sum((level[m.start_time] * m.days_in_month for m in months), Decimal(0))
    return total / sum(m.days_in_month for m in months)


def _year_back(day: Any) -> Any:
    return (pd.Timestamp(day) - pd.DateOffset(years=1)).date()


def _converted(frame: pd.DataFrame, span: Span, into: str) -> Decimal:
    rate = _series(into)
    daily = measured.within(frame, span).groupby("day")["total"].sum()
    known = rate.reindex(rate.index.union(daily.index)).ffill()
    return sum((Decimal(int(amount)) / SCALE / known[day] for day, amount in daily.items()), Decimal(0))


def _percentile(metric: str, frame: pd.DataFrame, span: Span) -> Decimal:
    own = measured.value(metric, frame, span)
    assert own is not None
    others = pd.Series([float(v) for v in peers.values(metric, span.start)]).sort_values()
    below = int((others < float(own)).sum())
    if below in (0, len(others)):
        share = below / len(others)
    else:
        low, high = others.iloc[below - 1], others.iloc[below]
        share = (below - 0.5 + (float(own) - low) / (high - low)) / len(others)
    return Decimal(round(100 * (1 - share if metric in LOWER_IS_BETTER else share)))
