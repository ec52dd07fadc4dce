"""Where a figure comes from, as an address: /fuentes?metric=…&start=…&end=…&<dimension>=MEMBER…, and back. Pure."""

from collections.abc import Iterable
from datetime import date
from urllib.parse import parse_qsl, urlencode

from core.periods import Period
from features.query import Filter, Query

PAGE = "/fuentes"
_EXCLUDED = "not."
_OWN = frozenset({"metric", "start", "end"})


def encode(query: Query) -> str:
    """The address of the page behind the first metric of `query` over its period and filters."""
    pairs = [
        ("metric", query.metrics[0]),
        ("start", query.period.start.isoformat()),
        ("end", query.period.end.isoformat()),
    ]
    for one in query.filters:
        key = f"{_EXCLUDED}{one.dimension}" if one.exclude else one.dimension
        pairs += [(key, member) for member in one.members]
    return f"{PAGE}?{urlencode(pairs)}"


def decode(href: str) -> Query:
    """The query that `encode` wrote. ValueError where it is no such address."""
    return decode_pairs(parse_qsl(href.partition("?")[2], keep_blank_values=True))


def decode_pairs(pairs: Iterable[tuple[str, str]]) -> Query:
    """The same, from the pairs of a query string, as a web server hands them over."""
    single: dict[str, str] = {}
    members: dict[tuple[str, bool], list[str]] = {}
    for key, value in pairs:
        if key in _OWN:
            single[key] = value
        else:
            members.setdefault((key.removeprefix(_EXCLUDED), key.startswith(_EXCLUDED)), []).append(value)
    if not single.keys() >= _OWN:
        raise ValueError("the address of a figure names its metric, start and end")
    period = Period(date.fromisoformat(single["start"]), date.fromisoformat(single["end"]))
    filters = tuple(Filter(dimension, tuple(m), exclude) for (dimension, exclude), m in members.items())
    return Query((single["metric"],), period, filters=filters)
