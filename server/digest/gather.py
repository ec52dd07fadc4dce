"""A company's summary of one edition: asks the features, and puts what they answer in words."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import features
from core import auth
from core.db import Connection
from core.language import plural
from core.periods import WEEKDAYS, Grain, Period, add_months, day_label, label
from core.tenancy import Company, Scope
from features import benchmarks, insights, macro
from features.catalog.types import Unit
from features.format import written
from features.query import Query
from server.digest import charts, stories, words
from server.digest.closing import sheets
from server.digest.editions import Edition
from server.digest.types import Digest, Fact, Kpi, Story, Versus
from server.digest.watch import watch
from server.panel.boards import Board

METRICS = ("sales", "transactions", "average_ticket", "gross_margin")
MONTHS_BACK = 8
SILENT_DAYS = 7
MOST_PEERS = MOST_WINDS = 3


def compose(edition: Edition, today: date, scope: Scope, connection: Connection) -> Digest:
    """The summary as of `today`, from what is stored."""
    composed = _compose(edition, today, scope, connection)
    return replace(composed, logo=auth.logo(scope, connection)) if composed.kind != "empty" else composed


def _compose(edition: Edition, today: date, scope: Scope, connection: Connection) -> Digest:
    company, have = scope.company, features.coverage(scope, connection).period
    if have is None or have.start > edition.period.end:
        return Digest("empty", edition, company, "", "")
    if have.end < edition.period.start:
        # A day without news is no silence yet: it may be Sunday.
        silent = (today - have.end).days >= SILENT_DAYS
        return _stale(edition, have.end, today, company) if silent else Digest("empty", edition, company, "", "")
    span = Period(max(edition.period.start, have.start), min(edition.period.end, have.end))
    kpis = _kpis(edition, span, have, scope, connection)
    if not kpis or (edition.daily and not kpis[0].fact.value):
        return Digest("empty", edition, company, "", "")
    told = _stories(edition, span, have, scope, connection)
    lead, subject = words.lead(edition, kpis[0], company), words.subject(edition, kpis[0], company)
    cut = f"Tus datos llegan hasta el {day_label(span.end)}; comparo los mismos días."
    feasts = words.feasts(edition, span, [s for s in _others(edition, span) if s.start >= have.start], company)
    note = " ".join(filter(None, ("" if span.end == edition.period.end else cut, feasts)))
    if not told and edition.template != "closing" and stories.ordinary([v or Decimal(0) for _, v in kpis[0].course]):
        facts = (kpis[0].fact, *(v.fact for v in kpis[0].versus))
        return Digest("quiet", edition, company, subject, f"{lead} Nada fuera de lo normal.", note, facts=facts)
    watched, facts = watch(edition, today, have, scope, connection)
    # A day is nothing that peers or the economy could be told of.
    peers, peers_note, placed = _peers(scope, connection) if not edition.daily else ((), "", ())
    winds = _winds(span.end, scope, connection) if not edition.daily else ()
    closing = edition.template == "closing"
    sheets_of = sheets(span, *_others(edition, span), have, scope, connection) if closing else ()
    return Digest(
        "full", edition, company, subject, lead, note, kpis, told, peers, peers_note, winds, watched, sheets_of,
        facts, peer_facts=placed,
    )  # fmt: skip


def _stale(edition: Edition, last: date, today: date, company: Company) -> Digest:
    ago = plural((today - last).days, "día", "días")
    subject = f"Hace {ago} que no subes ventas"
    lead = f"{subject}: tus datos llegan hasta el {day_label(last)}. Cuando las subas, vuelve tu resumen."
    return Digest("stale", edition, company, subject, lead, stale_since=last.isoformat())


def _kpis(edition: Edition, span: Period, have: Period, scope: Scope, connection: Connection) -> tuple[Kpi, ...]:
    spans = _spans(edition, span)
    results = {s: features.run(Query(METRICS, s), scope, connection) for s in {span, *_others(edition, span)}}
    if edition.daily or span != edition.period:
        course = {s: features.run(Query(METRICS, s), scope, connection) for s in spans}
        values = {(m, s): r.value(m) for s, r in course.items() for m in METRICS}
    else:
        grain = Grain.week if edition.weekly else Grain.month
        rows = features.run(Query(METRICS, Period(spans[0].start, span.end), grain), scope, connection).rows
        values = {(r.metric, r.period): r.value for r in rows}
    previous, year = _others(edition, span)
    out = []
    for metric in METRICS:
        now = results[span].value(metric)
        if metric in results[span].missing or now is None:
            continue
        known = [(s, values.get((metric, s))) for s in spans if s.start >= have.start]
        versus = (
            _versus(metric, now, previous, results[previous].value(metric), _than(edition, False), have, scope.company),
            _versus(metric, now, year, results[year].value(metric), _than(edition, True), have, scope.company),
        )
        fact = _fact(metric, span, now, scope.company)
        out.append(Kpi(fact, tuple(v for v in versus if v is not None), tuple(known)))
    return tuple(out)


def _spans(edition: Edition, span: Period) -> list[Period]:
    """The spans of the sparkline, this one the last."""
    if not edition.monthly:
        return stories.weeks_until(span)
    return [_months_back(span, back) for back in reversed(range(MONTHS_BACK))]


def _others(edition: Edition, span: Period) -> tuple[Period, Period]:
    """The span before and the one a year before, of the same days (weekdays, where it is not of a month)."""
    if not edition.monthly:
        before, year = timedelta(weeks=1), timedelta(weeks=52)
        return Period(span.start - before, span.end - before), Period(span.start - year, span.end - year)
    return _months_back(span, 1), _months_back(span, 12)


def _months_back(span: Period, months: int) -> Period:
    if span.grain is Grain.month:
        return Period.of(Grain.month, add_months(span.start, -months))
    return Period(add_months(span.start, -months), add_months(span.end, -months))


def _than(edition: Edition, year: bool) -> str:
    if edition.daily:
        day = WEEKDAYS[edition.period.start.weekday()]
        return f"que el mismo {day} del año pasado" if year else f"que el {day} anterior"
    if edition.weekly:
        return "que la misma semana del año pasado" if year else "que la semana anterior"
    return "que el mismo mes del año pasado" if year else "que el mes anterior"


def _versus(
    metric: str, now: Decimal, then: Period, before: Decimal | None, than: str, have: Period, company: Company
) -> Versus | None:
    declared = features.metric(metric)
    change = features.change(now, before, declared)
    if change is None or then.start < have.start or (declared.unit.value != "ratio" and change.ratio is None):
        return None
    return Versus(
        _fact(metric, then, change.before, company), words.changed(change, declared.unit), than, change.verdict
    )


def _fact(metric: str, period: Period, value: Decimal, company: Company) -> Fact:
    declared = features.metric(metric)
    return Fact(
        f"{declared.name}, {label(period)}", Query((metric,), period), value, written(value, declared.unit, company)
    )


def _stories(edition: Edition, span: Period, have: Period, scope: Scope, connection: Connection) -> tuple[Story, ...]:
    """At most three: of a month that closed in the span its insights, of a week besides what moved it; of a day the
    latter alone."""
    if edition.daily:
        weeks = stories.weeks_until(span)
        moved = _moves(span, have, scope, connection)
        return tuple(stories.of_move(m, weeks, scope.company) for m in moved[: stories.MOST])
    told = insights.kept(scope, connection, span, stories.MOST) if edition.weekly else []
    closed = [
        m for m in span.spans(Grain.month) if m.grain is Grain.month or Period.of(Grain.month, m.start).end == m.end
    ]
    for month in (Period.of(Grain.month, m.start) for m in closed):
        told += [
            i for i in insights.kept(scope, connection, month, stories.MOST) if i["key"] not in {t["key"] for t in told}
        ]
    moved = _moves(span, have, scope, connection) if edition.weekly and span.days >= 5 else []
    room = stories.MOST - (1 if moved else 0)
    found = [_insight(one, have, scope, connection) for one in told[:room]]
    members = {m for one in told[:room] for m in one["slice"].values()}
    weeks = stories.weeks_until(span)
    found += [stories.of_move(m, weeks, scope.company) for m in moved if m.part.name not in members]
    return tuple(found[: stories.MOST])


def _insight(told: dict[str, Any], have: Period, scope: Scope, connection: Connection) -> Story:
    """With its chart: along what its figures lie beside each other, else its metric over the months."""
    metric = features.METRIC_BY_ID.get(told["metric"]) or features.metric("sales")
    only = stories.filters(told["slice"])
    period, facts = stories.span_of(told), _opened(stories.evidence(told, scope.company), scope, connection)
    if "measure" in told["slice"]:
        return stories.of_insight(told, *_percentiles(told["slice"]["measure"], period, scope, connection))
    if told["rule"] == "macro":  # the economy's, not a metric's of the business
        return stories.of_insight(told, facts, None, "")
    of_whom = ", ".join(told["slice"].values())
    says = metric.name.capitalize() + (f" de {of_whom}" if of_whom else "")
    if dimension := stories.split(told):
        rows = features.run(
            Query((metric.id,), period, dimension=dimension, filters=only, limit=14), scope, connection
        ).rows
        chart = charts.columns([(r.member, r.value) for r in rows], metric.unit, scope.company.currency)
        return stories.of_insight(told, facts, chart, f"{says}, por {features.dimension(dimension).name}")
    last = Period.of(Grain.month, period.end)
    months = Period(max(Grain.month.first_day(have.start), add_months(last.start, -MONTHS_BACK)), last.end)
    rows = features.run(Query((metric.id,), months, Grain.month, filters=only), scope, connection).rows
    course = [(Period.of(Grain.month, r.period.start), r.value) for r in rows]
    drawn = charts.by_span(course, metric.unit, scope.company.currency) if len(course) > 2 else None
    return stories.of_insight(told, facts, drawn, f"{says}, por mes")


def _percentiles(
    name: str, period: Period, scope: Scope, connection: Connection
) -> tuple[list[Fact], dict[str, Any] | None, str]:
    """Where the business stood by one measure in the month and three before, which is what a story of it compares; the
    course of it, and what that chart says."""
    measure = next((m for m in benchmarks.MEASURES if m.name == name), None)
    history = benchmarks.history(measure.id, scope, connection)[-MONTHS_BACK - 1 :] if measure else ()
    told = (period.start, add_months(period.start, -3))
    facts = [_placed(measure, month, place) for month, place in reversed(history) if measure and month in told]
    course = [(Period.of(Grain.month, month), Decimal(percentile)) for month, percentile in history]
    chart = charts.by_span(course, Unit.count, scope.company.currency) if len(course) > 1 else None
    return facts, chart, f"Tu percentil en {name}, por mes"


def _placed(measure: benchmarks.Measure, month: date, percentile: int) -> Fact:
    """A percentile, which opens on the panel of its month."""
    span = Period.of(Grain.month, month)
    return Fact(
        f"percentil en {measure.name}, {label(span)}", Query((measure.metric or "sales",), span), Decimal(percentile),
        str(percentile), f"/panel/{Board.owner}?mes={month:%Y-%m}#comparate",
    )  # fmt: skip


def _opened(facts: Sequence[Fact], scope: Scope, connection: Connection) -> list[Fact]:
    """Those that the page behind their link would show to the last digit: facts may have come since they were kept,
    and a figure that opens into another one is worse than none."""
    return [f for f in facts if features.run(f.query, scope, connection).value() == f.value]


def _moves(span: Period, have: Period, scope: Scope, connection: Connection) -> list[stories.Move]:
    weeks = stories.weeks_until(span)
    if weeks[0].start < have.start:
        return []
    parts: list[stories.Part] = []
    whole = features.run(Query(("sales",), span), scope, connection).value() or Decimal(0)
    for dimension in stories.PART_OF:
        by: dict[tuple[str, str], dict[Period, Decimal]] = defaultdict(dict)
        for week in weeks:
            found = features.run(Query(("sales", "transactions"), week, dimension=dimension), scope, connection)
            for row in found.rows:
                if row.value is not None:
                    by[row.member, row.metric][week] = row.value
        names = sorted({name for name, _ in by})
        if len(names) > 1:  # the only branch is the business itself
            parts += [stories.Part(dimension, n, by[n, "sales"], by[n, "transactions"]) for n in names]
    return stories.moves(parts, weeks, whole)


def _peers(scope: Scope, connection: Connection) -> tuple[tuple[str, ...], str, tuple[Fact, ...]]:
    """The best and the worst percentiles, of whom, and where each opens."""
    found = [p for p in benchmarks.parses(scope, connection) if p.measure.good.value != "neither"]
    if not found:
        return (), "", ()
    ranked = sorted(found, key=lambda p: -p.rank.percentile)
    chosen = ranked[:1] + ranked[-2:] if len(ranked) > MOST_PEERS else ranked
    lines = tuple(
        f"{p.measure.name.capitalize()}: {written(p.value, p.measure.unit, scope.company)}, "
        f"percentil {p.rank.percentile} ({p.rank.colour}); puede ser entre {p.rank.low} y {p.rank.high}."
        for p in chosen
    )
    placed = tuple(_placed(p.measure, p.month, p.rank.percentile) for p in chosen)
    return lines, f"Entre {chosen[0].who}, {label(Period.of(Grain.month, chosen[0].month))}.", placed


def _winds(day: date, scope: Scope, connection: Connection) -> tuple[str, ...]:
    gusts: list[macro.Gust] = []
    for indicator in macro.of_country(scope.company.country):
        series = macro.load(indicator.country, indicator.id, connection)
        move = macro.move(series, day) if series else None
        gusts += macro.gusts(move, day) if move else ()
    return tuple(g.text for g in macro.strongest(gusts, MOST_WINDS))
