"""Sentences about values and their changes. Pure: results in, chunks out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

from core.money import number, percent
from core.periods import Period, day_label, label
from core.tenancy import Company
from features.catalog.registry import dimension as declared_dimension
from features.catalog.registry import metric as declared_metric
from features.catalog.types import Metric, Unit
from features.compare import Change, change
from features.format import shown
from features.query import Row
from retrieval.chunk import Chunk

NOTABLE = Decimal("0.15")
"""A change from one span to the next of at least this part gets a chunk of its own."""


@dataclass(frozen=True, slots=True)
class Series:
    """Values of one metric, for one member of one dimension ('' and '' the whole company), by span."""

    metric: Metric
    dimension: str
    member: str
    values: Mapping[Period, Decimal]

    def key(self, period: Period) -> str:
        """The key of the fact: metric, days, dimension and member."""
        return f"{self.metric.id}:{period.start}:{period.end}:{self.dimension}:{self.member}"

    def href(self, period: Period) -> str:
        """The page where the fact opens down to its lines."""
        pairs = {"metric": self.metric.id, "start": period.start.isoformat(), "end": period.end.isoformat()}
        return f"/fuentes?{urlencode(pairs | ({self.dimension: self.member} if self.dimension else {}))}"

    @property
    def name(self) -> str:
        """'ventas', 'ventas de la sucursal Talca'."""
        if not self.dimension:
            return self.metric.name
        split = declared_dimension(self.dimension)
        return f"{self.metric.name} {'de la' if split.feminine else 'del'} {split.name} {self.member}"


def series(rows: Iterable[Row], dimension: str = "") -> list[Series]:
    """The rows of a result, one series a metric and member; undefined values are left out."""
    found: dict[tuple[str, str], dict[Period, Decimal]] = {}
    for row in rows:
        if row.value is not None:
            found.setdefault((row.metric, row.member), {})[row.period] = row.value
    return [Series(declared_metric(m), dimension, member, values) for (m, member), values in found.items()]


def values(one: Series, covered: Period, company: Company) -> Iterable[Chunk]:
    """A chunk for each span: the value, with what it was before and a year before."""
    for period, value in one.values.items():
        told = shown(one.metric, value, company)
        text = f"{_capital(one.name)} en {label(period)}{_until(period, covered)}: {told}."
        if covered.end >= period.end:
            for other in (period.previous(), period.year_before()):
                moved = _change(one, period, other, covered)
                if moved is not None:
                    text += f" {_compared(moved, one.metric, other, company)}"
        title = f"{_capital(one.name)}, {label(period)}"
        yield Chunk("metric", one.key(period), title, text, one.href(period), period.start, period.end)


def changes(one: Series, covered: Period, company: Company, since: date) -> Iterable[Chunk]:
    """A chunk for each notable move from one whole span to the next."""
    for period, value in one.values.items():
        moved = _change(one, period, period.previous(), covered)
        if moved is None or moved.ratio is None or abs(moved.ratio) < NOTABLE or period.start < since:
            continue
        if covered.end < period.end:
            continue
        verb = ("subieron" if one.metric.plural else "subió") if moved.difference > 0 else _fell(one.metric)
        before = shown(one.metric, moved.before, company)
        text = (
            f"{_capital(one.name)} {verb} {percent(abs(moved.ratio))} en {label(period)}: de {before} en"
            f" {label(period.previous())} a {shown(one.metric, value, company)}."
        )
        title = f"{_capital(one.name)}: {percent(moved.ratio, signed=True)} en {label(period)}"
        yield Chunk("metric", f"change:{one.key(period)}", title, text, one.href(period), period.start, period.end)


def ranking(many: Sequence[Series], period: Period, covered: Period, company: Company) -> Chunk | None:
    """One chunk that lists the members of a dimension by their value in `period`."""
    ranked = sorted((s for s in many if period in s.values), key=lambda s: (-s.values[period], s.member))[:10]
    if not ranked:
        return None
    first = ranked[0]
    split = declared_dimension(first.dimension)
    listed = "; ".join(
        f"{i}) {s.member}: {shown(s.metric, s.values[period], company)}" for i, s in enumerate(ranked, 1)
    )
    title = f"{_capital(first.metric.name)} por {split.name}, {label(period)}"
    text = (
        f"{_capital(split.plural)} con más {first.metric.name} en {label(period)}{_until(period, covered)}: {listed}."
    )
    key = f"ranking:{first.metric.id}:{period.start}:{period.end}:{first.dimension}"
    whole = Series(first.metric, "", "", {})
    return Chunk("metric", key, title, text, whole.href(period), period.start, period.end)


def _change(one: Series, period: Period, other: Period, covered: Period) -> Change | None:
    if other.start < covered.start:
        return None  # a span that the data holds only in part is no measure
    return change(one.values.get(period), one.values.get(other), one.metric)


def _compared(moved: Change, metric: Metric, other: Period, company: Company) -> str:
    before = f"{label(other)} ({shown(metric, moved.before, company)})"
    if not moved.difference:
        return f"Igual que en {before}."
    more = "más" if moved.difference > 0 else "menos"
    if metric.unit is Unit.ratio:
        points = number(abs(moved.difference) * 100, 1)
        return f"Son {points} puntos {more} que en {before}."
    if moved.ratio is None:
        return ""
    return f"Es {percent(abs(moved.ratio))} {more} que en {before}."


def _until(period: Period, covered: Period) -> str:
    return f" (hasta el {day_label(covered.end)})" if covered.end < period.end else ""


def _fell(metric: Metric) -> str:
    return "bajaron" if metric.plural else "bajó"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
