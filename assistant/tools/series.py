"""Values over time: series, best and worst spans, records, weekends, the unusual."""

from datetime import timedelta
from decimal import Decimal
from statistics import median

from assistant.answers import charts
from assistant.answers.report import Report
from assistant.answers.wording import RATIO, change, clause, headline, short
from assistant.desk import Desk
from assistant.horizon import Span
from assistant.plan import Plan, Stop
from assistant.tools.common import span, understood
from assistant.tools.monthly import grain_of
from assistant.tools.values import _in, _more
from core.periods import WEEKDAYS, Grain, Period, label
from features import metric as declared
from features.catalog.types import Good, Unit
from features.query import Filter, Query, Row

_SAY = 12
_WORDS = {Grain.day: "día", Grain.week: "semana", Grain.month: "mes", Grain.quarter: "trimestre", Grain.year: "año"}


def _inside(found: Span, desk: Desk) -> Period:
    return found.period.overlap(desk.have) or found.period


def _rows(desk: Desk, id: str, period: Period, grain: Grain, filters: tuple[Filter, ...]) -> list[Row]:
    return list(desk.run(Query((id,), period, grain=grain, filters=filters)).rows)


def grain_for(period: Period) -> Grain:
    """A series of some ten to ninety points."""
    if period.days <= 62:
        return Grain.day
    return Grain.week if period.days <= 120 else Grain.month


def trend(plan: Plan, desk: Desk, report: Report) -> Stop | None:
    """A metric span by span."""
    found = span(plan, desk)
    if isinstance(found, Stop):
        return found
    report.understood = understood(plan, found)
    inside, id = _inside(found, desk), plan.metrics[0]
    taken = Query((id,), inside, grain=plan.grain or grain_for(inside), filters=plan.filters)
    grain = grain_of(taken, desk)
    metric = declared(id)
    rows = _rows(desk, id, inside, grain, plan.filters)
    query = Query((id,), inside, filters=plan.filters)
    made = [report.figure(query, r.value, label=label(r.period), period=r.period) for r in rows]
    valued = [f for f in made if f.value is not None]
    if not valued:
        return Stop("no_data", "no_data", f"No hay {metric.name} en {found.label}.", ("¿Cómo me fue el mes pasado?",))
    # A span cut short is no end to measure from: sixty per cent of a month would be told as a fall.
    whole = [f for f, r in zip(made, rows, strict=True) if f.value is not None and _complete(r, grain, desk)]
    first, last = (whole[0], whole[-1]) if len(whole) > 1 else (valued[0], valued[-1])
    top = max(whole or valued, key=lambda f: f.value or Decimal(0))
    lead = f"Tus {metric.name}" if metric.plural else f"Tu {metric.name}"
    moved = ""
    if len(whole) > 1 and first.value and first.value > 0 and last.value is not None and metric.unit is not Unit.ratio:
        ratio = report.figure(
            query, (last.value - first.value) / first.value, label="cambio de punta a punta", kind="change", unit=RATIO
        )
        moved = f" ({change(ratio.value or Decimal(0))} de punta a punta)"
    report.say(f"{lead} por {_WORDS[grain]}, {found.label}{clause(plan.filters)}: de **{report.told(first)}** "
               f"({first.label}) a **{report.told(last)}** ({last.label}){moved}. El más alto: {top.label}, "
               f"{report.told(top)}.")  # fmt: skip
    if last is not valued[-1]:
        report.say(f"Aparte queda un tramo incompleto, {valued[-1].label}: {report.told(valued[-1])}.")
    if len(made) <= 60 and (plan.view == "table" or len(made) <= _SAY):
        report.say("\n".join(["| Período | " + metric.name.capitalize() + " |", "|---|---:|",
                              *(f"| {f.label} | {report.told(f)} |" for f in made)]))  # fmt: skip
    report.chart(f"{metric.name.capitalize()} por {_WORDS[grain]}", charts.line(made, metric.name.capitalize(), grain))
    report.note(found.note)
    report.follow_ups += ["¿Cuál fue el mejor mes?", "¿Por qué cambió?"]
    return None


def best_period(plan: Plan, desk: Desk, report: Report) -> Stop | None:
    """The best or worst day, week, month … of a period."""
    found = span(plan, desk)
    if isinstance(found, Stop):
        return found
    report.understood = understood(plan, found)
    inside, id, grain = _inside(found, desk), plan.metrics[0], plan.grain or Grain.day
    rows = [r for r in _rows(desk, id, inside, grain, plan.filters) if r.value is not None and r.lines]
    if len(rows) > 1 and grain is not Grain.day:
        rows = [r for r in rows if _whole(r, grain, found, desk)] or rows
    if not rows:
        return Stop("no_data", "no_data", f"No hay ventas en {found.label}.", ("¿Cómo me fue el mes pasado?",))
    rows.sort(key=lambda r: r.value if plan.order == "asc" else -(r.value or 0))  # type: ignore[arg-type,return-value]
    shown = rows[: plan.limit or 1]
    metric = declared(id)
    made = [report.figure(Query((id,), r.period, filters=plan.filters), r.value, label=_day(r.period)) for r in shown]
    best = "peor" if plan.order == "asc" else "mejor"
    bare = f"{best} {_WORDS[grain]}"
    if metric.good is Good.down:  # of what is better low, the highest is no best
        bare = f"{_WORDS[grain]} más {'bajo' if plan.order == 'asc' else 'alto'}"
        bare = f"{bare[:-1]}a" if grain is Grain.week else bare
    article = "La" if grain is Grain.week else "El"
    when = f"{'el ' if grain is Grain.day else ''}**{made[0].label}**"
    report.say(
        f"{article} {bare} {_in(found)}{clause(plan.filters)} fue {when}: {headline(metric, report.told(made[0]))}."
    )
    if len(made) > 1:
        report.say("\n".join(f"{i}. {f.label}: {report.told(f)}" for i, f in enumerate(made, 1)))
        report.chart(f"{metric.name.capitalize()}", charts.bars(made, [f.label for f in made], metric.name))
    else:
        _average(rows, id, inside, grain, plan, report)
    report.note(found.note)
    report.follow_ups += [f"¿Qué se vendió más {'el ' if grain is Grain.day else 'en '}{label(shown[0].period)}?"]
    return None


def _whole(row: Row, grain: Grain, found: Span, desk: Desk) -> bool:
    """A month cut by the data's edges would look like the worst one."""
    full = Period.of(grain, row.period.start)
    return full.start >= desk.have.start.replace(day=1) and (full == row.period or full.end <= desk.have.end)


def _complete(row: Row, grain: Grain, desk: Desk) -> bool:
    """Whether it is a whole day, week, month …, give or take days closed at the data's edges."""
    full, closed = Period.of(grain, row.period.start), timedelta(days=0 if grain in (Grain.day, Grain.week) else 3)
    starts = row.period.start == full.start or row.period.start == desk.have.start <= full.start + closed
    return starts and (row.period.end == full.end or row.period.end == desk.have.end >= full.end - closed)


def _average(rows: list[Row], id: str, inside: Period, grain: Grain, plan: Plan, report: Report) -> None:
    metric = declared(id)
    if len(rows) < 3 or not metric.additive:
        return
    mean = sum((r.value or Decimal(0) for r in rows), Decimal(0)) / len(rows)
    one = report.figure(
        Query((id,), inside, filters=plan.filters), mean, label=f"promedio por {_WORDS[grain]}", kind="average"
    )
    report.say(f"El promedio por {_WORDS[grain]} con ventas es {short(one.value, one.unit)}.")


def _day(period: Period) -> str:
    if period.days == 1:
        return f"{WEEKDAYS[period.start.weekday()]} {label(period)}"
    return label(period)


def records(plan: Plan, desk: Desk, report: Report) -> Stop | None:
    """The best day, week and month there has been."""
    found = span(plan, desk)
    if isinstance(found, Stop):
        return found
    report.understood = understood(plan, found)
    inside, id = _inside(found, desk), plan.metrics[0]
    lines = []
    for grain in (Grain.day, Grain.week, Grain.month):
        rows = [r for r in _rows(desk, id, inside, grain, plan.filters) if r.value is not None]
        if not rows:
            continue
        top = max(rows, key=lambda r: r.value or Decimal(0))
        one = report.figure(Query((id,), top.period, filters=plan.filters), top.value, label=_day(top.period))
        lines.append(f"- {'Mejor'} {_WORDS[grain]}: {one.label}, **{report.told(one)}**")
    report.say(f"Tus récords de {declared(id).name} {_in(found)}{clause(plan.filters)}:")
    report.say("\n".join(lines))
    report.note(found.note)
    return None


def weekend(plan: Plan, desk: Desk, report: Report) -> Stop | None:
    """Weekend days against working days, per day open."""
    found = span(plan, desk)
    if isinstance(found, Stop):
        return found
    report.understood = understood(plan, found)
    inside, id = _inside(found, desk), plan.metrics[0]
    rows = _rows(desk, id, inside, Grain.day, plan.filters)
    ends = [r.value or Decimal(0) for r in rows if r.period.start.weekday() >= 5]
    works = [r.value or Decimal(0) for r in rows if r.period.start.weekday() < 5]
    if not ends or not works or not sum(works):
        return Stop("no_data", "no_data", f"En {found.label} no hay días de los dos tipos para comparar.")
    a, b = sum(ends, Decimal(0)) / len(ends), sum(works, Decimal(0)) / len(works)
    query = Query((id,), inside, filters=(*plan.filters, Filter("weekday", ("sábado", "domingo"))))
    other = Query((id,), inside, filters=(*plan.filters, Filter("weekday", WEEKDAYS[:5])))
    one = report.figure(query, a, label="promedio por día de fin de semana", kind="average")
    two = report.figure(other, b, label="promedio por día de semana", kind="average")
    ratio = report.figure(query, (a - b) / b, label="diferencia", kind="difference", unit=RATIO)
    yes = "Sí" if a > b else "No"
    said = f"{report.told(two)} ({change(ratio.value or Decimal(0))}), {found.label}{clause(plan.filters)}."
    report.say(
        f"{yes}: un día de fin de semana deja en promedio **{report.told(one)}** y uno de lunes a viernes {said}"
    )
    report.chart("Promedio por día", charts.bars([one, two], ["Fin de semana", "Lunes a viernes"], "Promedio por día"))
    report.note(found.note)
    report.follow_ups.append("¿Cuál es el peor día de la semana?")
    return None


def unusual(plan: Plan, desk: Desk, report: Report) -> Stop | None:
    """Days far from what their weekday usually sells, by the median and its spread."""
    found = span(plan, desk, "month")
    if isinstance(found, Stop):
        return found
    report.understood = understood(plan, found)
    id = plan.metrics[0]
    rows = _rows(desk, id, desk.have, Grain.day, plan.filters)
    odd = _odd(rows, found.period)
    if not odd:
        report.say(
            f"Nada fuera de lo común {_in(found)}: cada día vendió parecido a lo habitual de su día de la semana."
        )
    else:
        lines = []
        for row, usual in odd[:3]:
            query = Query((id,), row.period, filters=plan.filters)
            one = report.figure(query, row.value, label=_day(row.period))
            two = report.figure(
                query, usual, label=f"lo habitual de un {WEEKDAYS[row.period.start.weekday()]}", kind="usual"
            )
            gap = (row.value or Decimal(0)) - usual
            lines.append(f"- **{one.label}**: {report.told(one)}, {_more(gap)} que los {report.told(two)} habituales "
                         f"de un {WEEKDAYS[row.period.start.weekday()]}")  # fmt: skip
        report.say(f"Lo más fuera de lo común {_in(found)}:")
        report.say("\n".join(lines))
    report.note(found.note)
    report.follow_ups += ["¿Cómo me fue ese mes?", "¿Por qué cambió?"]
    return None


def _odd(rows: list[Row], period: Period) -> list[tuple[Row, Decimal]]:
    """Days of `period` beyond five robust deviations of the half year of the same weekday around them."""
    found = []
    for row in rows:
        if not period.holds(row.period.start) or row.value is None:
            continue
        same = [
            r.value for r in rows
            if r.value is not None and r.period.start.weekday() == row.period.start.weekday()
            and 0 < abs((r.period.start - row.period.start).days) <= 91
        ]  # fmt: skip
        if len(same) < 8:
            continue
        usual = Decimal(median(same))
        spread = Decimal(median(abs(v - usual) for v in same)) * Decimal("1.4826")
        if spread and abs(row.value - usual) > 4 * spread:
            found.append((abs(row.value - usual) / spread, row, usual))
    return [(row, usual) for _, row, usual in sorted(found, key=lambda f: -f[0])]
