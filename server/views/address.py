"""A view as an address says it, and back: `?metric=sales&start=…&end=…&rows=branch&branch=Talca&not.channel=web`. Pure.

It names no company: whoever opens it sees their own figures.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode

import features
from core.errors import BadInput
from core.periods import Grain, Period
from server import slices
from server.views.view import Chart, Compare, View
from server.views.words import is_grain

MOST_METRICS = 6
MOST_MEMBERS = 200
LONGEST_MEMBER = 300
MOST_ROWS = 1_000
_OWN = re.compile(r"own_[0-9a-f]{32}")
_ORDERS = ("", "asc", "desc")

Option = TypeVar("Option", bound=StrEnum)


def encode(view: View) -> str:
    """The query string of `view`, without the question mark."""
    return urlencode(pairs(view))


def pairs(view: View) -> list[tuple[str, str]]:
    """The same as names and values: what a form's hidden fields carry."""
    found = [("metric", m) for m in view.metrics]
    found += [("start", view.period.start.isoformat()), ("end", view.period.end.isoformat())]
    found += [(k, v) for k, v in (("rows", view.rows), ("columns", view.columns), ("order", view.order)) if v]
    if view.compare is not Compare.none:
        found.append(("compare", view.compare.value))
    found.append(("chart", view.chart.value))
    if view.limit is not None:
        found.append(("limit", str(view.limit)))
    return found + slices.pairs_of(view.filters)


def decode(given: Iterable[tuple[str, str]], period: Period, metrics: Sequence[str] = ("sales",)) -> View:
    """The view that `given` names; `period` and `metrics` where it leaves them open. What is empty counts as open, what
    is no part of a view is passed over. BadInput where a part of it makes no sense."""
    said = [(k, v.replace("\0", "").strip() if k in PARTS else v.replace("\0", "")) for k, v in given]
    said = [(k, v) for k, v in said if v]
    one = dict(said)
    start, end = _day(one.get("start"), period.start), _day(one.get("end"), period.end)
    rows, columns = _split(one.get("rows", "")), _split(one.get("columns", ""))
    grain = next((Grain(s) for s in (rows, columns) if is_grain(s)), None)
    return View(
        metrics=_metrics([v for k, v in said if k == "metric"]) or tuple(metrics),
        period=slices.period_of(start, end, grain),
        rows=rows,
        columns=columns,
        filters=_filters(said),
        compare=_option(Compare, one.get("compare", Compare.none.value)),
        chart=_option(Chart, one.get("chart", Chart.bar.value)),
        order=_order(one.get("order", "")),
        limit=_limit(one.get("limit")),
    )


PARTS = frozenset({"metric", "start", "end", "rows", "columns", "order", "compare", "chart", "limit"})


def _metrics(ids: Sequence[str]) -> tuple[str, ...]:
    wanted = tuple(dict.fromkeys(ids))
    for id in wanted:
        if id not in features.METRIC_BY_ID and not _OWN.fullmatch(id):
            raise BadInput("metric", f"No conozco la cifra «{id[:40]}».", "Elige una de la lista.")
    if len(wanted) > MOST_METRICS:
        raise BadInput("metric", f"Muestro hasta {MOST_METRICS} cifras a la vez.", "Quita alguna.")
    return wanted


def _day(text: str | None, default: date) -> date:
    try:
        return date.fromisoformat(text) if text else default
    except ValueError:
        raise BadInput("period", "No entendí la fecha.", "Escríbela como 2026-10-31.") from None


def _split(name: str) -> str:
    if name and not is_grain(name) and name not in features.DIMENSION_BY_ID:
        raise BadInput("dimension", f"No sé separar por «{name[:40]}».", "Elige una de la lista.")
    return name


def _filters(said: Iterable[tuple[str, str]]) -> tuple[features.Filter, ...]:
    found = slices.filters_of(said)
    members = [m for f in found for m in f.members]
    if len(members) > MOST_MEMBERS or any(len(m) > LONGEST_MEMBER for m in members):
        raise BadInput("filter", f"Filtro por hasta {MOST_MEMBERS} nombres a la vez.", "Quita algunos.")
    return found


def _option(options: type[Option], value: str) -> Option:
    try:
        return options(value)
    except ValueError:
        raise BadInput("option", f"No conozco la opción «{value[:40]}».", "Elige una de la lista.") from None


def _order(value: str) -> str:
    if value not in _ORDERS:
        raise BadInput("order", "Solo ordeno de mayor a menor (desc) o de menor a mayor (asc).")
    return value


def _limit(value: str | None) -> int | None:
    if value is None:
        return None
    if not re.fullmatch(r"[0-9]{1,5}", value) or not 1 <= int(value) <= MOST_ROWS:
        raise BadInput("limit", f"Muestro entre 1 y {MOST_ROWS} filas.", "Cambia el número.")
    return int(value)
