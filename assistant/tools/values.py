"""One figure, several, two compared, growth, and averages per day, week or month."""

from datetime import date
from decimal import Decimal

import features
from assistant.answers import charts
from assistant.answers.report import Report
from assistant.answers.wording import RATIO, change, clause, exact, headline, points, short, unit_of, unmoved, when
from assistant.desk import Desk
from assistant.horizon import Span, back, held_of_both, previous_of
from assistant.parts import Figure
from assistant.plan import Plan, Stop
from assistant.tools.beside import series
from assistant.tools.common import Pair, baselines, figure, span, understood, value
from core.periods import WEEKDAYS, Grain, Period, day_label, label, months_between
from features import metric as declared
from features.catalog.types import Good, Unit
from features.query import Filter, Query


def single(plan: Plan, desk: Desk, report: Report) -> Stop | None:
    """The value of one or more metrics over a period, with what it is compared to."""
    found = span(plan, desk)
    if isinstance(found, Stop):
        return found
    report.understood = understood(plan, found)
    for i, id in enumerate(plan.metrics):
        one = figure(report, desk, id, found.period, plan.filters)
        if one.value is None:
            report.say(f"No hay {declared(id).name} que calcular {_in(found)}{clause(plan.filters)}.")
            continue
        report.say(f"{headline(declared(id), report.told(one))} {_in(found)}{clause(plan.filters)}.")
        if id == "returns" and one.value:
            _returned(found, plan.filters, desk, report)
        if id == "sales" and not one.value and not value(desk, "transactions", found.period, plan.filters):
            report.say("No hay ninguna línea de venta: puede que no hayas abierto, o que falte subir un archivo.")
        if i == 0 or len(plan.metrics) <= 3:
            report.say(compared(one, found, desk, report, plan.filters))
    report.note(found.note)
    if found.everything and not plan.whens:
        _latest(plan, desk, report)
    if len(plan.metrics) == 1 and report.figures and report.figures[0].value is not None:
        series(plan.metrics[0], found, plan.filters, desk, report)
    follow(plan, found, report)
    return None


def _returned(found: Span, filters: tuple[Filter, ...], desk: Desk, report: Report) -> None:
    """How many they were, beside what they cost."""
    query = Query(("returns",), found.period, filters=filters)
    count = Decimal(features.sources(query, desk.scope, desk.connection).returns)
    one = report.figure(query, count, label="líneas devueltas", kind="count", unit=Unit.count.value)
    report.say(f"Son **{report.told(one)}** {'línea devuelta' if count == 1 else 'líneas devueltas'} en tus archivos.")


def _in(found: Span) -> str:
    if found.everything:
        return f"en {found.label}"
    if label(found.period) == found.label:
        return when(found.period)
    return f"en {'el ' if found.label.startswith('fin de') else ''}{found.label}"


def _latest(plan: Plan, desk: Desk, report: Report) -> None:
    """Without a period asked: the last full month beside the whole."""
    from_month = span(Plan(plan.intent), desk, "month")
    if isinstance(from_month, Stop) or from_month.everything:
        return
    one = figure(report, desk, plan.metrics[0], from_month.period, plan.filters)
    if one.value is not None:
        report.say(f"De eso, {when(from_month.period)}: {report.told(one)}." if declared(one.metric).additive
                   else f"{when(from_month.period).capitalize()}: {report.told(one)}.")  # fmt: skip


def compared(
    now: Figure, found: Span, desk: Desk, report: Report, filters: tuple[Filter, ...], both: bool = True
) -> str:
    """'Son $610 mil más que en septiembre (+7,8 %) y 5,2 % más que en octubre 2025.'"""
    previous, last_year = baselines(found, desk)
    said: list[str] = []
    for base in (previous, last_year if both and last_year != previous else None):
        if base is None or now.value is None:
            continue
        was = value(desk, now.metric, base, filters)
        text = _difference(Pair(now.value, was), now, base, report, filters, first=not said)
        if text:
            said.append(text)
    return f"{said[0]}{f' y {said[1]}' if len(said) > 1 else ''}." if said else ""


def _difference(pair: Pair, now: Figure, base: Period, report: Report, filters: tuple[Filter, ...], first: bool) -> str:
    if pair.now is None or pair.was is None:
        return ""
    query = Query((now.metric,), base, filters=filters)
    report.figure(query, pair.was)
    if now.unit == RATIO:
        gap = pair.now - pair.was
        report.figure(query, gap, label=f"diferencia con {label(base)}", kind="difference", unit=RATIO)
        return f"{('Es ' if unmoved(gap) else 'Son ') if first else ''}{points(gap)} que {when(base)}"
    ratio = pair.ratio
    if ratio is None:
        return ""
    report.figure(query, ratio, label=f"cambio frente a {label(base)}", kind="change", unit=RATIO)
    if not first:
        return f"{_plain(ratio)} que {when(base)}"
    amount = pair.now - pair.was
    report.figure(query, amount, label=f"diferencia con {label(base)}", kind="difference")
    if amount == 0:
        return f"Es lo mismo que {when(base)}"
    return f"Son {short(abs(amount), now.unit)} {_more(amount)} que {when(base)} ({change(ratio)})"


def _plain(ratio: Decimal) -> str:
    return "lo mismo" if ratio == 0 else f"{exact(abs(ratio), RATIO)} {_more(ratio)}"


def _more(amount: Decimal) -> str:
    return "más" if amount > 0 else "menos"


def follow(plan: Plan, found: Span, report: Report) -> None:
    """Natural next questions."""
    name = "" if found.everything else f" {_in(found).split(' (')[0]}"
    spent = plan.metrics[:1] == ("expenses",)
    if plan.dimension is None:
        most = "¿En qué gasté más" if spent else "¿Qué productos se vendieron más"
        report.follow_ups += ["¿Por qué cambió?", f"{most}{name}?"]
    if plan.intent != "trend":
        report.follow_ups.append(f"¿Cómo han evolucionado mis {'gastos' if spent else 'ventas'} por mes?")


def compare(plan: Plan, desk: Desk, report: Report) -> Stop | None:
    """Two periods side by side: both values, the difference and the change."""
    spans = _two(plan, desk)
    if isinstance(spans, Stop):
        return spans
    now, base = spans
    report.understood = understood(plan, now, base)
    for id in plan.metrics:
        a = figure(report, desk, id, now.period, plan.filters)
        b = figure(report, desk, id, base.period, plan.filters)
        both = _held(id, now, base, desk)
        if both and a.value is not None and b.value is not None:
            there = _in(base)
            report.say(f"{headline(declared(id), report.told(a))} {_in(now)}{clause(plan.filters)}.")
            report.say(
                f"{there[0].upper()}{there[1:]} tengo {report.told(b)}, pero solo desde el "
                f"{day_label(desk.have.start)}: enteros no se comparan."
            )
            x, y = (Span(period, label(period)) for period in both)
            a, b = (figure(report, desk, id, one.period, plan.filters) for one in (x, y))
            report.say(f"En las mismas fechas: {_verdict(id, a, b, x, y, report, plan)}")
        else:
            x, y = now, base
            report.say(_verdict(id, a, b, x, y, report, plan))
        if a.value is not None and b.value is not None:
            name = declared(id).name.capitalize()
            report.chart(name, charts.bars([a, b], [x.label, y.label], name))
    report.note(now.note)
    if base.note != now.note:
        report.note(base.note)
    report.follow_ups += [
        "¿Por qué cambió?",
        "¿En qué gasté más?" if plan.metrics[0] == "expenses" else "¿Y por producto?",
    ]
    return None


def _two(plan: Plan, desk: Desk) -> tuple[Span, Span] | Stop:
    """The later or first named period, and the one it is held against."""
    now = span(plan, desk, "month")
    if isinstance(now, Stop):
        return now
    if len(plan.whens) > 1:
        base = span(plan, desk, index=1)
        return base if isinstance(base, Stop) else _same_days(now, base)
    if plan.compare == "last_year":
        period: Period | None = now.period.year_before()
    else:
        period = previous_of(now)
    if period is None:
        return Stop("clarify", "compare", "¿Qué período comparo con cuál?", ("Octubre contra septiembre",))
    if not period.overlap(desk.have):
        return Stop(
            "no_data", "no_data",
            f"No tengo datos de {label(period)} para comparar: los tuyos parten el {day_label(desk.have.start)}.",
            (f"¿Cuánto vendí en {now.label}?",),
        )  # fmt: skip
    return now, Span(period, label(period))


def _held(id: str, now: Span, base: Span, desk: Desk) -> tuple[Period, Period] | None:
    """What is compared where the data begin inside the earlier span: of sums, a part is no measure of a whole."""
    metric = declared(id)
    summed = metric.additive or metric.unit is Unit.count
    return held_of_both(now.period, base.period, desk.have) if summed else None


def alike(id: str, now: Span, base: Span, desk: Desk) -> tuple[Span, Span]:
    """Both spans from where the data begin, with a note, where they begin inside the earlier one; else as they are."""
    both = _held(id, now, base, desk)
    if both is None:
        return now, base
    note = f"{now.note} Tus datos parten el {day_label(desk.have.start)}: comparo desde ahí.".lstrip()
    return Span(both[0], label(both[0]), note), Span(both[1], label(both[1]))


def _same_days(now: Span, base: Span) -> tuple[Span, Span]:
    """A month, quarter, semester or year that is not over is held against the same days of the other one."""
    as_long = (now.months, now.weeks) == (base.months, base.weeks) and bool(now.months or now.weeks)
    if not now.to_date or base.to_date or not as_long:
        return now, base
    a, b = now.period.start, base.period.start
    end = back(now.period, months_between(b, a)).end if now.months else b + (now.period.end - a)
    period = Period(b, min(base.period.end, end))
    return now, Span(period, f"los mismos días de {base.label}", base.note, True)


def _verdict(id: str, a: Figure, b: Figure, now: Span, base: Span, report: Report, plan: Plan) -> str:
    metric = declared(id)
    if a.value is None or b.value is None:
        empty = now if a.value is None else base
        return f"No hay {metric.name} que comparar en {empty.label}."
    pair = Pair(a.value, b.value)
    lead = f"{headline(metric, report.told(a))} {_in(now)}{clause(plan.filters)}"
    query = Query((id,), now.period, filters=plan.filters)
    if metric.unit is Unit.ratio:
        gap = a.value - b.value
        report.figure(query, gap, label="diferencia en puntos", kind="difference", unit=RATIO)
        return f"{lead}, {points(gap)} que {_in(base)} ({report.told(b)})."
    ratio = pair.ratio
    difference = a.value - b.value
    if ratio is not None:
        report.figure(query, ratio, label="cambio", kind="change", unit=RATIO)
    report.figure(query, difference, label="diferencia", kind="difference")
    if difference == 0:
        return f"{lead}, lo mismo que {_in(base)}."
    tail = f": {change(ratio)}" if ratio is not None else ""
    return f"{lead}, contra {report.told(b)} {_in(base)}{tail} ({exact(abs(difference), a.unit)} {_more(difference)})."


def growth(plan: Plan, desk: Desk, report: Report) -> Stop | None:
    """Whether and by how much a metric went up: the change is the answer."""
    spans = _two(plan, desk)
    if isinstance(spans, Stop):
        return spans
    now, base = spans
    report.understood = understood(plan, now, base)
    for id in plan.metrics:
        metric = declared(id)
        now, base = alike(id, now, base, desk)
        current = value(desk, id, now.period, plan.filters)
        was = value(desk, id, base.period, plan.filters)
        query = Query((id,), now.period, filters=plan.filters)
        if current is None or was is None or (metric.unit is not Unit.ratio and not was):
            report.say(f"No puedo calcular cuánto cambió: no hay {metric.name} en {base.label}.")
            continue
        moved = current - was if metric.unit is Unit.ratio else (current - was) / was
        a = report.figure(query, current)
        b = report.figure(Query((id,), base.period, filters=plan.filters), was)
        one = report.figure(query, moved, label=f"cambio de {metric.name}", kind="change", unit=RATIO)
        report.chart(metric.name.capitalize(), charts.bars([a, b], [now.label, base.label], metric.name.capitalize()))
        said = points(moved) if metric.unit is Unit.ratio else change(moved)
        whole = f"{report.told(a)} de {metric.name} {_in(now)}{clause(plan.filters)}"
        report.say(
            f"**{said[0].upper()}{said[1:]}**: {whole}, contra {report.told(b)} {_in(base)}."
            f"{_good(metric.good, one.value)}"
        )
    report.note(now.note)
    report.follow_ups += ["¿Por qué?", "¿Y por sucursal?" if not desk.lacks_dimension("branch") else "¿Y por producto?"]
    return None


def _good(good: Good, moved: Decimal | None) -> str:
    if moved is None or good is not Good.down or unmoved(moved):
        return ""
    return " Aquí bajar es bueno." if moved < 0 else " Ojo: aquí subir no es bueno."


def average(plan: Plan, desk: Desk, report: Report) -> Stop | None:
    """A sum's average per day, week or month of the period; days without sales count."""
    found = span(plan, desk)
    if isinstance(found, Stop):
        return found
    report.understood = understood(plan, found)
    grain = plan.per or Grain.day
    id = plan.metrics[0]
    inside = found.period.overlap(desk.have) or found.period
    opened = Period(max(found.period.start, grain.first_day(inside.start)), inside.end)
    rows = list(desk.run(Query((id,), opened, grain=grain, filters=plan.filters)).rows)
    if grain is Grain.day:
        rows = [r for r in rows if _on_those_days(r.period.start, plan.filters)]
    closed = [r for r in rows if r.period.grain is grain or _nearly(r.period, grain, found.period)]
    whole = closed or list(rows)
    total = sum((r.value or Decimal(0) for r in whole), Decimal(0))
    mean = total / len(whole)
    names = {Grain.day: "día", Grain.week: "semana completa", Grain.month: "mes completo",
             Grain.quarter: "trimestre completo", Grain.year: "año completo"}  # fmt: skip
    covered = Period(whole[0].period.start, whole[-1].period.end)
    query = Query((id,), covered, filters=plan.filters)
    one = report.figure(query, mean, label=f"promedio por {names[grain].split()[0]}", kind="average")
    metric = declared(id)
    report.say(f"**{exact(one.value, one.unit)}** de {metric.name} por {names[grain]}, en promedio, {_in(found)}"
               f"{clause(plan.filters)}.")  # fmt: skip
    if metric.additive or metric.unit is Unit.count:
        all_of_it = report.figure(query, total, label="total")
        count = report.figure(query, Decimal(len(whole)), label="cuántos", kind="count", unit=Unit.count.value)
        report.say(f"Son {short(all_of_it.value, unit_of(metric, desk.currency))} en {report.told(count)} "
                   f"{_spans(grain, len(whole))}.")  # fmt: skip
    report.note(found.note)
    follow(plan, found, report)
    return None


def _on_those_days(day: date, filters: tuple[Filter, ...]) -> bool:
    """Of 'los sábados' the other days are not to be counted."""
    name = WEEKDAYS[day.weekday()]
    return all((name in f.members) != f.exclude for f in filters if f.dimension == "weekday")


def _nearly(span: Period, grain: Grain, asked: Period) -> bool:
    """A span cut by the last day of data, of a period that is over: a shop closed on its last days."""
    full = Period.of(grain, span.start)
    return span.start == full.start and full.end <= asked.end and (full.end - span.end).days <= 3


def _spans(grain: Grain, count: int) -> str:
    one, many = {
        Grain.day: ("día", "días"), Grain.week: ("semana", "semanas"), Grain.month: ("mes", "meses"),
        Grain.quarter: ("trimestre", "trimestres"), Grain.year: ("año", "años"),
    }[grain]  # fmt: skip
    return one if count == 1 else many
