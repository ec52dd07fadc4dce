"""Which month a board shows, and which ones it can. Pure."""

from collections.abc import Sequence
from datetime import timedelta

from core.periods import Grain, Period


def shown_month(known: Period | None, asked: str) -> Period | None:
    """The month asked for ('2026-10') where there is data of it, else the last full one."""
    if known is not None and asked:
        month = Period.month(int(asked[:4]), int(asked[5:]))
        if month.overlap(known):
            return month
    return latest_full_month(known)


def latest_full_month(period: Period | None) -> Period | None:
    """The last month that the data covers to its end; where it covers none, the last one begun."""
    if period is None:
        return None
    last = Period.of(Grain.month, period.end)
    if last.end > period.end and period.start < last.start:
        return Period.of(Grain.month, last.start - timedelta(days=1))
    return last


def months(known: Period | None) -> list[Period]:
    """Those that the data touches, the latest first."""
    return [Period.of(Grain.month, p.start) for p in known.spans(Grain.month)][::-1] if known else []


def around(known: Sequence[Period], shown: str) -> tuple[str, str]:
    """The months before and after '2026-10' among `known`, latest first; '' where there is none."""
    keys = [f"{m.start:%Y-%m}" for m in known]
    if shown not in keys:
        return "", ""
    here = keys.index(shown)
    return keys[here + 1] if here + 1 < len(keys) else "", keys[here - 1] if here else ""
