"""A macro series in memory, and where series come from: the built-in file, the table `macro_values`."""

import gzip
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl

from core.db import Connection
from features.macro.indicators import Indicator, indicator

BUILT_IN = Path(__file__).with_name("series.csv.gz")


@dataclass(frozen=True, slots=True)
class Series:
    """Values of one indicator by day, ascending; a monthly value is dated on its month's first day."""

    indicator: Indicator
    days: Sequence[date]
    values: Sequence[Decimal]

    def at(self, day: date) -> Decimal | None:
        """The value in force on `day`: the last one not after it; None before the first."""
        index = bisect_right(self.days, day)
        return self.values[index - 1] if index else None

    def on_month(self, first: date) -> Decimal | None:
        """The value dated exactly on a month's first day, for monthly series."""
        index = bisect_right(self.days, first) - 1
        return self.values[index] if index >= 0 and self.days[index] == first else None

    @property
    def last_day(self) -> date | None:
        return self.days[-1] if self.days else None


def load(country: str, id: str, connection: Connection) -> Series | None:
    """The series of an indicator; None where there is no such indicator for the country."""
    known = indicator(country, id)
    if known is None:
        return None
    rows = connection.execute(
        "SELECT day, value FROM macro_values WHERE country = %s AND indicator = %s ORDER BY day", [country, id]
    ).fetchall()
    return Series(known, [r[0] for r in rows], [r[1] for r in rows])


def save(country: str, id: str, values: Iterable[tuple[date, Decimal]], source: str, connection: Connection) -> int:
    """Insert or replace values; the count of those that are new or changed. For the operator's connection."""
    rows = list(values)
    cursor = connection.execute(
        """INSERT INTO macro_values (country, indicator, day, value, source)
           SELECT %s, %s, day, value, %s FROM unnest(%s::date[], %s::numeric[]) AS t(day, value)
           ON CONFLICT (country, indicator, day) DO UPDATE SET value = excluded.value, source = excluded.source,
               updated_at = now() WHERE macro_values.value <> excluded.value""",
        [country, id, source, [r[0] for r in rows], [r[1] for r in rows]],
    )
    return cursor.rowcount


def load_built_in(connection: Connection) -> int:
    """Put the built-in series into the table, leaving what is there (it may be newer). The count of values added."""
    frame = pl.read_csv(gzip.decompress(BUILT_IN.read_bytes()), infer_schema=False)
    cursor = connection.execute(
        """INSERT INTO macro_values (country, indicator, day, value, source)
           SELECT * FROM unnest(%s::text[], %s::text[], %s::date[], %s::numeric[], %s::text[])
           ON CONFLICT DO NOTHING""",
        [frame[column].to_list() for column in ("country", "indicator", "day", "value", "source")],
    )
    return cursor.rowcount
