"""What a rule reads: spans of the company's figures, by the same `run` that answers questions."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal

from core.db import Connection
from core.money import number
from core.periods import Grain, Period, add_months, day_label
from core.tenancy import Scope
from features.alerts.types import Point, Rule
from features.alerts.usual import MONTHS, usual_month, usual_week
from features.catalog.registry import metric as declared
from features.coverage import coverage
from features.engine import run
from features.feasts import beside, feast_names, moved, named
from features.insights.rules.rhythm import WEEKS, usual_day
from features.pace import Shape, due_part, week_of
from features.query import Query, Row
from features.stock import Stock, stock
from features.targets import target

READ = {Grain.day: 31, Grain.week: 6, Grain.month: 3}
"""So many spans back are read: what one upload may bring that nobody looked at yet."""
FEWEST_DAYS = 5
"""A month's pace is told from so many days on."""
BY_WEEK = "Lo calculo según cuánto vendes cada día de la semana."
WITH_FEASTS = "Lo calculo según cuánto vendes cada día de la semana y en feriados."
BY_DAY = "Lo reparto parejo por día: con ocho semanas de ventas antes del mes lo haría según tu semana."


def points(rule: Rule, today: date, scope: Scope, connection: Connection) -> tuple[Point, ...]:
    """The rule's latest readings, oldest first; none where the company's data can't tell."""
    known = coverage(scope, connection).period
    if known is None:
        return ()
    return tuple(_READERS[rule.kind](rule, known, today, scope, connection))


def base_of(period: Period, rule: Rule) -> Period:
    """What a span is compared with; a day, with the same weekday a week before."""
    if rule.versus == "last_year":
        return period.year_before()
    if rule.grain is Grain.day:
        return Period(period.start - timedelta(days=7), period.end - timedelta(days=7))
    return period.previous()


def _levels(rule: Rule, known: Period, today: date, scope: Scope, connection: Connection) -> Sequence[Point]:
    spans = full_spans(rule.grain, known)
    started = Period.of(rule.grain, known.end)
    if rule.side == "above" and declared(rule.metric).additive and started.end > known.end:
        spans.append(Period(started.start, known.end))  # what adds up has passed its limit before the span is over
    return [Point(r.period, r.value) for r in _rows(rule, spans, scope, connection) if r.value is not None]


def _changes(rule: Rule, known: Period, today: date, scope: Scope, connection: Connection) -> Sequence[Point]:
    spans = [s for s in full_spans(rule.grain, known) if base_of(s, rule).start >= known.start]
    if not spans:
        return []
    now = _rows(rule, spans, scope, connection)
    before = {r.period: r.value for r in _rows(rule, [base_of(s, rule) for s in spans], scope, connection)}
    found = []
    for row in now:
        base = base_of(row.period, rule)
        compared = before.get(base)
        if row.value is not None and compared is not None:
            found.append(Point(row.period, row.value, compared, base))
    return found


def _unusual(rule: Rule, known: Period, today: date, scope: Scope, connection: Connection) -> Sequence[Point]:
    spans = full_spans(rule.grain, known)
    if not spans:
        return []
    monthly = rule.grain is Grain.month
    back = add_months(spans[0].start, -2 * MONTHS) if monthly else spans[0].start - timedelta(weeks=WEEKS)
    wide = Period(max(known.start, rule.grain.first_day(back)), spans[-1].end)
    rows = run(Query((rule.metric,), wide, rule.grain, filters=rule.filters), scope, connection).rows
    # A span that the data begins in the middle of is no measure of the others.
    values = {r.period.start: r.value for r in rows if r.value is not None and r.value > 0
              and Period.of(rule.grain, r.period.start).start >= known.start}  # fmt: skip
    country = scope.company.country
    free = frozenset(feast_names(country, wide)) if rule.grain is Grain.day else frozenset()
    shape = _shape(rule, spans[0], wide, known, scope, connection)
    found = []
    for span in spans:
        day = span.start
        if day not in values or day in free:
            continue
        match rule.grain:
            case Grain.month:
                usual, note = usual_month(day, values, shape), moved(country, day)
            case Grain.week:
                usual, note = usual_week(day, values, shape), _held(country, span)
            case _:
                usual, note = usual_day(day, values, free), beside(country, day)
        if usual is not None:
            expected, p = usual
            counted = " Lo normal ya cuenta los feriados." if note and shape and shape.knows_feasts else ""
            found.append(Point(span, values[day], expected, p=p, note=f"{note}{counted}"))
    return found


def _shape(
    rule: Rule, first: Period, wide: Period, known: Period, scope: Scope, connection: Connection
) -> Shape | None:
    """What days were worth before the first span that is judged; of what does not add up, days tell nothing."""
    if rule.grain is Grain.day or not declared(rule.metric).additive:
        return None
    return week_of(rule.metric, rule.filters, Period(first.start, wide.end), known, scope, connection)


def _held(country: str, week: Period) -> str:
    """The holidays of a week, as a sentence; '' for none."""
    found = feast_names(country, week)
    return f"Esa semana fue feriado {named(found)}." if found else ""


def _pace(rule: Rule, known: Period, today: date, scope: Scope, connection: Connection) -> Sequence[Point]:
    month = Period.of(Grain.month, known.end)
    adds = declared(rule.metric).additive
    found = []
    for whole in (month.previous(), month):
        so_far = whole.overlap(known)
        goal = target(Query((rule.metric,), whole, filters=rule.filters), scope, connection)
        if so_far is None or goal is None or so_far.start != whole.start or so_far.days < FEWEST_DAYS:
            continue
        value = run(Query((rule.metric,), so_far, filters=rule.filters), scope, connection).value()
        week = week_of(rule.metric, rule.filters, whole, known, scope, connection) if adds else None
        due = goal * due_part(so_far, whole, week) if adds else goal
        note = "" if not adds else BY_DAY if not week else WITH_FEASTS if week.knows_feasts else BY_WEEK
        if value is not None:
            found.append(Point(so_far, value, due, whole=goal, anew=True, note=note))
    return found


def _shelf(rule: Rule, known: Period, today: date, scope: Scope, connection: Connection) -> Sequence[Point]:
    """Each product that was counted, of the rule's products or of all, the one with least first."""
    products = tuple(m for f in rule.filters if f.dimension == "product" for m in f.members)
    found = []
    for one in stock(scope, connection, today, products):
        value = one.days if rule.metric == "stock_days" else one.left
        if value is not None:
            after = one.counted_on < known.end  # what was sold on the day itself was gone when it was counted
            since = Period(one.counted_on + timedelta(days=1) if after else known.end, known.end)
            found.append(Point(since, value, member=one.product, note=reckoned(one),
                               upload_id=one.upload_id, since=after))  # fmt: skip
    return sorted(found, key=lambda p: (p.value, p.member))


def reckoned(one: Stock) -> str:
    """How what is left was come by. Pure."""
    told = (
        f"Contaste {_units(one.counted)} el {day_label(one.counted_on)}, y desde entonces vendiste {_units(one.sold)}."
    )
    return f"{told} Se vendió más de lo contado: llegó mercadería después." if one.short else told


def _units(value: Decimal) -> str:
    return number(value, 0 if value == value.to_integral_value() else 1)


def _age(rule: Rule, known: Period, today: date, scope: Scope, connection: Connection) -> Sequence[Point]:
    return [Point(Period(known.end, known.end), Decimal(max((today - known.end).days, 0)))]


_READERS: dict[str, Callable[[Rule, Period, date, Scope, Connection], Sequence[Point]]] = {
    "threshold": _levels,
    "change": _changes,
    "anomaly": _unusual,
    "pace": _pace,
    "stale": _age,
    "stock": _shelf,
}


def full_spans(grain: Grain, known: Period) -> list[Period]:
    """The last spans that the data covers from their first day to their last, oldest first. Pure."""
    last = Period.of(grain, known.end)
    if last.end > known.end:
        last = last.previous()
    found: list[Period] = []
    while len(found) < READ[grain] and last.start >= known.start:
        found.append(last)
        last = last.previous()
    return found[::-1]


def _rows(rule: Rule, spans: Sequence[Period], scope: Scope, connection: Connection) -> list[Row]:
    """One row a span; days on which the business sold nothing at all are no readings."""
    if not spans:
        return []
    wide = Period(min(s.start for s in spans), max(s.end for s in spans))
    rows = run(Query((rule.metric,), wide, rule.grain, filters=rule.filters), scope, connection).rows
    kept = [r for r in rows if r.period in set(spans)]
    if rule.grain is not Grain.day:
        return kept
    whole = run(Query(("transactions",), wide, Grain.day), scope, connection).rows
    open_days = {r.period for r in whole if r.value}
    return [r for r in kept if r.period in open_days]
