"""Bring the macro series up to date from their live sources: with retries, and nothing saved that can't be right."""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import httpx

from core.db import Connection
from features.macro.indicators import Indicator, Measure, indicator
from features.macro.series import load, save
from features.macro.sources import SOURCES, Source, Values, suspicious

log = logging.getLogger(__name__)
TRIES = 3
OVERLAP = timedelta(days=70)
"""Asked again each time: official figures are revised."""


@dataclass(frozen=True, slots=True)
class Updated:
    """What came of one series: how many values are new or changed, until when it is known, and what went wrong."""

    country: str
    indicator: str
    source: str
    changed: int
    last_day: date | None
    error: str = ""


def update(
    connection: Connection,
    keys: Mapping[str, str],
    today: date,
    sources: Sequence[Source] = SOURCES,
    pause: Callable[[float], None] = time.sleep,
) -> list[Updated]:
    """Ask each series' first source that answers, and save. A source that fails leaves its series as they are.

    Takes the owner's connection: macro values are the same for all and no tenant may write them.
    """
    out: list[Updated] = []
    wanted = sorted({key for source in sources for key in source.series})
    with httpx.Client(timeout=20, follow_redirects=True) as client:
        for country, id in wanted:
            known = indicator(country, id)
            if known is not None:
                out.append(_one(known, sources, keys, today, client, connection, pause))
    return out


def _one(
    known: Indicator,
    sources: Sequence[Source],
    keys: Mapping[str, str],
    today: date,
    client: httpx.Client,
    connection: Connection,
    pause: Callable[[float], None],
) -> Updated:
    series = load(known.country, known.id, connection)
    last_day = series.last_day if series else None
    since = (last_day or today - timedelta(days=365)) - OVERLAP
    result = Updated(known.country, known.id, "", 0, last_day, "no source for it is set up")
    for source in sources:
        id = source.series.get((known.country, known.id))
        if id is None or not all(keys.get(name) for name in source.needs):
            continue
        try:
            values = [v for v in _fetch(source, id, since, today, keys, client, pause) if since <= v[0]]
            doubt = suspicious(values, known.plausible, _before(values, known, connection), _is_level(known))
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            # The address may carry credentials: only the kind of failure is told.
            result = Updated(known.country, known.id, source.name, 0, last_day, type(error).__name__)
            log.warning("macro source %s failed for %s/%s: %s", source.name, known.country, known.id, result.error)
            continue
        if doubt:
            result = Updated(known.country, known.id, source.name, 0, last_day, doubt)
            log.warning("macro source %s refused for %s/%s: %s", source.name, known.country, known.id, doubt)
            continue
        changed = save(known.country, known.id, values, source.name, connection)
        newest = max((day for day, _ in values), default=last_day)
        return Updated(known.country, known.id, source.name, changed, newest)
    return result


def _fetch(
    source: Source,
    id: str,
    since: date,
    today: date,
    keys: Mapping[str, str],
    client: httpx.Client,
    pause: Callable[[float], None],
) -> Values:
    """All values since a day; a source that answers by the year is asked for each."""
    first = source.address(source.base, id, since, keys)
    addresses = [first]
    if since.year < today.year:
        later = source.address(source.base, id, date(today.year, 1, 1), keys)
        if f"/{today.year}" in later and later != first:
            addresses.append(later)
    out: Values = []
    for address in addresses:
        out += source.parse(_get(address, client, pause))
    return sorted(dict(out).items())


def _get(address: str, client: httpx.Client, pause: Callable[[float], None]) -> object:
    for attempt in range(TRIES):
        try:
            response = client.get(address)
            response.raise_for_status()
            return response.json()
        except httpx.HTTPStatusError as error:
            if attempt == TRIES - 1 or error.response.status_code not in (429, 500, 502, 503, 504):
                raise
        except httpx.TransportError:
            if attempt == TRIES - 1:
                raise
        pause(2.0**attempt)
    raise AssertionError("unreachable")


def _before(values: Values, known: Indicator, connection: Connection) -> Decimal | None:
    series = load(known.country, known.id, connection)
    return series.at(values[0][0] - timedelta(days=1)) if series and values else None


def _is_level(known: Indicator) -> bool:
    return known.measure is Measure.level
